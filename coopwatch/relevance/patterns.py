"""Weighted phrases, and where they occur in a text.

A phrase is written as words with blanks between them. `a|b` in the place of a word means either word,
` / ` separates whole phrases of which each will do, a trailing `*` means any ending, and a hyphen also
matches a blank or nothing. Languages that write no blanks are matched character by character; there the
parts of a phrase follow each other directly.
Case does not matter, except in words of capitals only ("WHO" is not "who").
"""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from pydantic import Field, field_validator, model_validator

from coopwatch.fingerprints import TOKEN, grain_of
from schemas.records import Record

_GAP = r"[\s\-‐‑–]+"
_HYPHEN = r"[\s\-‐‑–]?"
_OR = " / "
_PART = re.compile(r"(?:[^\s|*/]+\*?)(?:\|[^\s|*/]+\*?)*")
_MEMORY = 100_000  # words whose patterns are remembered
_WORD_LENGTH = 40  # of a longer word only the beginning is looked up

LabelT = TypeVar("LabelT")


def _check_phrase(phrase: str) -> str:
    for words in phrase.split(_OR):
        if not words.split() or not all(_PART.fullmatch(part) for part in words.split()):
            raise ValueError(f"{phrase!r} is not a phrase: words, 'a|b' for either, 'a*' for any ending")
        tuple(_first_words(words))
    return phrase


class Near(Record):
    """A second phrase that has to stand on either side of the first, within so many words."""

    pattern: str
    within: int = Field(ge=1, le=50)

    _phrase = field_validator("pattern")(_check_phrase)


class Pattern(Record):
    """One phrase and its weight; of weight 0, it only keeps shorter phrases from using its words."""

    phrase: str
    weight: float = Field(default=1.0, ge=0, le=5)
    near: Near | None = None
    example: str | None = None

    _phrase = field_validator("phrase")(_check_phrase)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        """Let a bare phrase stand for a pattern of weight 1."""
        return {"phrase": value} if isinstance(value, str) else value


class Hit(NamedTuple, Generic[LabelT]):
    """An occurrence of a pattern: what it stands for, and its offsets in the text."""

    label: LabelT
    pattern: Pattern
    start: int
    end: int


class _Compiled(NamedTuple, Generic[LabelT]):
    label: LabelT
    pattern: Pattern
    regex: re.Pattern[str]
    near: tuple[re.Pattern[str], int] | None  # with the number of words it may be away

    def beats(self, other: Hit[LabelT] | None, end: int) -> bool:
        """Tell whether this pattern, ending at `end`, is longer; or as long, and a stopper or heavier."""
        if other is None:
            return True
        mine, its = self.pattern.weight, other.pattern.weight
        return (end, mine == 0, mine) > (other.end, its == 0, its)


class Matcher(Generic[LabelT]):
    """All patterns of one language, looked up by the word that they begin with.

    Args:
        patterns: each with the label under which its hits are reported.
        language: decides whether words are matched, or characters.
    """

    def __init__(self, patterns: Iterable[tuple[LabelT, Pattern]], language: str) -> None:
        self._is_spaced = grain_of(language).unit == "word"
        self._by_word: dict[str, list[_Compiled[LabelT]]] = {}
        self._by_stem: dict[str, list[_Compiled[LabelT]]] = {}
        self._remembered: dict[str, tuple[_Compiled[LabelT], ...]] = {}
        for label, pattern in patterns:
            near = (self._compile(pattern.near.pattern), pattern.near.within) if pattern.near else None
            for words in pattern.phrase.split(_OR):
                compiled = _Compiled(label, pattern, self._compile(words), near)
                for key, is_stem in _first_words(words):
                    table = self._by_stem if is_stem else self._by_word
                    table.setdefault(key, []).append(compiled)

    def find(self, text: str) -> list[Hit[LabelT]]:
        """Return all hits in the order of the text; those of one label never overlap, the longer wins."""
        tokens = [match.span() for match in TOKEN.finditer(text)]
        hits: list[Hit[LabelT]] = []
        taken: dict[LabelT, int] = {}
        for index, (start, end) in enumerate(tokens):
            longest: dict[LabelT, Hit[LabelT]] = {}
            for compiled in self._starting_with(text[start : min(end, start + _WORD_LENGTH)].casefold()):
                if start < taken.get(compiled.label, 0):
                    continue
                match = compiled.regex.match(text, start)
                if match is None or not compiled.beats(longest.get(compiled.label), match.end()):
                    continue
                if compiled.near is None or _is_near(compiled.near, text, tokens, index, match.end()):
                    longest[compiled.label] = Hit(compiled.label, compiled.pattern, start, match.end())
            for label, hit in longest.items():
                taken[label] = hit.end
                hits.append(hit)
        return hits

    def _starting_with(self, word: str) -> tuple[_Compiled[LabelT], ...]:
        known = self._remembered.get(word)
        if known is None:
            found = list(self._by_word.get(word, ()))
            for length in range(1, len(word) + 1):
                found += self._by_stem.get(word[:length], ())
            known = tuple(found)
            if len(self._remembered) < _MEMORY:
                self._remembered[word] = known
        return known

    def _compile(self, phrase: str) -> re.Pattern[str]:
        gap = _GAP if self._is_spaced else ""
        either = "|".join(gap.join(map(_compile_part, words.split())) for words in phrase.split(_OR))
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if self._is_spaced else either)


def _compile_part(part: str) -> str:
    words = []
    for word in part.split("|"):
        literal = re.escape(word.removesuffix("*")).replace(r"\-", _HYPHEN)
        ending = r"\w*+" if word.endswith("*") else ""
        words.append(f"{literal}{ending}" if word.isupper() else f"(?i:{literal}{ending})")
    return f"(?:{'|'.join(words)})"


def _first_words(phrase: str) -> Iterator[tuple[str, bool]]:
    """Yield the tokens that a phrase can begin with, and whether each is only a stem."""
    for word in dict.fromkeys(phrase.split(maxsplit=1)[0].split("|")):
        token = TOKEN.match(word)
        if token is None:
            raise ValueError(f"{phrase!r} does not begin with a letter or digit")
        yield token[0].casefold(), word.endswith("*") and token.end() == len(word) - 1
        if token.end() < len(word) and word[token.end()] == "-":  # "sci-tech" is also written "scitech"
            yield word.replace("-", "").removesuffix("*").casefold(), word.endswith("*")


def _is_near(
    near: tuple[re.Pattern[str], int], text: str, tokens: list[tuple[int, int]], index: int, end: int
) -> bool:
    regex, within = near
    last = index
    while last + 1 < len(tokens) and tokens[last + 1][0] < end:
        last += 1
    before = text[tokens[max(0, index - within)][0] : tokens[index][0]]
    after = text[end : tokens[min(len(tokens) - 1, last + within)][1]]
    return bool(regex.search(before) or regex.search(after))
