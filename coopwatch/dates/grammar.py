"""The grammar of dates in languages that write with blanks, compiled from `coopwatch.dates.words`.

Every repetition in a pattern is bounded, and only the surroundings of the name of a month or of a
day are looked at, so that no text makes them slow.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from coopwatch.dates.words import DATE_WORDS, DateWords
from coopwatch.dates.written import Day, RelativeDay, WrittenDate, find_surroundings, share_year

_SPACE = r"[^\S\n]{1,3}"
_COUNTED = "people|participants|attendees|delegates|guests|experts|scientists|students|visitors"
_UNCOUNTED = rf"(?![\w%]|[.,]\d|-year|{_SPACE}(?:{_COUNTED})\b)"
_YEAR = rf"(?:19|20)\d\d{_UNCOUNTED}"
_NO_YEAR = rf"(?:1[0-8]|2[1-9])\d\d{_UNCOUNTED}"  # of another age, or of another calendar
_DASH = rf"(?:{_SPACE})?[-‐‑–—~/](?:{_SPACE})?"
_LONGEST_ABBREVIATION = 5
_BEFORE = 60  # characters before the name of a month, or behind it, that can belong to its date
_BEHIND = 80
_DAY_MONTHS = 12


class _Grammar(NamedTuple):
    words: DateWords
    months: dict[str, int]
    weekdays: dict[str, int]
    month: re.Pattern[str]  # its name, around which dates are looked for
    patterns: tuple[tuple[str, re.Pattern[str]], ...]  # how a date is written, and how that is read
    day: re.Pattern[str]  # the name of a weekday, or a word such as "yesterday"
    named_day: re.Pattern[str]


def _names(listed: str, *, is_capitalised: bool) -> tuple[str, dict[str, int]]:
    """Return a pattern for the names in all forms that they are written in, and their positions."""
    alternatives = [names.replace("_", " ").split("|") for names in listed.split()]
    positions = {name: at for at, names in enumerate(alternatives) for name in names}
    full = {names[0] for names in alternatives}
    forms = set()
    for name in positions:
        written = {name.title(), name.upper()} if is_capitalised else {name, name.capitalize(), name.upper()}
        is_short = name not in full and len(name) <= _LONGEST_ABBREVIATION
        forms |= {form + stop for form in written for stop in (("", r"\.") if is_short else ("",))}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return "(?:" + "|".join(longest_first) + r")(?![^\W\d_])", positions


def _compile(words: DateWords) -> _Grammar:
    month, months = _names(words.months, is_capitalised=words.is_capitalised)
    weekday, weekdays = _names(words.weekdays, is_capitalised=words.is_capitalised)
    day = rf"(?:3[01]|[12]\d|0?[1-9])(?:{words.ordinal})?(?![\w%]|[.:]\d|,\d{{3}}(?!\d))"
    of = rf"(?:{_SPACE}(?:(?i:{words.of}){_SPACE})?|-)"
    through = rf"(?:{_DASH}|{_SPACE}(?i:{words.through}){_SPACE}(?:the{_SPACE}|den{_SPACE})?)"
    also = rf"{_SPACE}(?i:{words.also})(?:{_SPACE}(?:the{_SPACE})?|(?=\d))"
    join = rf"(?P<list>(?:,{_SPACE}{day}){{1,5}})?,?(?:{through}|(?P<also>{also}))"

    def year(end: int) -> str:
        relative = "|".join(
            rf"(?P<{name}{end}>{phrase})"
            for name, phrase in (
                ("last", words.last_year),
                ("this", words.this_year),
                ("next", words.next_year),
                ("latest", words.latest),
                ("coming", words.coming),
            )
        )
        before = rf"(?:,(?:{_SPACE})?|{_SPACE}(?:(?i:{words.of}){_SPACE})?|-)"
        other = rf"(?P<other{end}>(?:(?i:{words.of}){_SPACE})?{_NO_YEAR}|{words.other_year})"
        return rf"(?:{before}(?P<year{end}>{_YEAR})|,?{_SPACE}(?:{relative}|{other})(?!\w))"

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
        rf"|(?<!\w)(?P<near>(?i:{words.near_month}))[- ](?:(?:early|mid"
        rf"|late)[- ])?(?P<month3>{month}){year(3)}?"
        rf"(?!{_SPACE}?\d|{of}\d|{also}{month}|{through}{month}|{_SPACE}(?:{words.other_year})\b)"
    )
    modified = rf"(?P<latest1>(?i:{words.latest_before}))|(?P<coming1>(?i:{words.coming_before}))|this"
    on = rf"(?:{words.on_weekday}){_SPACE}" if words.on_weekday else ""
    relative = "|".join(sorted(map(re.escape, words.relative_days), key=len, reverse=True))
    named_day = (
        rf"(?<![\w-])(?:(?P<name>{words.names_before})(?:{_SPACE}|-))?{on}(?:(?:{modified}){_SPACE})?"
        rf"(?P<weekday>{weekday})"
        rf"(?:{_SPACE}(?:(?P<names>{words.names_after})|(?:(?P<latest2>{words.latest})"
        rf"|(?P<coming2>{words.coming}))(?!\w))"
        rf"|{through}(?P<until>{weekday}))?"
        rf"|(?<![\w'’-]){words.relative_guard}(?P<relative>{relative})(?![\w'’-]){words.relative_after}"
    )
    patterns = [("day_first", day_first), ("month_alone", month_alone)]
    if words.is_month_first:
        patterns.insert(0, ("month_first", month_first))
    return _Grammar(
        words=words,
        months={name: at % _DAY_MONTHS + 1 for name, at in months.items()},
        weekdays=weekdays,
        month=re.compile(month),
        patterns=tuple((name, re.compile(pattern)) for name, pattern in patterns),
        day=re.compile(f"{weekday}|{relative}"),
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
    number = _number(month, months) if month else None
    return Day(number, _day_number(match[f"day{end}"]), _written_year(match, end), _year_offset(match, end))


def _written_year(match: re.Match[str], end: int) -> int | None:
    return int(match[f"year{end}"]) if match[f"year{end}"] else None


def _year_offset(match: re.Match[str], end: int) -> int | None:
    return next((at - 1 for at, name in enumerate(("last", "this", "next")) if match[f"{name}{end}"]), None)


def _direction(match: re.Match[str], *ends: int) -> int:
    """Return on which side of the reference the words put a day: "le 6 novembre dernier", "next Friday"."""
    if any(match[f"latest{end}"] for end in ends):
        return -1
    return 1 if any(match[f"coming{end}"] for end in ends) else 0


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


def _read_month_first(match: re.Match[str], months: dict[str, int]) -> WrittenDate:
    """Read "November 6", "November 6 to 7, 2023", "Nov. 30 to Dec. 2"."""
    first = _end_of_range(match, 1, months, match["month1"])
    if match["range"] is None:
        return WrittenDate(*match.span(), first, first, _direction(match, 1, 2))
    last = _end_of_range(match, 2, months, match["month2"] or match["month1"])
    first_full, last = share_year(first, last)
    is_cut = match["year1"] is not None and match["month2"] is None  # "November 6, 2023 and 7"
    if is_cut or not _is_sound_range(match, first_full, last):
        return WrittenDate(match.start(), match.start("range"), first, first)
    return WrittenDate(*match.span(), first_full, last, _direction(match, 1, 2))


def _read_day_first(match: re.Match[str], months: dict[str, int]) -> WrittenDate:
    """Read "6 November 2023", "6–7 Nov.", "30 November to 2 December 2024"."""
    last = _end_of_range(match, 2, months, match["month2"])
    if match["range"] is None:
        return WrittenDate(*match.span(), last, last, _direction(match, 1, 2))
    first = _end_of_range(match, 1, months, match["month1"] or match["month2"])
    first, last_full = share_year(first, last)
    if not _is_sound_range(match, first, last_full):
        return WrittenDate(match.start("day2"), match.end(), last, last, _direction(match, 1, 2))
    return WrittenDate(*match.span(), first, last_full, _direction(match, 1, 2))


def _read_month_alone(match: re.Match[str], months: dict[str, int]) -> WrittenDate:
    """Read "June 2025", "June to August 2025", "in June"."""
    if match["month3"]:
        month = Day(_number(match["month3"], months), None, _written_year(match, 3), _year_offset(match, 3))
        direction = {"last": -1, "next": 1}.get(match["near"].lower()) or _direction(match, 3)
        return WrittenDate(match.start("month3"), match.end(), month, month, direction)
    first = share_year(
        Day(_number(match["month1"], months), None),
        last := Day(_number(match["month2"] or match["month1"], months), None, int(match["year"])),
    )[0]
    return WrittenDate(*match.span(), first, last)


_READERS = {
    "month_first": _read_month_first,
    "day_first": _read_day_first,
    "month_alone": _read_month_alone,
}


def find_written(text: str, language: str) -> Iterator[WrittenDate]:
    """Find the dates of a text, in no order and possibly overlapping.

    Args:
        text: the whole text, its digits and letters made comparable.
        language: the base language; one without words in the table has no dates here.
    """
    grammar = _grammar(language)
    if grammar is None:
        return
    for start, end in find_surroundings(text, grammar.month, _BEFORE, _BEHIND):
        for name, pattern in grammar.patterns:
            for match in pattern.finditer(text, start, end):
                if not any(match[group] for group in pattern.groupindex if group.startswith("other")):
                    yield _READERS[name](match, grammar.months)


def find_relative(text: str, language: str) -> Iterator[RelativeDay]:
    """Find the weekdays and the days such as "yesterday" of a text, in order."""
    grammar = _grammar(language)
    if grammar is None:
        return
    surroundings = find_surroundings(text, grammar.day, _BEFORE, _BEHIND)
    matches = (match for start, end in surroundings for match in grammar.named_day.finditer(text, start, end))
    for match in matches:
        if match["relative"]:
            yield RelativeDay(*match.span(), days_ahead=grammar.words.relative_days[match["relative"]])
        elif not (match["name"] or match["names"]):
            yield RelativeDay(
                *match.span(),
                weekday=_number(match["weekday"], grammar.weekdays),
                until=_number(match["until"], grammar.weekdays) if match["until"] else None,
                direction=_direction(match, 1, 2),
            )
