"""Which articles an analyst is asked about."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopwatch.review import (
    GUIDELINE,
    SHARES,
    Question,
    Reviewable,
    choose_queue,
    make_label_id,
    measure_disagreement,
    measure_distance,
    share_out,
)
from schemas.records import LabelQueue
from tests.builders import NOW

THRESHOLDS = {"alert": 0.7, "accept": 0.6, "review": 0.4}
ALL = {"science": 0.6, "cooperation": 0.5, "international": 0.55}
TITLE = "The week in science and technology"
FAINT = {"science": 0.1, "cooperation": 0.0, "international": 0.05}


def make_reviewable(number: int = 1, **changes: Any) -> Reviewable:
    """Return a clear discard; those of different numbers differ in every identity."""
    url = f"https://courier.example/{number}"
    good: dict[str, Any] = {
        "entry_id": number,
        "url": url,
        "compare_url": url,
        "title": f"Late goal number {number} decides the derby",
        "language": "en",
        "source": "The Courier",
        "verdict": "discard",
        "reason": "no facet",
        "version": "1/1",
        "score": 0.05,
        "rules_score": 0.05,
        "facets": FAINT,
        "prominent": FAINT,
        "thresholds": THRESHOLDS,
        "is_drawn": True,
    }
    return Reviewable.model_validate(good | changes)


def make_for_review(number: int, **changes: Any) -> Reviewable:
    return make_reviewable(
        number, **{"verdict": "review", "score": 0.5, "facets": ALL, "prominent": ALL} | changes
    )


def make_contradictory(number: int, **changes: Any) -> Reviewable:
    return make_reviewable(number, **{"rules_score": 0.9, "model_score": 0.1, "score": 0.1} | changes)


def make_plenty() -> list[Reviewable]:
    return [
        *(make_for_review(number) for number in range(100)),
        *(make_contradictory(number) for number in range(100, 200)),
        *(make_reviewable(number) for number in range(200, 400)),
    ]


def list_ids(questions: tuple[Question, ...]) -> list[int]:
    return [question.about.entry_id for question in questions]


@pytest.mark.parametrize(
    ("size", "shares"),
    [
        (0, (0, 0, 0)),
        (1, (1, 0, 0)),
        (2, (2, 0, 0)),
        (3, (2, 1, 0)),
        (5, (4, 1, 0)),
        (10, (7, 2, 1)),
        (20, (14, 4, 2)),
        (1000, (700, 200, 100)),
    ],
)
def test_the_shares_are_70_20_10(size: int, shares: tuple[int, ...]) -> None:
    assert tuple(share_out(size).values()) == shares
    asked = Counter(question.queue for question in choose_queue(make_plenty(), min(size, 100), "seed"))
    assert asked == Counter({queue: n for queue, n in share_out(min(size, 100)).items() if n})


@pytest.mark.parametrize(
    ("changes", "distance"),
    [
        ({"score": 0.5}, 0.1),
        ({"score": 0.62}, 0.02),
        ({"score": 0.95}, 0.25),
        ({"score": 0.0}, 0.4),
        ({"score": 0.45, "thresholds": {}}, 0.05),
        ({"score": None}, None),
    ],
)
def test_the_distance_is_to_the_nearest_threshold(changes: dict[str, Any], distance: float | None) -> None:
    assert measure_distance(make_reviewable(**changes)) == pytest.approx(distance)


@pytest.mark.parametrize(
    ("changes", "disagreement"),
    [
        ({"rules_score": 0.2, "model_score": 0.9}, 0.7),
        ({"rules_score": 0.9, "model_score": 0.2}, 0.7),
        ({"rules_score": 0.9, "model_score": 0.9, "facets": ALL}, 0.0),  # with a model only the scores count
        ({"facets": ALL, "prominent": ALL}, 0.5),  # all three are there, and it was discarded
        ({"facets": FAINT}, 0.0),
        ({"facets": {"science": 0.9}}, 0.0),
        ({"verdict": "accept", "facets": ALL, "prominent": ALL}, 0.0),
        ({"verdict": "accept", "facets": ALL, "prominent": FAINT}, 0.5),  # only far below title and lead
        ({"verdict": "review", "facets": ALL, "prominent": FAINT}, 0.5),
        ({"verdict": "accept", "facets": ALL, "prominent": {}}, 0.0),  # of before that was recorded
        ({"score": None, "facets": ALL}, 0.0),
    ],
)
def test_disagreement(changes: dict[str, Any], disagreement: float) -> None:
    assert measure_disagreement(make_reviewable(**changes)) == pytest.approx(disagreement)


def test_what_is_for_review_comes_before_close_calls_and_the_closest_first() -> None:
    close = make_reviewable(1, verdict="accept", score=0.601, facets=ALL, prominent=ALL)
    less_close = make_reviewable(2, verdict="discard", score=0.3)
    clear = make_reviewable(3, verdict="discard", score=0.2)
    far, near = make_for_review(4, score=0.5), make_for_review(5, score=0.58)
    asked = choose_queue([clear, close, far, less_close, near], 5, "seed", only="uncertain")
    assert list_ids(asked) == [5, 4, 1, 2]


def test_the_largest_disagreement_comes_first_and_a_small_one_is_none() -> None:
    differences = {1: 0.5, 2: 0.9, 3: 0.19, 4: 0.2}
    candidates = [make_contradictory(n, rules_score=d, model_score=0.0) for n, d in differences.items()]
    assert list_ids(choose_queue(candidates, 9, "seed", only="disagreement")) == [2, 1, 4]


def test_lots_fall_on_what_was_drawn_and_only_then_on_the_rest() -> None:
    found = [make_reviewable(n, is_drawn=False) for n in range(50)]
    dropped = [make_reviewable(n, score=None, is_drawn=True) for n in range(50, 53)]
    asked = choose_queue([*found, *dropped], 5, "seed", only="random")
    assert set(list_ids(asked)[:3]) == {50, 51, 52}
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ({"text_group_id": "t-1"}, {"text_group_id": "t-1"}, 1),
        ({"text_group_id": "t-1", "title": TITLE}, {"text_group_id": "t-2", "title": TITLE}, 2),
        ({"title": "Late goal decides, again!"}, {"title": "late goal: decides again"}, 1),
        ({"title": "News"}, {"title": "News"}, 2),
        ({"title": ""}, {"title": ""}, 2),
        ({"compare_url": "https://a.example/1"}, {"compare_url": "https://a.example/1"}, 1),
        ({}, {"entry_id": 1}, 1),
        ({}, {}, 2),
    ],
)  # fmt: skip
def test_of_articles_with_one_text_one_is_asked(
    one: dict[str, Any], other: dict[str, Any], asked: int
) -> None:
    candidates = [make_for_review(1, **one), make_for_review(2, **other)]
    assert len(choose_queue(candidates, 10, "seed")) == asked


def test_a_queue_that_is_short_is_filled_up_from_the_others() -> None:
    plenty = [make_reviewable(number) for number in range(100)]
    asked = Counter(q.queue for q in choose_queue([*plenty, make_for_review(100)], 20, "seed"))
    assert asked == {"uncertain": 1, "random": 19}
    only_review = [make_for_review(number) for number in range(100)]
    asked = Counter(q.queue for q in choose_queue(only_review, 20, "seed"))
    assert asked == {"uncertain": 18, "random": 2}


def test_the_queue_rests_on_the_seed_alone() -> None:
    candidates = make_plenty()
    first = choose_queue(candidates, 30, "ada 2025-07-01")
    assert choose_queue(reversed(candidates), 30, "ada 2025-07-01") == first
    other = choose_queue(candidates, 30, "ada 2025-07-02")
    assert set(list_ids(other)) != set(list_ids(first))


def test_an_analyst_who_stops_early_has_seen_the_shares() -> None:
    asked = [question.queue for question in choose_queue(make_plenty(), 20, "seed")]
    assert asked[0] == "uncertain"
    for length in range(1, 21):
        seen = Counter(asked[:length])
        assert all(abs(seen[queue] - length * share / 100) < 1 for queue, share in SHARES.items())


def test_where_little_is_uncertain_that_comes_first() -> None:
    plenty = [make_reviewable(number) for number in range(100)]
    asked = choose_queue([*plenty, make_for_review(100), make_for_review(101)], 20, "seed")
    assert [question.queue for question in asked] == ["uncertain"] * 2 + ["random"] * 18


scores = st.floats(0, 1)
facets = st.fixed_dictionaries({"science": scores, "cooperation": scores, "international": scores})
reviewables = st.builds(
    make_reviewable,
    st.integers(1, 60),
    verdict=st.sampled_from(["alert", "accept", "review", "discard"]),
    score=st.none() | scores,
    rules_score=scores,
    model_score=st.none() | scores,
    facets=facets,
    prominent=st.just({}) | facets,
    thresholds=st.sampled_from([{}, THRESHOLDS]),
    text_group_id=st.none() | st.sampled_from(["t-1", "t-2", "t-3", "t-4"]),
    is_drawn=st.booleans(),
)


@given(
    candidates=st.lists(reviewables, max_size=60),
    size=st.integers(0, 30),
    seed=st.text(max_size=3),
    only=st.none() | st.sampled_from(["uncertain", "disagreement", "random"]),
)
@settings(deadline=None)
def test_any_queue_is_sound(
    candidates: list[Reviewable], size: int, seed: str, only: LabelQueue | None
) -> None:
    asked = choose_queue(candidates, size, seed, only)
    about = [question.about for question in asked]
    groups = [one.text_group_id for one in about if one.text_group_id]
    assert len(asked) <= size
    assert len(set(list_ids(asked))) == len(asked)
    assert len(set(groups)) == len(groups)
    assert all(one in candidates for one in about)
    assert only is None or {question.queue for question in asked} <= {only}
    if len(asked) < size and only in (None, "random"):  # then nothing else could be asked
        ids = set(list_ids(asked))
        assert all(one.entry_id in ids or one.text_group_id in groups for one in candidates)
    shares = Counter(question.queue for question in asked)
    if only is None and min((shares[q] - n for q, n in share_out(size).items()), default=0) >= 0:
        assert shares == Counter({queue: n for queue, n in share_out(size).items() if n})


def test_labels_of_two_times_or_authors_are_two() -> None:
    given_labels = [
        ("https://a.example/", "ada", NOW),
        ("https://a.example/", "bob", NOW),
        ("https://b.example/", "ada", NOW),
        ("https://a.example/", "ada", NOW + timedelta(microseconds=1)),
    ]
    assert len({make_label_id(*one) for one in given_labels}) == 4
    assert make_label_id(*given_labels[0]) == make_label_id(*given_labels[0])


def test_the_guideline_is_the_one_that_is_written() -> None:
    written = Path(__file__).resolve().parents[2] / "docs" / "relevance.md"
    said = re.search(r"Guideline version \*\*(\d+\.\d+)\*\*", written.read_text(encoding="utf-8"))
    assert said
    assert said[1] == GUIDELINE
