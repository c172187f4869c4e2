"""Which feed a site has, and `coopwatch sources add`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Request, Response

from coopwatch.discovery import (
    MAX_FOUND,
    MAX_TRIED,
    discover,
    examine,
    find_sitemaps,
    find_sources,
    guess_sources,
)
from coopwatch.errors import CoopwatchError, FetchError, ParseError
from coopwatch.robots import read_robots
from coopwatch.sources import load_sources
from flows.cli import app
from schemas.records import Capture, FailureKind

NOW = datetime(2025, 6, 25, 12, tzinfo=UTC)
PAGE = "https://academy.example/en/news"

ATOM_ENTRY = "<entry xml:lang='pt'><title>x</title><link href='/1'/></entry>"
TITLES = (
    "Academies of two countries open a joint laboratory for ocean research",
    "Twelve delegations meet in the harbour city for the third forum on batteries",
    "Agreement on shared satellite data is signed after two years of talks",
)


def make_feed(*titles: str, name: str = "The Academy <b>News</b>") -> str:
    items = "".join(
        f"<item><title>{title}</title><link>https://academy.example/{number}</link>"
        f"<pubDate>Tue, {20 + number} May 2025 08:00:00 GMT</pubDate></item>"
        for number, title in enumerate(titles)
    )
    return (
        f"<rss version='2.0'><channel><title><![CDATA[{name}]]></title>"
        f"<link>https://academy.example/</link>{items}</channel></rss>"
    )


def make_sitemap(more: str = "") -> str:
    return f"<urlset><url><loc>/1</loc><news><title>{TITLES[0]}</title>{more}</news></url></urlset>"


def make_page(head: str = "", body: str = "<p>News</p>") -> str:
    return f"<!doctype html><html><head><title>Academy</title>{head}</head><body>{body}</body></html>"


def capture(body: str | bytes, address: str = PAGE, final: str | None = None) -> Capture:
    body = body.encode() if isinstance(body, str) else body
    return Capture(url=address, final_url=final or address, status=200, body=body, fetched_at=NOW)


class Site:
    """Answers with what it has and 404 for the rest, and remembers what it was asked for."""

    def __init__(self, answers: Mapping[str, str], failure: FailureKind = "http_status") -> None:
        self.answers = answers
        self.failure = failure
        self.asked: list[str] = []

    def get(self, address: str) -> Capture:
        self.asked.append(address)
        if address not in self.answers:
            raise FetchError(address, self.failure, "no answer", http_status=404)
        return capture(self.answers[address], address)


# --- pure


RSS = 'type="application/rss+xml"'


def declare(kind: str, href: str) -> str:
    return make_page(f'<link rel="alternate" type="{kind}" href="{href}">')


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (declare("application/rss+xml", "/rss"), ["declared /rss"]),
        (declare("Application/ATOM+xml; charset=utf-8", "atom"), ["declared /en/atom"]),
        (declare("application/feed+json", "/feed.json"), ["declared /feed.json"]),
        (declare("application/json", "/wp-json/wp/v2/pages/1"), []),
        (declare("text/xml", "/rss/all.xml"), ["declared /rss/all.xml"]),
        (make_page('<link rel="feed" href="/stream">'), ["declared /stream"]),
        (make_page('<link rel="alternate" hreflang="fr" href="/fr/feed">'), []),
        (make_page(f'<link rel="alternate" {RSS} href="">'), []),
        (make_page(f'<link rel="alternate" {RSS} href="javascript:feed()">'), []),
        (make_page(f'<link rel="alternate" {RSS} href="{PAGE}/">'), []),
        (
            make_page(
                f'<link rel="alternate" {RSS} title="Comments" href="/rss2">'
                f'<link rel="alternate" {RSS} href="/comments/feed"><link rel="alternate" {RSS} href="/rss1">'
                f'<link rel="alternate" {RSS} href="/rss1">'
            ),
            ["declared /rss1", "declared /rss2", "declared /comments/feed"],
        ),
        (make_page('<base href="/sub/">', '<a href="rss.xml">x</a>'), ["linked /sub/rss.xml"]),
        (make_page(body='<a href="/newsfeed">1</a><a href="/feedback">2</a><a href="/atomic">3</a>'), []),
        (make_page(body='<a href="/?format=rss">1</a>'), ["linked /?format=rss"]),
        (make_page(body='<a href="/spip.php?page=backend">1</a>'), ["linked /spip.php?page=backend"]),
        (make_page(body='<a href="https://reader.example/feed/add?u=1">1</a>'), []),
        (make_page(body='<a href="https://feeds.feedburner.com/a">1</a>'), ["linked https://feeds.feedburner.com/a"]),
        (
            make_page(body='<a href="/rss">1</a>', head=f'<link rel=alternate {RSS} href="/f">'),
            ["declared /f", "linked /rss"],
        ),
        ("", []),
        ("\0", []),
        ("just text", []),
    ],
)  # fmt: skip
def test_what_a_page_offers(page: str, found: list[str]) -> None:
    shown = [
        f"{one.origin} {one.url.removeprefix('https://academy.example')}"
        for one in find_sources(capture(page))
    ]
    assert shown == found


def test_a_page_of_feeds_offers_a_few() -> None:
    links = "".join(f'<a href="/rss/{n}">{n}</a>' for n in range(1000))
    assert len(find_sources(capture(make_page(body=links)))) == MAX_FOUND


@pytest.mark.parametrize(
    ("robots", "found"),
    [
        ("", []),
        ("User-agent: *\nDisallow: /\nSitemap: https://academy.example/sitemap.xml", ["/sitemap.xml"]),
        (
            "sitemap: /a.xml\nSITEMAP:/news-sitemap.xml # news\nSitemap: /b.xml\nSitemap: /c.xml",
            ["/news-sitemap.xml", "/a.xml", "/b.xml"],
        ),
        ("Sitemap: https://other.example/sitemap.xml", []),
        ("Sitemap: file:///etc/passwd\nSitemap:", []),
        ("<html>not found</html>", []),
        ("Sitemap" * 200_000, []),
    ],
)  # fmt: skip
def test_the_sitemaps_that_robots_txt_names(robots: str, found: list[str]) -> None:
    address = "https://academy.example/robots.txt"
    named = find_sitemaps(read_robots(capture(robots, address)), address)
    assert [one.url.removeprefix("https://academy.example") for one in named] == found


def test_the_usual_places() -> None:
    below = [one.url for one in guess_sources(PAGE)]
    assert below[:3] == [f"{PAGE}/feed", f"{PAGE}/rss.xml", "https://academy.example/feed"]
    root = [one.url for one in guess_sources("https://academy.example/")]
    assert below[2:] == root
    assert {url.rpartition("/")[2] for url in root} >= {
        "rss",
        "atom.xml",
        "feed.xml",
        "index.xml",
        "sitemap_news.xml",
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (make_feed(*TITLES), ("feed", "The Academy News", 3, datetime(2025, 5, 22, 8, tzinfo=UTC), "en")),
        (make_feed(name="Empty &amp; quiet"), ("feed", "Empty & quiet", 0, None, None)),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "title": "Json &amp; Co", "items": []}',
            ("feed", "Json & Co", 0, None, None),
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>Atom</title>" + ATOM_ENTRY + "</feed>",
            ("feed", "Atom", 1, None, "pt"),
        ),
        (
            "<rss><channel><item><title>No title of its own</title><link>/1</link></item></channel></rss>",
            ("feed", "", 1, None, "en"),
        ),
        (
            make_sitemap("<publication_date>2025-06-24</publication_date>"),
            ("sitemap", "", 1, datetime(2025, 6, 24, tzinfo=UTC), "en"),
        ),
    ],
)  # fmt: skip
def test_what_a_feed_holds(body: str, expected: tuple[object, ...]) -> None:
    found = examine(capture(body), origin="asked", now=NOW, get=Site({}).get)
    assert (found.kind, found.title, found.entries, found.newest, found.language) == expected


@pytest.mark.parametrize(
    "body", [make_page(), "", "<urlset><url><loc>/</loc></url></urlset>", '{"a": 1}', b"\xff"]
)
def test_what_is_no_feed(body: str | bytes) -> None:
    with pytest.raises(ParseError, match=r"not RSS, Atom or JSON Feed|no JSON Feed"):
        examine(capture(body), origin="asked", now=NOW, get=Site({}).get)


@pytest.mark.parametrize(
    ("asked", "final", "kept"),
    [
        (
            "http://academy.example/rss",
            "https://www.academy.example/rss/",
            "https://www.academy.example/rss/",
        ),
        ("http://academy.example/rss", "https://cdn.example/4711", "http://academy.example/rss"),
    ],
)
def test_a_redirect_is_kept_only_to_the_same_address(asked: str, final: str, kept: str) -> None:
    found = examine(capture(make_feed(*TITLES), asked, final), origin="asked", now=NOW, get=Site({}).get)
    assert found.url == kept


# --- asking


ROOT = "https://academy.example"


@pytest.mark.parametrize(
    ("answers", "found", "asked"),
    [
        ({PAGE: make_feed(*TITLES)}, ("asked", PAGE), [PAGE]),
        (
            {PAGE: make_page(f'<link rel="alternate" {RSS} href="/rss">'), f"{ROOT}/rss": make_feed(*TITLES)},
            ("declared", f"{ROOT}/rss"),
            [PAGE, f"{ROOT}/rss"],
        ),
        (
            {
                PAGE: make_page(body='<a href="/gone/rss">1</a><a href="/rss">2</a>'),
                f"{ROOT}/rss": make_feed(*TITLES),
            },
            ("linked", f"{ROOT}/rss"),
            [PAGE, f"{ROOT}/gone/rss", f"{ROOT}/rss"],
        ),
        (
            {
                PAGE: make_page(),
                f"{ROOT}/robots.txt": "Sitemap: /index.xml",
                f"{ROOT}/index.xml": "<sitemapindex><sitemap><loc>/n.xml</loc></sitemap></sitemapindex>",
                f"{ROOT}/n.xml": make_sitemap(),
            },
            ("robots", f"{ROOT}/index.xml"),
            [PAGE, f"{ROOT}/robots.txt", f"{ROOT}/index.xml", f"{ROOT}/n.xml"],
        ),
        (
            {PAGE: make_page(), f"{ROOT}/feed": make_feed(*TITLES)},
            ("guessed", f"{ROOT}/feed"),
            [PAGE, f"{ROOT}/robots.txt", f"{PAGE}/feed", f"{PAGE}/rss.xml", f"{ROOT}/feed"],
        ),
        (
            {
                PAGE: make_page(
                    f'<link rel="alternate" {RSS} href="/empty"><link rel="alternate" {RSS} href="/rss">'
                ),
                f"{ROOT}/empty": make_feed(),
                f"{ROOT}/rss": make_feed(*TITLES),
            },
            ("declared", f"{ROOT}/rss"),
            [PAGE, f"{ROOT}/empty", f"{ROOT}/rss"],
        ),
    ],
    ids=["itself", "declared", "linked", "index in robots.txt", "usual place", "not the empty one"],
)
def test_the_likeliest_is_tried_first(
    answers: dict[str, str], found: tuple[str, str], asked: list[str]
) -> None:
    site = Site(answers)
    finding = discover(PAGE, get=site.get, now=NOW).finding
    assert (finding.origin, finding.url) == found
    assert site.asked == asked


def test_what_robots_txt_forbids_is_not_guessed() -> None:
    """What the site itself offers is meant to be asked for."""
    forbidden = "User-agent: *\nDisallow: /feed\nDisallow: /rss\nSitemap: /rss/news.xml"
    site = Site({PAGE: make_page(body='<a href="/feed/1">1</a>'), f"{ROOT}/robots.txt": forbidden})
    with pytest.raises(ParseError):
        discover(PAGE, get=site.get, now=NOW)
    asked = [address.removeprefix(ROOT) for address in site.asked]
    assert {"/feed/1", "/rss/news.xml", "/atom.xml", "/en/news/feed"} <= set(asked)
    assert not {"/feed", "/rss", "/feed.xml", "/feeds", "/rss.xml"} & set(asked)


@pytest.mark.parametrize("failure", ["timeout", "reset"])
def test_a_site_whose_robots_txt_fails_is_not_guessed_at(failure: FailureKind) -> None:
    site = Site({PAGE: make_page()}, failure)
    with pytest.raises(ParseError, match="no feed found: 0 addresses tried"):
        discover(PAGE, get=site.get, now=NOW)
    assert site.asked == [PAGE, f"{ROOT}/robots.txt"]


def test_an_empty_feed_is_better_than_none() -> None:
    site = Site({PAGE: make_page(f'<link rel="alternate" {RSS} href="/rss">'), f"{ROOT}/rss": make_feed()})
    assert discover(PAGE, get=site.get, now=NOW).finding.entries == 0


def test_what_else_the_page_declares_is_told() -> None:
    head = "".join(f'<link rel="alternate" {RSS} href="/{name}">' for name in ("gone", "a", "b", "c"))
    site = Site({PAGE: make_page(head), f"{ROOT}/a": make_feed(*TITLES)})
    discovery = discover(PAGE, get=site.get, now=NOW)
    assert discovery.finding.url == f"{ROOT}/a"
    assert [one.url for one in discovery.others] == [f"{ROOT}/b", f"{ROOT}/c"]


def test_a_site_without_a_feed_is_left_after_a_few_requests() -> None:
    links = "".join(f'<a href="/rss/{n}">{n}</a>' for n in range(1000))
    site = Site({PAGE: make_page(body=links), f"{ROOT}/robots.txt": "Sitemap: /1.xml\nSitemap: /2.xml\n"})
    with pytest.raises(ParseError, match="no feed found: 24 addresses tried") as caught:
        discover(PAGE, get=site.get, now=NOW)
    assert caught.value.kind == "not_a_feed"
    assert len(site.asked) == MAX_TRIED + 2
    assert len(set(site.asked)) == len(site.asked)


@pytest.mark.parametrize("page", [{}, {PAGE: make_page()}, {PAGE: make_page(body='<a href="/rss">1</a>')}])
def test_a_site_that_asks_to_be_left_alone_is(page: dict[str, str]) -> None:
    site = Site(page, failure="rate_limited")
    with pytest.raises(FetchError) as caught:
        discover(PAGE, get=site.get, now=NOW)
    assert caught.value.kind == "rate_limited"
    assert len(site.asked) == len(page) + 1


# --- coopwatch sources add, over HTTP


@pytest.fixture
def site(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/").respond_with_data(
        make_page(
            f'<link rel="alternate" {RSS} href="/gone.rss"><link rel="alternate" {RSS} href="/news.rss">'
        ),
        content_type="text/html",
    )
    httpserver.expect_request("/news.rss").respond_with_data(make_feed(*TITLES), content_type="text/plain")
    httpserver.expect_request("/plain").respond_with_data(make_page(), content_type="text/html")
    return httpserver


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(
        "# mine\nsources:\n  - {id: localhost, name: A, kind: feed, url: 'https://a.org', publisher: A}\n"
    )
    return path


def run(*arguments: str) -> tuple[int, str]:
    """Run a command; return its exit status and what it said, the text of an error of ours included."""
    environment = {
        "COOPWATCH_ALLOW_PRIVATE_HOSTS": "localhost,127.0.0.1",
        "COOPWATCH_FETCH_IDLE_SECONDS": "5",
    }
    result = CliRunner(env=environment).invoke(app, ["sources", *arguments])
    if isinstance(result.exception, CoopwatchError):
        return 2, str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_feed_of_a_site_is_added(site: HTTPServer, registry: Path) -> None:
    before = registry.read_text()
    status, said = run("add", site.url_for("/"), "--file", str(registry))
    assert status == 0
    address = site.url_for("/news.rss")
    assert f"found     {address} (feed, declared)\n" in said
    assert "title     The Academy News\nentries   3\nnewest    2025-05-22 08:00 UTC\nlanguage  en\n" in said
    added = load_sources(registry)[1]
    assert (added.id, added.name, added.kind, added.url, added.publisher, added.language, added.country) == (
        "localhost-2", "The Academy News", "feed", address, "localhost", "en", None,
    )  # fmt: skip
    after = registry.read_text()
    assert after.startswith(before)
    assert after.removeprefix(before).strip("\n") in said
    assert f"url: {address}  # answered 20" in after


def test_a_feed_is_added_once(site: HTTPServer, registry: Path) -> None:
    address = site.url_for("/news.rss")
    assert run("add", address, "--file", str(registry), "--id", "academy", "--yes")[0] == 0
    written, asked = registry.read_text(), len(site.log)
    assert run("add", f"{address}?utm_source=x", "--file", str(registry)) == (
        2, f"{address}?utm_source=x is in the registry already, as 'academy'",
    )  # fmt: skip
    assert len(site.log) == asked  # refused before anything was asked for
    assert run("add", site.url_for("/"), "--file", str(registry)) == (
        2, f"{address} is in the registry already, as 'academy'",
    )  # fmt: skip
    assert registry.read_text() == written


@pytest.mark.parametrize(
    ("path", "more", "problem"),
    [
        ("/plain", [], "no feed found: "),
        ("/missing", [], "HTTP 404"),
        ("/news.rss", ["--id", "Not An Id"], "id 'Not An Id': "),
        ("/news.rss", ["--id", "localhost"], "id 'localhost': another source has it"),
    ],
)
def test_what_cannot_be_added_changes_nothing(
    site: HTTPServer, registry: Path, path: str, more: list[str], problem: str
) -> None:
    site.expect_request("/missing").respond_with_data("", status=404)
    written = registry.read_text()
    status, said = run("add", site.url_for(path), "--file", str(registry), *more)
    assert status == 2
    assert problem in said
    assert registry.read_text() == written


def test_no_more_is_asked_for_than_needed(site: HTTPServer, registry: Path) -> None:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.path)
        return Response(status=404)

    site.expect_request("/gone.rss").respond_with_handler(answer)
    run("add", site.url_for("/"), "--file", str(registry))
    assert asked == ["/gone.rss"]
    paths = [request.path for request, _ in site.log if request.path != "/robots.txt"]
    assert paths == ["/", "/gone.rss", "/news.rss"]
