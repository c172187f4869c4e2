"""Which change alerts whom, and in what words. Sending is in `coopwatch.receivers`."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from coopwatch.errors import ConfigError
from coopwatch.events.resolution import find_range
from coopwatch.wording import (
    count,
    fold,
    format_counts,
    format_facts,
    group_coverage,
    name_event,
    name_origin,
    shorten,
)
from schemas.records import (
    Alert,
    ChangeKind,
    Claim,
    CountryCode,
    Dossier,
    EventChange,
    EventKind,
    Record,
)

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
GIVE_UP_AFTER_ATTEMPTS = 40  # about three days at the longest delay
_TITLE_CHARS = 200
_VOICES_SHOWN = 4
_TITLE = {"new_event": "New", "new_source": "Confirmed by another source"}


class Route(Record):
    """Where alerts go: the console, or the Apprise URLs that an environment variable holds."""

    kind: Literal["console", "apprise"]
    urls_from: str | None = None


class AlertRule(Record):
    """Which changes of which events go to which routes; an empty filter lets everything pass."""

    id: str = Field(min_length=1)
    changes: tuple[ChangeKind, ...] = ("new_event", "new_source")
    kinds: tuple[EventKind, ...] = ()
    countries: tuple[CountryCode, ...] = ()
    series: tuple[str, ...] = ()
    routes: tuple[str, ...] = Field(min_length=1)

    def matches(self, change: EventChange, dossier: Dossier) -> bool:
        """Tell whether the rule wants to hear of this change."""
        event = dossier.event
        return (
            change.kind in self.changes
            and (not self.kinds or event.kind in self.kinds)
            and (not self.countries or not {event.country, *event.participants}.isdisjoint(self.countries))
            and (not self.series or event.series in self.series)
        )


class AlertRules(Record):
    """The content of alerts.yaml."""

    routes: dict[str, Route]
    rules: tuple[AlertRule, ...]

    def active_routes(self, environment: Mapping[str, str]) -> frozenset[str]:
        """Return the routes that can deliver: an Apprise route is off while its variable is unset."""
        return frozenset(
            name
            for name, route in self.routes.items()
            if route.kind == "console" or (route.urls_from and environment.get(route.urls_from))
        )


def load_alert_rules(path: Path) -> AlertRules:
    """Read the rules and routes of alerts.

    Raises:
        ConfigError: the file cannot be read, a key is wrong, or a rule names an unknown route.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        rules = AlertRules.model_validate(raw)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    for name, route in rules.routes.items():
        if (route.kind == "apprise") != (route.urls_from is not None):
            raise ConfigError(f"{path}: routes.{name}: 'urls_from' belongs to kind apprise, and to no other")
    seen: set[str] = set()
    for rule in rules.rules:
        if rule.id in seen:
            raise ConfigError(f"{path}: rules: id {rule.id!r} is used twice")
        seen.add(rule.id)
        for name in rule.routes:
            if name not in rules.routes:
                raise ConfigError(f"{path}: rules.{rule.id}.routes: there is no route {name!r}")
    return rules


def make_alerts(
    changes: Sequence[EventChange],
    dossiers: Sequence[Dossier],
    rules: AlertRules,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
) -> tuple[Alert, ...]:
    """Turn changes into messages, one a route however many rules want it there.

    A new event is announced once for ever; anything after that once a revision.
    """
    by_id = {dossier.event.event_id: dossier for dossier in dossiers}
    active = rules.active_routes(environment)
    alerts: dict[str, Alert] = {}
    for change in changes:
        dossier = by_id[change.event_id]
        for rule in rules.rules:
            if not rule.matches(change, dossier):
                continue
            for route in rule.routes:
                if route not in active:
                    continue
                occasion = change.kind if change.kind == "new_event" else f"{change.kind}:{change.revision}"
                key = f"{route}:{change.event_id}:{occasion}"
                title, body = word_alert(change, dossier)
                alerts.setdefault(
                    key,
                    Alert(
                        key=key,
                        event_id=change.event_id,
                        kind=change.kind,
                        rule=rule.id,
                        route=route,
                        title=title,
                        body=body,
                        created_at=now,
                        next_attempt_at=now,
                    ),
                )
    return tuple(alerts.values())


def word_alert(change: EventChange, dossier: Dossier) -> tuple[str, str]:
    """Return title and body in plain text: what, where, when, how many voices, and where it stands."""
    event = dossier.event
    title = shorten(f"{_TITLE[change.kind]}: {name_event(event)}", _TITLE_CHARS)
    lines = [format_facts(event), format_counts(event)]
    lines += [_word_claims(name, claims) for name, claims in _group_claims(dossier.claims).items()]
    groups = list(group_coverage(dossier).values())
    if change.kind == "new_source":
        groups = [rows for rows in groups if change.article_id in {row.article_id for row in rows}]
    for rows in groups[:_VOICES_SHOWN]:
        reprints = f", and {count(len(rows) - 1, 'reprint')}" if len(rows) > 1 else ""
        lines.append(f"{name_origin(rows)}{reprints}: {fold(rows[0].title)}\n{rows[0].url}")
    if len(groups) > _VOICES_SHOWN:
        lines.append(f"and {count(len(groups) - _VOICES_SHOWN, 'more text')}")
    lines.append(f"coopwatch show {event.event_id}")
    return title, "\n".join(lines)


def decide_retry(attempts: int, now: datetime) -> datetime | None:
    """Return when a failed delivery is tried again, or None when it is given up."""
    if attempts >= GIVE_UP_AFTER_ATTEMPTS:
        return None
    return now + RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]


def _group_claims(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """Return the claims that a message shows, by field: figures, and whatever is in conflict."""
    grouped: dict[str, list[Claim]] = {}
    for claim in claims:
        is_figure = claim.low is not None and claim.status != "component"
        if (is_figure and claim.field != "edition") or claim.status in ("soft_conflict", "conflict"):
            grouped.setdefault(claim.field, []).append(claim)
    return grouped


def _word_claims(name: str, claims: Sequence[Claim]) -> str:
    said = " / ".join(dict.fromkeys(" ".join(filter(None, (c.qualifier, c.value, c.unit))) for c in claims))
    conflict = next((c.status for c in claims if c.status in ("soft_conflict", "conflict")), None)
    if conflict is None:
        return f"{name}: {said}"
    low, high = find_range(claims, name)
    between = f", {low:g} to {high:g}" if low is not None and high is not None else ""
    return f"{name}: {said} ({conflict.replace('_', ' ')}{between})"
