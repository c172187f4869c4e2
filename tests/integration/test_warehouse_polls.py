"""What a poll leaves behind beyond its entries: an adapted interval, gaps, and the health of its source."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coopwatch.warehouse import Warehouse
from schemas.records import Failure, Gap, PollBounds, PollState
from tests.builders import NOW
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    dump,
    fill_inbox,
    make_feed_entry,
    make_poll,
    make_source,
)

LATER = NOW + HOUR
DAY = timedelta(days=1)
DOWN = Failure(stage="poll", kind="timeout", detail="idle for 15 s", is_transient=True)


def poll_once(
    warehouse: Warehouse, numbers: Iterable[int], now: datetime, source_id: str = "courier", **changes: Any
) -> int:
    """Write one poll that lists entries of these numbers, and remembers only its time."""
    state = changes.pop("state", None) or PollState(source_id=source_id, last_polled_at=now)
    entries = [make_feed_entry(number, source_id) for number in numbers]
    result = make_poll(entries, source_id, polled_at=now, state=state, **changes)
    return warehouse.write_polls(RUN, [result], now)


def start(warehouse: Warehouse, *source_ids: str, **changes: Any) -> None:
    warehouse.start_run(RUN, NOW)
    warehouse.register_sources([make_source(source_id, **changes) for source_id in source_ids], NOW)


# --- gaps


def test_a_list_without_anything_known_is_a_gap(warehouse: Warehouse) -> None:
    start(warehouse, "courier")
    poll_once(warehouse, [1, 2, 3], NOW)
    poll_once(warehouse, [3, 4, 5], LATER)
    assert warehouse.read_gaps() == ()

    assert poll_once(warehouse, [6, 7, 8], LATER + HOUR) == 3

    assert warehouse.read_gaps() == (Gap(source_id="courier", from_at=LATER, to_at=LATER + HOUR),)


def test_a_gap_begins_with_the_last_success(warehouse: Warehouse) -> None:
    """Polls that failed saw nothing; one that found nothing modified saw what was listed before."""
    start(warehouse, "courier")
    times = [NOW + number * HOUR for number in range(5)]
    asked = times[0] - timedelta(seconds=9)
    seen = PollState(source_id="courier", last_polled_at=asked, last_success_at=asked)
    warehouse.write_polls(RUN, [make_poll([make_feed_entry(1)], polled_at=asked, state=seen)], times[0])
    seen = seen.model_copy(update={"last_success_at": times[1]})
    poll_once(warehouse, [], times[1], outcome="not_modified", state=seen)
    poll_once(warehouse, [], times[2], outcome="failed", failure=DOWN, state=seen)

    poll_once(warehouse, [2], times[3], state=seen)

    assert [(gap.from_at, gap.to_at) for gap in warehouse.read_gaps()] == [(times[1], times[3])]


def test_a_gap_begins_when_the_list_was_asked_for_and_not_when_it_was_written(warehouse: Warehouse) -> None:
    start(warehouse, "courier")
    asked = NOW - timedelta(seconds=9)
    seen = PollState(source_id="courier", last_polled_at=asked, last_success_at=asked)
    warehouse.write_polls(RUN, [make_poll([make_feed_entry(1)], polled_at=asked, state=seen)], NOW)

    poll_once(warehouse, [2], LATER)

    assert [gap.from_at for gap in warehouse.read_gaps()] == [asked]


@pytest.mark.parametrize(
    ("lists", "gaps"),
    [
        ([[1, 2]], 0),  # the first poll has nothing to overlap with
        ([[], [1, 2]], 0),
        ([[1, 2], []], 0),  # an empty list shows nothing
        ([[1, 2], [], [3]], 0),
        ([[1], [2], [3], [4]], 3),  # a list that is replaced every time
        ([[1], [2], [1]], 1),  # what is known from long ago is known
    ],
)
def test_gaps(warehouse: Warehouse, lists: list[list[int]], gaps: int) -> None:
    start(warehouse, "courier")
    for number, numbers in enumerate(lists):
        poll_once(warehouse, numbers, NOW + number * HOUR)

    assert len(warehouse.read_gaps()) == gaps


def test_an_address_that_was_corrected_starts_anew_without_a_gap(warehouse: Warehouse) -> None:
    start(warehouse, "courier")
    poll_once(warehouse, [1], NOW)
    start(warehouse, "courier", url="https://courier.example/other")

    poll_once(warehouse, [2], LATER)
    assert warehouse.read_gaps() == ()
    poll_once(warehouse, [3], LATER + HOUR)
    assert len(warehouse.read_gaps()) == 1


def test_gaps_are_closed_once_and_kept(warehouse: Warehouse) -> None:
    start(warehouse, "courier", "herald")
    for number in (1, 2):
        for source_id in ("courier", "herald"):
            poll_once(warehouse, [number], NOW + number * HOUR, source_id)
    first, second = warehouse.read_gaps()

    warehouse.close_gap(first.source_id, first.to_at, NOW + DAY)
    warehouse.close_gap(first.source_id, first.to_at, NOW + 2 * DAY)

    assert warehouse.read_gaps() == (second,)
    assert warehouse.read_gaps(open_only=False) == (
        first.model_copy(update={"filled_at": NOW + DAY}),
        second,
    )


# --- intervals


def read_interval(warehouse: Warehouse) -> float | None:
    return warehouse.read_poll_states()["courier"].interval_seconds


@pytest.mark.parametrize(
    ("numbers", "outcome", "longer"),
    [
        (range(1, 21), "polled", True),  # nothing new
        (range(21, 41), "polled", False),  # all of it
        ([], "not_modified", None),
    ],
)
def test_what_was_new_adapts_the_interval(
    warehouse: Warehouse, numbers: Iterable[int], outcome: str, longer: bool | None
) -> None:
    start(warehouse, "courier", poll=PollBounds(min=timedelta(minutes=5), max=DAY))
    poll_once(warehouse, range(1, 21), NOW)
    steady = PollState(
        source_id="courier",
        last_polled_at=LATER,
        last_success_at=LATER,
        next_poll_at=LATER + HOUR,
        interval_seconds=3600.0,
        steady_polls=9,
    )

    poll_once(warehouse, numbers, LATER, outcome=outcome, state=steady)

    state = warehouse.read_poll_states()["courier"]
    assert state.interval_seconds is not None
    assert state.next_poll_at == LATER + timedelta(seconds=state.interval_seconds)
    if longer is None:
        assert state == steady
    else:
        assert (state.interval_seconds > 3600.0) == longer
        assert (state.interval_seconds < 3600.0) != longer


def test_an_interval_stays_within_the_bounds_of_its_source(warehouse: Warehouse) -> None:
    start(warehouse, "courier", poll=PollBounds(min=HOUR, max=HOUR))
    steady = PollState(
        source_id="courier", next_poll_at=LATER + HOUR, interval_seconds=3600.0, steady_polls=9
    )
    poll_once(warehouse, range(1, 21), NOW, state=steady)
    poll_once(warehouse, range(1, 21), LATER, state=steady)

    assert read_interval(warehouse) == 3600.0


def test_new_entries_are_remembered(warehouse: Warehouse) -> None:
    start(warehouse, "courier")
    poll_once(warehouse, [1], NOW)
    known = warehouse.read_poll_states()["courier"]
    assert known.last_new_entry_at == NOW

    poll_once(warehouse, [1], LATER, state=known.model_copy(update={"last_polled_at": LATER}))

    assert warehouse.read_poll_states()["courier"].last_new_entry_at == NOW


def test_a_poll_that_is_written_again_changes_nothing(warehouse: Warehouse, warehouse_url: str) -> None:
    start(warehouse, "courier")
    poll_once(warehouse, [1], NOW)
    poll_once(warehouse, [2], LATER)
    before = dump(warehouse_url)

    polls = [
        make_poll(
            [make_feed_entry(2)], polled_at=LATER, state=PollState(source_id="courier", last_polled_at=LATER)
        )
    ]
    assert warehouse.write_polls(RUN, polls, LATER + DAY) == 0

    assert dump(warehouse_url) == before


def test_everything_about_a_poll_is_remembered(warehouse: Warehouse) -> None:
    state = PollState(
        source_id="courier",
        next_poll_at=LATER,
        last_polled_at=NOW,
        last_success_at=NOW,
        last_new_entry_at=NOW,
        interval_seconds=60.0,
        ttl_seconds=120.0,
        etag='"1"',
        last_modified="Tue",
        body_sha256="ab",
        failure_weight=0.5,
        last_error="timeout: idle",
        steady_polls=3,
        not_modified_polls=4,
        is_conditional=False,
        moved_to="https://new.example/feed",
        moved_since=NOW - DAY,
        current_url="https://newer.example/feed",
    )
    assert state.model_fields_set == set(PollState.model_fields)
    start(warehouse, "courier")
    poll_once(warehouse, [], NOW, outcome="not_modified", state=state)
    assert warehouse.read_poll_states()["courier"] == state

    start(warehouse, "courier", url="https://courier.example/other")

    assert warehouse.read_poll_states()["courier"] == PollState(
        source_id="courier",
        last_polled_at=NOW,
        last_success_at=NOW,
        last_new_entry_at=NOW,
        failure_weight=0.5,
        last_error="timeout: idle",
    )


# --- health


def test_health_counts_the_last_seven_days(warehouse: Warehouse) -> None:
    """The database's own clock says which those are."""
    now = datetime.now(UTC)
    warehouse.start_run(RUN, now)
    sources = [make_source("courier", expect={"silent_after": DAY}), make_source("herald")]
    warehouse.register_sources([*sources, make_source("gone")], now - 10 * DAY)
    warehouse.register_sources(sources, now - 9 * DAY)
    poll_once(warehouse, [1, 2], now - 8 * DAY)
    poll_once(warehouse, [2, 3, 4], now - 6 * DAY, unreadable=2)
    failing = PollState(
        source_id="courier",
        last_polled_at=now - HOUR,
        last_new_entry_at=now - 6 * DAY,
        failure_weight=1.0,
        last_error="timeout: idle for 15 s",
        current_url="https://new.example/feed",
        is_conditional=False,
    )
    poll_once(warehouse, [], now - HOUR, outcome="failed", failure=DOWN, state=failing)
    poll_once(warehouse, [9], now - timedelta(minutes=1), state=failing)

    courier, gone, herald = warehouse.read_source_health()

    assert abs(courier.as_of - now) < timedelta(minutes=1)
    assert courier.model_dump(include={"polls_7d", "failed_7d", "new_entries_7d", "unreadable_7d"}) == {
        "polls_7d": 3,
        "failed_7d": 1,
        "new_entries_7d": 3,
        "unreadable_7d": 2,
    }
    assert (courier.first_polled_at, courier.open_gaps) == (now - 8 * DAY, 1)
    assert (courier.last_error, courier.current_url) == (failing.last_error, failing.current_url)
    assert (courier.silent_after_seconds, courier.is_conditional) == (86_400.0, False)
    assert [row.status for row in (courier, gone, herald)] == ["failing", "retired", "never polled"]
    assert (herald.polls_7d, herald.open_gaps, herald.first_polled_at) == (0, 0, None)


def test_a_source_whose_gap_was_filled_has_none(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(1)])
    poll_once(warehouse, [2], LATER)
    (gap,) = warehouse.read_gaps()
    warehouse.close_gap(gap.source_id, gap.to_at, NOW + DAY)

    assert [row.open_gaps for row in warehouse.read_source_health()] == [0]
