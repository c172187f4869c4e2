"""What leaves the warehouse as files: tables in the order in which their rows became known."""

from collections.abc import Iterator
from typing import Any, Literal, get_args

from sqlalchemy import Boolean, Column, Connection, Date, Float, Integer, Table, select

from schemas.columns import CleanJson, UtcDateTime
from schemas.records import Record
from schemas.tables import article, claim, coverage, event, event_relation

ColumnKind = Literal["text", "integer", "number", "boolean", "date", "instant", "json"]
TableName = Literal["event", "coverage", "claim", "article", "event_relation"]

ROWS_AT_ONCE = 5000
# table, the column that says when a row became known, columns that stay here
_EXPORTED: dict[TableName, tuple[Table, str, frozenset[str]]] = {
    "event": (event, "first_seen_at", frozenset()),
    "coverage": (coverage, "recorded_at", frozenset()),
    "claim": (claim, "recorded_at", frozenset()),
    "article": (article, "loaded_at", frozenset(["article_no", "text"])),  # texts belong to their publishers
    "event_relation": (event_relation, "recorded_at", frozenset()),
}
TABLES: tuple[TableName, ...] = get_args(TableName)


class ExportColumn(Record):
    """A column as files show it."""

    name: str
    kind: ColumnKind
    comment: str


def describe_columns(name: TableName) -> tuple[ExportColumn, ...]:
    """Return the columns of a table that is exported, in the order of its rows."""
    return tuple(
        ExportColumn(name=column.name, kind=_kind_of(column), comment=column.comment or "")
        for column in _columns(name)
    )


def read_export(connection: Connection, name: TableName) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Give the rows of a table with the month, YYYY-MM, in which each became known; the earliest first.

    Memory is bounded by `ROWS_AT_ONCE` rows.
    """
    table, known_at, _ = _EXPORTED[name]
    columns = _columns(name)
    place = [column.name for column in columns].index(known_at)
    query = select(*columns).order_by(table.c[known_at], *table.primary_key)
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query):
        yield f"{row[place]:%Y-%m}", tuple(row)


def _columns(name: TableName) -> list[Column[Any]]:
    table, _, hidden = _EXPORTED[name]
    return [column for column in table.columns if column.name not in hidden]


def _kind_of(column: Column[Any]) -> ColumnKind:
    kinds: tuple[tuple[type, ColumnKind], ...] = (
        (UtcDateTime, "instant"),
        (CleanJson, "json"),
        (Boolean, "boolean"),
        (Date, "date"),
        (Integer, "integer"),
        (Float, "number"),
    )
    return next((kind for known, kind in kinds if isinstance(column.type, known)), "text")
