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
from coopwatch.ordinals import find_ordinals

MarkKind = Literal["edition", "year", "country"]

_COUNTRY = "\ue000"  # stands before the code of a country, where its name was
_EDITION = "\ue001"  # stands before a number, where an ordinal was
_TOKEN_OR_MARK = re.compile(
    rf"{_COUNTRY}(?P<country>\w\w)"
    rf"|{_EDITION}(?P<edition>\d+)"
    r"|(?P<year>(?<!\d)(?:19|20)\d\d(?!\d))"
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
    for match in _TOKEN_OR_MARK.finditer(_replace_marks(text, language)):
        country, edition, year = match.group("country", "edition", "year")
        if country:
            yield "#", ("country", country.upper())
        elif edition:
            yield "#", ("edition", edition)
        elif year:
            yield "#", ("year", year)
        else:
            yield "#" if match[0].isdigit() else match[0], None


def _replace_marks(text: str, language: str) -> str:
    """Return the text folded, with codes and numbers where countries and ordinals were."""
    marks = [(one.start, one.end, f"{_COUNTRY}{one.code}") for one in find_countries(text, language)]
    marks += (
        (one.start, one.end, f"{_EDITION}{one.value}")
        for one in find_ordinals(text, language)
        if one.end - one.start > 1  # "I" is a pronoun
    )
    pieces: list[str] = []
    position = 0
    for start, end, mark in sorted(marks):
        if start >= position:
            pieces += (text[position:start], f" {mark} ")
            position = end
    return unicodedata.normalize("NFKC", "".join(pieces) + text[position:]).casefold()
