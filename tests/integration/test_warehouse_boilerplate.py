"""What recurs across the texts of one site is learnt with the batch, once an article, and forgotten again."""

from collections.abc import Iterator, Sequence

import pytest

from coopwatch.boilerplate import MIN_TEXTS, WINDOW, sample_shingles
from coopwatch.warehouse import Warehouse, loading
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas.records import Article, Membership
from tests.builders import NOW, make_article
from tests.integration.warehouse_samples import RUN, dump, fill_inbox, make_batch, make_feed_entry

PROMPT = "Readers who support the Courier receive the weekly letter on harbours and their people for free."
HOST = "courier.example"


def make_text(number: int, *others: str) -> str:
    own = f"Station {number} on quay {number * 7} measured {number * 11} centimetres on day {number * 13}."
    return "\n".join((own, *others))


def make_site(numbers: Sequence[int], *others: str, host: str = HOST) -> list[Article]:
    return [
        make_article(number, url=f"https://{host}/{number}", text=make_text(number, *others))
        for number in numbers
    ]


def place(articles: Sequence[Article], group: str | None = None) -> list[Membership]:
    return [
        Membership(
            article_id=one.article_id,
            text_group_id=group or "t-" + one.article_id.removeprefix("a-"),
            relation="origin",
            reason="test",
        )
        for one in articles
    ]


@pytest.fixture
def database(warehouse: Warehouse, warehouse_url: str) -> Iterator[Database]:
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(1, 201)])
    opened = Database(parse_url(warehouse_url))
    yield opened
    opened.close()


def load(database: Database, articles: Sequence[Article], group: str | None = None) -> None:
    """Store a batch; what is new in it is learnt from."""
    batch = make_batch(*articles).model_copy(
        update={"memberships": tuple(place(articles, group)), "results": ()}
    )

    database.write(lambda connection: loading.write_batch(connection, RUN, batch, (), NOW))


def read(warehouse: Warehouse, host: str = HOST) -> frozenset[int]:
    return warehouse.read_boilerplate({"a-any": host}).get("a-any", frozenset())


def test_what_recurs_on_one_site_is_its_boilerplate_and_no_other_sites(
    warehouse: Warehouse, database: Database
) -> None:
    load(database, make_site(range(1, MIN_TEXTS), PROMPT))
    assert read(warehouse) == frozenset()
    load(database, [*make_site([20], PROMPT), *make_site([21, 22], PROMPT, host="gazette.example")])
    assert read(warehouse) == sample_shingles(PROMPT, "en")
    assert read(warehouse, "gazette.example") == frozenset()


def test_an_article_that_is_loaded_again_counts_once(
    warehouse: Warehouse, warehouse_url: str, database: Database
) -> None:
    site = make_site(range(1, MIN_TEXTS), PROMPT)
    load(database, site)
    before = dump(warehouse_url, ["boilerplate", "boilerplate_host"])
    for _ in range(3):
        load(database, site)
    assert dump(warehouse_url, ["boilerplate", "boilerplate_host"]) == before
    assert read(warehouse) == frozenset()


def test_versions_of_one_story_are_no_boilerplate(warehouse: Warehouse, database: Database) -> None:
    first, *later = make_site(range(1, 6), PROMPT)
    load(database, [first])
    load(database, later[:2], place([first])[0].text_group_id)
    for version in later[2:]:
        load(database, [version], place([first])[0].text_group_id)
    assert read(warehouse) == frozenset()


def test_what_is_rare_on_a_site_is_the_background_of_a_story(
    warehouse: Warehouse, database: Database
) -> None:
    load(database, [*make_site(range(1, MIN_TEXTS + 1), PROMPT), *make_site(range(10, 40))])
    assert read(warehouse) == frozenset()


def test_what_a_site_has_given_up_is_forgotten_and_room_is_bounded(
    warehouse: Warehouse, warehouse_url: str, database: Database
) -> None:
    load(database, make_site(range(1, 11), PROMPT))
    assert read(warehouse)
    load(database, make_site(range(11, WINDOW + 1)))
    rows = dump(warehouse_url, ["boilerplate", "boilerplate_host"])
    assert rows["boilerplate_host"] == [(HOST, WINDOW // 2)]
    assert {row[1] for row in rows["boilerplate"]} == sample_shingles(PROMPT, "en")  # all else was seen once
    assert read(warehouse) == frozenset()


def test_members_of_a_group_are_its_origin_and_some_others(warehouse: Warehouse, database: Database) -> None:
    articles = make_site(range(1, 30))
    load(database, articles, place(articles[-1:])[0].text_group_id)
    group = place(articles[-1:])[0].text_group_id
    texts = warehouse.read_group_texts([group, "t-none"])
    assert {text.text_group_id for text in texts.values()} == {group}
    assert 1 < len(texts) <= 6
    assert warehouse.read_group_texts([]) == {}
    assert warehouse.read_hosts([articles[0].article_id]) == {articles[0].article_id: HOST}
