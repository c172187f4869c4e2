"""A warehouse is created, migrated up and down, shared by those who open it, and refused with a reason."""

import subprocess
import sys
import threading

import pytest
from sqlalchemy import inspect, text

from coopwatch.errors import WarehouseError
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.migrating import is_at, migrate
from schemas.records import PollState
from schemas.tables import metadata
from tests.builders import NOW, make_article, make_dossier
from tests.integration.warehouse_samples import (
    RUN,
    dump,
    fill_inbox,
    make_batch,
    make_feed_entry,
    make_source,
    take_entries,
)

SINCE_THE_SIXTH = {"quality_check", "quality_warning", "backfill", "fence"}
SINCE_THE_FOURTH = {
    "article_version",
    "boilerplate",
    "boilerplate_host",
    "event_term",
    "identity_change",
    "pin",
} | SINCE_THE_SIXTH
SINCE_THE_THIRD = {"triage", "label", "model", "withdrawn_coverage", "judgement_change"} | SINCE_THE_FOURTH


def execute(url: str, statement: str) -> None:
    database = Database(parse_url(url))
    database.write(lambda connection: connection.execute(text(statement)))
    database.close()


def list_tables(url: str) -> set[str]:
    database = Database(parse_url(url))
    with database.read() as connection:
        found = set(inspect(connection).get_table_names())
    database.close()
    return {name for name in found if not name.startswith(("alembic_version", "article_search"))}


def test_a_new_warehouse_is_created_with_its_folder_and_opened_again(empty_url: str) -> None:
    for _ in range(2):
        with Warehouse.open(empty_url) as warehouse:
            assert set(warehouse.count_entries().values()) == {0}

    assert list_tables(empty_url) == set(metadata.tables)


def test_the_schema_goes_down_and_up_again_with_data_in_it(warehouse_url: str) -> None:
    article = make_article()
    with Warehouse.open(warehouse_url) as warehouse:
        take_entries(warehouse, 1)
        warehouse.write_batch(RUN, make_batch(article, dossiers=(make_dossier(article),)), (), NOW)

    migrate(parse_url(warehouse_url), "base")
    assert list_tables(warehouse_url) == set()

    with Warehouse.open(warehouse_url) as warehouse:
        assert not any(dump(warehouse_url).values())
        take_entries(warehouse, 1)


def test_what_polling_remembers_survives_the_way_to_the_second_schema(warehouse_url: str) -> None:
    """A warehouse of the first schema, with data, goes up, down and up again."""
    with Warehouse.open(warehouse_url) as warehouse:
        fill_inbox(warehouse, [make_feed_entry(1)])
        warehouse.register_sources([make_source(), make_source("herald")], NOW)
    first = ["run", "source", "poll", "entry"]

    migrate(parse_url(warehouse_url), "0001")
    before = dump(warehouse_url, first)
    assert list_tables(warehouse_url) == set(metadata.tables) - {"gap", "capture"} - SINCE_THE_THIRD
    with Warehouse.open(warehouse_url) as warehouse:
        states = warehouse.read_poll_states()
        assert states["courier"] == PollState(
            source_id="courier", last_polled_at=NOW, etag='"1"', last_new_entry_at=NOW
        )
        assert states["herald"] == PollState(source_id="herald")
        assert [row.open_gaps for row in warehouse.read_source_health()] == [0, 0]
    migrate(parse_url(warehouse_url), "0001")

    assert dump(warehouse_url, first) == before


def test_judgements_survive_the_way_to_the_third_schema(warehouse_url: str) -> None:
    """They get the score of the rules, which alone decided then."""
    article = make_article()
    with Warehouse.open(warehouse_url) as warehouse:
        take_entries(warehouse, 1)
        warehouse.write_batch(RUN, make_batch(article, dossiers=(make_dossier(article),)), (), NOW)
        judged = warehouse.read_trace(article.url)

    migrate(parse_url(warehouse_url), "0002")
    assert list_tables(warehouse_url) == set(metadata.tables) - SINCE_THE_THIRD
    with Warehouse.open(warehouse_url) as warehouse:
        again = warehouse.read_trace(article.url)
    assert judged
    assert again
    before, since = judged.judgements[0], again.judgements[0]
    assert since.rules_score == before.score
    assert since.model_copy(update={"rules_score": before.rules_score}) == before


def test_a_migration_that_fails_leaves_what_was_there(empty_url: str) -> None:
    Warehouse.open(empty_url).close()
    migrate(parse_url(empty_url), "base")
    execute(empty_url, "CREATE TABLE judgement (in_the_way INTEGER)")

    with pytest.raises(WarehouseError, match="judgement"):
        Warehouse.open(empty_url)

    assert list_tables(empty_url) == {"judgement"}
    execute(empty_url, "DROP TABLE judgement")
    Warehouse.open(empty_url).close()


def test_a_schema_that_is_newer_than_the_code_is_refused(warehouse_url: str) -> None:
    execute(warehouse_url, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(WarehouseError, match="'9999', which this version of coopwatch does not know"):
        Warehouse.open(warehouse_url)


def test_threads_that_open_it_at_once_do_not_collide(empty_url: str) -> None:
    errors: list[BaseException] = []

    def open_it() -> None:
        try:
            Warehouse.open(empty_url).close()
        except BaseException as error:  # noqa: BLE001 - a thread's error must reach the test
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []


def test_processes_that_open_it_at_once_do_not_collide(empty_url: str) -> None:
    script = f"from coopwatch.warehouse import Warehouse; Warehouse.open({empty_url!r}).close()"
    openers = [
        subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]

    assert [(opener.communicate(timeout=120)[1], opener.returncode) for opener in openers] == [("", 0)] * 4


def test_a_server_that_is_not_there_is_one_line_without_the_password() -> None:
    with pytest.raises(WarehouseError) as caught:
        Warehouse.open("postgresql://user:secret@127.0.0.1:1/db")

    assert str(caught.value).startswith("postgresql://user:***@127.0.0.1:1/db: connection failed")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_postgres_addresses_are_taken_as_operators_write_them(postgres_url: str) -> None:
    for scheme in ("postgres", "postgresql+psycopg"):
        Warehouse.open(postgres_url.replace("postgresql", scheme, 1)).close()


def test_sqlite_keeps_a_log_that_readers_do_not_block(sqlite_url: str) -> None:
    database = Database(parse_url(sqlite_url))
    with database.read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    database.close()

    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000}


def test_both_know_whether_they_are_at_a_revision(warehouse_url: str) -> None:
    database = Database(parse_url(warehouse_url))

    found = [is_at(database, revision) for revision in ("head", "base", "0009", "0010")]
    database.close()

    assert found == [True, False, False, True]
