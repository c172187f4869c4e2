"""The views: their SQL in files, one a view, or one a view and database where the two differ.

A database refuses to alter what a view reads. A migration that does so first drops the views and builds
them again behind it; one that changes a view keeps its former SQL in a folder of its own, for the way back.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.sql.compiler import IdentifierPreparer

from schemas.tables import views

FOLDER = Path(__file__).parent

# each rests on those before it
SINCE_THE_SEVENTH = (
    "event_redirect",
    "current_claim",
    "event_overview",
    "coverage_history",
    "claim_history",
    "event_timeline",
    "reprint_tree",
    "claim_conflicts",
    "event_participant",
    "country_pairs",
    "weekly_activity",
    "silent_source",
)


def create_views(connection: Connection, folder: Path = FOLDER) -> None:
    """Build the views, with comments where the database keeps them."""
    dialect = connection.dialect.name
    for name in SINCE_THE_SEVENTH:
        of_both, own = folder / f"{name}.sql", folder / f"{name}.{dialect}.sql"
        _run(connection, own if own.exists() else of_both)
    if dialect == "postgresql":
        _run(connection, folder / "as_known_at.postgresql.sql")
        comment_views(connection)


def drop_views(connection: Connection) -> None:
    """Drop what `create_views` built."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION as_known_at(date)")
    for name in reversed(SINCE_THE_SEVENTH):
        connection.exec_driver_sql(f"DROP VIEW {name}")


def comment_views(connection: Connection) -> None:
    """Say in PostgreSQL what the models say of the views; what they do not have is left without."""
    quote: IdentifierPreparer = connection.dialect.identifier_preparer
    found = inspect(connection)
    for name in found.get_view_names():
        if name not in views.tables:
            continue
        view = views.tables[name]
        _comment(connection, f"VIEW {quote.quote(name)}", view.comment)
        for column in found.get_columns(name):
            if column["name"] in view.columns:
                place = f"COLUMN {quote.quote(name)}.{quote.quote(column['name'])}"
                _comment(connection, place, view.columns[column["name"]].comment)


def _comment(connection: Connection, on: str, comment: str | None) -> None:
    literal = "'" + (comment or "").replace("'", "''") + "'"
    connection.execute(text(f"COMMENT ON {on} IS " + literal.replace(":", r"\:")))


def _run(connection: Connection, file: Path) -> None:
    # not as text(), which would take what stands behind a colon for a parameter
    connection.exec_driver_sql(file.read_text(encoding="utf-8"))
