from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.terms import (
    CANDIDATES_MAX,
    HOLDERS_MAX,
    find_events_sharing,
    rank_events,
    store_terms,
)
from schemas.tables import event_term

LAST_DAY = 0xFFFF
GREATEST = 2**47 - 1  # of the hashes


@pytest.fixture
def database(warehouse_url: str) -> Iterator[Database]:
    database = Database(parse_url(warehouse_url))
    yield database
    database.close()


def term(number: int, day: int = 100) -> int:
    return number << 16 | day


def store(database: Database, terms: dict[str, list[int]]) -> None:
    database.write(lambda connection: store_terms(connection, terms))


def find(database: Database, *terms: int) -> tuple[str, ...]:
    found = database.ask(lambda connection: find_events_sharing(connection, {"a-1": terms}))
    return found.get("a-1", ())


def test_events_are_found_by_the_terms_they_share_those_of_most_and_rarest_first(database: Database) -> None:
    held = {"e-1": [term(1), term(2)], "e-2": [term(2), term(3)], "e-3": [term(2)], "e-4": [term(9)]}
    store(database, held | {"e-5": [term(4), term(5)]})

    assert find(database, term(2), term(3)) == ("e-2", "e-1", "e-3")
    assert find(database, term(2), term(9)) == ("e-4", "e-1", "e-2", "e-3")
    assert find(database, term(3), term(4), term(5)) == ("e-5", "e-2")
    assert find(database, term(7)) == ()
    assert find(database) == ()


@pytest.mark.parametrize("number", [0, 1, -1, GREATEST, -GREATEST - 1])
@pytest.mark.parametrize("day", [0, 100, LAST_DAY])
def test_terms_of_any_size_sign_and_day_are_kept_and_found_on_any_day(
    database: Database, number: int, day: int
) -> None:
    beside = {"e-0": [term(number - 1, LAST_DAY)]} if number > -GREATEST - 1 else {}
    beside |= {"e-2": [term(number + 1, 0)]} if number < GREATEST else {}
    store(database, {"e-1": [term(number, day)]} | beside)

    assert [find(database, term(number, asked)) for asked in (0, 99, 101, LAST_DAY)] == [("e-1",)] * 4


def test_each_article_gets_its_own_answer(database: Database) -> None:
    store(database, {"e-1": [term(1)], "e-2": [term(2)]})
    asked = {"a-1": (term(1),), "a-2": (term(2), term(1)), "a-3": (term(5),)}

    found = database.ask(lambda connection: find_events_sharing(connection, asked))

    assert found == {"a-1": ("e-1",), "a-2": ("e-1", "e-2")}


def test_the_terms_of_an_event_are_replaced(database: Database) -> None:
    store(database, {"e-1": [term(1), term(1), term(2)], "e-2": [term(1)]})
    store(database, {"e-1": [term(2, 120), term(3, 120)]})

    assert find(database, term(1)) == ("e-2",)
    assert find(database, term(3)) == ("e-1",)
    count = database.ask(lambda connection: connection.scalar(select(func.count()).select_from(event_term)))
    assert count == 3


def test_of_many_events_those_nearest_in_time_are_looked_at(database: Database) -> None:
    days = range(1000, 1000 + 4 * HOLDERS_MAX)
    store(database, {f"e-{day}": [term(1, day)] for day in days} | {"e-rare": [term(2, 5)]})
    asked = days[len(days) // 2]

    rows = database.ask(lambda connection: find_events_sharing(connection, {"a": (term(1, asked),)}))["a"]
    found = find(database, term(1, asked), term(2, asked))

    assert len(found) == CANDIDATES_MAX
    assert found[0] == "e-rare"
    assert all(abs(int(event_id.removeprefix("e-")) - asked) <= HOLDERS_MAX for event_id in rows)
    assert find(database, term(1, days[0]))[0] == f"e-{days[0]}"
    assert f"e-{days[-1]}" in find(database, term(1, LAST_DAY))


def test_an_event_counts_a_term_once_whatever_its_days() -> None:
    assert rank_events([["e-2", "e-2", "e-1"], ["e-1"], []]) == ("e-1", "e-2")
    assert rank_events([]) == ()


def test_more_terms_than_fit_one_statement(database: Database) -> None:
    store(database, {"e-1": [term(number) for number in range(2500)], "e-2": [term(2499)]})

    assert find(database, *(term(number) for number in range(2500))) == ("e-1", "e-2")
