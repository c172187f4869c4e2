"""Fingerprints: few hashes by which a text is found again after it was cut, edited or wrapped.

A text is cut into overlapping shingles (runs of words; of characters where a script writes no
spaces), each shingle is hashed, and winnowing keeps the smallest hash of every window
(Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting",
SIGMOD 2003). Two texts that share an unbroken run of a window plus a shingle therefore share a
hash for certain, and what a wide window keeps, a narrow one over the same run keeps as well.
Windows are narrow over the lead, because cuts keep the lead, and widen with the length of the
rest, so that no text costs more than about 32 hashes.
"""

import hashlib
import re
import unicodedata
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "km", "my"})

_BODY_WINDOWS = 10  # side by side: the body gives at most about twice as many hashes


class Grain(NamedTuple):
    """The units in which texts of a language are compared, counted in tokens.

    Attributes:
        shingle: length of the runs that are fingerprinted and compared.
        lead_shingle: shorter runs, for the lead alone.
        lead: how much of the beginning is the lead.
        lead_window: of how many shingles one is kept at least, in the lead.
        body_window: the same for what follows, at the least.
        least: a text below this is too short to be recognised.
        boilerplate: what two texts may well share without a line of their own in common.
        contained: share of the shorter text's shingles that a derived text has in common with the longer.
        unit: what a token is, for a person.
    """

    shingle: int
    lead_shingle: int
    lead: int
    lead_window: int
    body_window: int
    least: int
    boilerplate: int
    contained: float
    unit: str


_WORDS = Grain(
    4,
    lead_shingle=3,
    lead=100,
    lead_window=12,
    body_window=36,
    least=30,
    boilerplate=150,
    contained=0.5,
    unit="word",
)
_CHARACTERS = Grain(
    8,
    lead_shingle=6,
    lead=180,
    lead_window=20,
    body_window=60,
    least=60,
    boilerplate=270,
    contained=0.65,  # Chinese official news is formulaic: two welcoming ceremonies share up to 60 %
    unit="character",
)


def grain_of(language: str) -> Grain:
    """Return the units for a language: words, or characters where words are not spaced."""
    return _CHARACTERS if language.partition("-")[0] in _UNSPACED_LANGUAGES else _WORDS


def split_tokens(text: str) -> list[str]:
    """Return the words of a text in lower case without punctuation; unspaced scripts by character."""
    return TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def fingerprint(text: str, language: str) -> tuple[int, ...]:
    """Return the sampled shingle hashes of a text: signed 64 bit, sorted, the same on every machine.

    A text that is too short to be recognised (see `Grain.least`) has none.
    """
    grain = grain_of(language)
    tokens = split_tokens(text)
    if len(tokens) < grain.least:
        return ()
    hashes = [_hash(tokens[i : i + grain.shingle]) for i in range(len(tokens) - grain.shingle + 1)]
    body = hashes[grain.lead :]
    body_window = max(grain.body_window, len(body) // _BODY_WINDOWS)
    return tuple(sorted(_winnow(hashes[: grain.lead], grain.lead_window) | _winnow(body, body_window)))


def _hash(shingle: Sequence[str]) -> int:
    digest = hashlib.blake2b(" ".join(shingle).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _winnow(hashes: Sequence[int], window: int) -> set[int]:
    """Return the smallest hash of every window, in one pass over a queue of rising candidates."""
    kept: set[int] = set()
    candidates: deque[tuple[int, int]] = deque()
    for position, value in enumerate(hashes):
        while candidates and candidates[-1][1] >= value:
            candidates.pop()
        candidates.append((position, value))
        if candidates[0][0] <= position - window:
            candidates.popleft()
        if position >= min(window, len(hashes)) - 1:
            kept.add(candidates[0][1])
    return kept
