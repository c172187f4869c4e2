"""Engines: the addresses of warehouses, how their connections begin, and what their errors mean."""

import json
import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from coopwatch.errors import WarehouseError

BUSY_TIMEOUT_SECONDS = 30  # how long an SQLite writer waits for another one
_SQLITE_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_POSTGRES_LOCKED = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse_url(raw: str) -> URL:
    """Return the address of a warehouse with the driver that we use.

    Raises:
        WarehouseError: it is not an address of SQLite (a file) or PostgreSQL.
    """
    try:
        url = make_url(raw)
    except (ArgumentError, ValueError):
        raise WarehouseError(
            "the warehouse address cannot be read; write sqlite:///FILE or postgresql://USER@HOST/DATABASE"
        ) from None
    if url.drivername not in _DRIVERS:
        raise WarehouseError(f"a warehouse is sqlite or postgresql, not {url.drivername!r}")
    url = url.set(drivername=_DRIVERS[url.drivername])
    if url.drivername == "sqlite" and (url.host or url.query or url.database in (None, "", ":memory:")):
        raise WarehouseError(f"{hide_password(url)}: a warehouse is a file: sqlite:///FILE")
    return url


def hide_password(url: URL) -> str:
    """Return an address that can be shown and logged."""
    secrets = {name: "***" for name in url.query if "pass" in name.lower()}
    shown = url.set(drivername=url.get_backend_name()).update_query_dict(secrets)
    return shown.render_as_string(hide_password=True)


def make_engine(url: URL, *, checks_references: bool = True) -> Engine:
    """Return an engine for an address from `parse_url`.

    Args:
        url: the address.
        checks_references: let SQLite enforce foreign keys; a migration that rebuilds tables cannot.
    """
    dump = {"json_serializer": lambda data: json.dumps(data, ensure_ascii=False)}
    if url.get_backend_name() == "postgresql":
        defaults = {"connect_timeout": 10, "application_name": "coopwatch"}
        connect_args = {name: value for name, value in defaults.items() if name not in url.query}
        return create_engine(url, pool_pre_ping=True, connect_args=connect_args, **dump)
    engine = create_engine(url, **dump)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        _set_journal(connection)
        connection.execute(f"PRAGMA foreign_keys = {int(checks_references)}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") == "AUTOCOMMIT":
            return
        writes = options.get("coopwatch_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _set_journal(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work beside each other; who may only read leaves the file as it is."""
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:  # the low byte: primary code
            raise


def is_lock_conflict(error: BaseException) -> bool:
    """Tell whether a transaction failed only because of another one, so that it may be tried again."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE_LOCKED  # the low byte: primary code
    return getattr(cause, "sqlstate", None) in _POSTGRES_LOCKED


def is_disconnect(error: BaseException) -> bool:
    """Tell whether a transaction failed because its connection was lost."""
    return isinstance(error, DBAPIError) and error.connection_invalidated
