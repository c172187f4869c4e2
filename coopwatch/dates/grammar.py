"""The grammar of dates in languages that write with spaces, compiled from `coopwatch.dates.words`.

Every repetition in a pattern is bounded, so that no text makes them slow.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from coopwatch.dates.words import DATE_WORDS, DateWords
from coopwatch.dates.written import Day, RelativeDay, WrittenDate

_SPACE = r"[^\S\n]{1,3}"
_COUNTED = "people|participants|attendees|delegates|guests|experts|scientists|students|visitors"
_YEAR = rf"(?:19|20)\d\d(?![\w%]|[.,]\d|-year|{_SPACE}(?:{_COUNTED})\b)"
_DASH = rf"(?:{_SPACE})?[-‐‑–—~/](?:{_SPACE})?"
_LONGEST_ABBREVIATION = 5
_ISO = re.compile(
    r"(?<![\w./:-])(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"(?![\d/%-]|\.\d|[^\W\dT_])"
)


class _Grammar(NamedTuple):
    words: DateWords
    months: dict[str, int]
    weekdays: dict[str, int]
    month_first: re.Pattern[str] | None
    day_first: re.Pattern[str]
    month_alone: re.Pattern[str]
    named_day: re.Pattern[str]


def _names(alternatives: tuple[str, ...], *, is_capitalised: bool) -> tuple[str, dict[str, int]]:
    """Return a pattern for the names in all forms that they are written in, and their positions."""
    positions = {name: at for at, names in enumerate(alternatives) for name in names.split("|")}
    full = {names.split("|", 1)[0] for names in alternatives}
    forms = set()
    for name in positions:
        written = {name.title(), name.upper()} if is_capitalised else {name, name.title(), name.upper()}
        is_short = name not in full and len(name) <= _LONGEST_ABBREVIATION
        forms |= {form + stop for form in written for stop in (("", r"\.") if is_short else ("",))}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return "(?:" + "|".join(longest_first) + r")(?![^\W\d_])", positions


def _compile(words: DateWords) -> _Grammar:
    month, months = _names(words.months, is_capitalised=words.is_capitalised)
    weekday, weekdays = _names(words.weekdays, is_capitalised=words.is_capitalised)
    day = rf"(?:3[01]|[12]\d|0?[1-9])(?:{words.ordinal})?(?![\w%]|[.:]\d|,\d{{3}}(?!\d))"
    of = rf"(?:{_SPACE}(?:(?i:{words.of}){_SPACE})?|-)"
    through = rf"(?:{_DASH}|{_SPACE}(?i:{words.through}){_SPACE}(?:the{_SPACE})?)"
    also = rf"{_SPACE}(?i:{words.also}){_SPACE}(?:the{_SPACE})?"
    join = rf"(?P<list>(?:,{_SPACE}{day}){{1,5}})?,?(?:{through}|(?P<also>{also}))"

    def year(end: int) -> str:
        relative = "|".join(
            rf"(?P<{name}{end}>{phrase})"
            for name, phrase in (
                ("last", words.last_year),
                ("this", words.this_year),
                ("next", words.next_year),
            )
        )
        before = rf"(?:,(?:{_SPACE})?|{_SPACE}(?:(?i:{words.of}){_SPACE})?|-)"
        other = rf"(?P<other{end}>{words.other_year})"
        return rf"(?:{before}(?P<year{end}>{_YEAR})|,?{_SPACE}(?:{relative}|{other})\b)"

    # "Long March 5" is a rocket.
    month_first = (
        rf"(?<![\w-])(?<!Long )(?P<month1>{month})(?:{_SPACE})?(?:the{_SPACE})?(?P<day1>{day}){year(1)}?"
        rf"(?P<range>{join}(?:(?P<month2>{month}){_SPACE})?(?P<day2>{day}){year(2)}?)?"
    )
    day_first = (
        rf"(?<![\w.,:/$€£¥-])(?:(?P<day1>{day})(?:{of}(?P<month1>{month}){year(1)}?)?(?P<range>{join}))?"
        rf"(?P<day2>{day}){of}(?P<month2>{month}){year(2)}?"
    )
    month_alone = (
        rf"(?<!\w)(?P<month1>{month})(?:{through}(?P<month2>{month}))?,?{of}(?P<year>{_YEAR})"
        rf"|(?<!\w)(?P<near>(?i:{words.near_month}))[- ](?:(?:early|mid|late)[- ])?(?P<month3>{month})"
        rf"(?!{_SPACE}?\d|{also}{month}|{through}{month}|{_SPACE}(?:{words.other_year})\b)"
    )
    named_day = (
        rf"(?<![\w-])(?:(?P<name>{words.names_before})(?:{_SPACE}|-)|(?P<which>last|this|next){_SPACE})?"
        rf"(?P<weekday>{weekday})(?:{_SPACE}(?P<names>{words.names_after})|{through}(?P<until>{weekday}))?"
        rf"|(?<![\w'’-])(?P<relative>{'|'.join(words.relative_days) or '(?!)'})(?![\w'’-])"
    )
    return _Grammar(
        words=words,
        months={name: at + 1 for name, at in months.items()},
        weekdays=weekdays,
        month_first=re.compile(month_first) if words.is_month_first else None,
        day_first=re.compile(day_first),
        month_alone=re.compile(month_alone),
        named_day=re.compile(named_day),
    )


@lru_cache
def _grammar(language: str) -> _Grammar | None:
    words = DATE_WORDS.get(language)
    return _compile(words) if words else None


def _number(name: str, names: dict[str, int]) -> int:
    return names[name.lower().rstrip(".")]


def _day_number(words: str) -> int:
    return int("".join(character for character in words if character.isdigit()))


def _end_of_range(match: re.Match[str], end: int, months: dict[str, int], month: str | None) -> Day:
    """Return one end, `end` 1 or 2, of what matched."""
    offset = next((at - 1 for at, name in enumerate(("last", "this", "next")) if match[f"{name}{end}"]), None)
    year = match[f"year{end}"]
    number = _number(month, months) if month else None
    return Day(number, _day_number(match[f"day{end}"]), int(year) if year else None, offset)


def _is_sound_range(match: re.Match[str], first: Day, last: Day) -> bool:
    """Tell whether two days that were read together are the two ends of one range."""
    if first.day is None or last.day is None:
        return False
    if match["also"] or match["list"]:  # "6 and 7", "6, 7 and 8": neighbours, or else two dates
        between = [_day_number(number) for number in (match["list"] or "").split(",") if number.strip()]
        days = [first.day, *between, last.day]
        return first.month == last.month and days == list(range(first.day, first.day + len(days)))
    if first.month == last.month and first.year == last.year:
        return first.day < last.day
    return True


def _share_year(first: Day, last: Day) -> tuple[Day, Day]:
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


def _is_of_another_year(match: re.Match[str]) -> bool:
    """Tell whether the year is one that only the context knows: "November 6 of that year"."""
    return bool(match["other1"] or match["other2"])


def _read_month_first(match: re.Match[str], months: dict[str, int]) -> WrittenDate:
    """Read "November 6", "November 6 to 7, 2023", "Nov. 30 to Dec. 2"."""
    first = _end_of_range(match, 1, months, match["month1"])
    if match["range"] is None:
        return WrittenDate(*match.span(), first, first)
    last = _end_of_range(match, 2, months, match["month2"] or match["month1"])
    first_full, last = _share_year(first, last)
    is_cut = match["year1"] is not None and match["month2"] is None  # "November 6, 2023 and 7"
    if is_cut or not _is_sound_range(match, first_full, last):
        return WrittenDate(match.start(), match.start("range"), first, first)
    return WrittenDate(*match.span(), first_full, last)


def _read_day_first(match: re.Match[str], months: dict[str, int]) -> WrittenDate:
    """Read "6 November 2023", "6–7 Nov.", "30 November to 2 December 2024"."""
    last = _end_of_range(match, 2, months, match["month2"])
    if match["range"] is None:
        return WrittenDate(*match.span(), last, last)
    first = _end_of_range(match, 1, months, match["month1"] or match["month2"])
    first, last_full = _share_year(first, last)
    if not _is_sound_range(match, first, last_full):
        return WrittenDate(match.start("day2"), match.end(), last, last)
    return WrittenDate(*match.span(), first, last_full)


def _read_month(match: re.Match[str], months: dict[str, int]) -> WrittenDate:
    """Read "June 2025", "June to August 2025", "in June"."""
    if match["month3"]:
        month = Day(_number(match["month3"], months), None)
        direction = {"last": -1, "next": 1}.get(match["near"].lower(), 0)
        return WrittenDate(match.start("month3"), match.end("month3"), month, month, direction)
    first = _share_year(
        Day(_number(match["month1"], months), None),
        last := Day(_number(match["month2"] or match["month1"], months), None, int(match["year"])),
    )[0]
    return WrittenDate(*match.span(), first, last)


def find_iso(text: str) -> Iterator[WrittenDate]:
    """Find dates that begin with the year in digits: "2023-11-06", "2023/11/6"."""
    for match in _ISO.finditer(text):
        day = Day(int(match["month"]), int(match["day"]), int(match["year"]))
        yield WrittenDate(*match.span(), day, day)


def find_written(text: str, language: str) -> Iterator[WrittenDate]:
    """Find the dates of a text, in no order and possibly overlapping.

    Args:
        text: the whole text.
        language: the base language; one without words in the table has no dates here.
    """
    grammar = _grammar(language)
    if grammar is None:
        return
    if grammar.month_first:
        for match in grammar.month_first.finditer(text):
            if not _is_of_another_year(match):
                yield _read_month_first(match, grammar.months)
    for match in grammar.day_first.finditer(text):
        if not _is_of_another_year(match):
            yield _read_day_first(match, grammar.months)
    for match in grammar.month_alone.finditer(text):
        yield _read_month(match, grammar.months)


def find_relative(text: str, language: str) -> Iterator[RelativeDay]:
    """Find the weekdays and the days such as "yesterday" of a text, in order."""
    grammar = _grammar(language)
    if grammar is None:
        return
    for match in grammar.named_day.finditer(text):
        if match["name"] or match["names"]:
            continue
        if match["relative"]:
            yield RelativeDay(*match.span(), days_ahead=grammar.words.relative_days[match["relative"]])
            continue
        yield RelativeDay(
            *match.span(),
            weekday=_number(match["weekday"], grammar.weekdays),
            until=_number(match["until"], grammar.weekdays) if match["until"] else None,
            direction={"last": -1, "next": 1}.get(match["which"] or "", 0),
        )
