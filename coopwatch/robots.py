"""What robots.txt allows (RFC 9309), for pages that nobody asked us to poll.

Read once per origin (scheme, host and port) and kept for a day. Where there is none, all is allowed; where
a server fails to say, nothing is, until it does.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from protego import Protego

from coopwatch.errors import FetchError
from schemas.records import Capture, FailureKind

PRODUCT = "coopwatch"

_MAX_BYTES = 500 * 1024  # what a crawler has to read at least (RFC 9309 2.5)
_MAX_CRAWL_DELAY_SECONDS = 30.0
_FRESH_SECONDS = 24 * 3600.0  # RFC 9309 2.4
_FAULT_FRESH_SECONDS = 600.0

# The server could not say, for the moment; anything else that is no answer means that there is no
# robots.txt, as a status 4xx does (RFC 9309 2.3.1).
_UNREACHABLE: frozenset[FailureKind] = frozenset(
    {"dns", "dns_temporary", "refused", "reset", "timeout", "tls", "rate_limited"}
)

# In all the ways that protego understands. Nothing here can be matched in two ways.
_AGENT_LINE = re.compile(r"\s*user(?:-|\s+)?agent(?:\s*:|\s)\s*(.*)", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z_-]*", re.IGNORECASE)
_SOMEBODY_ELSE = "user-agent: -"


@dataclass(frozen=True)
class Robots:
    """What one robots.txt says to us.

    Attributes:
        rules: None where everything is allowed.
        fault: why it could not be read; nothing is allowed then.
        crawl_delay_seconds: the time between two requests that it asks for, or 0.
    """

    rules: Protego | None = None
    fault: FetchError | None = None
    crawl_delay_seconds: float = 0.0

    def check(self, url: str) -> None:
        """Raise if the URL may not be asked for.

        Raises:
            FetchError: robots; or what kept robots.txt from being read, which may be over later.
        """
        if self.fault:
            raise FetchError(
                url,
                self.fault.kind,
                f"robots.txt cannot be read: {self.fault.detail}",
                http_status=self.fault.http_status,
                retry_after_seconds=self.fault.retry_after_seconds,
            )
        if self.rules and not self.rules.can_fetch(url, PRODUCT):
            raise FetchError(url, "robots", f"robots.txt forbids it to {PRODUCT}")


def read_robots(answer: Capture | FetchError) -> Robots:
    """Return what an answer for robots.txt means."""
    if isinstance(answer, FetchError):
        is_fault = (
            answer.kind in _UNREACHABLE or (answer.http_status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR
        )
        return Robots(fault=answer if is_fault else None)
    text = answer.body[:_MAX_BYTES].decode("utf-8-sig", errors="replace")
    rules = Protego.parse("\n".join(_drop_other_agents(text)))
    delay = rules.crawl_delay(PRODUCT) or 0.0
    return Robots(rules, crawl_delay_seconds=min(delay, _MAX_CRAWL_DELAY_SECONDS))


def _drop_other_agents(text: str) -> Iterator[str]:
    """Yield the lines with one name for all the robots that are not us.

    The parser gives every robot of a group its own copy of the group's rules: a thousand names before a
    thousand rules would be a million. It also takes "coop" for us; RFC 9309 wants the whole token.
    """
    for line in text.splitlines():
        agent = _AGENT_LINE.match(line.partition("#")[0])
        if agent is None:
            yield line
            continue
        name = agent[1].strip()
        token = _TOKEN.match(name)
        is_us = token is not None and token[0].lower() == PRODUCT
        yield f"user-agent: {PRODUCT}" if is_us else "user-agent: *" if name == "*" else _SOMEBODY_ELSE


class RobotsCache:
    """What the origins of a run say; safe to share among threads, which ask each origin once.

    Args:
        clock: the time in seconds, from any start.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._known: dict[str, tuple[float, Robots]] = {}  # until when, by origin

    def ask(self, url: str, get: Callable[[str], Capture]) -> Robots:
        """Return what the origin of a URL says, asking it if that is not known.

        Args:
            url: absolute.
            get: fetches robots.txt, in this thread; raises FetchError.
        """
        origin = _origin_of(url)
        with self._lock:
            asking = self._asking.setdefault(origin, threading.Lock())
        with asking:
            known = self.recall(url)
            if known is None:
                try:
                    known = read_robots(get(f"{origin}/robots.txt"))
                except FetchError as error:
                    known = read_robots(error)
                keep_seconds = _FAULT_FRESH_SECONDS if known.fault else _FRESH_SECONDS
                self._known[origin] = (self._clock() + keep_seconds, known)
            return known

    def recall(self, url: str) -> Robots | None:
        """Return what the origin of a URL has said, None if it was not asked within a day."""
        until, known = self._known.get(_origin_of(url), (0.0, None))
        return known if known and self._clock() < until else None


def _origin_of(url: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}".lower()
    return url  # fetching it will fail, and say why
