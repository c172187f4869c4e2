"""Numbers in running English and Chinese, with what the words around them do to their value.

"More than 1,500", "nearly one thousand", "hundreds", 近千, 800余: a quantity has the bounds that its
words allow. What is counted is not decided here. All patterns are linear.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ABOUT = 0.1  # "about 800" allows 720 to 880
_NEARLY = 0.9  # "nearly 1,000" allows 900 to 1,000
_LOOK_BACK = 40  # characters in front of a number in which its qualifier stands


class Quantity(NamedTuple):
    """A number at `start`..`end` of a text, with its multiplier but without its qualifier.

    `low` and `high` are None where the words set no bound. Qualifiers: over, nearly, about, up_to,
    range, and vague for words such as "hundreds", whose value is the least that they can mean.
    `lead` is where a qualifier in front begins, or else `start`.
    """

    value: float
    low: float | None
    high: float | None
    qualifier: str | None
    lead: int
    start: int
    end: int


def _bound(value: float, qualifier: str | None) -> tuple[float | None, float | None]:
    if qualifier in {"over", "vague"}:
        return value, None
    if qualifier == "nearly":
        return round(_NEARLY * value, 6), value
    if qualifier == "about":
        return round((1 - _ABOUT) * value, 6), round((1 + _ABOUT) * value, 6)
    return (None if qualifier == "up_to" else value), value


# --- English

_SMALL = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL_VALUES = {word: value for value, word in enumerate(_SMALL.split("|"))}
_TENS_VALUES = {word: 10 * value for value, word in enumerate(_TENS.split("|"), 2)}
_GROUPS = {"dozen": 12, "hundred": 100}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
_SCALE = "|".join(_GROUPS | _SCALES)
_WORD = f"{_SMALL}|{_TENS}|{_SCALE}"
_VAGUE_VALUES = {
    "hundreds of thousands": 200_000,
    "tens of thousands": 20_000,
    "millions": 2_000_000,
    "thousands": 2_000,
    "hundreds": 200,
    "dozens": 24,
    "scores": 40,
}
_SPACE = "[ \u00a0\u202f]"
_DIGITS = (
    rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,5}}|\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,4}}|\d{{1,12}}(?:\.\d{{1,4}})?)"
    r"(?![.,:]?\d)"
)
_BEFORE = r"(?<![\w.,:/#–-])"

_ENGLISH_DIGITS = re.compile(
    rf"{_BEFORE}(?:(?P<low>{_DIGITS})(?:[-–—]|{_SPACE}(?:to|-|–){_SPACE})"
    rf"|(?<=between )(?P<between>{_DIGITS}){_SPACE}and{_SPACE})?(?P<digits>{_DIGITS})"
    rf"(?:[ -]?(?P<scale>{_SCALE})\b|(?P<short>[mb]n|tn|m|k)\b|(?![^\W\d_]))(?P<plus>\+|-plus\b)?",
    re.IGNORECASE,
)
_ENGLISH_WORDS = re.compile(
    rf"{_BEFORE}(?P<half>half{_SPACE})?(?:an?{_SPACE}(?:{_SCALE})|(?:{_SMALL}|{_TENS}))\b"
    rf"(?:(?:-|{_SPACE}(?:and{_SPACE})?)(?:{_WORD})\b){{0,9}}",
    re.IGNORECASE,
)
_ENGLISH_VAGUE = re.compile(
    rf"{_BEFORE}(?:(?P<vague>{'|'.join(_VAGUE_VALUES)})|(?:several|a{_SPACE}few){_SPACE}(?P<several>{_SCALE}))\b",
    re.IGNORECASE,
)
_LEADS = {
    "over": "more than|over|above|in excess of|exceed(?:s|ed|ing)?|at least|no (?:fewer|less) than"
    "|upwards? of|greater than|surpass(?:es|ed|ing)?|topp(?:ed|ing)",
    "nearly": "nearly|almost|close to|just (?:under|below)|approaching|not quite",
    "up_to": "up to|as many as|a maximum of|at most|no more than|fewer than|less than|under",
    "about": "about|around|some|approximately|roughly|circa|an estimated|estimated|or so",
}
_LEAD = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _LEADS.items()) + r")"
    r"(?:\s+(?:a|the)\s+total\s+of)?\s+[$€£¥A-Z]{0,4}\s?\Z",
    re.IGNORECASE,
)
_TRAIL = re.compile(
    rf"{_SPACE}or{_SPACE}(?:(?P<over>more)|(?P<about>so))\b|{_SPACE}(?P<plus>plus)\b", re.IGNORECASE
)
_MONTH_BEFORE = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\Z", re.IGNORECASE
)


def _read_digits(words: str) -> float:
    return float(re.sub(r"[,，\s]", "", words))


def read_number_words(words: str) -> float | None:
    """Read an English number in words, such as "one hundred and twenty thousand".

    Returns:
        Its value, or None for words that are not one well-formed number ("one two").
    """
    total = group = 0
    largest = None  # the scale that was read last: the next one must be smaller
    may_follow = {"small", "tens", "group"}
    for word in re.split(r"[\s-]+", words.lower()):
        if word in {"and", "a", "an"}:
            continue
        kind = "small" if word in _SMALL_VALUES else "tens" if word in _TENS_VALUES else "group"
        if word in _SCALES:
            if largest is not None and _SCALES[word] >= largest:
                return None
            largest = _SCALES[word]
            total += (group or 1) * largest
            group, may_follow = 0, {"small", "tens", "group"}
            continue
        if kind not in may_follow:
            return None
        if kind == "small":
            if "tens" not in may_follow and not 1 <= _SMALL_VALUES[word] <= 9:  # "twenty eleven"
                return None
            group, may_follow = group + _SMALL_VALUES[word], {"group"} if group < 100 else set()
        elif kind == "tens":
            group, may_follow = group + _TENS_VALUES[word], {"small", "group"} if group < 100 else {"small"}
        else:
            group, may_follow = (group or 1) * _GROUPS[word], {"small", "tens"}
    return float(total + group)


def _qualify(text: str, value: float, start: int, end: int, qualifier: str | None = None) -> Quantity:
    """Return the quantity with the qualifier that stands before or after it."""
    offset = max(0, start - _LOOK_BACK)
    lead = _LEAD.search(text[offset:start])
    trail = _TRAIL.match(text, end)
    if lead:
        qualifier = "vague" if qualifier == "vague" else lead.lastgroup
    elif trail and qualifier is None:
        qualifier = "about" if trail["about"] else "over"
        end = trail.end()
    low, high = _bound(value, qualifier)
    return Quantity(value, low, high, qualifier, offset + lead.start() if lead else start, start, end)


def _find_digits(text: str) -> Iterator[Quantity]:
    for match in _ENGLISH_DIGITS.finditer(text):
        start, end = match.span()
        if " " in match["digits"] and _MONTH_BEFORE.search(text[max(0, start - 12) : start]):
            continue  # "November 6 800 guests"
        scale = (match["scale"] or match["short"] or "").lower()
        factor = (_GROUPS | _SCALES | _SHORT_SCALES).get(scale, 1)
        value = round(_read_digits(match["digits"]) * factor, 3)
        if least := match["low"] or match["between"]:
            low = round(_read_digits(least) * factor, 3)
            if low < value:
                yield Quantity(value, low, value, "range", start, start, end)
            continue
        yield _qualify(text, value, start, end, "over" if match["plus"] else None)


def find_english(text: str) -> list[Quantity]:
    """Return the quantities of an English text, in order."""
    found = list(_find_digits(text))
    for match in _ENGLISH_WORDS.finditer(text):
        value = read_number_words(match.group().removeprefix(match["half"] or ""))
        if value is not None:
            found.append(_qualify(text, value / 2 if match["half"] else value, *match.span()))
    for match in _ENGLISH_VAGUE.finditer(text):
        several = match["several"]
        value = 2 * (_GROUPS | _SCALES)[several.lower()] if several else _VAGUE_VALUES[match["vague"].lower()]
        found.append(_qualify(text, value, *match.span(), "vague"))
    return sorted(found, key=lambda quantity: quantity.start)


# --- Chinese

_CN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CN_UNITS = {"十": 10, "百": 100, "千": 1000}
_CN_SCALES = {"万": 10**4, "亿": 10**8}
_CN_LEADS = {
    "over": "超过|超|逾|高于|不少于|不低于|至少|突破|上(?=[百千万])",
    "nearly": "将近|接近|近",
    "up_to": "最多|不超过|至多|不到",
    "about": "大约有?|约有?|大概",
    "vague": "数(?=[十百千万])|几(?=[十百千万])|成(?=[百千])",
}
_CHINESE = re.compile(
    r"(?P<lead>" + "|".join(f"(?P<{name}>{words})" for name, words in _CN_LEADS.items()) + r")?\s?"
    r"(?<![\d第.,:/零〇一二两三四五六七八九十百千万亿-])"
    r"(?:(?P<digits>\d{1,3}(?:[,，]\d{3}){1,4}|\d{1,12}(?:\.\d{1,4})?)(?![.,，]?\d)"
    r"|(?P<words>[零〇一二两三四五六七八九十百千万亿]{1,12}))"
    r"\s?(?P<scale>[百千万亿]{0,2})(?P<more>[多余來来几])?(?P<scale2>[万亿])?"
    r"(?=[个名位人家项份]{0,2}(?:(?P<about2>左右|上下)|(?P<over2>以上)|(?P<up_to2>以内|以下))?)"
)


def read_chinese_number(words: str) -> float:
    """Read a number in Chinese characters up to the hundreds of millions, such as 三千五百."""
    total = section = digit = 0
    for character in words:
        if character in _CN_DIGITS:
            digit = _CN_DIGITS[character]
        elif character in _CN_UNITS:
            section += (digit or 1) * _CN_UNITS[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _CN_SCALES[character]
            section = digit = 0
    return float(total + section + digit)


def find_chinese(text: str) -> list[Quantity]:
    """Return the quantities of a Chinese text, in order."""
    found = []
    for match in _CHINESE.finditer(text):
        words = match["words"]
        if words and len(words) > 1 and all(character in _CN_DIGITS for character in words):
            continue  # digits in a row, such as those of a year
        value = read_chinese_number(words) if words else _read_digits(match["digits"])
        for character in (match["scale"] or "") + (match["scale2"] or ""):
            value *= (_CN_UNITS | _CN_SCALES)[character]
        names = [*_CN_LEADS, "about2", "over2", "up_to2"]
        qualifier = next((name.rstrip("2") for name in names if match[name]), None)
        if qualifier == "vague":
            value *= 2  # 数百: some hundreds
        elif qualifier is None and match["more"]:
            qualifier = "over"
        value = round(value, 3)
        start = match.start("words") if words else match.start("digits")
        found.append(Quantity(value, *_bound(value, qualifier), qualifier, match.start(), start, match.end()))
    return found
