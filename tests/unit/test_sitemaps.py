"""News sitemaps."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from coopwatch.entries import MAX_ENTRIES
from coopwatch.errors import ParseError
from coopwatch.sitemaps import MAX_SITEMAP_BYTES, parse_sitemap
from schemas.records import FeedEntry, ParsedEntries, Source

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
