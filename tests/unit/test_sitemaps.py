"""News sitemaps, and indexes of them."""

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from pytest_httpserver import HTTPServer

from coopwatch.entries import MAX_ENTRIES
from coopwatch.errors import FetchError, ParseError, UrlError
from coopwatch.fetch import HttpFetcher
from coopwatch.settings import Settings
from coopwatch.sitemaps import MAX_SITEMAP_BYTES, is_index, list_children, parse_sitemap, read_sitemap
from schemas.records import Capture, FailureKind, FeedEntry, ParsedEntries, Source

NOW = datetime(2025, 6, 25, 12, tzinfo=UTC)
SOURCE = Source(
    id="ledger", name="Ledger", kind="sitemap", url="https://ledger.example/news.xml", publisher="Ledger"
)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def parse(body: bytes | str) -> ParsedEntries:
    return parse_sitemap(
        body.encode() if isinstance(body, str) else body,
        source=SOURCE,
        base_url=SOURCE.url,
        content_type="application/xml",
        now=NOW,
    )


def url(location: str, date: str = "2025-06-24", title: str = "Joint laboratory opens") -> str:
    return (
        f"<url><image:image><image:loc>https://ledger.example/i.png</image:loc></image:image>{location}"
        "<news:news><news:publication><news:name>Ledger</news:name><news:language>en</news:language>"
        f"</news:publication><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
    )


def test_a_news_sitemap_is_read_newest_first() -> None:
    body = (
        HEAD
        + url("<loc>https://ledger.example/old?utm_source=x</loc>", "2025-06-20T08:00:00+02:00")
        + "<url><loc>https://ledger.example/about</loc></url>"
        + url("<loc> /new?a=1&amp;b=2 </loc>", "2025-06-24", "R&amp;D &lt;i&gt;pact&lt;/i&gt;")
        + url("")
        + url("<loc>https://ledger.example/undated</loc>", "soon")
        + "</urlset>"
    )
    expected = ParsedEntries(
        unreadable=1,
        entries=(
            FeedEntry(
                source_id="ledger",
                key="https://ledger.example/new?a=1&b=2",
                url="https://ledger.example/new?a=1&b=2",
                compare_url="https://ledger.example/new?a=1&b=2",
                title="R&D pact",
                published_at=datetime(2025, 6, 24, tzinfo=UTC),
                language="en",
            ),
            FeedEntry(
                source_id="ledger",
                key="https://ledger.example/old",
                url="https://ledger.example/old?utm_source=x",
                compare_url="https://ledger.example/old",
                title="Joint laboratory opens",
                published_at=datetime(2025, 6, 20, 6, tzinfo=UTC),
                language="en",
            ),
            FeedEntry(
                source_id="ledger",
                key="https://ledger.example/undated",
                url="https://ledger.example/undated",
                compare_url="https://ledger.example/undated",
                title="Joint laboratory opens",
                language="en",
            ),
        ),
    )
    assert parse(body) == expected
    assert parse(gzip.compress(body.encode())) == expected


def test_only_the_newest_are_kept() -> None:
    first = datetime(2025, 1, 1, tzinfo=UTC)
    urls = [
        url(f"<loc>https://ledger.example/{n}</loc>", (first + timedelta(minutes=n)).isoformat())
        for n in range(MAX_ENTRIES + 3)
    ]
    parsed = parse(HEAD + "".join(urls) + "</urlset>")
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.entries[0].url == f"https://ledger.example/{MAX_ENTRIES + 2}"
    assert parsed.entries[-1].url == "https://ledger.example/3"


def test_a_sitemap_of_a_quiet_week_is_empty_and_fine() -> None:
    assert parse(HEAD + "</urlset>") == ParsedEntries(entries=())


def test_a_cut_sitemap_yields_what_is_whole() -> None:
    body = (
        HEAD + url("<loc>https://ledger.example/1</loc>") + url("<loc>https://ledger.example/?a=1&b=2</loc>")
    )
    assert [entry.url for entry in parse(body[:-150]).entries] == [
        "https://ledger.example/1",
        "https://ledger.example/?a=1&b=2",
    ]


@pytest.mark.parametrize(
    ("body", "kind", "detail"),
    [
        ("<sitemapindex><sitemap><loc>/1.xml</loc></sitemap></sitemapindex>", "not_a_feed", "index"),
        (HEAD + "<url><loc>https://ledger.example/</loc></url></urlset>", "not_a_feed", "without news tags"),
        ("<rss><channel/></rss>", "not_a_feed", "<rss>, not <urlset>"),
        ("<!doctype html><html><body>Not found</body></html>", "not_a_feed", "<html>, not <urlset>"),
        ("", "not_a_feed", "no XML element"),
        ("<urlset", "not_a_feed", "broken|no XML element"),
        (b"\x1f\x8bnot gzip", "not_a_feed", "gzip"),
        (b" " * (MAX_SITEMAP_BYTES + 1), "too_large", "more than"),
        (gzip.compress(b" " * 10 * MAX_SITEMAP_BYTES), "too_large", "more than"),
    ],
)
def test_what_is_no_news_sitemap_is_refused(body: bytes | str, kind: str, detail: str) -> None:
    with pytest.raises(ParseError, match=detail) as caught:
        parse(body)
    assert caught.value.kind == kind


def test_entities_are_inert() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE urlset [<!ENTITY l0 "lol">{levels}<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    (entry,) = parse(bomb + HEAD + url("<loc>https://ledger.example/1</loc>", title="&l9;&x;")).entries
    assert entry.title == "&l9;&x;"


# --- indexes


INDEX = "https://www.ledger.example/sitemap.xml"


def make_index(*children: tuple[str, str]) -> str:
    listed = "".join(
        f"<sitemap><loc>{loc}</loc><lastmod>{date}</lastmod></sitemap>" for loc, date in children
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'


def make_news(*paths: str, date: str = "2025-06-24") -> str:
    locations = (url(f"<loc>https://ledger.example{path}</loc>", date) for path in paths)
    return HEAD + "".join(locations) + "</urlset>"


def make_capture(body: str, address: str = INDEX) -> Capture:
    return Capture(url=address, final_url=address, status=200, body=body.encode(), fetched_at=NOW)


class Site:
    """Answers with what it has, fails as it is told, and remembers what it was asked for."""

    def __init__(self, answers: Mapping[str, str | FailureKind]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def get(self, address: str) -> Capture:
        self.asked.append(address)
        answer = self.answers[address]
        if not answer.startswith("<"):
            raise FetchError(address, answer, "no answer", http_status=503, retry_after_seconds=60)  # type: ignore[arg-type]
        return make_capture(answer, address)


def read(body: str, answers: Mapping[str, str | FailureKind]) -> tuple[ParsedEntries, list[str]]:
    site = Site(answers)
    return read_sitemap(make_capture(body), source=SOURCE, now=NOW, get=site.get), site.asked


@pytest.mark.parametrize(
    ("children", "chosen"),
    [
        ([], []),
        ([("/a.xml", "")], ["https://www.ledger.example/a.xml"]),
        (
            [
                ("/a.xml", ""),
                ("/b.xml", "2025-06-01"),
                ("/c.xml", "2025-06-20T10:00:00+02:00"),
                ("/d.xml", "soon"),
            ],
            [f"https://www.ledger.example/{name}.xml" for name in "cbad"],
        ),
        (
            [(f"/{day}.xml", f"2025-06-{day:02}") for day in range(1, 9)],
            [f"https://www.ledger.example/{day}.xml" for day in (8, 7, 6, 5, 4)],
        ),
        ([("https://ledger.example/a.xml", "")], ["https://ledger.example/a.xml"]),
        ([("https://news.ledger.example/a.xml", "")], ["https://news.ledger.example/a.xml"]),
        ([("https://other.example/a.xml", "2025-06-20")], []),
        ([("https://notledger.example/a.xml", "2025-06-20")], []),
        ([("file:///etc/passwd", "2025-06-20"), ("", ""), ("javascript:1", "")], []),
        (
            [(INDEX, "2025-06-20"), ("/a.xml", ""), ("/a.xml", "2025-06-20")],
            ["https://www.ledger.example/a.xml"],
        ),
    ],
)
def test_the_newest_children_of_the_site_are_asked_for(
    children: list[tuple[str, str]], chosen: list[str]
) -> None:
    assert list_children(etree.fromstring(make_index(*children)), INDEX) == tuple(chosen)


def test_a_sitemap_that_is_no_index_is_read_without_asking_for_anything() -> None:
    parsed, asked = read(make_news("/1"), {})
    assert [entry.url for entry in parsed.entries] == ["https://ledger.example/1"]
    assert asked == []


def test_the_children_of_an_index_are_read_as_one() -> None:
    old, new = "https://www.ledger.example/old.xml", "https://www.ledger.example/new.xml"
    parsed, asked = read(
        make_index((old, "2025-06-01"), (new, "2025-06-24")),
        {old: make_news("/1", "/2", "", date="2025-06-01"), new: make_news("/2", "/3")},
    )
    assert asked == [new, old]
    assert [entry.url.rpartition("/")[2] for entry in parsed.entries] == ["2", "3", "1", ""]
    assert parsed.unreadable == 0


def test_a_child_that_fails_is_counted_and_a_child_without_news_is_passed_over() -> None:
    pages = "<urlset><url><loc>https://ledger.example/about</loc></url></urlset>"
    answers: dict[str, str | FailureKind] = {
        "https://www.ledger.example/gone.xml": "http_status",
        "https://www.ledger.example/pages.xml": pages,
        "https://www.ledger.example/more.xml": make_index(("/deep.xml", "")),
        "https://www.ledger.example/news.xml": make_news("/1"),
    }
    parsed, asked = read(make_index(*((child, "") for child in answers)), answers)
    assert asked == list(answers)  # an index inside an index is not followed
    assert [entry.url for entry in parsed.entries] == ["https://ledger.example/1"]
    assert parsed.unreadable == 1


@pytest.mark.parametrize(
    ("answers", "kind", "error_type", "detail"),
    [
        ({}, "not_a_feed", ParseError, "none of its 0 newest has news tags"),
        (
            {"/a.xml": "<urlset><url/></urlset>"},
            "not_a_feed",
            ParseError,
            "none of its 1 newest has news tags",
        ),
        ({"/a.xml": "<html/>", "/b.xml": "rate_limited"}, "rate_limited", FetchError, "b.xml: no answer"),
        ({"/a.xml": "timeout", "/b.xml": "refused"}, "timeout", FetchError, "a.xml: no answer"),
    ],
)
def test_an_index_without_any_news_is_a_failure(
    answers: dict[str, str | FailureKind], kind: str, error_type: type[UrlError], detail: str
) -> None:
    absolute = {f"https://www.ledger.example{path}": answer for path, answer in answers.items()}
    with pytest.raises(error_type, match=detail) as caught:
        read(make_index(*((child, "") for child in absolute)), absolute)
    assert (caught.value.kind, caught.value.url) == (kind, INDEX)
    if isinstance(caught.value, FetchError):
        assert (caught.value.http_status, caught.value.retry_after_seconds) == (503, 60)


@pytest.mark.parametrize(
    ("body", "expected"),
    [(make_index(("/a.xml", "")), True), (make_news("/1"), False), ("no XML", False), ("<rss/>", False)],
)
def test_what_is_an_index(body: str, expected: bool) -> None:
    assert is_index(make_capture(body)) is expected


def test_an_index_is_followed_over_http(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/sitemap.xml").respond_with_data(
        make_index((httpserver.url_for("/gone.xml"), "2025-06-24"), (httpserver.url_for("/news.xml.gz"), "")),
        content_type="application/xml",
    )
    httpserver.expect_request("/gone.xml").respond_with_data("gone", status=410)
    httpserver.expect_request("/news.xml.gz").respond_with_data(
        gzip.compress(make_news("/1", "/2").encode()), content_type="application/gzip"
    )
    settings = Settings(allow_private_hosts=frozenset({"localhost", "127.0.0.1"}), fetch_obey_robots=False)
    with HttpFetcher(settings) as fetcher:
        parsed = read_sitemap(
            fetcher.get(httpserver.url_for("/sitemap.xml")), source=SOURCE, now=NOW, get=fetcher.get
        )
    assert [entry.url for entry in parsed.entries] == ["https://ledger.example/1", "https://ledger.example/2"]
    assert parsed.unreadable == 1
    assert [request.path for request, _ in httpserver.log] == ["/sitemap.xml", "/gone.xml", "/news.xml.gz"]
