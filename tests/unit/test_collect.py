"""Polling and fetching over real HTTP on loopback: every source and every entry ends in one value."""

import hashlib
import logging
import socket
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from coopwatch.collect import Parser, fetch_entries, poll_sources
from coopwatch.errors import FetchError, ParseError, UrlError
from coopwatch.failures import Parked, decide_fetch_outcome, make_failure
from coopwatch.fetch import HttpFetcher
from coopwatch.politeness import HostParkedError, Manners
from coopwatch.polling import adapt_interval
from coopwatch.settings import Settings
from schemas.records import (
    Capture,
    Failure,
    FailureKind,
    FeedEntry,
    ParsedEntries,
    PendingEntry,
    PollResult,
    PollState,
    Source,
    SourceKind,
    Stage,
)

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
SETTINGS = Settings(
    allow_private_hosts=frozenset({"localhost", "127.0.0.1"}), fetch_threads=4, fetch_timeout_seconds=5.0
)


def allow_robots(server: HTTPServer, text: str = "") -> None:
    server.expect_request("/robots.txt").respond_with_data(text)


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    with HttpFetcher(SETTINGS) as opened:
        yield opened


def parse_lines(
    body: bytes, *, source: Source, base_url: str, content_type: str | None, now: datetime
) -> ParsedEntries:
    """Read a list of links, one a line; the simplest of all feeds."""
    if body == b"crash":
        raise RecursionError("too deep")
    if body.startswith(b"<html"):
        raise ParseError(base_url, "not_a_feed", f"a page of type {content_type}")
    urls = body.decode().split()
    entries = tuple(FeedEntry(source_id=source.id, key=url, url=url, compare_url=url) for url in urls)
    return ParsedEntries(entries=entries, unreadable=1, ttl=timedelta(minutes=20))


PARSERS: Mapping[SourceKind, Parser] = dict.fromkeys(("feed", "sitemap", "listing"), parse_lines)


def make_source(url: str, source_id: str = "s", kind: SourceKind = "feed") -> Source:
    return Source(id=source_id, name=source_id, kind=kind, url=url, publisher="P")


def poll_one(
    fetcher: HttpFetcher, url: str, state: PollState | None = None, settings: Settings = SETTINGS
) -> PollResult:
    states = {"s": state} if state else {}
    (result,) = poll_sources(
        [make_source(url)], states, fetcher, settings, NOW, parser_of=PARSERS.__getitem__
    )
    return result


# --- polling


def test_a_poll_brings_entries_and_a_state(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    body = b"https://a.example/1 https://a.example/2"
    httpserver.expect_request("/feed").respond_with_data(body, headers={"ETag": '"1"'})
    result = poll_one(fetcher, httpserver.url_for("/feed"))
    assert (result.outcome, result.http_status, result.failure) == ("polled", 200, None)
    assert [entry.url for entry in result.entries] == ["https://a.example/1", "https://a.example/2"]
    assert result.unreadable == 1
    assert result.state.etag == '"1"'
    assert result.state.body_sha256 == hashlib.sha256(body).hexdigest()
    assert result.state.next_poll_at == NOW + timedelta(minutes=20)
    assert NOW <= result.polled_at <= NOW + timedelta(seconds=5)
    assert result.seconds > 0


def test_an_index_leads_to_its_sitemaps_and_is_asked_for_whole_next_time(
    fetcher: HttpFetcher, httpserver: HTTPServer
) -> None:
    child = httpserver.url_for("/news.xml")
    httpserver.expect_request("/index.xml").respond_with_data(
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<sitemap><loc>{child}</loc></sitemap></sitemapindex>",
        headers={"ETag": '"1"'},
    )
    httpserver.expect_request("/news.xml").respond_with_data(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        f"<url><loc>{httpserver.url_for('/a')}</loc><n:news><n:title>Ice</n:title></n:news></url></urlset>"
    )
    source = make_source(httpserver.url_for("/index.xml"), kind="sitemap")
    (result,) = poll_sources([source], {}, fetcher, SETTINGS, NOW)
    assert [entry.title for entry in result.entries] == ["Ice"]
    assert (result.state.etag, result.state.body_sha256) == (None, None)


def test_not_modified(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        is_known = request.headers.get("If-None-Match") == '"1"'
        return Response(status=304) if is_known else Response("https://a.example/1", headers={"ETag": '"1"'})

    httpserver.expect_request("/feed").respond_with_handler(answer)
    first = poll_one(fetcher, httpserver.url_for("/feed"))
    again = poll_one(fetcher, httpserver.url_for("/feed"), first.state)
    assert (again.outcome, again.http_status, again.entries) == ("not_modified", 304, ())
    assert again.state.body_sha256 == first.state.body_sha256


def test_the_same_body_is_not_read_again(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(b"crash")
    known = PollState(source_id="s", body_sha256=hashlib.sha256(b"crash").hexdigest())
    result = poll_one(fetcher, httpserver.url_for("/feed"), known)
    assert (result.outcome, result.http_status) == ("not_modified", 200)


def test_a_page_in_the_place_of_a_feed_is_a_failure_every_time(
    fetcher: HttpFetcher, httpserver: HTTPServer
) -> None:
    headers = {"ETag": '"page"', "Content-Type": "text/html"}
    httpserver.expect_request("/feed").respond_with_data(b"<html>sorry", headers=headers)
    state = None
    for weight in (1.0, 2.0):
        result = poll_one(fetcher, httpserver.url_for("/feed"), state)
        assert result.outcome == "failed"
        assert result.failure is not None
        assert result.failure.reason == "not_a_feed: a page of type text/html"
        assert result.state.failure_weight == weight
        state = result.state
    assert (result.state.etag, result.state.body_sha256) == (None, None)


def test_failures_are_values(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=429, headers={"Retry-After": "172800"})
    result = poll_one(fetcher, httpserver.url_for("/feed"))
    assert (result.outcome, result.http_status) == ("failed", 429)
    assert result.failure is not None
    assert (result.failure.kind, result.failure.stage) == ("rate_limited", "poll")
    assert result.failure.retry_after_seconds == 172_800.0
    assert result.state.next_poll_at is not None
    assert result.state.next_poll_at >= NOW + timedelta(days=2)


def test_one_bad_source_stops_nobody(
    fetcher: HttpFetcher, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    bodies = {"good": b"https://a.example/1", "crash": b"crash", "page": b"<html>"}
    for path, body in bodies.items():
        httpserver.expect_request(f"/{path}").respond_with_data(body)
    httpserver.expect_request("/gone").respond_with_data(status=410)
    urls = {path: httpserver.url_for(f"/{path}") for path in (*bodies, "gone")}
    urls |= {"private": "http://10.0.0.1/", "bad": "nonsense"}
    sources = [make_source(url, source_id) for source_id, url in urls.items()]
    with caplog.at_level(logging.CRITICAL):
        results = list(poll_sources(sources, {}, fetcher, SETTINGS, NOW, parser_of=PARSERS.__getitem__))
    assert {result.source_id: result.failure and result.failure.kind for result in results} == {
        "good": None,
        "crash": "internal",
        "page": "not_a_feed",
        "gone": "http_status",
        "private": "private_address",
        "bad": "bad_url",
    }
    assert all(result.state.next_poll_at for result in results)


def test_the_kinds_of_sources_are_read_by_their_own_parsers(
    fetcher: HttpFetcher, httpserver: HTTPServer
) -> None:
    feed = (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><item>"
        "<title>A joint laboratory opens</title><link>https://a.example/1</link></item></channel></rss>"
    )
    sitemap = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://a.example/2</loc>"
        "<news:news><news:publication><news:name>A</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2025-06-01T08:00:00Z</news:publication_date>"
        "<news:title>Ministers sign a treaty</news:title></news:news></url></urlset>"
    )
    listing = "<html><body><ul><li class='i'><a href='/3'>Academies meet</a></li></ul></body></html>"
    allow_robots(httpserver)
    for path, body in (("feed", feed), ("sitemap", sitemap), ("listing", listing)):
        httpserver.expect_request(f"/{path}").respond_with_data(body)
    sources = [
        make_source(httpserver.url_for("/feed"), "feed", "feed"),
        make_source(httpserver.url_for("/sitemap"), "sitemap", "sitemap"),
        Source.model_validate(
            {
                **make_source(httpserver.url_for("/feed"), "listing").model_dump(),
                "kind": "listing",
                "url": httpserver.url_for("/listing"),
                "listing": {"item": "li.i", "link": "a", "title": "a"},
            }
        ),
    ]
    results = {result.source_id: result for result in poll_sources(sources, {}, fetcher, SETTINGS, NOW)}
    assert {key: [entry.url for entry in result.entries] for key, result in results.items()} == {
        "feed": ["https://a.example/1"],
        "sitemap": ["https://a.example/2"],
        "listing": [httpserver.url_for("/3")],
    }


# --- addresses that move


def redirect(server: HTTPServer, path: str, target: str, status: int = 301) -> None:
    server.expect_request(path).respond_with_data(status=status, headers={"Location": target})


def test_a_permanent_move_is_taken_when_it_has_held(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    redirect(httpserver, "/feed", "/between", 308)
    redirect(httpserver, "/between", "/new")
    httpserver.expect_request("/new").respond_with_data(b"https://a.example/1")
    first = poll_one(fetcher, httpserver.url_for("/feed"))
    assert (first.state.moved_to, first.state.current_url) == (httpserver.url_for("/new"), None)
    assert first.state.moved_since == first.polled_at
    held = first.state.model_copy(update={"moved_since": NOW - timedelta(days=7)})
    second = poll_one(fetcher, httpserver.url_for("/feed"), held)
    assert (second.outcome, second.state.current_url) == ("not_modified", httpserver.url_for("/new"))
    assert second.state.moved_to is None
    httpserver.clear_log()
    assert poll_one(fetcher, httpserver.url_for("/feed"), second.state).outcome == "not_modified"
    assert [request.path for request, _ in httpserver.log] == ["/new"]


@pytest.mark.parametrize(("status", "body"), [(302, b"https://a.example/1"), (301, b"<html>Home")])
def test_a_passing_redirect_or_one_to_no_feed_moves_nothing(
    fetcher: HttpFetcher, httpserver: HTTPServer, status: int, body: bytes
) -> None:
    redirect(httpserver, "/feed", "/new", status)
    httpserver.expect_request("/new").respond_with_data(body)
    state = poll_one(fetcher, httpserver.url_for("/feed")).state
    assert (state.moved_to, state.moved_since, state.current_url) == (None, None, None)


# --- servers that say "not modified"


def answer_conditionally(server: HTTPServer, pages: list[tuple[str, str]], *, is_honest: bool) -> list[bool]:
    """Serve the last of (ETag, body), and 304 to who knows it, or to whoever asks with a condition."""
    conditional: list[bool] = []

    def answer(request: Request) -> Response:
        etag, body = pages[-1]
        known = request.headers.get("If-None-Match")
        conditional.append(known is not None)
        if known and (known == etag or not is_honest):
            return Response(status=304)
        return Response(body, headers={"ETag": etag})

    server.expect_request("/feed").respond_with_handler(answer)
    return conditional


def poll_often(fetcher: HttpFetcher, url: str, times: int, state: PollState | None = None) -> PollResult:
    for _ in range(times):
        result = poll_one(fetcher, url, state)
        state = result.state
    return result


@pytest.mark.parametrize("etag", ['"1"', '"2"'])
def test_a_server_that_hides_changes_is_found_out(
    fetcher: HttpFetcher, httpserver: HTTPServer, etag: str, caplog: pytest.LogCaptureFixture
) -> None:
    pages = [('"1"', "https://a.example/1")]
    conditional = answer_conditionally(httpserver, pages, is_honest=False)
    url = httpserver.url_for("/feed")
    result = poll_often(fetcher, url, 10)
    assert (result.state.not_modified_polls, conditional) == (9, [False] + [True] * 9)
    pages.append((etag, "https://a.example/2"))
    found = poll_one(fetcher, url, result.state)
    assert (found.outcome, [entry.url for entry in found.entries]) == ("polled", ["https://a.example/2"])
    assert conditional[10:] == [False, True]  # and asked once more, to be sure
    assert not found.state.is_conditional
    assert "is called not modified" in caplog.text
    state = adapt_interval(
        found.state,
        entries=1,
        new_entries=1,
        minimum=timedelta(minutes=15),
        maximum=timedelta(hours=1),
        polled_at=found.polled_at,
    )
    poll_often(fetcher, url, 3, state)
    assert conditional[12:] == [False] * 3


def test_an_honest_server_is_not_suspected(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    pages = [('"1"', "https://a.example/1")]
    conditional = answer_conditionally(httpserver, pages, is_honest=True)
    url = httpserver.url_for("/feed")
    result = poll_often(fetcher, url, 11)
    assert (result.outcome, result.http_status, conditional[10]) == ("not_modified", 200, False)
    result = poll_often(fetcher, url, 9, result.state)
    pages.append(('"2"', "https://a.example/2"))
    result = poll_one(fetcher, url, result.state)
    assert (result.outcome, result.state.is_conditional, result.state.not_modified_polls) == (
        "polled",
        True,
        0,
    )
    assert result.state.etag == '"2"'


# --- hosts that want to be left alone


def test_a_host_that_limits_one_source_gets_peace_from_all(
    fetcher: HttpFetcher, httpserver: HTTPServer
) -> None:
    limit = {"status": 429, "headers": {"Retry-After": "7200"}}
    httpserver.expect_request("/limited").respond_with_data(b"", **limit)  # type: ignore[arg-type]
    httpserver.expect_request("/feed").respond_with_data(b"https://a.example/1")
    urls = {
        "limited": httpserver.url_for("/limited"),
        "same": httpserver.url_for("/feed"),
        "other": httpserver.url_for("/feed").replace("localhost", "127.0.0.1"),
    }
    sources = [make_source(url, source_id) for source_id, url in urls.items()]
    polls = poll_sources(sources, {}, fetcher, SETTINGS, NOW, parser_of=PARSERS.__getitem__)
    results = {result.source_id: result for result in polls}
    assert results["other"].outcome == "polled"
    same = results["same"]
    assert same.failure is not None
    assert same.failure.reason == "rate_limited: localhost is parked: HTTP 429 Too Many Requests"
    assert (same.outcome, same.http_status, same.state.failure_weight) == ("failed", None, 0.0)
    assert same.state.next_poll_at is not None
    assert same.state.next_poll_at >= NOW + timedelta(hours=2)
    assert len(httpserver.log) == 2


def test_a_host_that_refuses_is_asked_twice(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    sources = [make_source(f"http://127.0.0.1:{port}/{number}", f"s{number}") for number in range(5)]
    httpserver.expect_request("/feed").respond_with_data(b"https://a.example/1")
    sources.append(make_source(httpserver.url_for("/feed"), "well"))
    one_by_one = SETTINGS.model_copy(update={"fetch_per_host": 1})
    results = list(poll_sources(sources, {}, fetcher, one_by_one, NOW, parser_of=PARSERS.__getitem__))
    failures = [result.failure for result in results if result.failure]
    assert len(results) == 6
    assert {(failure.kind, failure.is_transient) for failure in failures} == {("refused", True)}
    assert sum(isinstance(failure, Parked) for failure in failures) == 3
    assert sorted(result.state.failure_weight for result in results) == [0.0, 0.0, 0.0, 0.0, 1.0, 1.0]


def test_listing_pages_obey_robots_and_feeds_are_there_to_be_polled(
    fetcher: HttpFetcher, httpserver: HTTPServer
) -> None:
    allow_robots(httpserver, "User-agent: *\nDisallow: /")
    httpserver.expect_request("/feed").respond_with_data(b"https://a.example/1")
    url = httpserver.url_for("/feed")
    listing = Source.model_validate(
        {**make_source(url, "listing").model_dump(), "kind": "listing", "listing": {"item": "li"}}
    )
    sources = [make_source(url, "feed"), make_source(url, "sitemap", "sitemap"), listing]
    results = poll_sources(sources, {}, fetcher, SETTINGS, NOW, parser_of=PARSERS.__getitem__)
    assert {result.source_id: result.failure and result.failure.kind for result in results} == {
        "feed": None,
        "sitemap": None,
        "listing": "robots",
    }


# --- fetching


def make_entry(entry_id: int = 1, url: str = "https://a.example/1", attempts: int = 0) -> PendingEntry:
    return PendingEntry(
        source_id="s",
        key=str(entry_id),
        url=url,
        compare_url=url,
        entry_id=entry_id,
        attempts=attempts,
        first_seen_at=NOW,
    )


def test_every_entry_gets_its_page_or_its_failure(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(status=404)
    httpserver.expect_request("/1").respond_with_data(b"page")
    httpserver.expect_request("/2").respond_with_data(status=404)
    httpserver.expect_request("/3").respond_with_data(status=502)
    httpserver.expect_request("/4").respond_with_data(status=304)
    entries = [make_entry(number, httpserver.url_for(f"/{number}")) for number in range(1, 5)]
    entries.append(make_entry(5, "http://192.168.7.7/"))
    answers = {entry.entry_id: answer for entry, answer in fetch_entries(entries, fetcher, SETTINGS)}
    assert sorted(answers) == [1, 2, 3, 4, 5]
    page = answers[1]
    assert isinstance(page, Capture)
    assert page.body == b"page"
    failures = [answer for answer in answers.values() if isinstance(answer, Failure)]
    assert {failure.stage for failure in failures} == {"fetch"}
    assert sorted((failure.kind, failure.http_status, failure.is_transient) for failure in failures) == [
        ("http_status", 304, False),
        ("http_status", 404, False),
        ("http_status", 502, True),
        ("private_address", None, False),
    ]


def test_a_defect_of_a_fetcher_is_a_failure_of_its_entry(caplog: pytest.LogCaptureFixture) -> None:
    class Defective:
        def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Capture:
            if url.endswith("2"):
                raise ZeroDivisionError
            if url.endswith("/robots.txt"):
                raise FetchError(url, "http_status", "HTTP 404", http_status=404)
            return Capture(url=url, final_url=url, status=200, body=b"", fetched_at=NOW)

    entries = [make_entry(1, "http://a.example/1"), make_entry(2, "http://a.example/2")]
    with caplog.at_level(logging.CRITICAL):
        answers = {entry.entry_id: answer for entry, answer in fetch_entries(entries, Defective(), SETTINGS)}
    assert isinstance(answers[1], Capture)
    assert isinstance(answers[2], Failure)
    assert answers[2].reason == "internal: unexpected ZeroDivisionError, see the log"


def test_a_slow_host_does_not_hold_up_the_others(fetcher: HttpFetcher) -> None:
    def answer_slowly(_: Request) -> Response:
        time.sleep(0.4)
        return Response(b"slow")

    with HTTPServer(threaded=True) as server:
        allow_robots(server)
        server.expect_request("/slow").respond_with_handler(answer_slowly)
        server.expect_request("/quick").respond_with_data(b"quick")
        slow = [make_entry(number, server.url_for("/slow")) for number in range(3)]
        quick_url = server.url_for("/quick").replace("localhost", "127.0.0.1")
        quick = [make_entry(number, quick_url) for number in range(3, 9)]
        settings = SETTINGS.model_copy(update={"fetch_per_host": 1})
        order = [entry.entry_id for entry, _ in fetch_entries([*slow, *quick], fetcher, settings)]
    assert order == [*range(3, 9), 0, 1, 2]


def test_pages_obey_robots(fetcher: HttpFetcher, httpserver: HTTPServer) -> None:
    allow_robots(httpserver, "User-agent: coopwatch\nDisallow: /private/")
    httpserver.expect_request("/public/1").respond_with_data(b"page")
    entries = [make_entry(number, httpserver.url_for(f"/private/{number}")) for number in range(5)]
    entries.append(make_entry(9, httpserver.url_for("/public/1")))
    manners = Manners(SETTINGS)
    answers = {
        entry.entry_id: answer for entry, answer in fetch_entries(entries, fetcher, SETTINGS, manners=manners)
    }
    assert isinstance(answers[9], Capture)
    failures = [answer for answer in answers.values() if isinstance(answer, Failure)]
    assert {(failure.reason, failure.is_transient) for failure in failures} == {
        ("robots: robots.txt forbids it to coopwatch", False)
    }
    assert sorted(request.path for request, _ in httpserver.log) == ["/public/1", "/robots.txt"]
    list(fetch_entries(entries, fetcher, SETTINGS, manners=manners))
    assert sum(request.path == "/robots.txt" for request, _ in httpserver.log) == 1


def test_crawl_delay_holds_one_host_and_no_other(fetcher: HttpFetcher) -> None:
    asked: list[tuple[str, float]] = []

    def answer(request: Request) -> Response:
        if request.path == "/robots.txt":
            return Response("User-agent: *\nCrawl-delay: 1" if "localhost" in request.host else "")
        asked.append((request.path, time.monotonic()))
        return Response(b"page")

    with HTTPServer(threaded=True) as server:
        server.expect_request("/robots.txt").respond_with_handler(answer)
        for number in range(9):
            server.expect_request(f"/{number}").respond_with_handler(answer)
        entries = [
            make_entry(number, url if number < 3 else url.replace("localhost", "127.0.0.1"))
            for number, url in ((number, server.url_for(f"/{number}")) for number in range(9))
        ]
        order = [entry.entry_id for entry, _ in fetch_entries(entries, fetcher, SETTINGS)]
    assert order[-1] == 2  # two delays later; the other host is through long before
    times = [moment for path, moment in sorted(asked) if path in ("/0", "/1", "/2")]
    assert times[1] - times[0] >= 0.5  # as the server sees it, which may be late for the first
    assert times[2] - times[1] >= 0.5


# --- what becomes of an entry


def make_stage_failure(kind: FailureKind, stage: Stage = "fetch", **changes: Any) -> Failure:
    return Failure(stage=stage, kind=kind, detail="of a test", **changes)


@pytest.mark.parametrize(
    ("kind", "status", "is_transient"),
    [
        ("dns", None, True),
        ("dns_temporary", None, True),
        ("refused", None, True),
        ("reset", None, True),
        ("timeout", None, True),
        ("tls", None, True),
        ("rate_limited", 429, True),
        ("http_status", 408, True),
        ("http_status", 425, True),
        ("http_status", 500, True),
        ("http_status", 503, True),
        ("http_status", 401, False),
        ("http_status", 403, False),
        ("http_status", 404, False),
        ("http_status", 410, False),
        ("private_address", None, False),
        ("redirects", None, False),
        ("too_large", None, False),
        ("encoding", None, False),
        ("bad_url", None, False),
        ("not_in_archive", None, False),
    ],
)
def test_which_failures_are_transient(kind: FailureKind, status: int | None, is_transient: bool) -> None:
    failure = make_failure(FetchError("u", kind, "d", http_status=status), "fetch")
    assert failure.is_transient is is_transient


def test_a_failure_says_what_the_error_said() -> None:
    error = FetchError("u", "rate_limited", "HTTP 429", http_status=429, retry_after_seconds=7.0)
    assert make_failure(error, "poll") == Failure(
        stage="poll",
        kind="rate_limited",
        detail="HTTP 429",
        is_transient=True,
        http_status=429,
        retry_after_seconds=7.0,
    )
    assert make_failure(UrlError("u", "bad_url", "no host"), "fetch").reason == "bad_url: no host"


@pytest.mark.parametrize(
    ("attempts", "failure", "outcome"),
    [
        (0, make_stage_failure("timeout", is_transient=True), "pending"),
        (3, make_stage_failure("timeout", is_transient=True), "pending"),
        (4, make_stage_failure("timeout", is_transient=True), "failed"),
        (9, make_stage_failure("timeout", is_transient=True), "failed"),
        (0, make_stage_failure("http_status", http_status=404), "failed"),
        (0, make_stage_failure("not_in_archive"), "failed"),
        (0, make_stage_failure("too_slow", "extract"), "pending"),
        (1, make_stage_failure("too_slow", "extract"), "failed"),
        (0, make_stage_failure("crashed", "extract"), "pending"),
        (1, make_stage_failure("crashed", "extract"), "failed"),
        (0, make_stage_failure("internal"), "pending"),
        (1, make_stage_failure("internal"), "failed"),
        (0, make_stage_failure("no_text", "extract"), "failed"),
        (0, make_stage_failure("too_complex", "extract"), "failed"),
    ],
)
def test_an_entry_is_tried_again_or_failed(attempts: int, failure: Failure, outcome: str) -> None:
    result = decide_fetch_outcome(make_entry(attempts=attempts), failure, NOW, max_attempts=5)
    assert (result.entry_id, result.outcome, result.stage) == (1, outcome, failure.stage)
    assert (result.next_attempt_at is not None) == (outcome == "pending")
    assert result.reason.startswith(failure.reason)


@pytest.mark.parametrize(
    ("attempts", "failure", "outcome"),
    [
        (4, make_stage_failure("rate_limited", is_transient=True, http_status=429), "pending"),
        (19, make_stage_failure("rate_limited", is_transient=True, http_status=429), "failed"),
        (4, Parked(stage="fetch", kind="refused", detail="x", is_transient=True), "pending"),
        (19, Parked(stage="fetch", kind="refused", detail="x", is_transient=True), "failed"),
    ],
)
def test_an_entry_is_not_given_up_for_what_its_host_does(
    attempts: int, failure: Failure, outcome: str
) -> None:
    result = decide_fetch_outcome(make_entry(attempts=attempts), failure, NOW, max_attempts=5)
    assert result.outcome == outcome


def test_a_page_that_was_not_asked_for_comes_next_when_its_host_allows_it() -> None:
    parked = Parked(stage="fetch", kind="refused", detail="x", is_transient=True, retry_after_seconds=900.0)
    for attempts in (0, 9):
        assert timedelta(minutes=15) <= wait_for(1, attempts, parked) <= timedelta(minutes=15) * 1.25
    assert isinstance(make_failure(HostParkedError("u", "refused", "x"), "fetch"), Parked)


def test_one_attempt_may_be_all_there_is() -> None:
    for failure in (make_stage_failure("timeout", is_transient=True), make_stage_failure("crashed")):
        assert decide_fetch_outcome(make_entry(), failure, NOW, max_attempts=1).outcome == "failed"


def wait_for(entry_id: int, attempts: int, failure: Failure) -> timedelta:
    result = decide_fetch_outcome(make_entry(entry_id, attempts=attempts), failure, NOW, max_attempts=99)
    assert result.next_attempt_at is not None
    return result.next_attempt_at - NOW


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 10), (1, 40), (2, 160), (3, 640), (4, 1440), (50, 1440)]
)
def test_the_wait_grows_and_has_a_spread(attempts: int, minutes: int) -> None:
    failure = make_stage_failure("timeout", is_transient=True)
    waits = [wait_for(entry_id, attempts, failure) for entry_id in range(50)]
    assert min(waits) >= timedelta(minutes=minutes)
    assert max(waits) <= timedelta(minutes=minutes) * 1.25
    assert len(set(waits)) == 50
    assert waits == [wait_for(entry_id, attempts, failure) for entry_id in range(50)]


@pytest.mark.parametrize("seconds", [0.0, 5.0, 7200.0, 1_000_000.0])
def test_retry_after_is_never_shortened(seconds: float) -> None:
    failure = make_stage_failure("rate_limited", is_transient=True, retry_after_seconds=seconds)
    assert wait_for(1, 0, failure) >= timedelta(seconds=max(seconds, 600.0))


def test_giving_up_says_after_how_many_attempts() -> None:
    failure = make_stage_failure("timeout", is_transient=True)
    result = decide_fetch_outcome(make_entry(attempts=4), failure, NOW, max_attempts=5)
    assert result.reason == "timeout: of a test (given up after 5 attempts)"
