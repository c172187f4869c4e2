"""What the model weighs of an article: its words, and how far it shows each facet."""

import math
import re
from collections import Counter
from itertools import pairwise

from schemas.records import Article, Facet, Judgement

_BY_CHARACTER = frozenset({"zh", "ja", "ko"})  # Korean words carry their particles with them
_CHARACTERS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
_TOKEN = re.compile(rf"[{_CHARACTERS}]|[^\W\d_{_CHARACTERS}]+")  # numbers say nothing of a topic
_FACETS: tuple[Facet, ...] = ("science", "cooperation", "international")

TITLE = "title: "  # what stands before a term of the title
FACET_FEATURES = (
    *_FACETS,
    *(f"{facet} in title and lead" for facet in _FACETS),
    "weakest facet",
    "weakest facet in title and lead",
    "rules",
    "against it",
)


def find_terms(article: Article) -> dict[str, float]:
    """Return the terms of title and lead, with 1 + ln of how often each occurs.

    A term is a word or two, or a character or two where words are not spaced or not kept apart from
    their endings. Terms of the title count once more as such.
    """
    is_dense = article.language.partition("-")[0] in _BY_CHARACTER
    title = _pair(_TOKEN.findall(article.title.lower()))
    lead = _pair(_TOKEN.findall(article.text[: 150 if is_dense else 600].lower()))
    counts = Counter(title)
    counts.update(lead)
    terms = {term: 1.0 + math.log(count) if count > 1 else 1.0 for term, count in counts.items()}
    terms.update((TITLE + term, 1.0) for term in title)
    return terms


def measure_facets(judgement: Judgement) -> tuple[float, ...]:
    """Return the values of `FACET_FEATURES`, each from 0 to 1, from a judgement by the rules."""
    facets = [judgement.facets.get(facet, 0.0) for facet in _FACETS]
    prominent = [judgement.prominent.get(facet, 0.0) for facet in _FACETS]
    mean = math.prod(facets) ** (1 / len(facets))
    against = max(0.0, 1.0 - judgement.score / mean) if mean else 0.0
    return (*facets, *prominent, min(facets), min(prominent), judgement.score, against)


def _pair(tokens: list[str]) -> list[str]:
    """Return tokens, and each with the next one."""
    return [*tokens, *map(" ".join, pairwise(tokens))]
