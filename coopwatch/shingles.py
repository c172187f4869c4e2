"""The units in which texts are compared: tokens, runs of them, and how many of them matter.

Words where a script puts blanks between them, characters where it does not; Chinese in one script,
so that a traditional copy of a simplified text has the same shingles.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from coopwatch.scripts import simplify

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "km", "my"})


class Grain(NamedTuple):
    """The units in which texts of a language are compared, counted in tokens.

    Attributes:
        shingle: length of the runs that are fingerprinted and compared.
        sentence_shingle: shorter runs, by which a sentence is recognised after it was reworded.
        lead: how much of the beginning is the lead.
        lead_window: of how many shingles one is kept at least, in the lead.
        body_window: the same for what follows, at the least.
        least: a text below this is too short to be recognised.
        short: a text below this is recognised by its wording alone, not by its sentences.
        sentence: a sentence below this says too little.
        heading: a line below this that ends like no sentence is a heading, a byline or a label.
        quotation: a quotation from this length on is not the reporter's own.
        boilerplate: what two texts may well share without a line of their own in common.
        contained: least share of a derived text's wording that is in the longer text.
        repeated: share of the shorter text's own sentences that recur in a longer one it is derived from.
        unit: what a token is, for a person.
    """

    shingle: int
    sentence_shingle: int
    lead: int
    lead_window: int
    body_window: int
    least: int
    short: int
    sentence: int
    heading: int
    quotation: int
    boilerplate: int
    contained: float
    repeated: float
    unit: str


_WORDS = Grain(
    shingle=4,
    sentence_shingle=2,
    lead=100,
    lead_window=12,
    body_window=36,
    least=30,
    short=80,
    sentence=8,
    heading=8,
    quotation=6,
    boilerplate=150,
    contained=0.15,
    repeated=0.5,
    unit="word",
)
_CHARACTERS = Grain(
    shingle=8,
    sentence_shingle=4,
    lead=180,
    lead_window=20,
    body_window=60,
    least=60,
    short=150,
    sentence=14,
    heading=14,
    quotation=10,
    boilerplate=270,
    contained=0.6,  # Chinese official news is formulaic: sentences that are alike are no sign of one text
    repeated=0.65,
    unit="character",
)


def grain_of(language: str) -> Grain:
    """Return the units for a language: words, or characters where words are not spaced."""
    return _CHARACTERS if language.partition("-")[0] in _UNSPACED_LANGUAGES else _WORDS


def split_tokens(text: str, language: str = "") -> list[str]:
    """Return the words of a text in lower case without punctuation; unspaced scripts by character."""
    return TOKEN.findall(simplify(unicodedata.normalize("NFKC", text).casefold(), language))


def key_shingles(tokens: Sequence[str], length: int) -> list[int]:
    """Return a key of every run of that many tokens, in order: cheap, and equal within one process only.

    Python's 64 bit hash stands for the run: texts of a thousand tokens fall to one false match in 10^13.
    """
    return list(map(hash, _cut(tokens, length)))


def hash_shingles(tokens: Sequence[str], length: int) -> list[int]:
    """Return a signed 64 bit hash of every run of that many tokens, in order, the same on every machine."""
    return [
        int.from_bytes(blake2b(" ".join(run).encode(), digest_size=8).digest(), "big", signed=True)
        for run in _cut(tokens, length)
    ]


def _cut(tokens: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(tokens[start:] for start in range(length)), strict=False)
