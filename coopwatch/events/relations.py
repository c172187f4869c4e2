"""Events that belong together without being one: of one series, or one named in an article on the other."""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

from coopwatch.events.profiles import Profile
from schemas.records import Dossier, EventRelation

MENTIONS = "mentions"  # label of the evidence that names another event


def find_relations(before: Mapping[str, Dossier], after: Mapping[str, Dossier]) -> tuple[EventRelation, ...]:
    """Return the relations that a batch brought, whichever of two events became known first.

    Args:
        before: the events known before the batch, by id.
        after: the same and the new ones, after the batch.

    Returns:
        "same_series" once a pair, its ids in order; "mentioned" from the event whose coverage names
        the other, with the first article that does and its words.
    """
    new = {
        event_id for event_id, dossier in after.items() if _series(before, event_id) != dossier.event.series
    }
    new |= after.keys() - before.keys()
    return (*_relate_series(after, new), *_relate_mentioned(before, after, new))


def word_subject(series: str | None, edition: int | None) -> str:
    """Return how evidence names an edition of a series; it is read back to find the event that is meant."""
    return " ".join(str(part) for part in (series, edition) if part is not None)


def _series(dossiers: Mapping[str, Dossier], event_id: str) -> str | None:
    dossier = dossiers.get(event_id)
    return dossier.event.series if dossier else None


def _relate_series(dossiers: Mapping[str, Dossier], new: Collection[str]) -> Iterator[EventRelation]:
    by_series: dict[str, list[str]] = {}
    for event_id, dossier in sorted(dossiers.items()):
        if dossier.event.series is not None:
            by_series.setdefault(dossier.event.series, []).append(event_id)
    for event_ids in by_series.values():
        for one, other in combinations(event_ids, 2):
            if one in new or other in new:
                yield EventRelation(event_id=one, other_event_id=other, kind="same_series")


def _relate_mentioned(
    before: Mapping[str, Dossier], after: Mapping[str, Dossier], new: Collection[str]
) -> Iterator[EventRelation]:
    named = {
        word_subject(dossier.event.series, number): event_id
        for event_id, dossier in sorted(after.items())
        if dossier.event.series is not None
        for number in Profile.of_dossier(dossier).numbers
    }
    related = set()
    for event_id, dossier in sorted(after.items()):
        held = {row.article_id for row in before[event_id].coverage} if event_id in before else set()
        for row in dossier.coverage:
            for reason in row.evidence:
                other = named.get(reason.value, event_id) if reason.label == MENTIONS else event_id
                is_news = row.article_id not in held or other in new
                if other != event_id and is_news and (event_id, other) not in related:
                    related.add((event_id, other))
                    yield EventRelation(
                        event_id=event_id,
                        other_event_id=other,
                        kind="mentioned",
                        article_id=row.article_id,
                        quote=reason.quote,
                    )
