import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.ordinal_words import spell_korean, spell_ordinals
from coopwatch.ordinals import LAST_ORDINAL, find_ordinals

NUMBERS = range(1, 61)
ROMAN_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
ROMAN_TENS = ("", "X", "XX", "XXX", "XL", "L", "LX")
HAN = "〇一二三四五六七八九"
SINO_KOREAN = "영일이삼사오육칠팔구"


def count(number: int, digits: str, ten: str) -> str:
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + (ten if tens else "") + (digits[ones] if ones else "")


def end_in_english(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


def values(text: str, language: str = "") -> list[int]:
    return [one.value for one in find_ordinals(text, language)]


FORMS = {
    "en": (end_in_english, "the {} Lakes Forum"),
    "fr": (lambda n: f"{n}{'er' if n == 1 else 'e'}", "le {} Forum des lacs"),
    "fr-ème": (lambda n: f"{n}ème", "le {} Forum des lacs"),
    "es": (lambda n: f"{n}.º", "el {} Foro de los Lagos"),
    "es-a": (lambda n: f"{n}ª", "la {} Conferencia de los Lagos"),
    "pt": (lambda n: f"{n}.ª", "a {} Conferência dos Lagos"),
    "ru": (lambda n: f"{n}-й", "{} Озёрный форум"),
    "ru-го": (lambda n: f"{n}-го", "участники {} Озёрного форума"),
    "de": (lambda n: f"{n}.", "das {} Seenforum"),
    "zh": (lambda n: f"第{n}届", "在{}湖泊论坛上"),
    "zh-han": (lambda n: f"第{count(n, HAN, '十')}届", "在{}湖泊论坛上"),
    "zh-Hant": (lambda n: f"第{count(n, HAN, '十')}屆", "在{}湖泊論壇上"),
    "zh-次": (lambda n: f"第{count(n, HAN, '十')}次", "湖泊合作联委会{}会议"),
    "ja": (lambda n: f"第{n}回", "{}湖フォーラム"),
    "ja-han": (lambda n: f"第{count(n, HAN, '十')}回", "{}湖フォーラム"),
    "ja-目": (lambda n: f"{n}回目", "{}の湖フォーラム"),
    "ko": (lambda n: f"제{n}회", "{} 호수 포럼"),
    "ko-차": (lambda n: f"제{count(n, SINO_KOREAN, '십')}차", "{} 호수 포럼"),
    "ko-번째": (lambda n: f"{n}번째", "{} 호수 포럼"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("knows_language", [True, False])
def test_every_number_reads_back_from_figures(form: str, knows_language: bool) -> None:
    language = form.partition("-")[0]
    if language == "de" and not knows_language:
        pytest.skip("a number with a full stop ends a sentence in other languages")
    write, sentence = FORMS[form]
    for number in NUMBERS:
        assert values(sentence.format(write(number)), language if knows_language else "") == [number]


@pytest.mark.parametrize("language", ["ar", "de", "en", "es", "fr", "pt", "ru"])
def test_every_number_reads_back_from_every_word(language: str) -> None:
    spelled = spell_ordinals(language)
    assert set(spelled.values()) >= set(NUMBERS)
    for spelling, number in spelled.items():
        assert values(f"x {spelling} y", language) == [number], spelling
        assert values(f"x {spelling} y") == [number], spelling


def test_every_number_reads_back_from_native_korean() -> None:
    assert set(spell_korean().values()) >= set(NUMBERS)
    for word, number in spell_korean().items():
        assert values(f"{word} 번째 호수 포럼", "ko") == [number]


def test_every_number_reads_back_from_roman_figures() -> None:
    for number in NUMBERS:
        roman = ROMAN_TENS[number // 10] + ROMAN_ONES[number % 10]
        assert values(f"{roman} Congreso") == ([number] if roman != "L" else [50])
        assert values(f"{roman}-й Озёрный форум", "ru") == [number]


# Forms that the tables above do not make themselves.
WRITTEN = [
    ("Twenty-First", "en", 21),
    ("maiden", "en", 1),
    ("SECOND", "en", 2),
    ("vingt et unième", "fr", 21),
    ("Première", "fr", 1),
    ("soixante-dixième", "fr", 70),
    ("tercer", "es", 3),
    ("DÉCIMA", "es", 10),
    ("décimo quinta", "es", 15),
    ("vigesimocuarto", "es", 24),
    ("2do", "es", 2),
    ("décima-segunda", "pt", 12),
    ("quadragésima", "pt", 40),
    ("первого", "ru", 1),
    ("третьем", "ru", 3),
    ("четвёртая", "ru", 4),
    ("двадцать второму", "ru", 22),
    ("XII-й", "ru", 12),
    ("ersten", "de", 1),
    ("einundzwanzigste", "de", 21),
    ("dreissigstes", "de", 30),
    ("الأول", "ar", 1),
    ("الاولى", "ar", 1),
    ("الثانية عشرة", "ar", 12),
    ("الحادي والعشرين", "ar", 21),
    ("首届", "zh", 1),
    ("首屆", "zh", 1),
    ("首轮", "zh", 1),
    ("第一百三十届", "zh", 130),
    ("第２２届", "zh", 22),
    ("第二〇次", "zh", 20),
    ("初回", "ja", 1),
    ("初の", "ja", 1),
    ("第十二次", "ja", 12),
    ("스물한 번째", "ko", 21),
    ("제3기", "ko", 3),
]


@pytest.mark.parametrize(("written", "language", "number"), WRITTEN)
def test_other_forms(written: str, language: str, number: int) -> None:
    assert values(written, language) == [number]


NONE = [
    ("en", "for the first time, on the second day of the first half, the first lady of a third country"),
    (
        "en",
        "the second-largest of all, the First World War, the third phase, the 10th anniversary, 21st century",
    ),
    ("en", "in 1000th place of the 5G race; firsthand; 12.5th"),
    ("fr", "pour la première fois, la première dame, le Premier ministre, au XXIe siècle"),
    ("es", "por primera vez, el primer ministro, terceros países, el segundo semestre"),
    ("pt", "pela primeira vez na segunda-feira, em países terceiros"),
    ("de", "zum ersten Mal, am 6. November, der Erste Weltkrieg, erstmals, es kamen 12. Danach"),
    ("ru", "впервые, в первый раз, в первую очередь, третьих стран, во-первых"),
    ("ar", "للمرة الأولى في تشرين الثاني، اليوم الأول"),
    ("zh", "首次举行，第三国，第一次世界大战，首先"),
    ("ja", "初めて、第三国、一回"),
    ("ko", "첫날, 첫걸음, 처음, 제3국"),
    ("", "Xi said I am MIX; IIII; VX; the CD"),
]


@pytest.mark.parametrize(("language", "text"), NONE)
def test_what_belongs_to_something_else_is_none(language: str, text: str) -> None:
    assert [
        text[one.start : one.end] for one in find_ordinals(text, language) if one.end - one.start > 1
    ] == []


def test_english_names_are_read_in_any_text() -> None:
    assert values("出席 First Lakes Forum", "zh") == [1]


@given(st.text(max_size=300), st.sampled_from(["", "en", "de", "zh-Hant", "ar", "ko", "xx"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    found = find_ordinals(text, language)
    assert all(0 < one.value <= LAST_ORDINAL and one.start < one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
