"""Place and date as a dateline writes them: "CHONGQING, China, Nov. 7, 2023", "6 ноября, Минск".

Month names and their beginnings are CLDR's, in the languages that agencies write in; years are often
left out and come from the publication.
"""

import functools
import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from babel.dates import get_month_names

from schemas.records import Record

MAX_CHARACTERS = 120  # of place and date
MAX_INFERENCE = timedelta(days=60)  # between a date without year and the publication that gives it one
MAX_PLACE_WORDS = 10
MAX_NAME_WORDS = 4  # of one name in it
MAX_CASELESS_WORDS = 5  # of a place in a script that does not show names by capitals

_LOCALE_CODES = "en fr es de it pt ru uk nl da sv pl cs tr ar ar_SY ar_MA ar_DZ"
_CONNECTOR_WORDS = "a al and da das de del der des di do du e el en et in la las le les of on the und y في"
_CONNECTORS = frozenset(_CONNECTOR_WORDS.split())
_NO_PLACE = frozenset(
    [
        "after",
        "at",
        "before",
        "by",
        "during",
        "for",
        "from",
        "in",
        "on",
        "since",
        "until",
        "by",
        "am",
        "im",
        "il",
        "le",
        "el",
    ]
)
_LEAST_OF_MONTH = 3  # letters of a month's name that are enough to know it

_MONTH = r"[^\W\d_]{2,12}(?:\s(?:الأول|الثاني))?"
_YEAR = r"(?:,?\s{0,3}(?:de\s|of\s)?(?P<year>\d{4})(?:\s(?:г\.?|م))?)?"
_DATES = tuple(
    re.compile(pattern.replace("MONTH", _MONTH).replace("YEAR", _YEAR))
    for pattern in (
        r"(?P<month>MONTH)\.?\s{1,3}(?P<day>\d{1,2})(?:st|nd|rd|th)?YEAR",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s{0,3}(?:de\s)?(?P<month>MONTH)\.?YEAR",
        r"(?:(?P<year>\d{4})\s?[年년]\s?)?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]",
        r"(?P<day>\d{1,2})[日일]",
        r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\s?[-./]\s?(?P<month>\d{1,2})(?:\s?[-./]\s?(?P<year>\d{4}))?",
    )
)
_BOUNDS = " \t,.،、·–—/-|"
_EDGES = " \t,，、،.:：/·|-–—=*"
_NAME_DIVIDER = re.compile(r"[,/]|\s(?:and|et|und|y|e)\s")
_HIJRI = re.compile(r"\d.{0,40}الموافق\s{0,2}")  # the day in the other calendar, before this one's


class DatelineDate(Record):
    """A day whose year, and in Chinese whose month, may be left out."""

    year: int | None
    month: int | None
    day: int


class Head(NamedTuple):
    """What stands before or after a mark; each part may be missing."""

    place: str | None
    date: DatelineDate | None


def read_head(text: str) -> Head | None:
    """Read a place, a date, or both in either order; None if the text holds anything else."""
    if len(text) > MAX_CHARACTERS:
        return None
    text = _HIJRI.sub("", unicodedata.normalize("NFKC", text)).strip(_EDGES)
    written, rest = _take_date(text)
    words = rest.strip(_EDGES).split()
    if written and words and words[-1] in _CONNECTORS:  # "أبوظبي في 6 نوفمبر"
        words.pop()
    place = " ".join(words).strip(_EDGES)
    if place and not _is_place(place):
        return None
    return Head(_in_title_case(place) or None, written)


def resolve_date(written: DatelineDate, published: date | None) -> date | None:
    """Return the day meant: a missing year or month is that which comes closest to publication.

    Returns:
        None if the parts make no day, or a part is missing and nothing near is known to give it.
    """
    if written.year is not None and written.month is not None:
        return _make_date(written.year, written.month, written.day)
    if published is None:
        return None
    months = range(-2, 2) if written.month is None else range(-12, 13)
    days = []
    for step in months:
        year, month = divmod(published.year * 12 + published.month - 1 + step, 12)
        if written.month in {None, month + 1} and (day := _make_date(year, month + 1, written.day)):
            days.append(day)
    nearest = min(days, key=lambda day: abs(day - published), default=None)
    return nearest if nearest and abs(nearest - published) <= MAX_INFERENCE else None


def _take_date(text: str) -> tuple[DatelineDate | None, str]:
    """Return the date that ends or opens a text, and the text without it."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            before, after = text[: found.start()], text[found.end() :]
            if (before and after) or not (
                _is_bound(before[-1:], found[0]) and _is_bound(after[:1], found[0])
            ):
                continue
            if written := _write_date(found.groupdict()):
                return written, before or after
    return None, text


def _is_bound(beside: str, written: str) -> bool:
    """Tell whether a date may stand beside that character; the Han form needs no space."""
    return not beside or beside in _BOUNDS or (written[-1] in "日일" and not beside.isdigit())


def _write_date(parts: dict[str, str | None]) -> DatelineDate | None:
    year, named, day = parts.get("year"), parts.get("month"), parts["day"]
    month = None if named is None else int(named) if named.isdigit() else month_number(named)
    if (named and not month) or (month or 1) > 12 or not 1 <= int(day or 0) <= 31:
        return None
    return DatelineDate(year=int(year) if year else None, month=month, day=int(day or 0))


def _is_place(place: str) -> bool:
    words = place.replace(",", " ").replace("/", " ").replace("[", " ").replace("]", " ").split()
    has_case = place.upper() != place.lower()
    return (
        bool(words)
        and len(words) <= (MAX_PLACE_WORDS if has_case else MAX_CASELESS_WORDS)
        and all(len(name.split()) <= MAX_NAME_WORDS for name in _NAME_DIVIDER.split(place))
        and words[0].casefold() not in _NO_PLACE
        and not any(character.isdigit() or character in '!?;:"“”()。！？' for character in place)
        and all(word[0].isupper() or not word[0].isascii() or word in _CONNECTORS for word in words)
        and not any(word.endswith(".") and len(word) > 6 for word in words)
    )


def _in_title_case(place: str) -> str:
    """Return a place without the capitals of a dateline: "CHONGQING, China" is "Chongqing, China"."""
    return ", ".join(_lower_capitals(part.strip()) for part in place.split(","))


def _lower_capitals(part: str) -> str:
    words = part.split()
    is_shouted = part.isupper() and len(words) > 1  # then "LA" is no abbreviation: "LA CROSSE"
    return " ".join(
        word.title() if word.isupper() and "." not in word and (len(word) > 2 or is_shouted) else word
        for word in words
    )


def month_number(word: str) -> int | None:
    """Return the month that a name or its beginning means in any of the datelines' languages."""
    months = _month_by_name()
    folded = word.casefold()
    if folded in months:
        return months[folded]
    found = {number for name, number in months.items() if name.startswith(folded)}
    return found.pop() if len(found) == 1 and len(folded) >= _LEAST_OF_MONTH else None


@functools.cache
def _month_by_name() -> dict[str, int]:
    return {
        name.casefold(): number
        for locale in _LOCALE_CODES.split()
        for number, name in get_month_names("wide", "format", locale).items()
    }


def _make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
