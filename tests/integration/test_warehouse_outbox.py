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


def test_what_is_due_comes_in_order_of_its_writing(warehouse: Warehouse) -> None:
    early = make_alert(9, created_at=NOW - HOUR)
    future = make_alert(3, next_attempt_at=NOW + SECOND)
    write(warehouse, make_alert(2), make_alert(1), future, early)

    assert warehouse.read_due_alerts(NOW, 2) == (early, make_alert(1))
    assert warehouse.read_due_alerts(NOW, 10) == (make_alert(2),)


def test_an_alert_that_is_being_delivered_is_nobody_elses(warehouse: Warehouse, warehouse_url: str) -> None:
    write(warehouse, make_alert(1))

    assert len(warehouse.read_due_alerts(NOW, 10)) == 1
    with Warehouse.open(warehouse_url) as other:
        assert other.read_due_alerts(NOW + DELIVERY_LEASE - SECOND, 10) == ()
        assert len(other.read_due_alerts(NOW + DELIVERY_LEASE, 10)) == 1  # its deliverer was killed


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
    warehouse.read_due_alerts(NOW, 1)

    retry_at = NOW + retry_after if retry_after else None
    warehouse.record_delivery("console:e-1:1", NOW + SECOND, error, retry_at)

    assert warehouse.read_alerts("e-1") == (make_alert(1, **expected),)
    assert warehouse.count_alerts() == {"pending": 0, "sent": 0, "failed": 0, expected["status"]: 1}
    assert warehouse.read_due_alerts(NOW + HOUR - SECOND, 1) == ()
    assert len(warehouse.read_due_alerts(NOW + HOUR, 1)) == (expected["status"] == "pending")


def test_an_alert_that_went_out_stays_sent(warehouse: Warehouse) -> None:
    write(warehouse, make_alert(1))
    warehouse.record_delivery("console:e-1:1", NOW, "refused", NOW + HOUR)
    warehouse.record_delivery("console:e-1:1", NOW + HOUR, None, None)
    warehouse.record_delivery("console:e-1:1", NOW + HOUR, "refused", None)

    (alert,) = warehouse.read_alerts("e-1")

    assert (alert.status, alert.attempts, alert.last_error) == ("sent", 2, None)
