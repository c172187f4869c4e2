"""Fingerprints: few hashes by which a text is found again after it was cut, edited or wrapped.

A text is cut into overlapping shingles (runs of words; of characters where a script writes no
spaces), each shingle is hashed, and winnowing keeps the smallest hash of every window
(Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting",
SIGMOD 2003). Two texts that share an unbroken run of a window plus a shingle therefore share a
hash for certain, and what a wide window keeps, a narrow one over the same run keeps as well.
Windows are narrow over the lead, because cuts keep the lead, and widen with the length of the
rest, so that no text costs more than about 32 hashes. Only what is the text's own is read.
"""

from collections import deque
from collections.abc import Sequence

from coopwatch.boilerplate import find_own_sentences
from coopwatch.shingles import TOKEN, Grain, cut_shingles, grain_of, hash_shingle, split_tokens

__all__ = ["TOKEN", "Grain", "fingerprint", "grain_of", "split_tokens"]

_BODY_WINDOWS = 10  # side by side: the body gives at most about twice as many hashes


def fingerprint(text: str, language: str, learnt: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Return the sampled shingle hashes of a text: signed 64 bit, sorted, the same on every machine.

    A text of which too little is its own to be recognised (see `Grain.least`) has none.

    Args:
        text: paragraphs, one a line.
        language: a language tag.
        learnt: the boilerplate of its site; see `boilerplate`.
    """
    grain = grain_of(language)
    lines = find_own_sentences(text, language, learnt)
    tokens = [token for line in lines for sentence in line for token in split_tokens(sentence, language)]
    if len(tokens) < grain.least:
        return ()
    hashes = [hash_shingle(shingle) for shingle in cut_shingles(tokens, grain.shingle)]
    body = hashes[grain.lead :]
    body_window = max(grain.body_window, len(body) // _BODY_WINDOWS)
    return tuple(sorted(_winnow(hashes[: grain.lead], grain.lead_window) | _winnow(body, body_window)))


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
