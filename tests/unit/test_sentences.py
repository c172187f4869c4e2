"""Sentence bounds: what ends a sentence and what only looks like it."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.sentences import find_sentences, sentence_at


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in find_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The forum opened.", "Delegates cheered!", "Will it return?", "It may."],
        ["The talks were held on Nov. 7, 2023 in Lyon.", "They went well."],
        ["He thanked Dr. Okafor and Prof. Lindqvist.", "Both smiled."],
        ["J. R. Abara signed first.", "The others followed."],
        ["The U.S. Secretary of Energy came.", "So did the U.K. minister."],
        ["The accord binds the U.S.", "The treaty is older."],
        ["The Peru-U.S. Accord on Optics was signed.", "It lasts."],
        ["It starts at 9 a.m. Geneva time.", "Bring badges."],
        ["Doors close at 5 p.m.", "The gala follows."],
        ["The budget grew by 3.5 percent.", "Nobody objected."],
        ["Room No. 5 was full.", "800 people stood outside."],
        ["They work on sensors, lasers, etc. and on optics.", "It pays."],
        ["Acme Instruments Ltd. supplied it.", "The price is secret."],
        ["“We agreed.”", "He then left."],
        ["The minister (a chemist by training.)", "Nobody minded."],
        ["It took years... and patience.", "Now it is done."],
        ["大会在成都开幕。", "来宾很多！", "“很好。”", "他说。"],
        ["会议6日开始，持续两天。", "The English part follows."],
        ["Am 6. November beginnt die Tagung.", "Sie dauert vom 6. bis 8. November."],
        ["Cela dure du 6 au 8 nov. 2023.", "Le ministre viendra."],
        ["See e.g. the annex.", "It is short."],
        ["زار د. سالم المرصد.", "وشكر م. ليلى وأ. عمر."],
        ["عاد ود. سعاد عام 2023 م.", "ثم سافرا."],
        ["Выступили акад. Орлов, проф. Ким и доц. Ли.", "Зал был полон."],
        ["Институт им. Павлова стоит на ул. Мира.", "Он открыт."],
        ["Их приняли в г. Дубна.", "Позже встреча прошла в г. Москве."],
        ["Договор подписан в 2023 г.", "Он бессрочный."],
        ["См. рис. 2 и табл. 3.", "Вывод ясен."],
    ],
)
def test_sentences_in_a_row_are_told_apart(sentences: list[str]) -> None:
    joined = "".join(s if s[-1] in "。！？" or s.endswith("。”") else s + " " for s in sentences)
    assert split(joined) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("A headline without a stop\nThe text begins.", ["A headline without a stop", "The text begins."]),
        ("The line was\nwrapped in the mail.", ["The line was\nwrapped in the mail."]),
        ("MINSK, Belarus,\nNov. 7 - It began.", ["MINSK, Belarus,\nNov. 7 - It began."]),
        ("It stops\n\nhere, in a new paragraph.", ["It stops", "here, in a new paragraph."]),
        ("1. Open the box\n2. Close it", ["1. Open the box", "2. Close it"]),
        ("  \n ", []),
        ("", []),
        ("  One.  ", ["One."]),
        ("وقع العلماء الاتفاق؛ وبدأ العمل", ["وقع العلماء الاتفاق؛", "وبدأ العمل"]),
        (
            "두 기관이 협정에 서명했다.(서울=통신) 내용은 비공개다.",
            ["두 기관이 협정에 서명했다.", "(서울=통신) 내용은 비공개다."],
        ),
        ("협정에 서명했다.그는 떠났다.", ["협정에 서명했다.", "그는 떠났다."]),
        ("한.중 정상이 만났다.", ["한.중 정상이 만났다."]),
        ("끝났다。。다시", ["끝났다。。", "다시"]),
    ],
)
def test_lines_and_paragraphs(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_the_sentence_at_an_offset() -> None:
    text = " First one. Second one. "
    assert sentence_at(text, 0) == "First one."
    assert sentence_at(text, text.index("Second")) == "Second one."
    assert sentence_at(text, text.index("Second") - 1) == "First one."
    assert sentence_at(text, len(text)) == "Second one."
    assert sentence_at("", 0) == ""


@given(st.text(alphabet="aB1.。!?\n \"”)(年,'", max_size=80))
def test_bounds_are_ordered_disjoint_and_lose_only_space(text: str) -> None:
    bounds = find_sentences(text)
    assert all(start < end for start, end in bounds)
    assert all(before[1] <= after[0] for before, after in pairwise(bounds))
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("piece", [".", ". ", "Nov. ", "1. ", "\n", "。", "(\"'", "a.b.", ".\n "])
def test_repeats_take_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = time.process_time()
    find_sentences(text)
    assert time.process_time() - begun < 10  # quadratic would take many minutes
