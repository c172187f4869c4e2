"""The days of an event as a text gives them, and how two such statements compare.

A span is written as the value of a claim: "2023-11-06/2023-11-07"; "--11-06/--11-07" where the
year is not known; "2025-06/2025-06" where the day is not.
"""

import re
from calendar import monthrange
from datetime import date

from schemas.records import DateMention, PartialDate, Record

# How a claim says where its year comes from; none of them means: from the text itself.
YEAR_FROM_DATELINE = "year from the dateline"
YEAR_FROM_PUBLICATION = "year from the publication date"
DAY_FROM_PUBLICATION = "day from the publication date"  # "on Monday"
YEAR_FROM_EVENT = "year inherited from the event"
YEAR_UNKNOWN = "year not stated"

_WRITTEN = re.compile(r"(?:(\d{4})|-)-(\d\d)(?:-(\d\d))?")
_LEAP_YEAR = 2000  # stands in for the year when two spans without one are compared


class Span(Record):
    """From the first to the last day, as far as both are known."""

    start: PartialDate
    end: PartialDate

    @property
    def year(self) -> int | None:
        """The year in which it begins."""
        return self.start.year

    @classmethod
    def of_days(cls, first: date, last: date) -> "Span":
        """Return the span between two known days."""
        return cls(
            start=PartialDate(month=first.month, day=first.day, year=first.year),
            end=PartialDate(month=last.month, day=last.day, year=last.year),
        )

    def in_year(self, year: int | None) -> "Span":
        """Return the same days beginning in another year, or in none."""
        turns = year is not None and _key(self.end) < _key(self.start)
        return Span(
            start=self.start.model_copy(update={"year": year}),
            end=self.end.model_copy(update={"year": year + turns if year is not None else None}),
        )

    def days(self) -> tuple[date, date] | None:
        """Return the first and last day that it may cover; None without a year."""
        first = _to_date(self.start, is_last=False)
        last = _to_date(self.end, is_last=True)
        return (first, last) if first and last and first <= last else None


def read_mention(mention: DateMention) -> tuple[Span, str | None]:
    """Return the span of a date in a text, and the qualifier that says where its year comes from."""
    year = mention.start.year if mention.start.year is not None else mention.end.year
    span = Span(start=mention.start, end=mention.end)
    if year is None:
        return span, YEAR_UNKNOWN
    if mention.start.year is None or mention.end.year is None:
        span = span.in_year(year)
    is_named = span.start.day is None or any(character.isdigit() for character in mention.quote)
    if mention.year_from == "publication" and not is_named:
        return span, DAY_FROM_PUBLICATION
    origins = {"dateline": YEAR_FROM_DATELINE, "publication": YEAR_FROM_PUBLICATION, "event": YEAR_FROM_EVENT}
    return span, origins.get(mention.year_from or "text")


def is_stated(qualifier: str | None) -> bool:
    """Tell whether the text, or its dateline, gives the year of a span."""
    return qualifier in (None, YEAR_FROM_DATELINE)


def write_span(span: Span) -> str:
    """Return a span as the value of a claim."""
    return f"{_write(span.start)}/{_write(span.end)}"


def read_span(value: str) -> Span:
    """Return the span that is the value of a claim.

    Raises:
        ValueError: the value was not written by `write_span`.
    """
    start, _, end = value.partition("/")
    return Span(start=_read(start), end=_read(end))


def count_days_apart(one: Span, other: Span) -> int:
    """Return the days between two spans, 0 when a day is in both.

    Where one of them has no year it is taken to be in the year that brings them closest.
    """
    if one.year is None and other.year is None:
        other = other.in_year(_LEAP_YEAR)
    if one.year is None:
        one, other = other, one
    if other.year is None and one.year is not None:
        candidates = [other.in_year(one.year + offset) for offset in (-1, 0, 1)]
        return min(_gap(one, candidate) for candidate in candidates)
    return _gap(one, other)


def _gap(one: Span, other: Span) -> int:
    ours, theirs = one.days(), other.days()
    if ours is None or theirs is None:
        return 366  # a day that does not exist is near to none
    return max(0, (theirs[0] - ours[1]).days, (ours[0] - theirs[1]).days)


def _key(day: PartialDate) -> tuple[int, int]:
    return day.month, day.day or 0


def _to_date(day: PartialDate, *, is_last: bool) -> date | None:
    if day.year is None:
        return None
    length = monthrange(day.year, day.month)[1]
    if day.day is not None and day.day > length:
        return None
    return date(day.year, day.month, day.day or (length if is_last else 1))


def _write(day: PartialDate) -> str:
    year = "-" if day.year is None else f"{day.year:04d}"
    return f"{year}-{day.month:02d}" + (f"-{day.day:02d}" if day.day is not None else "")


def _read(written: str) -> PartialDate:
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise ValueError(f"{written!r} is not a date of a claim")
    year, month, day = match.groups()
    return PartialDate(month=int(month), day=int(day) if day else None, year=int(year) if year else None)
