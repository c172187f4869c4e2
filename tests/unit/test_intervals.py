"""How long a source is left alone: by what its publisher asks for, and by the weight of its failures."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.intervals import decide_interval, failure_weight, freshness, spread
from schemas.records import Capture, Failure, FailureKind, PollBounds

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def make_capture(**headers: str) -> Capture:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(url="u", final_url="u", status=200, headers=pairs, body=b"", fetched_at=NOW)


@pytest.mark.parametrize(
    ("ttl", "server", "expected"),
    [
        (None, None, 15 * MINUTE),
        (5 * MINUTE, 2 * MINUTE, 15 * MINUTE),
        (HOUR, None, HOUR),
        (None, 2 * HOUR, 2 * HOUR),
        (3 * HOUR, 2 * HOUR, 3 * HOUR),
        (48 * HOUR, None, 24 * HOUR),
        (None, 8760 * HOUR, 24 * HOUR),
        (None, -HOUR, 15 * MINUTE),
    ],
)
def test_the_interval_is_the_largest_that_anybody_asks_for(
    ttl: timedelta | None, server: timedelta | None, expected: timedelta
) -> None:
    assert decide_interval(PollBounds(), ttl, server) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, timedelta(0)),
        ({"Cache_Control": "max-age=600"}, timedelta(minutes=10)),
        ({"Cache_Control": "public, MAX-AGE = 600 , must-revalidate"}, timedelta(minutes=10)),
        ({"Cache_Control": 'max-age="600"'}, timedelta(minutes=10)),
        ({"Cache_Control": "s-maxage=600"}, timedelta(0)),
        ({"Cache_Control": "max-age=soon"}, timedelta(0)),
        ({"Cache_Control": "max-age=" + "9" * 400}, timedelta(days=365)),
        ({"Cache_Control": "no-cache"}, timedelta(0)),
        ({"Expires": format_datetime(NOW + HOUR, usegmt=True)}, HOUR),
        ({"Expires": "0"}, timedelta(0)),
        ({"Expires": format_datetime(NOW - HOUR, usegmt=True)}, timedelta(0)),
        # a server whose clock is an hour slow
        (
            {
                "Date": format_datetime(NOW - HOUR, usegmt=True),
                "Expires": format_datetime(NOW + HOUR, usegmt=True),
            },
            2 * HOUR,
        ),
        (
            {"Cache_Control": "max-age=60", "Expires": format_datetime(NOW + HOUR, usegmt=True)},
            HOUR,
        ),
    ],
)
def test_freshness(headers: dict[str, str], expected: timedelta) -> None:
    assert freshness(make_capture(**headers), NOW) == expected


@pytest.mark.parametrize(
    ("kind", "status", "weight"),
    [
        ("timeout", None, 1.0),
        ("refused", None, 1.0),
        ("tls", None, 1.0),
        ("not_a_feed", 200, 1.0),
        ("internal", None, 1.0),
        ("http_status", 403, 1.0),
        ("http_status", 410, 1.0),
        ("http_status", 404, 0.5),
        ("http_status", 500, 0.5),
        ("http_status", 503, 0.5),
        ("rate_limited", 429, 0.5),
        ("rate_limited", 503, 0.5),
        ("dns", None, 0.5),
        ("dns_temporary", None, 0.25),
    ],
)
def test_failures_are_weighed(kind: FailureKind, status: int | None, weight: float) -> None:
    assert failure_weight(Failure(stage="poll", kind=kind, detail="of a test", http_status=status)) == weight


@given(st.text(max_size=20))
def test_spread_is_small_and_always_the_same(part: str) -> None:
    assert 1.0 <= spread(0.1, part) <= 1.1
    assert spread(0.1, part) == spread(0.1, part)
