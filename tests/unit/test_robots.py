"""What robots.txt allows, where it is not there, and where nobody can say."""

import threading
import time
from datetime import UTC, datetime

import pytest

from coopwatch.errors import FetchError
from coopwatch.robots import Robots, RobotsCache, read_robots
from schemas.records import Capture, FailureKind

URL = "https://a.example/news/1?page=2"


def answer(body: bytes | str) -> Capture:
    url = "https://a.example/robots.txt"
    body = body.encode() if isinstance(body, str) else body
    moment = datetime(2025, 6, 2, tzinfo=UTC)
    return Capture(url=url, final_url=url, status=200, body=body, fetched_at=moment)


def fault(kind: FailureKind, status: int | None = None) -> FetchError:
    return FetchError("https://a.example/robots.txt", kind, "of a test", http_status=status)


def is_allowed(robots: Robots, url: str = URL) -> bool:
    try:
        robots.check(url)
    except FetchError as error:
        if (error.kind, error.url) != ("robots", url):
            raise
        return False
    return True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("<html><body>Welcome to our new site: news", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /news/", False),
        ("User-agent: *\nDisallow: /video/", True),
        ("User-agent: *\nDisallow: /*?page=", False),
        ("User-agent: *\nDisallow: /news/1$", True),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/1", True),
        # a group of our own is all that counts
        ("User-agent: *\nDisallow: /\n\nUser-agent: coopwatch\nDisallow: /video/", True),
        ("User-agent: CoopWatch/1.0\nDisallow: /\n\nUser-agent: *\nDisallow:", False),
        ("User-agent: somebot\nUser-agent: coopwatch\nDisallow: /", False),
        ("user agent COOPWATCH # us\nDisallow: /", False),
        ("Useragent : coopwatch\rDisallow: /", False),
        # the groups of others are not ours
        ("User-agent: somebot\nDisallow: /", True),
        ("User-agent: coop\nDisallow: /", True),
        ("User-agent: coopwatchers\nDisallow: /", True),
        ("User-agent: c*\nDisallow: /", True),
        ("User-agent: -\nDisallow: /", True),
        ("# User-agent: coopwatch\nUser-agent: somebot\nDisallow: /", True),
    ],
)
def test_what_is_allowed(text: str, expected: bool) -> None:
    assert is_allowed(read_robots(answer(text))) is expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nDisallow: /x", 0.0),
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 3600", 30.0),
        ("User-agent: *\nCrawl-delay: nan", 0.0),
        ("User-agent: *\nCrawl-delay: -1", 0.0),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: coopwatch\nCrawl-delay: 1", 1.0),
        ("User-agent: somebot\nCrawl-delay: 9", 0.0),
    ],
)
def test_crawl_delay(text: str, seconds: float) -> None:
    assert read_robots(answer(text)).crawl_delay_seconds == seconds


@pytest.mark.parametrize(
    ("error", "is_open"),
    [
        (fault("http_status", 404), True),
        (fault("http_status", 401), True),
        (fault("http_status", 410), True),
        (fault("not_in_archive"), True),
        (fault("redirects"), True),
        (fault("too_large"), True),
        (fault("encoding"), True),
        (fault("http_status", 500), False),
        (fault("http_status", 503), False),
        (fault("rate_limited", 429), False),
        (fault("dns"), False),
        (fault("dns_temporary"), False),
        (fault("refused"), False),
        (fault("reset"), False),
        (fault("timeout"), False),
        (fault("tls"), False),
    ],
)
def test_no_answer(error: FetchError, is_open: bool) -> None:
    robots = read_robots(error)
    if is_open:
        assert is_allowed(robots)
        return
    with pytest.raises(FetchError) as caught:
        robots.check(URL)
    # the page has the failure of robots.txt: it is over when that is
    assert (caught.value.kind, caught.value.http_status, caught.value.url) == (
        error.kind,
        error.http_status,
        URL,
    )
    assert caught.value.detail == "robots.txt cannot be read: of a test"


def test_what_comes_after_the_limit_is_not_read() -> None:
    rule = b"User-agent: *\nDisallow: /\n"
    assert not is_allowed(read_robots(answer(b"#" * (500 * 1024 - len(rule) - 1) + b"\n" + rule)))
    assert is_allowed(read_robots(answer(b"#" * (500 * 1024) + b"\n" + rule)))


@pytest.mark.parametrize(
    "body",
    [
        b"\x00\xff\xfe" * 1000,
        b"".join(b"User-agent: bot%d\n" % number for number in range(14_000))
        + b"".join(b"Disallow: /%d\n" % number for number in range(14_000)),
        b"".join(b"user agent bot%d\n" % (number % 7000) for number in range(28_000)) + b"Disallow: /\n",
        b"User-agent: *\nDisallow: /" + b"*a" * 250_000,
        b"User-agent:" + b" " * 500_000,
        b"user" + b" " * 500_000,
    ],
)
def test_hostile_files_cost_little(body: bytes) -> None:
    """Without care the second is a hundred million rules."""
    began = time.process_time()
    robots = read_robots(answer(body))
    assert is_allowed(robots, "https://a.example/" + "a" * 2000)
    assert time.process_time() - began < 5


# --- the cache


class Site:
    """Answers requests for robots.txt and counts them."""

    def __init__(self, body: str | FetchError, seconds: float = 0.0) -> None:
        self.body = body
        self.seconds = seconds
        self.asked: list[str] = []

    def get(self, url: str) -> Capture:
        self.asked.append(url)
        time.sleep(self.seconds)
        if isinstance(self.body, FetchError):
            raise self.body
        return answer(self.body)


def test_an_origin_is_asked_once_a_day() -> None:
    now = [0.0]
    cache = RobotsCache(lambda: now[0])
    site = Site("User-agent: *\nDisallow: /")
    for hours, path in ((0, "1"), (1, "2"), (23.9, "3")):
        now[0] = hours * 3600
        assert not is_allowed(cache.ask(f"https://a.example/{path}", site.get), f"https://a.example/{path}")
    assert site.asked == ["https://a.example/robots.txt"]
    assert cache.recall(URL)
    now[0] = 24 * 3600
    assert cache.recall(URL) is None
    site.body = ""
    assert is_allowed(cache.ask(URL, site.get))
    assert len(site.asked) == 2


def test_each_origin_has_its_own() -> None:
    cache = RobotsCache(time.monotonic)
    site = Site("")
    for url in (
        "https://a.example/1",
        "http://a.example/1",
        "https://A.example:8443/1",
        "https://a.example/2",
    ):
        cache.ask(url, site.get)
    assert site.asked == [
        "https://a.example/robots.txt",
        "http://a.example/robots.txt",
        "https://a.example:8443/robots.txt",
    ]


def test_an_origin_that_failed_is_asked_again_sooner() -> None:
    now = [0.0]
    cache = RobotsCache(lambda: now[0])
    site = Site(fault("timeout"))
    assert cache.ask(URL, site.get).fault
    site.body = ""
    now[0] = 599
    assert cache.ask(URL, site.get).fault
    now[0] = 600
    assert cache.ask(URL, site.get).fault is None
    assert len(site.asked) == 2


def test_threads_that_ask_together_ask_once() -> None:
    cache = RobotsCache(time.monotonic)
    site = Site("", seconds=0.1)
    threads = [threading.Thread(target=cache.ask, args=(URL, site.get)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.asked) == 1
