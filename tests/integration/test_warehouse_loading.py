"""What a batch writes is what is read back, once, and nothing that was visible disappears."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from coopwatch.errors import WarehouseError
from coopwatch.identity import make_text_group_id
from coopwatch.warehouse import Trace, Warehouse
from coopwatch.warehouse.database import Database, parse_url
from coopwatch.warehouse.loading import make_claim_id
from coopwatch.warehouse.matching import CANDIDATES_MAX, HOLDERS_MAX, select_holders
from schemas.records import (
    Alert,
    Attribution,
    Batch,
    Dossier,
    EventChange,
    EventRelation,
    Evidence,
    FiredPattern,
    Rejection,
    StoredText,
)
from schemas.tables import article as article_table
from schemas.tables import withdrawn_claim
from tests.builders import NOW, make_article, make_claim, make_coverage, make_dossier, make_event
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    dump,
    make_batch,
    make_feed_entry,
    make_judgement,
    make_membership,
    make_result,
    take_entries,
)

LATER = NOW + HOUR
ATTRIBUTION = Attribution(
    publisher="The Courier",
    distributor="Northwire",
    issuer="Academy of Norland",
    cited_agencies=("Vesteria News",),
    author="A. Author",
    dateline_place="Harbour City",
    release_date=date(2025, 6, 23),
    evidence=(Evidence(label="dateline", value="Northwire", quote="HARBOUR CITY, June 23 /Northwire/ --"),),
)


def make_alert(key: str = "console:e-1:new_event", **changes: Any) -> Alert:
    good = {
        "key": key,
        "event_id": "e-1",
        "kind": "new_event",
        "rule": "all",
        "route": "console",
        "title": "New: a laboratory",
        "body": "Somewhere",
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return Alert.model_validate({**good, **changes})


def make_rejection(**changes: Any) -> Rejection:
    good = {
        "entry_id": 3,
        "stage": "check",
        "rule": "title_not_empty",
        "rule_version": "1",
        "reason": "title is empty",
        "record": {"title": "", "when": "2025-07-01T12:00:00+00:00", "numbers": [1, 2.5, None]},
    }
    return Rejection.model_validate({**good, **changes})


def make_full_batch() -> tuple[Batch, tuple[EventChange, ...]]:
    """Return a batch with something of everything, for entries 1 to 3, and its changes."""
    origin = make_article(1, attribution=ATTRIBUTION)
    reprint = make_article(2, published_at=None, published_from=None, published_precision=None)
    group = make_text_group_id(origin.article_id)
    claims = (
        make_claim(origin, text_group_id=group),
        make_claim(
            origin, text_group_id=group, field="dates", value="2025-06-24/2025-06-24", low=None, high=None
        ),
        make_claim(reprint, text_group_id=group, value="41", low=41.0, high=None, qualifier="over"),
    )
    dossier = Dossier(
        event=make_event(articles=2),
        coverage=(make_coverage(origin, text_group_id=group), make_coverage(reprint, text_group_id=group)),
        claims=claims,
    )
    forum = Dossier(
        event=make_event(event_id="forum-3", series="forum", edition=3, start_date=None, end_date=None)
    )
    pattern = FiredPattern(
        facet="science", pattern="laborator", quote="laboratory", start=6, end=16, weight=0.5
    )
    batch = make_batch(
        origin,
        reprint,
        results=(
            make_result(1, article_id=origin.article_id),
            make_result(2, article_id=reprint.article_id),
            make_result(3, outcome="quarantined", stage="check", reason="title_not_empty: title is empty"),
        ),
        judgements=(make_judgement(1).model_copy(update={"fired": (pattern,)}), make_judgement(2)),
        memberships=(
            make_membership(origin),
            make_membership(
                reprint,
                text_group_id=group,
                relation="same",
                matched_article_id=origin.article_id,
                containment=0.93,
                shared_fingerprints=12,
            ),
        ),
        fingerprints={origin.article_id: (-(2**63), 0, 2**63 - 1), reprint.article_id: (0, 7)},
        dossiers=(dossier, forum),
        relations=(
            EventRelation(
                event_id="e-1", other_event_id="forum-3", kind="mentioned", article_id=origin.article_id
            ),
        ),
        rejections=(make_rejection(), make_rejection(record={"title": "", "row": 2})),
        alerts=(make_alert(),),
    )
    changes = (EventChange(event_id="e-1", kind="new_event", revision=1, article_id=origin.article_id),)
    return batch, changes


def load(warehouse: Warehouse, *dossiers: Dossier, now: datetime = NOW, **changes: Any) -> None:
    """Write articles 1 to 3, and the dossiers."""
    articles = [make_article(number) for number in range(1, 4)]
    warehouse.write_batch(RUN, make_batch(*articles, dossiers=dossiers, **changes), (), now)


def test_a_batch_is_read_back_as_it_was_written(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    batch, changes = make_full_batch()
    origin, reprint = batch.articles

    warehouse.write_batch(RUN, batch, changes, NOW)

    assert warehouse.read_dossier("e-1") == batch.dossiers[0]
    assert warehouse.read_events() == batch.dossiers
    assert warehouse.read_relations("e-1") == warehouse.read_relations("forum-3") == batch.relations
    assert warehouse.read_changes("e-1") == changes
    assert warehouse.read_alerts("e-1") == batch.alerts
    assert warehouse.read_texts([origin.article_id, reprint.article_id, "a-unheard-of"]) == {
        one.article_id: StoredText(
            article_id=one.article_id,
            text_group_id=make_text_group_id(origin.article_id),
            title=one.title,
            text=one.text,
            language="en",
            dated=one.dated,
        )
        for one in (origin, reprint)
    }
    assert warehouse.find_texts_sharing({"a-new": (0, 7, 8)}, min_shared=1) == {
        "a-new": [(reprint.article_id, 2), (origin.article_id, 1)]
    }


def test_a_trace_holds_everything_about_an_address(warehouse: Warehouse) -> None:
    taken = take_entries(warehouse, 3)
    batch, changes = make_full_batch()
    origin, reprint = batch.articles
    warehouse.write_batch(RUN, batch, changes, NOW)

    trace = warehouse.read_trace("https://courier.example/science/2?utm_source=feed")
    rejected = warehouse.read_trace(taken[2].url)

    assert isinstance(trace, Trace)
    assert [(entry.entry_id, entry.outcome, entry.stage, entry.reason) for entry in trace.entries] == [
        (2, "loaded", "load", "in scope")
    ]
    assert trace.judgements == (batch.judgements[1],)
    assert (trace.article, trace.membership) == (reprint, batch.memberships[1])
    assert trace.matched_url == origin.url
    assert trace.coverage == batch.dossiers[0].coverage[1:]
    assert trace.claims == batch.dossiers[0].claims[2:]
    assert isinstance(rejected, Trace)
    assert rejected.article is None
    assert sorted(rejected.rejections, key=repr) == sorted(batch.rejections, key=repr)
    assert warehouse.read_trace("https://courier.example/unheard-of") is None
    assert warehouse.read_trace("no address") is None


def test_an_article_is_traced_by_the_address_it_was_led_to(warehouse: Warehouse) -> None:
    take_entries(warehouse, 1)
    led_to = make_article(9, entry_id=1)
    warehouse.write_batch(RUN, make_batch(led_to), (), NOW)

    trace = warehouse.read_trace(led_to.url)

    assert isinstance(trace, Trace)
    assert (trace.article, [entry.entry_id for entry in trace.entries]) == (led_to, [1])


def test_the_same_batch_again_changes_nothing(warehouse: Warehouse, warehouse_url: str) -> None:
    take_entries(warehouse, 3)
    batch, changes = make_full_batch()
    warehouse.write_batch(RUN, batch, changes, NOW)
    written = dump(warehouse_url)

    warehouse.write_batch(RUN, batch, changes, LATER)

    assert dump(warehouse_url) == written


def test_a_retry_counts_once_however_often_it_is_written(warehouse: Warehouse, warehouse_url: str) -> None:
    take_entries(warehouse, 1)
    retry = make_batch(results=(make_result(1, outcome="pending", stage="fetch", next_attempt_at=LATER),))
    warehouse.write_batch(RUN, retry, (), NOW)
    written = dump(warehouse_url)

    warehouse.write_batch(RUN, retry, (), NOW)

    assert dump(warehouse_url) == written
    assert warehouse.take_pending(RUN, 1, LATER, HOUR)[0].attempts == 1


def test_a_batch_that_fails_leaves_nothing(warehouse: Warehouse, warehouse_url: str) -> None:
    take_entries(warehouse, 3)
    before = dump(warehouse_url)
    batch, _ = make_full_batch()
    unknown = EventChange(event_id="e-unheard-of", kind="new_event", revision=1, article_id="a-unheard-of")

    with pytest.raises(WarehouseError) as caught:
        warehouse.write_batch(RUN, batch, (unknown,), NOW)

    assert "foreign key" in str(caught.value).lower()
    assert "\n" not in str(caught.value)
    assert dump(warehouse_url) == before


# --- what changes later


def test_a_claim_that_is_gone_moves_to_its_ledger(warehouse: Warehouse, warehouse_url: str) -> None:
    take_entries(warehouse, 3)
    one, two = make_article(1), make_article(2)
    first, second = make_claim(one), make_claim(one, value="45", low=45.0, high=45.0)
    cover = (make_coverage(one), make_coverage(two))
    load(warehouse, Dossier(event=make_event(), coverage=cover, claims=(first, make_claim(two))))

    corrected = Dossier(event=make_event(revision=2), coverage=cover, claims=(second, make_claim(two)))
    warehouse.write_batch(RUN, make_batch(dossiers=(corrected,)), (), LATER)

    assert warehouse.read_dossier("e-1") == corrected
    rows = dump(warehouse_url)
    assert len(rows["claim"]) == 2
    (withdrawn,) = rows["withdrawn_claim"]
    kept = dict(zip(withdrawn_claim.c.keys(), withdrawn, strict=True))
    assert {name: kept[name] for name in type(first).model_fields} == first.model_dump()
    assert (kept["claim_id"], kept["recorded_at"], kept["withdrawn_at"]) == (make_claim_id(first), NOW, LATER)

    # and it stands again when it is found again
    found_again = Dossier(event=make_event(), coverage=cover, claims=(first,))
    warehouse.write_batch(RUN, make_batch(dossiers=(found_again,)), (), LATER + HOUR)
    assert warehouse.read_dossier("e-1") == found_again
    assert len(dump(warehouse_url)["withdrawn_claim"]) == 3


def test_a_dossier_leaves_alone_what_it_does_not_know(warehouse: Warehouse) -> None:
    """Another run linked article 2 to the event after this run had read it."""
    take_entries(warehouse, 3)
    one, two, three = (make_article(number) for number in range(1, 4))
    load(warehouse, make_dossier(one, two))

    warehouse.write_batch(RUN, make_batch(dossiers=(make_dossier(one, three),)), (), LATER)

    found = warehouse.read_dossier("e-1")
    assert found is not None
    assert {row.article_id for row in found.coverage} == {a.article_id for a in (one, two, three)}
    assert {row.article_id for row in found.claims} == {a.article_id for a in (one, two, three)}


def test_a_text_makes_a_claim_once(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    one, two = make_article(1), make_article(2)
    group = make_text_group_id(one.article_id)
    claims = tuple(make_claim(article, text_group_id=group) for article in (one, two))
    cover = tuple(make_coverage(article, text_group_id=group) for article in (one, two))

    load(warehouse, Dossier(event=make_event(), coverage=cover, claims=claims))

    found = warehouse.read_dossier("e-1")
    assert found is not None
    assert found.claims == claims[:1]


def test_statuses_and_events_are_updated(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    one = make_article(1)
    load(warehouse, make_dossier(one))
    updated = make_dossier(
        one, revision=2, name="A better name", end_date=date(2025, 6, 25), updated_at=LATER
    )
    claims = tuple(claim.model_copy(update={"status": "conflict"}) for claim in updated.claims)
    updated = updated.model_copy(update={"claims": claims})

    warehouse.write_batch(RUN, make_batch(dossiers=(updated,)), (), LATER)

    assert warehouse.read_dossier("e-1") == updated


def test_an_origin_that_is_found_later_takes_over_its_group(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    one, two = make_article(1), make_article(2)
    group = make_text_group_id(one.article_id)
    load(warehouse)
    moved = (
        make_membership(one, relation="same", matched_article_id=two.article_id),
        make_membership(two, text_group_id=group),
    )

    warehouse.write_batch(RUN, make_batch(memberships=moved), (), LATER)

    trace = warehouse.read_trace(one.url)
    assert isinstance(trace, Trace)
    assert (trace.membership, trace.matched_url) == (moved[0], two.url)
    assert {
        text.text_group_id for text in warehouse.read_texts([one.article_id, two.article_id]).values()
    } == {group}


def test_an_article_extracted_anew_replaces_its_text_and_keeps_its_day_of_loading(
    warehouse: Warehouse, warehouse_url: str
) -> None:
    take_entries(warehouse, 1)
    warehouse.write_batch(RUN, make_batch(make_article(1)), (), NOW)
    again = make_article(1, text="科技合作 goes on.", extractor="builder 2")

    warehouse.write_batch(RUN, make_batch(again, results=()), (), LATER)

    columns = (article_table.c.text, article_table.c.words, article_table.c.loaded_at, article_table.c.dated)
    database = Database(parse_url(warehouse_url))
    with database.read() as connection:
        assert [tuple(row) for row in connection.execute(select(*columns))] == [
            ("科技合作 goes on.", 6, NOW, date(2025, 6, 24))
        ]
    database.close()


def test_an_alert_that_was_sent_is_not_reset(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    batch, changes = make_full_batch()
    warehouse.write_batch(RUN, batch, changes, NOW)
    warehouse.record_delivery("console:e-1:new_event", LATER, None, None)

    reworded = batch.model_copy(update={"alerts": (make_alert(body="Elsewhere"),)})
    warehouse.write_batch(RUN, reworded, changes, LATER)

    (alert,) = warehouse.read_alerts("e-1")
    assert (alert.status, alert.body) == ("sent", "Somewhere")


def test_hostile_content_is_loaded_and_inert(warehouse: Warehouse, warehouse_url: str) -> None:
    hostile = "x\x00'); DROP TABLE article; -- \ud800 <script>{{7*7}}</script> %s %(x)s :name ?"
    take_entries(warehouse, 3)
    origin = make_article(1, title=hostile, text=hostile * 1000, attribution=Attribution(publisher=hostile))
    dossier = Dossier(
        event=make_event(name=hostile),
        coverage=(make_coverage(origin, title=hostile, evidence=(Evidence(label="x", value=hostile),)),),
        claims=(make_claim(origin, quote=hostile, value=hostile, low=float("inf")),),
    )
    rejection = make_rejection(record={"nan": float("nan"), hostile: (hostile, NOW)})
    results = (make_result(1), make_result(3, outcome="quarantined", reason=hostile))

    batch = make_batch(origin, results=results, dossiers=(dossier,), rejections=(rejection,))
    warehouse.write_batch(RUN, batch, (), NOW)

    found = warehouse.read_dossier("e-1")
    assert found is not None
    assert found.event.name == hostile.replace("\x00", "�").replace("\ud800", "�")
    assert found.coverage[0].evidence[0].value == found.event.name
    assert warehouse.count_entries() == {
        "pending": 1, "loaded": 1, "irrelevant": 0, "quarantined": 1, "failed": 0
    }  # fmt: skip
    written = dump(warehouse_url)
    warehouse.write_batch(RUN, batch, (), LATER)
    assert dump(warehouse_url) == written


# --- reading events


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


def load_events(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    dossiers = [Dossier(event=make_event(event_id=name, **changes)) for name, changes in EVENTS]
    winter = make_coverage(make_article(1), event_id="e-winter")
    dossiers[1] = dossiers[1].model_copy(update={"coverage": (winter,)})
    load(warehouse, *dossiers)


@pytest.mark.parametrize(
    ("series", "groups", "around", "expected"),
    [
        ([], [], [], []),
        (["cop"], [], [], ["cop-2024"]),
        (["unheard-of"], ["t-unheard-of"], [], []),
        ([], [make_text_group_id(make_article(1).article_id)], [], ["e-winter"]),
        ([], [], [date(2025, 6, 10)], ["e-half-year", "e-open-end", "e-undated"]),
        ([], [], [date(2025, 1, 10), date(2025, 1, 12)], ["e-half-year", "e-winter"]),
        ([], [], [date(2025, 7, 16)], ["e-half-year", "e-undated"]),
        ([], [], [date(2025, 8, 20)], []),
        (["cop"], [], [date(2025, 5, 1)], ["cop-2024", "e-half-year", "e-open-end", "e-undated"]),
    ],
)
def test_candidates(
    warehouse: Warehouse, series: list[str], groups: list[str], around: list[date], expected: list[str]
) -> None:
    load_events(warehouse)

    found = warehouse.read_candidate_dossiers(series, groups, around)

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
    load(
        warehouse,
        fingerprints={one.article_id: (1, 2, 3), two.article_id: (3, 4, 5), three.article_id: (100,)},
    )

    shared = warehouse.find_texts_sharing(
        {"a-new": (2, 3, 4), one.article_id: (1, 2, 3, 4), "a-other": (100, 200), "a-short": ()}
    )

    # nothing matches itself, and one shared is not enough
    assert sorted(shared["a-new"]) == sorted([(one.article_id, 2), (two.article_id, 2)])
    assert shared[one.article_id] == [(two.article_id, 2)]
    assert len(shared) == 2


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

    assert found[0] == (origin, 5)
    assert len(found) == CANDIDATES_MAX
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
