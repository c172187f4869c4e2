"""Credits outside the dateline: bylines, credit lines, sign-offs, known phrases, and citations.

A credit says whose copy a text is. A citation ("according to Xinhua") says only that an agency was
read; it never makes the text that agency's.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from coopwatch.publishers import Publishers, Wire
from coopwatch.sentences import sentence_at

LEADING_LINES = 4  # in which credit lines stand; they also stand among
TRAILING_LINES = 25  # the last ones, and so do sign-offs
MAX_LINE_CHARACTERS = 160  # of a credit line
CITING_CHARACTERS = 60  # before and after an agency's name, in which the citing words stand
MAX_CITATIONS = 200  # that are looked at in one text

_CREDIT = re.compile(
    r"(?:(?:SOURCE|Source|来源|稿源|來源|出典|Fuente|Quelle|Fonte|Источник)\s{0,2}[:：]\s{0,2}|SOURCE\s{1,3}"
    r"|(?:Provided|Materials provided) by (?:the )?(?=[A-Z][^,;!?]{2,80}$))(?P<name>\S.{0,80})"
)
_SIGN_OFF = re.compile(r"\s{0,2}[(（/\[—–]\s{0,2}([^()（）/\[\]—–\s][^()（）/\[\]—–]{1,40})[)）/\]]?\.?$")
_SENTENCE_END = '.!?。！？…"”’»)'
_CITING = re.compile(
    r"\b(?:according to|reported|reports?|said|says|told|citing|cited|quot(?:ed|ing)|news agency|agencia"
    r"|agence|agenzia|nachrichtenagentur|selon|laut|según|secondo|segundo)\b|据|報道|报道|援引|сообщ|агентств"
    r"|по данным",
    re.IGNORECASE,
)
_BYLINE_PART = re.compile(r"[,;|/&]|\b(?:and|et|und|y)\b|^\s{0,2}[Bb]y\b")
_EDGES = " \t.,;:)）]】"


class Trace(NamedTuple):
    """A name, and the words it was found in."""

    name: str
    quote: str


def find_distributor(bylines: Sequence[str], lines: Sequence[str], publishers: Publishers) -> Trace | None:
    """Return the wire that a byline, credit line, sign-off or phrase says the text is the copy of."""
    for byline in bylines:
        for part in _BYLINE_PART.split(byline[:500]):
            wire = publishers.find_wire(part)
            # initials in lower case are somebody's login, not an agency
            if wire and part.strip() in {wire.name, *wire.marks, *wire.cited_as}:
                return Trace(wire.name, byline)
    for credited in _find_credits(lines):
        if wire := publishers.find_wire(credited.name):
            return Trace(wire.name, credited.quote)
    for line in lines[-TRAILING_LINES:]:
        wire = _read_sign_off(line, publishers) or _read_phrase(line, publishers)
        if wire:
            return Trace(wire.name, line[-MAX_LINE_CHARACTERS:])
    return None


def find_issuer(lines: Sequence[str], publishers: Publishers, *, is_release: bool) -> Trace | None:
    """Return who a credit line says the text comes from, when that is no wire.

    Args:
        lines: the text's paragraphs.
        publishers: the wires that are known.
        is_release: whether a release service distributed the text. If none did, "Source: X" may be
            the source of anything, and only the formal "SOURCE X" and "Provided by X" count.
    """
    issuers = (trace for trace in _find_credits(lines) if not publishers.find_wire(trace.name))
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
    unsigned = [
        _SIGN_OFF.sub("", line)
        if index >= len(lines) - TRAILING_LINES and _read_sign_off(line, publishers)
        else line
        for index, line in enumerate(lines)
    ]
    return [line for line in unsigned if line and line not in credit_lines]


def _find_credits(lines: Sequence[str]) -> Iterator[Trace]:
    for line in dict.fromkeys((*lines[-TRAILING_LINES:], *lines[:LEADING_LINES])):
        if len(line) <= MAX_LINE_CHARACTERS and (found := _CREDIT.fullmatch(line)):
            yield Trace(found["name"].strip(_EDGES), line)


def _is_formal(credit_line: str) -> bool:
    return credit_line.startswith(("SOURCE ", "Provided by ", "Materials provided by "))


def _read_sign_off(line: str, publishers: Publishers) -> Wire | None:
    """Return the wire whose sign ends the line: "… he said. (AFP)", "/ritzau/"."""
    tail = line[-MAX_LINE_CHARACTERS:]
    found = _SIGN_OFF.search(tail)
    before = tail[: found.start()].rstrip() if found else ""
    if not found or (before and before[-1] not in _SENTENCE_END):
        return None
    return publishers.find_wire(found[1])


def _read_phrase(line: str, publishers: Publishers) -> Wire | None:
    folded = line[: 2 * MAX_LINE_CHARACTERS].casefold()
    return next((wire for wire in publishers.wires for phrase in wire.phrases if phrase in folded), None)
