"""Which logs of libraries a flow run shows."""

import logging
from collections.abc import Mapping

# What a library says of one page or request is a value of ours already; what it says of itself is not.
LEVELS: Mapping[str, int] = {
    "coopwatch": logging.INFO,
    "alembic": logging.WARNING,
    "great_expectations": logging.WARNING,
    "htmldate": logging.CRITICAL,
    "httpx": logging.WARNING,
    "trafilatura": logging.CRITICAL,
    "urllib3": logging.ERROR,
    "warcio": logging.ERROR,
}


def set_log_levels() -> None:
    """Set the level of every library whose level nobody has set."""
    for name, level in LEVELS.items():
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(level)
