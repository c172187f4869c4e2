"""The decisions of the warehouse that need no database."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from coopwatch.errors import WarehouseError
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.engines import hide_password, is_lock_conflict, parse_url
from coopwatch.warehouse.loading import count_words, make_claim_id
from tests.builders import make_article, make_claim


@pytest.mark.parametrize(
    ("raw", "driver"),
    [
        ("sqlite:///var/warehouse.db", "sqlite"),
        ("sqlite+pysqlite:////srv/warehouse.db", "sqlite"),
        ("postgres://user@host/db", "postgresql+psycopg"),
        ("postgresql://user@host/db", "postgresql+psycopg"),
        ("postgresql+psycopg://user@host/db", "postgresql+psycopg"),
    ],
)
def test_addresses_get_our_driver(raw: str, driver: str) -> None:
    assert parse_url(raw).drivername == driver


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("", "cannot be read"),
        ("var/warehouse.db", "cannot be read"),
        ("postgresql://user:secret@host:port/db", "cannot be read"),
        ("mysql://user:secret@host/db", "sqlite or postgresql, not 'mysql'"),
        ("sqlite://", "a warehouse is a file"),
        ("sqlite:///:memory:", "a warehouse is a file"),
        ("sqlite:///file:x?mode=memory&uri=true", "a warehouse is a file"),
        ("sqlite://host/warehouse.db", "a warehouse is a file"),
    ],
)
def test_other_addresses_are_refused_in_one_line(raw: str, says: str) -> None:
    with pytest.raises(WarehouseError) as caught:
        Warehouse.open(raw)

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("postgresql://user:secret@host/db", "postgresql://user:***@host/db"),
        ("postgresql://host/db?user=u&password=secret", "postgresql://host/db?password=***&user=u"),
        ("postgresql://host/db?sslpassword=secret", "postgresql://host/db?sslpassword=***"),
        ("sqlite:///var/warehouse.db", "sqlite:///var/warehouse.db"),
    ],
)
def test_passwords_are_not_shown(raw: str, shown: str) -> None:
    assert hide_password(parse_url(raw)).replace("%2A", "*") == shown


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("any words")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("cause", "is_conflict"),
    [
        (sqlite_error(sqlite3.SQLITE_BUSY), True),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (sqlite_error(sqlite3.SQLITE_LOCKED), True),
        (sqlite_error(sqlite3.SQLITE_FULL), False),
        (sqlite_error(sqlite3.SQLITE_READONLY), False),
        (sqlite3.OperationalError("database is locked"), False),
        (psycopg.errors.DeadlockDetected(), True),
        (psycopg.errors.SerializationFailure(), True),
        (psycopg.errors.LockNotAvailable(), True),
        (psycopg.errors.UniqueViolation(), False),
        (psycopg.OperationalError("deadlock detected"), False),
    ],
)
def test_lock_conflicts_are_told_by_code_and_not_by_words(cause: Exception, is_conflict: bool) -> None:
    assert is_lock_conflict(cause) is is_conflict
    assert is_lock_conflict(OperationalError("COMMIT", {}, cause)) is is_conflict


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("Forty scientists met.", 3), ("科技合作", 4), ("2025年 opening", 3), ("한국 and 日本", 5)],
)
def test_words_are_counted_in_scripts_with_and_without_spaces(text: str, words: int) -> None:
    assert count_words(text) == words


def test_a_text_makes_a_claim_once_however_often_it_is_reprinted() -> None:
    origin, reprint = make_article(1), make_article(2)
    claim = make_claim(origin)

    assert make_claim_id(claim) == make_claim_id(
        make_claim(reprint, text_group_id=claim.text_group_id, quote="Forty will work there.")
    )
    for change in ({"value": "41"}, {"high": None}, {"qualifier": "over"}, {"field": "countries"}):
        assert make_claim_id(claim) != make_claim_id(make_claim(origin, **change))


def test_an_unusable_place_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a database, not a folder")

    for url in (
        f"sqlite:///{tmp_path}/file/warehouse.db",
        f"sqlite:///{tmp_path}/file",
        f"sqlite:///{tmp_path}",
    ):
        with pytest.raises(WarehouseError) as caught:
            Warehouse.open(url)
        assert str(caught.value).startswith("sqlite:///")
        assert "\n" not in str(caught.value)
