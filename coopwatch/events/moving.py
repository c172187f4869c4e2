"""Coverage that moves from one event to another: what goes along, and what becomes of both.

Every copy of a text goes with it, since all tell of one event, and so does what the text claims.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal

from coopwatch.errors import CoopwatchError
from coopwatch.events.pins import RULES
from coopwatch.events.resolution import by_publication, resolve
from coopwatch.events.spans import YEAR_FROM_EVENT, YEAR_UNKNOWN, read_span, write_span
from coopwatch.events.withdrawal import find_copies
from schemas.records import Claim, Coverage, Dossier, Event, Evidence, MentionRole, Record

RULE_VERSION = "identity-1"
"""Version of what finds events that are one, and of what moves with them."""

_UNDATED = (True, 0.0, "")
_MOVES = ("merged", "moved")  # labels of the evidence that coverage came from another event
_ROLES: tuple[MentionRole, ...] = ("main", "preview", "sub_event", "background")


class IdentityError(CoopwatchError):
    """What somebody asks of events, articles and pins cannot be done."""


class Moved(Record):
    """Two events between which coverage has moved."""

    source: Dossier
    target: Dossier
    article_ids: tuple[str, ...]


def move_articles(  # noqa: PLR0917 — from, to, what, when, why, by whom
    source: Dossier, target: Dossier, article_ids: Collection[str], now: datetime, reason: str, actor: str
) -> Moved:
    """Move articles from one event to another, with all copies of their texts and what these claim.

    Raises:
        IdentityError: an article is not on the event that it should leave.
    """
    going = follow_texts(source, article_ids)
    texts = {row.text_group_id for row in source.coverage if row.article_id in going}
    source_id, target_id = source.event.event_id, target.event.event_id
    leaving = Dossier(
        event=source.event,
        coverage=tuple(row for row in source.coverage if row.article_id in going),
        claims=tuple(claim for claim in source.claims if claim.text_group_id in texts),
    )
    moving = send(leaving, target_id, explain_move("moved", source_id, reason, actor), actor)
    return Moved(
        source=settle(
            source.event,
            tuple(row for row in source.coverage if row.article_id not in going),
            tuple(claim for claim in source.claims if claim.text_group_id not in texts),
            now,
        ),
        target=settle(
            target.event,
            (*target.coverage, *moving.coverage),
            (*target.claims, *moving.claims),
            now,
        ),
        article_ids=tuple(sorted(going)),
    )


def follow_texts(dossier: Dossier, article_ids: Collection[str]) -> frozenset[str]:
    """Return articles of an event with the other copies of their texts."""
    on_it = {row.article_id for row in dossier.coverage}
    if not article_ids:
        raise IdentityError("name at least one article")
    for article_id in article_ids:
        if article_id not in on_it:
            raise IdentityError(f"{article_id} is not on {dossier.event.event_id}")
    return frozenset(article_ids) | find_copies(dossier, article_ids)


def explain_move(label: Literal["merged", "moved"], source_id: str, reason: str, actor: str) -> Evidence:
    """Return where coverage came from as evidence for its link."""
    return Evidence(label=label, value=f"from {source_id} by {actor}: {reason}")


def send(dossier: Dossier, event_id: str, told: Evidence, actor: str) -> Dossier:
    """Return coverage and claims as those of another event."""
    linked_by = {} if actor == RULES else {"linked_by": actor}
    coverage = tuple(
        row.model_copy(update={"event_id": event_id, "evidence": (*row.evidence, told), **linked_by})
        for row in dossier.coverage
    )
    claims = tuple(claim.model_copy(update={"event_id": event_id}) for claim in dossier.claims)
    return dossier.model_copy(update={"coverage": coverage, "claims": claims})


def settle(event: Event, coverage: Iterable[Coverage], claims: Iterable[Claim], now: datetime) -> Dossier:
    """Return the event of this coverage, computed anew, with its next revision.

    Everything is put into an order of its own before, so that it does not matter in which one events
    were merged.
    """
    rows: dict[str, Coverage] = {}
    for row in sorted(coverage, key=_by_role):
        rows.setdefault(row.article_id, row)
    event = event.model_copy(update={"revision": event.revision + 1})
    if not rows:
        return Dossier(event=empty(event, now))
    at = {row.article_id: by_publication(row) for row in rows.values()}
    said = sorted(
        map(_forget_year, claims),
        key=lambda claim: (
            at.get(claim.article_id, _UNDATED),
            claim.quote_start,
            claim.model_dump_json(exclude={"status"}),
        ),
    )
    covered = tuple(sorted(rows.values(), key=by_publication))
    return resolve(Dossier(event=event, coverage=covered, claims=tuple(said)), now)


def _by_role(row: Coverage) -> tuple[int, list[str]]:
    """Order rows of one article; on which events it was before says nothing."""
    return _ROLES.index(row.role), [
        reason.model_dump_json() for reason in row.evidence if reason.label not in _MOVES
    ]


def empty(event: Event, now: datetime, merged_into: str | None = None) -> Event:
    """Return an event that nobody covers, with what was known of it."""
    nobody = {"articles": 0, "text_groups": 0, "independent_sources": 0, "updated_at": now}
    revision = event.revision + (merged_into is not None)
    return event.model_copy(update={**nobody, "merged_into": merged_into, "revision": revision})


def _forget_year(claim: Claim) -> Claim:
    """Return a claim on dates without the year that it took from the other texts of its event."""
    if claim.field != "dates" or claim.qualifier != YEAR_FROM_EVENT:
        return claim
    value = write_span(read_span(claim.value).in_year(None))
    return claim.model_copy(update={"value": value, "qualifier": YEAR_UNKNOWN, "status": "only"})
