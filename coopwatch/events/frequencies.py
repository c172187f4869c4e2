"""How telling a word is, from how many texts hold it, and texts as weighed words.

Counted are the texts at hand: those of a batch and those of the events it is compared with. While they
are few the background counts: how common the common words of a language are, learned from other news
by `benchmarks/word_frequencies.py` and shipped as hashes, and the words that this field is full of.

How alike texts of different events are differs from one stream of news to another: where all is of one
field, much is half alike. That level, the crowding, is measured as articles are compared, so that the
same score means the same everywhere. It is what speaker recognition calls normalisation by a cohort of
impostors (Auckenthaler et al. 2000), here of one cohort for all, because that of one article is noisy.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from math import log, sqrt
from pathlib import Path

from coopwatch.errors import ConfigError
from coopwatch.events.wordings import Wording
from coopwatch.settings import CONFIG_DIR
from coopwatch.wording import word_fault

FREQUENCIES = CONFIG_DIR / "frequencies.json"
_BACKGROUND_TEXTS = 300.0  # texts that the background is worth
_FIELD_SHARE = 0.5  # of texts, for a word of the field
_LONE_AT_MOST = 0.75  # taken off a word of one text only, once there are texts enough to expect it again
_ENOUGH_TEXTS = 100.0
_USUAL_CROWDING = 0.05  # of general news
_USUAL_TEXTS = 10.0  # that it counts as
# Words, plural s taken off, that many texts of this field hold.
_FIELD_WORDS = """
science scientific technology technological tech sci innovation innovative research researcher cooperation
cooperate collaboration collaborate collaborative international global world national country joint jointly
partnership partner development exchange conference forum summit meeting held open launch launched sign signed
signing strengthen boost deepen promote china chinese agreement
科技 技术 技術 合作 国际 國際 创新 創新 交流 大会 大會 科学 科學 研究 中国 中國
"""
_FIELD = frozenset(_FIELD_WORDS.split())

Vector = dict[str, float]


class Frequencies:
    """In how many texts each word stands."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self._counts: Counter[str] = Counter()
        self._texts: Counter[bool] = Counter()  # by script: of English words Chinese texts say nothing
        for wording in wordings:
            self._counts.update(wording.vocabulary)
            self._texts[_is_cjk(wording.language)] += 1
        self._background = load_background()
        self._weights: dict[str, _Weights] = {}
        self._rivals = [_USUAL_CROWDING, _USUAL_TEXTS]  # how alike on average, of how many texts

    @property
    def crowding(self) -> float:
        """How like a text other events are that come near, between 0 and 1."""
        return self._rivals[0]

    def note_rivals(self, likenesses: Collection[float]) -> None:
        """Learn how like a text the events are that it is not about."""
        if likenesses:
            mean, texts = self._rivals
            found = sum(likenesses) / len(likenesses)
            self._rivals = [mean + (found - mean) / (texts + 1), texts + 1]

    def weigh(self, word: str, language: str) -> float:
        """Return how telling a word is in texts of a language: its inverse document frequency."""
        return self.weights_of(language)[word]

    def weights_of(self, language: str) -> Mapping[str, float]:
        """Return how telling each word is in texts of a language; it holds any word that is asked for."""
        known = self._weights.get(language)
        if known is None:
            known = self._weights[language] = _Weights(partial(self._weigh, language=language))
        return known

    def _weigh(self, word: str, language: str) -> float:
        texts, count = self._texts[_is_cjk(language)], self._counts[word]
        share = self._background.get(language, {}).get(hash_word(word), 0) / 1000
        if word in _FIELD:
            share = max(share, _FIELD_SHARE)
        weight = log((texts + _BACKGROUND_TEXTS) / (min(count, texts) + max(1.0, _BACKGROUND_TEXTS * share)))
        if count <= 1:
            weight *= 1 - _LONE_AT_MOST * texts / (texts + _ENOUGH_TEXTS)
        return max(weight, 0.0)


class _Weights(dict[str, float]):
    """Weights of words, each computed when it is first asked for."""

    def __init__(self, weigh: Callable[[str], float]) -> None:
        super().__init__()
        self._weigh = weigh

    def __missing__(self, word: str) -> float:
        weight = self[word] = self._weigh(word)
        return weight


@cache
def load_background(path: Path = FREQUENCIES) -> Mapping[str, Mapping[str, int]]:
    """Read, by language and hash of a word, in how many of a thousand texts it stands.

    Raises:
        ConfigError: the file cannot be read or is wrong; names the file and what is wrong.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {word_fault(error)}") from None
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path}: not JSON: {error}") from None
    if not isinstance(document, dict) or not all(isinstance(words, dict) for words in document.values()):
        raise ConfigError(f"{path}: must hold, by language, the shares of words")
    return document


def hash_word(word: str) -> str:
    """Return the hash by which the background knows a word."""
    return hashlib.blake2b(word.encode(), digest_size=5).hexdigest()


@dataclass(frozen=True)
class Vectors:
    """One text as weighed words, by part; each vector has length 1, and is there once it is asked for."""

    wording: Wording
    frequencies: Frequencies = field(repr=False, compare=False)

    @cached_property
    def text(self) -> Vector:
        """The words of the whole text."""
        weights, counts = self._weights, self.wording.counts
        return _normalise({word: (1 + log(count)) * weights[word] for word, count in counts.items()})

    @cached_property
    def lead(self) -> Vector:
        """The words of title and lead."""
        weights = self._weights
        return _normalise({word: weights[word] for word in self.wording.lead})

    @cached_property
    def title(self) -> Vector:
        """The words of the title."""
        weights = self._weights
        return _normalise({word: weights[word] for word in self.wording.title})

    @property
    def _weights(self) -> Mapping[str, float]:
        return self.frequencies.weights_of(self.wording.language)


def add_up(vectors: Iterable[Vector]) -> Vector:
    """Return the sum of vectors; the product with it is the sum of the products with each."""
    total: Vector = {}
    for vector in vectors:
        for word, weight in vector.items():
            total[word] = total.get(word, 0.0) + weight
    return total


def multiply(one: Vector, other: Vector) -> float:
    """Return the scalar product of two vectors."""
    total = 0.0
    for word in one.keys() & other.keys():
        total += one[word] * other[word]
    return total


def _normalise(vector: Vector) -> Vector:
    length = sqrt(sum([weight * weight for weight in vector.values()]))
    return {word: weight / length for word, weight in vector.items() if weight} if length else {}


def _is_cjk(language: str) -> bool:
    return language in ("zh", "ja", "ko")
