"""Polls, and the entries that they bring in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    func,
    select,
    text,
    tuple_,
    update,
)

from coopwatch.errors import UrlError
from coopwatch.urls import host_of
from coopwatch.warehouse import gaps
from coopwatch.warehouse.revisions import Revised, find_revised
from coopwatch.warehouse.rows import Row, chunked, insert_into, insert_missing
from schemas.columns import bound_key
from schemas.records import FeedEntry, PollResult
from schemas.tables import entry, poll, source

_IS_PENDING = text("outcome = 'pending'")  # written out: a bound value would hide the partial index


def write_polls(connection: Connection, run_id: str, results: Sequence[PollResult], now: datetime) -> int:
    """Write polls into the ledger, remember their states, and put new entries into the inbox.

    An entry is seen at every successful poll that lists it. An unchanged document lists what it
    listed before, so a poll that found it not modified has seen every entry that the source's previous
    successful poll had seen: those whose `last_seen_at` is the source's `listed_at`. A list in which
    nothing is known shows that entries were missed: that is stored as a gap. How much is new decides how
    soon the source is polled again. A loaded entry that is listed under another title comes into the inbox
    once more, as a revision of itself. A poll that is in the ledger already changes nothing.

    Args:
        connection: in a transaction.
        run_id: the run that polled.
        results: at most one a source; the sources are registered.
        now: when they are written; entries are first and last seen at this time.

    Returns:
        How many entries are new.
    """
    results = _leave_out_written(connection, results)
    fresh: dict[str, list[FeedEntry]] = {}
    strange: list[PollResult] = []
    revised: list[Revised] = []
    for result in results:
        if result.outcome == "polled":
            known = _see(connection, result.source_id, [item.key for item in result.entries], now)
            unknown = [item for item in result.entries if bound_key(item.key) not in known]
            again = [item for item in result.entries if bound_key(item.key) in known]
            fresh[result.source_id] = unknown
            revised += find_revised(connection, result.source_id, again, now)
            if result.entries and not known:
                strange.append(result)
    gaps.record_gaps(connection, strange)
    unchanged = [result.source_id for result in results if result.outcome == "not_modified"]
    _see_all(connection, unchanged, now)
    listed = [(item, None) for items in fresh.values() for item in items]
    new = insert_entries(connection, [*listed, *revised], now)
    insert_missing(
        connection, poll, [_to_poll_row(run_id, result, new[result.source_id]) for result in results]
    )
    _remember(connection, _adapt_intervals(connection, results, new), now)
    return sum(new.values())


def _leave_out_written(connection: Connection, results: Sequence[PollResult]) -> list[PollResult]:
    """Return the polls that are not in the ledger: a commit whose answer was lost may have held."""
    written: set[tuple[str, datetime]] = set()
    identity = (poll.c.source_id, poll.c.polled_at)
    for some in chunked((result.source_id, result.polled_at) for result in results):
        rows = connection.execute(select(*identity).where(tuple_(*identity).in_(some)))
        written.update((source_id, polled_at) for source_id, polled_at in rows)
    return [result for result in results if (result.source_id, result.polled_at) not in written]


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


def insert_entries(
    connection: Connection, items: Sequence[tuple[FeedEntry, int | None]], now: datetime
) -> dict[str, int]:
    """Put entries into the inbox, each in the next free turn of its host; return new ones by source.

    With each goes the entry that it revises, if it does.
    """
    counts: dict[str, int] = defaultdict(int)
    hosts = [_host_of(item.url) for item, _ in items]
    turns = _next_turns(connection, set(hosts))
    rows: dict[tuple[str, str], Row] = {}
    for (item, revises), host in zip(items, hosts, strict=True):
        identity = (item.source_id, bound_key(item.key))
        if identity in rows:  # a feed that lists one entry twice
            continue
        rows[identity] = item.model_dump() | {
            "revises": revises,
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


def _adapt_intervals(
    connection: Connection, results: Sequence[PollResult], new: Mapping[str, int]
) -> list[PollResult]:
    """Return the polls with states that take into account how much of what was listed was new."""
    from coopwatch.polling import adapt_interval  # it brings in the HTTP client

    bounds: dict[str, tuple[timedelta, timedelta]] = {}
    for some in chunked(result.source_id for result in results if result.outcome == "polled"):
        query = select(source.c.source_id, source.c.poll_min_seconds, source.c.poll_max_seconds)
        for source_id, least, most in connection.execute(query.where(source.c.source_id.in_(some))):
            bounds[source_id] = timedelta(seconds=least), timedelta(seconds=most)

    def adapt(result: PollResult) -> PollResult:
        least, most = bounds[result.source_id]
        state = adapt_interval(
            result.state,
            entries=len(result.entries),
            new_entries=new[result.source_id],
            minimum=least,
            maximum=most,
            polled_at=result.polled_at,
        )
        return result.model_copy(update={"state": state})

    return [adapt(result) if result.source_id in bounds else result for result in results]


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
