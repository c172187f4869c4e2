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
]


def find_marked(sentence: str) -> int | None:
    before, _, rest = sentence.partition("<<")
    name, _, after = rest.partition(">>")
    return find_edition(before + name + after, len(before), len(before) + len(name))


@pytest.mark.parametrize(("sentence", "edition"), BOUND)
def test_an_edition_is_bound_to_the_name(sentence: str, edition: int | None) -> None:
    assert find_marked(sentence) == edition


@pytest.mark.parametrize("sentence", FREE)
def test_a_number_of_something_else_is_no_edition(sentence: str) -> None:
    assert find_marked(sentence) is None


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
    ],
)
def test_the_edition_of_a_meeting_that_is_in_no_registry(text: str, edition: int | None) -> None:
    assert find_meeting_edition(text) == edition


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_around_a_name_can_be_read(before: str, after: str) -> None:
    edition = find_edition(f"{before}Lakes Forum{after}", len(before), len(before) + len("Lakes Forum"))
    assert edition is None or edition >= 1
