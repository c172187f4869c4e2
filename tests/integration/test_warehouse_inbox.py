"""Sources, polls, and the entries that wait, are taken, and end in exactly one outcome."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, select

from coopwatch.errors import WarehouseError
from coopwatch.warehouse import KnownUrl, Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas.records import EntryOutcome, Failure, PollState
from schemas.tables import entry, poll, source
from tests.builders import NOW, make_article
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    fill_inbox,
    make_batch,
    make_feed_entry,
    make_poll,
    make_result,
    make_source,
    take_entries,
)

LATER = NOW + HOUR
DOWN = Failure(stage="poll", kind="timeout", detail="idle for 15 s", is_transient=True)


def read_seen(url: str) -> dict[str, datetime]:
    """Return when each entry was last seen, by key."""
    return dict(read_all(url, select(entry.c.key, entry.c.last_seen_at)))


def read_all(url: str, query: Executable) -> list[tuple[Any, ...]]:
    database = Database(parse_url(url))
    with database.read() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    database.close()
    return rows


# --- sources and polls


def test_registering_again_renews_facts_and_keeps_the_state(warehouse: Warehouse) -> None:
    warehouse.start_run(RUN, NOW)
    warehouse.register_sources([make_source(), make_source("herald")], NOW)
    state = PollState(
        source_id="courier", etag='"7"', last_modified="Tue", next_poll_at=LATER, failure_weight=0.5
    )
    warehouse.write_polls(RUN, [make_poll(state=state)], NOW)

    warehouse.register_sources([make_source(name="The New Courier")], LATER)

    assert warehouse.read_poll_states() == {"courier": state, "herald": PollState(source_id="herald")}


def test_a_source_that_moved_forgets_the_validators_of_its_old_address(warehouse: Warehouse) -> None:
    warehouse.start_run(RUN, NOW)
    warehouse.register_sources([make_source()], NOW)
    state = PollState(
        source_id="courier",
        etag='"7"',
        last_modified="Tue",
        body_sha256="ab",
        next_poll_at=LATER,
        failure_weight=2.0,
    )
    warehouse.write_polls(RUN, [make_poll(state=state)], NOW)

    warehouse.register_sources([make_source(url="https://courier.example/new-feed")], LATER)

    assert warehouse.read_poll_states()["courier"] == PollState(source_id="courier", failure_weight=2.0)


def test_only_entries_not_seen_before_are_new(warehouse: Warehouse) -> None:
    first = [make_feed_entry(1), make_feed_entry(2)]
    second = [make_feed_entry(2), make_feed_entry(3), make_feed_entry(3)]
    warehouse.start_run(RUN, NOW)
    warehouse.register_sources([make_source(), make_source("herald")], NOW)

    assert warehouse.write_polls(RUN, [make_poll(first)], NOW) == 2
    assert warehouse.write_polls(RUN, [make_poll(second, polled_at=LATER)], LATER) == 1
    # keys are identities inside a source only
    other = make_poll([make_feed_entry(1, "herald")], "herald")
    assert warehouse.write_polls(RUN, [other], LATER) == 1
    assert warehouse.count_entries()["pending"] == 4


def test_polls_are_written_into_the_ledger(warehouse: Warehouse, warehouse_url: str) -> None:
    fill_inbox(warehouse, [make_feed_entry(1)])
    partly_read = make_poll(
        [make_feed_entry(1), make_feed_entry(2)], polled_at=LATER, unreadable=3, seconds=0.5
    )
    warehouse.write_polls(RUN, [partly_read], LATER)
    failed = make_poll(outcome="failed", polled_at=LATER + HOUR, failure=DOWN, http_status=None)
    warehouse.write_polls(RUN, [failed], LATER + HOUR)

    columns = (
        poll.c.outcome,
        poll.c.http_status,
        poll.c.entries,
        poll.c.new_entries,
        poll.c.unreadable,
        poll.c.reason,
    )
    assert read_all(warehouse_url, select(*columns).order_by(poll.c.polled_at)) == [
        ("polled", 200, 1, 1, 0, None),
        ("polled", 200, 2, 1, 3, None),
        ("failed", None, 0, 0, 0, "timeout: idle for 15 s"),
    ]


def test_every_successful_poll_sees_what_it_lists(warehouse: Warehouse, warehouse_url: str) -> None:
    """An unchanged document lists what it listed before; what had left it, has left it."""
    times = [NOW + number * HOUR for number in range(6)]
    both, one = [make_feed_entry(1), make_feed_entry(2)], [make_feed_entry(2)]
    fill_inbox(warehouse, both, times[0])
    expected = [
        (make_poll(outcome="not_modified", polled_at=times[1]), times[1], times[1]),
        (make_poll(one, polled_at=times[2]), times[1], times[2]),
        (make_poll(outcome="failed", failure=DOWN, polled_at=times[3]), times[1], times[2]),
        (make_poll(outcome="not_modified", polled_at=times[4]), times[1], times[4]),
        (make_poll(both, polled_at=times[5]), times[5], times[5]),
    ]
    for result, first_seen, second_seen in expected:
        warehouse.write_polls(RUN, [result], result.polled_at)

        assert read_seen(warehouse_url) == {"guid-1": first_seen, "guid-2": second_seen}


def test_the_last_listing_is_remembered_through_failures(warehouse: Warehouse, warehouse_url: str) -> None:
    fill_inbox(warehouse, [make_feed_entry(1)])
    warehouse.write_polls(RUN, [make_poll(outcome="failed", failure=DOWN, polled_at=LATER)], LATER)

    assert read_all(warehouse_url, select(source.c.listed_at)) == [(NOW,)]


def test_a_poll_is_written_once(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(1)])

    assert warehouse.write_polls(RUN, [make_poll([make_feed_entry(1)])], NOW) == 0


def test_a_poll_of_an_unknown_source_is_refused_in_one_line(warehouse: Warehouse) -> None:
    warehouse.start_run(RUN, NOW)

    with pytest.raises(WarehouseError) as caught:
        warehouse.write_polls(RUN, [make_poll([make_feed_entry(1)])], NOW)

    assert "\n" not in str(caught.value)
    assert "foreign key" in str(caught.value).lower()


HOSTILE = [
    {"key": "nul\x00key"},
    {"key": "k" * 100_000},
    {"key": "界" * 50_000},
    {"title": "lone \ud800 surrogate \x00"},
    {"summary": "'; DROP TABLE entry; --"},
    {"compare_url": "https://courier.example/" + "x" * 20_000},
    {"published_at": datetime.fromisoformat("0001-01-01T00:00:00+14:00")},
    {"url": "http://[broken/"},
]


@pytest.mark.parametrize("field", HOSTILE, ids=lambda field: next(iter(field)))
def test_hostile_entries_are_kept_and_known_again(warehouse: Warehouse, field: dict[str, object]) -> None:
    hostile = make_feed_entry(1).model_copy(update=field)
    fill_inbox(warehouse, [make_feed_entry(2), hostile])

    assert warehouse.write_polls(RUN, [make_poll([hostile], polled_at=LATER)], LATER) == 0
    taken = warehouse.take_pending(RUN, 10, NOW, HOUR)
    assert len(taken) == 2
    warehouse.write_batch(RUN, make_batch(results=(make_result(2, outcome="irrelevant"),)), (), NOW)
    assert warehouse.find_known([hostile.compare_url])[hostile.compare_url].entry_id == 2


# --- taking and settling


def take_numbers(warehouse: Warehouse, limit: int, now: datetime = NOW, run_id: str = RUN) -> list[str]:
    return [taken.url for taken in warehouse.take_pending(run_id, limit, now, HOUR)]


def test_hosts_take_turns_and_the_oldest_of_each_comes_first(warehouse: Warehouse) -> None:
    flood = [make_feed_entry(number, host="flood.example") for number in range(1, 9)]
    few = [make_feed_entry(number, "herald", host=f"h{number % 2}.example") for number in range(3)]
    fill_inbox(warehouse, flood)
    first = take_numbers(warehouse, 2)
    fill_inbox(warehouse, few, LATER)

    assert first == ["https://flood.example/science/1", "https://flood.example/science/2"]
    rest = take_numbers(warehouse, 100)
    assert rest[:6] == [
        "https://h0.example/science/0",
        "https://h1.example/science/1",
        "https://h0.example/science/2",
        "https://flood.example/science/3",
        "https://flood.example/science/4",
        "https://flood.example/science/5",
    ]


def test_a_host_cannot_fill_the_inbox_for_others(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(number, host="flood.example") for number in range(1000)])
    for number in range(20):
        fill_inbox(warehouse, [make_feed_entry(number, f"s{number}", host=f"h{number}.example")], LATER)

    taken = take_numbers(warehouse, 25)

    assert sum("flood" in url for url in taken) == 5


def test_a_batch_takes_so_many_entries_of_one_host_at_most(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(number, host="flood.example") for number in range(30)])
    fill_inbox(warehouse, [make_feed_entry(number, "herald", host="h.example") for number in range(3)], LATER)

    first = warehouse.take_pending(RUN, 25, NOW, HOUR, per_host=10)
    second = warehouse.take_pending(RUN, 25, NOW, HOUR, per_host=10)

    assert [sum(host in entry.url for entry in first) for host in ("flood", "h.example")] == [10, 3]
    assert [entry.url for entry in second] == [
        f"https://flood.example/science/{number}" for number in range(10, 20)
    ]


def test_a_second_flood_does_not_starve_the_first(warehouse: Warehouse) -> None:
    """Who was served long ago is not overtaken by all of a newcomer's entries."""
    fill_inbox(warehouse, [make_feed_entry(number, "old") for number in range(300)])
    results = [
        make_result(e.entry_id, outcome="irrelevant") for e in warehouse.take_pending(RUN, 200, NOW, HOUR)
    ]
    warehouse.write_batch(RUN, make_batch(results=tuple(results)), (), NOW)
    fill_inbox(warehouse, [make_feed_entry(number, "new") for number in range(300)], LATER)

    taken = take_numbers(warehouse, 20)

    assert sum("old" in url for url in taken) == 10


def test_entries_to_be_tried_again_do_not_move_the_round_that_is_served(warehouse: Warehouse) -> None:
    fill_inbox(
        warehouse, [make_feed_entry(0, "slow"), *(make_feed_entry(number, "old") for number in range(300))]
    )
    taken = warehouse.take_pending(RUN, 201, NOW, HOUR)
    results = [
        make_result(item.entry_id, outcome="pending", stage="fetch", next_attempt_at=NOW + 99 * HOUR)
        if item.url.endswith("/0")
        else make_result(item.entry_id, outcome="irrelevant")
        for item in taken
    ]
    warehouse.write_batch(RUN, make_batch(results=tuple(results)), (), NOW)
    newcomers = [make_feed_entry(number, name) for name in ("slow", "new") for number in range(1, 100)]
    fill_inbox(warehouse, newcomers, LATER)

    hosts = [url.split("/")[2] for url in take_numbers(warehouse, 30, LATER)]

    assert [hosts.count(f"{name}.example") for name in ("slow", "new", "old")] == [10, 10, 10]


def test_nobody_gets_what_another_run_holds_until_its_lease_is_over(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(1, 4)])
    warehouse.start_run("run-2", NOW)

    assert len(take_numbers(warehouse, 2)) == 2
    assert take_numbers(warehouse, 10, run_id="run-2") == ["https://courier.example/science/3"]
    assert take_numbers(warehouse, 10, NOW + HOUR - timedelta(seconds=1)) == []
    assert len(take_numbers(warehouse, 10, NOW + HOUR, run_id="run-2")) == 3


def test_released_entries_are_free(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(1), make_feed_entry(2)])
    warehouse.take_pending(RUN, 1, NOW, HOUR)
    warehouse.take_pending("run-2", 1, NOW, HOUR)

    warehouse.release(RUN)

    assert take_numbers(warehouse, 10, run_id="run-3") == ["https://courier.example/science/1"]


@pytest.mark.parametrize("outcome", ["loaded", "irrelevant", "quarantined", "failed"])
def test_an_entry_ends_in_exactly_one_outcome(warehouse: Warehouse, outcome: EntryOutcome) -> None:
    take_entries(warehouse, 2)
    warehouse.write_batch(RUN, make_batch(results=(make_result(1, outcome=outcome),)), (), NOW)

    counts = warehouse.count_entries()

    assert {name: count for name, count in counts.items() if count} == {"pending": 1, outcome: 1}
    assert len(counts) == 5
    assert take_numbers(warehouse, 10, NOW + 9 * HOUR) == ["https://courier.example/science/2"]


def test_an_entry_to_be_tried_again_waits_for_its_time_and_counts_its_attempts(warehouse: Warehouse) -> None:
    take_entries(warehouse, 1)
    retry = make_result(1, outcome="pending", stage="fetch", next_attempt_at=NOW + 2 * HOUR)
    warehouse.write_batch(RUN, make_batch(results=(retry,)), (), NOW)

    assert warehouse.take_pending(RUN, 10, NOW + HOUR, HOUR) == ()
    (again,) = warehouse.take_pending(RUN, 10, NOW + 2 * HOUR, HOUR)
    assert again.attempts == 1


def test_a_run_does_not_overrule_the_one_that_took_its_entry(warehouse: Warehouse) -> None:
    take_entries(warehouse, 1)
    warehouse.start_run("run-2", LATER)
    assert len(warehouse.take_pending("run-2", 1, LATER, HOUR)) == 1

    warehouse.write_batch(RUN, make_batch(results=(make_result(1, outcome="failed"),)), (), LATER)
    assert warehouse.count_entries()["pending"] == 1
    warehouse.write_batch("run-2", make_batch(results=(make_result(1, outcome="irrelevant"),)), (), LATER)
    assert warehouse.count_entries()["irrelevant"] == 1


def test_entries_of_sources_that_left_the_registry_are_still_taken(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(1, "gone")])
    warehouse.register_sources([make_source("courier")], LATER)

    assert [taken.source_id for taken in warehouse.take_pending(RUN, 10, LATER, HOUR)] == ["gone"]


def test_what_is_taken_is_what_was_listed(warehouse: Warehouse) -> None:
    listed = make_feed_entry(
        1, summary="In short", author="A. Author", language="en", published_at=NOW - HOUR, compare_url="c://1"
    )
    fill_inbox(warehouse, [listed])

    (taken,) = warehouse.take_pending(RUN, 10, NOW, HOUR)

    assert (
        taken.model_dump(exclude={"entry_id", "attempts", "first_seen_at", "revises"}) == listed.model_dump()
    )
    assert (taken.attempts, taken.first_seen_at) == (0, NOW)


# --- known addresses


def test_known_addresses(warehouse: Warehouse) -> None:
    """Loaded wins over irrelevant; what is not final is not known; an article is known by its own address."""
    urls = [f"https://courier.example/science/{number}" for number in range(1, 6)]
    twin = make_feed_entry(1, "herald", compare_url=urls[0])
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(1, 5)])
    fill_inbox(warehouse, [twin])
    warehouse.take_pending(RUN, 10, NOW, HOUR)
    led_to = make_article(5, entry_id=5)  # entry 5 was listed under the address of entry 1
    outcomes: Sequence[EntryOutcome] = ("irrelevant", "irrelevant", "failed", "quarantined")
    results = [make_result(number, outcome=outcome) for number, outcome in enumerate(outcomes, 1)]
    results.append(make_result(5, article_id=led_to.article_id))
    batch = make_batch(led_to).model_copy(update={"results": tuple(results)})
    warehouse.write_batch(RUN, batch, (), NOW)

    loaded = KnownUrl(outcome="loaded", article_id=led_to.article_id, entry_id=5)
    assert warehouse.find_known([*urls, "https://courier.example/unheard-of"]) == {
        urls[0]: loaded,
        urls[1]: KnownUrl(outcome="irrelevant", article_id=None, entry_id=2),
        urls[4]: loaded,
    }
    assert warehouse.find_known([]) == {}
