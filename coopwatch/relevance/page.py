"""An article laid out for judging: its sentences, what is title, lead and body, and what stands where."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from coopwatch.fingerprints import grain_of
from coopwatch.relevance.topic import Label
from coopwatch.sentences import find_sentences
from schemas.records import Article

Zone = Literal["title", "lead", "body"]

_LEAD_SENTENCES = 3
_LEAD_CHARACTERS = {"word": 600, "character": 150}
_DENSE_SENTENCES = 30  # the body of a longer text counts less
_ADJACENT = 0.6  # what a neighbouring sentence is worth
_SPEAKS_OF = 2.0  # a sentence with this weight of words speaks of something in full


class Find(NamedTuple):
    """An occurrence of a pattern or country.

    Attributes:
        label: what it speaks for.
        pattern: as written in the topic file, or "country" and its code.
        start: offset in the page.
        end: offset in the page.
        sentence: number of the sentence it stands in; the title is sentence 0.
        is_ordinary: an everyday word, of which many prove little.
        weight: what it adds to its label.
    """

    label: Label
    pattern: str
    start: int
    end: int
    sentence: int
    is_ordinary: bool
    weight: float


class Page:
    """Title and text of an article as one text, cut into sentences.

    Attributes:
        text: title, newline, text; what all offsets refer to.
        head: how many sentences title and lead have together.
    """

    def __init__(self, article: Article) -> None:
        self.text = f"{article.title}\n{article.text}"
        shift = len(article.title) + 1
        starts = [start + shift for start, _ in find_sentences(article.text)]
        limit = shift + _LEAD_CHARACTERS[grain_of(article.language).unit]
        in_lead = sum(start < limit for start in starts[:_LEAD_SENTENCES])
        self.head = 1 + max(in_lead, min(1, len(starts)))
        self._starts = [0, *starts]
        self._density = min(1.0, math.sqrt(_DENSE_SENTENCES / max(1, len(starts))))

    def sentence_at(self, offset: int) -> int:
        """Return the number of the sentence at an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def weigh(self, finds: Iterable[Find], worth: Mapping[Zone, float]) -> list[Find]:
        """Multiply weights by what the zone is worth; in a long text, the body is worth less."""
        return [find._replace(weight=find.weight * self._worth(find.sentence, worth)) for find in finds]

    def spread(self, finds: Iterable[Find]) -> list[float]:
        """Return for every sentence, from 0 to 1, how far it or its neighbours speak of the finds.

        Sentences of title and lead are all neighbours. A pattern counts once a sentence.
        """
        weights = [0.0] * len(self._starts)
        for find in {(find.sentence, find.pattern): find for find in finds}.values():
            weights[find.sentence] += find.weight
        own = [min(1.0, weight / _SPEAKS_OF) for weight in weights]
        head = max(own[: self.head])
        spread = []
        for number, value in enumerate(own):
            around = max(own[max(0, number - 1) : number + 2])
            spread.append(max(value, _ADJACENT * (max(around, head) if number < self.head else around)))
        return spread

    def _worth(self, sentence: int, worth: Mapping[Zone, float]) -> float:
        if sentence == 0:
            return worth["title"]
        return worth["lead"] if sentence < self.head else worth["body"] * self._density
