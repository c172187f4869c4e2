"""The line that opens a wire text: place, date and agency mark.

    CHONGQING, China, Nov. 7, 2023 /PRNewswire/ --      place, date, mark
    BEIJING, Nov. 6 (Xinhua) --                         the same, between other signs
    NEW YORK (AP) —    Jan 30 (Reuters) -               place or date may be missing
    (ANSA) - ROME, JUL 11 -                             the mark may come first
    新华社北京11月6日电     【北京＝共同】                  Chinese and Japanese forms

Which marks there are is configuration; the forms are here. Only the start of a line is looked at,
and every repetition is bounded.
"""

import functools
import re
from datetime import date, timedelta
from typing import NamedTuple

from babel.dates import get_month_names

from coopwatch.publishers import Publishers, Wire
from schemas.records import Record

MAX_CHARACTERS = 220  # that a dateline with its mark may take
MAX_INFERENCE = timedelta(days=60)  # between a date without year and the publication that gives it one

_LOCALES = ("en", "fr", "es", "de", "it", "pt", "ru", "nl", "da", "pl")
_CONNECTOR_WORDS = "a al and da das de del der des di do du e el en et la las le les of on the und y"
_CONNECTORS = frozenset(_CONNECTOR_WORDS.split())

_BRACKETED = re.compile(r"[(（\[]([^()（）\[\]]{2,60})[)）\]]|/([^/()]{2,60})/|【([^【】]{2,60})】")
_SEPARATOR = re.compile(r"\s{0,3}[.:：]?\s{0,3}(?:[-–—_=]{1,3}|[.:：])\s{0,3}")
_MONTH_FIRST = re.compile(r"(?:^|[\s,.–—-])([^\W\d_]{3,12})\.?\s{1,3}(\d{1,2})(?:,?\s{1,3}(\d{4}))?$")
_DAY_FIRST = re.compile(
    r"(?:^|[\s,.–—-])(\d{1,2})\.?\s{1,3}(?:de\s)?([^\W\d_]{3,12})\.?(?:,?\s{1,3}(?:de\s)?(\d{4}))?$"
)
_HAN_HEAD = r"[（(【]?据?(?P<mark>{marks})\s{{0,2}}(?P<place>[\u4e00-\u9fff·]{{0,15}}?)\s{{0,2}}"
_HAN_DATE = (
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日[\u4e00-\u9fff]{0,6}?[电電][）)】]?"
)
_REPORTERS = re.compile(r"\s{0,2}[（(](?:[\u4e00-\u9fff]{2,6})?记者[:：\s]{0,2}([^（）()]{2,30})[)）]")
_EDGES = " \t,，.:：-–—"


class Dateline(NamedTuple):
    """What a dateline says, and where the text proper begins."""

    quote: str
    length: int  # of the dateline at the start of its line
    place: str | None
    date: "DatelineDate | None"
    wire: Wire | None
    mark: str | None  # as written; a mark that no wire claims names an issuer
    reporters: str | None = None


class DatelineDate(Record):
    """A day whose year, and in Chinese whose month, may be left out."""

    year: int | None
    month: int | None
    day: int


def read_dateline(line: str, publishers: Publishers) -> Dateline | None:
    """Read the dateline that a line opens with; None if it opens with none."""
    return _read_han(line, publishers) or _read_marked(line, publishers)


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


def _read_han(line: str, publishers: Publishers) -> Dateline | None:
    found = _han_pattern(publishers).match(line[:MAX_CHARACTERS])
    if not found:
        return None
    reporters = _REPORTERS.match(line[:MAX_CHARACTERS], found.end())
    end = reporters.end() if reporters else found.end()
    month, year = found["month"], found["year"]
    return Dateline(
        quote=line[:end].strip(),
        length=end,
        place=found["place"] or None,
        date=DatelineDate(
            year=int(year) if year else None, month=int(month) if month else None, day=int(found["day"])
        ),
        wire=publishers.find_wire(found["mark"]),
        mark=None,
        reporters=reporters[1].strip() if reporters else None,
    )


@functools.lru_cache(maxsize=4)
def _han_pattern(publishers: Publishers) -> re.Pattern[str]:
    marks = {mark for wire in publishers.wires for mark in wire.marks if "\u4e00" <= mark[0] <= "\u9fff"}
    alternatives = "|".join(
        re.escape(mark) for mark in sorted(marks | {"本报", "本网", "本刊"}, key=len, reverse=True)
    )
    return re.compile(_HAN_HEAD.format(marks=alternatives) + _HAN_DATE)


def _read_marked(line: str, publishers: Publishers) -> Dateline | None:
    """Read "PLACE, DATE (MARK) -" and its variants."""
    for found in _BRACKETED.finditer(line[:MAX_CHARACTERS]):
        inside = (found[1] or found[2] or found[3]).replace("＝", "=").strip(" -–")
        place_inside, _, mark = (part.strip() for part in inside.rpartition("="))
        head = _read_head(line[: found.start()])
        if head is None or _spells_out(line[: found.start()], mark):
            continue
        place, written = head
        is_bare = not (place or written or place_inside)  # then "[Photo/Xinhua]" would do as well
        wire = publishers.find_wire(mark) if is_bare else publishers.find_wire_in(mark)
        separator = _SEPARATOR.match(line, found.end())
        end = separator.end() if separator else found.end()
        is_full = bool(place) and written is not None
        ends_there = separator is not None or not line[end:].strip()
        # what no wire claims is a name only where nothing but a name can stand
        if not (wire or (is_full and separator and sum(map(str.isalpha, mark)) >= 3)):
            continue
        if not (ends_there or is_full or place_inside or found[3]):
            continue
        if is_bare and (second := _read_second_head(line, end)):
            (place, written), end = second
        return Dateline(line[:end].strip(), end, place or place_inside or None, written, wire, mark)
    return None


def _spells_out(head: str, mark: str) -> bool:
    """Tell whether a bracket only abbreviates the words before it: "Palestinian Authority (PA)"."""
    initials = "".join(word[0] for word in head.split() if word[0].isupper())
    return len(mark) > 1 and initials.casefold().endswith(mark.casefold())


def _read_second_head(line: str, start: int) -> tuple[tuple[str, DatelineDate | None], int] | None:
    """Read "PLACE, DATE - " after a mark that came first."""
    end = line.find(" - ", start, start + 60)
    head = _read_head(line[start:end]) if end > 0 else None
    return (head, end + 3) if head and head[1] else None


def _read_head(head: str) -> tuple[str, DatelineDate | None] | None:
    """Read what stands before a mark; None if it is not a place, a date, or both, or nothing."""
    head = head.strip(" \t–—-:").rstrip("., ")
    if len(head) > 120:
        return None
    written = None
    for pattern, month_group, day_group in ((_MONTH_FIRST, 1, 2), (_DAY_FIRST, 2, 1)):
        tail = head[-32:]
        found = pattern.search(tail)
        month = _month_number(found[month_group]) if found else None
        if found and month:
            written = DatelineDate(
                year=int(found[3]) if found[3] else None, month=month, day=int(found[day_group])
            )
            head = head[: len(head) - len(tail) + found.start()]
            break
    place = head.strip(_EDGES)
    return (_in_title_case(place), written) if not place or _is_place(place) else None


def _is_place(place: str) -> bool:
    words = place.replace(",", " ").replace("/", " ").split()
    return (
        len(words) <= 10
        and not any(character.isdigit() or character in '!?;:"“”()' for character in place)
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


def _month_number(word: str) -> int | None:
    """Return the month that a name or its beginning means in any of the datelines' languages."""
    months = _month_by_name()
    folded = word.casefold()
    found = {number for name, number in months.items() if name.startswith(folded)}
    return months.get(folded) or (found.pop() if len(found) == 1 else None)


@functools.cache
def _month_by_name() -> dict[str, int]:
    return {
        name.casefold(): number
        for locale in _LOCALES
        for number, name in get_month_names("wide", "format", locale).items()
    }


def _make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
