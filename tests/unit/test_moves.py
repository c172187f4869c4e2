"""When a source is polled at a new address: only after a permanent move has held."""

from datetime import UTC, datetime, timedelta

import pytest

from coopwatch.fetch import REDIRECT_HEADER
from coopwatch.moves import HOLD, Move, decide_move
from schemas.records import Capture, PollState

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OLD, NEW, OTHER = "https://a.example/feed", "https://b.example/feed", "https://c.example/feed"


def move(url: str, final_url: str, how: str | None, **known: object) -> Move:
    headers = ((REDIRECT_HEADER, how),) if how else ()
    capture = Capture(url=url, final_url=final_url, status=200, headers=headers, body=b"", fetched_at=NOW)
    return decide_move(PollState.model_validate({"source_id": "s", **known}), capture, NOW)


@pytest.mark.parametrize(
    ("final_url", "how", "known", "expected"),
    [
        (OLD, None, {}, Move()),
        (NEW, "temporary", {}, Move()),
        (NEW, "permanent", {}, Move(NEW, NOW)),
        # it has to hold
        (NEW, "permanent", {"moved_to": NEW, "moved_since": NOW - HOUR}, Move(NEW, NOW - HOUR)),
        (
            NEW,
            "permanent",
            {"moved_to": NEW, "moved_since": NOW - HOLD + HOUR},
            Move(NEW, NOW - HOLD + HOUR),
        ),
        (NEW, "permanent", {"moved_to": NEW, "moved_since": NOW - HOLD}, Move(None, None, NEW)),
        # anything else begins anew, however long it has held
        (OTHER, "permanent", {"moved_to": NEW, "moved_since": NOW - 2 * HOLD}, Move(OTHER, NOW)),
        (NEW, "temporary", {"moved_to": NEW, "moved_since": NOW - 2 * HOLD}, Move()),
        (OLD, None, {"moved_to": NEW, "moved_since": NOW - 2 * HOLD}, Move()),
        # circles lead nowhere
        (OLD, "permanent", {"moved_to": OLD, "moved_since": NOW - 2 * HOLD}, Move()),
        # a source that has moved before
        (OLD, None, {"current_url": OLD}, Move(None, None, OLD)),
        (NEW, "temporary", {"current_url": OLD}, Move(None, None, OLD)),
        (NEW, "permanent", {"current_url": OLD}, Move(NEW, NOW, OLD)),
        (
            NEW,
            "permanent",
            {"current_url": OLD, "moved_to": NEW, "moved_since": NOW - HOLD},
            Move(None, None, NEW),
        ),
    ],
)
def test_moves(final_url: str, how: str | None, known: dict[str, object], expected: Move) -> None:
    assert move(OLD, final_url, how, **known) == expected


@pytest.mark.parametrize(
    ("url", "target", "how", "is_taken"),
    [
        ("http://a.example/feed?x=1", "https://a.example/feed?x=1", "permanent", True),
        ("http://a.example", "https://a.example/", "permanent", True),
        ("http://a.example:80/feed", "https://a.example:443/feed", "permanent", True),
        ("http://a.example/feed", "https://a.example/feed", "temporary", False),
        ("http://a.example/feed", "https://www.a.example/feed", "permanent", False),
        ("http://a.example/feed", "https://a.example/", "permanent", False),
        ("http://a.example/feed", "https://a.example/feed?login=1", "permanent", False),
        ("http://a.example:8080/feed", "https://a.example/feed", "permanent", False),
        ("https://a.example/feed", "http://a.example/feed", "permanent", False),
    ],
)
def test_https_is_taken_at_once(url: str, target: str, how: str, is_taken: bool) -> None:
    assert (move(url, target, how).current_url == target) is is_taken
