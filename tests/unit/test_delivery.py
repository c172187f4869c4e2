from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from coopwatch.alerting.delivery import (
    GIVE_UP_AFTER_ATTEMPTS,
    RETRY_LONGEST,
    ROLL_UP_MOST,
    Hold,
    RollUp,
    Send,
    decide_next,
    decide_retry,
    find_quiet_end,
)
from coopwatch.alerting.routes import QuietHours, Route
from schemas.records import Alert
from tests.builders import NOW

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PLAIN = Route(kind="console")
QUIET = Route.model_validate(
    {"kind": "console", "quiet_hours": {"from": "11:00", "to": "14:00"}}
)  # now: 12:00
LIMITED = Route.model_validate({"kind": "console", "limit": {"most": 3, "per": "1h"}})


def make_alert(key: str, **changes: Any) -> Alert:
    good = {
        "key": key,
        "event_id": "e-1",
        "kind": "new_event",
        "rule": "all",
        "route": "console",
        "title": key,
        "body": "",
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return Alert.model_validate({**good, **changes})


A, B, C, D = (make_alert(key) for key in "abcd")
FAILED = make_alert("failed", attempts=2, next_attempt_at=NOW + MINUTE, last_error="503")
FAILED_DUE = make_alert("failed", attempts=2, last_error="503")
LATER = make_alert("later", next_attempt_at=NOW + MINUTE)
URGENT = make_alert("urgent", kind="undelivered", event_id=None)
DIGEST = make_alert("digest", kind="digest", event_id=None)


def ago(*minutes: int) -> list[datetime]:
    return [NOW - minute * MINUTE for minute in minutes]


@pytest.mark.parametrize(
    ("queue", "route", "sent_at", "expected"),
    [
        pytest.param((), PLAIN, (), None, id="nothing there"),
        pytest.param((A, B), PLAIN, (), Send(A), id="the oldest goes first"),
        pytest.param((LATER,), PLAIN, (), None, id="what is not due waits"),
        pytest.param((LATER, A), PLAIN, (), None, id="and what is behind it waits too"),
        pytest.param((FAILED, A), PLAIN, (), None, id="while a receiver is down nothing else is tried"),
        pytest.param((A, FAILED), PLAIN, (), None, id="wherever in the queue the failure stands"),
        pytest.param((FAILED, URGENT), PLAIN, (), None, id="not even what is urgent"),
        pytest.param((FAILED_DUE, A), PLAIN, (), Send(FAILED_DUE), id="it is tried again in its turn"),
        pytest.param((LATER, URGENT), PLAIN, (), Send(URGENT), id="what is urgent overtakes"),
        pytest.param((A, B), QUIET, (), Hold((A, B), NOW + 2 * HOUR), id="quiet hours hold everything"),
        pytest.param((A, URGENT), QUIET, (), Send(URGENT), id="but not what is urgent"),
        pytest.param((A, B, C), LIMITED, (), Send(A), id="below the limit each goes alone"),
        pytest.param((A,), LIMITED, ago(10, 20), Send(A), id="a single one takes the last place"),
        pytest.param((A, B), LIMITED, ago(10, 20), RollUp((A, B)), id="the last place takes all the rest"),
        pytest.param((A, B), LIMITED, ago(10, 90), Send(A), id="what went out earlier does not count"),
        pytest.param(
            (A, B), LIMITED, ago(10, 20, 50), Hold((A, B), NOW + 10 * MINUTE), id="until a place is free"
        ),
        pytest.param(
            (A,), LIMITED, ago(1, 2, 3, 50), Hold((A,), NOW + 57 * MINUTE), id="which urgent ones may delay"
        ),
        pytest.param((URGENT, A), LIMITED, ago(10, 20, 50), Send(URGENT), id="what is urgent knows no limit"),
        pytest.param((DIGEST, A), LIMITED, ago(10, 20), Send(DIGEST), id="a digest is never part of another"),
        pytest.param((A, B, DIGEST), LIMITED, ago(10, 20), RollUp((A, B)), id="and is not overtaken"),
        pytest.param(
            (FAILED_DUE, A, B),
            LIMITED,
            ago(10, 20),
            Send(FAILED_DUE),
            id="what may have arrived keeps its key",
        ),
    ],
)
def test_what_happens_next(
    queue: tuple[Alert, ...], route: Route, sent_at: tuple[datetime, ...], expected: object
) -> None:
    assert decide_next(queue, route, sent_at, NOW) == expected


def test_one_roll_up_stays_readable() -> None:
    queue = [make_alert(f"{number:03}") for number in range(ROLL_UP_MOST + 10)]
    step = decide_next(queue, LIMITED, ago(1, 2), NOW)
    assert step == RollUp(tuple(queue[:ROLL_UP_MOST]))


@pytest.mark.parametrize(
    ("start", "end", "zone", "now", "expected"),
    [
        ("22:00", "07:00", "UTC", "2025-07-01T21:59", None),
        ("22:00", "07:00", "UTC", "2025-07-01T22:00", "2025-07-02T07:00"),
        ("22:00", "07:00", "UTC", "2025-07-02T06:59", "2025-07-02T07:00"),
        ("22:00", "07:00", "UTC", "2025-07-02T07:00", None),
        ("12:00", "13:30", "UTC", "2025-07-01T12:15", "2025-07-01T13:30"),
        ("12:00", "13:30", "UTC", "2025-07-01T23:15", None),
        ("22:00", "07:00", "Europe/Oslo", "2025-07-01T20:00", "2025-07-02T05:00"),  # summer
        ("22:00", "07:00", "Europe/Oslo", "2025-01-01T20:30", None),  # winter
        ("22:00", "07:00", "Asia/Shanghai", "2025-07-01T15:00", "2025-07-01T23:00"),
        (
            "22:00",
            "02:30",
            "Europe/Oslo",
            "2025-03-30T00:30",
            "2025-03-30T01:30",
        ),  # 02:30 is left out that night
        (
            "22:00",
            "02:30",
            "Europe/Oslo",
            "2025-10-26T00:10",
            "2025-10-26T00:30",
        ),  # and comes twice in this one
        ("22:00", "02:30", "Europe/Oslo", "2025-10-26T01:10", "2025-10-26T01:30"),
    ],
)
def test_quiet_hours_end(start: str, end: str, zone: str, now: str, expected: str | None) -> None:
    quiet = QuietHours.model_validate({"from": start, "to": end, "zone": zone})
    found = find_quiet_end(quiet, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None)


def test_failures_back_off_and_are_given_up_after_days() -> None:
    delays = []
    for attempt in range(1, GIVE_UP_AFTER_ATTEMPTS):
        again = decide_retry(attempt, NOW, "team:e-1")
        assert again is not None
        delays.append(again - NOW)
    assert MINUTE <= delays[0] <= 1.1 * MINUTE
    assert all(earlier < later for earlier, later in pairwise(delays[:8]))
    assert max(delays) <= 1.1 * RETRY_LONGEST
    assert timedelta(days=2) < sum(delays, timedelta()) < timedelta(days=4)
    assert decide_retry(GIVE_UP_AFTER_ATTEMPTS, NOW, "team:e-1") is None


def test_routes_that_failed_together_are_not_tried_together() -> None:
    times = {decide_retry(9, NOW, f"route-{number}") for number in range(20)}
    assert len(times) == 20
    assert decide_retry(9, NOW, "route-1") == decide_retry(9, NOW, "route-1")
