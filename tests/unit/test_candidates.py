from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pytest

from coopwatch.events.candidates import (
    CANDIDATES_AT_MOST,
    DAY_BITS,
    WORDS_ASKED,
    WORDS_STORED,
    Shelf,
    ask_terms,
    find_keys,
    find_terms,
    hash_key,
)
from coopwatch.events.frequencies import Frequencies
from coopwatch.events.profiles import Profile
from coopwatch.events.spans import Span
from coopwatch.events.wordings import word_article
from tests.builders import make_article

FREQUENCIES = Frequencies(())


def make_profile(event_id: str, title: str = "", text: str = "", **changes: Any) -> Profile:
    good: dict[str, Any] = {
        "event_id": event_id,
        "series": None,
        "kind": "agreement",
        "editions": frozenset(),
        "years": frozenset(),
        "spans": (),
        "dated_spans": (),
        "places": frozenset(),
        "participants": frozenset(),
        "published": (),
        "wordings": (word_article(make_article(title=title, text=text)),),
        "frequencies": FREQUENCIES,
    }
    return Profile(**{**good, **changes})


def ids(found: Sequence[Profile]) -> list[str]:
    return [profile.event_id for profile in found]


def test_events_are_found_by_words_series_parties_and_place_with_month() -> None:
    span = Span.of_days(date(2025, 6, 30), date(2025, 7, 2))
    shelf = Shelf(
        [
            make_profile("e-words", "Glacier pact"),
            make_profile("e-series", series="brst"),
            make_profile("e-parties", participants=frozenset({"CN", "US"})),
            make_profile("e-place", places=frozenset({"lima"}), dated_spans=(span,)),
            make_profile("e-other", "Lunar soil"),
        ]
    )
    july = Span.of_days(date(2025, 7, 20), date(2025, 7, 20))
    assert ids(shelf.find(make_profile("a", "A glacier melts"))) == ["e-words"]
    assert ids(shelf.find(make_profile("a", series="brst"))) == ["e-series"]
    assert ids(shelf.find(make_profile("a", participants=frozenset({"US", "CN"})))) == ["e-parties"]
    assert ids(shelf.find(make_profile("a", participants=frozenset({"CN"})))) == []
    assert ids(shelf.find(make_profile("a", places=frozenset({"lima"}), dated_spans=(july,)))) == ["e-place"]


def test_the_rarest_in_common_comes_first_and_not_all_come() -> None:
    shelf = Shelf(
        make_profile(f"e-{number:03d}", "Glacier news") for number in range(CANDIDATES_AT_MOST + 20)
    )
    shelf.put(make_profile("e-zinc", "Glacier zinc"))
    found = ids(shelf.find(make_profile("a", "Zinc under glacier")))
    assert found[0] == "e-zinc"
    assert len(found) == CANDIDATES_AT_MOST


def test_an_event_is_found_as_it_is_now() -> None:
    shelf = Shelf([make_profile("e-1", "Glacier pact")])
    shelf.put(make_profile("e-1", "Lunar soil"))
    assert shelf.find(make_profile("a", "Glacier")) == []
    assert ids(shelf.find(make_profile("a", "Lunar"))) == ["e-1"]
    shelf.take("e-1")
    assert shelf.find(make_profile("a", "Lunar")) == []


def test_keys_are_signed_numbers_of_64_bits_and_few() -> None:
    text = " ".join(f"word{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(300))
    profile = make_profile("a", "Glacier", text)
    assert WORDS_STORED == len(find_keys(profile, WORDS_STORED)) < len(find_keys(profile, WORDS_ASKED))
    assert find_keys(profile, WORDS_STORED) < find_keys(profile, WORDS_ASKED)
    assert all(-(2**63) <= key < 2**63 for key in find_keys(profile, WORDS_ASKED))
    assert hash_key("glacier") == hash_key("glacier") != hash_key("glaciers")


def days_of(terms: Collection[int]) -> set[int]:
    return {term & (1 << DAY_BITS) - 1 for term in terms}


def test_terms_are_keys_with_the_last_day_of_an_event() -> None:
    span = Span.of_days(date(1970, 3, 1), date(1970, 3, 2))
    published = (date(1970, 1, 11), date(1970, 1, 21))
    event = make_profile("e", "Glacier pact", published=published, dated_spans=(span,))
    assert days_of(find_terms(event)) == {60}
    assert days_of(find_terms(make_profile("e", "Glacier pact", published=published))) == {20}
    keys = {key >> DAY_BITS for key in find_keys(event, WORDS_STORED)}
    assert {term >> DAY_BITS for term in find_terms(event)} == keys


def test_events_are_looked_for_on_the_day_of_an_article() -> None:
    span = Span.of_days(date(1970, 3, 1), date(1970, 3, 2))
    article = make_profile("a", "Glacier pact", published=(date(1970, 1, 11),), dated_spans=(span,))
    assert days_of(ask_terms(article)) == {10}
    assert days_of(ask_terms(make_profile("a", "Glacier pact", seen_on=date(1970, 1, 31)))) == {30}
    assert {term >> DAY_BITS for term in ask_terms(article)} >= {
        term >> DAY_BITS for term in find_terms(article)
    }


@pytest.mark.parametrize(("day", "number"), [(date.min, 0), (date(1815, 6, 18), 0), (date.max, 65_535)])
def test_days_beyond_count_are_the_first_and_the_last(day: date, number: int) -> None:
    terms = find_terms(make_profile("e", "Glacier pact", published=(day,)))
    assert days_of(terms) == {number}
    assert all(-(2**63) <= term < 2**63 for term in terms)


def test_a_shelf_measures_how_alike_rivals_are() -> None:
    def crowd(titles: Sequence[str]) -> float:
        frequencies = Frequencies(())
        Shelf(make_profile(title, title, frequencies=frequencies) for title in titles)
        return frequencies.crowding

    words = ("ice", "rock", "sand", "coral", "moss", "krill")
    near = crowd([f"Glacier pact on {word}" for word in words])
    far = crowd([f"Glacier {word} {word}dust {word}field {word}stone" for word in words])
    assert far < near
    assert crowd(["Glacier pact", "Glacier treaty"]) == crowd([])  # too few to tell


def test_an_event_that_lost_its_only_article_can_be_looked_for() -> None:
    shelf = Shelf(
        [make_profile("e-empty", wordings=(), series="brst"), make_profile("e-full", "Ice", series="brst")]
    )
    found = shelf.find(make_profile("e-back", wordings=(), series="brst"))
    assert sorted(ids(found)) == ["e-empty", "e-full"]
