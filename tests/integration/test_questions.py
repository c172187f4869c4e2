"""The documented questions, asked of a little warehouse on both databases: their answers are right."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.dictionary import read_question
from coopwatch.warehouse.engines import parse_url
from tests.builders import NOW
from tests.integration.analyst_samples import ARTICLES, DAY, fill

QUESTIONS = Path(__file__).resolve().parents[2] / "docs" / "questions"
URLS = {number: article.url for number, article in ARTICLES.items()}

# question, parameters, columns that are looked at, their rows in order
ANSWERS: list[tuple[str, dict[str, str], str, list[tuple[Any, ...]]]] = [
    (
        "01-conflicting-attendance",
        {},
        "event_name status low high asserted_by publisher articles",
        [
            ("Third ice forum", "conflict", 800.0, 800.0, "Polar Agency", "Polar Agency", 2),
            ("Third ice forum", "conflict", 901.0, None, "Daily Star", "Daily Star", 1),
        ],
    ),
    (
        "02-countries-that-cooperate",
        {"year": "2025"},
        "country other_country events",
        [("CH", "NO", 2), ("NO", "RS", 2), ("CH", "RS", 1)],
    ),
    ("02-countries-that-cooperate", {"year": "2024"}, "country other_country events", [("CH", "NO", 1)]),
    ("03-who-is-first", {"since": "2025-06-01"}, "voice first events", [("polar", 2, 2), ("star", 0, 2)]),
    ("03-who-is-first", {"since": "2025-08-01"}, "voice first events", []),
    (
        "04-reprints-by-publisher",
        {"since": "2025-01-01"},
        "publisher articles reprints percent",
        [("Daily Star", 4, 0, 0), ("Polar Agency", 2, 0, 0), ("City Gazette", 1, 1, 100)],
    ),
    # before the twin was known, while there were two events, and before anything was known
    (
        "05-known-on-a-day",
        {"event_id": "lasers", "until": "2025-07-02"},
        "what who said",
        [
            ("coverage", "Daily Star", "Laser pact with Serbia signed"),
            ("coverage", "Polar Agency", "Norway and Serbia sign on lasers"),
            ("dates", "Polar Agency", "2025-06-25/2025-06-25"),
            ("kind", "Polar Agency", "agreement"),
            ("money", "Polar Agency", "5000000"),
            ("participants", "Polar Agency", "NO,RS"),
        ],
    ),
    (
        "05-known-on-a-day",
        {"event_id": "lasers", "until": "2025-07-03"},
        "what who said",
        [
            ("coverage", "Daily Star", "Laser pact with Serbia signed"),
            ("coverage", "Polar Agency", "Norway and Serbia sign on lasers"),
            ("dates", "Polar Agency", "2025-06-25/2025-06-25"),
            ("kind", "Polar Agency", "agreement"),
            ("money", "Polar Agency", "5000000"),
            ("participants", "Polar Agency", "NO,RS"),
            ("coverage", "Daily Star", "Belgrade and Oslo agree on lasers"),
            ("dates", "Daily Star", "2025-06-25/2025-06-25"),
            ("kind", "Daily Star", "agreement"),
            ("participants", "Daily Star", "NO,RS"),
        ],
    ),
    ("05-known-on-a-day", {"event_id": "lasers", "until": "2025-07-01"}, "what who said", []),
    (
        "06-what-changed",
        {"since": "2025-06-30", "until": "2025-07-07"},
        "kind event_id name detail",
        [
            ("new_event", "forum-2", "Second ice forum", "Second ice forum"),
            ("new_event", "forum-3", "Third ice forum", "Third ice forum"),
            ("new_event", "lasers", "Laser pact", "Laser pact"),
            ("new_event", "pact", "Ice core pact", "Ice core pact"),
            ("new_event", "lasers", "Laser pact", "Belgrade and Oslo agree"),
        ],
    ),
    ("06-what-changed", {"since": "2025-07-07", "until": "2025-07-14"}, "kind", []),
    (
        "07-agreements-of-a-country",
        {"country": "NO"},
        "name start_date independent_sources origin_url",
        [
            ("Laser pact", date(2025, 6, 25), 2, URLS[5]),
            ("Ice core pact", date(2025, 6, 20), 1, URLS[4]),
        ],
    ),
    ("07-agreements-of-a-country", {"country": "RS"}, "name", [("Laser pact",)]),
    ("08-silent-sources", {}, "source_id silent_since last_error", [("courier", NOW, None)]),
    (
        "09-series-and-editions",
        {},
        "series edition name start_date place independent_sources",
        [
            ("ice-forum", 2, "Second ice forum", date(2024, 6, 10), "Harbour City", 1),
            ("ice-forum", 3, "Third ice forum", date(2025, 6, 24), "Harbour City", 2),
        ],
    ),
    (
        "10-one-source-only",
        {"since": "2025-06-30"},
        "name field value status voice articles",
        [
            ("Third ice forum", "attendance", "800", "conflict", "polar", 2),
            ("Third ice forum", "attendance", "900", "conflict", "star", 1),
            ("Laser pact", "money", "5000000", "only", "polar", 1),
        ],
    ),
]


@pytest.fixture
def connection(warehouse: Warehouse, warehouse_url: str) -> Iterator[Connection]:
    """A connection to the little warehouse; a source that is silent after an hour is silent."""
    fill(warehouse)
    database = Database(parse_url(warehouse_url))
    silent = text("UPDATE source SET silent_after_seconds = 3600")
    database.write(lambda writing: writing.execute(silent))
    with database.read() as reading:
        if not database.is_sqlite:
            reading.exec_driver_sql("SET TIME ZONE 'UTC'")
        yield reading
    database.close()


def make_plain(value: object, like: object) -> object:
    """Return a value of a plain query as the type that is expected: SQLite keeps times and days as text."""
    match like, value:
        case datetime(), str():
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        case date(), str():
            return date.fromisoformat(value)
        case _, Decimal():
            return int(value)
    return value


def ask(connection: Connection, question: str, parameters: dict[str, str]) -> list[dict[str, Any]]:
    sql = (QUESTIONS / f"{question}.sql").read_text(encoding="utf-8")
    return [dict(row) for row in connection.execute(text(sql), parameters).mappings()]


@pytest.mark.parametrize(
    ("question", "parameters", "columns", "rows"),
    [pytest.param(*answer, id="-".join((answer[0], *answer[1].values()))) for answer in ANSWERS],
)
def test_a_question_is_answered(
    connection: Connection,
    question: str,
    parameters: dict[str, str],
    columns: str,
    rows: list[tuple[Any, ...]],
) -> None:
    names = columns.split()
    like = rows[0] if rows else (None,) * len(names)

    found = [
        tuple(make_plain(row[name], kind) for name, kind in zip(names, like, strict=True))
        for row in ask(connection, question, parameters)
    ]

    assert found == rows


def test_ten_questions_are_documented_and_answered() -> None:
    files = sorted(QUESTIONS.glob("*.sql"))

    assert len(files) == 10
    assert {file.stem for file in files} == {answer[0] for answer in ANSWERS}
    for file in files:
        asked, _, sql = read_question(file)
        assert asked.endswith("?")
        assert sql.endswith(";")


def test_sentences_and_addresses_come_with_contradictions(connection: Connection) -> None:
    rows = ask(connection, "01-conflicting-attendance", {})

    assert [(row["quote"], row["url"]) for row in rows] == [
        (ARTICLES[1].text, URLS[1]),
        (ARTICLES[3].text, URLS[3]),
    ]


def test_postgres_knows_what_was_known_of_all_events_on_a_day(
    postgres_url: str,
) -> None:
    with Warehouse.open(postgres_url) as warehouse:
        fill(warehouse)
    database = Database(parse_url(postgres_url))
    known = "SELECT event_id, articles, texts, voices, attendance_low, attendance_high FROM as_known_at(:day)"
    with database.read() as reading:
        found = {
            day: [
                tuple(row)
                for row in reading.execute(
                    text(f"{known} ORDER BY event_id"), {"day": (NOW + day * DAY).date()}
                )
            ]
            for day in (-1, 0, 1, 2)
        }
    database.close()

    forums = [("forum-2", 1, 1, 1, None, None), ("forum-3", 3, 2, 2, 800.0, 901.0)]
    assert found[-1] == []
    assert found[0] == [*forums, ("lasers", 2, 2, 2, None, None), ("pact", 1, 1, 1, None, None)]
    assert found[1] == [*found[0], ("twin", 1, 1, 1, None, None)]
    assert found[2] == [*forums, ("lasers", 3, 3, 2, None, None), ("pact", 1, 1, 1, None, None)]
