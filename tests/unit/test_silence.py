"""Which sources have been silent for too long."""

from datetime import UTC, datetime, timedelta

import pytest

from coopwatch.alerting.silence import find_silent
from schemas.records import PollBounds, PollState, Source, SourceExpectation

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_source(silent_after: timedelta | None = None) -> Source:
    return Source(
        id="s",
        name="S",
        kind="feed",
        url="https://a.example/s.xml",
        publisher="A",
        poll=PollBounds(max=8 * HOUR),
        expect=SourceExpectation(silent_after=silent_after),
    )


def make_state(success: timedelta | None, new: timedelta | None, **changes: object) -> PollState:
    ago = {"last_success_at": success, "last_new_entry_at": new}
    return PollState.model_validate(
        {"source_id": "s", **{name: NOW - span for name, span in ago.items() if span is not None}, **changes}
    )


@pytest.mark.parametrize(
    ("silent_after", "state", "line"),
    [
        (None, None, None),
        (None, PollState(source_id="s"), None),
        (None, make_state(DAY, 99 * DAY), None),
        (None, make_state(DAY + HOUR, HOUR), "s: no poll has succeeded for 25 hours"),
        (
            None,
            make_state(3 * DAY, 4 * DAY, last_error="dns: a.example does not resolve"),
            "s: no poll has succeeded for 3 days (dns: a.example does not resolve)",
        ),
        (None, make_state(None, None, failure_weight=2.5, last_error="refused: x"), None),
        (
            None,
            make_state(None, None, failure_weight=3.0, last_error="refused: x"),
            "s: no poll has succeeded so far (refused: x)",
        ),
        (2 * DAY, make_state(HOUR, 2 * DAY), None),
        (2 * DAY, make_state(HOUR, 2 * DAY + HOUR), "s: nothing new for 2 days, expected within 2 days"),
        (
            HOUR,
            make_state(HOUR, 100 * HOUR / 60),
            "s: nothing new for 100 minutes, expected within 60 minutes",
        ),
        (2 * DAY, make_state(3 * DAY, 3 * DAY), "s: no poll has succeeded for 3 days"),
        # longer than three intervals, but the operator expects no more
        (9 * DAY, make_state(3 * DAY, 3 * DAY), None),
        (2 * DAY, make_state(HOUR, None), "s: has never brought an entry"),
        (2 * DAY, PollState(source_id="s"), None),
    ],
)
def test_silence(silent_after: timedelta | None, state: PollState | None, line: str | None) -> None:
    found = find_silent([make_source(silent_after)], {"s": state} if state else {}, NOW)
    assert [silence.line for silence in found] == ([line] if line else [])


def test_silence_says_since_when() -> None:
    (silence,) = find_silent([make_source()], {"s": make_state(3 * DAY, 5 * DAY)}, NOW)
    assert (silence.source_id, silence.since) == ("s", NOW - 3 * DAY)
