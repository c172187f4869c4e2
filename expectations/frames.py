"""The rows that the suites look at: one flat row per record, with what an expectation needs to see.

A blank string counts as missing. Dates are midnights in UTC. The columns that no record has are
`coverage_key` (event and article of a row), `coverage_rows` (how many rows of coverage an event
brings with it) and `days` (how long an event lasts). Only rows that concern an article of the batch
are made: a row that rests on an article stored earlier was checked when that article came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from schemas.records import Article, Claim, Coverage, Dossier, Event, Record

Value = str | int | float | datetime | None

INSTANTS = frozenset(
    ["published_at", "release_date", "fetched_at", "start_date", "end_date", "first_seen_at", "updated_at"]
)
NUMBERS = frozenset(["low", "high", "score", "edition", "days"])


@dataclass(frozen=True)
class Row:
    """One row of a frame: the record it shows, its cells, and the entries that answer for it."""

    record: Record
    cells: Mapping[str, Value]
    entry_ids: tuple[int, ...]


def make_frames(articles: Sequence[Article], dossiers: Sequence[Dossier]) -> dict[str, tuple[Row, ...]]:
    """Return the rows of a batch by the name of their frame.

    An article answers for itself and for its coverage and claims; an event is answered for by all
    articles of the batch that cover it.
    """
    entry_of = {article.article_id: article.entry_id for article in articles}
    coverage = [row for dossier in dossiers for row in dossier.coverage if row.article_id in entry_of]
    claims = [row for dossier in dossiers for row in dossier.claims if row.article_id in entry_of]
    return {
        "article": tuple(Row(article, _show_article(article), (article.entry_id,)) for article in articles),
        "coverage": tuple(Row(row, _show_coverage(row), (entry_of[row.article_id],)) for row in coverage),
        "claim": tuple(Row(row, _show_claim(row), (entry_of[row.article_id],)) for row in claims),
        "event": tuple(
            Row(dossier.event, _show_event(dossier), entry_ids)
            for dossier in dossiers
            if (entry_ids := _entries_of(dossier.coverage, entry_of))
        ),
    }


def coverage_key(row: Coverage | Claim) -> str:
    """Return what identifies a row of coverage, and what a claim names it by."""
    return f"{row.event_id} {row.article_id}"


def _entries_of(coverage: Iterable[Coverage], entry_of: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sorted({entry_of[row.article_id] for row in coverage if row.article_id in entry_of}))


def _show_article(article: Article) -> dict[str, Value]:
    return {
        "article_id": article.article_id,
        "entry_id": article.entry_id,
        "url": _filled(article.url),
        "compare_url": _filled(article.compare_url),
        "title": _filled(article.title),
        "text": _filled(article.text),
        "language": _filled(article.language),
        "publisher": _filled(article.attribution.publisher),
        "author": _filled(article.attribution.author),
        "published_at": article.published_at,
        "published_from": article.published_from,
        "published_precision": article.published_precision,
        "release_date": _midnight(article.attribution.release_date),
        "fetched_at": article.fetched_at,
        "extractor": _filled(article.extractor),
        "version": article.version,
    }


def _show_coverage(row: Coverage) -> dict[str, Value]:
    return {
        "coverage_key": coverage_key(row),
        "event_id": row.event_id,
        "text_group_id": _filled(row.text_group_id),
        "role": row.role,
        "url": _filled(row.url),
        "title": _filled(row.title),
        "publisher": _filled(row.publisher),
        "family": _filled(row.family),
        "published_at": row.published_at,
        "score": row.score,
    }


def _show_claim(row: Claim) -> dict[str, Value]:
    return {
        "coverage_key": coverage_key(row),
        "event_id": row.event_id,
        "text_group_id": _filled(row.text_group_id),
        "field": _filled(row.field),
        "value": _filled(row.value),
        "low": row.low,
        "high": row.high,
        "quote": _filled(row.quote),
        "quote_start": row.quote_start,
        "quote_end": row.quote_end,
        "url": _filled(row.url),
        "status": row.status,
    }


def _show_event(dossier: Dossier) -> dict[str, Value]:
    event: Event = dossier.event
    return {
        "event_id": event.event_id,
        "name": _filled(event.name),
        "kind": event.kind,
        "edition": event.edition,
        "start_date": _midnight(event.start_date),
        "end_date": _midnight(event.end_date),
        "days": _count_days(event.start_date, event.end_date),
        "country": event.country,
        "articles": event.articles,
        "text_groups": event.text_groups,
        "independent_sources": event.independent_sources,
        "coverage_rows": len(dossier.coverage),
        "revision": event.revision,
        "first_seen_at": event.first_seen_at,
        "updated_at": event.updated_at,
    }


def _filled(text: str | None) -> str | None:
    return (text or "").strip() or None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _count_days(first: date | None, last: date | None) -> int | None:
    return (last - first).days + 1 if first and last else None
