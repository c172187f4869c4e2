"""Pauses between the requests to a host, and peace when it asks for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import inf

import pytest

from coopwatch.errors import FetchError
from coopwatch.fetch import NO_HEADERS, ConnectError
from coopwatch.politeness import (
    HostParkedError,
    HostRecord,
    Manners,
    after_answer,
    after_fault,
    decide_wait,
)
from coopwatch.settings import Settings
from schemas.records import Capture

SETTINGS = Settings()
MET = HostRecord(started_at=100.0, pause_seconds=2.0, is_met=True)


def limited(seconds: float | None, url: str = "https://a.example/") -> FetchError:
    return FetchError(url, "rate_limited", "HTTP 429", http_status=429, retry_after_seconds=seconds)


REFUSED = ConnectError("https://a.example/", "refused", "nobody listens")
BROKEN = FetchError("https://a.example/", "timeout", "nothing came for 15 s")


# --- decisions


@pytest.mark.parametrize(
    ("record", "running", "now", "expected"),
    [
        (HostRecord(), 0, 100.0, 0.0),
        (HostRecord(), 1, 100.0, inf),  # it has to become known first
        (MET, 0, 100.5, 1.5),
        (MET, 1, 100.5, 1.5),
        (MET, 1, 102.0, 0.0),
        (replace(MET, parked_until=200.0), 1, 100.5, 0.0),  # what is not asked for need not wait
        (replace(MET, parked_until=100.0), 0, 100.5, 1.5),
    ],
)
def test_decide_wait(record: HostRecord, running: int, now: float, expected: float) -> None:
    assert decide_wait(record, running, now) == expected


@pytest.mark.parametrize(("seconds", "pause"), [(0.0, 0.0), (0.4, 0.8), (2.5, 5.0), (60.0, 5.0), (-1.0, 0.0)])
def test_the_slower_a_host_the_longer_the_pause(seconds: float, pause: float) -> None:
    record = after_answer(HostRecord(connect_faults=1), seconds)
    assert (record.pause_seconds, record.is_met, record.connect_faults) == (pause, True, 0)


@pytest.mark.parametrize(
    ("errors", "parked_until"),
    [
        ([limited(60.0)], 1060.0),
        ([limited(0.0)], 1000.0),
        ([limited(None)], -inf),
        ([limited(60.0), limited(30.0)], 1060.0),  # never shortened
        ([REFUSED], -inf),
        ([REFUSED, REFUSED], 1600.0),
        ([REFUSED, BROKEN, REFUSED], -inf),
        ([BROKEN, BROKEN, BROKEN], -inf),
        ([FetchError("u", "http_status", "HTTP 500", http_status=500, retry_after_seconds=9.0)], -inf),
    ],
)
def test_when_a_host_is_parked(errors: list[FetchError], parked_until: float) -> None:
    record = HostRecord()
    for error in errors:
        record = after_fault(record, error, 0.1, 1000.0)
    assert record.parked_until == parked_until
    assert (record.parked_for is None) == (parked_until == -inf)


# --- manners


class World:
    """Answers by URL, with a clock on which requests take their time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.answers: dict[str, bytes | FetchError] = {}
        self.seconds = 0.0
        self.asked: list[str] = []

    def clock(self) -> float:
        return self.now

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS) -> Capture:
        self.asked.append(url)
        self.now += self.seconds
        missing = FetchError(url, "http_status", "HTTP 404 Not Found", http_status=404)
        answer = self.answers.get(url, missing if url.endswith("/robots.txt") else b"")
        if isinstance(answer, FetchError):
            raise answer
        moment = datetime(2025, 6, 2, tzinfo=UTC)
        return Capture(url=url, final_url=url, status=200, body=answer, fetched_at=moment)


@pytest.fixture
def world() -> World:
    return World()


def fail_to_fetch(manners: Manners, world: World, url: str, *, obeys_robots: bool = True) -> FetchError:
    with pytest.raises(FetchError) as caught:
        manners.fetch(world, url, obeys_robots=obeys_robots)
    return caught.value


def test_the_pause_is_learnt(world: World) -> None:
    manners = Manners(SETTINGS, clock=world.clock)
    world.seconds = 0.5
    assert manners.claim("a.example", 0) == 0.0
    assert manners.claim("a.example", 1) == inf
    manners.fetch(world, "https://a.example/feed", obeys_robots=False)
    assert manners.claim("a.example", 0) == 0.5  # twice the time, counted from the beginning
    assert manners.claim("b.example", 0) == 0.0
    world.now += 0.5
    assert manners.claim("a.example", 0) == 0.0
    assert manners.claim("a.example", 1) == 1.0


def test_crawl_delay_is_kept_even_to_feeds(world: World) -> None:
    manners = Manners(SETTINGS, clock=world.clock)
    world.answers["https://a.example/robots.txt"] = b"User-agent: *\nCrawl-delay: 7\nDisallow: /x"
    assert manners.claim("a.example", 0) == 0.0
    manners.fetch(world, "https://a.example/1", obeys_robots=True)
    assert manners.claim("a.example", 0) == 7.0


@pytest.mark.parametrize("named", ["a.example", "a.example:443"])
def test_the_hosts_of_the_operator_get_only_the_pause_they_ask_for(world: World, named: str) -> None:
    manners = Manners(Settings(allow_private_hosts=frozenset({named})), clock=world.clock)
    world.seconds = 0.5
    manners.claim("a.example", 0)
    manners.fetch(world, "https://a.example/feed", obeys_robots=False)
    assert manners.claim("a.example", 0) == 0.0


def test_a_host_that_asks_for_peace_gets_it(world: World) -> None:
    manners = Manners(SETTINGS, clock=world.clock)
    world.answers["https://a.example/1"] = limited(60.0)
    first = fail_to_fetch(manners, world, "https://a.example/1", obeys_robots=False)
    assert not isinstance(first, HostParkedError)
    world.now += 20
    second = fail_to_fetch(manners, world, "https://a.example/2", obeys_robots=False)
    assert isinstance(second, HostParkedError)
    assert (second.kind, second.detail, second.retry_after_seconds) == (
        "rate_limited",
        "a.example is parked: HTTP 429",
        40.0,
    )
    assert second.http_status is None  # no answer came
    manners.fetch(world, "https://b.example/1", obeys_robots=False)
    world.now += 40
    manners.fetch(world, "https://a.example/2", obeys_robots=False)
    assert world.asked == ["https://a.example/1", "https://b.example/1", "https://a.example/2"]


def test_a_host_that_refuses_twice_is_parked(world: World) -> None:
    manners = Manners(SETTINGS, clock=world.clock)
    world.answers = dict.fromkeys((f"https://a.example/{number}" for number in range(4)), REFUSED)
    errors = [
        fail_to_fetch(manners, world, f"https://a.example/{number}", obeys_robots=False)
        for number in range(4)
    ]
    assert [isinstance(error, HostParkedError) for error in errors] == [False, False, True, True]
    assert {error.kind for error in errors} == {"refused"}
    assert len(world.asked) == 2


def test_behind_a_redirect_the_other_host_is_parked(world: World) -> None:
    manners = Manners(SETTINGS, clock=world.clock)
    redirected = limited(60.0)
    redirected.__cause__ = limited(60.0, "https://b.example/1")
    world.answers["https://a.example/1"] = redirected
    fail_to_fetch(manners, world, "https://a.example/1", obeys_robots=False)
    manners.fetch(world, "https://a.example/2", obeys_robots=False)
    parked = fail_to_fetch(manners, world, "https://b.example/2", obeys_robots=False)
    assert isinstance(parked, HostParkedError)


def test_robots_are_obeyed_by_what_nobody_asked_us_to_poll(world: World) -> None:
    world.answers["https://a.example/robots.txt"] = b"User-agent: *\nDisallow: /"
    manners = Manners(SETTINGS, clock=world.clock)
    forbidden = fail_to_fetch(manners, world, "https://a.example/1")
    assert forbidden.kind == "robots"
    assert not isinstance(forbidden, HostParkedError)
    manners.fetch(world, "https://a.example/feed", obeys_robots=False)
    careless = Manners(SETTINGS.model_copy(update={"fetch_obey_robots": False}), clock=world.clock)
    careless.fetch(world, "https://a.example/1", obeys_robots=True)
    assert world.asked == ["https://a.example/robots.txt", "https://a.example/feed", "https://a.example/1"]


def test_while_robots_cannot_be_read_no_page_is_asked_for(world: World) -> None:
    fault = FetchError("https://a.example/robots.txt", "http_status", "HTTP 500", http_status=500)
    world.answers["https://a.example/robots.txt"] = fault
    manners = Manners(SETTINGS, clock=world.clock)
    for number in range(2):
        error = fail_to_fetch(manners, world, f"https://a.example/{number}")
        assert isinstance(error, HostParkedError)
        assert (error.kind, error.http_status) == ("http_status", 500)
        assert error.detail == "robots.txt cannot be read: HTTP 500"
    assert world.asked == ["https://a.example/robots.txt"]


def test_a_limit_at_robots_is_one_of_the_host(world: World) -> None:
    world.answers["https://a.example/robots.txt"] = limited(60.0, "https://a.example/robots.txt")
    manners = Manners(SETTINGS, clock=world.clock)
    fail_to_fetch(manners, world, "https://a.example/1")
    assert isinstance(
        fail_to_fetch(manners, world, "https://a.example/feed", obeys_robots=False), HostParkedError
    )


def test_a_replay_neither_pauses_nor_parks_but_obeys(world: World) -> None:
    manners = Manners(SETTINGS, is_live=False, clock=world.clock)
    world.seconds = 2.0
    world.answers["https://a.example/1"] = limited(60.0)
    world.answers["https://b.example/robots.txt"] = b"User-agent: *\nCrawl-delay: 9\nDisallow: /x"
    world.answers["https://c.example/robots.txt"] = FetchError("u", "not_in_archive", "not in a.warc")
    for number in range(2):
        assert manners.claim("a.example", number) == 0.0
    fail_to_fetch(manners, world, "https://a.example/1")
    manners.fetch(world, "https://a.example/2", obeys_robots=True)
    manners.fetch(world, "https://b.example/1", obeys_robots=True)
    assert manners.claim("b.example", 1) == 0.0
    assert fail_to_fetch(manners, world, "https://b.example/x").kind == "robots"
    manners.fetch(world, "https://c.example/1", obeys_robots=True)
