"""Events and articles as people and programs read them: text for the terminal, plain data for JSON."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from coopwatch.alerts import format_dates
from schemas.records import Alert, Claim, Coverage, Dossier, EventRelation, Evidence

_CLAIM_FIELDS = {"field", "value", "low", "high", "qualifier", "quote", "url", "status"}
_COVERAGE_FIELDS = {"url", "publisher", "distributor", "issuer", "text_group_id", "role", "published_at"}
_EVENT_FIELDS = (
    "event_id",
    "series",
    "edition",
    "name",
    "kind",
    "start_date",
    "end_date",
    "place",
    "country",
    "articles",
    "text_groups",
    "independent_sources",
)


def to_plain_event(dossier: Dossier) -> dict[str, Any]:
    """Return an event with its claims and coverage as JSON-ready data."""
    event = dossier.event.model_dump(mode="json")
    return {name: event[name] for name in _EVENT_FIELDS} | {
        "claims": [claim.model_dump(mode="json", include=_CLAIM_FIELDS) for claim in dossier.claims],
        "coverage": [row.model_dump(mode="json", include=_COVERAGE_FIELDS) for row in dossier.coverage],
    }


def to_json(data: object) -> str:
    """Return data as indented JSON, non-ASCII text readable."""
    return json.dumps(data, indent=2, ensure_ascii=False, default=str)


def clean(text: object) -> str:
    """Return text that cannot steer a terminal: what is fetched is hostile."""
    return "".join(
        character if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf") else "�"
        for character in str(text)
    )


def word_event_line(dossier: Dossier) -> str:
    """Return an event in two lines: what, when, where; and how well it is covered."""
    event = dossier.event
    where = ", ".join(filter(None, (event.place, event.country)))
    edition = f" (edition {event.edition})" if event.edition else ""
    facts = " · ".join(filter(None, (event.kind, format_dates(dossier), where)))
    return clean(
        f"{event.name}{edition}\n"
        f"    {facts}\n"
        f"    {_count(event.independent_sources, 'independent source')}, "
        f"{_count(event.text_groups, 'text')}, {_count(event.articles, 'article')}    {event.event_id}"
    )


def word_event(
    dossier: Dossier, relations: Sequence[EventRelation] = (), alerts: Sequence[Alert] = ()
) -> str:
    """Return an event with the evidence for every decision, as text for a terminal."""
    lines = [word_event_line(dossier), ""]
    lines += ["Coverage, by text"]
    groups: dict[str, list[Coverage]] = {}
    for row in dossier.coverage:
        groups.setdefault(row.text_group_id, []).append(row)
    for group_id, rows in groups.items():
        lines.append(f"  {group_id}  voice: {rows[0].family}  ({_count(len(rows), 'article')})")
        for row in rows:
            lines += _word_coverage(row)
    lines += ["", "Claims"]
    lines += [line for claim in dossier.claims for line in _word_claim(claim)] or ["  none"]
    if relations:
        lines += ["", "Related events"]
        lines += [_word_relation(relation, dossier.event.event_id) for relation in relations]
    if alerts:
        lines += ["", "Alerts"]
        lines += [
            f"  {alert.status:<8}{alert.route}: {alert.title}"
            + (f"  sent {alert.sent_at:%Y-%m-%d %H:%M}" if alert.sent_at else "")
            for alert in alerts
        ]
    return clean("\n".join(lines))


def word_evidence(evidence: Iterable[Evidence], indent: str) -> list[str]:
    """Return one line a reason."""
    return [
        f"{indent}{item.label}: {item.value}" + (f"  “{_fold(item.quote)}”" if item.quote else "")
        for item in evidence
    ]


def _word_coverage(row: Coverage) -> list[str]:
    when = f"{row.published_at:%Y-%m-%d}" if row.published_at else "undated"
    roles = ", ".join(
        f"{name} {value}"
        for name, value in (("distributor", row.distributor), ("issuer", row.issuer))
        if value
    )
    return [
        f"    {when}  {row.publisher}: {row.title}" + (f"  ({roles})" if roles else ""),
        f"                {row.url}",
        *word_evidence(row.evidence, "                "),
    ]


def _word_claim(claim: Claim) -> list[str]:
    value = " ".join(filter(None, (claim.qualifier, claim.value)))
    return [
        f"  {claim.field}: {value}  [{claim.status.replace('_', ' ')}]",
        f"      “{_fold(claim.quote)}”",
        f"      {claim.url}",
    ]


def _word_relation(relation: EventRelation, event_id: str) -> str:
    other = relation.other_event_id if relation.event_id == event_id else relation.event_id
    quote = f"  “{_fold(relation.quote)}”" if relation.quote else ""
    return f"  {relation.kind.replace('_', ' ')}: {other}{quote}"


def _fold(text: str) -> str:
    return " ".join(text.split())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
