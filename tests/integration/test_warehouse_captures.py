"""The index of captures: what is recorded, found, read and forgotten."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from coopwatch.errors import WarehouseError
from coopwatch.warehouse import CaptureRow, Warehouse
from tests.builders import NOW
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    fill_inbox,
    make_capture,
    make_feed_entry,
    make_source,
)

DAY = timedelta(days=1)
PAGE = "https://courier.example/science/1"


@pytest.fixture
def warehouse(warehouse: Warehouse) -> Warehouse:
    """A warehouse with a run to refer to."""
    warehouse.start_run(RUN, NOW)
    return warehouse


def record(warehouse: Warehouse, *captures: CaptureRow) -> None:
    warehouse.record_captures(RUN, captures, NOW)


def list_times(warehouse: Warehouse, **which: Any) -> list[datetime]:
    return [row.fetched_at for row in warehouse.read_captures(**which)]


def test_what_is_recorded_is_what_is_found(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(1)])
    feed = make_capture(source_id="courier")
    page = make_capture("page", url=PAGE, purpose="page", source_id="courier", entry_id=1, content_type=None)
    bare = make_capture("bare", url=PAGE + "0", headers=(), size_bytes=5_000_000_000, status=304)
    record(warehouse, feed, page, bare)

    found = [warehouse.find_capture(row.url) for row in (feed, page, bare)]

    assert found == [row.model_copy(update={"run_id": RUN}) for row in (feed, page, bare)]
    assert warehouse.find_capture("https://courier.example/unheard-of") is None


@pytest.mark.parametrize(
    ("after", "changes", "rows"),
    [
        (timedelta(0), {}, 1),  # recorded again
        (HOUR, {}, 1),
        (DAY - timedelta(seconds=1), {}, 1),
        (DAY, {}, 2),
        (HOUR, {"body": "other"}, 2),
        (timedelta(0), {"body": "other"}, 2),
        (HOUR, {"url": PAGE}, 2),
        (HOUR, {"final_url": PAGE}, 2),
        (HOUR, {"status": 203}, 2),
        (HOUR, {"headers": (("ETag", "another"),)}, 1),
        (-HOUR, {}, 2),  # nothing is known of the time before
    ],
)
@pytest.mark.parametrize("is_together", [True, False])
def test_the_same_answer_is_indexed_once_a_day(
    warehouse: Warehouse, after: timedelta, changes: dict[str, Any], rows: int, is_together: bool
) -> None:
    first, second = make_capture(), make_capture(**changes, fetched_at=NOW + after)
    if is_together:
        record(warehouse, second, first)
        if after < timedelta(0):
            rows = 1
    else:
        record(warehouse, first)
        record(warehouse, second)

    assert len(list_times(warehouse)) == rows


def test_an_answer_that_comes_back_is_the_latest_one(warehouse: Warehouse) -> None:
    """What an address gave at a time is the latest row before it."""
    bodies = ["one", "one", "two", "two", "one", "one"]
    for number, body in enumerate(bodies):
        record(warehouse, make_capture(body, fetched_at=NOW + number * HOUR))

    assert list_times(warehouse) == [NOW, NOW + 2 * HOUR, NOW + 4 * HOUR]
    latest = warehouse.find_capture(make_capture().url)
    assert latest
    assert latest.sha256 == make_capture("one").sha256


def test_long_addresses_are_kept_whole_and_told_apart(warehouse: Warehouse) -> None:
    long = "https://courier.example/" + "x" * 20_000
    record(warehouse, make_capture(url=long + "1"), make_capture(url=long + "2"))

    found = warehouse.find_capture(long + "2")

    assert found
    assert found.url == long + "2"


def test_hostile_headers_are_kept(warehouse: Warehouse) -> None:
    hostile = make_capture(headers=(("X-\x00", "\ud800"),), final_url="https://courier.example/\x00")
    record(warehouse, hostile)

    assert warehouse.find_capture(hostile.url)


def test_a_capture_of_an_unknown_source_is_refused_in_one_line(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError) as caught:
        record(warehouse, make_capture(source_id="unheard-of"))

    assert "\n" not in str(caught.value)


def test_captures_are_read_in_the_order_of_time(warehouse: Warehouse) -> None:
    times = [NOW + number * HOUR for number in range(4)]
    feeds = [make_capture(f"body {time}", fetched_at=time) for time in times]
    page = make_capture("page", fetched_at=times[1] + timedelta(minutes=1), purpose="page", url=PAGE)
    record(warehouse, feeds[3], page, *feeds[:3])

    everything = list_times(warehouse)

    assert everything == sorted(everything)
    assert len(everything) == 5
    assert list_times(warehouse, since=times[1], until=times[2]) == [times[1], page.fetched_at]
    assert list_times(warehouse, url=PAGE) == [page.fetched_at]
    assert list_times(warehouse, purpose="page") == [page.fetched_at]
    assert list_times(warehouse, since=times[2], purpose="page") == []


def test_captures_are_read_while_others_are_written(warehouse: Warehouse) -> None:
    """An export is long; it sees what was there when it began, and holds nobody up."""
    record(warehouse, *(make_capture(f"body {number}", url=f"{PAGE}{number}") for number in range(2000)))
    reading = warehouse.read_captures()
    next(reading)

    record(warehouse, make_capture("later", url=PAGE))
    warehouse.expire_captures(NOW)

    assert sum(1 for _ in reading) == 1999
    assert warehouse.find_capture(PAGE)


def test_an_export_that_is_given_up_gives_its_connection_back(warehouse: Warehouse) -> None:
    record(warehouse, *(make_capture(f"body {number}", url=f"{PAGE}{number}") for number in range(20)))
    for _ in range(30):  # more often than there are connections
        reading = warehouse.read_captures()
        next(reading)
        reading.close()

    assert warehouse.find_capture(PAGE + "1")


def test_expired_captures_leave_the_bodies_that_others_need(warehouse: Warehouse) -> None:
    days = [NOW + number * DAY for number in range(4)]
    for capture in (
        make_capture("old", fetched_at=days[0]),
        make_capture("needed", fetched_at=days[1]),
        make_capture("twice", fetched_at=days[1], url=PAGE),
        make_capture("twice", fetched_at=days[1], url=PAGE + "/amp"),
        make_capture("needed", fetched_at=days[3], url=PAGE),
    ):
        warehouse.record_captures(RUN, [capture], capture.fetched_at)

    gone = warehouse.expire_captures(days[2])

    assert gone == tuple(sorted(make_capture(body).sha256 for body in ("old", "twice")))
    assert list_times(warehouse) == [days[3]]
    assert warehouse.expire_captures(days[2]) == ()


def test_what_an_archive_brings_is_kept_as_long_as_everything_else(warehouse: Warehouse) -> None:
    old = make_capture("old", fetched_at=NOW - 1000 * DAY)
    warehouse.record_captures(RUN, [old], NOW)

    assert warehouse.expire_captures(NOW) == ()
    assert warehouse.expire_captures(NOW + HOUR) == (old.sha256,)


def test_many_captures_expire_at_once(warehouse: Warehouse) -> None:
    """More than what goes into one statement."""
    warehouse.register_sources([make_source()], NOW)
    record(warehouse, *(make_capture(f"body {number}", source_id="courier") for number in range(1200)))

    assert len(warehouse.expire_captures(NOW + HOUR)) == 1200
