"""Alerts go out once, are tried again in time, and never by two runs at once."""

from datetime import timedelta
from typing import Any

import pytest

from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.outbox import DELIVERY_LEASE
from schemas.records import Alert, Dossier
from tests.builders import NOW, make_event
from tests.integration.warehouse_samples import RUN, make_batch

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def make_alert(number: int, **changes: Any) -> Alert:
    good = {
        "key": f"console:e-1:{number}",
        "event_id": "e-1",
        "kind": "new_event",
        "rule": "all",
        "route": "console",
        "title": f"Alert {number}",
        "body": "Somewhere",
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return Alert.model_validate({**good, **changes})


def write(warehouse: Warehouse, *alerts: Alert) -> None:
    warehouse.start_run(RUN, NOW)
    warehouse.write_batch(RUN, make_batch(dossiers=(Dossier(event=make_event()),), alerts=alerts), (), NOW)


@pytest.mark.parametrize(
    ("error", "retry_after", "expected"),
    [
        (None, None, {"status": "sent", "attempts": 1, "sent_at": NOW + SECOND}),
        (
            "refused",
            HOUR,
            {"status": "pending", "attempts": 1, "last_error": "refused", "next_attempt_at": NOW + HOUR},
        ),
        ("gone", None, {"status": "failed", "attempts": 1, "last_error": "gone"}),
    ],
)
def test_the_outcome_of_a_try(
    warehouse: Warehouse, error: str | None, retry_after: timedelta | None, expected: dict[str, object]
) -> None:
    write(warehouse, make_alert(1))
    warehouse.take_queue("console", NOW)

    retry_at = NOW + retry_after if retry_after else None
    warehouse.record_delivery("console:e-1:1", NOW + SECOND, error, retry_at)

    assert warehouse.read_alerts("e-1") == (make_alert(1, **expected),)
    assert warehouse.count_alerts() == {
        "pending": 0,
        "sent": 0,
        "failed": 0,
        "rolled_up": 0,
        expected["status"]: 1,
    }
    queue = warehouse.take_queue("console", NOW + HOUR)
    assert queue
    assert bool(queue.alerts) == (expected["status"] == "pending")


def test_an_alert_that_went_out_stays_sent(warehouse: Warehouse) -> None:
    write(warehouse, make_alert(1))
    warehouse.record_delivery("console:e-1:1", NOW, "refused", NOW + HOUR)
    warehouse.record_delivery("console:e-1:1", NOW + HOUR, None, None)
    warehouse.record_delivery("console:e-1:1", NOW + HOUR, "refused", None)

    (alert,) = warehouse.read_alerts("e-1")

    assert (alert.status, alert.attempts, alert.last_error) == ("sent", 2, None)


def make_notice(number: int, **changes: Any) -> Alert:
    return make_alert(number, **{"event_id": None, "kind": "silence", **changes})


def test_what_is_there_already_is_not_put_there_again(warehouse: Warehouse) -> None:
    assert warehouse.add_alerts([make_notice(1), make_notice(2)]) == 2
    warehouse.record_delivery(make_notice(1).key, NOW, None, None)
    assert warehouse.add_alerts([make_notice(1), make_notice(3)]) == 1
    assert warehouse.count_alerts()["sent"] == 1


def test_a_queue_is_one_runs_until_it_is_given_back_or_the_claim_ends(
    warehouse: Warehouse, warehouse_url: str
) -> None:
    warehouse.add_alerts(
        [make_notice(1), make_notice(2, next_attempt_at=NOW + HOUR), make_notice(3, route="b")]
    )
    queue = warehouse.take_queue("console", NOW)
    assert queue
    assert queue.alerts == (make_notice(1), make_notice(2, next_attempt_at=NOW + HOUR))
    with Warehouse.open(warehouse_url) as other:
        assert other.take_queue("console", NOW + SECOND) is None
        assert other.take_queue("b", NOW + SECOND)
        warehouse.release_queue("console", queue.claimed_until)
        assert other.take_queue("console", NOW + SECOND)
        again = other.take_queue("console", NOW + SECOND + DELIVERY_LEASE)
        assert again
        warehouse.release_queue("console", queue.claimed_until)  # is not its own any more
        assert warehouse.take_queue("console", NOW + 2 * SECOND + DELIVERY_LEASE) is None
        assert other.keep_queue("console", again.claimed_until, again.claimed_until) is None
        later = other.keep_queue("console", again.claimed_until, again.claimed_until - SECOND)
        assert later == again.claimed_until - SECOND + DELIVERY_LEASE
        assert warehouse.take_queue("console", again.claimed_until) is None


def test_new_alerts_behind_a_claimed_queue_wait_for_their_turn(warehouse: Warehouse) -> None:
    warehouse.add_alerts([make_notice(1)])
    queue = warehouse.take_queue("console", NOW)
    assert queue
    warehouse.add_alerts([make_notice(2)])
    assert warehouse.take_queue("console", NOW + SECOND) is None
    warehouse.record_delivery(make_notice(1).key, NOW + SECOND, None, None)
    then = warehouse.take_queue("console", NOW + 2 * SECOND)
    assert then
    assert (then.alerts, then.last_sent_at) == ((make_notice(2),), NOW + SECOND)


def test_notices_that_nobody_tried_to_send_can_be_taken_back(warehouse: Warehouse) -> None:
    warehouse.add_alerts(
        [make_notice(1, rule="r"), make_notice(2, rule="r", attempts=1), make_notice(3, rule="other")]
    )
    assert warehouse.withdraw_notices("r") == 1
    assert [alert.key for alert in warehouse.read_outbox()] == [make_notice(2).key, make_notice(3).key]


def test_the_outbox_is_read_by_status_and_route(warehouse: Warehouse) -> None:
    warehouse.add_alerts([make_notice(1), make_notice(2, route="b"), make_notice(3, status="failed")])
    assert [alert.key for alert in warehouse.read_outbox(["failed"])] == [make_notice(3).key]
    assert [alert.key for alert in warehouse.read_outbox(route="b")] == [make_notice(2).key]
    assert len(warehouse.read_outbox(limit=2)) == 2


def test_hostile_routes_and_keys_are_only_text(warehouse: Warehouse) -> None:
    evil = "x'; DROP TABLE alert; --"
    warehouse.add_alerts([make_notice(1, key=evil, route=evil, rule=evil)])
    queue = warehouse.take_queue(evil, NOW)
    assert queue
    warehouse.record_delivery(evil, NOW, evil, None)
    assert warehouse.read_outbox(route=evil)[0].last_error == evil
