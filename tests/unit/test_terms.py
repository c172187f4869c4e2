from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from coopwatch.warehouse.database import Database, parse_url
from coopwatch.warehouse.terms import CANDIDATES_MAX, HOLDERS_MAX, find_events_sharing, store_terms
from schemas.tables import event_term

BIG = 2**63 - 1


@pytest.fixture
def database(warehouse_url: str) -> Iterator[Database]:
    database = Database(parse_url(warehouse_url))
    yield database
    database.close()


def store(database: Database, terms: dict[str, list[int]]) -> None:
    database.write(lambda connection: store_terms(connection, terms))


def find(database: Database, *terms: int) -> tuple[str, ...]:
    found = database.ask(lambda connection: find_events_sharing(connection, {"a-1": terms}))
    return found.get("a-1", ())


def test_events_are_found_by_the_terms_they_share_the_rarest_first(database: Database) -> None:
    store(database, {"e-1": [1, 2], "e-2": [2, 3], "e-3": [2], "e-4": [9]})

    assert find(database, 2, 3) == ("e-2", "e-1", "e-3")
    assert find(database, 7) == ()
    assert find(database) == ()


def test_hashes_of_any_size_and_sign_are_kept(database: Database) -> None:
    store(database, {"e-1": [BIG], "e-2": [-BIG - 1]})

    assert find(database, BIG) == ("e-1",)
    assert find(database, -BIG - 1) == ("e-2",)


def test_each_article_gets_its_own_answer(database: Database) -> None:
    store(database, {"e-1": [1], "e-2": [2]})

    found = database.ask(lambda c: find_events_sharing(c, {"a-1": (1,), "a-2": (2, 1), "a-3": (5,)}))

    assert found == {"a-1": ("e-1",), "a-2": ("e-1", "e-2")}


def test_the_terms_of_an_event_are_replaced(database: Database) -> None:
    store(database, {"e-1": [1, 1, 2], "e-2": [1]})
    store(database, {"e-1": [2, 3]})

    assert find(database, 1) == ("e-2",)
    assert find(database, 3) == ("e-1",)
    count = database.ask(lambda c: c.scalar(select(func.count()).select_from(event_term)))
    assert count == 3


def test_a_term_of_many_events_costs_no_more_than_its_share(database: Database) -> None:
    store(database, {f"e-{number:05d}": [1] for number in range(HOLDERS_MAX + 50)} | {"e-rare": [2]})

    found = find(database, 1, 2)

    assert found[0] == "e-rare"
    assert len(found) == CANDIDATES_MAX
    assert "e-00000" not in found


def test_more_terms_than_fit_one_statement(database: Database) -> None:
    store(database, {"e-1": list(range(2500)), "e-2": [2499]})

    assert find(database, *range(2500)) == ("e-1", "e-2")
