"""Sources, their polls, and the entries that polls bring in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, case, func, select, text, update

from coopwatch.errors import UrlError
from coopwatch.urls import host_of
from coopwatch.warehouse.rows import Row, chunked, columns_of, insert_into, insert_missing, read_records
from schemas.columns import bound_key
from schemas.records import FeedEntry, PollResult, PollState, Source
from schemas.tables import entry, poll, source

_IS_PENDING = text("outcome = 'pending'")  # written out: a bound value would hide the partial index


def register_sources(connection: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Write the registry's facts; what polling remembers of a source stays, unless its address changed.

    Sources that are no longer in the registry keep their rows: their entries refer to them.
    """
    if not sources:
        return
    rows = [_to_source_row(item, now) for item in sources]
    statement = insert_into(connection, source)
    facts = {name: statement.excluded[name] for name in rows[0] if name != "source_id"}
    # the validators of another address would make its server say "not modified" of what was never read
    validators = {
        name: case((source.c.url == statement.excluded.url, source.c[name]))
        for name in ("etag", "last_modified", "body_sha256", "next_poll_at")
    }
    statement = statement.on_conflict_do_update(index_elements=["source_id"], set_=facts | validators)
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


def write_polls(connection: Connection, run_id: str, results: Sequence[PollResult], now: datetime) -> int:
    """Write polls into the ledger, remember their states, and put new entries into the inbox.

    An entry is seen at every successful poll that lists it. An unchanged document lists what it
    listed before, so a poll that found it not modified has seen every entry that the source's previous
    successful poll had seen: those whose `last_seen_at` is the source's `listed_at`.

    Args:
        connection: in a transaction.
        run_id: the run that polled.
        results: at most one a source; the sources are registered.
        now: when they are written; entries are first and last seen at this time.

    Returns:
        How many entries are new.
    """
    fresh: dict[str, list[FeedEntry]] = {}
    for result in results:
        if result.outcome == "polled":
            known = _see(connection, result.source_id, [item.key for item in result.entries], now)
            fresh[result.source_id] = [item for item in result.entries if bound_key(item.key) not in known]
    unchanged = [result.source_id for result in results if result.outcome == "not_modified"]
    _see_all(connection, unchanged, now)
    new = _insert_entries(connection, [item for items in fresh.values() for item in items], now)
    insert_missing(
        connection, poll, [_to_poll_row(run_id, result, new[result.source_id]) for result in results]
    )
    _remember(connection, results, now)
    return sum(new.values())


def _see(connection: Connection, source_id: str, keys: Sequence[str], now: datetime) -> set[str]:
    """Refresh the entries of a source that have these keys; return the keys that were there."""
    known: set[str] = set()
    for some in chunked(keys):
        statement = (
            update(entry)
            .where(entry.c.source_id == source_id, entry.c.key.in_(some))
            .values(last_seen_at=now)
            .returning(entry.c.key)
        )
        known.update(connection.scalars(statement))
    return known


def _see_all(connection: Connection, source_ids: Sequence[str], now: datetime) -> None:
    """Refresh the entries that the previous successful polls of these sources had seen."""
    if not source_ids:
        return
    wanted: BindParameter[str] = bindparam("wanted")
    listed_at = select(source.c.listed_at).where(source.c.source_id == wanted).scalar_subquery()
    connection.execute(
        update(entry)
        .where(entry.c.source_id == wanted, entry.c.last_seen_at == listed_at)
        .values(last_seen_at=now),
        [{"wanted": source_id} for source_id in sorted(source_ids)],
    )


def _insert_entries(connection: Connection, items: Sequence[FeedEntry], now: datetime) -> dict[str, int]:
    """Put entries into the inbox, each in the next free turn of its host; return new ones by source."""
    counts: dict[str, int] = defaultdict(int)
    hosts = [_host_of(item.url) for item in items]
    turns = _next_turns(connection, set(hosts))
    rows: dict[tuple[str, str], Row] = {}
    for item, host in zip(items, hosts, strict=True):
        identity = (item.source_id, bound_key(item.key))
        if identity in rows:  # a feed that lists one entry twice
            continue
        rows[identity] = item.model_dump() | {
            "host": host,
            "turn": turns[host],
            "first_seen_at": now,
            "last_seen_at": now,
            "outcome": "pending",
            "attempts": 0,
        }
        turns[host] += 1
    if rows:
        statement = insert_into(connection, entry).on_conflict_do_nothing().returning(entry.c.source_id)
        for source_id in connection.scalars(statement, list(rows.values())):
            counts[source_id] += 1
    return counts


def _next_turns(connection: Connection, hosts: Iterable[str]) -> dict[str, int]:
    """Return the first free turn of each host.

    Waiting entries of a host stand in successive turns, and a host with none enters in the turn that
    is being served: so the inbox is served round by round, and no host can fill it for the others
    (start-time fair queueing, Goyal et al. 1996). Entries that wait for another attempt do not count as
    being served.
    """
    served = connection.scalar(
        select(func.min(entry.c.turn)).where(_IS_PENDING, entry.c.next_attempt_at.is_(None))
    )
    turns = dict.fromkeys(hosts, served or 0)
    for some in chunked(turns):
        query = select(entry.c.host, func.max(entry.c.turn)).where(_IS_PENDING, entry.c.host.in_(some))
        for host, last in connection.execute(query.group_by(entry.c.host)):
            turns[host] = max(turns[host], last + 1)
    return turns


def _host_of(url: str) -> str:
    try:
        return host_of(url)
    except UrlError:  # fetching it will fail, and say why
        return ""


def _to_poll_row(run_id: str, result: PollResult, new_entries: int) -> Row:
    return {
        "source_id": result.source_id,
        "polled_at": result.polled_at,
        "run_id": run_id,
        "outcome": result.outcome,
        "http_status": result.http_status,
        "entries": len(result.entries),
        "new_entries": new_entries,
        "unreadable": result.unreadable,
        "reason": result.failure.reason if result.failure else None,
        "seconds": result.seconds,
    }


def _remember(connection: Connection, results: Sequence[PollResult], now: datetime) -> None:
    """Write the poll states, and of the polls that succeeded when they were."""
    for has_succeeded in (True, False):
        rows = [
            {"wanted": result.source_id, **result.state.model_dump(exclude={"source_id"})}
            | ({"listed_at": now} if has_succeeded else {})
            for result in results
            if (result.outcome != "failed") == has_succeeded
        ]
        if rows:
            connection.execute(update(source).where(source.c.source_id == bindparam("wanted")), rows)
