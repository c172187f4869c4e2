"""Builders of records: a good one by default, with the fields that a test cares about given by name."""

from datetime import UTC, date, datetime
from typing import Any

from coopwatch.identity import make_article_id, make_text_group_id
from schemas.records import Article, Attribution, Claim, Coverage, Dossier, Event, Evidence

NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)
TEXT = (
    "Research ministers of Norland and Vesteria opened a joint laboratory for ice cores on Tuesday. "
    "Both academies pay half of its cost, and forty scientists from nine countries will work there."
)


def make_article(number: int = 1, **changes: Any) -> Article:
    """Return a good article; articles of different numbers differ in every identity."""
    url = changes.get("url", f"https://courier.example/science/{number}")
    good: dict[str, Any] = {
        "article_id": make_article_id(url),
        "entry_id": number,
        "source_id": "courier",
        "url": url,
        "compare_url": url,
        "title": f"Joint laboratory number {number} opens",
        "text": TEXT,
        "language": "en",
        "published_at": datetime(2025, 6, 24, 9, tzinfo=UTC),
        "published_from": "feed",
        "published_precision": "second",
        "fetched_at": NOW,
        "attribution": Attribution(publisher="The Courier"),
        "extractor": "builder 1",
    }
    return Article.model_validate({**good, **changes})


def make_coverage(article: Article | None = None, **changes: Any) -> Coverage:
    """Return a good row of coverage of event `e-1` by an article."""
    article = article or make_article()
    good: dict[str, Any] = {
        "article_id": article.article_id,
        "event_id": "e-1",
        "text_group_id": make_text_group_id(article.article_id),
        "role": "main",
        "url": article.url,
        "title": article.title,
        "publisher": article.attribution.publisher,
        "family": "courier",
        "published_at": article.published_at,
        "score": 0.9,
        "evidence": (Evidence(label="series", value="none"),),
    }
    return Coverage.model_validate({**good, **changes})


def make_claim(article: Article | None = None, **changes: Any) -> Claim:
    """Return a good claim of an article about event `e-1`."""
    article = article or make_article()
    good: dict[str, Any] = {
        "event_id": "e-1",
        "article_id": article.article_id,
        "text_group_id": make_text_group_id(article.article_id),
        "field": "attendance",
        "value": "40",
        "low": 40.0,
        "high": 40.0,
        "quote": "Forty scientists from nine countries will work there.",
        "url": article.url,
    }
    return Claim.model_validate({**good, **changes})


def make_event(**changes: Any) -> Event:
    """Return the good event `e-1`, covered by one article."""
    good: dict[str, Any] = {
        "event_id": "e-1",
        "name": "Opening of the joint ice core laboratory",
        "kind": "laboratory",
        "start_date": date(2025, 6, 24),
        "end_date": date(2025, 6, 24),
        "place": "Harbour City",
        "country": "NO",
        "participants": ("NO", "CH"),
        "articles": 1,
        "text_groups": 1,
        "independent_sources": 1,
        "first_seen_at": NOW,
        "updated_at": NOW,
    }
    return Event.model_validate({**good, **changes})


def make_dossier(*articles: Article, **event_changes: Any) -> Dossier:
    """Return event `e-1` covered by the articles, each with one claim."""
    articles = articles or (make_article(),)
    event = make_event(
        **{
            "articles": len(articles),
            "text_groups": len(articles),
            "independent_sources": len(articles),
            **event_changes,
        }
    )
    return Dossier(
        event=event,
        coverage=tuple(make_coverage(article, event_id=event.event_id) for article in articles),
        claims=tuple(make_claim(article, event_id=event.event_id) for article in articles),
    )
