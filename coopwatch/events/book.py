"""The book of events: it enters a batch of articles into the events that are known, and opens new ones.

What comes out does not depend on the order of the articles. They are entered with those first that
say which edition they are about, then by day; the undated come last. An article whose text already
covers an event joins it, so reprints inherit the link.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from coopwatch.events.claims import make_claims
from coopwatch.events.editions import is_year
from coopwatch.events.linking import SAME_EDITION, LinkDecision, find_conflict, link
from coopwatch.events.mentions import FoundMention, find_mentions
from coopwatch.events.profiles import LEAD, Profile, cut_lead
from coopwatch.events.relations import MENTIONS, find_relations, word_subject
from coopwatch.events.resolution import resolve
from coopwatch.events.series import SeriesRegistry
from coopwatch.events.spans import Span, read_mention
from coopwatch.identity import make_event_id
from coopwatch.publishers import Publishers
from schemas.records import (
    Article,
    ChangeKind,
    Coverage,
    Dossier,
    Event,
    EventChange,
    EventRelation,
    Evidence,
    Judgement,
    Membership,
    Record,
)


class Linked(Record):
    """What a batch did to the events: those that are new or changed, whole."""

    dossiers: tuple[Dossier, ...]
    relations: tuple[EventRelation, ...]
    changes: tuple[EventChange, ...]


class CandidateKeys(Record):
    """Which stored events a batch could be about: by series, by text, or by time."""

    series: frozenset[str]
    text_group_ids: frozenset[str]
    around: frozenset[date]


def candidate_keys(
    articles: Iterable[Article], memberships: Mapping[str, Membership], series: SeriesRegistry
) -> CandidateKeys:
    """Return what to read from the warehouse before `link_articles`.

    Args:
        articles: the articles in scope.
        memberships: their text groups, by article_id.
        series: the recurring events of the field.
    """
    articles = tuple(articles)
    return CandidateKeys(
        series=frozenset(
            hit.series for article in articles for hit in series.find_hits(f"{article.title}\n{article.text}")
        ),
        text_group_ids=frozenset(memberships[article.article_id].text_group_id for article in articles),
        around=frozenset(article.dated for article in articles if article.dated),
    )


def link_articles(  # noqa: PLR0917 — a stage is handed all that it works with
    articles: Iterable[Article],
    judgements: Mapping[int, Judgement],
    memberships: Mapping[str, Membership],
    dossiers: Iterable[Dossier],
    series: SeriesRegistry,
    publishers: Publishers,
    now: datetime,
) -> Linked:
    """Link a batch of articles in scope to events.

    Args:
        articles: the articles in scope, in any order.
        judgements: by entry_id.
        memberships: the text groups of the articles, by article_id.
        dossiers: the known events that the articles could be about.
        series: the recurring events of the field.
        publishers: whose voice a text is.
        now: the time of this batch.

    Returns:
        The events that are new or changed, sorted by id, with relations and changes. An article that
        an event holds already changes nothing.
    """
    book = _Book(dossiers, series, publishers, now)
    read = [(article, find_mentions(article, judgements[article.entry_id], series)) for article in articles]
    for article, mentions in sorted(read, key=_order):
        book.enter(article, mentions, judgements[article.entry_id], memberships[article.article_id])
    changed = book.close()
    return Linked(
        dossiers=tuple(changed),
        relations=tuple(find_relations(book.before, book.after)),
        changes=tuple(book.find_changes(changed)),
    )


def _order(read: tuple[Article, Sequence[FoundMention]]) -> tuple[bool, date, datetime, str]:
    article, mentions = read
    return mentions[0].edition is None, article.dated or date.max, article.fetched_at, article.article_id


class _Book:
    """The events before a batch, and as they are after what was entered of it."""

    def __init__(
        self, dossiers: Iterable[Dossier], series: SeriesRegistry, publishers: Publishers, now: datetime
    ) -> None:
        self.before = {dossier.event.event_id: dossier for dossier in dossiers}
        self.after = dict(self.before)
        self._profiles = {event_id: Profile.of_dossier(dossier) for event_id, dossier in self.before.items()}
        self._held = {row.article_id for dossier in self.before.values() for row in dossier.coverage}
        self._series = series
        self._publishers = publishers
        self._now = now

    def enter(
        self, article: Article, mentions: Sequence[FoundMention], judgement: Judgement, membership: Membership
    ) -> None:
        """Add the article, with its claims, to the event that it is about."""
        main = mentions[0]
        if article.article_id in self._held:
            return
        decision = self._decide(article, main, membership)
        joined = self.after.get(decision.event_id or "") if decision.band == "link" else None
        dossier = joined or self._open(article, main)
        event = self._identify(dossier.event, main)
        row = Coverage(
            article_id=article.article_id,
            event_id=event.event_id,
            text_group_id=membership.text_group_id,
            role=main.role,
            url=article.url,
            title=article.title,
            publisher=article.attribution.publisher,
            distributor=article.attribution.distributor,
            issuer=article.attribution.issuer,
            family=self._publishers.family_of(article.attribution),
            published_at=article.published_at,
            score=judgement.score,
            evidence=tuple(_explain(article, mentions, membership, decision)),
        )
        claims = make_claims(event.event_id, article, membership, main)
        grown = Dossier(event=event, coverage=(*dossier.coverage, row), claims=(*dossier.claims, *claims))
        self.after[event.event_id] = resolve(grown, self._now)
        self._profiles[event.event_id] = Profile.of_dossier(self.after[event.event_id])
        self._held.add(article.article_id)

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

    def find_changes(self, changed: Iterable[Dossier]) -> Iterator[EventChange]:
        """Yield what somebody may want to hear of: a new event, or a new voice on an old one."""
        for dossier in changed:
            event, before = dossier.event, self.before.get(dossier.event.event_id)
            if before is None:
                yield _make_change(dossier, "new_event", dossier.coverage[0])
            elif event.independent_sources > before.event.independent_sources:
                heard = {row.family for row in before.coverage}
                added = dossier.coverage[len(before.coverage) :]
                voice = next((row for row in added if row.family not in heard), added[0])
                yield _make_change(dossier, "new_source", voice)

    def _decide(self, article: Article, main: FoundMention, membership: Membership) -> LinkDecision:
        """Link by edition, else by text, else by facts."""
        decision = link(main, article, self._profiles.values())
        if decision.band == "link" and decision.score == SAME_EDITION:
            return decision
        covered = [
            (event_id, sum(row.text_group_id == membership.text_group_id for row in dossier.coverage))
            for event_id, dossier in self.after.items()
        ]
        for event_id, rows in sorted(covered, key=lambda pair: (-pair[1], pair[0])):
            if rows and find_conflict(main, article, self._profiles[event_id]) is None:
                inherited = Evidence(label="link", value=f"{event_id}, because its text is on that event")
                return LinkDecision(event_id=event_id, band="link", score=SAME_EDITION, evidence=(inherited,))
        return decision

    def _open(self, article: Article, main: FoundMention) -> Dossier:
        """Return a new event without coverage."""
        is_numbered = main.edition is not None and not is_year(main.edition)
        years = (
            [main.edition] if main.edition and not is_numbered else [span.year for span in _find_spans(main)]
        )
        event_id = make_event_id(
            main.series,
            main.edition if is_numbered else None,
            next((year for year in years if year), None),
            article.article_id,
        )
        if event_id in self.after:  # two events of a series in one year
            event_id = make_event_id(None, None, None, article.article_id)
        event = Event(
            event_id=event_id, name=main.name, kind=main.kind, first_seen_at=self._now, updated_at=self._now
        )
        return Dossier(event=event)

    def _identify(self, event: Event, main: FoundMention) -> Event:
        """Return the event as one of the series that its coverage names."""
        if event.series is not None or main.series is None:
            return event
        series = self._series.by_id[main.series]
        return event.model_copy(update={"series": series.id, "name": series.name, "kind": series.kind})


def _explain(
    article: Article, mentions: Sequence[FoundMention], membership: Membership, decision: LinkDecision
) -> Iterator[Evidence]:
    """Yield why an article is on its event, and what other events it names."""
    main, *background = mentions
    subject = word_subject(main.series, main.edition) or main.kind
    yield Evidence(label="speaks of", value=subject, quote=main.quote)
    yield Evidence(label=LEAD, value="how it begins", quote=cut_lead(article))
    if membership.relation != "origin":
        yield Evidence(label="text", value=f"{membership.text_group_id}, {membership.reason}")
    yield from decision.evidence
    for other in background:
        yield Evidence(label=MENTIONS, value=word_subject(other.series, other.edition), quote=other.quote)


def _find_spans(mention: FoundMention) -> list[Span]:
    return [read_mention(date_mention)[0] for date_mention in mention.dates]


def _make_change(dossier: Dossier, kind: ChangeKind, row: Coverage) -> EventChange:
    return EventChange(
        event_id=dossier.event.event_id,
        kind=kind,
        revision=dossier.event.revision,
        article_id=row.article_id,
    )
