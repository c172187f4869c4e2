"""The book of events: it enters a batch of articles into the events that are known, and opens new ones.

What comes out does not depend on the order of the articles. They are entered with those first that
say which edition they are about, then by day; the undated come last. An article whose text already
covers an event joins it, so reprints inherit the link.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import NamedTuple

from pydantic import Field

from coopwatch.events.candidates import Shelf, ask_terms, find_terms
from coopwatch.events.claims import make_claims
from coopwatch.events.explaining import explain_link
from coopwatch.events.frequencies import Frequencies
from coopwatch.events.linking import SAME_EDITION, LinkDecision, find_conflict, link
from coopwatch.events.mentions import FoundMention
from coopwatch.events.opening import identify_event, open_event
from coopwatch.events.pins import Pins, Ruling, StandingPin, explain_pin
from coopwatch.events.profiles import Profile, find_wordings
from coopwatch.events.relations import find_relations
from coopwatch.events.reports import ReadArticle, Report
from coopwatch.events.resolution import Voices, hear_anew, resolve
from coopwatch.events.series import SeriesRegistry
from coopwatch.events.weights import Weights, load_weights
from schemas.records import (
    Article,
    Coverage,
    Dossier,
    EventRelation,
    Evidence,
    Judgement,
    Membership,
    Record,
)

Decide = Callable[[Profile, Sequence[Profile]], LinkDecision]
"""Which of some events, if any, an article is about; its profile carries the id of the article."""


class Linked(Record):
    """What a batch did to the events: those that are new or changed, whole."""

    dossiers: tuple[Dossier, ...]
    relations: tuple[EventRelation, ...]
    terms: dict[str, tuple[int, ...]] = Field(default_factory=dict)  # by event_id; see `candidates`


class CandidateKeys(Record):
    """Which stored events a batch could be about: by series, by text, or by what they share with each."""

    series: frozenset[str]
    text_group_ids: frozenset[str]
    terms: dict[str, tuple[int, ...]]  # by article_id; see `candidates`


def candidate_keys(read: Sequence[ReadArticle], memberships: Mapping[str, Membership]) -> CandidateKeys:
    """Return what to read from the warehouse before `link_articles`.

    Args:
        read: the articles in scope.
        memberships: their text groups, by article_id.
    """
    frequencies = Frequencies(report.wording for one in read for report in one.reports)
    terms: dict[str, tuple[int, ...]] = {}
    for one in read:
        keys: set[int] = set()
        for mention, wording, _ in one.reports:
            keys |= ask_terms(Profile.of_mention(mention, one.article, wording, frequencies))
        terms[one.article.article_id] = tuple(sorted(keys))
    mentions = [mention for one in read for mention in one.mentions]
    return CandidateKeys(
        series=frozenset(mention.series for mention in mentions if mention.series),
        text_group_ids=frozenset(memberships[one.article.article_id].text_group_id for one in read),
        terms=terms,
    )


def link_articles(  # noqa: PLR0917 — a stage is handed all that it works with
    read: Sequence[ReadArticle],
    judgements: Mapping[int, Judgement],
    memberships: Mapping[str, Membership],
    dossiers: Iterable[Dossier],
    series: SeriesRegistry,
    voices: Voices,
    now: datetime,
    decide: Decide | None = None,
    pins: Pins | None = None,
) -> Linked:
    """Link a batch of articles in scope to events.

    Args:
        read: the articles in scope, in any order; see `reports.read_articles`.
        judgements: by entry_id.
        memberships: the text groups of the articles, by article_id.
        dossiers: the known events that the articles could be about.
        series: the recurring events of the field.
        voices: of all these text groups, by their origins as known now; events that carry such a text are
            resolved again where it turned out to be somebody else's.
        now: the time of this batch.
        decide: links an article by what is alike; by default as the weights in force do.
        pins: what analysts decided; those on events that are not among the dossiers are passed over.

    Returns:
        The events that are new or changed, sorted by id, with their relations. An article that
        an event holds already changes nothing but, perhaps, whose voice its text is.
    """
    dossiers = tuple(dossiers)
    decide = decide or decide_by(load_weights())
    frequencies = _count_words(read, dossiers)
    book = _Book(dossiers, frequencies, series, voices, decide, pins or Pins(), now)
    for one in sorted(read, key=_order):
        article = one.article
        book.enter(one, judgements[article.entry_id], memberships[article.article_id])
    book.reconsider()
    changed = book.close()
    return Linked(
        dossiers=tuple(changed),
        relations=tuple(find_relations(book.before, book.after)),
        terms=book.find_terms(changed),
    )


def decide_by(weights: Weights) -> Decide:
    """Return what decides by these weights."""
    return partial(link, weights=weights)


def _count_words(read: Iterable[ReadArticle], dossiers: Iterable[Dossier]) -> Frequencies:
    new = (report.wording for one in read for report in one.reports)
    return Frequencies(chain(new, *(find_wordings(dossier) for dossier in dossiers)))


def _order(one: ReadArticle) -> tuple[bool, date, datetime, str]:
    article, main = one.article, one.reports[0].mention
    return main.edition is None, article.dated or date.max, article.fetched_at, article.article_id


class _Entry(NamedTuple):
    """One report of an article, with all that its coverage takes."""

    read: ReadArticle
    report: Report
    judgement: Judgement
    membership: Membership


class _Book:
    """The events before a batch, and as they are after what was entered of it."""

    def __init__(  # noqa: PLR0917 — as above
        self,
        dossiers: Iterable[Dossier],
        frequencies: Frequencies,
        series: SeriesRegistry,
        voices: Voices,
        decide: Decide,
        pins: Pins,
        now: datetime,
    ) -> None:
        self.before = {dossier.event.event_id: dossier for dossier in dossiers}
        self.after = {event_id: hear_anew(dossier, voices, now) for event_id, dossier in self.before.items()}
        self._frequencies = frequencies
        self._shelf = Shelf(Profile.of_dossier(dossier, frequencies) for dossier in self.after.values())
        self._held = {row.article_id for dossier in self.before.values() for row in dossier.coverage}
        self._texts: defaultdict[str, Counter[str]] = defaultdict(Counter)  # text → rows by event
        for dossier in self.before.values():
            for row in dossier.coverage:
                self._texts[row.text_group_id][dossier.event.event_id] += 1
        self._founders: dict[str, _Entry] = {}  # of the events that this batch opened
        self._series = series
        self._voices = voices
        self._link = decide
        self._pins = pins
        self._now = now

    def enter(self, one: ReadArticle, judgement: Judgement, membership: Membership) -> None:
        """Add the article, with its claims, to the events that it reports."""
        if one.article.article_id in self._held:
            return
        for report in one.reports:
            self._enter_report(_Entry(one, report, judgement, membership))
        self._held.add(one.article.article_id)

    def reconsider(self) -> None:
        """Enter again what founded an event that nothing joined: it may fit one that grew meanwhile."""
        for event_id, entry in sorted(self._founders.items()):
            if len(self.after[event_id].coverage) == 1:
                del self.after[event_id]
                self._shelf.take(event_id)
                del self._texts[entry.membership.text_group_id][event_id]
                self._enter_report(entry)

    def close(self) -> list[Dossier]:
        """Return the events that are new or changed, each with its next revision."""
        changed = []
        for event_id, dossier in sorted(self.after.items()):
            before = self.before.get(event_id)
            if before is None:
                changed.append(dossier)
            elif dossier is not before:
                event = dossier.event.model_copy(update={"revision": before.event.revision + 1})
                changed.append(dossier.model_copy(update={"event": event}))
        return changed

    def find_terms(self, changed: Iterable[Dossier]) -> dict[str, tuple[int, ...]]:
        """Return the keys by which later articles find the events."""
        event_ids = [dossier.event.event_id for dossier in changed]
        return {event_id: tuple(sorted(find_terms(self._shelf[event_id]))) for event_id in event_ids}

    def _enter_report(self, entry: _Entry) -> None:
        article, (mention, wording, is_part) = entry.read.article, entry.report
        wanted = Profile.of_mention(mention, article, wording, self._frequencies)
        ruling = self._pins.rule(article.article_id, entry.membership.text_group_id)
        forced = [pin for pin in ruling.forced if pin.event_id in self.after] if not is_part else []
        decisions = [_obey(pin) for pin in forced] or [self._decide(wanted, entry, ruling)]
        for decision in decisions:
            self._add(entry, decision, ruling)

    def _add(self, entry: _Entry, decision: LinkDecision, ruling: Ruling) -> None:
        """Add what an article reports to the event that was decided on, or to a new one."""
        (article, *_), (mention, *_), judgement, membership = entry
        joined = self.after.get(decision.event_id or "") if decision.band == "link" else None
        dossier = joined or self._open(mention, article, ruling)
        if any(row.article_id == article.article_id for row in dossier.coverage):
            return
        if joined is None:
            self._founders[dossier.event.event_id] = entry
        event = identify_event(dossier.event, mention, self._series)
        row = Coverage(
            article_id=article.article_id,
            event_id=event.event_id,
            text_group_id=membership.text_group_id,
            role=mention.role,
            url=article.url,
            title=article.title,
            publisher=article.attribution.publisher,
            distributor=article.attribution.distributor,
            issuer=article.attribution.issuer,
            family=self._voices[membership.text_group_id],
            published_at=article.published_at,
            score=judgement.score,
            linked_by=decision.linked_by,
            evidence=tuple(explain_link(entry.read, entry.report, membership, decision)),
        )
        claims = make_claims(event.event_id, article, membership, mention)
        grown = Dossier(event=event, coverage=(*dossier.coverage, row), claims=(*dossier.claims, *claims))
        self.after[event.event_id] = resolve(grown, self._now)
        self._shelf.put(Profile.of_dossier(self.after[event.event_id], self._frequencies))
        self._texts[membership.text_group_id][event.event_id] += 1

    def _open(self, mention: FoundMention, article: Article, ruling: Ruling) -> Dossier:
        """Return a new event; or the one of its id that everybody has left, so that its id lives on."""
        covered = {event_id for event_id, known in self.after.items() if known.coverage}
        opened = open_event(mention, article, covered, ruling.barred, self._now)
        return self.after.get(opened.event.event_id, opened)

    def _decide(self, wanted: Profile, entry: _Entry, ruling: Ruling) -> LinkDecision:
        """Link by edition, else by text, else by likeness; a part of a text is not that text."""
        found = (profile for profile in self._shelf.find(wanted) if profile.event_id not in ruling.barred)
        apart = tuple(profile for profile in found if not self._is_beside(profile.event_id, entry))
        decision = self._link(wanted, apart)
        if entry.report.is_part or (decision.band == "link" and decision.score == SAME_EDITION):
            return decision
        rows = self._texts[entry.membership.text_group_id]
        for event_id in ruling.allow(sorted(rows, key=lambda event_id: (-rows[event_id], event_id))):
            if not self._is_beside(event_id, entry) and not find_conflict(wanted, self._shelf[event_id]):
                inherited = Evidence(label="link", value=f"{event_id}, because its text is on that event")
                return LinkDecision(event_id=event_id, band="link", score=SAME_EDITION, evidence=(inherited,))
        return decision

    def _is_beside(self, event_id: str, entry: _Entry) -> bool:
        """Tell whether an event is, for this article, what the reported one is held within, or beside it."""
        is_sub_event = entry.report.mention.role == "sub_event"
        return any(
            row.article_id == entry.read.article.article_id and (row.role == "sub_event") != is_sub_event
            for row in self.after[event_id].coverage
        )


def _obey(pin: StandingPin) -> LinkDecision:
    return LinkDecision(
        event_id=pin.event_id,
        band="link",
        score=SAME_EDITION,
        evidence=(explain_pin(pin),),
        linked_by=pin.actor,
    )
