"""What a batch writes is what is read back, once, and nothing that was visible disappears."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from coopwatch.errors import WarehouseError
from coopwatch.identity import make_text_group_id
from coopwatch.warehouse import Trace, Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.loading import make_claim_id
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
    load_three,
    make_batch,
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
    load_three(warehouse, Dossier(event=make_event(), coverage=cover, claims=(first, make_claim(two))))

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
    load_three(warehouse, make_dossier(one, two))

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

    load_three(warehouse, Dossier(event=make_event(), coverage=cover, claims=claims))

    found = warehouse.read_dossier("e-1")
    assert found is not None
    assert found.claims == claims[:1]


def test_statuses_and_events_are_updated(warehouse: Warehouse) -> None:
    take_entries(warehouse, 3)
    one = make_article(1)
    load_three(warehouse, make_dossier(one))
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
    load_three(warehouse)
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
