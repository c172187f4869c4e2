"""Runs beside each other, and runs that are killed."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from coopwatch.errors import WarehouseError
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas.records import EntryOutcome
from schemas.tables import entry
from tests.builders import NOW
from tests.integration.warehouse_samples import HOUR, RUN, dump, fill_inbox, make_feed_entry

ENTRIES = 60


def start_worker(url: str, run_id: str, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.integration.warehouse_worker", url, run_id, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(worker: "subprocess.Popen[str]") -> tuple[int, str]:
    errors = worker.communicate(timeout=180)[1]
    return worker.returncode, errors


def run_in_threads(*works: Callable[[], object]) -> list[object]:
    """Run functions at the same time; return what they return or raise."""
    outcomes: list[object] = [None] * len(works)

    def run(index: int) -> None:
        try:
            outcomes[index] = works[index]()
        except Exception as error:  # noqa: BLE001 - a thread's error must reach the test
            outcomes[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def assert_all_loaded_once(url: str) -> None:
    """Every entry is loaded, and has its article, its coverage and its row in the ledger."""
    rows = dump(url)
    assert {name: len(rows[name]) for name in ("entry", "article", "coverage", "claim", "event_change")} == (
        dict.fromkeys(("entry", "article", "coverage", "claim", "event_change"), ENTRIES)
    )
    assert len(rows["fingerprint"]) == 20 * ENTRIES
    assert len(rows["event"]) == 1
    columns = [column.name for column in entry.columns]
    settled = [dict(zip(columns, row, strict=True)) for row in rows["entry"]]
    assert {(row["outcome"], row["attempts"], row["claimed_by"]) for row in settled} == {("loaded", 1, None)}


def test_two_runs_at_once_load_everything_once(warehouse: Warehouse, warehouse_url: str) -> None:
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(ENTRIES)])

    workers = [start_worker(warehouse_url, f"worker-{number}") for number in range(2)]

    assert [wait_for(worker) for worker in workers] == [(0, "")] * 2
    assert_all_loaded_once(warehouse_url)


def test_threads_never_take_the_same_entry(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(200)])

    def take_all(run_id: str) -> list[int]:
        taken: list[int] = []
        while some := warehouse.take_pending(run_id, 7, NOW, HOUR):
            taken += [item.entry_id for item in some]
        return taken

    taken = run_in_threads(*(lambda run_id=f"run-{number}": take_all(run_id) for number in range(4)))

    assert sorted(entry_id for some in taken for entry_id in some) == list(range(1, 201))  # type: ignore[attr-defined]


def test_polls_at_once_bring_every_entry_in_once(warehouse: Warehouse) -> None:
    entries = [make_feed_entry(number, f"s{number % 3}") for number in range(90)]
    fill_inbox(warehouse, [make_feed_entry(1000, f"s{number}") for number in range(3)])
    later = [NOW + timedelta(seconds=number) for number in range(1, 5)]

    outcomes = run_in_threads(
        *(lambda now=now: fill_inbox(warehouse, entries, now, f"run-{now.second}") for now in later)
    )

    assert outcomes == [None] * 4
    assert warehouse.count_entries()["pending"] == 93


def test_a_killed_transaction_leaves_nothing(warehouse: Warehouse, warehouse_url: str) -> None:
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(ENTRIES)])

    assert wait_for(start_worker(warehouse_url, "killed", "kill")) == (-signal.SIGKILL, "")

    rows = dump(warehouse_url)
    untouched = (
        "article",
        "membership",
        "fingerprint",
        "event",
        "coverage",
        "claim",
        "event_change",
        "judgement",
    )
    assert {name: rows[name] for name in untouched} == {name: [] for name in untouched}
    assert warehouse.count_entries()["pending"] == ENTRIES
    # what the killed run held is free when its lease is over; the rest is free now
    assert wait_for(start_worker(warehouse_url, "after")) == (0, "")
    assert warehouse.count_entries()["pending"] == 5
    assert len(warehouse.take_pending("later", ENTRIES, NOW + HOUR, HOUR)) == 5


def test_runs_killed_at_any_instant_leave_whole_batches(warehouse: Warehouse, warehouse_url: str) -> None:
    fill_inbox(warehouse, [make_feed_entry(number) for number in range(ENTRIES)])
    spread = random.Random(7)
    for number in range(4):
        worker = start_worker(warehouse_url, f"killed-{number}")
        assert worker.stdout
        assert worker.stdout.readline() == "open\n"
        time.sleep(spread.uniform(0, 0.3))  # what it does now is one short transaction after the other
        worker.kill()
        wait_for(worker)
        rows = dump(warehouse_url)
        loaded = warehouse.count_entries()["loaded"]
        assert [len(rows[name]) for name in ("article", "coverage", "claim", "event_change")] == [loaded] * 4
        assert len(rows["fingerprint"]) == 20 * loaded
        warehouse.release(f"killed-{number}")

    assert wait_for(start_worker(warehouse_url, "last")) == (0, "")
    assert_all_loaded_once(warehouse_url)


def test_readers_see_what_is_committed(warehouse: Warehouse, warehouse_url: str) -> None:
    fill_inbox(warehouse, [make_feed_entry(1)])
    database = Database(parse_url(warehouse_url))

    def work(connection: Connection) -> dict[EntryOutcome, int]:
        connection.execute(update(entry).values(outcome="failed"))
        return warehouse.count_entries()

    during = database.write(work)
    database.close()

    assert during["pending"] == 1
    assert warehouse.count_entries()["failed"] == 1


def test_a_deadlock_is_tried_again(postgres_url: str) -> None:
    with Warehouse.open(postgres_url) as warehouse:
        fill_inbox(warehouse, [make_feed_entry(1), make_feed_entry(2)])
    database = Database(parse_url(postgres_url))
    both_hold_one = threading.Barrier(2)
    attempts: list[int] = []

    def update_in_order(first: int, second: int) -> None:
        def work(connection: Connection) -> None:
            attempts.append(first)
            connection.execute(update(entry).where(entry.c.entry_id == first).values(title=f"by {first}"))
            if attempts.count(first) == 1:
                both_hold_one.wait(30)
            connection.execute(update(entry).where(entry.c.entry_id == second).values(title=f"by {first}"))

        database.write(work)

    outcomes = run_in_threads(lambda: update_in_order(1, 2), lambda: update_in_order(2, 1))
    database.close()

    assert outcomes == [None, None]
    assert len(attempts) == 3  # one of the two had to start again


def test_a_writer_waits_for_another_one(sqlite_url: str) -> None:
    """Both read before they write: without BEGIN IMMEDIATE one of them would fail at once."""
    with Warehouse.open(sqlite_url) as warehouse:
        fill_inbox(warehouse, [make_feed_entry(1)])
    database = Database(parse_url(sqlite_url))
    begun: list[Connection] = []

    def add_one(connection: Connection) -> None:
        begun.append(connection)
        attempts = connection.execute(entry.select()).one().attempts
        time.sleep(0.05)
        connection.execute(update(entry).values(attempts=attempts + 1))

    outcomes = run_in_threads(*[lambda: database.write(add_one)] * 6)
    with database.read() as connection:
        attempts = connection.execute(entry.select()).one().attempts
    database.close()

    assert outcomes == [None] * 6
    assert (attempts, len(begun)) == (6, 6)  # nobody had to start again


def test_one_run_at_a_time_links(warehouse: Warehouse, warehouse_url: str) -> None:
    inside: list[str] = []

    def link(name: str) -> None:
        with Warehouse.open(warehouse_url) as other, other.linking():
            inside.append(name)
            time.sleep(0.1)
            inside.append(name)

    outcomes = run_in_threads(*(lambda name=name: link(name) for name in "abc"))

    assert outcomes == [None] * 3
    assert inside[0::2] == inside[1::2]


def test_a_killed_run_holds_no_lock(warehouse: Warehouse, warehouse_url: str) -> None:
    script = (
        "import sys, time; from coopwatch.warehouse import Warehouse\n"
        f"with Warehouse.open({warehouse_url!r}) as warehouse, warehouse.linking():\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    database = Database(parse_url(warehouse_url))

    with pytest.raises(WarehouseError, match="held the linking lock for 0 s"), database.hold("linking", 0.2):
        pass
    holder.kill()
    holder.communicate()
    with database.hold("linking", 20):
        pass
    database.close()


def test_an_error_inside_gives_the_lock_back(warehouse: Warehouse, warehouse_url: str) -> None:
    with pytest.raises(KeyError), warehouse.linking():
        raise KeyError

    database = Database(parse_url(warehouse_url))
    with database.hold("linking", 5):
        pass
    database.close()


def test_a_lease_covers_a_long_batch(warehouse: Warehouse) -> None:
    fill_inbox(warehouse, [make_feed_entry(1)])
    warehouse.take_pending(RUN, 1, NOW, timedelta(hours=3))

    assert warehouse.take_pending("run-2", 1, NOW + timedelta(hours=2), HOUR) == ()
