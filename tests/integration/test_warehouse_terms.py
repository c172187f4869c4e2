"""Terms from before they had days get the last day on which their event was reported, or known."""

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.migrating import migrate
from schemas.tables import coverage, event, event_term
from tests.builders import NOW, make_article, make_dossier
from tests.integration.warehouse_samples import RUN, make_batch, take_entries

HASHES = (0x7000_0000_0000_ABCD, -0x7000_0000_0000_ABCD)


def test_terms_get_their_day_on_the_way_to_the_tenth_schema(warehouse_url: str) -> None:
    reported, silent = (make_article(number) for number in (1, 2))
    dossiers = (make_dossier(reported, event_id="e-told"), make_dossier(silent, event_id="e-known"))
    with Warehouse.open(warehouse_url) as warehouse:
        take_entries(warehouse, 2)
        warehouse.write_batch(RUN, make_batch(reported, silent, dossiers=dossiers), (), NOW)
    migrate(parse_url(warehouse_url), "0009")
    database = Database(parse_url(warehouse_url))
    rows = [{"term": term, "event_id": event_id} for term in HASHES for event_id in ("e-told", "e-known")]
    days = {"e-told": datetime(1970, 1, 21, 23, 59, tzinfo=UTC), "e-known": None}

    def age(connection: Connection) -> None:
        for event_id, day in days.items():
            told = update(coverage).where(coverage.c.event_id == event_id)
            connection.execute(told.values(published_at=day))
        connection.execute(update(event).values(first_seen_at=datetime(1970, 2, 1, 0, 1, tzinfo=UTC)))
        connection.execute(insert(event_term), rows)

    database.write(age)
    migrate(parse_url(warehouse_url), "head")

    terms = database.ask(lambda connection: connection.execute(select(event_term)).all())
    database.close()

    assert sorted(tuple(row) for row in terms) == sorted(
        (term - term % 0x1_0000 + day, event_id)
        for term in HASHES
        for event_id, day in (("e-told", 20), ("e-known", 31))
    )
