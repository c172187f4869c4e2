"""Turns changes of events into alerts: one for an event and a route, whatever changed about it."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from coopwatch.alerting.messages import make_message, rank_change
from coopwatch.alerting.references import make_reference
from coopwatch.alerting.rendering import render_plain, render_subject
from coopwatch.alerting.rules import AlertRules
from schemas.records import Alert, Article, Dossier, EventChange


def make_alerts(  # noqa: PLR0917 - what is told, to whom, when, and what that depends on
    changes: Sequence[EventChange],
    dossiers: Sequence[Dossier],
    rules: AlertRules,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
    articles: Iterable[Article] = (),
) -> tuple[Alert, ...]:
    """Turn changes into messages, one an event and route, however many rules want it there.

    A new event is announced once for ever; anything after that once a revision of the event. The
    message says all that the route's rules want to hear of, and has the kind of what is most important.

    Args:
        changes: of the events.
        dossiers: the events that changed, as they are now.
        rules: who hears of what.
        now: when the alerts are made, and due.
        environment: holds the addresses of routes.
        articles: those that brought the changes.
    """
    by_event = {dossier.event.event_id: dossier for dossier in dossiers}
    by_article = {article.article_id: article for article in articles}
    wanted: dict[tuple[str, str], list[tuple[EventChange, str]]] = defaultdict(list)
    for change in sorted(changes, key=rank_change):
        dossier, article = by_event[change.event_id], by_article.get(change.article_id)
        for rule in rules.rules:
            if rule.matches(change, dossier, article):
                for route in rule.routes:
                    wanted[change.event_id, route].append((change, rule.id))
    alerts: dict[str, Alert] = {}
    for (event_id, route), told in wanted.items():
        first, rule_id = told[0]
        told_once = list(dict.fromkeys(change for change, _ in told))
        message = make_message(told_once, by_event[event_id])
        occasion = first.kind if first.kind == "new_event" else f"revision {first.revision}"
        for place in rules.find_places(route, environment):
            key = f"{place}:{event_id}:{occasion}"
            alerts[key] = Alert(
                key=key,
                event_id=event_id,
                kind=first.kind,
                rule=rule_id,
                route=place,
                title=render_subject(message),
                body=render_plain(message, make_reference(key)),
                message=message,
                created_at=now,
                next_attempt_at=now,
            )
    return tuple(alerts.values())
