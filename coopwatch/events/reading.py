"""An article read for events: its sentences, the series it names, and which of them it is about.

A meeting of no known series for which the text itself introduces a short name is one that it names, too.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from coopwatch.events.acronyms import OwnName, find_own_names
from coopwatch.events.series import SeriesHit, SeriesRegistry
from coopwatch.sentences import find_sentences
from schemas.records import Article

_LEAD_SENTENCES = 3
_BEFORE_CHARS = 90
_QUOTE_CHARS = 1000  # on either side: a text without full stops is one sentence
_ABOUT = 2.0  # the least weight of a subject that an article is about: in the lead, or named four times
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A name after these words serves to place another event, or belongs to what somebody said.
_PASSING = re.compile(
    r"(?:\b(?:after|following|since|under|like|such as|as well as|unlike|framework of|based on)"
    r"|\b(?:noted|noting|recalled|recalling|said|says|added|mentioned|stressed|pointed out) that)"
    r"\s+(?:the\s+|a\s+|last\s+)?(?:[\w'’-]+\s+){0,2}[\"“‘(]?$",
    re.IGNORECASE,
)


class Subject(NamedTuple):
    """One edition of one series, as far as a text tells them apart; `series` may be an own name."""

    series: str
    edition: int | None


@dataclass(frozen=True)
class Reading:
    """An article with its title, as one text: offsets are into title + newline + text."""

    article: Article
    hits: tuple[SeriesHit, ...]
    own_names: Mapping[str, OwnName]  # by `Subject.series`: no id of a registered series has a capital

    @classmethod
    def of(cls, article: Article, registry: SeriesRegistry) -> "Reading":
        """Read an article."""
        full = f"{article.title}\n{article.text}"
        hits = registry.find_hits(full, article.language)
        named = [own for own in find_own_names(full, article.language) if not _is_known(own, hits)]
        own_hits = [
            SeriesHit(own.name, start, end, own.edition) for own in named for start, end in own.places
        ]
        others = [hit for hit in hits if not any(_overlap(hit, own) for own in own_hits)]
        return cls(article, (*others, *own_hits), {own.name: own for own in named})

    @property
    def full(self) -> str:
        """Title, newline, text."""
        return f"{self.article.title}\n{self.article.text}"

    @property
    def text_start(self) -> int:
        """Where the text begins."""
        return len(self.article.title) + 1

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The bounds of the title, which is one sentence, and of every sentence of the text."""
        shift = self.text_start
        body = ((start + shift, end + shift) for start, end in find_sentences(self.article.text))
        return ((0, len(self.article.title)), *body)

    @cached_property
    def lead(self) -> tuple[tuple[int, int], ...]:
        """The title and the first sentences."""
        return self.sentences[: 1 + _LEAD_SENTENCES]

    @cached_property
    def subjects(self) -> dict[Subject, tuple[SeriesHit, ...]]:
        """What the article names, with where; names without an edition go with the edition that is meant."""
        by_subject: dict[Subject, list[SeriesHit]] = {}
        for hit in self.hits:
            by_subject.setdefault(Subject(hit.series, hit.edition), []).append(hit)
        for series in {hit.series for hit in self.hits}:
            self._merge_editions(series, by_subject)
        return {
            subject: tuple(sorted(hits, key=lambda hit: hit.start)) for subject, hits in by_subject.items()
        }

    @cached_property
    def main(self) -> Subject | None:
        """The subject that the article is about; None when the series it names are mere background."""
        weights = {subject: self._weigh(hits) for subject, hits in self.subjects.items()}
        leading = [subject for subject, weight in weights.items() if weight >= _ABOUT]
        return min(leading, key=lambda s: (-weights[s], self.subjects[s][0].start), default=None)

    def is_passing(self, hit: SeriesHit) -> bool:
        """Tell whether a name is mentioned only to place something else, or as history."""
        return bool(_PASSING.search(self._before(hit))) or self._is_history(hit, years_ago=2)

    def sentence_of(self, offset: int) -> tuple[int, int]:
        """Return the bounds of the sentence that holds the character at `offset`."""
        index = bisect_right(self.sentences, (offset, len(self.full))) - 1
        return self.sentences[max(0, index)]

    def quote_at(self, offset: int) -> str:
        """Return the sentence that holds the character at `offset`; of an endless one, what is around it."""
        start, end = self.sentence_of(offset)
        return self.full[max(start, offset - _QUOTE_CHARS) : min(end, offset + _QUOTE_CHARS)].strip()

    def subject_at(self, offset: int) -> Subject | None:
        """Return the subject named nearest to `offset` in the same sentence; None when none is."""
        start, end = self.sentence_of(offset)
        near = [
            (min(abs(hit.start - offset), abs(hit.end - offset)), hit.start, subject)
            for subject, hits in self.subjects.items()
            for hit in hits
            if start <= hit.start < end
        ]
        return min(near)[2] if near else None

    def _before(self, hit: SeriesHit) -> str:
        start, _ = self.sentence_of(hit.start)
        return self.full[max(start, hit.start - _BEFORE_CHARS) : hit.start]

    def _weigh(self, hits: Iterable[SeriesHit]) -> float:
        """Weigh how much an article is about a subject, by where it names it first and how often."""
        plain = [hit for hit in hits if not self.is_passing(hit)]
        if not plain:
            return 0.0
        first = plain[0].start
        title, opening, lead = self.lead[0][1], self.lead[min(1, len(self.lead) - 1)][1], self.lead[-1][1]
        place = 4 if first < title else 3 if first < opening else 2 if first < lead else 0
        return place + 0.5 * min(len(plain), 5)

    def _merge_editions(self, series: str, by_subject: dict[Subject, list[SeriesHit]]) -> None:
        """Let names without an edition go with the edition that the article is about, if it names one."""
        numbered = [
            subject
            for subject, hits in by_subject.items()
            if subject.series == series and subject.edition and not all(map(self._is_history, hits))
        ]
        meant = max(numbered, key=lambda subject: self._weigh(by_subject[subject]), default=None)
        if meant is not None and self._weigh(by_subject[meant]) >= _ABOUT:
            by_subject[meant] += by_subject.pop(Subject(series, None), [])

    def _is_history(self, hit: SeriesHit, years_ago: int = 1) -> bool:
        """Tell whether no year in the sentence is later than so many years before the article."""
        years = [int(year) for year in _YEAR.findall(self.quote_at(hit.start))]
        return bool(years and self.article.dated and max(years) <= self.article.dated.year - years_ago)


def _is_known(own: OwnName, hits: Sequence[SeriesHit]) -> bool:
    """Tell whether the full name that a text abbreviates is, or holds, that of a registered series."""
    return any(hit.start < own.end and own.start < hit.end for hit in hits)


def _overlap(one: SeriesHit, other: SeriesHit) -> bool:
    return one.start < other.end and other.start < one.end
