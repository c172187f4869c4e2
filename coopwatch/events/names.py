"""Names of events, found in a text however the writer spelt them.

Before names are looked for, text and names are made plain: quotation marks, commas, the English article,
genitive endings, abbreviations in brackets and ordinals amid a name go, "&" becomes "and", and Chinese
and Japanese lose blanks and dashes. What is plain is matched by `coopwatch.relevance.patterns`, with its
inflection, proclitics and scripts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from coopwatch.ordinals import Ordinal
from coopwatch.relevance.patterns import Matcher, Pattern

_CJK = r"[\u3040-\u30ff\u3400-\u9fff]"
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN = re.compile(_CJK)
_ARABIC = re.compile(r"[\u0621-\u064a]")
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN = re.compile(
    rf"""
    (?P<newline> \n )
  | (?P<and> & )
  | (?<=\w) \s? [(（][A-Z0-9]{{2,8}}[)）] (?= \s?\w )
  | ['’]s\b | ["“”„‟‘’'«»‹›《》〈〉「」『』] | (?<=\w),(?=\s) | (?<=\b[A-Z])\. | \b(?i:the)\b
  | (?<={_CJK})(?:[^\S\n]|[·・•—–－-])+(?=[\w“‘「『《"]) | (?<=\w)(?:[^\S\n]|[·・•—–－-])+(?={_CJK})
  | (?P<dash> (?<=\w)[—－](?=\w) )
    """,
    re.VERBOSE,
)
_REPLACED = {"newline": "\x00", "and": "and", "dash": "-"}
_FAMILIES = {"zh": _HAN, "ja": _HAN, "ko": _HANGUL, "ar": _ARABIC}  # all others are matched alike, by words
_WORDS = "en"


class FoundName(NamedTuple):
    """A name at `start`..`end` of a text: what it names, and the language of that spelling."""

    label: str
    language: str
    start: int
    end: int


class PlainText(NamedTuple):
    """A text made plain, with the offset of each of its characters in the original."""

    text: str
    offsets: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of a stretch that is not empty."""
        return self.offsets[start], self.offsets[end - 1] + 1


def make_plain(text: str, ordinals: Iterable[Ordinal] = ()) -> PlainText:
    """Make a text plain.

    Args:
        text: the text.
        ordinals: of that text, which are left out as well, unless they are one letter.
    """
    left_out = sorted(
        [(m.start(), m.end(), _REPLACED.get(m.lastgroup or "", "")) for m in _PLAIN.finditer(text)]
        + [(one.start, one.end, "") for one in ordinals if one.end - one.start > 1]
    )
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    for start, end, replacement in left_out:
        if start < position:
            continue
        pieces += (text[position:start], replacement)
        offsets += range(position, start)
        offsets += [start] * len(replacement)
        position = end
    pieces.append(text[position:])
    offsets += range(position, len(text))
    return PlainText("".join(pieces), offsets)


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Return a name in the form in which two names are the same."""
    return re.sub(r"[\W_]+", " ", make_plain(name).text.casefold()).strip()


class NameMatcher:
    """All names of many events, by the way in which their language is matched.

    A matcher is compiled when the first text in its script comes.

    Args:
        names: label, language and name; a name may use what phrases may use (see `Matcher`).
    """

    def __init__(self, names: Iterable[tuple[str, str, str]]) -> None:
        self._names: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        for label, language, name in names:
            family = language if language in _FAMILIES else _WORDS
            self._names[family].setdefault(_make_phrase(name), (label, language))
        self._matchers: dict[str, Matcher[str]] = {}

    def find(self, text: str, ordinals: Iterable[Ordinal] = ()) -> Iterator[FoundName]:
        """Yield the names in a text, in order; of those that overlap the first, of these the longest."""
        plain = make_plain(text, ordinals)
        found = [
            (start, -end, family, phrase)
            for family in self._names
            if _FAMILIES.get(family, _LETTER).search(text)
            for phrase, start, end in self._find_in(family, plain)
        ]
        taken = 0
        for start, minus_end, family, phrase in sorted(found):
            if start >= taken:
                taken = -minus_end
                yield FoundName(*self._names[family][phrase], start, taken)

    def _find_in(self, family: str, plain: PlainText) -> Iterator[tuple[str, int, int]]:
        if family not in self._matchers:
            patterns = ((family, Pattern(phrase=phrase)) for phrase in self._names[family])
            self._matchers[family] = Matcher(patterns, family)
        for hit in self._matchers[family].find(plain.text):
            yield hit.pattern.phrase, *plain.span(hit.start, hit.end)


def _make_phrase(name: str) -> str:
    return " ".join(make_plain(name).text.split())
