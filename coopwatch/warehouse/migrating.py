"""Brings a database to the schema that this version needs, or back."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.engine import URL

import migrations
from coopwatch.errors import WarehouseError
from coopwatch.warehouse.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

_ALEMBIC = threading.Lock()  # its context is one for the whole process
_SCRIPTS = Path(migrations.__file__).parent
_VERSIONS = table("alembic_version", column("version_num"))  # as Alembic keeps it


def configure(connection: Connection | None = None) -> "Config":
    """Return the Alembic configuration; the scripts lie in the package `migrations`.

    Args:
        connection: what the scripts run on; needed to migrate, not to look at the scripts.
    """
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: URL, revision: str = "head") -> None:
    """Bring a database to a revision; one process at a time does it, the others wait and find it done.

    All of it happens in one transaction, so that a migration that fails leaves what was there.

    Args:
        url: the database; an SQLite file is created with its folder.
        revision: "head", "base", or the id of a revision.

    Raises:
        WarehouseError: the database cannot be opened, or was migrated by a newer version of coopwatch.
    """
    database = Database(url, checks_references=False)
    try:
        if database.is_sqlite:
            _make_folder(database)
        if revision == "head" and is_newest(database):
            return
        with _ALEMBIC, database.hold("migration"):
            if not is_at(database, revision):
                database.write(lambda connection: _run_scripts(connection, revision))
    finally:
        database.close()


def has_schema(database: Database) -> bool:
    """Tell whether a database is a warehouse, of whatever version; nothing is created by asking.

    Raises:
        WarehouseError: the database refuses.
    """
    if database.is_sqlite and not database.file.exists():
        return False
    with database.read() as connection:
        return inspect(connection).has_table(_VERSIONS.name)


def newest_revision() -> str:
    """Return the revision of the newest script: scripts are numbered, and their files are named after it."""
    return max(script.name.partition("_")[0] for script in _SCRIPTS.glob("versions/[0-9]*_*.py"))


def is_newest(database: Database) -> bool:
    """Tell whether a database is at the newest revision, as nearly every one is that a run opens.

    Alembic, which takes longer to load than such a run works, is not asked.

    Raises:
        WarehouseError: the database refuses.
    """
    with database.read() as connection:
        if not inspect(connection).has_table(_VERSIONS.name):
            return False
        return connection.scalars(select(_VERSIONS.c.version_num)).all() == [newest_revision()]


def is_at(database: Database, revision: str) -> bool:
    """Tell whether a database is at a revision.

    Raises:
        WarehouseError: it is at a revision that this version of coopwatch does not know.
    """
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(configure())
    with database.read() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise WarehouseError(
            f"{database.url_safe}: its schema is at {current!r}, which this version of coopwatch does not"
            " know: it was migrated by a newer one"
        )
    return current == {"head": scripts.get_current_head(), "base": None}.get(revision, revision)


def _run_scripts(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = configure(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config)
    behind = {script.revision for script in scripts.iterate_revisions(current, "base")} if current else set()
    if revision == "base" or revision in behind:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _make_folder(database: Database) -> None:
    try:
        database.file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WarehouseError(f"{database.url_safe}: {error.strerror}: {error.filename}") from error
