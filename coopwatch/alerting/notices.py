"""Messages about the pipeline itself: silence, standstill, failing tables, routes that take nothing.

They go through the outbox like alerts on events. The key of each names what it tells of, not when that
was noticed, so that every run may tell it and one message goes out.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from coopwatch.alerting.references import make_reference
from coopwatch.alerting.rendering import render_plain, render_subject
from coopwatch.alerting.routes import Escalation
from coopwatch.alerting.rules import AlertRules
from coopwatch.alerting.silence import Silence
from coopwatch.wording import count, fold
from schemas.records import Alert, Message, NoticeKind

_SOURCES_COMMAND = "coopwatch sources health"
_OUTBOX_COMMAND = "coopwatch alerts list"


class Outage(NamedTuple):
    """When a receiver began to take nothing, and when it last took something; None if it never did."""

    since: datetime
    last_sent_at: datetime | None


def make_notices(
    kind: NoticeKind,
    occasion: str,
    message: Message,
    rules: AlertRules,
    now: datetime,
    *,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Alert, ...]:
    """Return a notice for every address of the routes that want its kind.

    Args:
        kind: what it is about.
        occasion: what it tells of; told once for ever to each route.
        message: what it says.
        rules: the routes, and which of them want what.
        now: the time.
        environment: holds the addresses.
    """
    return tuple(
        _make_notice(kind, f"{place}:{kind}:{occasion}", place, message, now)
        for route in rules.notices.routes_for(kind)
        for place in rules.find_places(route, environment)
    )


def tell_silences(
    silences: Iterable[Silence],
    rules: AlertRules,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Alert, ...]:
    """Return notices of silent sources: one for a silence, which the next new entry ends."""
    notices: list[Alert] = []
    for silence in silences:
        last = silence.last_new_entry_at
        message = Message(
            title=f"Silent: {silence.source_id}",
            news=silence.line,
            facts=(("last new entry", _say_time(last)), ("last heard", _say_time(silence.since))),
            evidence=_SOURCES_COMMAND,
        )
        occasion = f"{silence.source_id}:{_stamp(last)}"
        notices += make_notices("silence", occasion, message, rules, now, environment=environment)
    return tuple(notices)


def tell_stalled(
    last_success_at: datetime | None,
    rules: AlertRules,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Alert, ...]:
    """Return notices that no run has succeeded for too long, as `notices.stalled_after` says; one a stall.

    Args:
        last_success_at: when a run last succeeded; None if none was ever begun, which is no stall.
        rules: the routes.
        now: the time.
        environment: holds the addresses.
    """
    limit = rules.notices.stalled_after
    if last_success_at is None or now - last_success_at <= limit:
        return ()
    minutes = round((now - last_success_at).total_seconds() / 60)
    message = Message(
        title="Stalled: no run has succeeded for too long",
        news=f"No run has succeeded for {count(minutes, 'minute')}.",
        facts=(
            ("last success", _say_time(last_success_at)),
            ("expected within", count(round(limit.total_seconds() / 60), "minute")),
            ("noticed", _say_time(now)),
        ),
        evidence="coopwatch run",
    )
    return make_notices("stalled", _stamp(last_success_at), message, rules, now, environment=environment)


def tell_quality(
    failing: Mapping[str, str],
    rules: AlertRules,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Alert, ...]:
    """Return notices that the tables fail expectations; one a day for the same set of rules.

    Args:
        failing: what each rule found, in one line, by the rule's name.
        rules: the routes.
        now: the time.
        environment: holds the addresses.
    """
    if not failing:
        return ()
    message = Message(
        title=f"Quality: the tables fail {count(len(failing), 'expectation')}",
        table=(("expectation", "found"), *((name, fold(line)) for name, line in sorted(failing.items()))),
    )
    what = sha256("\n".join(sorted(failing)).encode()).hexdigest()[:8]
    return make_notices("quality", f"{now:%Y-%m-%d}:{what}", message, rules, now, environment=environment)


def tell_undelivered(
    queue: str, places: Iterable[str], escalation: Escalation, error: str, outage: Outage
) -> tuple[Alert, ...]:
    """Return the notices that a queue's receiver takes nothing; due once that has lasted.

    They are the same until something arrives again: the last delivery before it names an outage.

    Args:
        queue: whose receiver it is.
        places: queues of the route that is to hear of it.
        escalation: when.
        error: why the receiver did not take the last alert.
        outage: when it was noticed, and what was the last to arrive before.
    """
    message = Message(
        title=f"Undelivered: route {queue} takes nothing",
        news=error,
        facts=(("since", _say_time(outage.since)), ("last delivery", _say_time(outage.last_sent_at))),
        evidence=_OUTBOX_COMMAND,
    )
    due = {"rule": escalation_rule(queue), "next_attempt_at": outage.since + escalation.after}
    occasion = f"undelivered:{queue}:{_stamp(outage.last_sent_at)}"
    return tuple(
        _make_notice("undelivered", f"{place}:{occasion}", place, message, outage.since).model_copy(
            update=due
        )
        for place in places
    )


def escalation_rule(queue: str) -> str:
    """Return what asks for the notices about a queue."""
    return f"escalation of {queue}"


def roll_up_alerts(members: Sequence[Alert], queue: str, now: datetime) -> Alert:
    """Return the one message that goes out in place of several, which it lists in their order."""
    key = f"{queue}:roll_up:{sha256(members[0].key.encode()).hexdigest()[:12]}"
    message = Message(
        title=f"{len(members)} alerts in one",
        news="More came than this route takes at once.",
        table=(
            ("when", "what", "event"),
            *((f"{one.created_at:%m-%d %H:%M}", one.title, one.event_id or "") for one in members),
        ),
        evidence=f"{_OUTBOX_COMMAND} --into {key}",
    )
    one = _make_notice("roll_up", key, queue, message, now)
    return one.model_copy(update={"created_at": members[0].created_at})  # it stands in their place


def _make_notice(kind: NoticeKind, key: str, place: str, message: Message, now: datetime) -> Alert:
    return Alert(
        key=key,
        event_id=None,
        kind=kind,
        rule=kind,
        route=place,
        title=render_subject(message),
        body=render_plain(message, make_reference(key)),
        message=message,
        created_at=now,
        next_attempt_at=now,
    )


def _stamp(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}" if moment else "never"


def _say_time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"
