"""The documented questions are answered from indexes: what grows without end is never read whole."""

import re

import pytest
from sqlalchemy import Connection, text

from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from tests.integration.analyst_samples import fill
from tests.integration.test_questions import ANSWERS, QUESTIONS

# a question about all events reads all events
_READS_ALL = {"02-countries-that-cooperate": {"event"}, "09-series-and-editions": {"event"}}
_GROWING = {
    "article",
    "article_version",
    "claim",
    "coverage",
    "entry",
    "event",
    "event_change",
    "membership",
    "poll",
    "text_group",
    "withdrawn_claim",
    "withdrawn_coverage",
}
_TIMELINE = "SELECT * FROM event_timeline WHERE event_id = :event_id ORDER BY known_at, step"
_ASKED = {answer[0]: answer[1] for answer in ANSWERS}


def explain(connection: Connection, sql: str, parameters: dict[str, str]) -> str:
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:  # so few rows are quicker read than looked up
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = connection.execute(text(("EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN ") + sql), parameters)
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("question", [*sorted(_ASKED), "timeline"])
def test_an_index_answers_a_question(warehouse: Warehouse, warehouse_url: str, question: str) -> None:
    fill(warehouse)
    sql = _TIMELINE
    if question != "timeline":
        sql = (QUESTIONS / f"{question}.sql").read_text(encoding="utf-8")
    parameters = _ASKED.get(question, {"event_id": "lasers"})
    database = Database(parse_url(warehouse_url))

    plan = database.write(lambda connection: explain(connection, sql, parameters))
    database.close()

    scanned = re.findall(r"^SCAN (\w+)(?! USING)|Seq Scan on (\w+)", plan, re.MULTILINE)
    whole = {name for pair in scanned for name in pair if name in _GROWING}
    assert whole - _READS_ALL.get(question, set()) == set(), plan
