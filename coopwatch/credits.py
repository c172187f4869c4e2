"""Credits outside the dateline: bylines, credit lines, sign-offs, known phrases, and citations.

A credit says whose copy a text is. A citation ("according to Xinhua") says only that an agency was
read; it never makes the text that agency's.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from coopwatch.dateline_heads import month_number
from coopwatch.persons import find_persons
from coopwatch.publishers import Publishers, Wire
from coopwatch.sentences import sentence_at

LEADING_LINES = 4  # in which credit lines stand; they also stand among
TRAILING_LINES = 25  # the last ones
SIGNED_LINES = 10  # likewise the last ones, for a mark in brackets; further up it is a link or a caption
CLOSING_LINES = 2  # in which a mark without signs around it may end a text
LEAST_CLOSED = 60  # characters of a paragraph that such a mark ends
MAX_LINE_CHARACTERS = 160  # of a credit line
LEAST_NAME = 4  # letters of an agency's name that is no initials
MAX_NAMES_CHARACTERS = 90  # of the persons in it
CITING_CHARACTERS = 60  # before and after an agency's name, in which the citing words stand
MAX_CITATIONS = 200  # that are looked at in one text

_CREDIT = re.compile(
    r"(?:[(（]\s?)?"
    r"(?:(?:SOURCE|Source|来源|稿源|來源|消息来源|出典|Fuente|Quelle|Fonte|Источник|المصدر|출처)\s{0,2}[:：]\s{0,2}"
    r"|SOURCE\s{1,3}"
    r"|(?:Provided|Materials provided) by (?:the )?(?=[A-Z][^,;!?]{2,80}$))(?P<name>\S.{0,80})"
)
_SIGN_OFF = re.compile(r"\s{0,2}[(（/\[［—–]\s{0,2}([^()（）/\[\]—–\s][^()（）/\[\]—–]{1,40})[)）/\]］]?\.?$")
_SENTENCE_END = '.!?。！？…"”’»)'
_INITIALS = re.compile(r"(?:\s[A-Za-z]{2,4}){0,4}[.=]?$")  # of the editors, after a closing mark
_YEARS = r"\d{4}(?:\s?[-–]\s?\d{4})?"
_COPYRIGHT = re.compile(
    rf"(?:©|ⓒ|\(c\)|copyright|저작권자)[\s©ⓒ]{{0,3}}(?:\(c\))?\s{{0,2}}(?P<year>{_YEARS})?[\s,]{{0,2}}(?:by\s)?(?:the\s)?",
    re.IGNORECASE,
)
_AFTER_OWNER = re.compile(rf"\s?(?:{_YEARS})?\s?(?:[.,;|:)>]|$|all rights)", re.IGNORECASE)
_STAMP_LINES = """
    updated published posted last at on am pm a p m gmt utc est edt cst cdt pst pdt cet cest bst msk ist jst
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
    年 月 日 时 分 时间 发布 发布时间 更新 更新时间 일 월 년
"""
_STAMP_WORDS = frozenset(_STAMP_LINES.split())
_ROLE = re.compile(
    r"\s(?:[A-Z][\w-]{1,15}\s){0,3}(?:Writers?|Correspondents?|Reporters?|correspondents?)\b[\s=.]*$"
)
_PLACE_FIRST = re.compile(r"[A-Z][A-Z ./-]{2,40}(?:, [A-Z][A-Za-z. ]{2,20})?\s?(?:—|–|--|\s-)\s")
_BY = re.compile(r"^(?:by|por|par|von|di|da|från|von)\s", re.IGNORECASE)
_CITING = re.compile(
    r"\b(?:according to|reported|reports?|said|says|told|citing|cited|quot(?:ed|ing)|news agency|agencia"
    r"|agência|agence|agenzia|nachrichtenagentur|selon|rapporté|indiqué|déclaré|laut|zufolge|berichtet|meldet|meldete"
    r"|según|informó|dijo|segundo|informou|disse|secondo|riferisce)\b|据|據|報道|报道|報導|援引|消息|сообщ|агентств"
    r"|по данным|переда[её]т|によると|報じ|伝え|에 따르면|보도|전했|وكالة|ذكرت|نقلت|أفادت|قالت|بحسب",
    re.IGNORECASE,
)
_BYLINE_PART = re.compile(r"[,;|/&=]|\s[-–—]\s|\b(?:and|et|und|y)\b|^\s{0,2}[Bb]y\b")
_EDGES = " \t.,;:)）]】|"


class Trace(NamedTuple):
    """A name, and the words it was found in."""

    name: str
    quote: str


def find_distributor(bylines: Sequence[str], lines: Sequence[str], publishers: Publishers) -> Trace | None:
    """Return the wire that a byline, credit line, sign-off or phrase says the text is the copy of."""
    for byline in bylines:
        for part in (_strip_stamp(byline[:500]), *_BYLINE_PART.split(byline[:500])):
            if wire := _read_byline_part(part, publishers):
                return Trace(wire.name, byline)
    for credited in _find_credits(lines):
        name = _strip_stamp(credited.name)
        if wire := publishers.find_wire(name):
            return Trace(wire.name, credited.quote)
    for line in lines[-TRAILING_LINES:]:
        if len(line) <= 2 * MAX_LINE_CHARACTERS and (wire := publishers.find_wire_by_phrase(line)):
            return Trace(wire.name, line[-MAX_LINE_CHARACTERS:])
    for wire, quote in _find_sign_offs(lines, publishers).values():
        return Trace(wire.name, quote)
    for line in (*lines[:LEADING_LINES], *lines[-TRAILING_LINES:]):
        if wire := _read_copyright(line, publishers):
            return Trace(wire.name, line[:MAX_LINE_CHARACTERS])
    return None


def is_credit_line(line: str, after: str, publishers: Publishers) -> bool:
    """Tell whether a line at the top of a text names an agency as a byline does.

    "Xinhua | Updated: 2023-11-06 10:12", "The Associated Press" above a date, "JANE DOE, AP Science Writer".
    A picture's credit looks like a byline too ("Jane Doe, Associated Press"), so one person with an
    agency is none unless a date follows.

    Args:
        line: the line.
        after: the line that follows it.
        publishers: the wires that are known.
    """
    if len(line) > MAX_LINE_CHARACTERS:
        return False
    text = _BY.sub("", line.strip()).strip(_EDGES)
    for found in publishers.marks.finditer(text):
        before, rest = text[: found.start()].strip(_EDGES + "(-–—"), text[found.end() :]
        is_dated = is_stamp(rest) or is_stamp(after)
        if not before and not rest.strip(_EDGES):
            # initials alone above a date may be the credit of a picture
            return text != line.strip(_EDGES) or (
                len(text) > LEAST_NAME and (is_dated or _PLACE_FIRST.match(after) is not None)
            )
        if not before:
            return is_stamp(rest) or _read_role(text, publishers) is not None
        if _ROLE.match(rest):
            return True
        if not rest.strip(_EDGES + "="):
            is_by = text != line.strip(_EDGES)
            return is_by or is_dated or is_stamp(before) or _are_persons(before, publishers)
    return False


def _are_persons(text: str, publishers: Publishers) -> bool:
    """Tell whether a text is the names of several persons; a picture has one author."""
    return len(text) <= MAX_NAMES_CHARACTERS and len(find_persons(text, publishers)) > 1


def is_stamp(text: str) -> bool:
    """Tell whether a text is a date or time, with what sites write beside it."""
    if len(text) > MAX_LINE_CHARACTERS:
        return False
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return any(map(str.isdigit, text)) and all(word in _STAMP_WORDS or month_number(word) for word in words)


def find_issuer(lines: Sequence[str], publishers: Publishers, *, is_release: bool) -> Trace | None:
    """Return who a credit line says the text comes from, when that is no wire.

    Args:
        lines: the text's paragraphs.
        publishers: the wires that are known.
        is_release: whether a release service distributed the text. If none did, "Source: X" may be
            the source of anything, and only the formal "SOURCE X" and "Provided by X" count.
    """
    issuers = (trace for trace in _find_credits(lines) if not publishers.find_wire(_strip_stamp(trace.name)))
    return next((trace for trace in issuers if is_release or _is_formal(trace.quote)), None)


def find_citations(text: str, distributor: Wire | None, publishers: Publishers) -> tuple[Trace, ...]:
    """Return the agencies that the text cites, each with the first sentence that does."""
    cited: dict[str, str] = {}
    for wire, start, end in islice(publishers.find_named_wires(text), MAX_CITATIONS):
        before = text[max(0, start - CITING_CHARACTERS) : start].rpartition("\n")[2]
        after = text[end : end + CITING_CHARACTERS].partition("\n")[0]
        if wire == distributor or wire.name in cited:
            continue
        if _CITING.search(before) or _CITING.search(after):
            cited[wire.name] = sentence_at(text, start)
    return tuple(Trace(name, quote) for name, quote in cited.items())


def strip_credits(lines: Sequence[str], publishers: Publishers) -> list[str]:
    """Return the lines without credit lines, and without the signs that end a wire's copy."""
    credit_lines = {trace.quote for trace in _find_credits(lines)}
    signed = _find_sign_offs(lines, publishers)
    unsigned = [
        line.removesuffix(signed[index][1]).rstrip() if index in signed else line
        for index, line in enumerate(lines)
    ]
    return [line for line in unsigned if line and line not in credit_lines]


def _find_credits(lines: Sequence[str]) -> Iterator[Trace]:
    for line in dict.fromkeys((*lines[-TRAILING_LINES:], *lines[:LEADING_LINES])):
        if len(line) <= MAX_LINE_CHARACTERS and (found := _CREDIT.fullmatch(line)):
            yield Trace(found["name"].strip(_EDGES), line)


def _is_formal(credit_line: str) -> bool:
    return credit_line.startswith(("SOURCE ", "Provided by ", "Materials provided by "))


def _strip_stamp(name: str) -> str:
    """Return a credited name without the date after it: "新华网 2023-11-06", "Xinhua | Updated: 10:12"."""
    for found in re.finditer(r"[\s|,(]", name):
        if is_stamp(name[found.start() :]):
            return name[: found.start()].strip(_EDGES)
    return name


def _read_byline_part(part: str, publishers: Publishers) -> Wire | None:
    """Return the wire of "Xinhua", "(Xinhua) 10:23", "JANE DOE Associated Press", "AP Science Writer"."""
    part = _strip_stamp(part).strip(_EDGES + "(（[")
    if wire := publishers.find_wire_as_written(part) or _read_role(part, publishers):
        return wire
    for found in publishers.marks.finditer(part):
        if found.end() == len(part) and find_persons(part[: found.start()], publishers):
            return publishers.find_wire(found[0])
    return None


def _read_role(part: str, publishers: Publishers) -> Wire | None:
    """Return the wire of "AP Science Writer", "dpa correspondents"."""
    part = part.strip()
    found = publishers.marks.match(part)
    return publishers.find_wire(found[0]) if found and _ROLE.match(part, found.end()) else None


def _find_sign_offs(lines: Sequence[str], publishers: Publishers) -> dict[int, tuple[Wire, str]]:
    """Return the signs that end a wire's copy, by line: "… he said. (AFP)", "/ritzau/", "AFP sn"."""
    signs: dict[int, tuple[Wire, str]] = {}
    for index in range(max(0, len(lines) - SIGNED_LINES), len(lines)):
        tail = lines[index][-MAX_LINE_CHARACTERS:]
        found = _SIGN_OFF.search(tail)
        if found and _ends_sentence(tail[: found.start()]):
            if wire := publishers.find_wire_as_written(found[1]):
                signs[index] = wire, found[0]
        elif index >= max(1, len(lines) - CLOSING_LINES) and (sign := _read_closing_mark(tail, publishers)):
            signs[index] = sign
    return signs


def _read_closing_mark(tail: str, publishers: Publishers) -> tuple[Wire, str] | None:
    """Read a mark without signs around it: "AFP sn", "==Kyodo", "… quinientos ejemplares. EFE".

    A mark alone on its line may as well be the credit of a picture.
    """
    for found in publishers.marks.finditer(tail):
        before, rest = tail[: found.start()].rstrip(), tail[found.end() :]
        if not _INITIALS.fullmatch(rest):
            continue
        is_signed = not before.strip("=") and bool(before or rest.strip(".="))
        is_closing = len(before) >= LEAST_CLOSED and _ends_sentence(before) and before[-1] != ")"
        wire = publishers.find_wire(found[0])
        if wire and (is_signed or is_closing):
            return wire, tail[len(before.rstrip("=")) :]
    return None


def _ends_sentence(before: str) -> bool:
    before = before.rstrip()
    return not before or before[-1] in _SENTENCE_END


def _read_copyright(line: str, publishers: Publishers) -> Wire | None:
    """Return the wire that owns a text, as in "Copyright 2018 The Associated Press".

    A picture is owned without a year: "© Reuters / Jane Doe".
    """
    for notice in _COPYRIGHT.finditer(line[: 2 * MAX_LINE_CHARACTERS]):
        owner = publishers.marks.match(line, notice.end())
        if owner and _AFTER_OWNER.match(line, owner.end()):
            is_dated = notice["year"] or re.match(rf"\s?{_YEARS}", line[owner.end() :])
            if is_dated or not notice[0].startswith(("©", "(", "ⓒ")):
                return publishers.find_wire(owner[0])
    return None
