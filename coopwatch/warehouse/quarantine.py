"""The quarantine: what was refused, and when it is tried again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Connection, select, update

from coopwatch.warehouse.rows import chunked, columns_of, read_records
from schemas.records import PendingEntry, Record
from schemas.tables import capture, entry, rejection

ARCHIVES = "archive."  # begins the ids of the sources of what only a backfill takes


class Quarantined(Record):
    """One rule that keeps an entry in quarantine; an entry that breaks several has several."""

    entry_id: int
    url: str
    title: str
    rule: str
    rule_version: str
    gate_version: str
    extractor: str
    reason: str
    record: dict[str, object]
    run_id: str
    rejected_at: AwareDatetime


def release_stale(connection: Connection, gate_version: str, extractor_version: str, now: datetime) -> int:
    """Let entries wait again that were only ever refused by other rules, or made by other extractors.

    Once a version: an entry that the rules and extractors in force have refused before stays, also when
    a version comes back that was in force before another one.

    Args:
        connection: in a transaction.
        gate_version: the version of the gate in force.
        extractor_version: the versions of the extractors in force.
        now: when they may be taken.

    Returns:
        How many entries were released.
    """
    changed = ~_was_refused(gate_version, extractor_version)
    return _release(connection, changed, "the rules or what they look at have changed", now)


def find_stale(  # noqa: PLR0917 - what a page of them is made of
    connection: Connection,
    source_id: str,
    gate_version: str,
    extractor_version: str,
    after: int,
    limit: int,
) -> tuple[PendingEntry, ...]:
    """Return entries of an archive that were only ever refused by other versions, if their page is kept.

    They stay in quarantine until the batch is written that says what has become of them.

    Args:
        connection: to read.
        source_id: the source of what the archive holds.
        gate_version: the version of the gate in force.
        extractor_version: the versions of the extractors in force.
        after: only entries with a larger number.
        limit: of them at most.
    """
    kept = select(capture.c.entry_id).where(
        capture.c.entry_id == entry.c.entry_id, capture.c.purpose == "page"
    )
    query = (
        select(*columns_of(PendingEntry, entry))
        .where(
            entry.c.outcome == "quarantined",
            entry.c.source_id == source_id,
            entry.c.entry_id > after,
            ~_was_refused(gate_version, extractor_version),
            kept.exists(),
        )
        .order_by(entry.c.entry_id)
        .limit(limit)
    )
    return tuple(read_records(connection, query, PendingEntry))


def hold_refused(connection: Connection, run_id: str, entry_ids: Collection[int], now: datetime) -> None:
    """Let a run have quarantined entries, in the transaction that writes what has become of them."""
    for some in chunked(sorted(entry_ids)):
        refused = update(entry).where(entry.c.entry_id.in_(some), entry.c.outcome == "quarantined")
        connection.execute(
            refused.values(outcome="pending", attempts=0, claimed_by=run_id, claimed_until=now)
        )


def release_refused(connection: Connection, rule: str | None, now: datetime) -> int:
    """Let entries wait again whatever refused them, or those that one rule refused last; return how many."""
    if rule is None:
        return _release(connection, entry.c.outcome == "quarantined", "asked for by hand", now)
    refused = select(rejection.c.entry_id).where(
        rejection.c.rule == rule,
        rejection.c.entry_id == entry.c.entry_id,
        rejection.c.run_id == entry.c.run_id,
    )
    return _release(connection, refused.exists(), f"{rule}: asked for by hand", now)


def read_quarantined(connection: Connection, rule: str | None, limit: int) -> tuple[Quarantined, ...]:
    """Return why entries are in quarantine, by rule and entry: what the run said that put them there.

    Args:
        connection: a reading one.
        rule: only what this rule refused; None for all.
        limit: how many at most.
    """
    own = ("rule", "rule_version", "gate_version", "extractor", "reason", "record", "run_id", "rejected_at")
    query = (
        select(entry.c.entry_id, entry.c.url, entry.c.title, *(rejection.c[name] for name in own))
        .join(rejection, (rejection.c.entry_id == entry.c.entry_id) & (rejection.c.run_id == entry.c.run_id))
        .where(entry.c.outcome == "quarantined")
        .order_by(rejection.c.rule, entry.c.entry_id, rejection.c.rejection_id)
        .limit(limit)
    )
    if rule is not None:
        query = query.where(rejection.c.rule == rule)
    rows: Sequence[Any] = connection.execute(query).mappings().all()
    return tuple(Quarantined.model_validate(dict(row)) for row in rows)


def _was_refused(gate_version: str, extractor_version: str) -> ColumnElement[bool]:
    """Return the condition that these versions have refused an entry before."""
    refused = select(rejection.c.entry_id).where(
        rejection.c.entry_id == entry.c.entry_id,
        rejection.c.gate_version == gate_version,
        rejection.c.extractor == extractor_version,
    )
    return refused.exists()


def _release(connection: Connection, which: ColumnElement[bool], why: str, now: datetime) -> int:
    """Make quarantined entries pending: as new, since what happens to them now is another story.

    Those of archives stay: the monitor would fetch years-old pages from their sites, and alert of them. The
    next run of their backfill tries them again, with the pages that are kept.
    """
    done = connection.execute(
        update(entry)
        .where(entry.c.outcome == "quarantined", entry.c.source_id.not_like(f"{ARCHIVES}%"), which)
        .values(
            outcome="pending",
            reason=f"out of quarantine: {why}",
            attempts=0,
            next_attempt_at=now,
            claimed_by=None,
            claimed_until=None,
        )
    )
    return done.rowcount
