"""What one run owes to the hosts that it visits: pauses between requests, and peace when they ask for it.

One `Manners` lives through a run and is shared by polling and fetching, because hosts do not care which
of our stages a request is for.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from urllib.parse import urlsplit

from coopwatch.errors import FetchError
from coopwatch.fairness import host_key
from coopwatch.fetch import NO_HEADERS, ConnectError, Fetcher
from coopwatch.fetch.addresses import is_named
from coopwatch.robots import RobotsCache
from coopwatch.settings import Settings
from schemas.records import Capture

_PAUSE_FACTOR, _PAUSE_MAX_SECONDS = 2.0, 5.0  # of the response time, and at most
_FAULTS_ALLOWED = 2  # connections that cannot be made, one after the other
_FAULT_PARKING_SECONDS = 600.0


class HostParkedError(FetchError):
    """The URL was not asked for, because of how its host has answered before."""


@dataclass(frozen=True)
class HostRecord:
    """What is known of a host; times are those of the run's clock, in seconds.

    Attributes:
        started_at: when the last request to it began.
        pause_seconds: from the beginning of one request to that of the next.
        is_met: whether it has answered, or failed to.
        connect_faults: connections that could not be made, since one could.
        parked_until: before this time it is asked for nothing.
        parked_for: the failure for which it is parked.
    """

    started_at: float = -inf
    pause_seconds: float = 0.0
    is_met: bool = False
    connect_faults: int = 0
    parked_until: float = -inf
    parked_for: FetchError | None = None


def decide_wait(record: HostRecord, running: int, now: float) -> float:
    """Return how many seconds from now the next request may begin; infinite: when one has ended.

    A host that is not known gets one request, by which it becomes known. One that is parked costs nothing.
    """
    if now < record.parked_until:
        return 0.0
    if running and not record.is_met:
        return inf
    return max(record.started_at + record.pause_seconds - now, 0.0)


def after_answer(record: HostRecord, seconds: float) -> HostRecord:
    """Return the record of a host that answered after so many seconds: the slower, the longer the pause."""
    pause = min(max(seconds * _PAUSE_FACTOR, 0.0), _PAUSE_MAX_SECONDS)
    return replace(record, pause_seconds=pause, is_met=True, connect_faults=0)


def after_fault(record: HostRecord, error: FetchError, seconds: float, now: float) -> HostRecord:
    """Return the record of a host that failed to answer, or answered with an error.

    It is parked for as long as it asks (429, or 503 with Retry-After), and for a while when no connection
    to it could be made twice in a row.
    """
    faults = record.connect_faults + 1 if isinstance(error, ConnectError) else 0
    record = replace(after_answer(record, seconds), connect_faults=faults)
    if error.kind == "rate_limited" and error.retry_after_seconds is not None:
        until = now + error.retry_after_seconds
    elif faults >= _FAULTS_ALLOWED:
        until = now + _FAULT_PARKING_SECONDS
    else:
        return record
    return replace(record, parked_until=max(until, record.parked_until), parked_for=error)


class Manners:
    """Asks hosts for URLs as they want to be asked; safe to share among threads.

    Args:
        settings: whether robots.txt is obeyed, and the hosts that the operator names as his own: they get
            no pause but the one that they ask for.
        is_live: whether requests reach anybody; a replay needs no pauses.
        clock: the time in seconds, from any start.
    """

    def __init__(
        self, settings: Settings, *, is_live: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._is_live = is_live
        self._clock = clock
        self._lock = threading.Lock()
        self._records: dict[str, HostRecord] = defaultdict(HostRecord)
        self._crawl_delays: dict[str, float] = {}
        self._robots = RobotsCache(clock)

    def claim(self, host: str, running: int) -> float:
        """Take the next request to a host, if it may begin now.

        Args:
            host: by `coopwatch.fairness.host_key`.
            running: how many requests to it are under way.

        Returns:
            0 if it may, and is taken to have begun; else in how many seconds to come back, infinite if
            that depends on a request under way.
        """
        with self._lock:
            record, now = self._records[host], self._clock()
            if self._is_live:
                pause = max(record.pause_seconds, self._crawl_delays.get(host, 0.0))
                wait = decide_wait(replace(record, pause_seconds=pause), running, now)
                if wait > 0:
                    return wait
            self._records[host] = replace(record, started_at=now)
            return 0.0

    def fetch(
        self,
        fetcher: Fetcher,
        url: str,
        *,
        headers: Mapping[str, str] = NO_HEADERS,
        obeys_robots: bool,
    ) -> Capture:
        """Return what a URL answers, unless its host does not want to be asked.

        Args:
            fetcher: asks.
            url: absolute.
            headers: more headers to send.
            obeys_robots: whether robots.txt counts; it does not where the operator has named the URL
                of a feed, which is there to be polled.

        Raises:
            HostParkedError: it was not asked for.
            FetchError: robots, or whatever the fetcher raises.
        """
        host = host_key(url)
        self._check_parked(host, url)
        if obeys_robots and self._settings.fetch_obey_robots:
            self._check_robots(fetcher, host, url)
        return self._ask(fetcher, host, url, headers)

    def _check_parked(self, host: str, url: str) -> None:
        with self._lock:
            record, now = self._records[host], self._clock()
        if record.parked_for and now < record.parked_until:
            raise HostParkedError(
                url,
                record.parked_for.kind,
                f"{host} is parked: {record.parked_for.detail}",
                retry_after_seconds=record.parked_until - now,
            )

    def _check_robots(self, fetcher: Fetcher, host: str, url: str) -> None:
        robots = self._robots.ask(url, lambda address: self._ask(fetcher, host, address, NO_HEADERS))
        with self._lock:
            self._crawl_delays[host] = max(robots.crawl_delay_seconds, self._crawl_delays.get(host, 0.0))
        try:
            robots.check(url)
        except FetchError as error:
            if robots.fault is None:
                raise
            raise HostParkedError(
                url,
                error.kind,
                error.detail,
                http_status=error.http_status,
                retry_after_seconds=error.retry_after_seconds,
            ) from error

    def _ask(self, fetcher: Fetcher, host: str, url: str, headers: Mapping[str, str]) -> Capture:
        if not self._is_live:
            return fetcher.get(url, headers=headers)
        began = self._clock()
        try:
            capture = fetcher.get(url, headers=headers)
        except FetchError as error:
            self._note(host, url, self._clock() - began, error)
            raise
        self._note(host, url, self._clock() - began, None)
        return capture

    def _note(self, host: str, url: str, seconds: float, error: FetchError | None) -> None:
        if self._is_own(url):
            seconds = 0.0
        hop = error.__cause__ if error else None
        with self._lock:
            if error and not isinstance(hop, FetchError):
                self._records[host] = after_fault(self._records[host], error, seconds, self._clock())
                return
            self._records[host] = after_answer(self._records[host], seconds)
            if isinstance(hop, FetchError) and hop.kind == "rate_limited":
                # behind the redirect it is another host that asks for peace
                other = host_key(hop.url)
                self._records[other] = after_fault(self._records[other], hop, seconds, self._clock())

    def _is_own(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return False
        return is_named(parts.hostname or "", port, self._settings.allow_private_hosts)
