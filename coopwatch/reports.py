"""Events and articles as people and programs read them: text for the terminal, plain data for JSON."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from coopwatch.events.fields import ResolvedField, resolve_fields
from coopwatch.events.wordings import WORDS
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
from schemas.records import Alert, Claim, Coverage, Dossier, EventRelation, Evidence

_CLAIM_FIELDS = {
    "field",
    "value",
    "low",
    "high",
    "unit",
    "qualifier",
    "scope",
    "quote",
    "quote_start",
    "quote_end",
    "article_version",
    "asserted_by",
    "url",
    "status",
}
_COVERAGE_FIELDS = {
    "url",
    "publisher",
    "distributor",
    "issuer",
    "family",
    "text_group_id",
    "role",
    "published_at",
    "linked_by",
}
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
    """Return an event with fields, claims, and coverage with its evidence, as JSON-ready data."""
    event = dossier.event.model_dump(mode="json")
    return {name: event[name] for name in _EVENT_FIELDS} | {
        "fields": [field.model_dump(mode="json") for field in resolve_fields(dossier)],
        "claims": [claim.model_dump(mode="json", include=_CLAIM_FIELDS) for claim in dossier.claims],
        "coverage": [_to_plain_coverage(row) for row in dossier.coverage],
    }


def _to_plain_coverage(row: Coverage) -> dict[str, Any]:
    """Return coverage with why it is linked; the words that later articles are compared with are left out."""
    evidence = [reason.model_dump(mode="json") for reason in row.evidence if reason.label != WORDS]
    return row.model_dump(mode="json", include=_COVERAGE_FIELDS) | {"evidence": evidence}


def to_plain_evidence(
    dossier: Dossier, relations: Sequence[EventRelation], alerts: Sequence[Alert]
) -> dict[str, Any]:
    """Return an event with the evidence for every decision as JSON-ready data."""
    return dossier.event.model_dump(mode="json") | {
        "fields": [field.model_dump(mode="json") for field in resolve_fields(dossier)],
        "claims": [claim.model_dump(mode="json") for claim in dossier.claims],
        "coverage": [row.model_dump(mode="json") for row in dossier.coverage],
        "relations": [relation.model_dump(mode="json") for relation in relations],
        "alerts": [alert.model_dump(mode="json") for alert in alerts],
    }


def to_json(data: object) -> str:
    """Return data as indented JSON, non-ASCII text readable; what could steer a terminal is escaped."""
    written = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    return "".join(
        character
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf")
        else json.dumps(character)[1:-1]
        for character in written
    )


def clean(text: object) -> str:
    """Return text that cannot steer a terminal: what is fetched is hostile."""
    return "".join(
        character if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf") else "�"
        for character in str(text)
    )


def word_event_line(dossier: Dossier) -> str:
    """Return an event in a few lines: what, when, where; and whose voices tell of it, reprints together."""
    event = dossier.event
    lines = [
        f"{name_event(event)}  [{event.event_id}]",
        f"    {format_facts(event)}",
        f"    {format_counts(event)}",
    ]
    for rows in group_coverage(dossier).values():
        sites = list(dict.fromkeys(fold(row.publisher) for row in rows[1:]))
        reprints = f" and {count(len(rows) - 1, 'reprint')}: {', '.join(sites)}" if sites else ""
        lines.append(f"      {name_origin(rows)}{reprints}")
    return clean("\n".join(lines))


def word_event(
    dossier: Dossier, relations: Sequence[EventRelation] = (), alerts: Sequence[Alert] = ()
) -> str:
    """Return an event with the evidence for every decision, as text for a terminal."""
    lines = [word_event_line(dossier), ""]
    lines += ["Coverage, by text"]
    for group_id, rows in group_coverage(dossier).items():
        lines.append(f"  {group_id}  voice: {rows[0].family}  ({count(len(rows), 'article')})")
        for row in rows:
            lines += _word_coverage(row)
    lines += ["", "What is known, from all claims"]
    lines += [_word_field(field) for field in resolve_fields(dossier)] or ["  nothing"]
    lines += ["", "Claims"]
    lines += [line for claim in _sort_claims(dossier.claims) for line in word_claim(claim)] or ["  none"]
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
    head, *told = lines
    return clean("\n".join([head, *map(_keep_on_line, told)]))


def _keep_on_line(line: str) -> str:
    """Return a line whose fetched parts begin no line of their own; its indentation stays."""
    return " ".join(line.splitlines())


def word_evidence(evidence: Iterable[Evidence], indent: str) -> list[str]:
    """Return one line a reason; the words that later articles are compared with are for the program."""
    return [
        f"{indent}{item.label}: {item.value}" + (f"  “{shorten(item.quote, 160)}”" if item.quote else "")
        for item in evidence
        if item.label != WORDS
    ]


def _word_coverage(row: Coverage) -> list[str]:
    when = f"{row.published_at:%Y-%m-%d}" if row.published_at else "undated"
    roles = ", ".join(
        f"{name} {value}"
        for name, value in (("distributor", row.distributor), ("issuer", row.issuer))
        if value
    )
    return [
        f"    {when}  {fold(row.publisher)}: {fold(row.title)}" + (f"  ({fold(roles)})" if roles else ""),
        f"                {row.url}",
        *word_evidence(row.evidence, "                "),
    ]


def word_claim(claim: Claim) -> list[str]:
    """Return a claim in three lines: what, the sentence, who says so and where it can be read."""
    qualifier = (claim.qualifier or "").replace("_", " ")
    value = " ".join(filter(None, (qualifier, claim.value, claim.unit)))
    scope = f", {claim.scope}" if claim.scope else ""
    return [
        f"  {claim.field}: {value}{scope}  [{claim.status.replace('_', ' ')}]",
        f"      “{fold(claim.quote)}”",
        f"      {f'{claim.asserted_by}: ' if claim.asserted_by else ''}{claim.url}",
    ]


def _word_field(field: ResolvedField) -> str:
    """Return a field in one line: its value where one is allowed, else the range; and how it stands."""
    said = field.value
    if said is None:
        known = field.low is not None and field.high is not None
        said = f"{field.low:g} to {field.high:g}" if known else "disputed"
    said = " ".join(filter(None, (shorten(said, 100), field.unit)))
    return f"  {field.field}: {said}  [{field.status.replace('_', ' ')}, {count(field.voices, 'voice')}]"


def _word_relation(relation: EventRelation, event_id: str) -> str:
    other = relation.other_event_id if relation.event_id == event_id else relation.event_id
    quote = f"  “{fold(relation.quote)}”" if relation.quote else ""
    return f"  {relation.kind.replace('_', ' ')}: {other}{quote}"


def _sort_claims(claims: Sequence[Claim]) -> list[Claim]:
    """Return figures first, the fields that disagree at the very top."""
    disagreeing = {claim.field for claim in claims if claim.status in ("soft_conflict", "conflict")}
    return sorted(
        claims,
        key=lambda c: (c.field not in disagreeing, c.low is None and c.high is None, c.field, c.low or 0),
    )
