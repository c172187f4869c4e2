"""The line that opens a wire text: place, date and agency mark.

    CHONGQING, China, Nov. 7, 2023 /PRNewswire/ --      place, date, mark
    BEIJING, Nov. 6 (Xinhua) --                         the same, between other signs
    NEW YORK (AP) —    Jan 30 (Reuters) -               place or date may be missing
    (ANSA) - ROME, JUL 11 -                             the mark may come first
    МОСКВА, 6 ноя — РИА Новости.                        it may stand free
    新华社北京11月6日电     【北京＝共同】                  Chinese and Japanese forms

Which marks there are is configuration; the forms are here. Only the start of a line is looked at,
and every repetition is bounded.
"""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from coopwatch.dateline_heads import DatelineDate, Head, read_head
from coopwatch.publishers import Publishers, Wire

MAX_CHARACTERS = 220  # that a dateline with its mark may take
MAX_FREE_CHARACTERS = 100  # before a mark that stands free
MAX_SECOND_HEAD = 60

_BRACKETED = re.compile(
    r"[(（\[［]([^()（）\[\]［］]{2,60})[)）\]］]|(?<![^\W\d_])/([^/()]{2,60})/|【([^【】]{2,60})】"
)
_SEPARATOR = re.compile(r"\s{0,3}[.:：]?\s{0,3}(?:[-–—_=]{1,3}|[.:：/])\s{0,3}")
_DASH = re.compile(r"\s{0,3}[.:]?\s{0,3}(?:[-–—]{1,3}|/)\s{0,3}")
_HOST = re.compile(r"[\w-]{2,40}\.(?:com|org|net|info|cn|eu)", re.IGNORECASE)
_DIGIT_BY_HAN = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0}
_HAN_NUMBER = "〇零一二三四五六七八九十"
_OWN_COPY = frozenset({"本报", "本网", "本刊", "本報", "本網"})
_HAN_FORM = r"""
    (?P<open>[（(【\[])? [据據]? (?P<mark>{marks}) \s{{0,2}}
    (?: [记記]者 (?P<reporter>[\u4e00-\u9fff]{{2,3}}) )?
    (?P<place> [\u4e00-\u9fff·]{{0,15}}? ) \s{{0,2}}
    (?: (?: (?P<year>[\d{numerals}]{{4}})年 )? (?: (?P<month>[\d{numerals}]{{1,3}})月 )?
        (?P<day>[\d{numerals}]{{1,3}})[日号號] )?
    (?P<end> (?: (?![年月日号號]) [\u4e00-\u9fff] ){{0,6}}? [电電讯訊] | (?=[】\]]) )
    [）)】\]]?
"""
_REPORTERS = re.compile(r"\s{0,2}[（(](?:[\u4e00-\u9fff]{2,6})?[记記]者[:：\s]{0,2}([^（）()]{2,30})[)）]")


class Dateline(NamedTuple):
    """What a dateline says, and where the text proper begins."""

    quote: str
    length: int  # of the dateline at the start of its line
    place: str | None
    date: DatelineDate | None
    wire: Wire | None
    mark: str | None  # as written; a mark that no wire claims names an issuer
    reporters: str | None = None


def read_dateline(line: str, publishers: Publishers) -> Dateline | None:
    """Read the dateline that a line opens with; None if it opens with none."""
    return _read_han(line, publishers) or _read_marked(line, publishers) or _read_free(line, publishers)


def _read_han(line: str, publishers: Publishers) -> Dateline | None:
    """Read "新华社北京11月6日电", "（中央社台北6日電）", "【新華社北京11月6日】"."""
    found = _han_pattern(publishers).match(line[:MAX_CHARACTERS])
    if not found or not (found["day"] or _is_bare_han(found, line)) or not (found["end"] or found["open"]):
        return None
    numbers = [_read_number(found[part]) for part in ("year", "month", "day")]
    if numbers[2] is not None and not (1 <= numbers[2] <= 31 and 1 <= (numbers[1] or 1) <= 12):
        return None
    reporters = _REPORTERS.match(line[:MAX_CHARACTERS], found.end())
    end = reporters.end() if reporters else found.end()
    mark, wire = found["mark"], publishers.find_wire(found["mark"])
    return Dateline(
        quote=line[:end].strip(),
        length=end,
        place=found["place"] or None,
        date=DatelineDate(year=numbers[0], month=numbers[1], day=numbers[2]) if numbers[2] else None,
        wire=wire,
        mark=None if wire or mark in _OWN_COPY else mark,
        reporters=reporters[1].strip() if reporters else found["reporter"],
    )


def _is_bare_han(found: re.Match[str], line: str) -> bool:
    """Tell whether a mark without a day is a dateline all the same: "据新华社电", but not "新华社电视"."""
    after = line[found.end() : found.end() + 1]
    return not found["place"] and found["end"] in {"电", "電", "讯", "訊"} and not after.isalnum()


def _read_number(written: str | None) -> int | None:
    """Return the number that digits or Han numerals write: "11", "十一", "二十", "二〇二三"."""
    if not written:
        return None
    if written.isdigit():
        return int(written)
    if "十" not in written:
        return int("".join(str(_DIGIT_BY_HAN.get(sign, sign)) for sign in written))
    tens, _, ones = written.partition("十")
    return 10 * (_DIGIT_BY_HAN.get(tens, 1) if tens else 1) + (_DIGIT_BY_HAN.get(ones, 0) if ones else 0)


@functools.lru_cache(maxsize=4)
def _han_pattern(publishers: Publishers) -> re.Pattern[str]:
    marks = sorted({*publishers.han_names, *_OWN_COPY}, key=len, reverse=True)
    form = _HAN_FORM.format(marks="|".join(map(re.escape, marks)), numerals=_HAN_NUMBER)
    return re.compile(form, re.VERBOSE)


def _read_marked(line: str, publishers: Publishers) -> Dateline | None:
    """Read "PLACE, DATE (MARK) -" and its variants."""
    for found in _BRACKETED.finditer(line[:MAX_CHARACTERS]):
        before = line[: found.start()]
        head = read_head(before)
        inside = _read_inside((found[1] or found[2] or found[3]).replace("＝", "=").strip(" -–"), publishers)
        if head is None or inside is None or _spells_out(before, inside.mark):
            continue
        place, written = head.place, head.date or inside.date
        is_bare = not (place or written or inside.place)  # then "[Photo/Xinhua]" would do as well
        separator = _SEPARATOR.match(line, found.end())
        end = separator.end() if separator else found.end()
        second = _read_second_head(line, end) if is_bare else None
        wire = publishers.find_wire(inside.mark) if is_bare and not second else inside.wire
        is_full = bool(place) and written is not None
        if not (
            wire or _names_issuer(inside.mark, place, publishers, is_full=is_full, is_apart=bool(separator))
        ):
            continue
        # at the end of a line, a name in small letters is that of a person in a picture
        ends_there = separator is not None or (not line[end:].strip() and (is_bare or before.isupper()))
        if not (ends_there or is_full or inside.place or found[3]):
            continue
        if second:
            (place, written), end = second
        return Dateline(line[:end].strip(), end, place or inside.place, written, wire, inside.mark)
    return None


class _Inside(NamedTuple):
    """What stands between the signs around a mark."""

    mark: str
    wire: Wire | None
    place: str | None = None
    date: DatelineDate | None = None


def _read_inside(text: str, publishers: Publishers) -> _Inside | None:
    """Read "Xinhua", "서울=연합뉴스", "東京 6日 ロイター", "Newsfile Corp. - November 6, 2023"."""
    place, sign, mark = (part.strip() for part in text.rpartition("="))
    if sign:
        named = publishers.find_wire(place.split()[-1]) if place else None
        place = place if named is None else " ".join(place.split()[:-1])  # "파리 AFP=연합뉴스"
        return _Inside(mark, publishers.find_wire_in(mark), place or None)
    if wire := publishers.find_wire(text):
        return _Inside(text, wire)
    for mark, wire, rest in _split_at_edge(text, publishers):
        head = read_head(rest)
        if head and (head.date or not mark.isascii()):
            return _Inside(mark, wire, head.place, head.date)
    return _Inside(text, publishers.find_wire_in(text))


def _split_at_edge(text: str, publishers: Publishers) -> Iterator[tuple[str, Wire, str]]:
    """Yield each mark that a text begins or ends with, its wire, and the rest of the text."""
    for found in publishers.marks.finditer(text):
        wire = publishers.find_wire(found[0])
        if wire and (found.start() == 0 or found.end() == len(text)):
            yield found[0], wire, text[: found.start()] + text[found.end() :]


def _names_issuer(
    mark: str, place: str | None, publishers: Publishers, *, is_full: bool, is_apart: bool
) -> bool:
    """Tell whether a mark that no wire claims stands where nothing but a name can stand."""
    if not place or not is_apart or sum(map(str.isalpha, mark)) < 3:
        return False
    return is_full or publishers.is_organization(mark) or _HOST.fullmatch(mark) is not None


def _spells_out(head: str, mark: str) -> bool:
    """Tell whether a bracket only abbreviates the words before it: "Palestinian Authority (PA)"."""
    initials = "".join(word[0] for word in head.split() if word[0].isupper())
    return len(mark) > 1 and "," not in head and initials.casefold().endswith(mark.casefold())


def _read_second_head(line: str, start: int) -> tuple[Head, int] | None:
    """Read "PLACE, DATE - " after a mark that came first."""
    for found in _DASH.finditer(line, start, start + MAX_SECOND_HEAD):
        head = read_head(line[start : found.start()])
        if head and head.date:
            return head, found.end()
    return None


def _read_free(line: str, publishers: Publishers) -> Dateline | None:
    """Read "PLACE, DATE MARK -", "PLACE - MARK - DATE -": a mark between no signs of its own."""
    for found in publishers.marks.finditer(line[:MAX_FREE_CHARACTERS]):
        before, head = line[: found.start()], read_head(line[: found.start()])
        if head is None or not (head.place or head.date):
            return None  # what follows a sentence's first words is no dateline either
        separator = _SEPARATOR.match(line, found.end())
        if not separator and line[found.end() :].strip():
            continue
        end = separator.end() if separator else found.end()
        wire = publishers.find_wire(found[0])
        second = None
        if separator and head.date is None:
            second = _read_second_head(line, end)
            # without a day, only capitals and a dash tell a dateline from a sentence
            is_shouted = before.isupper() and before[-1] != "/" and "/" not in separator[0]
            if not second and not is_shouted:
                continue
        written = second[0].date if second else head.date
        if written is None and separator is None:
            continue
        end = second[1] if second else end
        return Dateline(line[:end].strip(), end, head.place, written, wire, found[0])
    return None
