"""The registry of sources as last read, and what polling remembers of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, literal, null, select

from coopwatch.warehouse.rows import Row, columns_of, insert_into, read_records
from schemas.records import PollState, Source
from schemas.tables import source

_FORGOTTEN = {  # what polling remembers of an address, as it is for one that was never polled
    "etag": null(),  # its server would say "not modified" of what was never read
    "last_modified": null(),
    "body_sha256": null(),
    "listed_at": null(),  # a list that has nothing of the other's is no gap
    "next_poll_at": null(),
    "interval_seconds": null(),
    "ttl_seconds": null(),
    "steady_polls": literal(0),
    "not_modified_polls": literal(0),
    "is_conditional": literal(True),
    "moved_to": null(),
    "moved_since": null(),
    "current_url": null(),
}


def register_sources(connection: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Write the registry's facts; what polling remembers of a source stays, unless its address changed.

    Sources that are no longer in the registry keep their rows: their entries refer to them.
    """
    if not sources:
        return
    rows = [_to_source_row(item, now) for item in sources]
    statement = insert_into(connection, source)
    facts = {name: statement.excluded[name] for name in rows[0] if name != "source_id"}
    remembered = {
        name: case((source.c.url == statement.excluded.url, source.c[name]), else_=forgotten)
        for name, forgotten in _FORGOTTEN.items()
    }
    statement = statement.on_conflict_do_update(index_elements=["source_id"], set_=facts | remembered)
    connection.execute(
        statement,
        [row | {"failure_weight": 0.0} for row in sorted(rows, key=lambda row: str(row["source_id"]))],
    )


def _to_source_row(item: Source, now: datetime) -> Row:
    silent_after = item.expect.silent_after
    return {
        "source_id": item.id,
        "name": item.name,
        "kind": item.kind,
        "url": item.url,
        "publisher": item.publisher,
        "language": item.language,
        "country": item.country,
        "poll_min_seconds": item.poll.min.total_seconds(),
        "poll_max_seconds": item.poll.max.total_seconds(),
        "silent_after_seconds": silent_after.total_seconds() if silent_after else None,
        "entries_min": item.expect.entries_min,
        "listing": item.listing.model_dump() if item.listing else None,
        "registered_at": now,
    }


def read_poll_states(connection: Connection) -> dict[str, PollState]:
    """Return what polling remembers of every source that was ever registered, by source id."""
    states = read_records(connection, select(*columns_of(PollState, source)), PollState)
    return {state.source_id: state for state in states}
