"""An event as linking sees it, taken from its dossier: facts to compare a mention with."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from coopwatch.events.editions import is_year
from coopwatch.events.spans import Span, is_stated, read_mention, read_span
from coopwatch.sentences import find_sentences
from schemas.records import Article, Coverage, Dossier, EventKind, Mention

_WORD = re.compile(r"[^\W\d_]+|\d+")
_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_STOP_WORDS = """
a an the and or of in on at to for from by with as is are was were be been will has have had its it this that
their his her over under between among into after before amid new more up s us says said
one two three four five six seven eight nine ten first second third
"""
# Words that most titles of this field share: two events are not one because both are about cooperation.
_FIELD_WORDS = """
science sciences scientific scientist technology technological tech sci innovation innovative research
researcher cooperation cooperate collaboration collaborate collaborative international global world national
country countries joint jointly partnership partner development exchange conference forum summit meeting held
open launch launched sign signed signing strengthen boost deepen promote china chinese
"""
_FIELD_WEIGHT = 0.25
_FEW_WORDS = 4.0  # a shorter wording has too little in it to be alike
_LEAD_SENTENCES = 3
_LEAD_CHARS = 600
_STOPPED = frozenset(_STOP_WORDS.split())
LEAD = "lead"  # label of the evidence that quotes how an article begins


@dataclass(frozen=True)
class Profile:
    """What is known of an event, or of the event that an article speaks of."""

    event_id: str
    series: str | None
    kind: EventKind
    editions: frozenset[int]
    years: frozenset[int]  # by which the series numbers itself
    spans: tuple[Span, ...]  # without the year where it is only inferred from a publication
    dated_spans: tuple[Span, ...]  # with that year
    places: frozenset[str]
    participants: frozenset[str]
    published: tuple[date, ...]
    wordings: tuple[frozenset[str], ...]  # content words of each title with its lead

    @property
    def numbers(self) -> frozenset[int]:
        """Ordinals and years."""
        return self.editions | self.years

    @classmethod
    def of_dossier(cls, dossier: Dossier) -> "Profile":
        """Return the profile of a known event."""
        event = dossier.event
        dates = [
            (read_span(claim.value), claim.qualifier) for claim in dossier.claims if claim.field == "dates"
        ]
        numbers = {int(claim.value) for claim in dossier.claims if claim.field in ("edition", "year")}
        return cls(
            event_id=event.event_id,
            series=event.series,
            kind=event.kind,
            editions=frozenset(number for number in numbers if not is_year(number)),
            years=frozenset(number for number in numbers if is_year(number)),
            spans=_strip_years(dates),
            dated_spans=tuple(span for span, _ in dates),
            places=frozenset(claim.value.casefold() for claim in dossier.claims if claim.field == "place"),
            participants=frozenset(event.participants),
            published=tuple(row.published_at.date() for row in dossier.coverage if row.published_at),
            wordings=tuple(find_content_words(f"{row.title} {_find_lead(row)}") for row in dossier.coverage),
        )

    @classmethod
    def of_mention(cls, mention: Mention, article: Article) -> "Profile":
        """Return the profile of the event that an article speaks of."""
        dates = [read_mention(date_mention) for date_mention in mention.dates]
        numbers = {mention.edition} if mention.edition else set()
        return cls(
            event_id="",
            series=mention.series,
            kind=mention.kind,
            editions=frozenset(number for number in numbers if not is_year(number)),
            years=frozenset(number for number in numbers if is_year(number)),
            spans=_strip_years(dates),
            dated_spans=tuple(span for span, _ in dates),
            places=frozenset([mention.place.casefold()] if mention.place else ()),
            participants=frozenset(mention.participants),
            published=(article.dated,) if article.dated else (),
            wordings=(find_content_words(f"{article.title} {cut_lead(article)}"),),
        )


def cut_lead(article: Article) -> str:
    """Return the first sentences of an article, which tell what it is about better than one does."""
    sentences = find_sentences(article.text)[:_LEAD_SENTENCES]
    return article.text[: min(sentences[-1][1], _LEAD_CHARS)] if sentences else ""


@lru_cache(maxsize=4096)
def find_content_words(text: str) -> frozenset[str]:
    """Return the words of a text that can tell events apart; CJK text in pairs of characters."""
    folded = text.casefold()
    pairs = {run[at : at + 2] for run in _CJK_RUN.findall(folded) for at in range(len(run) - 1)}
    words = {_stem(word) for word in _WORD.findall(_CJK_RUN.sub(" ", folded)) if word not in _STOPPED}
    return frozenset(pairs | words)


def measure_overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the overlap coefficient of two wordings, words of the field counting little."""
    smaller = min(_weigh(one), _weigh(other))
    return _weigh(one & other) / max(smaller, _FEW_WORDS)


def _find_lead(row: Coverage) -> str:
    return next((reason.quote or "" for reason in row.evidence if reason.label == LEAD), "")


def _weigh(words: frozenset[str]) -> float:
    return len(words) - (1 - _FIELD_WEIGHT) * len(words & _FIELD_STEMS)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


_FIELD_STEMS = frozenset(map(_stem, _FIELD_WORDS.split()))


def _strip_years(dates: Iterable[tuple[Span, str | None]]) -> tuple[Span, ...]:
    return tuple(span if is_stated(qualifier) else span.in_year(None) for span, qualifier in dates)
