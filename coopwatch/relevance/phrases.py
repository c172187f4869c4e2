"""Phrases spelt out: what one may be written as, as literals for an automaton and what joins them.

part     words that may stand in one place: "a|b"
chain    one way to write a phrase: segments that follow each other
segment  letters that are found as they stand, "science and technology"
joint    what lies between two segments and cannot be spelt out: any ending, any beginning, a
         proclitic
"""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Literal, NamedTuple

from coopwatch.folding import derive_traditional, fold, is_letter

OR = " / "
MOST_CHAINS = 4096  # of one phrase
_PART = re.compile(r"\*?[^\s|*/]+\*?(?:\|\*?[^\s|*/]+\*?)*")
_BEGIN = re.compile(r"\w")
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "km", "my"})

Beginning = Literal["fixed", "any", "proclitic"]


class Segment(NamedTuple):
    """Letters that are found as they stand, and what may be before and behind them.

    Attributes:
        text: folded.
        gaps: what may stand before it, after the ending of the segment before; of a first segment "".
        beginning: what may stand between the gap and the text.
        is_open: any ending may follow.
        capitals: words that must be written in capitals, with their offsets in the text.
    """

    text: str
    gaps: tuple[str, ...] = ("",)
    beginning: Beginning = "fixed"
    is_open: bool = False
    capitals: tuple[tuple[int, str], ...] = ()


Chain = tuple[Segment, ...]


def check_phrase(phrase: str) -> str:
    """Return the phrase as it is.

    Raises:
        ValueError: it is none, or can be written in too many ways.
    """
    for words in phrase.split(OR):
        parts = words.split()
        if not parts or not all(_PART.fullmatch(part) for part in parts):
            raise ValueError(
                f"{phrase!r} is not a phrase: words, 'a|b' for either, 'a*' for any ending, '*a' beginning"
            )
        if not all(_BEGIN.match(word.removeprefix("*")) for word in parts[0].split("|")):
            raise ValueError(f"{phrase!r} does not begin with a letter or digit")
        ways = math.prod(sum(2 ** word.count("-") for word in part.split("|")) for part in parts)
        if ways > MOST_CHAINS:
            raise ValueError(f"{phrase!r} can be written in {ways:,} ways, more than {MOST_CHAINS:,}")
    return phrase


def spell_out(phrases: Iterable[str], language: str) -> Iterator[frozenset[Chain]]:
    """Yield for every phrase all the ways in which it may be written in a language."""
    base = language.partition("-")[0]
    spelt = [_spell_phrase(phrase, base) for phrase in phrases]
    if base != "zh":
        yield from spelt
        return
    texts = {segment.text for chains in spelt for chain in chains for segment in chain}
    traditional = derive_traditional(texts)
    for chains in spelt:
        yield chains | {
            tuple(segment._replace(text=forms[segment.text]) for segment in chain)
            for chain in chains
            for forms in traditional
        }


def is_unspaced(language: str) -> bool:
    """Tell whether a language is written without blanks between words."""
    return language.partition("-")[0] in _UNSPACED_LANGUAGES


def _spell_phrase(phrase: str, language: str) -> frozenset[Chain]:
    return frozenset(chain for words in phrase.split(OR) for chain in _spell_words(words.split(), language))


def _spell_words(parts: list[str], language: str) -> Iterator[Chain]:
    gaps = ("",) if is_unspaced(language) else ("", " ") if language == "ko" else (" ",)
    choices = [[way for word in part.split("|") for way in _spell_word(word, language)] for part in parts]
    for words in product(*choices):
        chains: list[Chain] = [(words[0],)]
        for word in words[1:]:
            if chains[0][-1].is_open or word.beginning != "fixed":
                chains = [(*chain, word._replace(gaps=gaps)) for chain in chains]
            else:
                chains = [(*chain[:-1], _join(chain[-1], gap, word)) for chain in chains for gap in gaps]
        yield from chains


def _spell_word(word: str, language: str) -> Iterator[Segment]:
    bare = word.removeprefix("*").removesuffix("*")
    beginning: Beginning = "proclitic" if language == "ar" else "fixed"
    for variant in dict.fromkeys((bare, bare.replace("-", ""))):
        folded = fold(variant, language)
        text = folded.text[1:-1]
        yield Segment(
            text=text,
            beginning="any" if word.startswith("*") and is_letter(text[:1]) else beginning,
            is_open=word.endswith("*") and is_letter(text[-1:]),
            capitals=((0, folded.cased[1:-1]),) if bare.isupper() else (),
        )


def _join(segment: Segment, gap: str, word: Segment) -> Segment:
    shift = len(segment.text) + len(gap)
    return segment._replace(
        text=segment.text + gap + word.text,
        is_open=word.is_open,
        capitals=segment.capitals + tuple((shift + offset, capital) for offset, capital in word.capitals),
    )
