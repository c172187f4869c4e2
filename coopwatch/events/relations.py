"""Events that belong together without being one.

Of one series; one named in an article on the other; one held within the other; an act that follows
from an older one; a preview and its event that stayed apart. Where two relations could hold, or two
events could be meant, there is none.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

from coopwatch.events.profiles import find_numbers
from coopwatch.events.references import FOLLOWS, MENTIONS, WITHIN
from coopwatch.events.spans import Span, count_days_apart, read_span
from schemas.records import Coverage, Dossier, EventRelation, Evidence, RelationKind

_BY_LABEL: Mapping[str, RelationKind] = {
    MENTIONS: "mentioned",
    WITHIN: "sub_event",
    FOLLOWS: "follow_up",
}
SPEAKS_OF = "speaks of"
"""Label of the evidence that tells what an article is about."""

_Events = Mapping[str, Dossier]


def find_relations(before: _Events, after: _Events) -> tuple[EventRelation, ...]:
    """Return the relations that a batch brought, whichever of two events became known first.

    Args:
        before: the events known before the batch, by id.
        after: the same and the new ones, after the batch.

    Returns:
        "same_series" once a pair, its ids in order. "mentioned" from the event whose coverage names the
        other, "sub_event" from the one that is held within the other, "follow_up" from the later act,
        "announcement_of" from the preview; each with the first article that says so, and its words.
    """
    after = {event_id: dossier for event_id, dossier in after.items() if not dossier.event.merged_into}
    new = {
        event_id for event_id, dossier in after.items() if _series(before, event_id) != dossier.event.series
    }
    new |= after.keys() - before.keys()
    return (
        *_relate_series(after, new),
        *_relate_named(before, after, new),
        *_relate_announced(before, after),
    )


def word_subject(series: str | None, edition: int | None) -> str:
    """Return how evidence names an edition of a series; it is read back to find the event that is meant."""
    return " ".join(str(part) for part in (series, edition) if part is not None)


def _series(dossiers: _Events, event_id: str) -> str | None:
    dossier = dossiers.get(event_id)
    return dossier.event.series if dossier else None


def _relate_series(dossiers: _Events, new: Collection[str]) -> Iterator[EventRelation]:
    by_series: dict[str, list[str]] = {}
    for event_id, dossier in sorted(dossiers.items()):
        if dossier.event.series is not None:
            by_series.setdefault(dossier.event.series, []).append(event_id)
    for event_ids in by_series.values():
        for one, other in combinations(event_ids, 2):
            if one in new or other in new:
                yield EventRelation(event_id=one, other_event_id=other, kind="same_series")


def _relate_named(before: _Events, after: _Events, new: Collection[str]) -> Iterator[EventRelation]:
    """Yield what coverage says of other events, where new coverage says it or the other event is new."""
    named = {
        word_subject(dossier.event.series, number): event_id
        for event_id, dossier in sorted(after.items())
        if dossier.event.series is not None
        for number in find_numbers(dossier)
    }
    acts = {event_id: dossier for event_id, dossier in after.items() if dossier.event.kind == "agreement"}
    related = set()
    for event_id, dossier in sorted(after.items()):
        held = {row.article_id for row in before[event_id].coverage} if event_id in before else set()
        for row, reason, kind in _find_references(dossier):
            is_act = kind == "follow_up"
            other = _find_act(reason.value, dossier, acts) if is_act else named.get(reason.value)
            if other is None or other == event_id or (event_id, other, kind) in related:
                continue
            if row.article_id not in held or other in new:
                related.add((event_id, other, kind))
                yield _make(event_id, other, kind, row, reason)


def _find_references(dossier: Dossier) -> Iterator[tuple[Coverage, Evidence, RelationKind]]:
    for row in dossier.coverage:
        for reason in row.evidence:
            if reason.label in _BY_LABEL:
                yield row, reason, _BY_LABEL[reason.label]


def _find_act(value: str, later: Dossier, acts: _Events) -> str | None:
    """Return the one older act of these days whose parties are those of the later event."""
    kind, _, days = value.partition(" ")
    span = read_span(days)
    parties = set(later.event.participants)
    fitting = [
        event_id
        for event_id, act in acts.items()
        if act is not later
        and act.event.kind == kind
        and len(parties & set(act.event.participants)) > 1
        and _is_within(act, span)
        and (
            later.event.start_date is None
            or (act.event.start_date or later.event.start_date) < later.event.start_date
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_within(dossier: Dossier, span: Span) -> bool:
    """Tell whether an event took place within a span, as far as the text gives it: a day, or a month."""
    days, event = span.days(), dossier.event
    if days is None or event.start_date is None:
        return False
    return days[0] <= event.start_date and (event.end_date or event.start_date) <= days[1]


def _relate_announced(before: _Events, after: _Events) -> Iterator[EventRelation]:
    """Yield from an event that is known by previews alone to the one that they announce."""
    previews = {event_id: dossier for event_id, dossier in after.items() if _is_announced(dossier)}
    reports = {event_id: dossier for event_id, dossier in after.items() if _is_reported(dossier)}
    for event_id, preview in sorted(previews.items()):
        fitting = [other for other, report in reports.items() if _announces(preview, report)]
        if len(fitting) != 1:
            continue
        other = fitting[0]
        if before.get(event_id) is not preview or before.get(other) is not after[other]:
            row = preview.coverage[0]
            reason = next((one for one in row.evidence if one.label == SPEAKS_OF), None)
            yield _make(event_id, other, "announcement_of", row, reason)


def _is_announced(dossier: Dossier) -> bool:
    return bool(dossier.coverage) and all(row.role == "preview" for row in dossier.coverage)


def _is_reported(dossier: Dossier) -> bool:
    return any(row.role == "main" for row in dossier.coverage)


def _announces(preview: Dossier, report: Dossier) -> bool:
    """Tell whether a preview can only be of this event: its kind, its days, its parties."""
    ours, theirs = preview.event, report.event
    if ours.kind != theirs.kind or not ours.start_date or not theirs.start_date:
        return False
    if ours.series and theirs.series and ours.series != theirs.series:
        return False
    days = [
        Span.of_days(event.start_date, event.end_date or event.start_date)
        for event in (ours, theirs)
        if event.start_date
    ]
    if count_days_apart(*days) or not find_numbers(preview) <= find_numbers(report) | {
        theirs.start_date.year
    }:
        return False
    heard = [row.published_at.date() for row in report.coverage if row.published_at and row.role == "main"]
    told = [row.published_at.date() for row in preview.coverage if row.published_at]
    if not heard or not told or max(told) > min(heard):
        return False
    is_same_series = ours.series is not None and ours.series == theirs.series
    are_same_parties = len(ours.participants) > 1 and ours.participants == theirs.participants
    is_same_place = ours.place is not None and ours.place == theirs.place
    return is_same_series or (are_same_parties and (is_same_place or not (ours.place and theirs.place)))


def _make(
    event_id: str, other: str, kind: RelationKind, row: Coverage, reason: Evidence | None
) -> EventRelation:
    return EventRelation(
        event_id=event_id,
        other_event_id=other,
        kind=kind,
        article_id=row.article_id,
        quote=reason.quote if reason else None,
    )
