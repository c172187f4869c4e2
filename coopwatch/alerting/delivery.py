"""What of a route's queue goes out now, what waits, what is rolled up, and when a failure is tried again.

A queue keeps its order: while its first alert waits, the rest waits behind it. Only what reports trouble
with the pipeline itself goes past it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from zoneinfo import ZoneInfo

from coopwatch.alerting.routes import QuietHours, Route
from schemas.records import Alert, AlertKind

RETRY_FIRST = timedelta(minutes=1)
RETRY_LONGEST = timedelta(hours=2)
GIVE_UP_AFTER_ATTEMPTS = 44  # about three days, most of them at the longest delay
JITTER = 0.1  # the share of a delay that is spread, so that routes that failed together part
ROLL_UP_MOST = 50  # alerts in one message; what is more goes into the next one
URGENT: frozenset[AlertKind] = frozenset({"undelivered", "stalled"})  # pass quiet hours, limit and queue
_WHOLE: frozenset[AlertKind] = URGENT | {"digest", "roll_up"}  # never part of a roll-up


@dataclass(frozen=True)
class Send:
    """This alert goes out now."""

    alert: Alert


@dataclass(frozen=True)
class RollUp:
    """These alerts go out as one message."""

    members: tuple[Alert, ...]


@dataclass(frozen=True)
class Hold:
    """These alerts wait."""

    alerts: tuple[Alert, ...]
    until: datetime


Step = Send | RollUp | Hold


def decide_next(
    queue: Sequence[Alert], route: Route, sent_at: Sequence[datetime], now: datetime
) -> Step | None:
    """Decide what happens next to a queue; nothing while its receiver has failed and is not due again.

    Args:
        queue: what is pending, in the order in which it is to arrive.
        route: its options.
        sent_at: when messages went out to it, at least those within `route.limit.per`.
        now: the time.
    """
    if any(alert.attempts and alert.next_attempt_at > now for alert in queue):
        return None
    urgent = [alert for alert in queue if alert.kind in URGENT and alert.next_attempt_at <= now]
    if urgent:
        return Send(urgent[0])
    ordinary = [alert for alert in queue if alert.kind not in URGENT]
    due = tuple(takewhile(lambda alert: alert.next_attempt_at <= now, ordinary))
    return _decide_ordinary(due, route, sent_at, now) if due else None


def _decide_ordinary(
    due: tuple[Alert, ...], route: Route, sent_at: Sequence[datetime], now: datetime
) -> Step:
    if route.quiet_hours and (until := find_quiet_end(route.quiet_hours, now)):
        return Hold(due, until)
    if route.limit is None:
        return Send(due[0])
    recent = sorted(at for at in sent_at if at > now - route.limit.per)
    free = route.limit.most - len(recent)
    if free < 1:
        return Hold(due, recent[-route.limit.most] + route.limit.per)
    # one that was tried may have arrived: it goes again under its own key, which tells that it is the same
    members = tuple(takewhile(lambda alert: alert.kind not in _WHOLE and not alert.attempts, due))
    return RollUp(members[:ROLL_UP_MOST]) if free == 1 and len(members) > 1 else Send(due[0])


def find_quiet_end(quiet: QuietHours, now: datetime) -> datetime | None:
    """Return when the quiet hours end in which `now` is; None outside of them."""
    local = now.astimezone(ZoneInfo(quiet.zone))
    clock = local.time().replace(tzinfo=None, fold=0)
    if quiet.start < quiet.end:
        is_quiet, days = quiet.start <= clock < quiet.end, 0
    else:
        is_quiet, days = clock >= quiet.start or clock < quiet.end, int(clock >= quiet.start)
    if not is_quiet:
        return None
    end = datetime.combine(local.date() + timedelta(days=days), quiet.end, tzinfo=local.tzinfo)
    # where clocks are set back the same hour comes twice: the end of the one that it is now
    return end.replace(fold=local.fold).astimezone(now.tzinfo)


def decide_retry(attempts: int, now: datetime, key: str = "") -> datetime | None:
    """Return when a failed delivery is tried again, or None when it is given up.

    Delays double up to `RETRY_LONGEST`; each is longer by up to a tenth that follows from key and attempt.
    """
    if attempts >= GIVE_UP_AFTER_ATTEMPTS:
        return None
    doublings = min(max(attempts - 1, 0), 20)
    delay = min(RETRY_FIRST * (1 << doublings), RETRY_LONGEST)
    spread = int.from_bytes(sha256(f"{attempts} {key}".encode()).digest()[:4]) / (1 << 32)
    return now + delay * (1 + JITTER * spread)
