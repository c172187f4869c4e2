"""Which requests are conditional, and when "not modified" is put to the test."""

from datetime import UTC, datetime

import pytest

from coopwatch.conditions import (
    CANARY_EVERY,
    conditional_headers,
    read_validator,
    settle_suspicion,
    suspect,
)
from schemas.records import Capture, PollState

BOTH = {"If-None-Match": 'W/"a"', "If-Modified-Since": "Mon, 02 Jun 2025 11:00:00 GMT"}


def make_state(**changes: object) -> PollState:
    known = {"etag": BOTH["If-None-Match"], "last_modified": BOTH["If-Modified-Since"]}
    return PollState.model_validate({"source_id": "s", **known, **changes})


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, {}),
        (PollState(source_id="s"), {}),
        (make_state(), BOTH),
        (make_state(etag=None), {"If-Modified-Since": BOTH["If-Modified-Since"]}),
        (make_state(is_conditional=False), {}),
        (make_state(not_modified_polls=CANARY_EVERY - 2), BOTH),
        (make_state(not_modified_polls=CANARY_EVERY - 1), {}),
        # an unconditional poll that failed is made again
        (make_state(not_modified_polls=CANARY_EVERY), {}),
    ],
)
def test_conditional_headers(state: PollState | None, expected: dict[str, str]) -> None:
    assert conditional_headers(state) == expected


@pytest.mark.parametrize(
    ("value", "is_usable"),
    [
        ('"a"', True),
        ('"é"', False),
        ('"a\x00b"', False),
        ("x" * 1000, True),
        ("x" * 1001, False),
        ("", False),
    ],
)
def test_validators_that_cannot_be_sent_back_are_not_kept(value: str, is_usable: bool) -> None:
    capture = Capture(
        url="u",
        final_url="u",
        status=200,
        headers=(("ETag", value),),
        body=b"",
        fetched_at=datetime(2025, 6, 2, tzinfo=UTC),
    )
    assert read_validator(capture, "etag") == (value if is_usable else None)
    assert read_validator(capture, "last-modified") is None


@pytest.mark.parametrize(
    ("state", "new_entries", "is_conditional"),
    [
        (make_state(), 5, True),
        (make_state(not_modified_polls=4), 5, True),
        (make_state(is_conditional=False), 0, False),  # what is known for sure stays so
        (suspect(make_state()), 1, False),
        (suspect(make_state()), 0, True),
    ],
)
def test_only_a_suspicion_is_settled(state: PollState, new_entries: int, is_conditional: bool) -> None:
    assert settle_suspicion(state, new_entries).is_conditional is is_conditional
