"""Events that turn out to be one: the older keeps its id, the other becomes a redirect.

Which events are one is not decided here: `doubles` finds them, or analysts say so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from coopwatch.events.moving import RULE_VERSION, IdentityError, empty, explain_move, send, settle
from coopwatch.events.pins import RULES, make_pin
from schemas.records import Dossier, Event, EventRelation, IdentityChange, Pin, Record


class Merged(Record):
    """Two events as one, what is left of the other, and the pins that keep an analyst's word."""

    dossier: Dossier
    redirect: Event
    change: IdentityChange
    pins: tuple[Pin, ...] = ()


class Carried(Record):
    """What linking a batch came to, after merges."""

    dossiers: tuple[Dossier, ...]
    relations: tuple[EventRelation, ...]


def age_of(dossier: Dossier) -> tuple[datetime, str]:
    """Return what orders events by age: of two that are one, the least keeps its id."""
    return dossier.event.first_seen_at, dossier.event.event_id


def merge_events(one: Dossier, other: Dossier, now: datetime, *, reason: str, actor: str = RULES) -> Merged:
    """Merge two events.

    The result is the same whichever is given first. An article that is on both stays once, in the more
    telling role; a text says a thing once.

    Args:
        one: an event, whole.
        other: another one.
        now: the time of the decision.
        reason: why, in one line.
        actor: an analyst, or "rules".

    Raises:
        IdentityError: they are the same event, or one of them is a redirect.
    """
    older, younger = sorted((one, other), key=age_of)
    kept_id, gone_id = older.event.event_id, younger.event.event_id
    if kept_id == gone_id:
        raise IdentityError(f"{kept_id} cannot be merged with itself")
    for event in (older.event, younger.event):
        if event.merged_into is not None:
            raise IdentityError(f"{event.event_id} was merged into {event.merged_into} already")
    moving = send(younger, kept_id, explain_move("merged", gone_id, reason, actor), actor)
    named = older.event if older.event.series or not younger.event.series else younger.event
    identity = {name: getattr(named, name) for name in ("series", "name", "kind")}
    moved_ids = tuple(sorted({row.article_id for row in younger.coverage}))
    return Merged(
        dossier=settle(
            older.event.model_copy(update=identity),
            (*older.coverage, *moving.coverage),
            (*older.claims, *moving.claims),
            now,
        ),
        redirect=empty(younger.event, now, merged_into=kept_id),
        change=IdentityChange(
            kind="merge",
            event_id=kept_id,
            other_event_id=gone_id,
            article_ids=moved_ids,
            actor=actor,
            rule_version=RULE_VERSION,
            reason=reason,
        ),
        pins=tuple(
            make_pin("must_link", article_id, kept_id, now, actor=actor, note=reason)
            for article_id in (moved_ids if actor != RULES else ())
        ),
    )


def merge_all(
    dossiers: Iterable[Dossier], pairs: Iterable[tuple[str, str, str]], now: datetime
) -> tuple[Merged, ...]:
    """Merge what rules have found to be one; see `doubles.find_merges`.

    Args:
        dossiers: the events.
        pairs: the ids of the event that stays and of the one that goes into it, and why; none that goes
            is in another pair.
        now: the time of the decision.

    Returns:
        The merges in their order; one event may have taken in several, the last of them has it whole.
    """
    standing = {dossier.event.event_id: dossier for dossier in dossiers}
    merges = []
    for kept_id, gone_id, reason in pairs:
        merged = merge_events(standing[kept_id], standing[gone_id], now, reason=reason)
        standing[kept_id] = merged.dossier
        merges.append(merged)
    return tuple(merges)


def carry_over(
    merges: Sequence[Merged], dossiers: Iterable[Dossier], relations: Iterable[EventRelation]
) -> Carried:
    """Return what linking a batch came to as it is after merges.

    Args:
        merges: what was merged after linking.
        dossiers: the events that the batch made or changed.
        relations: that it found.
    """
    into = {merged.redirect.event_id: merged.dossier.event.event_id for merged in merges}
    whole = {merged.dossier.event.event_id: merged.dossier for merged in merges}
    standing = {dossier.event.event_id: dossier for dossier in dossiers} | whole
    return Carried(
        dossiers=tuple(dossier for event_id, dossier in sorted(standing.items()) if event_id not in into),
        relations=carry_relations(relations, into),
    )


def carry_relations(relations: Iterable[EventRelation], into: Mapping[str, str]) -> tuple[EventRelation, ...]:
    """Return relations between the events that stay, each once."""
    carried: dict[tuple[str, str, str], EventRelation] = {}
    for relation in relations:
        ends = [into.get(end, end) for end in (relation.event_id, relation.other_event_id)]
        if relation.kind == "same_series":
            ends.sort()
        if ends[0] != ends[1]:
            told = relation.model_copy(update={"event_id": ends[0], "other_event_id": ends[1]})
            carried.setdefault((ends[0], ends[1], relation.kind), told)
    return tuple(carried.values())
