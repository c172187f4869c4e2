"""What only looks creates nothing, and what cannot work is one line."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from prefect.variables import Variable
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from coopwatch.errors import NoWarehouseError
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import make_engine, parse_url
from coopwatch.warehouse.migrating import has_schema
from tests.integration.command import run_coopwatch

OF_A_WAREHOUSE = [
    "events",
    "show brst-1",
    "show https://academy.example/news/1",
    "search laboratory",
    "export csv out",
    "export parquet out",
    "export atom out.atom",
    "export json out.json",
    "review --author ada",
    "labels",
    "merge brst-1 brst-2",
    "split brst-1 a-1",
    "pin a-1 brst-1",
    "unpin p-1",
    "pins",
    "alerts list",
    "alerts retry",
    "alerts check",
    "alerts test --event brst-1",
    "quarantine",
    "quarantine retry",
    "metrics",
    "sources health",
    "sources inspect --offline",
    "captures list",
    "captures export --out out.warc.gz",
    "captures expire --sweep",
    "backfill status",
    "check",
    "digest",
    "reprocess",
    "maintain",
]
MISUSED = {
    "dance": "No such command 'dance'; see `coopwatch --help`",
    "run --dance": "No such option: --dance; see `coopwatch run --help`",
    "search": "Missing argument 'WORDS'; see `coopwatch search --help`",
    "search x --since soon": "'soon' does not match the formats '%Y-%m-%d'; see `coopwatch search --help`",
    "search x --language English": "'English' is not the tag of a language",
    "backfill urls none.csv": "file 'none.csv' does not exist",
    "sources import none.opml": "file 'none.opml' does not exist",
    "maintain --texts-keep-days 0": "greater than or equal to 1; see `coopwatch maintain --help`",
    "digest month": "'month' is neither day nor week",
}
NOTHING_TO_READ = {
    "backfill warc missing.warc.gz": "missing.warc.gz: no such file",
    "backfill warc https://a.example/b.gz --source library": "source 'library': must begin with 'archive.'",
    "backfill sitemap notaurl": "notaurl: ",
    "backfill urls /dev/null": "/dev/null: has no column 'url'",
}


def expect_one_line(command: str, folder: Path, **environment: str) -> str:
    """Run what cannot work; return what is said of it."""
    done = run_coopwatch(*command.split(), cwd=folder, environment={"PREFECT_API_URL": "", **environment})
    assert (done.status, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("coopwatch: ")
    return line


@pytest.mark.parametrize("command", OF_A_WAREHOUSE)
def test_without_a_warehouse_it_says_so_and_makes_none(command: str, tmp_path: Path) -> None:
    line = expect_one_line(command, tmp_path)
    assert line.endswith("sqlite:///var/warehouse.db: there is no warehouse yet; `coopwatch run` makes one")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", MISUSED)
def test_a_command_line_that_cannot_be_read_is_one_line(command: str, tmp_path: Path) -> None:
    assert MISUSED[command] in expect_one_line(command, tmp_path)


def test_without_a_command_there_is_only_the_help(tmp_path: Path) -> None:
    done = run_coopwatch(cwd=tmp_path)
    assert (done.status, done.err) == (2, "")
    assert "Usage: coopwatch" in done.out


def test_receivers_can_be_tried_before_the_first_run(tmp_path: Path) -> None:
    done = run_coopwatch("alerts", "test", "--send", "console", cwd=tmp_path)
    assert (done.status, done.out) == (0, "console: sent\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", NOTHING_TO_READ)
def test_a_backfill_of_what_cannot_be_read_is_refused_at_once(command: str, tmp_path: Path) -> None:
    line = expect_one_line(command, tmp_path)  # a server that was started would have said so
    assert line.startswith(f"coopwatch: {NOTHING_TO_READ[command]}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("setting", ["TOPIC", "SERIES", "PUBLISHERS"])
def test_a_file_that_is_read_late_is_missed_at_once(setting: str, tmp_path: Path) -> None:
    line = expect_one_line("run", tmp_path, **{f"COOPWATCH_{setting}": "none.yaml"})
    assert line == f"coopwatch: none.yaml: there is no such file; COOPWATCH_{setting} names it"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["run", "serve", "check", "backfill gaps"])
def test_a_server_that_does_not_answer_is_one_line(command: str, tmp_path: Path) -> None:
    line = expect_one_line(command, tmp_path, PREFECT_API_URL="http://me:s3cret@127.0.0.1:9/api")
    assert line.startswith("coopwatch: PREFECT_API_URL=http://127.0.0.1:9/api: the server does not answer: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_look_before_a_run_is_at_the_warehouse_that_the_server_names(
    prefect_api: str, tmp_path: Path
) -> None:
    Variable.set("coopwatch_warehouse_url", f"sqlite:///{tmp_path}/there.db", overwrite=True)
    Variable.set("coopwatch_topic", "none.yaml", overwrite=True)
    try:
        refused = run_coopwatch("run", cwd=tmp_path)
        assert (refused.status, refused.err.count("\n")) == (2, 1)
        assert "none.yaml: there is no such file" in refused.err
        Variable.unset("coopwatch_topic")
        done = run_coopwatch("check", cwd=tmp_path)
        assert (done.status, "there.db: there is no warehouse yet" in done.err) == (2, True)
        told = run_coopwatch("doctor", cwd=tmp_path)
        assert "there.db: the first run will create it" in told.out
    finally:
        Variable.unset("coopwatch_warehouse_url")
        Variable.unset("coopwatch_topic")
    assert not list(tmp_path.iterdir())


def test_a_database_without_a_warehouse_stays_as_it_is(empty_url: str) -> None:
    with pytest.raises(NoWarehouseError, match="there is no warehouse yet"):
        Warehouse.open_existing(empty_url)
    database = Database(parse_url(empty_url))
    assert not has_schema(database)
    database.close()


def test_a_copy_that_may_only_be_read_is_read(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute(f"VACUUM INTO '{copy}'")
    engine = make_engine(make_url(f"sqlite:///file:{copy}?mode=ro&uri=true"))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM event").scalar() == 0
        with pytest.raises(OperationalError, match="readonly"):
            connection.exec_driver_sql("DELETE FROM event")
    engine.dispose()


def test_who_may_only_select_can_read(postgres_url: str) -> None:
    role = f"coopwatch_reader_{os.getpid()}"
    address = urlsplit(postgres_url)
    url = address._replace(netloc=f"{role}@{address.netloc.rpartition('@')[2]}").geturl()
    with closing(psycopg.connect(postgres_url, autocommit=True)) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN".encode())
        owner.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}".encode())
        try:
            with Warehouse.open_existing(url) as warehouse:
                assert warehouse.read_events() == ()
                assert warehouse.search("laboratory", 5, None, None) == ()
        finally:
            owner.execute(f"DROP OWNED BY {role}".encode())
            owner.execute(f"DROP ROLE {role}".encode())


def test_a_warehouse_that_is_there_is_opened(warehouse_url: str) -> None:
    with Warehouse.open_existing(warehouse_url) as warehouse:
        assert warehouse.read_events() == ()
