"""What is forgotten goes for good, what must stay stays, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.retention import maintain
from coopwatch.warehouse.search import store_words
from tests.builders import NOW, make_article, make_dossier
from tests.integration.warehouse_samples import RUN, dump, load_three, make_batch, take_entries

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)


def count_rows(url: str, *conditions: str) -> list[int]:
    database = Database(parse_url(url))
    with database.read() as connection:
        found = [
            connection.scalar(text(f"SELECT count(*) FROM {condition}")) or 0 for condition in conditions
        ]
    database.close()
    return found


@pytest.fixture
def filled(warehouse: Warehouse, warehouse_url: str) -> Warehouse:
    """Three articles with fingerprints, of which the first two were fetched ten days ago."""
    take_entries(warehouse, 3)
    articles = [
        make_article(number, fetched_at=NOW - 10 * DAY if number < 3 else NOW) for number in (1, 2, 3)
    ]
    batch = make_batch(
        *articles,
        fingerprints={article.article_id: (-(2**63), article.entry_id, 7, 2**63 - 1) for article in articles},
    )
    warehouse.write_batch(RUN, batch, (), NOW)
    database = Database(parse_url(warehouse_url))
    database.write(lambda connection: store_words(connection, articles))
    database.close()
    return warehouse


def test_old_texts_go_with_all_that_finds_them(filled: Warehouse, warehouse_url: str) -> None:
    before = dump(warehouse_url, ["membership", "judgement", "entry"])
    assert filled.empty_texts(NOW - 5 * DAY) == 2

    emptied, kept, prints, indexed = count_rows(
        warehouse_url,
        "article WHERE text = '' AND title <> ''",
        "article WHERE text <> ''",
        "fingerprint",
        "article_search",
    )
    assert (emptied, kept, prints, indexed) == (2, 1, 4, 1)
    assert dump(warehouse_url, ["membership", "judgement", "entry"]) == before
    third = make_article(3).article_id
    [(found, _)] = filled.find_texts_sharing({"a-new": (7, 2**63 - 1)})["a-new"]
    assert found == third
    assert filled.empty_texts(NOW - 5 * DAY) == 0


def test_quotes_ledgers_and_claims_outlive_their_text(warehouse: Warehouse, warehouse_url: str) -> None:
    take_entries(warehouse, 3)
    load_three(warehouse, make_dossier())
    tables = ["claim", "coverage", "event", "event_change", "run", "poll", "label", "alert"]
    before = dump(warehouse_url, tables)
    assert before["claim"]
    assert warehouse.empty_texts(NOW + DAY) == 3
    assert dump(warehouse_url, tables) == before


def test_upkeep_gives_space_back(filled: Warehouse, warehouse_url: str) -> None:
    database = Database(parse_url(warehouse_url))
    filler = "CREATE TABLE filler AS SELECT a.article_id, b.title, '{}' AS body FROM article a, article b"
    with database.autocommit() as connection:
        connection.execute(text(filler.format("x" * 200_000)))
        connection.execute(text("DROP TABLE filler"))
    done = filled.maintain()
    assert done.was_vacuumed
    assert done.bytes_after
    if database.is_sqlite:
        assert done.bytes_after < done.bytes_before / 2
        assert not database.file.with_name(f"{database.file.name}-wal").stat().st_size
        assert not filled.maintain().was_vacuumed, "nothing is free now"
    assert filled.count_rows()["article"] == 3
    database.close()


def test_without_room_on_the_disk_the_file_stays_as_it_is(sqlite_url: str) -> None:
    database = Database(parse_url(sqlite_url))
    with database.autocommit() as connection:
        connection.execute(text("CREATE TABLE filler AS SELECT zeroblob(2000000) AS body"))
        connection.execute(text("DROP TABLE filler"))
    done = maintain(database, free_bytes=10_000)
    assert not done.was_vacuumed
    assert done.note == "no room on the disk to give space back"
    database.close()
