from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.events.editions import find_edition, find_meeting_edition, is_year

# Each sentence holds the name in double angle brackets.
BOUND = [
    ("the first <<Lakes Forum>> opened", 1),
    ("the 1st <<Lakes Forum>> opened", 1),
    ("this inaugural <<Lakes Forum>>", 1),
    ("I <<Lakes Forum>>", 1),
    ("首届“<<湖泊论坛>>”开幕", 1),
    ("在第一届<<湖泊论坛>>上", 1),
    ("le premier <<Forum des lacs>>", 1),
    ("la 1ère édition du <<Forum des lacs>>", 1),
    ("la primera edición del <<Foro de los Lagos>>", 1),
    ("das erste <<Seenforum>>", 1),
    ("первый <<Озёрный форум>>", 1),
    ("第1回<<湖フォーラム>>", 1),
    ("제1회 <<호수 포럼>>", 1),
    ("the Second <<Lakes Forum>>", 2),
    ("the II <<Lakes Forum>>", 2),
    ("the second annual <<Lakes Forum>>", 2),
    ("the second edition of the <<Lakes Forum>>", 2),
    ("the <<Lakes Forum>> opened its doors", None),
    ("the <<Lakes Forum>>, now in its fourth edition,", 4),
    ("the twelfth “<<Lakes Forum>>”", 12),
    ("the 13th <<Lakes Forum>>", 13),
    ("the XIV <<Lakes Forum>>", 14),
    ("the twenty-first <<Lakes Forum>>", 21),
    ("第二十三届<<湖泊论坛>>", 23),
    ("第15届<<湖泊论坛>>", 15),
    ("the 2025 <<Lakes Forum>>", 2025),
    ("the <<Lakes Forum>> 2024 in June", 2024),
    ("the <<Lakes Forum>> (LF) 2024", 2024),
    ("2025年<<湖泊论坛>>", 2025),
    ("<<LKF>>28 begins", 28),
    ("the third round of the <<Lakes Dialogue>>", 3),
    ("the 12th meeting of the <<Lakes Committee>>", 12),
    ("the 12th (2024) <<Lakes Forum>>", 12),
    ("the <<Lakes Committee>>'s 12th session", 12),
    ("the <<Lakes Committee>>, 12th session, met", 12),
    ("le XXIe <<Congrès des lacs>>", 21),
    ("l'édition 2025 du <<Forum des lacs>>", 2025),
    ("la 12.ª edición del <<Foro de los Lagos>>", 12),
    ("a décima segunda edição do <<Fórum dos Lagos>>", 12),
    ("na 3ª <<Conferência dos Lagos>>", 3),
    ("двадцать первое заседание <<Озёрного комитета>>", 21),
    ("на II <<Озёрном форуме>>", 2),
    ("<<Озёрный форум>>-2025", 2025),
    ("الدورة الثانية عشرة من <<منتدى البحيرات>>", 12),
    ("في أول <<مؤتمر البحيرات>>", 1),
    ("<<منتدى البحيرات>> الثالث", 3),
    ("<<湖泊论坛>>第三届年会", 3),
    ("<<湖泊合作联委会>>第十二次会议", 12),
    ("湖泊国家<<湖泊国家第十二次科技部长会议>>", 12),
    ("第五轮<<湖泊对话>>", 5),
    ("第二届（2025年）<<湖泊论坛>>", 2),
    ("2025年度<<湖泊论坛>>", 2025),
    ("第三十一回「<<湖会議>>」", 31),
    ("제12차 <<호수 위원회>>", 12),
    ("첫 <<호수 포럼>>", 1),
    ("2025년 <<호수 포럼>>", 2025),
]
FREE = [
    "the 10th anniversary of the <<Lakes Forum>>",
    "the first day of the <<Lakes Forum>>",
    "for the first time the <<Lakes Forum>> met",
    "on Nov. 7, 2023 <<Lakes Forum>> delegates met",
    "In 2023, the <<Lakes Forum>> met",
    "the <<Lakes Forum>> (2024-2033)",
    "the <<Lakes Forum>> drew 28 ministers",
    "the <<Lakes Forum>> of 100 nations",
    "There were 12. <<Lakes Forum>> guests came",
    "It ranks among the Top 100 <<Lakes Forum>> places",
    "since 2019 <<Lakes Forum>> guests come",
    "自2007年<<湖泊论坛>>创办以来",
    "将首次在北京举办<<湖泊论坛>>",
    "пришли впервые на <<Озёрный форум>>",
    "pour la première fois, le <<Forum des lacs>>",
    "the <<Lakes Forum>>, third countries said,",
    "两届<<湖泊论坛>>",
]


def find_marked(sentence: str, **options: Any) -> int | None:
    before, _, rest = sentence.partition("<<")
    name, _, after = rest.partition(">>")
    return find_edition(before + name + after, len(before), len(before) + len(name), **options)


@pytest.mark.parametrize(("sentence", "edition"), BOUND)
def test_an_edition_is_bound_to_the_name(sentence: str, edition: int | None) -> None:
    assert find_marked(sentence) == edition


@pytest.mark.parametrize("sentence", FREE)
def test_a_number_of_something_else_is_no_edition(sentence: str) -> None:
    assert find_marked(sentence) is None


def test_german_figures_need_the_language() -> None:
    assert find_marked("auf dem 12. <<Seenforum>>", language="de") == 12
    assert find_marked("auf dem 12. <<Seenforum>>") is None
    assert find_marked("am 12. Juni <<Seenforum>>", language="de") is None


def test_of_two_the_series_tells_which_is_its_edition() -> None:
    assert find_marked("the 12th <<Lakes Forum>> 2025") == 12
    assert find_marked("the 12th <<Lakes Forum>> 2025", by_year=True) == 2025
    assert find_marked("the 12th <<Lakes Forum>>", by_year=True) == 12


def test_english_ordinals_are_spelled_up_to_ninety_nine() -> None:
    tens = [
        "twentieth",
        "thirtieth",
        "fortieth",
        "fiftieth",
        "sixtieth",
        "seventieth",
        "eightieth",
        "ninetieth",
    ]
    assert [find_marked(f"the {word} <<Lakes Forum>>") for word in tens] == list(range(20, 100, 10))
    assert find_marked("the ninety-ninth <<Lakes Forum>>") == 99


def test_ordinals_and_years_are_told_apart() -> None:
    assert not is_year(99)
    assert is_year(1999)


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("Delegates at the 12th Alpine Glacier Congress agreed", 12),
        ("The Third China-Norland Science and Technology Forum opens", 3),
        ("The 10th Anniversary Summit of the lakes", None),
        ("the first joint laboratory was shown at the conference", None),
        ("scientists met for the second time at a workshop", None),
        ("Se inaugura el XII Congreso Mundial de Lagos", 12),
        ("La 3e conférence internationale sur les lacs", 3),
        ("Auf der 4. Deutsch-Norländischen Seenkonferenz", 4),
        ("Прошёл II Международный научный форум", 2),
        ("انطلاق المؤتمر الدولي الثاني عشر", 12),
        ("第八届国际湖泊科学大会开幕", 8),
        ("第二十次全国代表大会之后", None),
        ("第3回国際湖シンポジウム", 3),
        ("제5회 국제 호수 심포지엄", 5),
    ],
)
def test_the_edition_of_a_meeting_that_is_in_no_registry(text: str, edition: int | None) -> None:
    assert find_meeting_edition(text, "de" if text.startswith("Auf") else "") == edition


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_around_a_name_can_be_read(before: str, after: str) -> None:
    edition = find_edition(f"{before}Lakes Forum{after}", len(before), len(before) + len("Lakes Forum"))
    assert edition is None or edition >= 1
