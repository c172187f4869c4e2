"""When a source is polled next, and what is remembered of a poll. Pure decisions, no network.

The interval is the largest of what the operator, the feed and the server ask for, clamped to the
operator's bounds. Failures are weighed, so that a name that does not resolve for a minute counts less
than a page that is no feed, and each makes the next wait longer; no source is given up for good, and a
server's Retry-After is never shortened.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from coopwatch.fairness import host_key
from coopwatch.fetch.answers import parse_http_date
from coopwatch.identity import hash_text
from schemas.records import Capture, Failure, PollState, Source

_MAX_VALIDATOR_CHARS = 1000  # of an ETag or Last-Modified that is sent back
_EARLY_SHARE, _EARLY_MAX = 0.05, timedelta(seconds=60)
_BACK_OFF_FLOOR = timedelta(minutes=1)  # a source that may be polled without pause is still given one
_MAX_DOUBLINGS = 30  # far beyond any bound, and small enough for a float
_SPREAD = 0.1  # of the wait, so that sources that failed together do not come back together
_SOFT_STATUSES = frozenset({404, 408, 425, 429})
_NEVER = datetime.min.replace(tzinfo=UTC)


# --- which sources, in which order


def select_due(
    sources: Iterable[Source], states: Mapping[str, PollState], now: datetime
) -> tuple[Source, ...]:
    """Return the sources whose time has come, the longest overdue first, hosts taking turns.

    A source that is well may be up to 5 % of its interval (at most 60 s) early; else a schedule as long
    as the interval would meet it a second too soon, and poll it only every other time.

    Args:
        sources: the registry.
        states: by source id; a source without a state was never polled and is due.
        now: the time of the run.
    """
    due = [source for source in sources if _is_due(states.get(source.id), now)]
    due.sort(key=lambda source: (_due_at(states.get(source.id)), source.id))
    queues: dict[str, deque[Source]] = {}
    for source in due:
        queues.setdefault(host_key(source.url), deque()).append(source)
    turns: list[Source] = []
    while queues:
        turns += [queue.popleft() for queue in queues.values()]
        queues = {host: queue for host, queue in queues.items() if queue}
    return tuple(turns)


def _due_at(state: PollState | None) -> datetime:
    return state.next_poll_at if state and state.next_poll_at else _NEVER


def _is_due(state: PollState | None, now: datetime) -> bool:
    if state is None or state.next_poll_at is None:
        return True
    early = timedelta(0)
    if not state.failure_weight:
        early = min(timedelta(seconds=(state.interval_seconds or 0.0) * _EARLY_SHARE), _EARLY_MAX)
    return state.next_poll_at <= now + early


# --- what is asked


def conditional_headers(state: PollState | None) -> dict[str, str]:
    """Return the headers that ask for the source only if it has changed (RFC 9110 13.1)."""
    headers = {}
    if state and state.etag:
        headers["If-None-Match"] = state.etag
    if state and state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return headers


# --- what is remembered


def decide_interval(
    source: Source, *, ttl: timedelta | None = None, server: timedelta | None = None
) -> timedelta:
    """Return the time between two polls: the largest that anybody asks for, within the source's bounds.

    Args:
        source: brings the least and the largest interval.
        ttl: what the feed asks for.
        server: how long the server calls its answer fresh; see `freshness`.
    """
    wanted = max(source.poll.min, ttl or timedelta(0), server or timedelta(0))
    return min(wanted, source.poll.max)


def freshness(capture: Capture, now: datetime) -> timedelta:
    """Return how long the server calls its answer fresh: the larger of max-age and Expires, or zero.

    Expires is measured against the server's own clock, where it gives its time (RFC 9111 4.2.1).
    """
    seconds = 0.0
    for directive in (capture.header("cache-control") or "").split(","):
        name, _, value = directive.strip().partition("=")
        value = value.strip('" ')
        if name.strip().lower() == "max-age" and value.isascii() and value.isdigit():
            seconds = max(seconds, float(value))
    expires = parse_http_date(capture.header("expires") or "")
    if expires is not None:
        sent = parse_http_date(capture.header("date") or "") or now
        seconds = max(seconds, (expires - sent).total_seconds())
    return timedelta(seconds=min(seconds, timedelta(days=365).total_seconds()))


def after_success(
    source: Source,
    capture: Capture,
    *,
    body_sha256: str,
    ttl: timedelta | None,
    now: datetime,
    polled_at: datetime,
) -> PollState:
    """Return what to remember of a poll whose body was read.

    Args:
        source: the source.
        capture: what came.
        body_sha256: of the body; the same body is not read again.
        ttl: what the feed asks for.
        now: the time of the run, from which the interval counts: a schedule must not drift by the
            time that a run takes.
        polled_at: the time of this poll.
    """
    interval = decide_interval(source, ttl=ttl, server=freshness(capture, polled_at))
    return PollState(
        source_id=source.id,
        next_poll_at=now + interval,
        last_polled_at=polled_at,
        last_success_at=polled_at,
        interval_seconds=interval.total_seconds(),
        etag=_usable_validator(capture.header("etag")),
        last_modified=_usable_validator(capture.header("last-modified")),
        body_sha256=body_sha256,
    )


def after_not_modified(
    source: Source, state: PollState, capture: Capture, *, now: datetime, polled_at: datetime
) -> PollState:
    """Return what to remember of a poll that found what was known: a 304, or the same body once more.

    What the feed itself asked for is in the interval that was decided when it was read last, so the
    interval grows but does not shrink until the feed is read again.
    """
    known = timedelta(seconds=state.interval_seconds or 0.0)
    interval = decide_interval(source, ttl=known, server=freshness(capture, polled_at))
    return state.model_copy(
        update={
            "next_poll_at": now + interval,
            "last_polled_at": polled_at,
            "last_success_at": polled_at,
            "interval_seconds": interval.total_seconds(),
            # an answer without validators does not take back the ones that are known (RFC 9111 3.2)
            "etag": _usable_validator(capture.header("etag")) or state.etag,
            "last_modified": _usable_validator(capture.header("last-modified")) or state.last_modified,
            "failure_weight": 0.0,
            "last_error": None,
        }
    )


def after_failure(
    source: Source, state: PollState | None, failure: Failure, polled_at: datetime
) -> PollState:
    """Return what to remember of a poll that failed.

    The wait doubles with every full weight, up to the source's largest interval; a Retry-After that is
    longer holds. Both get a spread of up to 10 %, which is computed, so that a replay decides the same.
    """
    state = state or PollState(source_id=source.id)
    weight = state.failure_weight + failure_weight(failure)
    back_off = max(source.poll.min, _BACK_OFF_FLOOR) * 2.0 ** min(weight, _MAX_DOUBLINGS)
    factor = spread(_SPREAD, source.id, polled_at.isoformat())
    wait = min(back_off * factor, source.poll.max)
    if failure.retry_after_seconds is not None:
        wait = max(wait, timedelta(seconds=failure.retry_after_seconds) * factor)
    return state.model_copy(
        update={
            "next_poll_at": polled_at + wait,
            "last_polled_at": polled_at,
            "failure_weight": weight,
            "last_error": failure.reason,
        }
    )


def failure_weight(failure: Failure) -> float:
    """Return how much a failure counts: 1, softer ones 0.5, a resolver without an answer 0.25."""
    if failure.kind == "dns_temporary":
        return 0.25
    status = failure.http_status or 0
    is_soft = failure.kind in ("dns", "rate_limited") or status in _SOFT_STATUSES or status >= 500
    return 0.5 if is_soft else 1.0


def spread(share: float, *parts: str) -> float:
    """Return a factor between 1 and 1 + `share` that is always the same for the same parts."""
    return 1.0 + share * int(hash_text(*parts, length=8), 16) / 0xFFFFFFFF


def _usable_validator(value: str | None) -> str | None:
    """Return a validator that can be sent back; what a server sends need not be fit for a header."""
    usable = value and len(value) <= _MAX_VALIDATOR_CHARS and value.isascii() and value.isprintable()
    return value if usable else None
