"""Dates as they are written, before the day that they are read against is asked."""

import re
from typing import NamedTuple


class Day(NamedTuple):
    """One end of a date, as far as the words give it; without a month it is a day of some month."""

    month: int | None
    day: int | None
    year: int | None = None
    year_offset: int | None = None  # from the year of the reference: "last year" is -1


class WrittenDate(NamedTuple):
    """Words at `start`..`end` of a text that name a day, a range of days, or a month."""

    start: int
    end: int
    first: Day
    last: Day
    direction: int = 0  # -1 before the reference, 1 after it, 0 whichever is nearer


class RelativeDay(NamedTuple):
    """Words at `start`..`end` that name a day by its distance or its weekday, Monday being 0."""

    start: int
    end: int
    days_ahead: int | None = None  # "tomorrow" is 1
    weekday: int | None = None
    until: int | None = None  # the weekday on which a range ends
    direction: int = 0
    weeks_ahead: int | None = None  # 0 is the week, from Monday on, that the reference lies in: 本周二


def share_year(first: Day, last: Day) -> tuple[Day, Day]:
    """Return both ends with the year that only one of them has; a range may pass the new year."""
    passes_new_year = (first.month or 0, first.day or 0) > (last.month or 0, last.day or 0)
    if first.year is None and first.year_offset is None:
        if last.year is not None:
            return first._replace(year=last.year - passes_new_year), last
        if last.year_offset is not None:
            return first._replace(year_offset=last.year_offset - passes_new_year), last
    elif last.year is None and last.year_offset is None:
        if first.year is not None:
            return first, last._replace(year=first.year + passes_new_year)
        if first.year_offset is not None:
            return first, last._replace(year_offset=first.year_offset + passes_new_year)
    return first, last


def find_surroundings(text: str, mark: re.Pattern[str], before: int, behind: int) -> list[tuple[int, int]]:
    """Return the stretches of a text, apart from each other, that lie so many characters around a mark.

    A grammar that is only tried there is fast on any text. A match may not need more characters
    behind it than the stretch has.
    """
    stretches: list[tuple[int, int]] = []
    for match in mark.finditer(text):
        start, end = max(0, match.start() - before), match.end() + behind
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = stretches[-1][0], end
        else:
            stretches.append((start, end))
    return stretches
