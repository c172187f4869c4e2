"""An article laid out for judging: what is read as one text, what is title, lead and body in it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from coopwatch.relevance.digests import find_items, is_digest
from coopwatch.relevance.finds import Find
from coopwatch.relevance.homes import find_homes
from coopwatch.relevance.topic import Label
from coopwatch.sentences import find_sentences
from coopwatch.shingles import grain_of
from schemas.records import Article

Zone = Literal["title", "lead", "body"]

_LEAD_SENTENCES = 3
_LEAD_CHARACTERS = {"word": 600, "character": 150}
_FULL_SHARE = 0.33  # a body of which less speaks of something only mentions it
_ADJACENT = 0.6  # what a neighbouring sentence is worth


class Stretch(NamedTuple):
    """Sentences that are read as one text: a whole article, or one item of a digest.

    Attributes:
        first: number of its first sentence, which is its title.
        head: how many sentences title and lead have together.
        sentences: how many there are, with the title.
    """

    first: int
    head: int
    sentences: int

    @property
    def is_item(self) -> bool:
        """Whether this is an item of a digest, whose title is no part of it."""
        return self.first > 0

    def worth_of_sentences(self, worth: Mapping[Zone, float]) -> list[float]:
        """Return what every sentence is worth by its zone."""
        return [
            worth["title"],
            *[worth["lead"]] * (self.head - 1),
            *[worth["body"]] * (self.sentences - self.head),
        ]

    def dampen_body(self, worth: Sequence[float], near: Sequence[float]) -> list[float]:
        """Let the body count less the smaller the share of it that speaks of something."""
        body = near[self.head :]
        share = min(1.0, sum(body) / len(body) / _FULL_SHARE) if body else 1.0
        return [*worth[: self.head], *[value * share for value in worth[self.head :]]]

    def spread(self, own: Sequence[float]) -> list[float]:
        """Return for every sentence how far it or its neighbours speak of something.

        Sentences of title and lead are all neighbours.

        Args:
            own: how far every sentence does, from 0 to 1.
        """
        head = max(own[: self.head])
        spread = []
        for number, value in enumerate(own):
            around = max(own[max(0, number - 1) : number + 2])
            spread.append(max(value, _ADJACENT * (max(around, head) if number < self.head else around)))
        return spread


class Page:
    """Title and text of an article as one text, cut into sentences, and these into stretches.

    An article is one stretch; of a digest every item is one, and its title belongs to none.

    Attributes:
        text: title, newline, text; what all offsets refer to.
        homes: codes of the countries that the article may come from, as far as its language tells.
        is_digest: several items of news under one title, of which each stands for itself.
    """

    def __init__(self, article: Article) -> None:
        self.text = lay_out(article)
        self.homes = find_homes(article.language)
        shift = len(article.title) + 1
        sentences = [(start + shift, end + shift) for start, end in find_sentences(article.text)]
        self.is_digest = len(sentences) > 1 and is_digest(article.title)
        self._starts = [0, *(start for start, _ in sentences)]
        self._limit = _LEAD_CHARACTERS[grain_of(article.language).unit]
        items = (
            [number + 1 for number in find_items(self.text, sentences, article.language)]
            if self.is_digest
            else [0]
        )
        self._stretches = tuple(
            self._stretch(first, following) for first, following in pairwise([*items, len(self._starts)])
        )

    def _stretch(self, first: int, following: int) -> Stretch:
        starts = self._starts[first + 1 : following]
        in_lead = sum(start < starts[0] + self._limit for start in starts[:_LEAD_SENTENCES])
        return Stretch(first, 1 + in_lead, 1 + len(starts))

    def place(self, found: Mapping[Label, Iterable[Find]]) -> list[tuple[Stretch, dict[Label, list[Find]]]]:
        """Return every stretch with the finds in it, their sentences numbered from its first."""
        placed: list[tuple[Stretch, dict[Label, list[Find]]]] = [
            (stretch, {label: [] for label in found}) for stretch in self._stretches
        ]
        firsts = [stretch.first for stretch in self._stretches]
        for label, finds in found.items():
            for find in finds:
                sentence = bisect_right(self._starts, find.start) - 1
                number = bisect_right(firsts, sentence) - 1
                if number >= 0:
                    placed[number][1][label].append(find._replace(sentence=sentence - firsts[number]))
        return placed


def lay_out(article: Article) -> str:
    """Return title, newline, text; what all offsets refer to."""
    return f"{article.title}\n{article.text}"
