"""From the dates that a text writes to the dates that it means."""

import re
from bisect import bisect_right
from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from coopwatch.dates import figures, grammar, numbered
from coopwatch.dates.roles import REACH, decide_role, points_forward
from coopwatch.dates.written import Day, RelativeDay, WrittenDate
from coopwatch.scripts import simplify
from coopwatch.sentences import find_sentences
from schemas.records import DateMention, DateRole, PartialDate, YearFrom

MAX_DATES = 200  # of one text: more is a calendar or an attack, not an article
_OLD = timedelta(days=366)  # what was so long before the publication is not what the article reports
_LONG = timedelta(days=31)  # a longer range is a programme's, not an event's
_AHEAD = timedelta(days=90)  # how much further from now an announced day may be than a past one
_NOW = timedelta(0)
_UNLIKELY = 3  # times as far counts a day on the side of the publication that the words do not suggest
_LEAP_YEAR = 2000
_PRESS = range(1900, 2101)  # years of publication that can be; an unset clock says 0001 or 9999
_HERE = 5.0  # how near the verb must be to "today", which often means "nowadays"
_BESIDE_CHARS = 12
_BESIDE = re.compile(r"[\s,，、،.(（]*(?:(?:the|den|dem|le|el|dia|día|الموافق)\s)?[\s(（]*", re.IGNORECASE)
_DIGITS = str.maketrans("０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 3)
_OTHER_DIGITS = re.compile("[０-９٠-٩۰-۹]")
_ALEFS = re.compile("[أإآٱ]")


class _Resolved(NamedTuple):
    start: int
    end: int
    first: PartialDate
    last: PartialDate
    year_from: YearFrom | None
    reach: float = REACH  # how far away, in words, the verb may be that says what the date is of


def _exactly(day: date) -> PartialDate:
    return PartialDate(year=day.year, month=day.month, day=day.day)


def _place_year(month: int, day: int | None, reference: date, direction: int) -> int | None:
    """Return the year that puts a day nearest to the reference, on the side that was asked for."""
    nearest: tuple[int, int] | None = None
    for year in (reference.year - 1, reference.year, reference.year + 1):
        if month == 2 and day == 29 and not isleap(year):
            continue
        days = (date(year, month, day or 15) - reference).days
        if days * direction >= 0 and (nearest is None or abs(days) < nearest[0]):
            nearest = abs(days), year
    return nearest[1] if nearest else None


def _place_month(day: int, reference: date, *, is_ahead: bool) -> date | None:
    """Return the day of that number nearest to the reference; what is not announced is rather past."""
    months = [reference.replace(day=1) + timedelta(days=offset) for offset in (-1, 0, 31)]
    placed = [month.replace(day=day) for month in months if day <= monthrange(month.year, month.month)[1]]
    past, coming = (_UNLIKELY, 1) if is_ahead else (1, _UNLIKELY)
    days = [(found - reference).days for found in placed]
    weighed = [distance * coming if distance > 0 else -distance * past for distance in days]
    return placed[weighed.index(min(weighed))] if placed else None


def make_comparable(text: str, language: str) -> str:
    """Return a text at the same offsets with plain digits, plain alef and simplified characters."""
    if _OTHER_DIGITS.search(text):
        text = text.translate(_DIGITS)
    return _ALEFS.sub("ا", text) if language == "ar" else simplify(text, language)


def _resolve_relative(
    text: str, language: str, found: RelativeDay, reference: date, sentence: tuple[int, int]
) -> _Resolved:
    """Resolve a weekday to the last one before the reference, or the next one where the text looks ahead."""
    if found.weekday is None:
        first = last = reference + timedelta(days=found.days_ahead or 0)
    elif found.weeks_ahead is not None:
        first = last = reference + timedelta(days=7 * found.weeks_ahead + found.weekday - reference.weekday())
    else:
        since = (reference.weekday() - found.weekday) % 7
        is_ahead = found.direction > 0 or (
            found.direction == 0 and points_forward(text, found.start, found.end, sentence, language)
        )
        if found.direction < 0 and since == 0:
            since = 7
        is_later = is_ahead and (since or found.direction)
        first = reference + timedelta(days=7 - since if is_later else -since)
        last = first + timedelta(days=(found.until - found.weekday) % 7 if found.until is not None else 0)
    reach = _HERE if found.weekday is None else REACH
    return _Resolved(found.start, found.end, _exactly(first), _exactly(last), "publication", reach)


def _resolve_end(
    day: Day, reference: date | None, direction: int, ahead: timedelta = _NOW
) -> tuple[PartialDate, YearFrom | None] | None:
    """Fill in what the words leave open from the reference; None for a day that no calendar has."""
    if day.month is None:
        placed = _place_month(day.day or 0, reference, is_ahead=bool(ahead)) if reference else None
        return (_exactly(placed), "publication") if placed else None
    if not 1 <= day.month <= 12 or not 1 <= (day.day or 1) <= monthrange(_LEAP_YEAR, day.month)[1]:
        return None
    year = day.year
    if year is None and reference is not None:
        if day.year_offset is not None:
            year = reference.year + day.year_offset
        else:
            year = _place_year(day.month, day.day, reference + ahead, direction)
    if year and day.day and day.day > monthrange(year, day.month)[1]:
        return None
    year_from: YearFrom | None = "text" if day.year else "publication" if year else None
    return PartialDate(year=year, month=day.month, day=day.day), year_from


def _resolve_written(found: WrittenDate, reference: date | None, *, is_ahead: bool) -> _Resolved | None:
    """Fill in what the words leave open; a range ends on the first such day after it began."""
    first = _resolve_end(found.first, reference, found.direction, _AHEAD if is_ahead else _NOW)
    if first is None:
        return None
    begin = _as_date(first[0])
    last = _resolve_end(found.last, begin, 1) if found.last != found.first else first
    if last is None or (begin and (end := _as_date(last[0])) and end < begin):
        return None
    return _Resolved(found.start, found.end, first[0], last[0], first[1])


def _as_date(day: PartialDate) -> date | None:
    """Return the day, or the first of its month, if its year is known."""
    return date(day.year, day.month, day.day or 1) if day.year else None


def _without_overlaps(found: Iterable[WrittenDate]) -> list[WrittenDate]:
    """Return what was found in order; of two that overlap the earlier, or longer, one."""
    kept: list[WrittenDate] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _is_beside(text: str, day: RelativeDay, dates: list[WrittenDate]) -> bool:
    """Tell whether a day stands beside a date that says the same: "Monday, November 6"."""
    at = bisect_right(dates, day.start, key=lambda written: written.start)
    gaps = []
    if at < len(dates):
        gaps.append((day.end, dates[at].start))
    if at:
        gaps.append((dates[at - 1].end, day.start))
    return any(
        start <= end <= start + _BESIDE_CHARS and _BESIDE.fullmatch(text, start, end) for start, end in gaps
    )


def _resolve(
    text: str, language: str, reference: date | None, sentences: Sequence[tuple[int, int]]
) -> Iterator[_Resolved]:
    dates = _without_overlaps(_find_written(text, language))
    for found in dates:
        is_open = found.first.year is None and found.first.year_offset is None and not found.direction
        is_ahead = is_open and points_forward(
            text, found.start, found.end, _bounds(sentences, found.start), language
        )
        if resolved := _resolve_written(found, reference, is_ahead=is_ahead):
            yield resolved
    if reference is None:
        return
    for day in _find_relative(text, language):
        if not _is_beside(text, day, dates):
            yield _resolve_relative(text, language, day, reference, _bounds(sentences, day.start))


def _find_written(text: str, language: str) -> Iterator[WrittenDate]:
    if language in numbered.LANGUAGES:
        yield from numbered.find_day_only(text, language)
    else:
        yield from grammar.find_written(text, language)
    yield from numbered.find_written(text, language)
    yield from figures.find_written(text, language)


def _find_relative(text: str, language: str) -> Iterator[RelativeDay]:
    if language in numbered.LANGUAGES:
        return numbered.find_relative(text, language)
    return grammar.find_relative(text, language)


def _bounds(sentences: Sequence[tuple[int, int]], offset: int) -> tuple[int, int]:
    return sentences[max(0, bisect_right(sentences, offset, key=lambda sentence: sentence[0]) - 1)]


def _decide(
    text: str, found: _Resolved, language: str, reference: date | None, sentence: tuple[int, int]
) -> DateRole:
    """Return the role that the words give, unless the day is too long ago to be what is reported."""
    begin, end = _as_date(found.first), _as_date(found.last)
    is_range = found.first != found.last and found.first.day is not None
    if begin and end and end - begin > _LONG:
        is_range = False
    role = decide_role(text, found.start, found.end, sentence, language, is_range_of_days=is_range)
    if role == "event" and end and reference and reference - end > _OLD:
        return "background"
    return role


def find_dates(text: str, language: str, reference: date | None) -> tuple[DateMention, ...]:
    """Find the dates of a text, in order, each with its role.

    Args:
        text: the article's text.
        language: its language, such as "en" or "zh-Hans"; dates with the year first in figures, and
            those of the form 11月6日, are read in any.
        reference: the day of release or publication. Years that are not written are those that put
            a date nearest to it, and weekdays are resolved against it. Without it such years stay
            open and weekdays are left out. One that no press could have printed counts as none.

    Returns:
        At most 200 mentions; `quote` is the words of the date, `text[offset:]` begins with it.
        Days that no calendar has are dropped.
    """
    if reference and reference.year not in _PRESS:
        reference = None
    base = language.partition("-")[0]
    plain = make_comparable(text, base)
    sentences = find_sentences(text)
    mentions = [
        DateMention(
            start=found.first,
            end=found.last,
            role=role,
            year_from=found.year_from,
            quote=text[found.start : found.end],
            offset=found.start,
        )
        for found in islice(_resolve(plain, base, reference, sentences), MAX_DATES)
        if (role := _decide(plain, found, base, reference, _bounds(sentences, found.start))) == "event"
        or found.reach == REACH
    ]
    return tuple(sorted(mentions, key=lambda mention: mention.offset))
