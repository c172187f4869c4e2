"""The tables hold what the records carry, and the migrations build exactly these tables."""

import types
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Connection, Table, inspect

from coopwatch.relevance import Model
from coopwatch.warehouse import CapturePurpose, CaptureRow, SourceHealth
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.migrating import migrate
from schemas import records, tables
from schemas.columns import CleanJson, CleanText, KeyText, UtcDateTime


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    database = Database(parse_url(url))
    with database.read() as connection:
        yield connection
    database.close()


# record, table, fields that are kept elsewhere or under another name
PERSISTED: list[tuple[type[records.Record], Table, dict[str, str | None]]] = [
    (
        records.Source,
        tables.source,
        # `poll` and `expect` are columns of their own
        {"id": "source_id", "poll": None, "expect": None},
    ),
    (records.PollState, tables.source, {}),
    (records.Gap, tables.gap, {}),
    (records.BackfillItem, tables.backfill, {}),
    (CaptureRow, tables.capture, {"run_id": None}),  # empty before it is recorded
    (SourceHealth, tables.source_health, {}),
    (records.FeedEntry, tables.entry, {}),
    (records.PendingEntry, tables.entry, {}),
    (records.EntryResult, tables.entry, {"stage": None, "reason": None}),  # empty before the first result
    (records.Judgement, tables.judgement, {}),
    (records.JudgementChange, tables.judgement_change, {}),
    (records.TriageRow, tables.triage, {}),
    (records.Label, tables.label, {}),
    (Model, tables.model, {}),
    (records.Pin, tables.pin, {}),
    (records.IdentityChange, tables.identity_change, {}),
    (records.Article, tables.article, {"attribution": None}),
    (records.Attribution, tables.article, {"evidence": "attribution_evidence"}),
    (records.Membership, tables.membership, {}),
    (records.GroupOrigin, tables.text_group, {"article_id": "origin_article_id", "reason": "origin_reason"}),
    (records.Event, tables.event, {}),
    (records.Coverage, tables.coverage, {}),
    (records.Claim, tables.claim, {}),
    (records.EventRelation, tables.event_relation, {}),
    (records.EventChange, tables.event_change, {}),
    (records.Rejection, tables.rejection, {}),
    (records.QualityWarning, tables.quality_warning, {}),
    (records.QualityCheck, tables.quality_check, {}),
    (records.Alert, tables.alert, {}),
]
FIELDS = [
    pytest.param(record, name, table.c[column], id=f"{record.__name__}.{name}")
    for record, table, elsewhere in PERSISTED
    for name in record.model_fields
    if (column := elsewhere.get(name, name))
]


def python_type(annotation: Any) -> tuple[type, bool]:
    """Return the plain type that an annotation stands for, and whether it may be None."""
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not types.NoneType]
        return python_type(kinds[0])[0], len(kinds) < len(get_args(annotation))
    if hasattr(annotation, "__metadata__"):
        return python_type(annotation.__origin__)
    if get_origin(annotation) is Literal:
        return str, False
    origin = get_origin(annotation) or annotation
    if origin in (tuple, dict) or (isinstance(origin, type) and issubclass(origin, BaseModel)):
        return dict, False
    return (datetime if origin.__name__ == "AwareDatetime" else origin), False


def column_type(kind: object) -> type:
    if isinstance(kind, CleanJson):
        return dict
    if isinstance(kind, CleanText | KeyText):
        return str
    if isinstance(kind, UtcDateTime):
        return datetime
    plain: type = kind.python_type  # type: ignore[attr-defined]
    return plain


@pytest.mark.parametrize(("record", "name", "column"), FIELDS)
def test_a_field_has_a_column_of_its_type(record: type[records.Record], name: str, column: Any) -> None:
    expected, may_be_empty = python_type(record.model_fields[name].annotation)

    assert column_type(column.type) is expected
    assert column.nullable is may_be_empty


def test_every_record_of_a_batch_and_a_poll_is_persisted() -> None:
    """A record that is added to what travels to the warehouse must be added to the table above."""
    travels = {
        kind.__name__
        for carrier in (records.Batch, records.PollResult, records.Dossier)
        for field in carrier.model_fields.values()
        for kind in (field.annotation, *get_args(field.annotation))
        if isinstance(kind, type) and issubclass(kind, records.Record)
    }
    carriers = {"Dossier", "Failure"}  # taken apart; its `reason` is a column of poll

    assert travels - carriers <= {record.__name__ for record, _, _ in PERSISTED}


def test_every_table_and_column_is_explained() -> None:
    everything = [*tables.metadata.sorted_tables, *tables.views.sorted_tables]
    unexplained = [table.name for table in everything if not table.comment] + [
        str(column) for table in everything for column in table.columns if not column.comment
    ]

    assert unexplained == []


def test_a_capture_has_no_other_purpose() -> None:
    (check,) = (item for item in tables.capture.constraints if isinstance(item, CheckConstraint))

    assert str(check.sqltext) == f"purpose IN {get_args(CapturePurpose)}"


def test_migrations_build_the_views(warehouse_url: str) -> None:
    with connect(warehouse_url) as connection:
        found = inspect(connection)

        assert set(found.get_view_names()) == set(tables.views.tables)
        for name, view in tables.views.tables.items():
            assert [column["name"] for column in found.get_columns(name)] == view.columns.keys()


def test_postgres_shows_what_the_models_say_of_views(postgres_url: str) -> None:
    """Of tables, too: see `describe` below."""
    with connect(postgres_url) as connection:
        found = inspect(connection)
        shown = {
            name: (
                found.get_table_comment(name)["text"],
                [column["comment"] for column in found.get_columns(name)],
            )
            for name in found.get_view_names()
        }

    assert shown == {
        name: (view.comment, [column.comment for column in view.columns])
        for name, view in tables.views.tables.items()
    }


def test_migrations_build_the_tables(warehouse_url: str) -> None:
    with connect(warehouse_url) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: kind != "table" or not is_search_index(name),
            },
        )

        assert compare_metadata(context, tables.metadata) == []


def is_search_index(name: str | None) -> bool:
    """Tell whether a table is the index of full-text search: no model says what it is made of."""
    return (name or "").startswith("article_search")


def split_clauses(statement: str) -> list[str]:
    """Return what a CREATE statement lists, sorted, and what stands before and behind the list."""
    before, _, rest = statement.partition("(")
    listed, _, behind = rest.rpartition(")")
    clauses = [""]
    depth = 0
    for character in listed:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            clauses.append("")
        else:
            clauses[-1] += character
    return [before.strip(), behind.strip(), *sorted(" ".join(clause.split()) for clause in clauses)]


def describe(connection: Connection) -> dict[str, Any]:
    """Return what `compare_metadata` does not look at: checks, options, comments, partial indexes."""
    if connection.dialect.name == "sqlite":  # it keeps statements as they were written
        query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'view'"
        rows = connection.exec_driver_sql(query)
        return {
            row.name: split_clauses(row.sql.replace('"', ""))  # a renamed table is quoted
            for row in rows
            if not is_search_index(row.name)
        }
    found = inspect(connection)
    return {
        name: {
            "comment": found.get_table_comment(name),
            "columns": sorted(  # what a migration adds comes last
                (column | {"type": str(column["type"])} for column in found.get_columns(name)), key=str
            ),
            "checks": sorted(found.get_check_constraints(name), key=str),
            "foreign keys": sorted(found.get_foreign_keys(name), key=str),
            "indexes": sorted(found.get_indexes(name), key=str),
        }
        for name in found.get_table_names()
        if not is_search_index(name)
    }


def test_migrations_build_also_what_is_not_compared(warehouse_url: str) -> None:
    with connect(warehouse_url) as connection:
        migrated = describe(connection)
    migrate(parse_url(warehouse_url), "base")
    database = Database(parse_url(warehouse_url))
    database.write(tables.metadata.create_all)
    database.close()

    with connect(warehouse_url) as connection:
        assert describe(connection) == migrated
