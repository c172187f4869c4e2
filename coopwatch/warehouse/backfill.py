"""The ledger of backfills, and the entries that they hold back from the monitor.

What a backfill lists is claimed by its run from the moment it is in the inbox, for longer than any run takes:
a monitor run that came upon it would fetch it anew and alert. A killed backfill therefore leaves entries that
wait for the next run of the same job, which takes them over.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select, update

from coopwatch.warehouse.inbox import IS_PENDING
from coopwatch.warehouse.polls import insert_entries
from coopwatch.warehouse.rows import chunked, columns_of, insert_missing, read_records, upsert
from schemas.columns import bound_key
from schemas.records import BackfillItem, FeedEntry, PendingEntry
from schemas.tables import backfill, entry

HELD_FOR = timedelta(days=36_500)


def begin_backfill(
    connection: Connection, run_id: str, job: str, items: Sequence[str], now: datetime
) -> tuple[BackfillItem, ...]:
    """Write ledger rows for new items, take over what killed runs of the job held; return the items.

    Args:
        connection: in a transaction.
        run_id: the run that works on them from now on.
        job: what is backfilled into.
        items: in the order in which they are returned.
        now: the time of the run.
    """
    rows = [
        BackfillItem(job=job, item=item).model_dump() | {"run_id": run_id, "changed_at": now}
        for item in items
    ]
    insert_missing(connection, backfill, rows)
    earlier = select(backfill.c.run_id).where(backfill.c.job == job)
    claim = {"claimed_by": run_id, "claimed_until": now + HELD_FOR}
    connection.execute(update(entry).where(IS_PENDING, entry.c.claimed_by.in_(earlier)).values(claim))
    connection.execute(update(backfill).where(backfill.c.job == job).values(run_id=run_id))
    listed = {item.item: item for item in read_backfill(connection, job)}
    return tuple(listed[item] for item in dict.fromkeys(items))


def read_backfill(connection: Connection, job: str | None = None) -> tuple[BackfillItem, ...]:
    """Return the ledger, or what one job has in it, by job and item."""
    query = select(*columns_of(BackfillItem, backfill)).order_by(backfill.c.job, backfill.c.item)
    if job is not None:
        query = query.where(backfill.c.job == job)
    return tuple(read_records(connection, query, BackfillItem))


def write_item(connection: Connection, run_id: str, item: BackfillItem, now: datetime) -> None:
    """Write how far an item was worked on."""
    upsert(connection, backfill, [item.model_dump() | {"run_id": run_id, "changed_at": now}])


def list_entries(connection: Connection, run_id: str, listed: Sequence[FeedEntry], now: datetime) -> int:
    """Put entries into the inbox that are not there yet, held for a run; return how many."""
    before = set(_find_keys(connection, listed))
    unique = {(item.source_id, bound_key(item.key)): item for item in reversed(listed)}
    fresh = [item for identity, item in reversed(unique.items()) if identity not in before]
    insert_entries(connection, [(item, None) for item in fresh], now)
    claim = {"claimed_by": run_id, "claimed_until": now + HELD_FOR}
    for source_id, keys in _group(fresh).items():
        for some in chunked(keys):
            held = (IS_PENDING, entry.c.source_id == source_id, entry.c.key.in_(some))
            connection.execute(update(entry).where(*held).values(claim))
    return len(fresh)


def take_held(
    connection: Connection, run_id: str, limit: int, now: datetime, keys: Collection[tuple[str, str]] | None
) -> tuple[PendingEntry, ...]:
    """Return waiting entries that a run holds and that are due: the next ones, or those with these keys.

    Args:
        connection: to read.
        run_id: the run.
        limit: of them at most.
        now: entries that wait for another attempt are due at their time.
        keys: source and key of the entries that are wanted; all by default.
    """
    query = (
        select(*columns_of(PendingEntry, entry))
        .where(
            IS_PENDING,
            entry.c.claimed_by == run_id,
            or_(entry.c.next_attempt_at.is_(None), entry.c.next_attempt_at <= now),
        )
        .order_by(entry.c.turn, entry.c.entry_id)
        .limit(limit)
    )
    if keys is None:
        return tuple(read_records(connection, query, PendingEntry))
    taken: list[PendingEntry] = []
    grouped: dict[str, list[str]] = {}
    for source_id, key in keys:
        grouped.setdefault(source_id, []).append(bound_key(key))
    for source_id, wanted in grouped.items():
        for some in chunked(wanted):
            of_source = query.where(entry.c.source_id == source_id, entry.c.key.in_(some))
            taken += read_records(connection, of_source, PendingEntry)
    return tuple(sorted(taken, key=lambda item: item.entry_id))


def count_held(connection: Connection, run_id: str) -> int:
    """Return how many entries wait that a run holds, due or not."""
    query = select(func.count()).select_from(entry).where(IS_PENDING, entry.c.claimed_by == run_id)
    return connection.scalar(query) or 0


def hold_retries(connection: Connection, run_id: str, entry_ids: Collection[int], now: datetime) -> None:
    """Hold again what has to be tried once more: settling an entry gives it back."""
    for some in chunked(entry_ids):
        held = update(entry).where(IS_PENDING, entry.c.entry_id.in_(some), entry.c.claimed_by.is_(None))
        connection.execute(held.values(claimed_by=run_id, claimed_until=now + HELD_FOR))


def _find_keys(connection: Connection, listed: Sequence[FeedEntry]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for source_id, keys in _group(listed).items():
        for some in chunked(keys):
            query = select(entry.c.source_id, entry.c.key)
            rows = connection.execute(query.where(entry.c.source_id == source_id, entry.c.key.in_(some)))
            found += [(row.source_id, row.key) for row in rows]
    return found


def _group(listed: Sequence[FeedEntry]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for item in listed:
        grouped.setdefault(item.source_id, []).append(bound_key(item.key))
    return grouped
