from typing import Any

import pytest

from coopwatch.events.wordings import MOST_WORDS, read_wording, split_words, word_article, write_wording
from tests.builders import make_article


def word(title: str, text: str, **changes: Any) -> Any:
    return word_article(make_article(title=title, text=text, **changes))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The glaciers of the Alps", ["glacier", "Alp"]),
        ("Les glaciers des Alpes et de la mer", ["glacier", "Alpe", "mer"]),
        ("Ученые и ледники", ["Ученые", "ледники"]),
        ("月球的科研站", ["月球", "科研", "研站"]),
        ("over 1,200 guests, 3.5 degrees", ["1,200", "guest", "3.5", "degree"]),
        ("U.S. class", ["class"]),
        ("", []),
    ],
)
def test_words_that_carry_meaning(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_what_comes_first_and_often_is_kept() -> None:
    many = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(200))
    wording = word("Ice cores melt", f"Ice is lost. {many}")
    assert len(wording.counts) == MOST_WORDS
    assert next(iter(wording.counts)) == "ice"
    assert {"ice", "core", "melt", "lost"} <= wording.lead
    assert len(wording.vocabulary) > MOST_WORDS


def test_names_are_told_by_the_text_and_not_by_a_headline_in_capitals() -> None:
    wording = word("GLACIERS MELT IN NORLAND", "Glaciers melt in Norland. They lost 40 metres.")
    assert {"norland", "40"} <= wording.names
    assert not {"melt", "metre"} & wording.names


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        (
            "Glacier congress opens",
            "Norland met Vesteria. They drilled 120 cores, 120 in all.",
            "en",
        ),
        ("月球科研站", "中国和俄罗斯签署备忘录。月球科研站将建成。", "zh"),
        ("", "", "en"),
    ],
)
def test_a_wording_is_read_back_as_it_was_written(title: str, text: str, language: str) -> None:
    wording = word(title, text, language=language)
    read = read_wording(title, [write_wording(wording)])
    assert read.model_copy(update={"vocabulary": wording.vocabulary}) == wording


def test_coverage_without_a_wording_has_that_of_its_title() -> None:
    assert read_wording("Glacier congress", ()).lead == {"glacier", "congress"}
