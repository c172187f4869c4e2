"""What went wrong with a source or a page, as a value, and whether it is tried again."""

import logging
from datetime import datetime, timedelta

from coopwatch.errors import UrlError
from coopwatch.intervals import spread
from coopwatch.politeness import HostParkedError
from schemas.records import EntryResult, Failure, FailureKind, PendingEntry, Stage

_log = logging.getLogger(__name__)

# What may be gone at the next attempt. A certificate is renewed the morning after it ran out, a name that
# does not exist may be the network's fault; a body that is too large stays so.
_TRANSIENT: frozenset[FailureKind] = frozenset(
    {"dns", "dns_temporary", "refused", "reset", "timeout", "tls", "rate_limited"}
)
_TRANSIENT_STATUSES = frozenset({408, 425, 429})
# What a page does to a worker, or we to ourselves, it does again unless the machine was to blame.
_WORTH_ONE_RETRY: frozenset[FailureKind] = frozenset({"too_slow", "crashed", "internal"})
# A host that limits us, or is parked, says nothing against its pages.
_LIMITED_ATTEMPTS_FACTOR = 4

# 10 min, 40 min, 2 h 40, 10 h 40 with the usual five attempts: an outage of half a day loses no entry
_FIRST_RETRY, _RETRY_FACTOR, _RETRY_MAX = timedelta(minutes=10), 4.0, timedelta(hours=24)
_SPREAD = 0.25


class Parked(Failure):
    """A source or page that was not asked for, because of how its host has answered before."""


def make_failure(error: UrlError, stage: Stage) -> Failure:
    """Return an error of ours as the value that travels on."""
    status: int | None = getattr(error, "http_status", None)
    record = Parked if isinstance(error, HostParkedError) else Failure
    return record(
        stage=stage,
        kind=error.kind,
        detail=error.detail,
        is_transient=error.kind in _TRANSIENT
        or (status is not None and (status >= 500 or status in _TRANSIENT_STATUSES)),
        http_status=status,
        retry_after_seconds=getattr(error, "retry_after_seconds", None),
    )


def make_internal_failure(error: Exception, stage: Stage, url: str) -> Failure:
    """Return what is our own fault as a value, and log where it happened."""
    _log.error("%s of %s failed unexpectedly", stage, url, exc_info=error)
    return Failure(stage=stage, kind="internal", detail=f"unexpected {type(error).__name__}, see the log")


def decide_fetch_outcome(
    entry: PendingEntry, failure: Failure, now: datetime, max_attempts: int
) -> EntryResult:
    """Decide whether an entry that failed on its way to an article is tried again.

    Args:
        entry: its `attempts` do not count the one that failed now.
        failure: of fetching or extracting.
        now: the time of the decision.
        max_attempts: how often an entry is tried at most.

    Returns:
        pending, with the time of the next attempt, or failed.
    """
    attempt = entry.attempts + 1
    allowed = 1
    if isinstance(failure, Parked) or failure.kind == "rate_limited":
        allowed = max_attempts * _LIMITED_ATTEMPTS_FACTOR
    elif failure.is_transient:
        allowed = max_attempts
    elif failure.kind in _WORTH_ONE_RETRY:
        allowed = min(2, max_attempts)
    if attempt >= allowed:
        reason = failure.reason if attempt == 1 else f"{failure.reason} (given up after {attempt} attempts)"
        return EntryResult(entry_id=entry.entry_id, outcome="failed", stage=failure.stage, reason=reason)
    steps = 0 if isinstance(failure, Parked) else min(attempt - 1, 10)
    back_off = min(_FIRST_RETRY * _RETRY_FACTOR**steps, _RETRY_MAX)
    asked = timedelta(seconds=failure.retry_after_seconds or 0.0)
    return EntryResult(
        entry_id=entry.entry_id,
        outcome="pending",
        stage=failure.stage,
        reason=failure.reason,
        next_attempt_at=now + max(back_off, asked) * spread(_SPREAD, str(entry.entry_id), str(attempt)),
    )
