"""A little warehouse as analysts find it: a conference on whose attendance sources differ, agreements,
a reprint, a series, two events that turned out to be one, and a source that fell silent.

Polar Agency and Daily Star are two voices; City Gazette carries what the agency writes.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from coopwatch.events.merging import merge_events
from coopwatch.identity import make_text_group_id
from coopwatch.warehouse import Warehouse
from schemas.records import Alert, Article, Attribution, Claim, Coverage, Dossier, EventChange, Evidence
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event
from tests.integration.warehouse_samples import RUN, make_batch, make_membership, take_entries

DAY = timedelta(days=1)
MERGED_AT = NOW + 2 * DAY
FAMILIES = {"Polar Agency": "polar", "City Gazette": "polar", "Daily Star": "star"}


def write(number: int, publisher: str, published_at: datetime, **changes: Any) -> Article:
    attribution = Attribution(publisher=publisher)
    return make_article(number, attribution=attribution, published_at=published_at, **changes)


def at(month: int, day: int, hour: int = 9, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


FORUM = "The third ice forum counted 800 participants in Harbour City."
ARTICLES = {
    1: write(1, "Polar Agency", at(6, 24), title="Ice forum opens", text=FORUM),
    2: write(2, "City Gazette", at(6, 24, 10), title="Forum on ice opens", text=FORUM),
    3: write(3, "Daily Star", at(6, 24, 12), title="A full house for ice", text="More than 900 came."),
    4: write(4, "Daily Star", at(6, 20), title="Norway and Switzerland sign"),
    5: write(5, "Polar Agency", at(6, 25, 8), title="Norway and Serbia sign on lasers"),
    6: write(6, "Daily Star", at(6, 25, 9), title="Laser pact with Serbia signed"),
    7: write(7, "Daily Star", at(6, 26), title="Belgrade and Oslo agree on lasers"),
    8: write(8, "Polar Agency", at(6, 10, year=2024), title="Second ice forum ends"),
}
COPIES = {2: 1}  # article 2 is a reprint of article 1


def cover(number: int, event_id: str, **changes: Any) -> Coverage:
    article = ARTICLES[number]
    family = FAMILIES[article.attribution.publisher]
    group = make_text_group_id(ARTICLES[COPIES.get(number, number)].article_id)
    return make_coverage(article, event_id=event_id, family=family, text_group_id=group, **changes)


def claim(number: int, event_id: str, **changes: Any) -> Claim:
    article = ARTICLES[number]
    good = {"event_id": event_id, "asserted_by": article.attribution.publisher, "quote": article.text}
    return make_claim(article, **(good | changes))


def tell(
    event_id: str, rows: tuple[Coverage, ...], claims: tuple[Claim, ...] = (), **changes: Any
) -> Dossier:
    counts = {
        "articles": len(rows),
        "text_groups": len({row.text_group_id for row in rows}),
        "independent_sources": len({row.family for row in rows}),
    }
    return Dossier(event=make_event(event_id=event_id, **(counts | changes)), coverage=rows, claims=claims)


FORUM_3 = tell(
    "forum-3",
    (cover(1, "forum-3"), cover(2, "forum-3"), cover(3, "forum-3")),
    (
        claim(1, "forum-3", value="800", low=800.0, high=800.0, status="conflict"),
        claim(3, "forum-3", value="900", low=901.0, high=None, qualifier="over", status="conflict"),
        claim(1, "forum-3", field="countries", value="12", low=12.0, high=12.0, status="agrees"),
        claim(3, "forum-3", field="countries", value="12", low=12.0, high=12.0, status="agrees"),
    ),
    name="Third ice forum",
    kind="conference",
    series="ice-forum",
    edition=3,
    participants=("CH", "NO", "RS"),
)
FORUM_2 = tell(
    "forum-2",
    (cover(8, "forum-2"),),
    name="Second ice forum",
    kind="conference",
    series="ice-forum",
    edition=2,
    start_date=date(2024, 6, 10),
    end_date=date(2024, 6, 10),
    participants=("CH", "NO"),
    first_seen_at=NOW - 300 * DAY,
)
PACT = tell("pact", (cover(4, "pact"),), kind="agreement", name="Ice core pact", start_date=date(2025, 6, 20))
NAMED = (Evidence(label="named", value="Laser pact"),)


def claim_pact(number: int, event_id: str) -> tuple[Claim, ...]:
    """Return what an article says of the laser pact; events of no series are known from it alone."""
    said = {"dates": "2025-06-25/2025-06-25", "kind": "agreement", "participants": "NO,RS"}
    return tuple(
        claim(number, event_id, field=field, value=value, low=None, high=None, status="agrees")
        for field, value in said.items()
    )


LASERS = tell(
    "lasers",
    (cover(5, "lasers", evidence=NAMED), cover(6, "lasers", evidence=NAMED)),
    (
        claim(5, "lasers", field="money", value="5000000", low=5e6, high=5e6, unit="EUR", status="only"),
        *claim_pact(5, "lasers"),
    ),
    kind="agreement",
    name="Laser pact",
    start_date=date(2025, 6, 25),
    end_date=date(2025, 6, 25),
    participants=("NO", "RS", "University of Oslo"),
)
TWIN = tell(
    "twin",
    (cover(7, "twin", evidence=NAMED),),
    claim_pact(7, "twin"),
    kind="agreement",
    name="Belgrade and Oslo agree",
    start_date=date(2025, 6, 25),
    end_date=date(2025, 6, 25),
    participants=("NO", "RS"),
    first_seen_at=NOW + DAY,
)


def make_changes(*dossiers: Dossier) -> tuple[EventChange, ...]:
    return tuple(
        EventChange(
            event_id=dossier.event.event_id,
            kind="new_event",
            revision=1,
            article_id=dossier.coverage[0].article_id,
            detail=dossier.event.name,
        )
        for dossier in dossiers
    )


def fill(warehouse: Warehouse) -> None:
    """Load everything: most of it now, the twin a day later; the day after that it is merged."""
    take_entries(warehouse, len(ARTICLES))
    first = [ARTICLES[number] for number in (1, 2, 3, 4, 5, 6, 8)]
    copy, original = ARTICLES[2], ARTICLES[1]
    memberships = [make_membership(article) for article in first if article is not copy]
    memberships.append(
        make_membership(
            copy,
            text_group_id=make_text_group_id(original.article_id),
            relation="same",
            matched_article_id=original.article_id,
            containment=1.0,
        )
    )
    dossiers = (FORUM_3, FORUM_2, PACT, LASERS)
    alert = Alert(
        key="log:forum-3:new_event",
        event_id="forum-3",
        kind="new_event",
        rule="all",
        route="log",
        title="New: third ice forum",
        body="…",
        created_at=NOW,
        next_attempt_at=NOW,
    )
    batch = make_batch(*first, memberships=tuple(memberships), dossiers=dossiers, alerts=(alert,))
    warehouse.write_batch(RUN, batch, make_changes(*dossiers), NOW)
    warehouse.write_batch(RUN, make_batch(ARTICLES[7], dossiers=(TWIN,)), make_changes(TWIN), NOW + DAY)
    merged = merge_events(LASERS, TWIN, MERGED_AT, reason="the same signing", actor="ada")
    warehouse.write_merge(RUN, merged, MERGED_AT)
