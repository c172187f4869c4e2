"""The inbox: entries that wait, are taken by a run for a while, and end in exactly one outcome."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, func, or_, select, text, update

from coopwatch.identity import make_article_id
from coopwatch.warehouse.rows import chunked, columns_of, read_pairs, read_records
from schemas.columns import bound_key
from schemas.records import EntryOutcome, EntryResult, PendingEntry, Record
from schemas.tables import article, entry

IS_PENDING = text("entry.outcome = 'pending'")  # written out: a bound value would hide a partial index
_FINAL = ("loaded", "irrelevant")
_FREE = {"claimed_by": None, "claimed_until": None}


class KnownUrl(Record):
    """What an address came to that was listed before."""

    outcome: Literal["loaded", "irrelevant"]
    article_id: str | None
    entry_id: int


def take_pending(  # noqa: PLR0917 — what a claim is made of
    connection: Connection,
    run_id: str,
    limit: int,
    now: datetime,
    lease: timedelta,
    per_host: int | None = None,
) -> tuple[PendingEntry, ...]:
    """Claim waiting entries for a run: round by round over the hosts, the oldest of each first.

    Two runs never get the same entry, and a run gets none twice, until the lease is over. A source that
    has left the registry makes no difference.

    Args:
        connection: inside a transaction.
        run_id: the run.
        limit: entries at most.
        now: entries that wait for another attempt are due at their time.
        lease: how long they are claimed.
        per_host: entries of one host at most, however few others there are; by default as many as there are.
    """
    query = (
        select(*columns_of(PendingEntry, entry))
        .where(
            IS_PENDING,
            or_(entry.c.next_attempt_at.is_(None), entry.c.next_attempt_at <= now),
            or_(entry.c.claimed_until.is_(None), entry.c.claimed_until <= now),
        )
        .order_by(entry.c.turn, entry.c.entry_id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # in PostgreSQL; SQLite has one writer at a time
    )
    taken = keep_some(read_records(connection, query, PendingEntry), per_host)
    for some in chunked(item.entry_id for item in taken):
        connection.execute(
            update(entry)
            .where(entry.c.entry_id.in_(some))
            .values(claimed_by=run_id, claimed_until=now + lease)
        )
    return tuple(taken)


def keep_some(entries: Iterable[PendingEntry], per_host: int | None) -> list[PendingEntry]:
    """Return entries in their order, so many of one host at most."""
    counts: Counter[str] = Counter()
    kept = []
    for item in entries:
        host = urlsplit(item.compare_url).netloc
        counts[host] += 1
        if per_host is None or counts[host] <= per_host:
            kept.append(item)
    return kept


def renew(connection: Connection, run_id: str, until: datetime) -> None:
    """Keep all entries that a run has taken and not finished, until a time if they are not kept longer."""
    held = (IS_PENDING, entry.c.claimed_by == run_id, entry.c.claimed_until < until)
    connection.execute(update(entry).where(*held).values(claimed_until=until))


def release(connection: Connection, run_id: str) -> None:
    """Give back all entries that a run has taken and not finished."""
    connection.execute(update(entry).where(IS_PENDING, entry.c.claimed_by == run_id).values(**_FREE))


def settle(connection: Connection, run_id: str, results: Iterable[EntryResult], now: datetime) -> None:
    """Write where entries ended, each exactly once.

    Only entries that the run holds are touched, and settling one gives it back: writing the same
    results again changes nothing, and a run that lost an entry to another one does not overrule it.
    """
    rows = [
        {
            "wanted": result.entry_id,
            "outcome": result.outcome,
            "stage": result.stage,
            "reason": result.reason,
            "article_id": result.article_id,
            "next_attempt_at": result.next_attempt_at,
            "run_id": run_id,
            "decided_at": now,
            **_FREE,
        }
        for result in sorted(results, key=lambda result: result.entry_id)
    ]
    if rows:
        held = (IS_PENDING, entry.c.entry_id == bindparam("wanted"), entry.c.claimed_by == run_id)
        connection.execute(update(entry).where(*held).values(attempts=entry.c.attempts + 1), rows)


def find_known(connection: Connection, compare_urls: Iterable[str]) -> dict[str, KnownUrl]:
    """Return what addresses came to that were worked on before, by comparison URL.

    An address is known as irrelevant or loaded by an entry that listed it, and as loaded also by an
    article that redirects or canonical links led to. Loaded wins over irrelevant.
    """
    wanted = {bound_key(url): url for url in compare_urls}
    known: dict[str, KnownUrl] = {}
    for some in chunked(wanted):
        listed = (
            select(entry.c.compare_url, entry.c.outcome, entry.c.article_id, entry.c.entry_id)
            .where(entry.c.compare_url.in_(some))
            .order_by(entry.c.outcome, entry.c.entry_id.desc())  # irrelevant before loaded; later wins
        )
        for url, outcome, article_id, entry_id in connection.execute(listed):
            if outcome in _FINAL:  # not asked for: an index on outcomes must not look better than ours
                known[wanted[url]] = KnownUrl(outcome=outcome, article_id=article_id, entry_id=entry_id)
        ids = {make_article_id(wanted[url]): wanted[url] for url in some}
        led_to = select(article.c.article_id, article.c.entry_id).where(article.c.article_id.in_(ids))
        for article_id, entry_id in connection.execute(led_to):
            known[ids[article_id]] = KnownUrl(outcome="loaded", article_id=article_id, entry_id=entry_id)
    return known


def count_entries(connection: Connection) -> dict[EntryOutcome, int]:
    """Return how many entries stand where; every outcome is there."""
    counts: dict[EntryOutcome, int] = dict.fromkeys(get_args(EntryOutcome), 0)
    query = select(entry.c.outcome, func.count()).group_by(entry.c.outcome)
    return counts | read_pairs(connection, query)
