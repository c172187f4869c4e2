"""Short names that a text gives to events itself: "… Science Forum (LSF)", （简称“湖泊大会”）, (далее — ЛНФ).

They hold for that text only. Whether letters in brackets stand for the words before them is told as by
Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (PSB
2003): each letter is found in the words, from right to left, and the first one begins a word.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coopwatch.events.editions import find_edition, names_meeting

_INTRODUCED = (  # "hereinafter", "for short", in ten languages
    "hereinafter|hereafter|known as|abbreviated as|short|ci-après|dite?|en abrégé|en adelante"
    "|por sus siglas(?: en inglés)?|doravante|sigla|im folgenden|kurz|далее|сокращ[её]нно|以下简称|以下簡稱"
    "|下称|下稱|简称|簡稱|以下、?|略称|이하|약칭|ويشار إليه|اختصارا"
)
_DEFINITION = re.compile(
    rf"[\s\"”’»》」』]{{0,2}}[(（]\s?(?P<introduced>(?i:{_INTRODUCED})[\s:：,—–-]{{0,3}})?(?:the |as )?"
    r"[\"“‘«「『]?(?:(?P<letters>[A-ZА-ЯЁ][A-Za-zА-яЁё0-9&-]{1,9}?)(?:[\s'’-]*(?:19|20)?\d\d)?"
    r"|(?P<short>[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7a3]{3,12}))"
    r"[\"”’»」』]?(?:[,，;][^()（）\n]{0,40})?[)）]"
)
_CAPITALS = re.compile(r"[A-ZА-ЯЁ]")
_SPACED_WORD = re.compile(r"[^\W\d_][\w'’.-]*|&")
_CJK_NAME = re.compile(r"[\w“”‘’「」『』《》·—（）()-]{4,60}$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_CJK_LEAD = re.compile(r".*(?:第[\d〇零一二三四五六七八九十]{1,4}[届屆次回]|首[届屆]|于|在|的)")
_WORD_START = r"(?<![^\W\u3040-\u9fff\uac00-\ud7a3])"
_BREAK = re.compile(r"[.!?;:\n。！？；，、]|[,](?=\s)")
_QUOTES = " \"“”„‟‘’'«»「」『』《》"
_MOST_DEFINITIONS = 50  # of one text
_NAME_CHARS = 160


class Definition(NamedTuple):
    """A short name in brackets: `start` is where the bracket begins."""

    short: str
    is_introduced: bool
    start: int
    end: int


class OwnName(NamedTuple):
    """A meeting with the short name that the text gives it.

    Attributes:
        name: the full name as written, without its ordinal.
        start: where the full name begins that the short one stands behind.
        end: where it ends.
        short: the acronym or short name.
        edition: what any of the places says of it.
        places: where full or short name stand, in order.
    """

    name: str
    start: int
    end: int
    short: str
    edition: int | None
    places: tuple[tuple[int, int], ...]

    @property
    def full(self) -> str:
        """Full and short name: "Lake Science Forum (LSF)"."""
        return f"{self.name}（{self.short}）" if _CJK.search(self.name) else f"{self.name} ({self.short})"


def find_definition(text: str, end: int) -> Definition | None:
    """Return the short name that is defined right behind a name that ends at `end`."""
    match = _DEFINITION.match(text, end)
    return _read(match) if match else None


def is_acronym_of(acronym: str, names: Iterable[str]) -> bool:
    """Tell whether the letters may stand for one of these names."""
    return any(_find_long_form(acronym, name) is not None for name in names)


def find_own_names(text: str, language: str = "") -> list[OwnName]:
    """Return the meetings for which the text introduces short names of its own.

    Args:
        text: title and text.
        language: a language tag, for the editions.
    """
    found: dict[str, OwnName] = {}
    for definition, start, end in _find_defined(text):
        name = text[start:end].strip(_QUOTES)
        if name in found:
            continue
        places = [(start, end), *_find_places(text, name, definition)]
        editions = (find_edition(text, *place, language) for place in places)
        edition = next((edition for edition in editions if edition), None)
        found[name] = OwnName(name, start, end, definition.short, edition, tuple(sorted(set(places))))
    return list(found.values())


def find_places(text: str, short: str) -> Iterator[tuple[int, int]]:
    """Yield where a short name stands by itself: whole words where words are spaced."""
    before, behind = ("", "") if _CJK.search(short) else (_WORD_START, r"(?![A-Za-zА-яЁё_])")
    for match in re.finditer(f"{before}{re.escape(short)}{behind}", text):
        yield match.span()


def _find_places(text: str, name: str, definition: Definition) -> Iterator[tuple[int, int]]:
    """Yield where else the full name or the short one stands; the latter may be a part of the former."""
    whole = list(find_places(text, name))
    yield from (place for place in whole if place[1] < definition.start or place[0] > definition.end)
    for start, end in find_places(text, definition.short):
        is_within = any(start < place[1] and place[0] < end for place in whole)
        if not is_within and not definition.start <= start < definition.end:
            yield start, end


def _read(match: re.Match[str]) -> Definition | None:
    letters = match["letters"]
    if letters and len(_CAPITALS.findall(letters)) < 2:
        return None
    if not letters and not match["introduced"]:
        return None
    return Definition(letters or match["short"], bool(match["introduced"]), *match.span())


def _find_defined(text: str) -> Iterator[tuple[Definition, int, int]]:
    """Yield the definitions with the bounds of the meeting's name before each."""
    for number, match in enumerate(_DEFINITION.finditer(text)):
        if number == _MOST_DEFINITIONS:
            return
        definition = _read(match)
        if definition is None:
            continue
        begin = max(0, definition.start - _NAME_CHARS)
        breaks = [one.end() for one in _BREAK.finditer(text, begin, definition.start)]
        begin = breaks[-1] if breaks else begin
        before = text[begin : definition.start]
        if (start := _find_name(definition, before)) is not None and names_meeting(before[start:]):
            yield definition, begin + start, definition.start


def _find_name(definition: Definition, before: str) -> int | None:
    """Return where the name begins that stands right before a definition."""
    if _CJK.search(before):
        if not definition.is_introduced or not (match := _CJK_NAME.search(before)):
            return None
        lead = _CJK_LEAD.match(before, match.start())
        return lead.end() if lead else match.start()
    words = list(_SPACED_WORD.finditer(before))[
        -min(len(definition.short) + 5, 2 * len(definition.short)) - 2 :
    ]
    if not words:
        return None
    shift = words[0].start()
    start = _find_long_form(definition.short, before[shift:])
    if start is None or not before[shift + start].isupper():
        return None
    return shift + start


def _find_long_form(acronym: str, words: str) -> int | None:
    """Return where in some words the name begins that the letters stand for; None if they do not."""
    letters = [letter for letter in acronym.casefold() if letter.isalnum()]
    folded = words.casefold()
    position = len(folded) if len(folded) == len(words) else 0
    for index in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= 0 and (
            folded[position] != letters[index]
            or (index == 0 and position > 0 and folded[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
    return position
