"""Alerts reach their receivers once, in order, whatever the receivers do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from coopwatch.alerting import AlertRules
from coopwatch.alerting.delivery import GIVE_UP_AFTER_ATTEMPTS
from coopwatch.alerting.receivers import Receiver, make_receivers
from coopwatch.alerting.sending import Delivered, send_alerts
from coopwatch.warehouse import Warehouse
from schemas.records import Alert
from tests.builders import NOW
from tests.fakes import FakeReceiver, serve_receiver

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def make_rules(**team: Any) -> AlertRules:
    return AlertRules.model_validate(
        {
            "routes": {
                "team": {"kind": "apprise", "urls_from": "TEAM", **team},
                "ops": {"kind": "apprise", "urls_from": "OPS"},
            },
            "rules": [],
        }
    )


def make_alert(number: int, route: str = "team", **changes: Any) -> Alert:
    good = {
        "key": f"{route}:{number:04}",
        "event_id": None,
        "kind": "silence",
        "rule": "silence",
        "route": route,
        "title": f"Alert {number}",
        "body": "Somewhere",
        "created_at": NOW + number * timedelta(milliseconds=1),
        "next_attempt_at": NOW,
    }
    return Alert.model_validate({**good, **changes})


def keys(*numbers: int) -> list[str]:
    return [f"team:{number:04}" for number in numbers]


@dataclass
class Desk:
    """A warehouse with receivers, and a clock that stands still unless it is set."""

    warehouse: Warehouse
    team: FakeReceiver
    ops: FakeReceiver
    now: datetime = NOW + MINUTE

    def add(self, *numbers: int, **changes: Any) -> None:
        self.warehouse.add_alerts([make_alert(number, **changes) for number in numbers])

    def receivers(self, rules: AlertRules) -> Mapping[str, Receiver]:
        return make_receivers(rules, {"TEAM": self.team.url, "OPS": self.ops.url})

    def send(self, rules: AlertRules | None = None, clock: Callable[[], datetime] | None = None) -> Delivered:
        rules = rules or make_rules()
        return send_alerts(self.warehouse, rules, self.receivers(rules), clock or (lambda: self.now))

    def statuses(self) -> dict[str, int]:
        return {status: number for status, number in self.warehouse.count_alerts().items() if number}


@pytest.fixture
def desk(warehouse: Warehouse) -> Iterator[Desk]:
    with serve_receiver(FakeReceiver()) as team, serve_receiver(FakeReceiver()) as ops:
        yield Desk(warehouse, team, ops)


def test_everything_goes_out_once_in_order(desk: Desk) -> None:
    desk.add(3, 1, 2)
    assert desk.send() == Delivered(sent=3)
    assert desk.send() == Delivered()
    assert desk.team.keys == keys(1, 2, 3)
    assert desk.statuses() == {"sent": 3}


def test_a_receiver_that_is_down_for_a_day_gets_everything_once_in_order(desk: Desk) -> None:
    desk.team.is_down = True
    began = desk.now
    for half_hour in range(48):
        desk.now = began + half_hour * 30 * MINUTE
        desk.add(half_hour)
        desk.send()
    assert desk.team.requests < 20  # it is left alone meanwhile: one alert is tried, the others wait for it
    desk.team.is_down = False
    for half_hour in range(48, 54):
        desk.now = began + half_hour * 30 * MINUTE
        desk.send()
    assert desk.team.keys == keys(*range(48))
    assert desk.statuses() == {"sent": 48}


def test_a_failure_keeps_the_order_of_what_comes_behind_it(desk: Desk) -> None:
    desk.add(1, 2, 3)
    desk.team.moods = ["take", "refuse"]
    delivered = desk.send()
    assert (delivered.sent, len(delivered.problems)) == (1, 1)
    assert delivered.problems[0].startswith("route team: ")
    assert "500" in delivered.problems[0]
    assert desk.send() == Delivered()  # not due again
    desk.now += 2 * MINUTE
    assert desk.send() == Delivered(sent=2)
    assert desk.team.keys == keys(1, 2, 3)


def test_what_was_taken_without_an_answer_is_repeated_under_its_key(desk: Desk) -> None:
    desk.add(1, 2)
    desk.team.moods = ["drop"]
    desk.send()
    desk.now += 2 * MINUTE
    desk.send()
    assert desk.team.keys == keys(1, 1, 2)


def test_one_route_that_is_down_does_not_hold_up_another(desk: Desk) -> None:
    desk.team.is_down = True
    desk.add(1, 2)
    desk.add(1, 2, route="ops")
    assert desk.send().sent == 2
    assert len(desk.ops.received) == 2


def test_what_is_over_the_limit_goes_out_as_one_and_nothing_is_lost(desk: Desk) -> None:
    rules = make_rules(limit={"most": 3, "per": "1h"})
    desk.add(*range(70))
    delivered = desk.send(rules)
    assert delivered == Delivered(sent=3, rolled_up=50)
    assert desk.send(rules) == Delivered()
    desk.now += HOUR
    assert desk.send(rules) == Delivered(sent=3, rolled_up=16)
    desk.now += HOUR
    assert desk.send(rules) == Delivered()

    told = desk.team.keys
    assert told[:2] == keys(0, 1)
    assert told[3:5] == keys(52, 53)
    assert desk.team.received[2]["title"] == "50 alerts in one"
    listed = [line.split() for line in desk.team.received[2]["message"].splitlines() if "Alert" in line]
    assert [words[-1] for words in listed] == [str(number) for number in range(2, 52)]
    members = desk.warehouse.read_outbox(rolled_into=told[2])
    assert sorted(alert.key for alert in members) == keys(*range(2, 52))
    assert desk.statuses() == {"sent": 6, "rolled_up": 66}


def test_a_roll_up_that_fails_is_tried_again_as_it_is(desk: Desk) -> None:
    rules = make_rules(limit={"most": 1, "per": "1h"})
    desk.add(1, 2)
    desk.team.moods = ["refuse"]
    desk.send(rules)
    desk.add(3)
    desk.now += 2 * MINUTE
    assert desk.send(rules).sent == 1
    desk.now += HOUR
    assert desk.send(rules).sent == 1
    assert [post["title"] for post in desk.team.received] == ["2 alerts in one", "Alert 3"]


def test_quiet_hours_hold_what_can_wait(desk: Desk) -> None:
    rules = make_rules(quiet_hours={"from": "12:00", "to": "14:00"})
    desk.add(1, 2)
    desk.warehouse.add_alerts([make_alert(9, kind="stalled")])
    desk.send(rules)
    assert desk.team.keys == keys(9)
    assert {alert.next_attempt_at for alert in desk.warehouse.read_outbox(["pending"])} == {NOW + 2 * HOUR}
    desk.now = NOW + 2 * HOUR
    desk.send(rules)
    assert desk.team.keys == keys(9, 1, 2)


def test_an_outage_is_escalated_once(desk: Desk) -> None:
    rules = make_rules(escalate_to={"route": "ops", "after": "30m"})
    desk.add(0)
    desk.send(rules)
    desk.team.is_down = True
    began = desk.now
    desk.add(1, attempts=GIVE_UP_AFTER_ATTEMPTS - 3)
    for number in range(2, 22):
        desk.send(rules)
        assert len(desk.ops.received) == (desk.now >= began + 30 * MINUTE)
        desk.now += 20 * MINUTE
        desk.add(number)
    assert desk.statuses()["failed"] >= 1
    (notice,) = desk.ops.received
    assert notice["title"] == "Undelivered: route team takes nothing"
    assert "503" in notice["message"]
    assert "127.0.0.1" not in notice["message"]

    desk.team.is_down = False
    desk.now += 3 * HOUR
    desk.send(rules)
    assert desk.statuses().keys() == {"sent", "failed"}
    desk.team.is_down = True  # another outage
    desk.add(900)
    desk.send(rules)
    desk.now += HOUR
    desk.send(rules)
    assert len(desk.ops.received) == 2


def test_an_outage_that_passes_quickly_is_not_escalated(desk: Desk) -> None:
    rules = make_rules(escalate_to={"route": "ops", "after": "30m"})
    desk.add(1)
    desk.team.moods = ["refuse"]
    desk.send(rules)
    assert desk.warehouse.count_alerts()["pending"] == 2
    desk.now += 5 * MINUTE
    desk.send(rules)
    desk.now += HOUR
    desk.send(rules)
    assert desk.ops.received == []
    assert desk.statuses() == {"sent": 1}


def test_what_was_given_up_can_be_sent_again(desk: Desk) -> None:
    desk.add(1, attempts=GIVE_UP_AFTER_ATTEMPTS - 1)
    desk.team.moods = ["refuse"]
    assert "given up" in desk.send().problems[0]
    assert desk.statuses() == {"failed": 1}
    assert desk.warehouse.retry_failed(desk.now, "ops") == 0
    assert desk.warehouse.retry_failed(desk.now) == 1
    desk.send()
    assert desk.team.keys == keys(1)


def test_two_runs_never_both_send(desk: Desk, warehouse_url: str) -> None:
    desk.add(1, 2, 3)
    with Warehouse.open(warehouse_url) as other:
        rules = make_rules()
        meanwhile: list[Delivered] = []

        def take_while_the_other_run_looks(alert: Alert) -> str | None:
            again = desk.receivers(rules)
            meanwhile.append(send_alerts(other, rules, again, lambda: desk.now))
            return again["team"](alert)

        receivers = {"team": take_while_the_other_run_looks}
        assert send_alerts(desk.warehouse, rules, receivers, lambda: desk.now).sent == 3
    assert meanwhile == [Delivered()] * 3
    assert desk.team.keys == keys(1, 2, 3)


def test_a_run_that_takes_long_keeps_its_queue(desk: Desk, warehouse_url: str) -> None:
    desk.add(*range(6))
    with Warehouse.open(warehouse_url) as other:
        rules = make_rules()

        def take_slowly(alert: Alert) -> str | None:
            desk.now += 4 * MINUTE
            send_alerts(other, rules, desk.receivers(rules), lambda: desk.now)
            return desk.receivers(rules)["team"](alert)

        assert send_alerts(desk.warehouse, rules, {"team": take_slowly}, lambda: desk.now).sent == 6
    assert desk.team.keys == keys(*range(6))


def test_a_run_that_was_stopped_for_too_long_sends_no_more(desk: Desk, warehouse_url: str) -> None:
    desk.add(1, 2)
    with Warehouse.open(warehouse_url) as other:
        rules = make_rules()

        def take_much_too_slowly(alert: Alert) -> str | None:
            error = desk.receivers(rules)["team"](alert)
            desk.warehouse.record_delivery(alert.key, desk.now, error, None)
            desk.now += HOUR
            send_alerts(other, rules, desk.receivers(rules), lambda: desk.now)
            return error

        send_alerts(desk.warehouse, rules, {"team": take_much_too_slowly}, lambda: desk.now)
    assert desk.team.keys == keys(1, 2)


def test_a_kill_between_sending_and_recording_repeats_one(desk: Desk) -> None:
    class KilledError(Exception):
        pass

    rules = make_rules()

    def take_and_die(alert: Alert) -> str | None:
        desk.receivers(rules)["team"](alert)
        if alert.key == keys(2)[0]:
            raise KilledError
        return None

    desk.add(1, 2, 3)
    with pytest.raises(KilledError):
        send_alerts(desk.warehouse, rules, {"team": take_and_die}, lambda: desk.now)
    assert desk.send() == Delivered()  # still that run's
    desk.now += 11 * MINUTE
    desk.send()
    assert desk.team.keys == keys(1, 2, 2, 3)


def test_alerts_of_a_route_that_is_off_stay_where_they_are(desk: Desk) -> None:
    desk.add(1)
    rules = make_rules()
    assert send_alerts(desk.warehouse, rules, {}, lambda: desk.now) == Delivered()
    assert desk.statuses() == {"pending": 1}
    assert desk.send().sent == 1
