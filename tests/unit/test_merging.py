from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.events.merging import carry_over, merge_all, merge_events
from coopwatch.events.moving import IdentityError, settle
from coopwatch.events.news import find_all_changes
from schemas.records import Dossier, EventRelation
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event

LATER = NOW + timedelta(days=2)
HOUR = timedelta(hours=1)


def tell(event_id: str, *told: tuple[int, str], age: int = 0, **changes: Any) -> Dossier:
    """Return an event as it is told by articles: their number, and the figure they give."""
    event = make_event(event_id=event_id, first_seen_at=NOW - age * HOUR, **changes)
    rows = [make_coverage(make_article(n), event_id=event_id, family=f"family {n}") for n, _ in told]
    claims = [
        make_claim(make_article(n), event_id=event_id, value=value, low=float(value), high=float(value))
        for n, value in told
    ]
    return settle(event.model_copy(update={"revision": 0}), rows, claims, NOW)


def say(dossier: Dossier) -> set[tuple[str, str, str, str]]:
    return {(claim.article_id, claim.field, claim.value, claim.status) for claim in dossier.claims}


def test_the_older_keeps_its_id_and_takes_all() -> None:
    older, younger = tell("e-z", (1, "40"), age=5), tell("e-a", (2, "90"), (3, "40"))

    merged = merge_events(younger, older, LATER, reason="the same text")

    event = merged.dossier.event
    assert (event.event_id, event.revision, event.first_seen_at) == ("e-z", 2, older.event.first_seen_at)
    assert (event.articles, event.text_groups, event.independent_sources) == (3, 3, 3)
    assert {row.event_id for row in merged.dossier.coverage} == {"e-z"}
    assert {claim.event_id for claim in merged.dossier.claims} == {"e-z"}
    assert sorted((claim.value, claim.status) for claim in merged.dossier.claims) == [
        ("40", "conflict"),
        ("40", "conflict"),
        ("90", "conflict"),
    ]
    redirect = merged.redirect
    assert (redirect.event_id, redirect.merged_into, redirect.articles, redirect.revision) == (
        "e-a",
        "e-z",
        0,
        2,
    )
    assert merged.change.model_dump(include={"kind", "event_id", "other_event_id", "actor", "reason"}) == {
        "kind": "merge",
        "event_id": "e-z",
        "other_event_id": "e-a",
        "actor": "rules",
        "reason": "the same text",
    }
    assert merged.change.article_ids == tuple(sorted(make_article(n).article_id for n in (2, 3)))
    assert merged.pins == ()


def test_the_same_age_is_decided_by_the_id() -> None:
    merged = merge_events(tell("e-2", (1, "40")), tell("e-1", (2, "40")), LATER, reason="edition")
    assert (merged.dossier.event.event_id, merged.redirect.event_id) == ("e-1", "e-2")


def test_moved_coverage_says_where_it_was() -> None:
    merged = merge_events(tell("e-1", (1, "40")), tell("e-2", (2, "40")), LATER, reason="edition")
    told = {row.article_id: row.evidence[-1] for row in merged.dossier.coverage}
    assert told[make_article(2).article_id].value == "from e-2 by rules: edition"
    assert told[make_article(1).article_id].label == "series"


def test_an_analyst_pins_what_moves() -> None:
    merged = merge_events(tell("e-1", (1, "40")), tell("e-2", (2, "40")), LATER, reason="it is", actor="ada")
    (pin,) = merged.pins
    assert (pin.kind, pin.article_id, pin.event_id, pin.actor) == (
        "must_link",
        make_article(2).article_id,
        "e-1",
        "ada",
    )
    assert {row.linked_by for row in merged.dossier.coverage} == {"", "ada"}


def test_an_older_event_without_a_series_becomes_one_of_the_series() -> None:
    plain = tell("e-1", (1, "40"), age=5)
    numbered = tell("brst-1", (2, "40"), series="brst", name="Conference on Exchange", kind="conference")
    event = merge_events(plain, numbered, LATER, reason="edition").dossier.event
    assert (event.event_id, event.series, event.name, event.kind) == (
        "e-1",
        "brst",
        "Conference on Exchange",
        "conference",
    )


def test_an_article_on_both_stays_once_in_its_more_telling_role() -> None:
    beside = tell("e-1", (1, "40"), age=5)
    beside = beside.model_copy(
        update={"coverage": tuple(row.model_copy(update={"role": "sub_event"}) for row in beside.coverage)}
    )
    merged = merge_events(beside, tell("e-2", (1, "40")), LATER, reason="edition")
    assert [(row.article_id, row.role) for row in merged.dossier.coverage] == [
        (make_article(1).article_id, "main")
    ]
    assert len(merged.dossier.claims) == 1


def test_a_year_that_was_inherited_is_inherited_anew() -> None:
    def date_claim(number: int, event_id: str, value: str, qualifier: str | None) -> Dossier:
        article = make_article(number)
        said = make_claim(
            article, event_id=event_id, field="dates", value=value, low=None, high=None, qualifier=qualifier
        )
        rows = [make_coverage(article, event_id=event_id)]
        return settle(make_event(event_id=event_id), rows, [said], NOW)

    wrong = date_claim(1, "e-1", "2022-11-06/2022-11-06", "year inherited from the event")
    right = date_claim(2, "e-2", "2023-11-06/2023-11-07", None)
    merged = merge_events(wrong, right, LATER, reason="edition").dossier
    assert {claim.value for claim in merged.claims} == {"2023-11-06/2023-11-06", "2023-11-06/2023-11-07"}


def test_events_that_nobody_covers_can_be_merged() -> None:
    empty = Dossier(event=make_event(event_id="e-2", articles=0))
    merged = merge_events(empty, Dossier(event=make_event(articles=0)), LATER, reason="edition")
    assert merged.dossier.coverage == ()
    assert merged.dossier.event.revision == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (tell("e-1", (1, "40")), tell("e-1", (1, "40"))),
        (tell("e-1", (1, "40")), tell("e-2", (2, "40"), merged_into="e-3")),
        (tell("e-1", (1, "40"), merged_into="e-2"), tell("e-2", (2, "40"))),
    ],
)
def test_no_event_is_merged_with_itself_or_twice(one: Dossier, other: Dossier) -> None:
    with pytest.raises(IdentityError, match="e-"):
        merge_events(one, other, LATER, reason="edition")


TOLD = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from(["40", "41", "800"])), min_size=1, max_size=4
).map(lambda told: tuple(dict(told).items()))


@given(st.tuples(TOLD, TOLD, TOLD))
def test_the_order_of_merges_does_not_matter(told: tuple[tuple[tuple[int, str], ...], ...]) -> None:
    events = {f"e-{number}": tell(f"e-{number}", *some) for number, some in enumerate(told)}
    ends = []
    for first, second, third in permutations(events):
        pair = merge_events(events[first], events[second], LATER, reason="edition").dossier
        ends.append(merge_events(pair, events[third], LATER, reason="edition").dossier)
    right = [merge_events(events["e-1"], events["e-2"], LATER, reason="edition").dossier]
    ends.append(merge_events(events["e-0"], right[0], LATER, reason="edition").dossier)

    articles = {make_article(number).article_id for some in told for number, _ in some}
    for end in ends:
        assert end.event.event_id == "e-0"
        assert sorted(row.article_id for row in end.coverage) == sorted(articles)
        assert (end.event.articles, end.event.text_groups) == (len(articles), len(articles))
        assert say(end) == say(ends[0])
        assert [row.article_id for row in end.coverage] == [row.article_id for row in ends[0].coverage]


@given(st.tuples(TOLD, TOLD))
def test_no_article_and_no_figure_is_lost(told: tuple[tuple[tuple[int, str], ...], ...]) -> None:
    one, other = tell("e-1", *told[0]), tell("e-2", *told[1])
    merged = merge_events(one, other, LATER, reason="edition").dossier
    both = [*one.coverage, *other.coverage]
    assert {row.article_id for row in merged.coverage} == {row.article_id for row in both}
    said = {(claim.article_id, claim.value) for claim in (*one.claims, *other.claims)}
    assert {(claim.article_id, claim.value) for claim in merged.claims} == said


def test_several_events_go_into_one() -> None:
    events = [tell("e-1", (1, "40"), age=9), tell("e-2", (2, "40")), tell("e-3", (3, "40"))]
    merges = merge_all(events, [("e-1", "e-2", "edition"), ("e-1", "e-3", "the same text")], LATER)
    assert [len(merged.dossier.coverage) for merged in merges] == [2, 3]
    assert merges[-1].dossier.event.revision == 3


def test_a_new_event_that_goes_into_a_known_one_is_at_most_a_new_voice() -> None:
    known, new = tell("e-1", (1, "40"), age=9), tell("e-2", (2, "40"))
    merges = merge_all([known, new], [("e-1", "e-2", "edition")], LATER)
    after = carry_over(merges, [new], ()).dossiers
    assert [dossier.event.event_id for dossier in after] == ["e-1"]
    changes = find_all_changes({"e-1": known}, after, into={"e-2": "e-1"})
    assert [found.kind for found in changes] == ["new_source"]


def test_a_voice_that_was_heard_is_not_news() -> None:
    known, heard = tell("e-1", (1, "40"), age=9), tell("e-2", (2, "40"), age=5)
    again = heard.coverage[0].model_copy(update={"article_id": make_article(3).article_id})
    grown = heard.model_copy(update={"coverage": (*heard.coverage, again)})
    merges = merge_all([known, grown], [("e-1", "e-2", "edition")], LATER)
    after = carry_over(merges, [grown], ()).dossiers
    assert not list(find_all_changes({"e-1": known, "e-2": heard}, after, into={"e-2": "e-1"}))


def test_two_new_events_that_are_one_are_announced_once() -> None:
    new = [tell("e-1", (1, "40")), tell("e-2", (2, "40")), tell("e-3", (3, "40"))]
    merges = merge_all(new, [("e-1", "e-2", "edition")], LATER)
    after = carry_over(merges, new, ()).dossiers
    changes = find_all_changes({}, after, into={"e-2": "e-1"})
    assert [(found.event_id, found.kind, found.revision) for found in changes] == [
        ("e-1", "new_event", 2),
        ("e-3", "new_event", 1),
    ]


def test_relations_lead_to_the_event_that_stays() -> None:
    new = [tell("e-1", (1, "40")), tell("e-2", (2, "40"))]
    merges = merge_all(new, [("e-1", "e-2", "edition")], LATER)
    relations = [
        EventRelation(event_id="e-2", other_event_id="e-9", kind="mentioned"),
        EventRelation(event_id="e-1", other_event_id="e-9", kind="mentioned"),
        EventRelation(event_id="e-1", other_event_id="e-2", kind="same_series"),
        EventRelation(event_id="a-1", other_event_id="e-2", kind="same_series"),
    ]
    assert carry_over(merges, new, relations).relations == (
        EventRelation(event_id="e-1", other_event_id="e-9", kind="mentioned"),
        EventRelation(event_id="a-1", other_event_id="e-1", kind="same_series"),
    )
