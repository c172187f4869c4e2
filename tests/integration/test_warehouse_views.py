"""The views, read over a little warehouse on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, select

from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from migrations.views import create_views, drop_views
from schemas.tables import views
from tests.builders import NOW, make_article
from tests.integration.analyst_samples import ARTICLES, DAY, FORUM_3, MERGED_AT, fill
from tests.integration.warehouse_samples import RUN, make_batch


@pytest.fixture
def connection(warehouse: Warehouse, warehouse_url: str) -> Iterator[Connection]:
    fill(warehouse)
    database = Database(parse_url(warehouse_url))
    with database.read() as reading:
        yield reading
    database.close()


def read(connection: Connection, name: str, *columns: str) -> list[tuple[object, ...]]:
    """Return some columns of a view, sorted."""
    view = views.tables[name]
    return sorted((tuple(row) for row in connection.execute(select(*(view.c[c] for c in columns)))), key=repr)


def test_every_view_can_be_read_as_the_models_say(connection: Connection) -> None:
    read_rows = {name: len(connection.execute(select(view)).all()) for name, view in views.tables.items()}

    assert read_rows.pop("silent_source") == 0
    assert all(read_rows.values())


def test_an_event_is_one_row_with_its_figures(connection: Connection) -> None:
    view = views.tables["event_overview"]
    rows = {row.event_id: row for row in connection.execute(select(view))}

    assert set(rows) == {"forum-3", "forum-2", "pact", "lasers"}  # the twin was merged
    forum = rows["forum-3"]
    assert (forum.articles, forum.text_groups, forum.independent_sources) == (3, 2, 2)
    assert forum.first_published_at == ARTICLES[1].published_at
    assert forum.last_published_at == ARTICLES[3].published_at
    assert (forum.attendance_low, forum.attendance_high) == (800.0, 901.0)
    assert (forum.attendance_status, forum.conflicts, forum.soft_conflicts) == ("conflict", 1, 0)
    assert forum.origin_url == ARTICLES[1].url
    assert forum.participants == ["CH", "NO", "RS"]
    assert rows["lasers"].articles == 3
    assert (rows["pact"].attendance_status, rows["pact"].conflicts) == (None, 0)


def test_claims_of_corrected_versions_are_not_current(warehouse: Warehouse, warehouse_url: str) -> None:
    fill(warehouse)
    old = FORUM_3.claims[1]
    corrected = old.model_copy(update={"value": "950", "low": 950.0, "high": 950.0, "article_version": 2})
    dossier = FORUM_3.model_copy(update={"claims": (*FORUM_3.claims, corrected)})
    warehouse.write_batch(RUN, make_batch(dossiers=(dossier,)), (), NOW + 3 * DAY)
    database = Database(parse_url(warehouse_url))

    with database.read() as reading:
        claims = read(reading, "current_claim", "event_id", "field", "value")
        figures = [row[1:] for row in read(reading, "event_overview", "event_id", "attendance_high")]
    database.close()

    assert ("forum-3", "attendance", "950") in claims
    assert ("forum-3", "attendance", "900") not in claims
    assert (950.0,) in figures


def test_ids_lead_to_the_event_that_stands(warehouse: Warehouse, warehouse_url: str) -> None:
    fill(warehouse)
    database = Database(parse_url(warehouse_url))
    chain = (
        "UPDATE event SET merged_into = 'pact' WHERE event_id = 'lasers'",
        "UPDATE event SET merged_into = 'forum-2' WHERE event_id = 'forum-3'",  # two that lead in a circle
        "UPDATE event SET merged_into = 'forum-3' WHERE event_id = 'forum-2'",
    )
    for statement in chain:
        database.write(lambda writing, statement=statement: writing.exec_driver_sql(statement))  # type: ignore[misc]

    with database.read() as reading:
        found = read(reading, "event_redirect", "event_id", "stands_as")
    database.close()

    assert found == [("lasers", "pact"), ("pact", "pact"), ("twin", "pact")]


def test_a_timeline_tells_what_became_known_when(connection: Connection) -> None:
    view = views.tables["event_timeline"]
    ordered = select(view).order_by(view.c.known_at, view.c.step, view.c.kind, view.c.detail)
    forum = [(row.what, row.kind) for row in connection.execute(ordered.where(view.c.event_id == "forum-3"))]
    lasers = connection.execute(ordered.where(view.c.event_id == "lasers")).all()

    assert forum == [
        *[("coverage", "main")] * 3,
        *[("claim", "attendance")] * 2,
        *[("claim", "countries")] * 2,
        ("change", "new_event"),
        ("alert", "new_event"),
    ]
    assert [row.detail for row in lasers if row.what == "coverage" and row.told_of == "twin"] == [
        "Belgrade and Oslo agree on lasers"
    ]
    assert [(row.kind, row.known_at) for row in lasers if row.what == "identity"] == [("merge", MERGED_AT)]
    assert [row.told_of for row in lasers if row.what == "coverage withdrawn"] == ["twin"]


def test_a_correction_is_on_the_timeline(warehouse: Warehouse, warehouse_url: str) -> None:
    fill(warehouse)
    corrected = ARTICLES[3].model_copy(update={"title": "Corrected", "version": 2})
    warehouse.write_batch(RUN, make_batch(corrected), (), NOW + 3 * DAY)
    database = Database(parse_url(warehouse_url))

    with database.read() as reading:
        rows = read(reading, "event_timeline", "event_id", "what", "detail", "known_at")
    database.close()

    assert ("forum-3", "correction", ARTICLES[3].title, NOW + 3 * DAY) in rows


def test_reprints_stand_beside_their_original(connection: Connection) -> None:
    columns = ("publisher", "is_origin", "relation", "containment", "family", "origin_publisher")
    rows = read(connection, "reprint_tree", "text_group_id", *columns)
    shared = [row[1:] for row in rows if row[0] == FORUM_3.coverage[0].text_group_id]

    assert shared == [
        ("City Gazette", 0, "same", 1.0, "polar", "Polar Agency"),
        ("Polar Agency", 1, "origin", None, "polar", "Polar Agency"),
    ]


def test_coverage_that_moved_is_history(connection: Connection) -> None:
    moved = [
        row[:1] + row[2:]
        for row in read(connection, "coverage_history", "event_id", "title", "known_from", "known_until")
        if row[1] == ARTICLES[7].title
    ]

    assert moved == [("lasers", MERGED_AT, None), ("twin", NOW + DAY, MERGED_AT)]


def test_parties_and_pairs_of_countries(connection: Connection) -> None:
    pairs = read(connection, "country_pairs", "month", "country", "other_country", "events")

    assert pairs == [
        ("2024-06", "CH", "NO", 1),
        ("2025-06", "CH", "NO", 2),
        ("2025-06", "CH", "RS", 1),
        ("2025-06", "NO", "RS", 2),
    ]


def test_weeks_begin_on_monday_and_follow_iso_over_new_year(warehouse: Warehouse, warehouse_url: str) -> None:
    fill(warehouse)
    days = {91: (2024, 12, 29), 92: (2024, 12, 30), 93: (2026, 12, 31), 94: (2027, 1, 3), 95: (2027, 1, 4)}
    articles = [
        make_article(
            1, url=f"https://courier.example/{number}", published_at=datetime(*day, 23, 59, tzinfo=UTC)
        )
        for number, day in days.items()
    ]
    rows = tuple(
        FORUM_3.coverage[0].model_copy(
            update={
                "article_id": article.article_id,
                "event_id": "forum-2",
                "text_group_id": f"t-{number}",
                "published_at": article.published_at,
            }
        )
        for number, article in enumerate(articles)
    )
    forum = FORUM_3.event.model_copy(update={"event_id": "forum-2"})
    places = tuple(
        {"article_id": row.article_id, "text_group_id": row.text_group_id, "relation": "origin", "reason": ""}
        for row in rows
    )
    batch = make_batch(*articles, memberships=places, dossiers=({"event": forum, "coverage": rows},))
    warehouse.write_batch(RUN, batch, (), NOW)
    database = Database(parse_url(warehouse_url))

    with database.read() as reading:
        weeks = read(reading, "weekly_activity", "week", "week_start", "kind", "articles")
        known = read(reading, "weekly_activity", "week", "kind", "new_events", "articles", "texts", "voices")
    database.close()

    assert [row for row in weeks if str(row[0]) > "2024-W30" and row[3] and row[2] == "conference"] == [
        ("2024-W52", date(2024, 12, 23), "conference", 1),
        ("2025-W01", date(2024, 12, 30), "conference", 1),
        ("2025-W26", date(2025, 6, 23), "conference", 3),
        ("2026-W53", date(2026, 12, 28), "conference", 2),
        ("2027-W01", date(2027, 1, 4), "conference", 1),
    ]
    assert ("2025-W26", "conference", 0, 3, 2, 2) in known
    assert ("2025-W27", "conference", 1, 0, 0, 0) in known


def test_views_can_be_built_again_behind_a_migration(warehouse_url: str) -> None:
    database = Database(parse_url(warehouse_url))

    def rebuild(writing: Connection) -> None:
        drop_views(writing)
        create_views(writing)

    database.write(rebuild)
    with database.read() as reading:
        assert read(reading, "event_overview", "event_id") == []
    database.close()
