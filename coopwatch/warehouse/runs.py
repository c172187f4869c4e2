"""The ledger of runs."""

from datetime import datetime

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection, func, select, update

from coopwatch.warehouse.rows import insert_missing
from schemas.records import Record
from schemas.tables import article, event, run


class RunStats(Record):
    """How the runs of one kind are doing; "last" is the last one that came to its end."""

    kind: str
    started: int
    finished: int
    last_started_at: AwareDatetime | None = None
    last_finished_at: AwareDatetime | None = None
    last_stage_seconds: dict[str, float] = Field(default_factory=dict)


def start_run(connection: Connection, run_id: str, kind: str, now: datetime) -> None:
    """Record that a run began, and what it does; everything else that a run writes refers to this row."""
    insert_missing(connection, run, [{"run_id": run_id, "kind": kind, "started_at": now}])


def finish_run(connection: Connection, run_id: str, now: datetime, summary: Record | None) -> None:
    """Record that a run ended, and what it came to in counts."""
    connection.execute(
        update(run)
        .where(run.c.run_id == run_id)
        .values(finished_at=now, summary=summary.model_dump(mode="json") if summary else None)
    )


def read_run_stats(connection: Connection) -> tuple[RunStats, ...]:
    """Return how the runs of every kind are doing, by kind."""
    counted = select(run.c.kind, func.count(), func.count(run.c.finished_at)).group_by(run.c.kind)
    return tuple(
        RunStats(kind=kind, started=started, finished=finished, **_read_last(connection, kind))
        for kind, started, finished in connection.execute(counted.order_by(run.c.kind))
    )


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows the tables have that grow with the world."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in (article, event)
    }


def _read_last(connection: Connection, kind: str) -> dict[str, object]:
    query = (
        select(run.c.started_at, run.c.finished_at, run.c.summary)
        .where(run.c.kind == kind, run.c.finished_at.is_not(None))
        .order_by(run.c.finished_at.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return {}
    seconds = (row.summary or {}).get("seconds", {})
    return {
        "last_started_at": row.started_at,
        "last_finished_at": row.finished_at,
        "last_stage_seconds": seconds,
    }
