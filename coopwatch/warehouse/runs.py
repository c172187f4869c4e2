"""The ledger of runs."""

from datetime import datetime

from sqlalchemy import Connection, update

from coopwatch.warehouse.rows import insert_missing
from schemas.records import Record
from schemas.tables import run


def start_run(connection: Connection, run_id: str, now: datetime) -> None:
    """Record that a run began; everything else that a run writes refers to this row."""
    insert_missing(connection, run, [{"run_id": run_id, "started_at": now}])


def finish_run(connection: Connection, run_id: str, now: datetime, summary: Record | None) -> None:
    """Record that a run ended, and what it came to in counts."""
    connection.execute(
        update(run)
        .where(run.c.run_id == run_id)
        .values(finished_at=now, summary=summary.model_dump(mode="json") if summary else None)
    )
