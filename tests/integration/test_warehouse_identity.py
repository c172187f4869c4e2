"""Merges, splits and pins: whole, once, on both databases; and old ids lead to what holds their coverage."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import case

from coopwatch.curating import Curator
from coopwatch.errors import WarehouseError
from coopwatch.events.merging import carry_over, merge_all, merge_events
from coopwatch.events.moving import IdentityError
from coopwatch.events.news import find_all_changes
from coopwatch.events.pins import Pins
from coopwatch.events.splitting import split_event
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.terms import store_terms
from schemas.records import Alert, Dossier, EventChange, EventRelation, PinKind
from schemas.tables import event, event_term
from tests.builders import NOW, make_article, make_claim, make_coverage, make_event
from tests.integration.warehouse_samples import HOUR, RUN, dump, make_batch, take_entries

LATER = NOW + 3 * HOUR
IDS = {number: make_article(number).article_id for number in range(1, 10)}


def tell(event_id: str, *numbers: int, age: int = 0, series: str | None = None) -> Dossier:
    """Return an event covered by articles, each with a claim of its own."""
    many = {"articles": len(numbers), "text_groups": len(numbers), "independent_sources": 1}
    first_seen_at = NOW - age * HOUR
    return Dossier(
        event=make_event(event_id=event_id, series=series, first_seen_at=first_seen_at, **many),
        coverage=tuple(make_coverage(make_article(n), event_id=event_id) for n in numbers),
        claims=tuple(make_claim(make_article(n), event_id=event_id) for n in numbers),
    )


def load(warehouse: Warehouse, *dossiers: Dossier, articles: int = 6, **changes: object) -> None:
    take_entries(warehouse, articles)
    batch = make_batch(*(make_article(n) for n in range(1, articles + 1)), dossiers=dossiers, **changes)
    warehouse.write_batch(RUN, batch, (), NOW)


def curate(warehouse: Warehouse, after: int = 0) -> Curator:
    return Curator(warehouse, f"curate-{after}", "ada", LATER + after * HOUR)


def read(warehouse: Warehouse, event_id: str) -> Dossier:
    found = warehouse.read_dossier(event_id)
    assert found is not None
    return found


def list_articles(dossier: Dossier) -> list[int]:
    return sorted(n for n in IDS for row in dossier.coverage if row.article_id == IDS[n])


def list_covering(url: str) -> list[str]:
    return [str(row[0]) for row in dump(url, ["coverage"])["coverage"]]


def test_a_merge_moves_all_and_leaves_a_redirect(warehouse: Warehouse, warehouse_url: str) -> None:
    load(warehouse, tell("e-1", 1, age=5), tell("e-2", 2, 3))
    merged = merge_events(read(warehouse, "e-2"), read(warehouse, "e-1"), LATER, reason="one edition")

    warehouse.write_merge(RUN, merged, LATER)

    for event_id in ("e-1", "e-2"):
        found = read(warehouse, event_id)
        assert found.event.event_id == "e-1"
        assert list_articles(found) == [1, 2, 3]
        assert {claim.article_id for claim in found.claims} == {IDS[1], IDS[2], IDS[3]}
    assert [dossier.event.event_id for dossier in warehouse.read_events()] == ["e-1"]
    rows = dump(warehouse_url, ["withdrawn_coverage", "withdrawn_claim", "identity_change"])
    assert len(rows["withdrawn_coverage"]) == len(rows["withdrawn_claim"]) == 2
    assert all("merged into e-1: one edition" in row for row in rows["withdrawn_coverage"])
    (entry,) = warehouse.read_identity_changes("e-2")
    assert (entry.kind, entry.event_id, entry.other_event_id, entry.changed_at) == (
        "merge",
        "e-1",
        "e-2",
        LATER,
    )
    assert entry == warehouse.read_identity_changes("e-1")[0]


def test_a_merge_that_is_written_again_changes_nothing(warehouse: Warehouse, warehouse_url: str) -> None:
    load(warehouse, tell("e-1", 1, age=5), tell("e-2", 2))
    merged = merge_events(read(warehouse, "e-1"), read(warehouse, "e-2"), LATER, reason="it is", actor="ada")
    warehouse.write_merge(RUN, merged, LATER)
    once = dump(warehouse_url)
    warehouse.write_merge(RUN, merged, LATER + HOUR)
    assert dump(warehouse_url) == once


def test_redirects_are_followed_to_the_end(warehouse: Warehouse) -> None:
    load(warehouse, *(tell(f"e-{n}", n, age=9 - n) for n in range(1, 5)))
    for kept, gone in (("e-3", "e-4"), ("e-2", "e-4"), ("e-1", "e-3")):
        merged = merge_events(read(warehouse, kept), read(warehouse, gone), LATER, reason="one")
        warehouse.write_merge(RUN, merged, LATER)
    assert {read(warehouse, f"e-{n}").event.event_id for n in range(1, 5)} == {"e-1"}
    assert warehouse.read_ids("e-3") == {"e-1", "e-2", "e-3", "e-4"}
    assert [d.event.event_id for d in warehouse.read_dossiers(["e-4", "e-2"])] == ["e-1"]
    assert len(warehouse.read_identity_changes("e-4")) == 3


def test_a_circle_of_redirects_ends(warehouse: Warehouse, warehouse_url: str) -> None:
    load(warehouse, tell("e-1", 1), tell("e-2", 2))
    database = Database(parse_url(warehouse_url))
    other = case((event.c.event_id == "e-1", "e-2"), else_="e-1")  # nothing writes it
    database.write(lambda connection: connection.execute(event.update().values(merged_into=other)))
    database.close()
    assert warehouse.read_dossier("e-1") is None
    assert warehouse.read_ids("e-1") == {"e-1", "e-2"}


def test_a_decision_on_what_was_merged_meanwhile_is_refused(warehouse: Warehouse, warehouse_url: str) -> None:
    load(warehouse, *(tell(f"e-{n}", n, age=9 - n) for n in range(1, 4)))
    stale = merge_events(read(warehouse, "e-2"), read(warehouse, "e-3"), LATER, reason="one")
    circle = merge_events(tell("e-2", 2, age=9), read(warehouse, "e-1"), LATER, reason="one")
    warehouse.write_merge(
        RUN, merge_events(read(warehouse, "e-1"), read(warehouse, "e-2"), LATER, reason="one"), LATER
    )
    before = dump(warehouse_url)
    for late in (stale, circle):
        with pytest.raises(WarehouseError, match="e-2 was merged into e-1 meanwhile"):
            warehouse.write_merge(RUN, late, LATER)
    assert dump(warehouse_url) == before


def test_candidates_are_never_redirects(warehouse: Warehouse) -> None:
    load(warehouse, tell("e-1", 1, age=5, series="brst"), tell("e-2", 2, series="brst"))
    merged = merge_events(read(warehouse, "e-1"), read(warehouse, "e-2"), LATER, reason="one edition")
    warehouse.write_merge(RUN, merged, LATER)
    texts = [row.text_group_id for row in merged.dossier.coverage]
    found = warehouse.read_candidate_dossiers(["brst"], texts, {})
    assert [dossier.event.event_id for dossier in found] == ["e-1"]


def test_relations_changes_alerts_and_terms_go_along(warehouse: Warehouse, warehouse_url: str) -> None:
    relations = (
        EventRelation(event_id="e-2", other_event_id="e-3", kind="mentioned", article_id=IDS[2], quote="so"),
        EventRelation(event_id="e-1", other_event_id="e-2", kind="same_series"),
        EventRelation(event_id="e-2", other_event_id="e-3", kind="same_series"),
    )
    alert = Alert(
        key="console:e-2:new_event",
        event_id="e-2",
        kind="new_event",
        rule="all",
        route="console",
        title="New",
        body="New",
        created_at=NOW,
        next_attempt_at=NOW,
    )
    load(
        warehouse,
        *(tell(f"e-{n}", n, age=9 - n) for n in range(1, 4)),
        relations=relations,
        alerts=(alert,),
    )
    database = Database(parse_url(warehouse_url))
    database.write(lambda connection: store_terms(connection, {"e-1": [1, 2], "e-2": [2, 3], "e-3": [9]}))
    merged = merge_events(read(warehouse, "e-1"), read(warehouse, "e-2"), LATER, reason="one edition")
    warehouse.write_merge(RUN, merged, LATER)

    expected = (
        relations[0].model_copy(update={"event_id": "e-1"}),
        EventRelation(event_id="e-1", other_event_id="e-3", kind="same_series"),
    )
    assert warehouse.read_relations("e-1") == warehouse.read_relations("e-2") == expected
    assert warehouse.read_alerts("e-1") == warehouse.read_alerts("e-2") == (alert,)
    terms = database.ask(lambda connection: connection.execute(event_term.select()).all())
    database.close()
    assert sorted((term, event_id) for term, event_id in terms) == [
        (1, "e-1"),
        (2, "e-1"),
        (3, "e-1"),
        (9, "e-3"),
    ]


def test_the_ledger_of_changes_of_both_is_read_together(warehouse: Warehouse) -> None:
    take_entries(warehouse, 2)
    changes = [
        EventChange(event_id=f"e-{n}", kind="new_event", revision=1, article_id=IDS[n]) for n in (1, 2)
    ]
    dossiers = (tell("e-1", 1, age=5), tell("e-2", 2))
    warehouse.write_batch(RUN, make_batch(make_article(1), make_article(2), dossiers=dossiers), changes, NOW)
    warehouse.write_merge(RUN, merge_events(*dossiers, LATER, reason="one"), LATER)
    assert {change.event_id for change in warehouse.read_changes("e-2")} == {"e-1", "e-2"}


def test_a_batch_and_what_it_merged_are_written_as_one(warehouse: Warehouse, warehouse_url: str) -> None:
    known, doubled = tell("e-1", 1, age=5), tell("e-2", 2)
    load(warehouse, known, doubled)
    grown, new = tell("e-2", 2, 3), tell("e-3", 4)
    pairs = [("e-1", "e-2", "one edition"), ("e-1", "e-3", "one text")]
    merges = merge_all([known, grown, new], pairs, LATER)
    relations = (EventRelation(event_id="e-3", other_event_id="e-1", kind="same_series"),)
    after = carry_over(merges, [grown, new], relations)
    before, into = {"e-1": known, "e-2": doubled}, {"e-2": "e-1", "e-3": "e-1"}
    told = list(find_all_changes(before, after.dossiers, into=into))
    batch = make_batch(make_article(4), dossiers=after.dossiers, relations=after.relations, results=())

    warehouse.write_batch(RUN, batch, told, LATER, merges)
    once = dump(warehouse_url)
    warehouse.write_batch(RUN, batch, told, LATER, merges)

    assert dump(warehouse_url) == once
    assert {read(warehouse, f"e-{n}").event.event_id for n in (1, 2, 3)} == {"e-1"}
    assert list_articles(read(warehouse, "e-3")) == [1, 2, 3, 4]
    assert sorted(list_covering(warehouse_url)) == sorted(IDS[n] for n in (1, 2, 3, 4))
    assert [entry.other_event_id for entry in warehouse.read_identity_changes("e-1")] == ["e-2", "e-3"]
    assert warehouse.read_changes("e-3") == ()


def test_a_split_makes_an_event_and_keeps_it_apart(warehouse: Warehouse, warehouse_url: str) -> None:
    load(warehouse, tell("brst-1", 1, 2, 3, series="brst"))
    split = split_event(read(warehouse, "brst-1"), [IDS[3]], LATER, reason="a dinner", actor="ada")
    part_id = split.part.event.event_id

    warehouse.write_split(RUN, split, LATER)
    once = dump(warehouse_url)
    warehouse.write_split(RUN, split, LATER)

    assert dump(warehouse_url) == once
    assert list_articles(read(warehouse, "brst-1")) == [1, 2]
    assert list_articles(read(warehouse, part_id)) == [3]
    assert {(r.event_id, r.other_event_id, r.kind) for r in warehouse.read_relations(part_id)} == {
        ("brst-1", part_id, "same_series")
    }
    ruling = Pins(warehouse.read_pins(article_ids=[IDS[3]])).rule(IDS[3], "t-new")
    assert ([pin.event_id for pin in ruling.forced], ruling.barred) == (
        [part_id],
        frozenset({"brst-1"}),
    )
    (entry,) = warehouse.read_identity_changes(part_id)
    assert (entry.kind, entry.article_ids) == ("split", (IDS[3],))
    assert once["withdrawn_coverage"][0][:2] == (IDS[3], "brst-1")


# --- pins


def test_pins_are_found_by_article_event_and_text(warehouse: Warehouse) -> None:
    load(warehouse, tell("e-1", 1), tell("e-2", 2))
    pinned = curate(warehouse).pin("cannot_link", IDS[1], "e-2", "another pact")
    (pin,) = warehouse.read_pins(article_ids=[IDS[1]])
    assert pin.model_dump(exclude={"text_group_id"}) == pinned.pin.model_dump()
    text = read(warehouse, "e-1").coverage[0].text_group_id
    assert pin.text_group_id == text
    assert warehouse.read_pins(event_ids=["e-2"]) == (pin,)
    assert warehouse.read_pins(text_group_ids=[text]) == (pin,)
    assert warehouse.read_pins([IDS[2]], ["e-1"], ["t-none"]) == ()
    assert warehouse.read_pins() == ()


def test_a_pin_follows_its_event_into_another_one(warehouse: Warehouse) -> None:
    load(warehouse, tell("e-1", 1, age=5), tell("e-2", 2), tell("e-3", 3))
    curate(warehouse).pin("cannot_link", IDS[3], "e-2")
    curate(warehouse, 1).merge("e-1", "e-2", "one edition")
    (pin,) = warehouse.read_pins(article_ids=[IDS[3]])
    assert pin.event_id == "e-1"
    assert pin in warehouse.read_pins(event_ids=["e-1"])
    assert warehouse.read_all_pins()[0].event_id == "e-2"  # as it was given
    with pytest.raises(IdentityError, match=f"pins keep them apart: {pin.pin_id}"):
        curate(warehouse, 2).merge("e-3", "e-2", "one edition")


def test_the_latest_pin_ends_what_it_contradicts(warehouse: Warehouse) -> None:
    load(warehouse, tell("e-1", 1), tell("e-2", 2))
    first = curate(warehouse).pin("cannot_link", IDS[1], "e-2").pin
    second = curate(warehouse, 1).pin("must_link", IDS[1], "e-2").pin
    again = curate(warehouse, 2).pin("must_link", IDS[1], "e-2").pin
    given = {pin.pin_id: pin for pin in warehouse.read_all_pins()}
    assert given[first.pin_id].revoked_at == second.created_at
    assert [pin.pin_id for pin in warehouse.read_pins(article_ids=[IDS[1]])] == [second.pin_id]
    assert again.pin_id not in given  # what holds is not said twice


def test_a_pin_that_ended_rules_no_longer(warehouse: Warehouse) -> None:
    load(warehouse, tell("e-1", 1), tell("e-2", 2))
    pin = curate(warehouse).pin("cannot_link", IDS[1], "e-2").pin
    ended = curate(warehouse, 1).unpin(pin.pin_id, "a slip")
    assert ended.revoked_at == LATER + HOUR
    assert warehouse.read_pins(article_ids=[IDS[1]]) == ()
    assert [entry.kind for entry in warehouse.read_identity_changes("e-2")] == ["pin", "unpin"]
    with pytest.raises(IdentityError, match="in force"):
        curate(warehouse, 2).unpin(pin.pin_id)


@pytest.mark.parametrize(
    ("kind", "article", "event_id", "there"),
    [
        ("must_link", 3, "e-1", {"e-1": [1, 3], "e-2": [2]}),
        ("must_link", 1, "e-2", {"e-1": [1, 2, 3], "e-2": [1, 2, 3]}),
        ("cannot_link", 3, "e-2", {"e-1": [1], "e-2": [2]}),
        ("cannot_link", 3, "e-1", {"e-1": [1], "e-2": [2, 3]}),
    ],
)
def test_a_pin_takes_effect_at_once(  # noqa: PLR0917 - a table, on two databases
    warehouse: Warehouse,
    warehouse_url: str,
    kind: PinKind,
    article: int,
    event_id: str,
    there: dict[str, list[int]],
) -> None:
    load(warehouse, tell("e-1", 1, age=5), tell("e-2", 2, 3))
    curate(warehouse).pin(kind, make_article(article).url, event_id)
    assert {name: list_articles(read(warehouse, name)) for name in there} == there
    assert sorted(list_covering(warehouse_url)) == sorted(IDS[n] for n in (1, 2, 3))


def test_what_was_parted_is_merged_only_with_its_pins_ended(warehouse: Warehouse) -> None:
    load(warehouse, tell("e-1", 1, 2, age=5))
    part_id = curate(warehouse).split("e-1", [IDS[2]], "a dinner").part.event.event_id
    with pytest.raises(IdentityError, match="pins keep them apart"):
        curate(warehouse, 1).merge("e-1", part_id, "no dinner")
    curate(warehouse, 2).merge("e-1", part_id, "no dinner", unpin=True)
    assert list_articles(read(warehouse, part_id)) == [1, 2]
    ruling = Pins(warehouse.read_pins(event_ids=["e-1"])).rule(IDS[2], "t-none")
    assert ({pin.event_id for pin in ruling.forced}, ruling.barred) == ({"e-1"}, frozenset())


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda curator: curator.merge("e-1", "e-9", "one"), "no event 'e-9'"),
        (lambda curator: curator.merge("e-1", "e-1", "one"), "one event already"),
        (lambda curator: curator.split("e-1", [IDS[9]], "a dinner"), "no article"),
        (lambda curator: curator.split("e-1", [IDS[2]], "a dinner"), "is not on e-1"),
        (lambda curator: curator.pin("must_link", "https://never.example/1", "e-1"), "no article"),
        (lambda curator: curator.pin("must_link", "http://[", "e-1"), "http"),
        (lambda curator: curator.pin("cannot_link", IDS[1], "e-1"), "nothing would stay"),
        (lambda curator: curator.pin("must_link", IDS[1], "e-2", leaving="e-2"), "is not on e-2"),
        (lambda curator: curator.unpin("p-9"), "no pin 'p-9'"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(sqlite_url: str, act: object, said: str) -> None:
    with Warehouse.open(sqlite_url) as warehouse:
        load(warehouse, tell("e-1", 1), tell("e-2", 2))
        before = dump(sqlite_url)
        with pytest.raises(IdentityError, match=said) as caught:
            act(curate(warehouse))  # type: ignore[operator]
        assert "\n" not in str(caught.value)
        left = dump(sqlite_url)
        assert {name: rows for name, rows in left.items() if name != "run"} == {
            name: rows for name, rows in before.items() if name != "run"
        }


MERGES = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=8)


@given(MERGES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_merged_every_id_leads_to_its_coverage(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, merges: list[tuple[int, int]]
) -> None:
    file = tmp_path_factory.mktemp("merges") / "warehouse.db"
    file.write_bytes(sqlite_template.read_bytes())
    with Warehouse.open(f"sqlite:///{file}") as warehouse:
        load(warehouse, *(tell(f"e-{n}", n, age=n % 3) for n in range(1, 6)))
        for one, other in merges:
            ends = warehouse.read_dossiers([f"e-{one}", f"e-{other}"])
            if len(ends) == 2:
                warehouse.write_merge(RUN, merge_events(*ends, LATER, reason="one"), LATER)
        for n in range(1, 6):
            found = read(warehouse, f"e-{n}")
            assert n in list_articles(found)
            assert found.event.articles == len(found.coverage)
        events = warehouse.read_events()
        assert sorted(row.article_id for d in events for row in d.coverage) == sorted(
            IDS[n] for n in range(1, 6)
        )


def test_another_time_is_another_split(warehouse: Warehouse) -> None:
    load(warehouse, tell("e-1", 1, 2, 3))
    first = curate(warehouse).split("e-1", [IDS[3]], "a dinner").part.event.event_id
    curate(warehouse, 1).merge("e-1", first, "no dinner", unpin=True)
    second = curate(warehouse, 2).split("e-1", [IDS[3]], "a dinner after all").part.event.event_id
    assert list_articles(read(warehouse, second)) == [3]
    assert list_articles(read(warehouse, first)) == [1, 2]  # it was merged
    assert [entry.kind for entry in warehouse.read_identity_changes("e-1")] == ["split", "merge", "split"]
    assert LATER + timedelta(hours=2) == read(warehouse, second).event.first_seen_at
