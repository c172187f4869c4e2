"""Numbers in words and digits, and what their qualifiers do to them."""

import pytest

from coopwatch.quantities import Quantity, find_quantities
from coopwatch.quantities.spaced import read_words
from coopwatch.quantities.unspaced import read_characters


def show(quantity: Quantity) -> tuple[float, str | None]:
    return quantity.value, quantity.qualifier


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("eighty", 80),
        ("ninety-nine", 99),
        ("one thousand", 1000),
        ("a hundred", 100),
        ("two dozen", 24),
        ("twelve hundred", 1200),
        ("one hundred and twenty-one", 121),
        ("three hundred and fifty thousand", 350_000),
        ("two million four thousand and six", 2_004_006),
        ("one two", None),
        ("twenty eleven", None),
        ("one hundred one hundred", None),
        ("two thousand three million", None),
    ],
)
def test_english_words_are_one_well_formed_number_or_none(words: str, value: float | None) -> None:
    assert read_words(words, "en") == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("八十", 80),
        ("十二", 12),
        ("一百零五", 105),
        ("三千五百", 3500),
        ("两万", 20_000),
        ("十万", 100_000),
        ("千", 1000),
    ],
)
def test_chinese_characters(words: str, value: float) -> None:
    assert read_characters(words, "zh") == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,500 and 10 000 and 3.5", [(1500, None), (10_000, None), (3.5, None)]),
        ("more than 80, at least 90", [(80, "over"), (90, "over")]),
        ("close to a thousand", [(1000, "nearly")]),
        ("some 300 or 400 or so", [(300, "about"), (400, "about")]),
        ("800+ or 900 or more", [(800, "over"), (900, "over")]),
        ("no more than 50, no fewer than 40", [(50, "up_to"), (40, "over")]),
        ("300-400, 5 to 6, between 7 and 9", [(400, "range"), (6, "range"), (9, "range")]),
        ("several hundred, tens of thousands", [(200, "vague"), (20_000, "vague")]),
        ("over a total of 700", [(700, "over")]),
        ("more than €95 million, half a million", [(95_000_000, "over"), (500_000, None)]),
        ("5G, 10th, COVID-19, 1,2345, 2:30, v1.2.3", []),
        ("On November 6 800 came", []),
    ],
)
def test_english(text: str, expected: list[tuple[float, str | None]]) -> None:
    assert [show(quantity) for quantity in find_quantities(text, "en")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("近千名", [(1000, "nearly")]),
        ("上百家", [(100, "over")]),
        ("数百位", [(200, "vague")]),
        ("十余个", [(10, "over")]),
        ("1.2万余名", [(12_000, "over")]),
        ("10多万人", [(100_000, "over")]),
        ("约800人", [(800, "about")]),
        ("800人左右", [(800, "about")]),
        ("800名以上", [(800, "over")]),
        ("不超过50人", [(50, "up_to")]),
        ("第三十届", []),
        ("二〇二三年", []),
    ],
)
def test_chinese(text: str, expected: list[tuple[float, str | None]]) -> None:
    assert [show(quantity) for quantity in find_quantities(text, "zh")] == expected


@pytest.mark.parametrize(
    ("language", "words", "value"),
    [
        ("fr", "soixante-dix-sept", 77),
        ("fr", "quatre-vingt-douze", 92),
        ("fr", "deux cents", 200),
        ("es", "treinta y dos", 32),
        ("es", "mil doscientos", 1200),
        ("pt", "duzentos", 200),
        ("de", "zweihundertfünfzig", 250),
        ("de", "fünfundzwanzig", 25),
        ("ru", "двести тридцать", 230),
        ("ar", "ثلاثة آلاف", 3000),
    ],
)
def test_number_words_of_other_languages(language: str, words: str, value: float) -> None:
    assert read_words(words, language) == value


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "plus de 1 500, 1.200, une centaine, des centaines", [
            (1500, "over"), (1200, None), (100, "about"), (200, "vague"),
        ]),
        ("fr", "entre 300 et 400, 1,5 million", [(400, "range"), (1_500_000, None)]),
        ("es", "unos 1,200, casi 800, 2,5 millones", [(1200, "about"), (800, "nearly"), (2_500_000, None)]),
        ("pt", "cerca de 1.500, até 50", [(1500, "about"), (50, "up_to")]),
        ("de", "knapp 2,5 Millionen, Hunderte, bis zu 1.300", [
            (2_500_000, "nearly"), (200, "vague"), (1300, "up_to"),
        ]),
        ("ru", "10 тыс., свыше 1,2 млрд, тысячи, почти тысяча", [
            (10_000, None), (1_200_000_000, "over"), (2000, "vague"), (1000, "nearly"),
        ]),
        ("ar", "٨٠ ونحو 1,500 ومئات", [(80, None), (1500, "about")]),
        ("zh", "1亿2000万元", [(120_000_000, None)]),
        ("ja", "3万5千人、1000人近く、数百人、800人以上", [
            (35_000, None), (1000, "nearly"), (200, "vague"), (800, "over"),
        ]),
        ("ko", "1천여 명, 수백 명, 1억2천만 달러, 800명 이상", [
            (1000, "over"), (200, "vague"), (120_000_000, None), (800, "over"),
        ]),
        ("xx", "800", []),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, expected: list[tuple[float, str | None]]) -> None:
    assert [show(quantity) for quantity in find_quantities(text, language)] == expected


def test_bounds_and_places() -> None:
    (quantity,) = find_quantities("It had nearly one thousand guests.", "en")
    assert (quantity.low, quantity.high) == (900, 1000)
    assert (quantity.lead, quantity.start, quantity.end) == (7, 14, 26)
