"""Entries that are listed again under another title, and articles that were corrected.

Publishers correct what they published, and the title in the feed is the one sign of it that every
feed gives. The page is then read once more; if its text has changed, the article gets a new version.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, literal, select

from coopwatch.identity import hash_text
from coopwatch.warehouse.rows import chunked
from schemas.columns import UtcDateTime, bound_key
from schemas.records import Article, FeedEntry
from schemas.tables import article, article_version, entry

REVISED_WITHIN = timedelta(days=7)  # of an entry's first being seen; later titles are for archives
MOST_REVISIONS = 3  # of one entry: tickers change their title all day

Revised = tuple[FeedEntry, int | None]
"""An entry to be put into the inbox once more, and the entry id that it had first."""


def find_revised(
    connection: Connection, source_id: str, items: Sequence[FeedEntry], now: datetime
) -> list[Revised]:
    """Return the entries whose title is another one than when they were loaded.

    Args:
        connection: in a transaction.
        source_id: the source that lists them.
        items: entries that the source listed before.
        now: the time of this poll.
    """
    by_key = {bound_key(item.key): item for item in items if item.title.strip()}
    candidates: list[tuple[FeedEntry, int]] = []
    for some in chunked(by_key):
        query = select(entry.c.key, entry.c.entry_id, entry.c.title).where(
            entry.c.source_id == source_id,
            entry.c.key.in_(some),
            entry.c.outcome == "loaded",
            entry.c.first_seen_at >= now - REVISED_WITHIN,
        )
        candidates += (
            (by_key[row.key], row.entry_id)
            for row in connection.execute(query)
            if _fold(row.title) != _fold(by_key[row.key].title)
        )
    earlier = _count_revisions(connection, [entry_id for _, entry_id in candidates])
    return [
        (item.model_copy(update={"key": f"{item.key}#{hash_text(_fold(item.title), length=12)}"}), entry_id)
        for item, entry_id in candidates
        if earlier[entry_id] < MOST_REVISIONS
    ]


def keep_versions(connection: Connection, articles: Sequence[Article], now: datetime) -> None:
    """Move the stored versions of corrected articles to their ledger, before the new ones replace them."""
    names = ("article_id", "version", "title", "text", "extractor", "fetched_at")
    for corrected in articles:
        if corrected.version == 1:
            continue
        before = select(*(article.c[name] for name in names), literal(now, UtcDateTime)).where(
            article.c.article_id == corrected.article_id, article.c.version < corrected.version
        )
        connection.execute(insert(article_version).from_select([*names, "replaced_at"], before))


def _count_revisions(connection: Connection, entry_ids: Sequence[int]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for some in chunked(entry_ids):
        query = select(entry.c.revises, func.count()).where(entry.c.revises.in_(some))
        for entry_id, number in connection.execute(query.group_by(entry.c.revises)):
            counts[entry_id] = number
    return counts


def _fold(title: str) -> str:
    return " ".join(title.casefold().split())
