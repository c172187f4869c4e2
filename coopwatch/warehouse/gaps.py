"""Gaps: stretches of a source's history that no poll saw.

A poll that lists nothing of what the poll before had listed came too late: what was published and pushed
out of the list between the two was missed, and is for backfill to find.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from coopwatch.warehouse.rows import chunked, columns_of, insert_missing, read_pairs, read_records
from schemas.records import Gap, PollResult
from schemas.tables import entry, gap, source


def record_gaps(connection: Connection, polls: Sequence[PollResult]) -> None:
    """Write a gap for each of these polls whose source had listed something before.

    Where the last list was empty, nothing can be told. A source whose address in the registry changed
    has no last list.

    Args:
        connection: in a transaction that has not yet written what the polls brought.
        polls: polls with entries, none of which was known.
    """
    before: dict[str, datetime] = {}
    listed = (
        select(entry.c.entry_id)
        .where(entry.c.source_id == source.c.source_id, entry.c.last_seen_at == source.c.listed_at)
        .exists()
    )
    for some in chunked(result.source_id for result in polls):
        last = select(source.c.source_id, func.coalesce(source.c.last_success_at, source.c.listed_at))
        before |= read_pairs(connection, last.where(source.c.source_id.in_(some), listed))
    found = [
        Gap(source_id=result.source_id, from_at=before[result.source_id], to_at=result.polled_at)
        for result in polls
        if result.source_id in before
    ]
    insert_missing(connection, gap, [item.model_dump() for item in found])


def read_gaps(connection: Connection, *, open_only: bool = True) -> tuple[Gap, ...]:
    """Return gaps, the latest first; all of them, or those that are not filled."""
    query = select(*columns_of(Gap, gap)).order_by(gap.c.to_at.desc(), gap.c.source_id)
    if open_only:
        query = query.where(gap.c.filled_at.is_(None))
    return tuple(read_records(connection, query, Gap))


def close_gap(connection: Connection, source_id: str, to_at: datetime, now: datetime) -> None:
    """Record that a gap was filled; the first time counts."""
    connection.execute(
        update(gap)
        .where(gap.c.source_id == source_id, gap.c.to_at == to_at, gap.c.filled_at.is_(None))
        .values(filled_at=now)
    )
