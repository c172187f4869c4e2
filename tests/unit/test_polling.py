"""When sources are polled: order, intervals, conditional headers, back-off."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.polling import (
    after_failure,
    after_not_modified,
    after_success,
    conditional_headers,
    decide_interval,
    failure_weight,
    freshness,
    select_due,
    spread,
)
from schemas.records import Capture, Failure, FailureKind, PollBounds, PollState, Source

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def make_source(source_id: str = "s", host: str = "a.example", **poll: timedelta) -> Source:
    return Source(
        id=source_id,
        name=source_id,
        kind="feed",
        url=f"https://{host}/{source_id}.xml",
        publisher=host,
        poll=PollBounds(**poll),
    )


def make_state(source_id: str = "s", **changes: Any) -> PollState:
    return PollState(source_id=source_id, **changes)


def make_capture(**headers: str) -> Capture:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(url="u", final_url="u", status=200, headers=pairs, body=b"", fetched_at=NOW)


def make_failure(kind: FailureKind = "timeout", **changes: Any) -> Failure:
    return Failure(stage="poll", kind=kind, detail="of a test", **changes)


# --- which, in which order


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, True),
        (make_state(), True),
        (make_state(next_poll_at=NOW - HOUR), True),
        (make_state(next_poll_at=NOW), True),
        (make_state(next_poll_at=NOW + timedelta(seconds=1)), False),
        # a schedule as long as the interval may be a little early
        (make_state(next_poll_at=NOW + timedelta(seconds=44), interval_seconds=900), True),
        (make_state(next_poll_at=NOW + timedelta(seconds=46), interval_seconds=900), False),
        (make_state(next_poll_at=NOW + timedelta(seconds=60), interval_seconds=86_400), True),
        (make_state(next_poll_at=NOW + timedelta(seconds=61), interval_seconds=86_400), False),
        # but what failed may have been told when to come back
        (
            make_state(next_poll_at=NOW + timedelta(seconds=1), interval_seconds=900, failure_weight=0.5),
            False,
        ),
    ],
)
def test_due(state: PollState | None, expected: bool) -> None:
    due = select_due([make_source()], {"s": state} if state else {}, NOW)
    assert bool(due) is expected


def test_hosts_take_turns_and_the_longest_overdue_go_first() -> None:
    big = [make_source(f"big-{number}", "big.example") for number in range(4)]
    small = [make_source("small-1", "small.example"), make_source("small-2", "small.example")]
    new = make_source("new", "new.example")
    states = {source.id: make_state(source.id, next_poll_at=NOW - HOUR) for source in big}
    states["big-3"] = make_state("big-3", next_poll_at=NOW - 2 * HOUR)
    states["small-1"] = make_state("small-1", next_poll_at=NOW - 5 * MINUTE)
    states["small-2"] = make_state("small-2", next_poll_at=NOW - 10 * MINUTE)
    order = [source.id for source in select_due([*big, *small, new], states, NOW)]
    assert order == ["new", "big-3", "small-2", "big-0", "small-1", "big-1", "big-2"]


def test_the_order_does_not_depend_on_the_registry() -> None:
    sources = [make_source(f"s{number}", f"h{number % 3}.example") for number in range(9)]
    assert select_due(sources, {}, NOW) == select_due(sources[::-1], {}, NOW)


# --- intervals


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
    assert decide_interval(make_source(), ttl=ttl, server=server) == expected


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


# --- what is remembered


def test_after_success() -> None:
    capture = make_capture(
        ETag='W/"a"', Last_Modified="Mon, 02 Jun 2025 11:00:00 GMT", Cache_Control="max-age=1800"
    )
    polled_at = NOW + MINUTE
    state = after_success(
        make_source(), capture, body_sha256="f00", ttl=20 * MINUTE, now=NOW, polled_at=polled_at
    )
    assert state == PollState(
        source_id="s",
        next_poll_at=NOW + 30 * MINUTE,
        last_polled_at=polled_at,
        last_success_at=polled_at,
        interval_seconds=1800.0,
        etag='W/"a"',
        last_modified="Mon, 02 Jun 2025 11:00:00 GMT",
        body_sha256="f00",
        failure_weight=0.0,
        last_error=None,
    )
    assert conditional_headers(state) == {
        "If-None-Match": 'W/"a"',
        "If-Modified-Since": "Mon, 02 Jun 2025 11:00:00 GMT",
    }


@pytest.mark.parametrize("etag", ['"é"', '"a\x00b"', "x" * 1001, ""])
def test_validators_that_cannot_be_sent_back_are_not_kept(etag: str) -> None:
    capture = make_capture(ETag=etag)
    state = after_success(make_source(), capture, body_sha256="f", ttl=None, now=NOW, polled_at=NOW)
    assert conditional_headers(state) == {}


def test_nothing_is_asked_conditionally_of_a_source_that_is_new() -> None:
    assert conditional_headers(None) == {}


def test_after_not_modified() -> None:
    state = make_state(
        interval_seconds=3600.0,
        etag='"old"',
        last_modified="then",
        body_sha256="f00",
        failure_weight=2.5,
        last_error="timeout: before",
        last_success_at=NOW - HOUR,
    )
    polled_at = NOW + MINUTE
    known = after_not_modified(make_source(), state, make_capture(ETag='"new"'), now=NOW, polled_at=polled_at)
    assert known == PollState(
        source_id="s",
        next_poll_at=NOW + HOUR,
        last_polled_at=polled_at,
        last_success_at=polled_at,
        interval_seconds=3600.0,
        etag='"new"',
        last_modified="then",
        body_sha256="f00",
    )
    longer = make_capture(Cache_Control="max-age=7200")
    assert (
        after_not_modified(make_source(), state, longer, now=NOW, polled_at=NOW).next_poll_at
        == NOW + 2 * HOUR
    )


# --- failures


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
    assert failure_weight(make_failure(kind, http_status=status)) == weight


def wait_after(weight: float, failure: Failure, source: Source | None = None) -> timedelta:
    state = after_failure(source or make_source(), make_state(failure_weight=weight), failure, NOW)
    assert state.next_poll_at is not None
    return state.next_poll_at - NOW


@pytest.mark.parametrize(
    ("weight", "kind", "minutes"),
    [
        (0.0, "timeout", 30.0),
        (1.0, "timeout", 60.0),
        (3.0, "timeout", 240.0),
        (0.0, "dns", 21.2),
        (0.0, "dns_temporary", 17.8),
        (0.75, "dns_temporary", 30.0),
    ],
)
def test_the_wait_doubles_with_every_weight(weight: float, kind: FailureKind, minutes: float) -> None:
    wait = wait_after(weight, make_failure(kind)) / MINUTE
    assert minutes <= wait + 0.1
    assert wait <= minutes * 1.1 + 0.1


@given(weight=st.floats(0, 1e9), minimum=st.integers(0, 10_000), more=st.integers(0, 100_000))
def test_no_source_is_given_up(weight: float, minimum: int, more: int) -> None:
    source = make_source(min=timedelta(seconds=minimum), max=timedelta(seconds=minimum + more))
    wait = wait_after(weight, make_failure(), source)
    assert timedelta(0) <= wait <= source.poll.max


@pytest.mark.parametrize("seconds", [0.0, 60.0, 3600.0, 172_800.0, 30 * 86_400.0])
def test_retry_after_is_never_shortened(seconds: float) -> None:
    failure = make_failure("rate_limited", http_status=429, retry_after_seconds=seconds)
    wait = wait_after(0.0, failure)
    assert wait.total_seconds() >= max(seconds, 15 * 60)
    assert wait.total_seconds() <= max(seconds * 1.1, 30 * 60)


def test_sources_that_failed_together_come_back_apart() -> None:
    failure = make_failure("rate_limited", retry_after_seconds=3600.0)
    waits = {
        after_failure(make_source(f"s{number}"), None, failure, NOW).next_poll_at for number in range(20)
    }
    assert len(waits) == 20


def test_after_failure_keeps_what_was_known() -> None:
    state = make_state(etag='"a"', body_sha256="f00", last_success_at=NOW - HOUR, interval_seconds=900.0)
    failed = after_failure(make_source(), state, make_failure(), NOW)
    assert failed.model_dump(exclude={"next_poll_at"}) == state.model_dump(exclude={"next_poll_at"}) | {
        "last_polled_at": NOW,
        "failure_weight": 1.0,
        "last_error": "timeout: of a test",
    }


def test_a_source_that_fails_at_its_first_poll_has_a_state() -> None:
    state = after_failure(make_source(), None, make_failure("dns_temporary"), NOW)
    assert (state.source_id, state.failure_weight, state.last_success_at) == ("s", 0.25, None)


@given(st.text(max_size=20))
def test_spread_is_small_and_always_the_same(part: str) -> None:
    assert 1.0 <= spread(0.1, part) <= 1.1
    assert spread(0.1, part) == spread(0.1, part)
