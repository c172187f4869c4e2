"""Dates as they are written, before the day that they are read against is asked."""

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
