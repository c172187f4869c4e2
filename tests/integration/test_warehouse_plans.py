"""What is asked for every batch is answered from an index, however many rows there are."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from coopwatch.warehouse import Warehouse, boilerplate, captures, dossiers, inbox, matching, outbox, polls
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from tests.builders import NOW, make_article, make_dossier
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    fill_inbox,
    make_batch,
    make_capture,
    make_feed_entry,
    make_poll,
)

QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "take_pending": lambda c: inbox.take_pending(c, RUN, 100, NOW, HOUR),
    "release": lambda c: inbox.release(c, RUN),
    "find_known": lambda c: inbox.find_known(c, ["https://courier.example/science/1"]),
    "count_entries": inbox.count_entries,
    "find_texts_sharing": lambda c: matching.find_texts_sharing(c, {"a-new": (1, 2, 3)}, 2),
    "read_texts": lambda c: matching.read_texts(c, ["a-1"]),
    "read_group_texts": lambda c: matching.read_group_texts(c, ["t-1"]),
    "read_boilerplate": lambda c: boilerplate.read_boilerplate(c, {"a-1": "courier.example"}),
    "write_polls": lambda c: polls.write_polls(
        c, RUN, [make_poll([make_feed_entry(1), make_feed_entry(9999)], polled_at=NOW + HOUR)], NOW + HOUR
    ),
    "not_modified": lambda c: polls.write_polls(
        c, RUN, [make_poll(outcome="not_modified", polled_at=NOW + HOUR)], NOW + HOUR
    ),
    "gaps": lambda c: polls.write_polls(
        c, RUN, [make_poll([make_feed_entry(9999)], polled_at=NOW + HOUR)], NOW + HOUR
    ),
    "find_capture": lambda c: captures.find_capture(c, "https://courier.example/feed"),
    "record_captures": lambda c: captures.record_captures(c, RUN, [make_capture()], NOW),
    "read_captures": lambda c: list(captures.read_captures(c, NOW, NOW + HOUR, None, None)),
    "expire_captures": lambda c: captures.expire_captures(c, NOW + HOUR),
    "read_candidate_dossiers": lambda c: dossiers.read_candidate_dossiers(
        c, ["brst"], ["t-1"], {"a-1": (1, 2)}
    ),
    "take_queue": lambda c: outbox.take_queue(c, "console", NOW),
}


class UndoneError(Exception):
    """Nothing is to be left of a transaction."""


def explain(url: str, *asks: Callable[[Connection], object]) -> str:
    """Return the plans of the statements that the last question sends; nothing stays of what they write."""
    database = Database(parse_url(url))
    plans: list[str] = []

    def plan(connection: Connection) -> None:
        for ask in asks[:-1]:
            ask(connection)
        if not database.is_sqlite:  # so few rows are quicker read than looked up
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        sent = listen_to(connection, asks[-1])
        explaining = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plans.extend(
            str(row[-1])
            for statement, parameters in sent
            if not statement.startswith("INSERT")
            for row in connection.exec_driver_sql(explaining + statement, parameters)
        )
        raise UndoneError

    with pytest.raises(UndoneError):
        database.write(plan)
    database.close()
    return "\n".join(plans)


def listen_to(connection: Connection, ask: Callable[[Connection], object]) -> list[tuple[str, Any]]:
    """Return the statements that a question sends, with their parameters."""
    sent: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        sent.append((statement, parameters[0] if many else parameters))

    event.listen(connection, "before_cursor_execute", listen)
    ask(connection)
    event.remove(connection, "before_cursor_execute", listen)
    return sent


@pytest.fixture(scope="module")
def full_url(lasting_url: str) -> str:
    """A warehouse with thousands of rows."""
    articles = [make_article(number) for number in range(1, 201)]
    prints = {
        article.article_id: tuple(range(number, number + 20)) for number, article in enumerate(articles)
    }
    batch = make_batch(*articles, fingerprints=prints, dossiers=(make_dossier(*articles),))
    with Warehouse.open(lasting_url) as warehouse:
        fill_inbox(warehouse, [make_feed_entry(number) for number in range(1, 2001)])
        warehouse.take_pending(RUN, 200, NOW, HOUR)
        warehouse.write_batch(RUN, batch, (), NOW)
        warehouse.record_captures(RUN, [make_capture(body=f"body {number}") for number in range(500)], NOW)
    return lasting_url


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_index_answers(full_url: str, question: str) -> None:
    found = explain(full_url, QUESTIONS[question])

    assert found
    scans = [line for line in found.splitlines() if "Seq Scan" in line or line.startswith("SCAN")]
    allowed = ("VIRTUAL TABLE", "COVERING INDEX", "CONSTANT ROW")  # json_each; counting by an index
    assert [line for line in scans if not any(word in line for word in allowed)] == []
    if question == "find_known":
        assert "ix_entry_compare_url" in found
    if question == "take_pending":
        assert "ix_entry_outcome_turn_entry_id" in found
        assert "Sort" not in found
        assert "B-TREE" not in found
