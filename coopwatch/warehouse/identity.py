"""Events that became one, or two: written in one transaction a decision, with its ledger.

Each decision was taken on what was read under the linking lock; one that was written already changes
nothing.
"""

from datetime import datetime

from pydantic import AwareDatetime
from sqlalchemy import Connection, delete, insert, literal, or_, select

from coopwatch.errors import WarehouseError
from coopwatch.events.curation import Pinned
from coopwatch.events.merging import Merged, carry_relations
from coopwatch.events.moving import RULE_VERSION, Moved
from coopwatch.events.splitting import Split
from coopwatch.warehouse.loading import write_batch
from coopwatch.warehouse.pins import end_pin, store_pins
from coopwatch.warehouse.redirects import follow_redirects, read_ids
from coopwatch.warehouse.rows import columns_of, insert_missing, read_pairs, read_records
from schemas.records import Batch, Dossier, EventRelation, IdentityChange, Pin
from schemas.tables import coverage, event, event_relation, event_term, identity_change


class IdentityEntry(IdentityChange):
    """A line of the ledger."""

    changed_at: AwareDatetime
    reference: str  # the other event, or the pin


def write_merge(connection: Connection, run_id: str, merged: Merged, now: datetime) -> None:
    """Write two events as one, inside a transaction.

    Args:
        connection: in a transaction.
        run_id: the run that merges.
        merged: what was decided.
        now: when it is written.

    Raises:
        WarehouseError: one of them was merged into yet another event meanwhile.
    """
    kept_id, gone_id = merged.dossier.event.event_id, merged.redirect.event_id
    leads = select(event.c.event_id, event.c.merged_into).where(event.c.event_id.in_([kept_id, gone_id]))
    stored = read_pairs(connection, leads)
    if stored.get(gone_id) == kept_id and stored.get(kept_id) is None:
        return
    for event_id, other_id in stored.items():
        if other_id is not None:
            raise WarehouseError(f"{event_id} was merged into {other_id} meanwhile")
    left = connection.scalars(select(coverage.c.article_id).where(coverage.c.event_id == gone_id))
    batch = Batch(
        results=(),
        dossiers=(merged.dossier, Dossier(event=merged.redirect)),
        withdrawn=dict.fromkeys(left, f"merged into {kept_id}: {merged.change.reason}"),
    )
    write_batch(connection, run_id, batch, (), now)
    _move_relations(connection, gone_id, kept_id)
    _copy_terms(connection, gone_id, kept_id)
    connection.execute(delete(event_term).where(event_term.c.event_id == gone_id))
    store_pins(connection, merged.pins)
    _record(connection, run_id, merged.change, gone_id, merged.dossier.event.updated_at)


def write_split(connection: Connection, run_id: str, split: Split, now: datetime) -> None:
    """Write an event and what was split off it, with the pins, inside a transaction; see `write_merge`."""
    event_id, part_id = split.dossier.event.event_id, split.part.event.event_id
    if connection.scalar(select(event.c.event_id).where(event.c.event_id == part_id)):
        return
    moved = Moved(source=split.dossier, target=split.part, article_ids=split.change.article_ids)
    _write_move(connection, run_id, moved, f"split off into {part_id}: {split.change.reason}", now)
    _copy_terms(connection, event_id, part_id)
    if split.part.event.series is not None:
        ends = sorted((event_id, part_id))
        row = {"event_id": ends[0], "other_event_id": ends[1], "kind": "same_series", "recorded_at": now}
        insert_missing(connection, event_relation, [row])
    store_pins(connection, split.pins)
    _record(connection, run_id, split.change, part_id, split.part.event.updated_at)


def write_pin(connection: Connection, run_id: str, pinned: Pinned, now: datetime) -> None:
    """Write a pin with what follows from it at once, inside a transaction; see `write_merge`."""
    pin = pinned.pin
    if pinned.merged is not None:
        write_merge(connection, run_id, pinned.merged, now)
    if pinned.split is not None:
        write_split(connection, run_id, pinned.split, now)
    if pinned.moved is not None:
        _write_move(connection, run_id, pinned.moved, f"pinned to {pin.event_id}: {pin.note}", now)
        _copy_terms(connection, pinned.moved.source.event.event_id, pinned.moved.target.event.event_id)
    store_pins(connection, [pin])
    _record(connection, run_id, pinned.change, pin.pin_id, pin.created_at)


def revoke_pin(
    connection: Connection, run_id: str, pin_id: str, now: datetime, *, actor: str, note: str = ""
) -> Pin | None:
    """End a pin, with a line in the ledger; return it as it is now, None if none of that id is in force."""
    pin = end_pin(connection, pin_id, now)
    if pin is not None:
        change = IdentityChange(
            kind="unpin",
            event_id=follow_redirects(connection, [pin.event_id])[pin.event_id],
            article_ids=(pin.article_id,),
            actor=actor,
            rule_version=RULE_VERSION,
            reason=f"{pin.article_id} no longer {pin.kind.replace('_', ' ')} {pin.event_id}"
            + (f": {note}" if note else ""),
        )
        _record(connection, run_id, change, pin_id, now)
    return pin


def read_identity_changes(connection: Connection, event_id: str) -> tuple[IdentityEntry, ...]:
    """Return what became of an event's id and of those that lead to it, the oldest first."""
    event_ids = read_ids(connection, event_id)
    query = (
        select(*columns_of(IdentityEntry, identity_change))
        .where(
            or_(identity_change.c.event_id.in_(event_ids), identity_change.c.other_event_id.in_(event_ids))
        )
        .order_by(identity_change.c.changed_at, identity_change.c.kind, identity_change.c.reference)
    )
    return tuple(read_records(connection, query, IdentityEntry))


def _write_move(connection: Connection, run_id: str, moved: Moved, reason: str, now: datetime) -> None:
    withdrawn = dict.fromkeys(moved.article_ids, reason)
    batch = Batch(results=(), dossiers=(moved.source, moved.target), withdrawn=withdrawn)
    write_batch(connection, run_id, batch, (), now)


def _move_relations(connection: Connection, gone_id: str, kept_id: str) -> None:
    touching = or_(event_relation.c.event_id == gone_id, event_relation.c.other_event_id == gone_id)
    columns = [*columns_of(EventRelation, event_relation), event_relation.c.recorded_at]
    rows = connection.execute(select(*columns).where(touching)).mappings().all()
    for row in rows:
        relation = EventRelation.model_validate({name: row[name] for name in EventRelation.model_fields})
        for carried in carry_relations([relation], {gone_id: kept_id}):
            told = carried.model_dump() | {"recorded_at": row["recorded_at"]}
            insert_missing(connection, event_relation, [told])
    connection.execute(delete(event_relation).where(touching))


def _copy_terms(connection: Connection, from_id: str, to_id: str) -> None:
    """Let new articles find one event by what they found the other by."""
    theirs = select(event_term.c.term, literal(to_id)).where(event_term.c.event_id == from_id)
    known = select(event_term.c.term).where(event_term.c.event_id == to_id)
    missing = theirs.where(event_term.c.term.not_in(known))
    connection.execute(insert(event_term).from_select(["term", "event_id"], missing))


def _record(
    connection: Connection, run_id: str | None, change: IdentityChange, reference: str, at: datetime
) -> None:
    row = change.model_dump() | {"reference": reference, "changed_at": at, "run_id": run_id}
    insert_missing(connection, identity_change, [row])
