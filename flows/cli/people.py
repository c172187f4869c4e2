"""Who sits at the terminal."""

import getpass

from coopwatch.errors import ConfigError
from coopwatch.reports import clean


def name_analyst(given: str | None, option: str) -> str:
    """Return the name to record: as given, else the user of the system.

    Args:
        given: on the command line.
        option: by which it is given.

    Raises:
        ConfigError: there is no name.
    """
    try:
        name = clean(given if given is not None else getpass.getuser()).strip()
    except (KeyError, OSError):  # a container may know no name for its user
        name = ""
    if not name:
        raise ConfigError(f"nobody knows who decides: name the analyst with {option}")
    return name
