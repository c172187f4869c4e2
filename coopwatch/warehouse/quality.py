"""What the quality gate leaves behind: warnings on rows, and the ledger of checks of whole tables."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from coopwatch.identity import hash_text
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.rows import columns_of, insert_missing, read_records, upsert
from schemas.records import QualityCheck, QualityWarning
from schemas.tables import quality_check, quality_warning, run


def write_warnings(
    connection: Connection, run_id: str, warnings: Sequence[QualityWarning], now: datetime
) -> None:
    """Write warnings; the same ones again change nothing."""
    rows = [
        warning.model_dump()
        | {
            "warning_id": "w-" + hash_text(*map(str, warning.model_dump().values())),
            "run_id": run_id,
            "warned_at": now,
        }
        for warning in warnings
    ]
    insert_missing(connection, quality_warning, rows)


def read_warnings(connection: Connection, entry_id: int) -> tuple[QualityWarning, ...]:
    """Return the warnings on the rows of an entry, the oldest first."""
    query = (
        select(*columns_of(QualityWarning, quality_warning))
        .where(quality_warning.c.entry_id == entry_id)
        .order_by(quality_warning.c.warned_at, quality_warning.c.rule, quality_warning.c.reason)
    )
    return tuple(read_records(connection, query, QualityWarning))


def write_checks(connection: Connection, run_id: str, checks: Sequence[QualityCheck], now: datetime) -> None:
    """Write what a run found in the tables, one row a rule."""
    rows = [check.model_dump() | {"run_id": run_id, "checked_at": now} for check in checks]
    upsert(connection, quality_check, rows)


def read_last_checks(connection: Connection) -> tuple[QualityCheck, ...]:
    """Return what the latest check of the tables found, by rule; nothing if there was none."""
    latest = (
        select(run.c.run_id)
        .join(quality_check, quality_check.c.run_id == run.c.run_id)
        .order_by(run.c.started_at.desc(), run.c.run_id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(*columns_of(QualityCheck, quality_check))
        .where(quality_check.c.run_id == latest)
        .order_by(quality_check.c.rule)
    )
    return tuple(read_records(connection, query, QualityCheck))


def name_address(url: str) -> str:
    """Return the address of a warehouse with its driver and password, for a library that connects itself.

    Raises:
        WarehouseError: it is no address of a warehouse.
    """
    return parse_url(url).render_as_string(hide_password=False)
