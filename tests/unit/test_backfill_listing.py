"""Lists, sitemaps and the archives of feeds: which addresses they name, and what is left out."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coopwatch.backfill.holding import make_source
from coopwatch.backfill.listing import Period, may_hold, read_list, walk_feed, walk_sitemap
from coopwatch.errors import ConfigError, FetchError, UrlError
from schemas.records import Capture
from tests.builders import NOW

SITE = "https://a.example"
SOURCE = make_source("archive.a.example", "a.example", f"{SITE}/feed.xml")
NOVEMBER = Period(datetime(2023, 11, 1, tzinfo=UTC), datetime(2023, 12, 1, tzinfo=UTC))


def serve(pages: dict[str, str]) -> Callable[[str], Capture]:
    def get(url: str) -> Capture:
        if url not in pages:
            raise FetchError(url, "http_status", "HTTP 404 Not Found", http_status=404)
        body = pages[url].encode()
        return Capture(url=url, final_url=url, status=200, body=body, fetched_at=NOW)

    return get


def make_news(*items: tuple[str, str]) -> str:
    urls = "".join(
        f"<url><loc>{SITE}/{name}</loc><n:news><n:title>Item {name}</n:title>"
        f"<n:publication_date>{day}</n:publication_date></n:news></url>"
        for name, day in items
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def make_index(*children: tuple[str, str]) -> str:
    listed = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{day}</lastmod></sitemap>" for loc, day in children)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'


def make_feed(earlier: str, *items: tuple[str, str]) -> str:
    link = f'<link rel="prev-archive" href="{earlier}"/>' if earlier else ""
    entries = "".join(
        f'<entry><id>{name}</id><title>Item {name}</title><link href="{SITE}/{name}"/>'
        f"<updated>{day}T00:00:00Z</updated></entry>"
        for name, day in items
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{link}{entries}</feed>'


@pytest.mark.parametrize(
    ("url", "changed", "expected"),
    [
        ("/news.xml", None, True),
        ("/news.xml", datetime(2023, 10, 1, tzinfo=UTC), False),
        ("/news.xml", datetime(2024, 1, 1, tzinfo=UTC), True),
        ("/sitemap-2023-11.xml", None, True),
        ("/sitemap-2023-12.xml", None, False),
        ("/sitemap_202310.xml", None, False),
        ("/2023/11/sitemap.xml", None, True),
        ("/sitemap-20239.xml", None, True),  # no month
    ],
)
def test_a_sitemap_is_asked_for_only_if_it_may_hold_the_period(
    url: str, changed: datetime | None, expected: bool
) -> None:
    assert may_hold(SITE + url, changed, NOVEMBER) is expected
    assert may_hold(SITE + url, changed, Period())


def test_an_index_is_walked_by_its_period() -> None:
    pages = {
        f"{SITE}/index.xml": make_index(
            (f"{SITE}/old.xml", "2023-10-01"),
            (f"{SITE}/news-2023-11.xml", "2023-12-02"),
            (f"{SITE}/gone.xml", "2023-12-03"),
            ("https://other.example/news.xml", "2023-12-03"),
        ),
        f"{SITE}/news-2023-11.xml": make_news(("1", "2023-11-06"), ("2", "2023-12-01"), ("3", "")),
    }
    found = list(walk_sitemap(f"{SITE}/index.xml", SOURCE, NOVEMBER, serve(pages), NOW))
    assert [entry.url for listed in found for entry in listed.entries] == [f"{SITE}/1"]
    assert [listed.left_out for listed in found] == [
        {"no date": 1, "out of period": 1},
        {"sitemap: http_status": 1},
    ]


def test_a_sitemap_that_cannot_be_had_is_an_error() -> None:
    with pytest.raises(UrlError, match="404"):
        list(walk_sitemap(f"{SITE}/index.xml", SOURCE, Period(), serve({}), NOW))


def test_a_feed_is_followed_back_to_the_beginning_of_the_period() -> None:
    pages = {
        f"{SITE}/feed.xml": make_feed("/page2.xml", ("5", "2023-12-05"), ("4", "2023-11-20")),
        f"{SITE}/page2.xml": make_feed(f"{SITE}/page3.xml", ("3", "2023-11-10"), ("2", "2023-10-31")),
        f"{SITE}/page3.xml": make_feed("", ("1", "2023-10-01")),
    }
    asked: list[str] = []
    get = serve(pages)

    def ask(url: str) -> Capture:
        asked.append(url)
        return get(url)

    found = list(walk_feed(SOURCE, NOVEMBER, ask, NOW))
    assert [entry.url[-1] for listed in found for entry in listed.entries] == ["4", "3"]
    assert len(asked) == 2


@pytest.mark.parametrize("earlier", ["", "https://other.example/page2.xml", "javascript:1"])
def test_a_feed_without_an_archive_on_its_site_says_so(earlier: str) -> None:
    pages = {f"{SITE}/feed.xml": make_feed(earlier, ("5", "2023-12-05"))}
    with pytest.raises(UrlError, match="RFC 5005"):
        list(walk_feed(SOURCE, NOVEMBER, serve(pages), NOW))


def test_a_feed_that_leads_back_to_itself_ends() -> None:
    pages = {
        f"{SITE}/feed.xml": make_feed("/page2.xml", ("5", "2023-12-05")),
        f"{SITE}/page2.xml": make_feed("/feed.xml", ("4", "2023-11-20")),
    }
    assert len(list(walk_feed(SOURCE, NOVEMBER, serve(pages), NOW))) == 2


def test_a_list_is_read_from_any_row_on(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [f"{SITE}/{number},2023-11-{number:02}" for number in range(1, 4)]
    path.write_text("\n".join(["url,date", *rows, "nothing,", f"{SITE}/9,"]), encoding="utf-8-sig")

    (everything,) = read_list(path, SOURCE, 0, Period())
    assert [entry.url[-1] for entry in everything.entries] == ["1", "2", "3", "9"]
    assert everything.left_out == {"bad_url": 1}
    assert everything.entries[0].published_at == datetime(2023, 11, 1, tzinfo=UTC)
    assert everything.position == 5

    (rest,) = read_list(path, SOURCE, 2, NOVEMBER)
    assert [entry.url[-1] for entry in rest.entries] == ["3"]
    assert rest.left_out == {"no date": 1, "bad_url": 1}
    assert list(read_list(path, SOURCE, 5, Period())) == []


@pytest.mark.parametrize("content", [b"address\nhttps://a.example/1\n", b"", b"url\n\xff\xfe\n"])
def test_what_is_no_list_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"list\.csv"):
        list(read_list(path, SOURCE, 0, Period()))
