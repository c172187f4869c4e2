"""Dates in figures alone: 2023-11-06 in any language, 06.11.2023 where its order is known."""

import re
from collections.abc import Iterator

from coopwatch.dates.words import DATE_WORDS
from coopwatch.dates.written import Day, WrittenDate

_YEAR = r"(?:19|20)\d\d"
_YEAR_FIRST = re.compile(
    rf"(?<![\w./:-])(?P<year>{_YEAR})(?P<mark>[-/.]|\.\s)(?P<second>\d{{1,2}})(?P=mark)(?P<third>\d{{1,2}})"
    r"(?![\d/%-]|\.\d|[^\W\dT_])"
)
_YEAR_LAST = re.compile(
    rf"(?<![\w./:-])(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark)(?P<year>{_YEAR})"
    r"(?![\d/%-]|\.\d|[^\W\d_])"
)
_ANY = re.compile(r"\d[-/.]\s?\d{1,2}[-/.]\s?\d")  # most texts have none
_MONTHS = 12


def find_written(text: str, language: str) -> Iterator[WrittenDate]:
    """Find dates in figures; where English leaves open which is the month, none.

    Args:
        text: the whole text, its digits plain.
        language: the base language.
    """
    if not _ANY.search(text):
        return
    for match in _YEAR_FIRST.finditer(text):
        yield _written(match, int(match["second"]), int(match["third"]))
    words = DATE_WORDS.get(language)
    for match in _YEAR_LAST.finditer(text) if words else ():
        first, second = int(match["first"]), int(match["second"])
        if not words or not words.is_month_first or first > _MONTHS or first == second:
            yield _written(match, second, first)
        elif second > _MONTHS:
            yield _written(match, first, second)


def _written(match: re.Match[str], month: int, day: int) -> WrittenDate:
    found = Day(month, day, int(match["year"]))
    return WrittenDate(*match.span(), found, found)
