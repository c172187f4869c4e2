"""Judging again what was judged by other rules: what is stale, and what a new verdict changes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, Table, delete, insert, select, update

from coopwatch.warehouse.loading import write_batch
from coopwatch.warehouse.rows import chunked, columns_of
from schemas import tables
from schemas.records import (
    Batch,
    EntryResult,
    EventChange,
    Judgement,
    JudgementChange,
    PendingEntry,
    Record,
    TriageRow,
)
from schemas.tables import entry, judgement, triage

_DONE = ("loaded", "irrelevant")


class InForce(Record):
    """The versions of what decides now: topic file and rules, model, triage."""

    version: str
    model: str | None
    triage: str


class Rejudgement(Record):
    """New verdicts with everything that follows from them.

    Attributes:
        batch: as of a first judgement; its results replace those that the entries have.
        event_changes: for the ledger of events.
        changes: verdicts that became others.
    """

    batch: Batch
    event_changes: tuple[EventChange, ...] = ()
    changes: tuple[JudgementChange, ...] = ()


class StaleEntry(PendingEntry):
    """An entry that was decided, in whole or at triage, by what is no longer in force."""

    outcome: Literal["loaded", "irrelevant"]
    article_id: str | None = None
    judged: Judgement


def read_stale(connection: Connection, in_force: InForce, after: int, limit: int) -> tuple[StaleEntry, ...]:
    """Return entries whose judgement does not rest on what is in force, by entry id.

    Args:
        connection: a reading one.
        in_force: what judgements should rest on.
        after: only entries with a greater id.
        limit: how many at most.
    """
    judged = _select_entries(judgement, Judgement, after, limit).where(
        (judgement.c.version != in_force.version) | judgement.c.model.is_distinct_from(in_force.model)
    )
    dropped = _select_entries(triage, TriageRow, after, limit).where(
        triage.c.version != in_force.triage, triage.c.is_audited.is_(False)
    )
    found = {row["entry_id"]: _make_stale(row, _as_judgement(row)) for row in _read(connection, dropped)}
    for row in _read(connection, judged):
        rested_on = Judgement.model_validate({name: row[name] for name in Judgement.model_fields})
        found[row["entry_id"]] = _make_stale(row, rested_on)
    return tuple(found[entry_id] for entry_id in sorted(found)[:limit])


def write_rejudged(connection: Connection, run_id: str, rejudgement: Rejudgement, now: datetime) -> None:
    """Write new verdicts with everything that follows from them, inside one transaction.

    Args:
        connection: in a transaction.
        run_id: the run that judges again.
        rejudgement: what to write.
        now: when it is written.
    """
    batch = rejudgement.batch
    write_batch(connection, run_id, batch, rejudgement.event_changes, now)
    stamp = {"run_id": run_id, "changed_at": now}
    if rejudgement.changes:
        rows = [change.model_dump() | stamp for change in rejudgement.changes]
        connection.execute(insert(tables.judgement_change), rows)
    _settle_again(connection, run_id, batch.results, now)
    _forget_triage(connection, batch)


def _read(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _select_entries(decided: Table, record: type[Record], after: int, limit: int) -> Select[Any]:
    """Select entries with what was decided of them, one row an entry."""
    decision = [column for column in columns_of(record, decided) if column.name != "entry_id"]
    return (
        select(*columns_of(PendingEntry, entry), entry.c.outcome, entry.c.article_id, *decision)
        .select_from(decided.join(entry, entry.c.entry_id == decided.c.entry_id))
        .where(decided.c.entry_id > after, entry.c.outcome.in_(_DONE))
        .order_by(decided.c.entry_id)
        .limit(limit)
    )


def _make_stale(row: Mapping[str, object], judged: Judgement) -> StaleEntry:
    names = StaleEntry.model_fields.keys() - {"judged"}
    return StaleEntry.model_validate({name: row[name] for name in names} | {"judged": judged})


def _as_judgement(row: Mapping[str, object]) -> Judgement:
    """Return what triage decided in the form of a judgement."""
    same = {name: row[name] for name in ("entry_id", "facets", "reason", "version")}
    return Judgement.model_validate({"verdict": "discard", "score": 0.0, "fired": (), "topic": ""} | same)


def _settle_again(
    connection: Connection, run_id: str, results: Collection[EntryResult], now: datetime
) -> None:
    """Write where entries stand now, and with each those that ended as it did for the same address."""
    for result in sorted(results, key=lambda result: result.entry_id):
        values = {
            "outcome": result.outcome,
            "stage": result.stage,
            "reason": result.reason,
            "article_id": result.article_id,
            "run_id": run_id,
            "decided_at": now,
        }
        own = entry.c.entry_id == result.entry_id
        address = connection.scalar(select(entry.c.compare_url).where(own))
        connection.execute(update(entry).where(own, entry.c.outcome.in_(_DONE)).values(values))
        echo = (
            entry.c.compare_url == address,
            entry.c.entry_id != result.entry_id,
            entry.c.outcome.in_(_DONE),
            ~select(judgement.c.entry_id).where(judgement.c.entry_id == entry.c.entry_id).exists(),
        )
        echoed = values | {"reason": f"same address as entry {result.entry_id}"}
        connection.execute(update(entry).where(*echo).values(echoed))


def _forget_triage(connection: Connection, batch: Batch) -> None:
    """Drop what triage said of entries that now have a judgement of their own."""
    for some in chunked(judged.entry_id for judged in batch.judgements):
        connection.execute(delete(triage).where(triage.c.entry_id.in_(some), triage.c.is_audited.is_(False)))
