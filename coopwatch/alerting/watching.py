"""Puts into the outbox what the pipeline has to say of itself; `sending` delivers it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from coopwatch.alerting.notices import make_notices, tell_silences, tell_stalled
from coopwatch.alerting.rules import AlertRules
from coopwatch.alerting.silence import find_silent
from coopwatch.warehouse import Warehouse
from schemas.records import Message, Source

if TYPE_CHECKING:
    from coopwatch.alerting.digest import PeriodKind

_WEEK = timedelta(days=7)


def note_trouble(
    warehouse: Warehouse, sources: Iterable[Source], rules: AlertRules, now: datetime
) -> tuple[str, ...]:
    """Put notices of silent sources and of a standstill into the outbox.

    To be called before the run is recorded as finished, which would end the standstill.

    Returns:
        What is wrong, one line each, whether it was told before or not.
    """
    silences = find_silent(sources, warehouse.read_poll_states(), now)
    stalled = note_stall(warehouse, rules, now)
    warehouse.add_alerts(tell_silences(silences, rules, now))
    return (*(silence.line for silence in silences), *([stalled] if stalled else ()))


def note_stall(warehouse: Warehouse, rules: AlertRules, now: datetime) -> str | None:
    """Put a notice into the outbox if no run has succeeded for too long; return it in one line."""
    last = warehouse.read_last_success()
    if last is None or now - last <= rules.notices.stalled_after:
        return None
    warehouse.add_alerts(tell_stalled(last, rules, now))
    return f"no run has succeeded since {last:%Y-%m-%d %H:%M} UTC"


def note_digest(
    warehouse: Warehouse,
    sources: Iterable[Source],
    rules: AlertRules,
    kind: "PeriodKind",
    *,
    until: datetime,
    now: datetime,
) -> Message | None:
    """Put the digest of the last whole day or week before a time into the outbox, once for ever.

    Returns:
        The digest; None if there was nothing to tell.
    """
    from coopwatch.alerting.digest import find_span, make_digest  # with what words events

    span = find_span(kind, min(until, now))  # what has not ended would be told in part, and never again
    period = warehouse.read_period(span.since, span.until)
    week = period if span.kind == "week" else warehouse.read_period(span.until - _WEEK, span.until)
    silences = find_silent(sources, warehouse.read_poll_states(), now)
    message = make_digest(span, period, week, silences)
    if message:
        warehouse.add_alerts(make_notices("digest", span.name, message, rules, now))
    return message
