"""What occurs in a text: the patterns of a topic, countries, and countries that share a noun of science."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from coopwatch.countries import find_countries
from coopwatch.relevance.patterns import Matcher
from coopwatch.relevance.topic import Label

COUNTRY = "country "  # begins the pattern of a country's find
_COUNTRY_WEIGHT = 1.5
_PART_OF = {"HK": "CN", "MO": "CN", "TW": "CN"}  # what they do with the mainland is domestic
_ORDINARY = 1.0  # patterns up to this weight are everyday words

_SIDE_BY_SIDE = (
    "countries side by side"  # "Chilean and Japanese astronomers": who shares a noun shares the work
)
_SIDE_BY_SIDE_WEIGHT = 2.0
_SHARED_NOUN = 1.5  # science of at least this weight
_LONGEST_GAP = 16  # characters
_BETWEEN = re.compile(
    r"(?:'s|’s)?\s*(?:[,/&、،·–-]|\b(?:and|et|y|e|und|и|en)\b|[和与與及跟と와과و])?\s*(?:and )?",
    re.IGNORECASE,
)
_BEFORE_NOUN = re.compile(r"(?:'s|’s|')?[\s-]?(?:[\w-]{1,12}\s)?")


class Find(NamedTuple):
    """An occurrence of a pattern or country.

    Attributes:
        label: what it speaks for.
        pattern: as written in the topic file, or "country" and its code.
        start: offset in the page.
        end: offset in the page.
        sentence: number of the sentence it begins in, once the text is laid out; the title is sentence 0.
        is_ordinary: an everyday word, of which many prove little.
        weight: what it adds to its label.
    """

    label: Label
    pattern: str
    start: int
    end: int
    sentence: int
    is_ordinary: bool
    weight: float


def find_all(text: str, language: str, matcher: Matcher[Label]) -> dict[Label, list[Find]]:
    """Return what occurs in a text, by label, in its order, with the weights of the topic file.

    Where nothing speaks of science, countries are not looked for.
    """
    found: dict[Label, list[Find]] = defaultdict(list)
    for label, pattern, start, end in matcher.find(text):
        if pattern.weight:
            found[label].append(
                Find(label, pattern.phrase, start, end, 0, pattern.weight <= _ORDINARY, pattern.weight)
            )
    if not found["science"]:
        return found
    countries = [
        Find("international", f"{COUNTRY}{_PART_OF.get(code, code)}", start, end, 0, False, _COUNTRY_WEIGHT)
        for code, start, end in find_countries(text, language)
    ]
    found["international"] += countries
    found["cooperation"] += _find_side_by_side(text, countries, found["science"])
    return found


def _find_side_by_side(text: str, countries: Sequence[Find], science: Sequence[Find]) -> Iterator[Find]:
    """Yield where two countries share a noun of science, which stands right after or right before them."""
    nouns = [find for find in science if find.weight >= _SHARED_NOUN]
    starts, ends = [noun.start for noun in nouns], [noun.end for noun in nouns]
    for one, other in pairwise(countries):
        if one.pattern == other.pattern or not _are_side_by_side(text, one, other):
            continue
        after = bisect_left(starts, other.end)
        if after < len(nouns) and _is_before_noun(text, other.end, starts[after]):
            start, end = one.start, ends[after]
        elif (before := bisect_right(ends, one.start) - 1) >= 0 and one.start - ends[before] <= 1:
            start, end = starts[before], other.end
        else:
            continue
        yield Find("cooperation", _SIDE_BY_SIDE, start, end, 0, False, _SIDE_BY_SIDE_WEIGHT)


def _are_side_by_side(text: str, one: Find, other: Find) -> bool:
    if other.start < one.end:  # one word names both
        return True
    if other.start - one.end > _LONGEST_GAP or text[one.end : other.end].endswith("-American"):
        return False  # an Indian-American chemist is one person
    return bool(_BETWEEN.fullmatch(text, one.end, other.start))


def _is_before_noun(text: str, end: int, start: int) -> bool:
    return start - end <= _LONGEST_GAP and bool(_BEFORE_NOUN.fullmatch(text, end, start))
