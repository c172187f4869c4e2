from datetime import timedelta
from typing import Any

import pytest

from coopwatch.alerting import AlertRules
from coopwatch.alerting.notices import (
    Outage,
    roll_up_alerts,
    tell_quality,
    tell_silences,
    tell_stalled,
    tell_undelivered,
)
from coopwatch.alerting.routes import Escalation
from coopwatch.alerting.silence import find_silent
from schemas.records import Alert, PollState
from tests.builders import NOW
from tests.integration.warehouse_samples import make_source

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
URLS = {"URLS": "json://one json://two"}
RULES = AlertRules.model_validate(
    {
        "routes": {"console": {"kind": "console"}, "team": {"kind": "apprise", "urls_from": "URLS"}},
        "rules": [],
        "notices": {
            "silence": ["team"],
            "stalled": ["console"],
            "quality": ["console"],
            "stalled_after": "90m",
        },
    }
)


def tell(state: PollState, hours: int = 0) -> tuple[Alert, ...]:
    source = make_source(expect={"silent_after": 3 * DAY})
    now = NOW + hours * HOUR
    return tell_silences(find_silent([source], {"courier": state}, now), RULES, now, URLS)


def make_state(**changes: Any) -> PollState:
    return PollState(source_id="courier", last_polled_at=NOW, last_success_at=NOW, **changes)


def test_a_silence_is_told_once_to_every_address_that_wants_it() -> None:
    silent = make_state(last_new_entry_at=NOW - 4 * DAY)
    first, second = tell(silent), tell(silent, hours=20)
    assert [notice.route for notice in first] == ["team", "team#2"]
    assert [notice.key for notice in first] == [notice.key for notice in second]
    assert first[0].event_id is None
    assert "nothing new for 4 days, expected within 3 days" in first[0].body


def test_the_next_new_entry_ends_a_silence() -> None:
    keys = {tell(make_state(last_new_entry_at=NOW - days * DAY))[0].key for days in (4, 5)} | {
        tell(make_state())[0].key
    }
    assert len(keys) == 3
    assert tell(make_state(last_new_entry_at=NOW - 2 * DAY)) == ()


@pytest.mark.parametrize(("minutes", "expected"), [(89, 0), (90, 0), (91, 1), (5000, 1)])
def test_a_standstill_is_told(minutes: int, expected: int) -> None:
    last = NOW - timedelta(minutes=minutes)
    assert len(tell_stalled(last, RULES, NOW, URLS)) == expected


def test_a_standstill_is_told_once_and_one_that_never_began_is_none() -> None:
    (one,), (same,) = (tell_stalled(NOW - 2 * HOUR, RULES, NOW + hours * HOUR, URLS) for hours in (0, 9))
    assert one.key == same.key
    assert "No run has succeeded for 120 minutes." in one.body
    assert tell_stalled(None, RULES, NOW, URLS) == ()


def test_failing_tables_are_told_once_a_day_for_the_same_rules() -> None:
    def key_of(days: int, **failing: str) -> str:
        (notice,) = tell_quality(failing, RULES, NOW + days * DAY, URLS)
        return notice.key

    assert key_of(0, a="3 rows") == key_of(0, a="4 rows")
    assert len({key_of(0, a="x"), key_of(1, a="x"), key_of(0, b="x"), key_of(0, a="x", b="x")}) == 4
    assert tell_quality({}, RULES, NOW) == ()
    (notice,) = tell_quality({"event.dates": "3 rows\nend before start"}, RULES, NOW, URLS)
    assert notice.title == "Quality: the tables fail 1 expectation"
    assert "event.dates  3 rows end before start" in notice.body


def test_an_outage_has_one_notice_until_something_arrives() -> None:
    def tell_at(hours: int, last_hours: int) -> Alert:
        outage = Outage(NOW + hours * HOUR, NOW - last_hours * HOUR)
        (notice,) = tell_undelivered("team#2", ["console"], Escalation(route="console"), "503", outage)
        return notice

    assert tell_at(0, 1).key == tell_at(5, 1).key != tell_at(0, 2).key
    assert tell_at(0, 1).next_attempt_at == NOW + HOUR / 2
    assert tell_at(0, 1).route == "console"


def test_a_roll_up_lists_its_members_and_stands_in_their_place() -> None:
    members = [
        Alert(
            key=f"team:{number}",
            event_id=f"e-{number}",
            kind="new_event",
            rule="all",
            route="team",
            title=f"New: <b>laboratory</b> {number}",
            body="",
            created_at=NOW + number * HOUR,
            next_attempt_at=NOW,
        )
        for number in range(3)
    ]
    one = roll_up_alerts(members, "team", NOW + DAY)
    assert (one.kind, one.route, one.created_at, one.next_attempt_at) == ("roll_up", "team", NOW, NOW + DAY)
    assert [line.split()[-1] for line in one.body.splitlines() if "laboratory" in line] == [
        "e-0",
        "e-1",
        "e-2",
    ]
    assert f"coopwatch alerts list --into {one.key}" in one.body
