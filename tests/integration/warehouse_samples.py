"""What the tests of the warehouse put into it."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from coopwatch.identity import make_text_group_id
from coopwatch.warehouse import CaptureRow, Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas.records import (
    Article,
    Batch,
    Dossier,
    EntryResult,
    FeedEntry,
    Judgement,
    Membership,
    PendingEntry,
    PollResult,
    PollState,
    Source,
)
from schemas.tables import metadata
from tests.builders import NOW, make_article

HOUR = timedelta(hours=1)
RUN = "run-1"


def make_source(source_id: str = "courier", **changes: Any) -> Source:
    good: dict[str, Any] = {
        "id": source_id,
        "name": "The Courier",
        "kind": "feed",
        "url": f"https://{source_id}.example/feed",
        "publisher": "The Courier",
    }
    return Source.model_validate({**good, **changes})


def make_feed_entry(number: int = 1, source_id: str = "courier", **changes: Any) -> FeedEntry:
    url = f"https://{changes.pop('host', source_id + '.example')}/science/{number}"
    good: dict[str, Any] = {
        "source_id": source_id,
        "key": f"guid-{number}",
        "url": url,
        "compare_url": url,
        "title": f"Entry {number}",
    }
    return FeedEntry.model_validate({**good, **changes})


def make_poll(entries: Iterable[FeedEntry] = (), source_id: str = "courier", **changes: Any) -> PollResult:
    polled_at = changes.get("polled_at", NOW)
    good: dict[str, Any] = {
        "source_id": source_id,
        "outcome": "polled",
        "polled_at": polled_at,
        "entries": tuple(entries),
        "http_status": 200,
        "state": PollState(source_id=source_id, last_polled_at=polled_at, etag='"1"'),
    }
    return PollResult.model_validate({**good, **changes})


def make_capture(body: str = "body", **changes: Any) -> CaptureRow:
    good: dict[str, Any] = {
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
        "url": "https://courier.example/feed",
        "final_url": "https://courier.example/feed",
        "status": 200,
        "headers": (("Content-Type", "application/rss+xml"), ("ETag", '"1"')),
        "fetched_at": NOW,
        "content_type": "application/rss+xml",
        "size_bytes": len(body),
        "purpose": "feed",
    }
    return CaptureRow.model_validate({**good, **changes})


def fill_inbox(
    warehouse: Warehouse, entries: Sequence[FeedEntry], now: datetime = NOW, run_id: str = RUN
) -> None:
    """Register the entries' sources and poll each once."""
    source_ids = sorted({entry.source_id for entry in entries})
    warehouse.start_run(run_id, now)
    warehouse.register_sources([make_source(source_id) for source_id in source_ids], now)
    warehouse.write_polls(
        run_id,
        [
            make_poll((entry for entry in entries if entry.source_id == source_id), source_id, polled_at=now)
            for source_id in source_ids
        ],
        now,
    )


def take_entries(warehouse: Warehouse, how_many: int, run_id: str = RUN) -> tuple[PendingEntry, ...]:
    """Fill the inbox with entries 1 to `how_many` of one source, and take them all."""
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(1, how_many + 1)], run_id=run_id)
    taken = warehouse.take_pending(run_id, how_many, NOW, HOUR)
    assert [entry.entry_id for entry in taken] == list(range(1, how_many + 1))
    return taken


def make_result(entry_id: int = 1, **changes: Any) -> EntryResult:
    good = {"entry_id": entry_id, "outcome": "loaded", "stage": "load", "reason": "in scope"}
    return EntryResult.model_validate({**good, **changes})


def make_judgement(entry_id: int = 1) -> Judgement:
    return Judgement(
        entry_id=entry_id,
        verdict="accept",
        score=0.75,
        facets={"science": 0.5, "cooperation": 0.25},
        fired=(),
        reason="two facets",
        topic="sample",
        version="1",
    )


def make_membership(article: Article, **changes: Any) -> Membership:
    good = {
        "article_id": article.article_id,
        "text_group_id": make_text_group_id(article.article_id),
        "relation": "origin",
        "reason": "nothing like it",
    }
    return Membership.model_validate({**good, **changes})


def make_batch(*articles: Article, **changes: Any) -> Batch:
    """Return the batch that loads the articles, each the origin of its text, about nothing."""
    good: dict[str, Any] = {
        "results": tuple(
            make_result(article.entry_id, article_id=article.article_id) for article in articles
        ),
        "judgements": tuple(make_judgement(article.entry_id) for article in articles),
        "articles": articles,
        "memberships": tuple(make_membership(article) for article in articles),
    }
    return Batch.model_validate({**good, **changes})


def load_three(warehouse: Warehouse, *dossiers: Dossier, now: datetime = NOW, **changes: Any) -> None:
    """Write articles 1 to 3, and the dossiers."""
    articles = [make_article(number) for number in range(1, 4)]
    warehouse.write_batch(RUN, make_batch(*articles, dossiers=dossiers, **changes), (), now)


def dump(url: str, names: Collection[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that a warehouse holds; or the rows, as they lie there, of some tables."""
    database = Database(parse_url(url))
    with database.read() as connection:
        if names:
            rows = {name: connection.execute(text(f"SELECT * FROM {name}")).all() for name in names}
        else:
            rows = {table.name: connection.execute(table.select()).all() for table in metadata.sorted_tables}
    database.close()
    return {name: sorted((tuple(row) for row in found), key=repr) for name, found in rows.items()}
