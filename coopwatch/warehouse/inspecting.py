"""A look at a database as it is: nothing is created, migrated or written."""

from pydantic import AwareDatetime, Field
from sqlalchemy import func, select, text

from coopwatch.errors import WarehouseError
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.digests import read_last_success
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.health import SourceHealth, read_source_health
from coopwatch.warehouse.inbox import count_entries
from coopwatch.warehouse.migrating import has_schema, is_at
from coopwatch.warehouse.outbox import count_alerts
from schemas.records import AlertStatus, EntryOutcome, Record
from schemas.tables import run


class Inspection(Record):
    """A database as it was found.

    Attributes:
        url_safe: its address, without the password.
        exists: whether there is a file, or anything in the database.
        is_current: whether its schema is the one that this version needs; an older one is migrated by the
            next run.
        is_writable: whether this user may write to it.
        free_bytes: what the disk of an SQLite file has left.
        alerts: of the outbox, by status; empty unless the schema is current, as is what follows.
        entries: by outcome.
        sources: how they are doing.
        runs: how many there were.
        last_success: when the pipeline last worked.
    """

    url_safe: str
    exists: bool
    is_current: bool = False
    is_writable: bool = False
    free_bytes: int | None = None
    alerts: dict[AlertStatus, int] = Field(default_factory=dict)
    entries: dict[EntryOutcome, int] = Field(default_factory=dict)
    sources: tuple[SourceHealth, ...] = ()
    runs: int = 0
    last_success: AwareDatetime | None = None


def inspect_database(url: str) -> Inspection:
    """Look at the database at an address.

    Raises:
        WarehouseError: it is no address, the database cannot be reached, or it belongs to a newer version.
    """
    database = Database(parse_url(url))
    try:
        if not has_schema(database):
            return Inspection(url_safe=database.url_safe, exists=False)
        found = Inspection(
            url_safe=database.url_safe,
            exists=True,
            is_current=is_at(database, "head"),
            is_writable=_is_writable(database),
            free_bytes=database.free_bytes(),
        )
        if not found.is_current:
            return found
        with database.read() as connection:
            told = {
                "alerts": count_alerts(connection),
                "entries": count_entries(connection),
                "sources": read_source_health(connection),
                "runs": connection.scalar(select(func.count()).select_from(run)) or 0,
                "last_success": read_last_success(connection),
            }
        return found.model_copy(update=told)
    finally:
        database.close()


def _is_writable(database: Database) -> bool:
    """Begin what could write, and leave it; PostgreSQL is asked whether it is read-only."""
    try:
        return database.write(
            lambda connection: (
                database.is_sqlite or connection.scalar(text("SHOW transaction_read_only")) == "off"
            )
        )
    except WarehouseError:
        return False
