"""Imported by the server that worker processes are forked from: loads what each of them would load again.

Whatever lies in its memory lies in that of all workers, once. A worker is replaced every thousand pages,
and most runs have far fewer.
"""

import gc
from contextlib import suppress
from datetime import UTC, datetime

from coopwatch.errors import ConfigError, ExtractError
from coopwatch.extract import extract_article
from coopwatch.jobs import ExtractJob
from coopwatch.publishers import Publishers
from coopwatch.relevance.topic import Topic
from coopwatch.relevance.triage import triage_page
from coopwatch.settings import Settings
from coopwatch.workers import load_configuration
from schemas.records import Capture, PendingEntry, Source

_URL = "https://courier.example/"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_PAGE = b"<html><body><p>By Jane Doe, 6 November 2023</p><p>Two academies met and agreed.</p></body></html>"


def preload(settings: Settings) -> None:
    """Load the configuration, and whatever libraries load when they are first used.

    Raises:
        ConfigError: a file is wrong.
    """
    publishers, topic = load_configuration(settings.publishers, settings.topic)
    if topic:
        _warm_up(publishers, topic)


def _warm_up(publishers: Publishers, topic: Topic) -> None:
    """Compile all patterns, and work on a page: names of months and stop words are read for the first one."""
    for language in topic.file.languages:
        topic.matcher_for(language)
    job = ExtractJob(
        entry=PendingEntry(
            source_id="none", key=_URL, url=_URL, compare_url=_URL, entry_id=1, first_seen_at=_NOW
        ),
        capture=Capture(url=_URL, final_url=_URL, status=200, body=_PAGE, fetched_at=_NOW),
        source=Source(id="none", name="none", publisher="none", kind="feed", url=_URL),
    )
    triage_page(job, topic)
    with suppress(ExtractError):  # it is too short
        extract_article(job, publishers)


# files other than those that the environment names are loaded by the workers that need them
with suppress(ConfigError):  # which is told by the process that opens the pool
    preload(Settings.from_environment())
gc.collect()
gc.freeze()  # a collection would write to all it looks at, and so copy it into every worker
