"""Events that new articles could be about, and texts that share fingerprints with them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from coopwatch.identity import make_text_group_id
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.matching import CANDIDATES_MAX, HOLDERS_MAX, select_holders
from schemas.records import Dossier
from tests.builders import NOW, make_article, make_coverage, make_event
from tests.integration.warehouse_samples import RUN, load_three, make_batch, make_feed_entry, take_entries

EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("cop-2024", {"series": "cop", "start_date": date(2024, 11, 11), "end_date": date(2024, 11, 22)}),
    ("e-winter", {"start_date": date(2025, 1, 10), "end_date": date(2025, 1, 10)}),
    ("e-half-year", {"start_date": date(2025, 1, 1), "end_date": date(2025, 6, 30)}),
    ("e-open-end", {"start_date": date(2025, 5, 1), "end_date": None}),
    ("e-undated", {"start_date": None, "end_date": None, "first_seen_at": datetime(2025, 6, 1, tzinfo=UTC)}),
    (
        "e-undated-old",
        {"start_date": None, "end_date": None, "first_seen_at": datetime(2024, 1, 1, tzinfo=UTC)},
    ),
]


def load_events(warehouse: Warehouse, **more: Any) -> None:
    take_entries(warehouse, 3)
    dossiers = [Dossier(event=make_event(event_id=name, **changes)) for name, changes in EVENTS]
    winter = make_coverage(make_article(1), event_id="e-winter")
    dossiers[1] = dossiers[1].model_copy(update={"coverage": (winter,)})
    load_three(warehouse, *dossiers, **more)


@pytest.mark.parametrize(
    ("series", "groups", "terms", "expected"),
    [
        ([], [], {}, []),
        (["cop"], [], {}, ["cop-2024"]),
        (["unheard-of"], ["t-unheard-of"], {"a-new": (99 << 16,)}, []),
        ([], [make_text_group_id(make_article(1).article_id)], {}, ["e-winter"]),
        ([], [], {"a-new": (1 << 16, 5 << 16)}, ["e-half-year", "e-undated"]),
        (["cop"], [], {"a-new": (5 << 16,)}, ["cop-2024", "e-undated"]),
    ],
)
def test_candidates(
    warehouse: Warehouse,
    series: list[str],
    groups: list[str],
    terms: dict[str, tuple[int, ...]],
    expected: list[str],
) -> None:
    held = {"e-half-year": (1 << 16, 2 << 16), "e-undated": (5 << 16,), "e-winter": (3 << 16,)}
    load_events(warehouse, event_terms=held)

    found = warehouse.read_candidate_dossiers(series, groups, terms)

    assert sorted(dossier.event.event_id for dossier in found) == expected


def test_the_latest_events_come_first_and_the_undated_last(warehouse: Warehouse) -> None:
    load_events(warehouse)
    expected = ["e-open-end", "e-winter", "e-half-year", "cop-2024", "e-undated", "e-undated-old"]

    assert [dossier.event.event_id for dossier in warehouse.read_events()] == expected
    assert [dossier.event.event_id for dossier in warehouse.read_events(2)] == expected[:2]
    assert warehouse.read_dossier("e-unheard-of") is None


# --- texts that share fingerprints


def test_texts_are_found_by_what_they_share(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    one, two, three = (make_article(number) for number in range(1, 4))
    load_three(
        warehouse,
        fingerprints={one.article_id: (1, 2, 3), two.article_id: (3, 4, 5), three.article_id: (100,)},
    )

    shared = warehouse.find_texts_sharing(
        {
            "a-new": (2, 3, 4),
            one.article_id: (1, 2, 3, 4),
            "a-other": (100, 200),
            "a-short": (),
            "a-none": (7,),
        }
    )

    # nothing matches itself, and one that few hold is enough
    assert sorted(shared["a-new"]) == sorted([(one.article_id, 2), (two.article_id, 2)])
    assert shared[one.article_id] == [(two.article_id, 2)]
    assert shared["a-other"] == [(three.article_id, 1)]
    assert len(shared) == 3


def test_boilerplate_does_not_hide_the_text_that_is_copied(warehouse: Warehouse, warehouse_url: str) -> None:
    """A phrase that every page of a site carries makes hundreds of articles share something."""
    many = 260
    take_entries(warehouse, many)
    articles = [make_article(number) for number in range(1, many + 1)]
    boilerplate: tuple[int, ...] = (11, 12, 13)
    prints = {article.article_id: boilerplate for article in articles}
    origin = articles[40].article_id
    prints[origin] += (21, 22)
    warehouse.write_batch(RUN, make_batch(*articles, fingerprints=prints), (), NOW)

    found = warehouse.find_texts_sharing({"a-new": (*boilerplate, 21, 22)})["a-new"]

    assert found[0][0] == origin
    assert len(found) == CANDIDATES_MAX
    assert warehouse.find_texts_sharing({"a-new": (11, 9999)}) == {}  # alone it is no sign
    database = Database(parse_url(warehouse_url))
    with database.read() as connection:  # and what is read for one shingle is bounded, the oldest first
        rows = [tuple(row) for row in connection.execute(select_holders(connection, [11, 21]))]
    database.close()
    assert sorted(number for value, number in rows if value == 11) == list(range(1, HOLDERS_MAX + 1))
    assert len(rows) == HOLDERS_MAX + 1


def test_no_fingerprints_share_nothing(warehouse: Warehouse) -> None:
    assert warehouse.find_texts_sharing({}) == {}
    assert warehouse.find_texts_sharing({"a-new": ()}) == {}


def test_feeds_of_one_entry_in_many_sources(warehouse: Warehouse) -> None:
    """Lists longer than what goes into one statement."""
    take_entries(warehouse, 1200)
    articles = [make_article(number) for number in range(1, 1201)]
    warehouse.write_batch(RUN, make_batch(*articles), (), NOW + timedelta(minutes=1))

    assert len(warehouse.read_texts([article.article_id for article in articles])) == 1200
    assert len(warehouse.find_known([article.compare_url for article in articles])) == 1200
    assert make_feed_entry(1).compare_url in warehouse.find_known([articles[0].compare_url])
