from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.events.doubles import MERGE, find_difference, find_merges, measure_alike
from coopwatch.events.merging import merge_all
from coopwatch.events.pins import Pins, StandingPin
from coopwatch.events.weights import load_weights
from coopwatch.events.wordings import word_article, write_wording
from schemas.records import Dossier
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event
from tests.unit.event_stories import make_story

IDS = {number: make_article(number).article_id for number in range(1, 10)}


def tell(
    event_id: str,
    *articles: int,
    number: int | Sequence[int] = (),
    texts: Sequence[str] = (),
    series: str | None = None,
    role: str = "main",
    day: date | None = None,
    age: int = 0,
) -> Dossier:
    """Return an event as the articles tell it: its numbers in a series, its texts, its first day."""
    texts = texts or [f"t-{article}" for article in articles]
    numbers = [number] if isinstance(number, int) else number
    event = make_event(
        event_id=event_id,
        series=series,
        edition=next((one for one in numbers if one < 1000), None),
        start_date=day,
        end_date=day,
        first_seen_at=NOW - timedelta(hours=age),
    )
    rows = [
        make_coverage(make_article(article), event_id=event_id, text_group_id=text, role=role)
        for article, text in zip(articles, texts, strict=True)
    ]
    claims = [
        make_claim(
            make_article(articles[0]),
            event_id=event_id,
            text_group_id=texts[0],
            field="year" if one > 1000 else "edition",
            value=str(one),
            low=None,
            high=None,
        )
        for one in numbers
    ]
    return Dossier(event=event, coverage=tuple(rows), claims=tuple(claims))


def pin(kind: str, article: int, event_id: str) -> StandingPin:
    given: dict[str, Any] = {"pin_id": f"p-{article}-{event_id}", "actor": "ada", "created_at": NOW}
    return StandingPin.model_validate(
        {
            **given,
            "kind": kind,
            "article_id": IDS[article],
            "event_id": event_id,
            "text_group_id": f"t-{article}",
        }
    )


def pair(events: Sequence[Dossier], *pins: StandingPin, **alike: float) -> list[tuple[str, str]]:
    """Return what is found, the same in whatever order the events come."""
    scores = {("e-1", "e-2"): alike["score"]} if alike else {}
    found = {
        tuple((one.kept_id, one.gone_id) for one in find_merges(some, Pins(pins), scores))
        for some in permutations(events)
    }
    assert len(found) == 1
    return list(found.pop())


BRST_1 = tell("e-1", 1, series="brst", number=1)
OF_NOVEMBER = date(2023, 11, 6)


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (tell("e-2", 2, series="brst", number=1), True),
        (tell("e-2", 2, series="brst", number=2), False),
        (tell("e-2", 2, series="brst", number=(1, 2)), False),
        (tell("e-2", 2, series="brst"), False),
        (tell("e-2", 2, series="pui", number=1), False),
        (tell("e-2", 2, number=1), False),
        (Dossier(event=make_event(event_id="e-2", series="brst", edition=1)), False),
    ],
)
def test_one_edition_of_a_series_is_one_event(other: Dossier, is_one: bool) -> None:
    assert pair([BRST_1, other]) == ([("e-1", "e-2")] if is_one else [])


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (tell("e-1", 1, series="cop", number=2025), tell("e-2", 2, series="cop", number=2025), True),
        (tell("e-1", 1, series="cop", number=2025), tell("e-2", 2, series="cop", number=2026), False),
        # the same ordinal in two years: somebody is wrong, and it is not for a rule to say who
        (
            tell("e-1", 1, series="cop", number=3, day=date(2024, 5, 1)),
            tell("e-2", 2, series="cop", number=3, day=date(2025, 5, 1)),
            False,
        ),
        (
            tell("e-1", 1, series="cop", number=3, day=date(2024, 5, 1)),
            tell("e-2", 2, series="cop", number=3, day=date(2024, 9, 1)),
            True,
        ),
    ],
)
def test_years_of_a_series_are_not_one(one: Dossier, other: Dossier, is_one: bool) -> None:
    assert bool(pair([one, other])) is is_one


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (tell("e-2", 2, texts=["t-1"]), True),
        (tell("e-2", 2, texts=["t-1"], day=OF_NOVEMBER), True),
        (tell("e-2", 2, texts=["t-1"], day=date(2024, 2, 1)), False),
        (tell("e-2", 2, 3, texts=["t-1", "t-3"]), True),  # all texts of the one are on the other
        (tell("e-2", 2, texts=["t-1"], role="background"), False),
        (tell("e-2", 1), False),  # a round-up tells of two events
    ],
)
def test_a_text_that_is_on_both_makes_them_one(other: Dossier, is_one: bool) -> None:
    one = tell("e-1", 1, day=OF_NOVEMBER)
    assert pair([one, other]) == ([("e-1", "e-2")] if is_one else [])


def test_a_text_in_common_beside_others_is_not_enough() -> None:
    one, other = tell("e-1", 1, 4, texts=["t-1", "t-4"]), tell("e-2", 2, 3, texts=["t-1", "t-3"])
    assert pair([one, other]) == []


@pytest.mark.parametrize(("score", "is_one"), [(MERGE, True), (MERGE - 0.01, False)])
def test_likeness_counts_only_where_it_is_great(score: float, is_one: bool) -> None:
    assert bool(pair([tell("e-1", 1), tell("e-2", 2)], score=score)) is is_one


def publish(dossier: Dossier, days: int | None) -> Dossier:
    at = None if days is None else NOW + timedelta(days=days)
    rows = tuple(row.model_copy(update={"published_at": at}) for row in dossier.coverage)
    return dossier.model_copy(update={"coverage": rows})


@pytest.mark.parametrize(("days", "is_one"), [(0, True), (3, True), (7, False), (None, False)])
def test_what_is_alike_but_told_later_is_the_next_of_its_kind(days: int | None, is_one: bool) -> None:
    events = [publish(tell("e-1", 1), 0), publish(tell("e-2", 2), days)]
    assert bool(pair(events, score=0.99)) is is_one


def test_likeness_makes_no_chains() -> None:
    events = [tell("e-1", 1), tell("e-2", 2), tell("e-3", 3)]
    chain = {("e-1", "e-2"): 0.99, ("e-2", "e-3"): 0.99}
    assert find_merges(events, alike=chain) == ()
    whole = find_merges(events, alike={**chain, ("e-1", "e-3"): 0.96})
    assert [(one.kept_id, one.gone_id) for one in whole] == [("e-1", "e-2"), ("e-1", "e-3")]


def test_likeness_does_not_count_against_an_edition() -> None:
    one, other = tell("e-1", 1, series="brst", number=1), tell("e-2", 2, number=2)
    assert pair([one, other], score=0.99) == []


def test_what_is_pinned_to_an_event_goes_there() -> None:
    other = tell("e-2", 2, series="brst", number=2)  # an analyst overrules an edition
    assert pair([BRST_1, other], pin("must_link", 2, "e-1")) == [("e-1", "e-2")]


def test_a_pin_on_some_of_its_texts_does_not_merge_an_event() -> None:
    assert pair([BRST_1, tell("e-2", 2, 3)], pin("must_link", 2, "e-1")) == []


@pytest.mark.parametrize("off", [pin("cannot_link", 2, "e-1"), pin("cannot_link", 1, "e-2")])
def test_a_pin_keeps_apart_what_everything_else_makes_one(off: StandingPin) -> None:
    assert pair([BRST_1, tell("e-2", 2, series="brst", number=1)], off) == []


def test_the_oldest_takes_in_all_others() -> None:
    events = [
        tell("e-1", 1, series="brst", number=1),
        tell("e-2", 2, series="brst", number=1, age=1),
        tell("e-3", 3, texts=["t-1"], age=5),
    ]
    assert pair(events) == [("e-3", "e-1"), ("e-3", "e-2")]


def test_what_could_be_either_of_two_is_neither() -> None:
    events = [
        tell("e-1", 1, texts=["t-9"]),
        tell("e-2", 2, texts=["t-9"], series="brst", number=1),
        tell("e-3", 3, texts=["t-9"], series="brst", number=2),
        tell("e-4", 4, series="brst", number=2),
    ]
    assert pair(events) == [("e-3", "e-4")]  # an edition is sure all the same


def test_a_redirect_is_no_event() -> None:
    gone = tell("e-2", 2, series="brst", number=1)
    gone = gone.model_copy(update={"event": gone.event.model_copy(update={"merged_into": "e-9"})})
    assert find_merges([BRST_1, gone]) == ()


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([None, "brst", "cop"]),
        st.sampled_from([(), (1,), (2,), (2025,), (2026,)]),
        st.sampled_from(["t-a", "t-b", "t-c"]),
        st.integers(0, 3),
    ),
    min_size=2,
    max_size=6,
)
PINS = st.lists(st.tuples(st.booleans(), st.integers(1, 6), st.integers(1, 6)), max_size=3)


@given(EVENTS, PINS)
def test_merges_never_join_what_differs(
    told: list[tuple[str | None, tuple[int, ...], str, int]], pinned: list[tuple[bool, int, int]]
) -> None:
    events = [
        tell(f"e-{n}", n, series=series, number=number, texts=[text], age=age)
        for n, (series, number, text, age) in enumerate(told, 1)
    ]
    kept_apart = {
        (min(article, n), max(article, n)) for is_off, article, n in pinned if is_off and article != n
    }
    pins = [pin("cannot_link", article, f"e-{n}") for is_off, article, n in pinned if is_off and article != n]
    pairs = find_merges(events, Pins(pins))

    assert pairs == find_merges(events[::-1], Pins(pins[::-1]))
    gone = [one.gone_id for one in pairs]
    assert len(gone) == len(set(gone))
    assert not {one.kept_id for one in pairs} & set(gone)  # no chains, no circles
    by_id = {dossier.event.event_id: dossier for dossier in events}
    groups: dict[str, list[str]] = {}
    for one in pairs:
        groups.setdefault(one.kept_id, [one.kept_id]).append(one.gone_id)
    for members in groups.values():
        for first in members:
            for second in members:
                assert find_difference(by_id[first], by_id[second]) is None
                assert tuple(sorted((int(first[2:]), int(second[2:])))) not in kept_apart
    merges = merge_all(events, pairs, NOW)
    whole = {merged.dossier.event.event_id: merged.dossier for merged in merges}
    standing = [d for d in {**by_id, **whole}.values() if d.event.event_id not in gone]
    rows = [row.article_id for dossier in standing for row in dossier.coverage]
    assert sorted(rows) == sorted(row.article_id for dossier in events for row in dossier.coverage)


def test_likeness_is_measured_between_all_texts() -> None:
    def cover(event_id: str, number: int, title: str, text: str) -> Dossier:
        article = make_story(number, title, text, date(2025, 6, 24))
        row = make_coverage(
            article, event_id=event_id, title=title, evidence=(write_wording(word_article(article)),)
        )
        return Dossier(event=make_event(event_id=event_id, start_date=None), coverage=(row,))

    pact = (
        "Norland and Vesteria signed a pact on glacier drilling in Harbour City on Tuesday. The two "
        "academies will melt ice cores of the Kestrel glacier together and share a store of 4,812 boxes."
    )
    telescope = (
        "Astronomers from Ostrava and Quill opened a radio telescope in the desert of Quill. Its dish of 64 "
        "metres listens to pulsars, and students of both universities will steer it in shifts."
    )
    one = cover("e-1", 1, "Norland and Vesteria sign pact on glacier drilling", pact)
    other = cover(
        "e-2", 2, "Glacier drilling pact signed by Norland and Vesteria", pact.replace("melt", "cut")
    )
    far = cover("e-3", 3, "Radio telescope opens in Quill", telescope)
    scores = measure_alike([far, other, one], load_weights())
    assert scores["e-1", "e-2"] > MERGE
    assert not {ids for ids, score in scores.items() if score >= MERGE} - {("e-1", "e-2")}
    mixed = one.model_copy(update={"coverage": (*one.coverage, *far.coverage)})
    assert measure_alike([mixed, other], load_weights())["e-1", "e-2"] < MERGE
