"""The words of a text and of a search, as both databases index them.

Neither SQLite nor PostgreSQL finds the words of scripts that are written without blanks. Such a run is
cut into overlapping pairs of characters, so that a word in it is found as the pairs that it is made of;
its last character follows on its own, so that a single character is found as the beginning of a pair
(Lucene's CJKAnalyzer does the same). Of Hangul, too: there particles hang on the words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from coopwatch.scripts import simplify

INDEXED_BYTES_MAX = 400_000  # of one text; PostgreSQL refuses a vector over 1 MB
WORD_CHARACTERS_MAX = 64
TERMS_MAX = 32  # of one search
SNIPPET_WORDS = 24
SNIPPET_CHARACTERS = 200

_UNSPACED = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
_MARKS = "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670"  # accents, and what Arabic may leave out
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|[^\W_{_UNSPACED}](?:[{_MARKS}]|[^\W_{_UNSPACED}])*")
_LOOSE_MARK = re.compile(rf"[{_MARKS}]")
_PIECE = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'["“”„«»「」]')
_STEM_MIN = 4
_ENDING_MAX = 3


class Term(NamedTuple):
    """What a text must hold: words in this order, the last one whole or as a beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False


class Run(NamedTuple):
    """A word, or a run of a script without blanks, and where it stands."""

    word: str
    is_unspaced: bool
    start: int
    end: int


def split_words(text: str) -> str:
    """Return the words of a text with blanks between them, up to `INDEXED_BYTES_MAX`."""
    kept: list[str] = []
    size = 0
    for run in _find_runs(text):
        for word in _cut(run):
            size += len(word.encode()) + 8  # what a word costs beside its letters
            if size > INDEXED_BYTES_MAX:
                return " ".join(kept)
            kept.append(word)
    return " ".join(kept)


def parse_search(words: str) -> tuple[Term, ...]:
    """Return what a text must hold, all of it; what stands in quotation marks, in that order.

    Nothing in it is an operator, whatever it looks like.
    """
    terms: list[Term] = []
    for place, part in enumerate(_QUOTED.split(words)):
        cut = [_cut_search(run) for run in islice(_find_runs(part), TERMS_MAX)]
        if place % 2 and cut:
            cut = [Term(tuple(word for term in cut for word in term.words), cut[-1].is_prefix)]
        terms += cut
    return tuple(dict.fromkeys(terms))[:TERMS_MAX]


def fold_accents(word: str) -> str:
    """Return a word of Latin script without its accents, any other as it is."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if not unicodedata.combining(c)) if plain[0].isascii() else word


def find_accented(words: str) -> str:
    """Return the words that have accents, without them."""
    if words.isascii():
        return ""
    return " ".join(plain for word in words.split() if (plain := fold_accents(word)) != word)


def cut_snippet(text: str, terms: Sequence[Term]) -> str:
    """Return the part of a text in which the first of some terms is found, else its beginning."""
    runs = list(_find_runs(text[:INDEXED_BYTES_MAX]))
    found = (place for run in runs for term in terms if (place := _find_in(run, term)) is not None)
    at = next(found, 0)
    before = [run.start for run in runs if run.start <= at][-SNIPPET_WORDS // 3 :]
    start = max(before[0], at - SNIPPET_CHARACTERS // 3) if before else 0
    after = [run.end for run in runs if run.end > start]
    last = after[SNIPPET_WORDS - 1] if len(after) > SNIPPET_WORDS else len(text)
    end = min(last, start + SNIPPET_CHARACTERS)
    shown = " ".join(text[start:end].split())
    return ("… " if start else "") + shown + (" …" if text[end:].strip() else "")


def _find_in(run: Run, term: Term) -> int | None:
    """Return where in the text a run holds what a term begins with, endings and accents aside."""
    if run.is_unspaced:
        at = run.word.find("".join(word[0] for word in term.words[:-1]) + term.words[-1])
        return run.start + at if at >= 0 else None
    first = fold_accents(term.words[0])
    stem = first[: max(_STEM_MIN, len(first) - _ENDING_MAX)]
    return run.start if fold_accents(run.word).startswith(stem) else None


def _find_runs(text: str) -> Iterator[Run]:
    for found in _RUN.finditer(text):
        is_unspaced = found["unspaced"] is not None
        word = unicodedata.normalize("NFKC", found[0]).casefold()
        if is_unspaced:
            yield Run(simplify(word), True, found.start(), found.end())
        else:  # a compatibility form may come apart into words
            for piece in _PIECE.findall(_LOOSE_MARK.sub("", word)):
                yield Run(piece[:WORD_CHARACTERS_MAX], False, found.start(), found.end())


def _cut(run: Run) -> Iterator[str]:
    if not run.is_unspaced:
        yield run.word
        return
    for one, other in zip(run.word, run.word[1:], strict=False):
        yield one + other
    yield run.word[-1]


def _cut_search(run: Run) -> Term:
    if not run.is_unspaced:
        return Term((run.word,))
    pairs = tuple(_cut(run))[:-1]
    return Term(pairs) if pairs else Term((run.word,), is_prefix=True)
