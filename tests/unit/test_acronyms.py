import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.events.acronyms import find_definition, find_own_names, is_acronym_of


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (" (LSF) opened", "LSF"),
        ("” (LSF 2025) opened", "LSF"),
        (" (hereinafter the “LSF”) opened", "LSF"),
        (" (LSF, in short) opened", "LSF"),
        (" (ci-après « LSF ») ouvre", None),  # a blank within the quotation marks
        (" (далее — ОНФ) открылся", "ОНФ"),
        ("（简称“湖泊大会”）开幕", "湖泊大会"),
        ("（以下简称湖泊大会）开幕", "湖泊大会"),
        ("（略称：LSF）", "LSF"),
        ("(이하 LSF)", "LSF"),
        ("（简称“大会”）开幕", None),  # any conference is called so
        ("（湖泊大会）开幕", None),
        (" (Geneva) opened", None),
        (" (2025) opened", None),
        (" opened (LSF)", None),
    ],
)
def test_a_short_name_is_defined_right_behind_a_name(text: str, short: str | None) -> None:
    definition = find_definition(text, 0)
    assert (definition.short if definition else None) == short


def test_letters_stand_for_the_words_that_have_them() -> None:
    name = "Northern Conference on Lakes and River Exchange"
    assert is_acronym_of("NCLR", [name])
    assert is_acronym_of("NLR", ["Seenforum", name])
    assert not is_acronym_of("NLX2", [name])
    assert not is_acronym_of("RCL", [name])  # in no such order
    assert not is_acronym_of("ECL", [name])


@pytest.mark.parametrize(
    ("text", "name", "short", "edition", "places"),
    [
        ("The 3rd Lake Science Forum (LSF) opened. LSF was large.", "Lake Science Forum", "LSF", 3, 2),
        ("LSF ends\nThe Lake Science Forum (LSF), the third LSF", "Lake Science Forum", "LSF", 3, 3),
        ("Lake Science Forum ends\nThe 3rd Lake Science Forum (LSF)", "Lake Science Forum", "LSF", 3, 2),
        ("The Lake Science Forum (LSF). The third Lake Science Forum", "Lake Science Forum", "LSF", 3, 2),
        ("第三届国际湖泊科学大会（简称“湖泊大会”）开幕。湖泊大会由", "国际湖泊科学大会", "湖泊大会", 3, 2),
        ("II Международный озёрный форум (далее — МОФ)", "Международный озёрный форум", "МОФ", 2, 1),
        ("El V Congreso Mundial de Lagos (CML)", "Congreso Mundial de Lagos", "CML", 5, 1),
    ],
)
def test_an_event_of_no_registry_has_its_own_name(
    text: str, name: str, short: str, edition: int, places: int
) -> None:
    (own,) = find_own_names(text)
    assert (own.name, own.short, own.edition, len(own.places)) == (name, short, edition, places)
    assert text[slice(*own.places[-1])] in {name, short}
    assert text[own.start : own.end].startswith(name)
    assert (own.start, own.end) in own.places


def test_a_name_that_is_introduced_twice_is_one() -> None:
    text = "The Lake Science Forum (LSF) opened. Guests of the Lake Science Forum (LSF) came to the LSF."
    (own,) = find_own_names(text)
    assert [text[slice(*place)] for place in own.places].count("LSF") == 2
    assert (len(own.places), own.full) == (4, "Lake Science Forum (LSF)")


@pytest.mark.parametrize(
    "text",
    [
        "guests from the Lake Institute (LI) met",  # no meeting
        "the Lake Science Forum (UNESCO) met",
        "at the forum, Lake Science (LS) was the theme",
    ],
)
def test_other_brackets_name_no_meeting(text: str) -> None:
    assert find_own_names(text) == []


@pytest.mark.parametrize(
    "text", ["(AB " * 5000, "A " * 20000 + "(AB)", "（简称" * 5000, "大会（简称“" + "湖" * 20000]
)
def test_endless_texts_are_read_in_time(text: str) -> None:
    assert find_own_names(text) == []


@given(st.text(alphabet="Ab （(简称)“”大会届第三 .\n", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for own in find_own_names(text):
        assert all(0 <= start < end <= len(text) for start, end in own.places)
