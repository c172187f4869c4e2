from datetime import date, timedelta
from typing import Any

import pytest

from coopwatch.events.frequencies import Frequencies, load_background, multiply
from coopwatch.events.likeness import FEATURES, measure_likeness, tell_likeness
from coopwatch.events.spans import Span
from coopwatch.events.wordings import word_article
from tests.builders import make_article
from tests.unit.test_candidates import make_profile

DAY = date(2025, 6, 12)
ONE_DAY = Span.of_days(DAY, DAY)
PARTNERS = frozenset({"CN", "US"})


def compare(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    return measure_likeness(make_profile("a", **ours), make_profile("e", **theirs))


def test_the_same_text_on_the_same_day_is_as_like_as_can_be() -> None:
    same: dict[str, Any] = {
        "title": "Norland drills 1,234 ice cores",
        "text": "Norland drilled 1,234 cores and 5,678 holes.",
        "published": (DAY,),
        "participants": frozenset({"CN", "US"}),
        "places": frozenset({"lima"}),
    }
    features = compare(same, same)
    certain = ("text", "lead", "title", "known_title", "days", "weeks")
    facts = ("same_place", "same_parties", "same_kind", "same_pact")
    assert {name: features[name] for name in (*certain, *facts)} == pytest.approx(
        dict.fromkeys((*certain, *facts), 1.0)
    )
    assert 0 < features["crowding"] < 1
    assert features.keys() <= set(FEATURES)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ({"published": (DAY,)}, {"published": (DAY + timedelta(3),)}, {"days": 0.368, "weeks": 0.905}),
        ({"published": (DAY,)}, {}, {"undated": 1.0}),
        ({"places": frozenset({"lima"})}, {"places": frozenset({"oslo"})}, {"other_place": 1.0}),
        ({"participants": frozenset({"CN"})}, {"participants": PARTNERS}, {"same_parties": 0.2}),
        ({"participants": frozenset({"CN", "BR"})}, {"participants": PARTNERS}, {"other_parties": 1.0}),
        ({"dated_spans": (ONE_DAY,)}, {"dated_spans": (ONE_DAY,)}, {"same_day": 1.0}),
        (
            {"dated_spans": (ONE_DAY,)},
            {"dated_spans": (Span.of_days(DAY + timedelta(3), DAY + timedelta(5)),)},
            {"other_day": 0.1},
        ),
    ],
)
def test_facts_as_features(ours: dict[str, Any], theirs: dict[str, Any], expected: dict[str, float]) -> None:
    features = compare({"kind": "exchange", **ours}, theirs)
    kept = features.keys() - ({"undated", "crowding"} - expected.keys())
    assert {name: round(features[name], 3) for name in kept} == expected


def test_an_event_that_lost_its_coverage_can_be_compared() -> None:
    features = compare({"title": "Glacier pact"}, {"wordings": ()})
    assert "text" not in features


def test_every_feature_can_be_told() -> None:
    ours, theirs = make_profile("a", "Glacier"), make_profile("e", "Glacier")
    of_nothing = {"same_place", "same_parties"}
    assert all(tell_likeness(ours, theirs, name, 0.5) for name in set(FEATURES) - of_nothing)


def test_news_are_crowded_where_rivals_are_alike() -> None:
    sparse, crowded = Frequencies(()), Frequencies(())
    usual = sparse.crowding
    for _ in range(50):
        sparse.note_rivals([0.0, 0.01])
        crowded.note_rivals([0.2, 0.3])
        crowded.note_rivals([])
    assert 0 < sparse.crowding < usual < crowded.crowding < 0.25


def test_a_word_of_every_text_tells_less_than_a_rare_one() -> None:
    titles = [f"Norland drills {word}" for word in ("ice", "rock", "sand")]
    frequencies = Frequencies(word_article(make_article(title=title, text="")) for title in titles)
    assert frequencies.weigh("norland", "en") < frequencies.weigh("unheard", "en")
    assert frequencies.weigh("cooperation", "en") < frequencies.weigh("norland", "en")
    assert frequencies.weigh("government", "en") < frequencies.weigh("norland", "en")


def test_the_background_is_shares_of_a_thousand_by_hash() -> None:
    background = load_background()
    assert {"en", "de", "zh"} <= background.keys()
    assert all(0 < share <= 1000 for words in background.values() for share in words.values())


def test_a_product_of_vectors() -> None:
    assert multiply({"a": 2.0, "b": 1.0}, {"a": 0.5, "c": 9.0}) == 1.0
    assert multiply({}, {"a": 1.0}) == 0.0
