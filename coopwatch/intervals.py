"""How long a source is left alone: what its publisher asks for, its rhythm, and failures.

Pure arithmetic; what it leads to is remembered in `coopwatch.polling`.
"""

from datetime import datetime, timedelta

from coopwatch.fetch.answers import parse_http_date
from coopwatch.identity import hash_text
from schemas.records import Capture, Failure, PollBounds, PollState

# With a quarter to a half of a document new at each poll, nothing is missed and little is read twice. The
# span between the two shares is wider than the factor, so that an interval comes to rest inside it.
_FEW_NEW, _MANY_NEW = 0.25, 0.5
_FACTOR = 1.5
_STEADY_POLLS = 2  # fewer say nothing about a rhythm: a first poll finds everything new
_CLOSE_SHARE = 0.5  # of its interval that a poll may be off its schedule; runs come at times of their own

_BACK_OFF_FLOOR = timedelta(minutes=1)  # a source that may be polled without pause is still given one
_MAX_DOUBLINGS = 30  # far beyond any bound, and small enough for a float
_SOFT_STATUSES = frozenset({404, 408, 425, 429})


def decide_interval(bounds: PollBounds, *wanted: timedelta | None) -> timedelta:
    """Return the time between two polls: the longest that anybody wants, within the operator's bounds.

    Args:
        bounds: the least and the longest interval.
        wanted: what the feed asks for, how long the server calls its answer fresh, the source's rhythm.
    """
    longest = max((wish for wish in wanted if wish is not None), default=timedelta(0))
    return min(max(bounds.min, longest), bounds.max)


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


# --- rhythm


def count_steady_polls(state: PollState | None, polled_at: datetime) -> int:
    """Return how many successive successful polls came close to their schedule, this one included."""
    if not (state and state.next_poll_at and state.interval_seconds) or state.last_error:
        return 0
    off_seconds = abs((polled_at - state.next_poll_at).total_seconds())
    return state.steady_polls + 1 if off_seconds <= state.interval_seconds * _CLOSE_SHARE else 0


def decide_factor(steady_polls: int, entries: int, new_entries: int) -> float:
    """Return what an interval is multiplied by, after a poll that found so many entries.

    Args:
        steady_polls: see `count_steady_polls`; fewer than two change nothing.
        entries: how many the document holds; none change nothing.
        new_entries: how many of them were not known.
    """
    if steady_polls < _STEADY_POLLS or not entries:
        return 1.0
    share = new_entries / entries
    if share < _FEW_NEW:
        return _FACTOR
    return 1 / _FACTOR if share > _MANY_NEW else 1.0


# --- failures


def back_off(bounds: PollBounds, weight: float) -> timedelta:
    """Return the wait after failures of that weight together: doubled by each, up to the longest interval."""
    doublings: float = 2.0 ** min(weight, _MAX_DOUBLINGS)
    return min(max(bounds.min, _BACK_OFF_FLOOR) * doublings, bounds.max)


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
