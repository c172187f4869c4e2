"""Connections that are lost, and servers that are gone for a while."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import Connection, text, update

from coopwatch.errors import WarehouseError
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.fences import hold_fenced
from schemas.tables import run
from tests.builders import NOW
from tests.conftest import Postgres, name_of

TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"
)

END_LOCKS = (
    "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE a.datname = '{}' AND l.locktype = 'advisory'"
)


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """A warehouse with one run, on connections that can be lost."""
    with Warehouse.open(postgres_url) as warehouse:
        warehouse.start_run("run-1", NOW)
    opened = Database(parse_url(postgres_url), patience_seconds=20)
    yield opened
    opened.close()


@pytest.fixture
def lose(postgres: Postgres, postgres_url: str) -> Callable[[], None]:
    """End all connections to the warehouse, as a server does that restarts."""
    return lambda: postgres.execute(TERMINATE.format(name_of(postgres_url)))


@contextmanager
def close_doors(postgres: Postgres, url: str, seconds: float) -> Iterator[None]:
    """Let nobody in, for a while."""
    allow = f'ALTER DATABASE "{name_of(url)}" ALLOW_CONNECTIONS '
    postgres.execute(allow + "false")
    opening = threading.Timer(seconds, postgres.execute, [allow + "true"])
    opening.start()
    try:
        yield
    finally:
        opening.join()


def rename_run(connection: Connection, name: str) -> None:
    connection.execute(update(run).values(summary={"name": name}))


def read_name(database: Database) -> object:
    return database.ask(lambda connection: connection.execute(run.select()).one().summary)


def test_a_transaction_whose_connection_is_lost_is_done_once_more(
    database: Database, lose: Callable[[], None]
) -> None:
    attempts: list[int] = []

    def work(connection: Connection) -> str:
        attempts.append(connection.scalar(text("SELECT pg_backend_pid()")) or 0)
        rename_run(connection, f"attempt {len(attempts)}")
        if len(attempts) == 1:
            lose()
            rename_run(connection, "never")
        return "done"

    assert database.write(work) == "done"
    assert len(set(attempts)) == 2
    assert read_name(database) == {"name": "attempt 2"}


def test_a_transaction_that_is_lost_again_is_an_error(database: Database, lose: Callable[[], None]) -> None:
    attempts: list[int] = []

    def work(connection: Connection) -> None:
        attempts.append(1)
        lose()
        rename_run(connection, "never")

    with pytest.raises(WarehouseError) as caught:
        database.write(work)

    assert len(attempts) == 2
    assert "\n" not in str(caught.value)
    assert read_name(database) is None


def test_a_commit_that_is_lost_is_not_repeated(database: Database, lose: Callable[[], None]) -> None:
    """Nobody knows whether it holds: who writes must be able to write the same again."""
    attempts: list[int] = []

    def work(connection: Connection) -> None:
        attempts.append(1)
        rename_run(connection, "perhaps")
        lose()

    with pytest.raises(WarehouseError):
        database.write(work)

    assert len(attempts) == 1
    database.write(partial(rename_run, name="after"))
    assert read_name(database) == {"name": "after"}


def test_a_reading_whose_connection_is_lost_is_done_once_more(
    database: Database, lose: Callable[[], None]
) -> None:
    attempts: list[int] = []

    def work(connection: Connection) -> int:
        attempts.append(1)
        if len(attempts) == 1:
            lose()
        return len(connection.execute(run.select()).all())

    assert database.ask(work) == 1
    assert len(attempts) == 2


def test_connections_that_were_lost_between_two_calls_are_replaced(
    database: Database, lose: Callable[[], None]
) -> None:
    for name in ("first", "second"):
        database.write(partial(rename_run, name=name))
        assert read_name(database) == {"name": name}
        lose()


def test_a_server_that_was_there_is_waited_for(
    database: Database, postgres: Postgres, postgres_url: str, lose: Callable[[], None]
) -> None:

    read_name(database)
    with close_doors(postgres, postgres_url, 1.5):
        lose()
        started = time.monotonic()
        database.write(partial(rename_run, name="after"))

    assert time.monotonic() - started > 1.0
    assert read_name(database) == {"name": "after"}


def test_patience_ends(postgres: Postgres, postgres_url: str, lose: Callable[[], None]) -> None:
    database = Database(parse_url(postgres_url), patience_seconds=0.5)
    database.ask(lambda connection: connection.execute(run.select()).all())
    with close_doors(postgres, postgres_url, 3.0):
        lose()
        started = time.monotonic()
        with pytest.raises(WarehouseError, match="not currently accepting connections"):
            database.write(partial(rename_run, name="never"))
        waited = time.monotonic() - started
        fresh = Database(parse_url(postgres_url))
        with pytest.raises(WarehouseError, match="not currently accepting connections"):
            fresh.ask(lambda connection: connection.execute(run.select()).all())
        waited_fresh = time.monotonic() - started - waited
        fresh.close()
    database.close()

    assert waited < 2.0
    assert waited_fresh < 1.0  # a server that was never there is not waited for


def test_who_lost_a_lock_goes_on_as_long_as_nobody_else_had_it(
    database: Database, lose: Callable[[], None]
) -> None:
    with hold_fenced(database, "linking"):
        lose()
        database.write(partial(rename_run, name="inside"))

    with hold_fenced(database, "linking"):
        assert read_name(database) == {"name": "inside"}


def test_nothing_is_written_under_a_lock_that_another_run_has_had(
    database: Database, postgres_url: str, lose: Callable[[], None]
) -> None:
    other = Database(parse_url(postgres_url))
    with hold_fenced(database, "linking"):
        lose()
        with hold_fenced(other, "linking"):
            other.write(partial(rename_run, name="of the other"))
        with pytest.raises(WarehouseError, match="the linking lock was lost, and another run has had it"):
            database.write(partial(rename_run, name="late"))
    other.close()

    assert read_name(database) == {"name": "of the other"}
    database.write(partial(rename_run, name="after"))
    assert read_name(database) == {"name": "after"}


def test_who_takes_a_lost_lock_waits_for_what_is_being_written(
    database: Database, postgres: Postgres, postgres_url: str
) -> None:
    other = Database(parse_url(postgres_url))
    seen: list[object] = []

    def hold_and_read() -> None:
        with hold_fenced(other, "linking"):
            seen.append(read_name(other))

    def rename_slowly(connection: Connection) -> None:
        rename_run(connection, "late")
        postgres.execute(END_LOCKS.format(name_of(postgres_url)))  # the session of the lock, and no other one
        waiting.start()
        time.sleep(1.0)
        assert not seen

    waiting = threading.Thread(target=hold_and_read)
    with hold_fenced(database, "linking"):
        database.write(rename_slowly)
    waiting.join()
    other.close()

    assert seen == [{"name": "late"}]
