"""Imported by the server that sieves are forked from: loads what an archive of many languages needs, too.

A monitor run sees few languages, and its workers load them as they come. A sieve lives for one stretch, and
a second of it would go into that.
"""

import gc
from contextlib import suppress

from coopwatch import preloading  # noqa: F401 - it loads the rest
from coopwatch.countries import find_countries
from coopwatch.errors import ConfigError
from coopwatch.settings import Settings
from coopwatch.workers import load_configuration

with suppress(ConfigError):  # which is told by the process that opens the archive
    settings = Settings.from_environment()
    _, topic = load_configuration(settings.publishers, settings.topic)
    for language in topic.file.languages if topic else ():
        find_countries("", language)
gc.collect()
gc.freeze()
