"""Sets of real coverage that is known to be of one event or another, read as a run would read them."""

import csv
import gzip
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from coopwatch.events.reports import ReadArticle, read_articles
from coopwatch.events.series import SeriesRegistry
from coopwatch.identity import make_article_id, make_text_group_id
from schemas.records import Article, Attribution, Judgement, Membership

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class EventSet(NamedTuple):
    """A set of articles, read, in the order of their publication."""

    name: str
    read: tuple[ReadArticle, ...]
    gold: Mapping[str, str]  # event by article_id
    judgements: Mapping[int, Judgement]
    memberships: Mapping[str, Membership]
    series: SeriesRegistry
    read_ms: float  # an article


def read_sets(data: Path, series: SeriesRegistry) -> Iterator[EventSet]:
    """Yield the sets of general news."""
    for path in sorted((data / "events").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        yield make_set(path.name.partition(".")[0], rows, series)


def read_catalogue(path: Path, series: SeriesRegistry) -> EventSet:
    """Read the articles of this field: titles alone, without those that are of no event."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    kept = [
        {**row, "id": row["url"], "text": ""}
        for row in rows
        if row["event"] != "NEG" and not row["title"].startswith("(")
    ]
    return make_set(path.stem, kept, series)


def make_set(name: str, rows: Sequence[Mapping[str, Any]], series: SeriesRegistry) -> EventSet:
    """Read a set of articles; rows have id, event, url, date, title, text and perhaps lang."""
    articles = []
    gold = {}
    for number, row in enumerate(rows):
        article = Article(
            article_id=make_article_id(f"{row['id']} {number}"),  # not every set gives each its own
            entry_id=number,
            source_id="benchmark",
            url=row["url"],
            compare_url=row["url"],
            title=row["title"],
            text=row["text"],
            language=row.get("lang", "en"),
            published_at=_read_day(row["date"]),
            fetched_at=NOW,
            attribution=Attribution(publisher="benchmark"),
            extractor="none",
        )
        articles.append(article)
        gold[article.article_id] = row["event"]
    articles.sort(key=lambda one: (one.published_at is None, one.published_at or NOW, one.article_id))
    judgements = {
        article.entry_id: Judgement(
            entry_id=article.entry_id,
            verdict="alert",
            score=1.0,
            facets={},
            fired=(),
            reason="",
            topic="",
            version="",
        )
        for article in articles
    }
    memberships = {
        article.article_id: Membership(
            article_id=article.article_id,
            text_group_id=make_text_group_id(article.article_id),
            relation="origin",
            reason="",
        )
        for article in articles
    }
    began = time.perf_counter()
    read = read_articles(articles, judgements, series)
    read_ms = 1000 * (time.perf_counter() - began) / len(read)
    return EventSet(name, read, gold, judgements, memberships, series, read_ms)


def _read_day(written: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((written or "")[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None
