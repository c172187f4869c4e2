"""Fingerprints: few hashes by which a text is found again after it was cut, edited or wrapped.

A text is cut into overlapping shingles (runs of words; of characters where a script writes no
spaces), each shingle is hashed, and winnowing keeps the smallest hash of every window
(Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting",
SIGMOD 2003). Two texts that share an unbroken run of a window plus a shingle therefore share a
hash for certain, and what a wide window keeps, a narrow one over the same run keeps as well.
Windows are narrow over the lead, because cuts keep the lead, and widen with the length of the
rest, so that no text costs more than about 32 hashes. Only what is the text's own is read.
"""

from collections.abc import Sequence

from coopwatch.boilerplate import Sentence, find_own_sentences
from coopwatch.shingles import TOKEN, Grain, grain_of, hash_shingles, split_tokens

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
    sentences = [sentence for line in find_own_sentences(text, language, learnt) for sentence in line]
    if sum(len(sentence.tokens) for sentence in sentences) < grain.least:
        return ()
    hashes = _hash_all(sentences, grain.shingle)
    body = hashes[grain.lead :]
    body_window = max(grain.body_window, len(body) // _BODY_WINDOWS)
    return tuple(sorted(_winnow(hashes[: grain.lead], grain.lead_window) | _winnow(body, body_window)))


def _hash_all(sentences: Sequence[Sentence], length: int) -> list[int]:
    """Return the hashes of all shingles in order, also of those that reach into a following sentence."""
    tokens = [token for sentence in sentences for token in sentence.tokens]
    hashes: list[int] = []
    end = 0
    for sentence in sentences:
        hashes += sentence.hashes
        end += len(sentence.tokens)
        hashes += hash_shingles(tokens[len(hashes) : end + length - 1], length)
    return hashes


def _winnow(hashes: Sequence[int], window: int) -> set[int]:
    """Return the smallest hash of every window; looked for anew only when the smallest leaves."""
    if not hashes:
        return set()
    smallest = min(hashes[:window])
    kept = {smallest}
    for start, (leaving, entering) in enumerate(zip(hashes, hashes[window:], strict=False), 1):
        if entering <= smallest:
            smallest = entering
        elif leaving == smallest:
            smallest = min(hashes[start : start + window])
        else:
            continue
        kept.add(smallest)
    return kept
