"""What keeps the variants of a template apart: the edition, the year, the country.

Two announcements written over one template differ in little but "12th" and "13th", two reports of a
state visit in little but the guest. So every ordinal, year and country in the lead is noted with the
words around it, and where two texts have the same words around different ones, they speak of different
things. A copy that was cut or edited never does, and one that brings a count up to date ("14 signed"
for "12 signed") does not either.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from coopwatch.countries import find_countries
from coopwatch.fingerprints import TOKEN, grain_of

MarkKind = Literal["edition", "year", "country"]

_FIRST_TO_TWENTIETH = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = {word: number for number, word in enumerate(_FIRST_TO_TWENTIETH.split(), 1)} | {"inaugural": 1}
_CJK_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_COUNTRY = "\ue000"  # stands before the code of a country, where its name was
_TOKEN_OR_MARK = re.compile(
    rf"{_COUNTRY}(?P<country>\w\w)"
    r"|(?P<year>(?<!\d)(?:19|20)\d\d(?!\d))"
    r"|第(?P<cjk>\d{1,3}|[一二三四五六七八九十]{1,3})(?=[届屆次])"
    r"|(?P<cjk_first>首)(?=[届屆次])"
    r"|\b(?P<digits>\d{1,3})(?:st|nd|rd|th)\b"
    rf"|\b(?P<word>{'|'.join(_ORDINALS)})\b"
    rf"|\d+|{TOKEN.pattern}"
)
_CONTEXT_TOKENS = {"word": 3, "character": 5}
_LEAD_CHARACTERS = 1500


class Slot(NamedTuple):
    """A place for a mark: what kind it is, and the words beside it, the mark itself as "#"."""

    kind: MarkKind
    words: tuple[str, ...]


Marks = Mapping[Slot, set[str]]


def find_marks(text: str, language: str) -> Marks:
    """Return the ordinals, years and countries in the lead of a text, by the words around them."""
    grain = grain_of(language)
    tokens: list[str] = []
    found: list[tuple[int, MarkKind, str]] = []
    for token, mark in _read_tokens(text[:_LEAD_CHARACTERS], language):
        if mark:
            found.append((len(tokens), *mark))
        tokens.append(token)
        if len(tokens) == grain.lead:
            break
    width = _CONTEXT_TOKENS[grain.unit]
    slots: dict[Slot, set[str]] = {}
    for position, kind, value in found:
        before = tuple(tokens[max(0, position - width) : position])
        after = tuple(tokens[position + 1 : position + 1 + width])
        if kind == "country":  # one side is not enough: "Glasgow, Scotland - President X", "U.S. President X"
            sides: tuple[Slot, ...] = (Slot(kind, (*before[1 - width :], "#", *after[: width - 1])),)
        else:
            sides = Slot(kind, (*before, "#")), Slot(kind, ("#", *after))
        for slot in sides:
            if len(slot.words) > width:
                slots.setdefault(slot, set()).add(value)
    return slots


def find_conflict(one: Marks, other: Marks) -> str | None:
    """Say, for a person, which mark keeps two texts apart; None if none does."""
    for slot, values in one.items():
        others = other.get(slot)
        if others and values.isdisjoint(others):
            return f"{slot.kind} {', '.join(sorted(values))} against {', '.join(sorted(others))}"
    return None


def _read_tokens(text: str, language: str) -> Iterator[tuple[str, tuple[MarkKind, str] | None]]:
    """Yield the tokens of a text, numbers and countries as "#", and the mark that a token is."""
    for match in _TOKEN_OR_MARK.finditer(_mask_countries(text, language)):
        country, year, cjk, first, digits, word = match.group(
            "country", "year", "cjk", "cjk_first", "digits", "word"
        )
        if country:
            yield "#", ("country", country.upper())
        elif year:
            yield "#", ("year", year)
        elif word:
            yield "#", ("edition", str(_ORDINALS[word]))
        elif digits or cjk or first:
            yield "#", ("edition", "1" if first else digits or _read_cjk(cjk))
        else:
            yield "#" if match[0].isdigit() else match[0], None


def _mask_countries(text: str, language: str) -> str:
    pieces: list[str] = []
    position = 0
    for country in find_countries(text, language):
        pieces += (text[position : country.start], f" {_COUNTRY}{country.code} ")
        position = max(position, country.end)
    return unicodedata.normalize("NFKC", "".join(pieces) + text[position:]).casefold()


def _read_cjk(numeral: str) -> str:
    """Read 1 to 99 in Chinese numerals; digits stay as they are."""
    if numeral.isdigit() and numeral.isascii():
        return numeral
    tens, ten, ones = numeral.rpartition("十")
    return str((_CJK_DIGITS.get(tens, 1) * 10 if ten else 0) + _CJK_DIGITS.get(ones, 0))
