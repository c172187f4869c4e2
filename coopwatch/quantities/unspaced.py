"""Numbers in Chinese, Japanese and Korean."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from coopwatch.quantities.quantity import Quantity, find_bounds

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10**4, "亿": 10**8}


class UnspacedWords(NamedTuple):
    """How a language writes its numbers; alternatives are parts of patterns.

    Attributes:
        digits: the characters of one to nine.
        units: ten, hundred, thousand.
        scales: ten thousand and more.
        leads: by qualifier, what stands in front.
        more: "and some", between number and scale or behind it.
        trails: by qualifier, what stands behind the counted noun.
        counters: the nouns between number and trail.
        not_after: characters after which a number is part of something else.
        has_words: numbers are written in characters, too.
    """

    digits: Mapping[str, int]
    units: Mapping[str, int]
    scales: Mapping[str, int]
    leads: Mapping[str, str]
    more: str
    trails: Mapping[str, str]
    counters: str
    not_after: str
    has_words: bool = True


UNSPACED: Mapping[str, UnspacedWords] = {
    "zh": UnspacedWords(
        digits=_DIGITS,
        units=_UNITS,
        scales=_SCALES,
        leads={
            "over": "超过|超|逾|高于|不少于|不低于|至少|突破|上(?=[百千万])",
            "nearly": "将近|接近|近",
            "up_to": "最多|不超过|至多|不到",
            "about": "大约有?|约有?|大概",
            "vague": "数(?=[十百千万])|几(?=[十百千万])|成(?=[百千])",
        },
        more="[多余來来几]",
        trails={"about": "左右|上下", "over": "以上", "up_to": "以内|以下"},
        counters="[个名位人家项份]",
        not_after="第",
    ),
    "ja": UnspacedWords(
        digits=_DIGITS,
        units=_UNITS,
        scales={"万": 10**4, "億": 10**8, "兆": 10**12},
        leads={
            "over": "少なくとも",
            "up_to": "最大で?|最多で?",
            "about": "およそ|約|ざっと",
            "vague": "数(?=[十百千万])",
        },
        more="余り?",
        trails={
            "over": "以上|超|余り?|あまり|を超え|を上回",
            "nearly": "近く|弱",
            "up_to": "以下|以内|未満",
            "about": "前後|程度|ほど|くらい|ぐらい",
        },
        counters="[人名社国件機関かカヵヶケ国]",
        not_after="第",
    ),
    "ko": UnspacedWords(
        digits={},
        units={"십": 10, "백": 100, "천": 1000},
        scales={"만": 10**4, "억": 10**8, "조": 10**12},
        leads={
            "over": "최소|무려",
            "up_to": "최대|많게는",
            "about": "약|대략|총?\\s?약",
            "nearly": "근",
            "vague": "수(?=[십백천만])",
        },
        more="여",
        trails={
            "over": "이상|을 넘|을 웃도|넘는|넘게|이 넘는",
            "nearly": "가까이|가까운|에 육박",
            "up_to": "이하|이내|미만",
            "about": "가량|안팎|정도|내외",
        },
        counters="[명인개국곳건사\\s]",
        not_after="제",
        has_words=False,
    ),
}


class _Grammar(NamedTuple):
    words: UnspacedWords
    multipliers: Mapping[str, int]
    number: re.Pattern[str]


def find_unspaced(text: str, language: str) -> list[Quantity]:
    """Return the quantities of a text in a language of `UNSPACED`, in order."""
    grammar = _compile(language)
    names = [*grammar.words.leads, *(f"{name}_behind" for name in grammar.words.trails)]
    found = []
    for match in grammar.number.finditer(text):
        words = match["words"]
        if words and len(words) > 1 and all(character in grammar.words.digits for character in words):
            continue  # digits in a row, such as those of a year
        earlier, value = (
            (0.0, _read_characters(words, grammar)) if words else _read_pieces(match["digits"], grammar)
        )
        value = earlier + value * _multiply((match["scale"] or "") + (match["scale2"] or ""), grammar)
        qualifier = next((name.removesuffix("_behind") for name in names if match[name]), None)
        if qualifier == "vague":
            value *= 2  # 数百: some hundreds
        elif qualifier is None and match["more"]:
            qualifier = "over"
        value = round(value, 3)
        start = match.start("words") if words else match.start("digits")
        low, high = find_bounds(value, qualifier)
        found.append(Quantity(value, low, high, qualifier, match.start(), start, match.end()))
    return found


def read_characters(words: str, language: str) -> float:
    """Read a number in characters up to the hundreds of millions, such as 三千五百."""
    return _read_characters(words, _compile(language))


def _read_characters(words: str, grammar: _Grammar) -> float:
    total = section = digit = 0
    for character in words:
        if character in grammar.words.digits:
            digit = grammar.words.digits[character]
        elif character in grammar.words.units:
            section += (digit or 1) * grammar.words.units[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * grammar.multipliers[character]
            section = digit = 0
    return float(total + section + digit)


def _read_pieces(written: str, grammar: _Grammar) -> tuple[float, float]:
    """Read digits with characters between them: what comes before the last ones, and those."""
    *earlier, last = re.findall(r"([\d.]+)(\D*)", re.sub(r"(?<=\d)[,，](?=\d)", "", written))
    return sum(float(digits) * _multiply(characters, grammar) for digits, characters in earlier), float(
        last[0]
    )


def _multiply(characters: str, grammar: _Grammar) -> float:
    factor = 1.0
    for character in characters:
        factor *= grammar.multipliers.get(character, 1)
    return factor


@lru_cache(maxsize=len(UNSPACED))
def _compile(language: str) -> _Grammar:
    words = UNSPACED[language]
    multipliers = {**words.units, **words.scales}
    units, scales = "".join(multipliers), "".join(words.scales)
    leads = "|".join(f"(?P<{name}>{listed})" for name, listed in words.leads.items())
    trails = "|".join(f"(?P<{name}_behind>{listed})" for name, listed in words.trails.items())
    characters = "".join(words.digits) + units
    in_words = f"[{characters}]{{1,12}}" if words.has_words else f"(?<=수)[{units}]{{1,2}}"
    number = r"(?:\d{1,3}(?:[,，]\d{3}){1,4}|\d{1,12}(?:\.\d{1,4})?)"
    return _Grammar(
        words=words,
        multipliers=multipliers,
        number=re.compile(
            rf"(?P<lead>{leads})?\s?(?<![\d{words.not_after}.,:/{''.join(words.digits)}{units}-])"
            rf"(?:(?P<digits>(?:{number}[{units}]{{1,2}}\s?){{0,2}}{number})(?![.,，]?\d)|(?P<words>{in_words}))"
            rf"\s?(?P<scale>[{units}]{{0,2}})(?P<more>{words.more})?(?P<scale2>[{scales}])?"
            rf"(?=\s?{words.counters}{{0,3}}\s?(?:{trails})?)"
        ),
    )
