"""An event as linking sees it, taken from its dossier: facts to compare a mention with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from coopwatch.events.editions import is_year
from coopwatch.events.frequencies import Frequencies, Vector, Vectors, add_up
from coopwatch.events.spans import Span, is_stated, read_mention, read_span
from coopwatch.events.wordings import Wording, read_wording
from schemas.records import Article, Coverage, Dossier, EventKind, Mention

TEXTS_AT_MOST = 8  # of one event, the latest: more say nothing that these do not


@dataclass(frozen=True)
class Profile:
    """What is known of an event, or of the event that an article speaks of."""

    event_id: str  # of a mention, that of its article
    series: str | None
    kind: EventKind
    editions: frozenset[int]
    years: frozenset[int]  # by which the series numbers itself
    spans: tuple[Span, ...]  # without the year where it is only inferred from a publication
    dated_spans: tuple[Span, ...]  # with that year
    places: frozenset[str]
    participants: frozenset[str]
    published: tuple[date, ...]
    wordings: tuple[Wording, ...]  # one a text
    frequencies: Frequencies = field(repr=False, compare=False)
    seen_on: date = date.min  # when it came to be known: nothing that links, only where to look

    @cached_property
    def vectors(self) -> tuple[Vectors, ...]:
        """Each text as weighed words."""
        return tuple(Vectors(wording, self.frequencies) for wording in self.wordings)

    @cached_property
    def text_sum(self) -> Vector:
        """The texts added up."""
        return add_up(one.text for one in self.vectors)

    @cached_property
    def lead_sum(self) -> Vector:
        """Their leads added up."""
        return add_up(one.lead for one in self.vectors)

    @cached_property
    def title_sum(self) -> Vector:
        """Their titles added up."""
        return add_up(one.title for one in self.vectors)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all texts."""
        return frozenset(word for wording in self.wordings for word in wording.counts)

    @cached_property
    def title_weights(self) -> Mapping[str, float]:
        """How telling each word of the titles is."""
        return {
            word: self.frequencies.weigh(word, wording.language)
            for wording in self.wordings
            for word in wording.title
        }

    @cached_property
    def all_years(self) -> frozenset[int]:
        """The years by which it numbers itself, and those in which it takes place."""
        return self.years | {span.year for span in self.dated_spans if span.year}

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of the texts, as far as they are known."""
        return frozenset(wording.language for wording in self.wordings if wording.language)

    @classmethod
    def of_dossier(cls, dossier: Dossier, frequencies: Frequencies) -> "Profile":
        """Return the profile of a known event."""
        event = dossier.event
        dates = [
            (read_span(claim.value), claim.qualifier) for claim in dossier.claims if claim.field == "dates"
        ]
        numbers = find_numbers(dossier)
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
            wordings=find_wordings(dossier),
            frequencies=frequencies,
            seen_on=event.first_seen_at.date(),
        )

    @classmethod
    def of_mention(
        cls, mention: Mention, article: Article, wording: Wording, frequencies: Frequencies
    ) -> "Profile":
        """Return the profile of the event that an article speaks of."""
        dates = [read_mention(date_mention) for date_mention in mention.dates]
        numbers = {mention.edition} if mention.edition else set()
        return cls(
            event_id=article.article_id,
            series=mention.series,
            kind=mention.kind,
            editions=frozenset(number for number in numbers if not is_year(number)),
            years=frozenset(number for number in numbers if is_year(number)),
            spans=_strip_years(dates),
            dated_spans=tuple(span for span, _ in dates),
            places=frozenset([mention.place.casefold()] if mention.place else ()),
            participants=frozenset(mention.participants),
            published=(article.dated,) if article.dated else (),
            wordings=(wording,),
            frequencies=frequencies,
            seen_on=article.fetched_at.date(),
        )


def find_numbers(dossier: Dossier) -> frozenset[int]:
    """Return the ordinals and years by which an event is told from others of its series."""
    return frozenset(int(claim.value) for claim in dossier.claims if claim.field in ("edition", "year"))


def find_wordings(dossier: Dossier) -> tuple[Wording, ...]:
    """Return the wordings of the latest texts of an event, one for each, whatever their order in it."""
    by_text: dict[str, Coverage] = {}
    for row in sorted(dossier.coverage, key=_order, reverse=True):
        by_text[row.text_group_id] = row  # the earliest copy
    latest = sorted(by_text.values(), key=_order)[-TEXTS_AT_MOST:]
    return tuple(read_wording(row.title, row.evidence) for row in latest)


def _order(row: Coverage) -> tuple[bool, float, str]:
    at = row.published_at
    return at is not None, at.timestamp() if at else 0.0, row.article_id


def _strip_years(dates: Iterable[tuple[Span, str | None]]) -> tuple[Span, ...]:
    return tuple(span if is_stated(qualifier) else span.in_year(None) for span, qualifier in dates)
