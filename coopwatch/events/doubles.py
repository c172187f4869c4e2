"""Events that are there twice: a report that came first without an edition, until a later one tells.

Two events are one when an analyst pinned one's texts to the other, when they are of one edition of a
series, when all texts of the one are on the other, or when every text of either is very like the
other. Two editions or years of a series are never one, nor what a pin keeps apart; and an event that
could be either of two that are not one is neither.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from itertools import combinations
from typing import NamedTuple

from coopwatch.events.candidates import Shelf
from coopwatch.events.editions import is_year
from coopwatch.events.frequencies import Frequencies
from coopwatch.events.linking import link
from coopwatch.events.merging import age_of
from coopwatch.events.pins import Pins, find_barred
from coopwatch.events.profiles import Profile, find_numbers, find_wordings
from coopwatch.events.weights import Weights
from schemas.records import Dossier

MERGE = 0.95  # a score of likeness from which two events are one
_NEAR_DAYS = 3  # days of two reports on one event may differ by a slip
_NEWS_DAYS = 3  # what is told later, and very like, may be the next of its kind: weekly figures, talks

Alike = Mapping[tuple[str, str], float]
"""How like two events are, by their ids in order; see `measure_alike`."""


class Pair(NamedTuple):
    """Two events that are one: the id that stays, the one that goes, and why."""

    kept_id: str
    gone_id: str
    reason: str


class _Ground(IntEnum):
    """Why two events are one, the surest first."""

    PIN = 0
    EDITION = 1
    TEXT = 2
    LIKENESS = 3


class _Edge(NamedTuple):
    ground: _Ground
    reason: str


_Edges = dict[tuple[str, str], _Edge]


def find_merges(
    dossiers: Iterable[Dossier], pins: Pins | None = None, alike: Alike | None = None
) -> tuple[Pair, ...]:
    """Return which events are one.

    Args:
        dossiers: events, whole, in any order; those that nobody covers are passed over.
        pins: those in force on their articles.
        alike: how like they are, of the pairs that come near.

    Returns:
        For each event that goes into another one, the oldest of those that it is one with. An event that
        stays goes nowhere itself.
    """
    pins = pins or Pins()
    events = {
        dossier.event.event_id: dossier
        for dossier in sorted(dossiers, key=age_of)
        if dossier.coverage and dossier.event.merged_into is None
    }
    barred = {_order(*pair) for pair in find_barred(events.values(), pins)}
    edges = _find_edges(events, pins, alike or {})
    pairs = []
    for members in _choose_groups(events, edges, barred):
        kept_id, *gone = sorted(members, key=lambda event_id: age_of(events[event_id]))
        for gone_id in gone:
            why = min(edge for pair, edge in edges.items() if gone_id in pair and members.issuperset(pair))
            pairs.append(Pair(kept_id, gone_id, why.reason))
    return tuple(sorted(pairs))


def measure_alike(
    dossiers: Sequence[Dossier], weights: Weights, changed: Collection[str] | None = None
) -> dict[tuple[str, str], float]:
    """Return how like events are that have something telling in common and could be one.

    Each text of the one is held against the whole of the other, and the other way round; the least like
    counts, and below MERGE the first that is less.

    Args:
        dossiers: events, whole.
        weights: what was learned of likeness.
        changed: ids of those that are held against the others; all by default.
    """
    frequencies = Frequencies(wording for dossier in dossiers for wording in find_wordings(dossier))
    events = {dossier.event.event_id: dossier for dossier in dossiers if dossier.coverage}
    profiles = {event_id: Profile.of_dossier(events[event_id], frequencies) for event_id in events}
    shelf = Shelf(profiles.values())
    near = {
        _order(event_id, other.event_id)
        for event_id in (events if changed is None else events.keys() & set(changed))
        for other in shelf.find(profiles[event_id])
        if other.event_id != event_id
    }
    return {
        (one, other): _measure(profiles[one], profiles[other], weights)
        for one, other in sorted(near)
        if _may_be_one(events[one], events[other]) and _is_same_news(events[one], events[other])
    }


def find_difference(one: Dossier, other: Dossier) -> str | None:
    """Say why two events cannot be one, whatever else speaks for it; None if nothing does."""
    ours, theirs = one.event, other.event
    in_series = ours.series is not None and theirs.series is not None
    if in_series and ours.series != theirs.series:
        return f"series {ours.series} and {theirs.series}"
    editions = [_find_editions(dossier) for dossier in (one, other)]
    if all(editions) and editions[0] != editions[1]:
        return "different editions"
    years = [_find_years(dossier) for dossier in (one, other)]
    by_year = in_series or any(_numbers_by_year(dossier) for dossier in (one, other))
    if by_year and all(years) and years[0].isdisjoint(years[1]):
        return "different years"
    return None


def _find_edges(events: Mapping[str, Dossier], pins: Pins, alike: Alike) -> _Edges:
    edges: _Edges = {}
    for edge, pair in (
        *_relate_pinned(events, pins),
        *_relate_editions(events),
        *_relate_texts(events),
        *_relate_alike(events, alike),
    ):
        edges[pair] = min(edge, edges.get(pair, edge))
    return edges


def _relate_pinned(events: Mapping[str, Dossier], pins: Pins) -> Iterator[tuple[_Edge, tuple[str, str]]]:
    for event_id, dossier in events.items():
        pinned = [{pin.event_id for pin in pins.rule_on(row).forced} for row in dossier.coverage]
        for other_id in set.intersection(*pinned) - {event_id}:
            if other_id in events:
                yield _Edge(_Ground.PIN, "an analyst pinned its texts there"), _order(event_id, other_id)


def _relate_editions(events: Mapping[str, Dossier]) -> Iterator[tuple[_Edge, tuple[str, str]]]:
    by_edition: dict[tuple[str, int], list[str]] = defaultdict(list)
    for event_id, dossier in events.items():
        series = dossier.event.series
        for number in find_numbers(dossier) if series else ():
            by_edition[series or "", number].append(event_id)
    for (series, number), event_ids in by_edition.items():
        for one, other in combinations(event_ids, 2):
            if find_difference(events[one], events[other]) is None:
                yield _Edge(_Ground.EDITION, f"both are {series} {number}"), _order(one, other)


def _relate_texts(events: Mapping[str, Dossier]) -> Iterator[tuple[_Edge, tuple[str, str]]]:
    """Relate events of which one has no text of its own; an article on both tells of two events."""
    holders: dict[str, list[str]] = defaultdict(list)
    for event_id, dossier in events.items():
        for text in sorted({row.text_group_id for row in dossier.coverage if row.role == "main"}):
            holders[text].append(event_id)
    pairs = {pair for event_ids in holders.values() for pair in combinations(event_ids, 2)}
    for one, other in pairs:
        if not _may_be_one(events[one], events[other]):
            continue
        texts = [{row.text_group_id for row in events[event_id].coverage} for event_id in (one, other)]
        if texts[0] <= texts[1] or texts[1] <= texts[0]:
            shared = ", ".join(sorted(texts[0] & texts[1]))
            yield _Edge(_Ground.TEXT, f"the same text: {shared}"), _order(one, other)


def _relate_alike(events: Mapping[str, Dossier], alike: Alike) -> Iterator[tuple[_Edge, tuple[str, str]]]:
    for (one, other), score in alike.items():
        if score < MERGE or one not in events or other not in events:
            continue
        if _may_be_one(events[one], events[other]) and _is_same_news(events[one], events[other]):
            yield _Edge(_Ground.LIKENESS, f"all their texts are alike, score {score:.2f}"), _order(one, other)


def _may_be_one(one: Dossier, other: Dossier) -> bool:
    """Tell whether neither identity nor days nor an article that tells of both speak against it."""
    if find_difference(one, other) is not None or _share_article(one, other):
        return False
    ours, theirs = one.event, other.event
    if ours.start_date is None or theirs.start_date is None:
        return True
    first, last = sorted((ours, theirs), key=lambda event: (event.start_date, event.event_id))
    ends = first.end_date or first.start_date
    return ends is None or last.start_date is None or (last.start_date - ends).days <= _NEAR_DAYS


def _share_article(one: Dossier, other: Dossier) -> bool:
    """Tell whether an article is on both: it tells of two events."""
    return not {row.article_id for row in one.coverage}.isdisjoint(row.article_id for row in other.coverage)


def _is_same_news(one: Dossier, other: Dossier) -> bool:
    """Tell whether a report of the one was published within few days of one of the other."""
    days = (
        abs((ours.published_at - theirs.published_at).days)
        for ours in one.coverage
        for theirs in other.coverage
        if ours.published_at and theirs.published_at
    )
    return min(days, default=_NEWS_DAYS + 1) <= _NEWS_DAYS


def _choose_groups(
    events: Mapping[str, Dossier], edges: _Edges, barred: set[tuple[str, str]]
) -> Iterator[frozenset[str]]:
    """Yield groups of events that are one; of a group at odds with itself only what is surer."""
    for members in _connect(edges):
        if _is_at_one(members, events, edges, barred):
            yield members
            continue
        weakest = max(edge.ground for pair, edge in edges.items() if members.issuperset(pair))
        surer = {
            pair: edge for pair, edge in edges.items() if edge.ground < weakest and members.issuperset(pair)
        }
        yield from _choose_groups(events, surer, barred)


def _is_at_one(
    members: Iterable[str], events: Mapping[str, Dossier], edges: _Edges, barred: set[tuple[str, str]]
) -> bool:
    members = frozenset(members)
    grounds = {edge.ground for pair, edge in edges.items() if members.issuperset(pair)}
    is_likeness = _Ground.LIKENESS in grounds  # of which a chain leads from anything to anything
    for one, other in combinations(sorted(members), 2):
        pair = _order(one, other)
        is_pinned = pair in edges and edges[pair].ground is _Ground.PIN
        differ = not is_pinned and find_difference(events[one], events[other]) is not None
        if differ or pair in barred or (is_likeness and pair not in edges):
            return False
    return True


def _connect(pairs: Iterable[tuple[str, str]]) -> Iterator[frozenset[str]]:
    """Yield the groups that pairs connect."""
    group_of: dict[str, set[str]] = {}
    for one, other in pairs:
        joined = group_of.setdefault(one, {one}) | group_of.setdefault(other, {other})
        for member in joined:
            group_of[member] = joined
    for first, members in sorted(group_of.items()):
        if first == min(members):
            yield frozenset(members)


def _measure(one: Profile, other: Profile, weights: Weights) -> float:
    least = 1.0
    for ours, theirs in ((one, other), (other, one)):
        for wording in ours.wordings:
            least = min(least, link(replace(ours, wordings=(wording,)), [theirs], weights).score)
            if least < MERGE:
                return least
    return least


def _find_editions(dossier: Dossier) -> frozenset[int]:
    return frozenset(number for number in find_numbers(dossier) if not is_year(number))


def _numbers_by_year(dossier: Dossier) -> bool:
    return any(map(is_year, find_numbers(dossier)))


def _find_years(dossier: Dossier) -> frozenset[int]:
    named = frozenset(number for number in find_numbers(dossier) if is_year(number))
    event = dossier.event
    return named or frozenset(day.year for day in (event.start_date, event.end_date) if day)


def _order(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
