"""When sources are polled: order, what is remembered, rhythm, back-off."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.conditions import conditional_headers, suspect
from coopwatch.polling import (
    adapt_interval,
    address_of,
    after_failure,
    after_not_modified,
    after_parking,
    after_success,
    select_due,
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


def make_capture(status: int = 200, /, **headers: str) -> Capture:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(url="u", final_url="u", status=status, headers=pairs, body=b"", fetched_at=NOW)


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
        # but what failed, or is parked, may have been told when to come back
        (
            make_state(
                next_poll_at=NOW + timedelta(seconds=1), interval_seconds=900, last_error="rate_limited: x"
            ),
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


def test_sources_take_turns_by_the_host_at_which_they_are_polled() -> None:
    sources = [
        make_source("a", "one.example"),
        make_source("b", "one.example"),
        make_source("c", "two.example"),
    ]
    states = {"c": make_state("c", current_url="https://one.example/c.xml")}
    assert [source.id for source in select_due(sources, states, NOW)] == ["a", "b", "c"]
    assert [source.id for source in select_due(sources, {}, NOW)] == ["a", "c", "b"]


# --- what is remembered


def test_after_success() -> None:
    capture = make_capture(
        ETag='W/"a"', Last_Modified="Mon, 02 Jun 2025 11:00:00 GMT", Cache_Control="max-age=1800"
    )
    polled_at = NOW + MINUTE
    state = after_success(
        make_source(), None, capture, body_sha256="f00", ttl=20 * MINUTE, now=NOW, polled_at=polled_at
    )
    assert state == PollState(
        source_id="s",
        next_poll_at=NOW + 30 * MINUTE,
        last_polled_at=polled_at,
        last_success_at=polled_at,
        interval_seconds=1800.0,
        ttl_seconds=1800.0,
        etag='W/"a"',
        last_modified="Mon, 02 Jun 2025 11:00:00 GMT",
        body_sha256="f00",
        failure_weight=0.0,
        last_error=None,
    )


def succeed(state: PollState | None, **headers: str) -> PollState:
    return after_success(
        make_source(), state, make_capture(**headers), body_sha256="f", ttl=None, now=NOW, polled_at=NOW
    )


def test_a_success_clears_failures_and_keeps_the_rest() -> None:
    known = make_state(
        failure_weight=2.0,
        last_error="timeout: x",
        last_new_entry_at=NOW - HOUR,
        is_conditional=False,
        current_url="https://a.example/new.xml",
    )
    state = succeed(known)
    assert (state.failure_weight, state.last_error) == (0.0, None)
    assert (state.last_new_entry_at, state.is_conditional) == (NOW - HOUR, False)
    assert address_of(make_source(), state) == "https://a.example/new.xml"
    assert address_of(make_source(), None) == "https://a.example/s.xml"


@pytest.mark.parametrize(
    ("interval", "ttl", "headers", "expected"),
    [
        (None, None, {}, 15 * MINUTE),
        # a rhythm that was learnt stays
        (7200.0, None, {}, 2 * HOUR),
        (7200.0, 3600.0, {}, 2 * HOUR),
        (7200.0, 3600.0, {"Cache_Control": "max-age=14400"}, 4 * HOUR),
        # what was asked for does not outlast the asking
        (7200.0, 7200.0, {}, 15 * MINUTE),
        (7200.0, 7200.0, {"Cache_Control": "max-age=3600"}, HOUR),
    ],
)
def test_the_rhythm_is_kept(
    interval: float | None, ttl: float | None, headers: dict[str, str], expected: timedelta
) -> None:
    state = succeed(make_state(interval_seconds=interval, ttl_seconds=ttl), **headers)
    assert state.next_poll_at == NOW + expected


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
        ttl_seconds=0.0,
    )
    longer = make_capture(Cache_Control="max-age=7200")
    assert (
        after_not_modified(make_source(), state, longer, now=NOW, polled_at=NOW).next_poll_at
        == NOW + 2 * HOUR
    )


# --- failures


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


def test_what_the_feed_asked_for_outlasts_a_304() -> None:
    state = succeed(None, Cache_Control="max-age=7200", ETag='"1"')
    for number in range(1, 4):
        state = after_not_modified(make_source(), state, make_capture(304), now=NOW, polled_at=NOW)
        assert (state.next_poll_at, state.ttl_seconds) == (NOW + 2 * HOUR, 7200.0)
        assert (state.not_modified_polls, state.etag) == (number, '"1"')
    state = after_not_modified(make_source(), state, make_capture(), now=NOW, polled_at=NOW)
    assert state.not_modified_polls == 0


def test_a_parked_source_is_not_blamed() -> None:
    state = make_state(
        failure_weight=0.5, last_polled_at=NOW - HOUR, last_success_at=NOW - HOUR, etag='"a"', steady_polls=4
    )
    failure = make_failure("rate_limited", retry_after_seconds=7200.0)
    parked = after_parking(make_source(), state, failure, NOW)
    assert parked.next_poll_at is not None
    assert NOW + 2 * HOUR <= parked.next_poll_at <= NOW + 2.2 * HOUR
    changed = {"next_poll_at": parked.next_poll_at, "last_error": failure.reason, "steady_polls": 0}
    assert parked == state.model_copy(update=changed)
    assert not select_due([make_source()], {"s": parked}, NOW + 2 * HOUR - timedelta(seconds=1))
    assert after_parking(make_source(), None, make_failure("refused"), NOW).failure_weight == 0.0


def test_a_new_address_that_fails_is_left_for_that_of_the_registry() -> None:
    state = make_state(current_url="https://b.example/new", etag='"b"', body_sha256="f")
    for is_left in (False, False, True):
        state = after_failure(make_source(), state, make_failure("refused"), NOW)
        assert (address_of(make_source(), state) == make_source().url) is is_left
    assert (conditional_headers(state), state.body_sha256, state.failure_weight) == ({}, None, 3.0)


# --- rhythm


def poll_steadily(
    state: PollState | None, entries: int, new: int, *, late: timedelta = 0 * MINUTE
) -> PollState:
    """Poll at the time that was scheduled, or later, and adapt."""
    source = make_source(min=15 * MINUTE, max=2 * HOUR)
    at = ((state and state.next_poll_at) or NOW) + late
    capture = make_capture()
    state = after_success(source, state, capture, body_sha256="f", ttl=None, now=at, polled_at=at)
    return adapt_interval(
        state,
        entries=entries,
        new_entries=new,
        minimum=source.poll.min,
        maximum=source.poll.max,
        polled_at=at,
    )


def test_the_interval_follows_the_rhythm_within_the_bounds() -> None:
    state: PollState | None = None
    minutes = []
    for new in (20, 0, 0, 0, 0, 0, 0, 0, 0, 8, 12, 20, 20, 20, 20, 20):
        state = poll_steadily(state, 20, new)
        minutes.append(round((state.interval_seconds or 0) / 60, 1))
    assert minutes == [
        *(15, 15),  # a first poll, and one close to schedule, say nothing
        *(22.5, 33.8, 50.6, 75.9, 113.9, 120, 120),  # nothing new
        120,  # neither few nor many
        *(80, 53.3, 35.6, 23.7, 15.8, 15),
    ]


@pytest.mark.parametrize(
    ("steady", "entries", "new", "ttl", "minutes"),
    [
        (2, 20, 0, 0, 60 * 1.5),
        (2, 20, 4, 0, 60 * 1.5),
        (2, 20, 5, 0, 60),
        (2, 20, 10, 0, 60),
        (2, 20, 11, 0, 40),
        (2, 20, 20, 0, 40),
        (1, 20, 0, 0, 60),
        (1, 20, 20, 0, 60),
        (2, 0, 0, 0, 60),
        (2, 20, 20, 3000, 50),  # never below what the publisher asks for
        (2, 20, 20, 3600, 60),
        (2, 20, 0, 3600, 90),
    ],
)
def test_adapt_interval(steady: int, entries: int, new: int, ttl: int, minutes: float) -> None:
    state = make_state(
        next_poll_at=NOW + HOUR, interval_seconds=3600.0, ttl_seconds=float(ttl), steady_polls=steady
    )
    adapted = adapt_interval(
        state, entries=entries, new_entries=new, minimum=15 * MINUTE, maximum=24 * HOUR, polled_at=NOW
    )
    assert adapted.interval_seconds == minutes * 60
    assert adapted.next_poll_at == NOW + minutes * MINUTE
    assert adapted.last_new_entry_at == (NOW if new else None)


def test_a_failed_state_is_not_adapted() -> None:
    state = after_failure(make_source(), make_state(interval_seconds=900.0), make_failure(), NOW)
    assert (
        adapt_interval(state, entries=0, new_entries=0, minimum=MINUTE, maximum=HOUR, polled_at=NOW) == state
    )


@pytest.mark.parametrize(
    ("state", "off", "expected"),
    [
        (None, 0 * MINUTE, 0),
        (make_state(steady_polls=3, next_poll_at=NOW, interval_seconds=3600), 0 * MINUTE, 4),
        (make_state(steady_polls=3, next_poll_at=NOW, interval_seconds=3600), 30 * MINUTE, 4),
        (make_state(steady_polls=3, next_poll_at=NOW, interval_seconds=3600), 31 * MINUTE, 0),
        (make_state(steady_polls=3, next_poll_at=NOW, interval_seconds=3600), -31 * MINUTE, 0),
        (
            make_state(steady_polls=3, next_poll_at=NOW, interval_seconds=3600, last_error="x: y"),
            0 * MINUTE,
            0,
        ),
        (make_state(next_poll_at=NOW, interval_seconds=0), MINUTE, 0),
    ],
)
def test_steady_polls(state: PollState | None, off: timedelta, expected: int) -> None:
    known = after_success(
        make_source(), state, make_capture(), body_sha256="f", ttl=None, now=NOW + off, polled_at=NOW + off
    )
    assert known.steady_polls == expected


def test_an_unchanged_document_lengthens_the_interval() -> None:
    state = make_state(next_poll_at=NOW, interval_seconds=3600.0, steady_polls=1)
    same = after_not_modified(make_source(), state, make_capture(304), now=NOW, polled_at=NOW)
    assert (same.steady_polls, same.interval_seconds) == (2, 5400.0)
    assert after_failure(make_source(), same, make_failure(), NOW).steady_polls == 0


@pytest.mark.parametrize(("new", "is_conditional"), [(0, True), (3, False)])
def test_new_entries_settle_a_suspicion(new: int, is_conditional: bool) -> None:
    state = adapt_interval(
        suspect(make_state(etag='"a"')),
        entries=5,
        new_entries=new,
        minimum=MINUTE,
        maximum=HOUR,
        polled_at=NOW,
    )
    assert (state.is_conditional, state.not_modified_polls) == (is_conditional, 0)
    assert bool(conditional_headers(state)) is is_conditional
