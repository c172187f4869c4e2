"""How a source is doing, in one word and on one line."""

from datetime import timedelta
from typing import Any

import pytest

from coopwatch.warehouse import SourceHealth
from flows.cli.health import word_health
from tests.builders import NOW

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def make_health(source_id: str = "courier", **changes: Any) -> SourceHealth:
    """Return a source that was polled an hour ago and brought something two hours ago."""
    good: dict[str, Any] = {
        "source_id": source_id,
        "name": "The Courier",
        "kind": "feed",
        "url": f"https://{source_id}.example/feed",
        "current_url": None,
        "is_registered": True,
        "silent_after_seconds": DAY.total_seconds(),
        "first_polled_at": NOW - 30 * DAY,
        "last_polled_at": NOW - HOUR,
        "last_success_at": NOW - HOUR,
        "last_new_entry_at": NOW - 2 * HOUR,
        "next_poll_at": NOW + timedelta(minutes=20),
        "interval_seconds": 3600.0,
        "failure_weight": 0.0,
        "last_error": None,
        "is_conditional": True,
        "polls_7d": 168,
        "failed_7d": 1,
        "new_entries_7d": 40,
        "unreadable_7d": 2,
        "open_gaps": 0,
        "as_of": NOW,
    }
    return SourceHealth.model_validate({**good, **changes})


FAILS = {"last_error": "timeout: idle for 15 s", "failure_weight": 1.0}
NEVER = {"first_polled_at": None, "last_polled_at": None, "last_new_entry_at": None, "next_poll_at": None}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "ok"),
        (FAILS, "failing"),
        (NEVER, "never polled"),
        ({"last_new_entry_at": NOW - 2 * DAY}, "silent"),
        ({"last_new_entry_at": NOW - DAY}, "ok"),
        ({"last_new_entry_at": NOW - 2 * DAY, "silent_after_seconds": None}, "ok"),
        ({"last_new_entry_at": None}, "silent"),  # it never brought anything, for a month
        ({"last_new_entry_at": None, "first_polled_at": NOW - HOUR}, "ok"),
        ({"last_new_entry_at": None, "first_polled_at": None}, "ok"),
        ({"last_new_entry_at": NOW - 2 * DAY, **FAILS}, "failing"),
        ({**FAILS, "is_registered": False}, "retired"),
    ],
)
def test_status(changes: dict[str, Any], status: str) -> None:
    assert make_health(**changes).status == status


def test_the_worst_come_first() -> None:
    text = word_health(
        [
            make_health("well"),
            make_health("left", is_registered=False),
            make_health("new", **NEVER),
            make_health("quiet", last_new_entry_at=NOW - 2 * DAY),
            make_health("broken", **FAILS),
            make_health("worse", **FAILS | {"failure_weight": 3.0}),
        ]
    )

    assert text.splitlines() == [
        "STATUS        SOURCE  POLLED  NEW  NEXT  POLLS/7D  FAILED/7D  NEW/7D  UNREADABLE/7D  GAPS  NOTE",
        (
            "failing       worse   1h      2h   20m   168       1          40      2              0     "
            "timeout: idle for 15 s"
        ),
        (
            "failing       broken  1h      2h   20m   168       1          40      2              0     "
            "timeout: idle for 15 s"
        ),
        (
            "silent        quiet   1h      2d   20m   168       1          40      2              0     "
            "silent for longer than 24h"
        ),
        "never polled  new     -       -    now   168       1          40      2              0",
        "ok            well    1h      2h   20m   168       1          40      2              0",
        "retired       left    1h      2h   -     168       1          40      2              0",
        "",
        "6 sources: 2 failing, 1 silent, 1 never polled, 1 ok, 1 retired",
    ]


def test_notes_say_what_polling_found_out() -> None:
    text = word_health([make_health(current_url="https://new.example/feed", is_conditional=False)])

    assert "has moved to https://new.example/feed; its 304 hid changes: asked in full" in text


def test_what_a_server_said_cannot_steer_the_terminal() -> None:
    hostile = "http_status: 500 \x1b[2J\x1b]0;owned\x07\n\u202eok            fine " + "x" * 10_000
    text = word_health([make_health(last_error=hostile)])

    assert len(text.splitlines()) == 4
    assert text.isprintable() or all(character.isprintable() or character == "\n" for character in text)
    assert len(text) < 600


def test_without_sources_there_is_a_hint() -> None:
    assert word_health([]) == "no sources yet; `coopwatch run` polls those of the registry"


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=-5), "0s"),
        (timedelta(seconds=59), "59s"),
        (timedelta(minutes=1), "1m"),
        (timedelta(minutes=59, seconds=59), "59m"),
        (timedelta(hours=47), "47h"),
        (timedelta(days=90), "90d"),
    ],
)
def test_ages_are_short(ago: timedelta, shown: str) -> None:
    line = word_health([make_health(last_polled_at=NOW - ago)]).splitlines()[1]

    assert line.split()[2] == shown
