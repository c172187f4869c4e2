"""Batches of articles entered into events, one after the other, as runs would."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from coopwatch.events.book import Linked, link_articles
from coopwatch.events.changes import find_changes
from coopwatch.events.pins import Pins
from coopwatch.events.relations import SPEAKS_OF
from coopwatch.events.reports import ReadArticle, read_articles
from coopwatch.events.wordings import WORDS
from coopwatch.origins import find_origins
from schemas.records import Article, Dossier, Event, EventChange, Membership
from tests.unit.event_stories import NOW, PUBLISHERS, REGISTRY, make_judgement

Story = tuple[Article, Membership]


def enter(
    stories: Iterable[Story],
    dossiers: Sequence[Dossier] = (),
    known: Iterable[Story] = (),
    pins: Pins | None = None,
) -> Linked:
    """Enter articles into events; `known` ones, of earlier batches, may tell whose texts they carry."""
    stories = tuple(stories)
    return link_articles(
        read(stories),
        {article.entry_id: make_judgement(article) for article, _ in stories},
        {article.article_id: membership for article, membership in stories},
        dossiers,
        REGISTRY,
        find_voices((*known, *stories)),
        NOW,
        pins=pins,
    )


def find_voices(stories: Iterable[Story]) -> dict[str, str]:
    """Return whose voice each text is, as the origins among these articles have it."""
    groups: dict[str, list[Article]] = defaultdict(list)
    for article, membership in stories:
        groups[membership.text_group_id].append(article)
    return {group: origin.family for group, origin in find_origins(groups, PUBLISHERS).items()}


def read(stories: Iterable[Story]) -> tuple[ReadArticle, ...]:
    """Read articles for events, all in scope."""
    articles = [article for article, _ in stories]
    return read_articles(articles, {a.entry_id: make_judgement(a) for a in articles}, REGISTRY)


class Archive:
    """What a warehouse would hold after the batches that were entered."""

    def __init__(self) -> None:
        self.dossiers: dict[str, Dossier] = {}
        self.relations: set[tuple[str, str, str]] = set()
        self.changes: list[tuple[str, str]] = []
        self.latest: list[EventChange] = []  # of the batch that was entered last
        self.stories: list[Story] = []

    def enter(self, *stories: Story, pins: Pins | None = None) -> Linked:
        """Enter a batch."""
        before = dict(self.dossiers)
        linked = enter(stories, tuple(before.values()), self.stories, pins)
        self.stories += stories
        _hold_evidence(linked.dossiers, self.stories)
        self.dossiers |= {dossier.event.event_id: dossier for dossier in linked.dossiers}
        self.relations |= {(r.event_id, r.kind, r.other_event_id) for r in linked.relations}
        self.latest = list(find_changes(before, linked.dossiers))
        self.changes += [(change.event_id, change.kind) for change in self.latest]
        return linked

    def show(self) -> Any:
        """Return everything that must not depend on the order of arrival."""
        return {
            event_id: (
                dossier.event.model_dump(exclude={"revision", "first_seen_at", "updated_at"}),
                {(row.article_id, row.text_group_id, row.family, row.role) for row in dossier.coverage},
                {
                    (c.text_group_id, c.field, c.value, c.low, c.high, c.qualifier, c.status)
                    for c in dossier.claims
                },
            )
            for event_id, dossier in self.dossiers.items()
        }, self.relations

    def event(self, event_id: str) -> Event:
        """Return an event."""
        return self.dossiers[event_id].event


def _hold_evidence(dossiers: Iterable[Dossier], stories: Iterable[Story]) -> None:
    """Hold that every link has reasons, and that what they quote stands in the article."""
    texts = {article.article_id: f"{article.title}\n{article.text}" for article, _ in stories}
    for dossier in dossiers:
        for row in dossier.coverage:
            assert row.linked_by
            quotes = {reason.label: reason.quote for reason in row.evidence if reason.label != WORDS}
            assert quotes[SPEAKS_OF]
            assert all(quote in texts[row.article_id] for quote in quotes.values() if quote)
