"""Between records and rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

from schemas.records import Record

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Row = dict[str, Any]

CHUNK = 500  # values in one IN (...)


def chunked(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Give the values in lists that fit one statement."""
    kept = list(values)
    for start in range(0, len(kept), size):
        yield kept[start : start + size]


def columns_of(record: type[Record], table: Table) -> list[Column[Any]]:
    """Return the columns of a table that are fields of a record."""
    return [table.c[name] for name in record.model_fields if name in table.c]


def read_records(connection: Connection, query: Select[Any], record: type[R]) -> list[R]:
    """Return the rows of a query, whose columns are named like the record's fields, as records."""
    return [record.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def read_pairs(connection: Connection, query: Select[Any]) -> dict[Any, Any]:
    """Return the rows of a query of two columns as a dictionary."""
    return {row[0]: row[1] for row in connection.execute(query)}


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet."""
    if rows:
        connection.execute(insert_into(connection, table).on_conflict_do_nothing(), rows)


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Row],
    *,
    key: Sequence[str] = (),
    keep: Collection[str] = (),
) -> None:
    """Insert rows, or update those whose key is there.

    Args:
        connection: inside a transaction.
        table: where to.
        rows: all with the same columns.
        key: the natural key, if it is not the primary key.
        keep: columns that are written once and never updated.
    """
    if not rows:
        return
    key = key or [column.name for column in table.primary_key]
    statement = insert_into(connection, table)
    statement = statement.on_conflict_do_update(
        index_elements=key,
        set_={name: statement.excluded[name] for name in rows[0] if name not in key and name not in keep},
    )
    # two runs that write the same rows lock them in the same order, and so do not wait for each other
    connection.execute(statement, sorted(rows, key=lambda row: [row[name] for name in key]))
