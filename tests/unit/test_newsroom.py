import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import lxml.html
import pytest
import yaml

from coopwatch.sources import load_sources
from demo.newsroom import LAST_MODIFIED, Newsroom, Resource, build_site, is_unchanged, write_sources
from demo.outlets import load_outlets
from demo.stories import Story, load_stories

OUTLETS = load_outlets()
STORIES = load_stories()
SOUND = [outlet_id for outlet_id, outlet in OUTLETS.items() if outlet.feed != "none"]
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


class Answer:
    def __init__(self, newsroom: Newsroom, path: str, method: str = "GET", **headers: str) -> None:
        connection = HTTPConnection("127.0.0.1", urlsplit(newsroom.url).port or 0, timeout=10)
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        self.status = response.status
        self.headers = dict(response.getheaders())
        self.body = response.read()
        connection.close()


def read_feed(newsroom: Newsroom, outlet_id: str) -> list[tuple[str, str]]:
    """Return link and title of each entry, the feed read strictly."""
    outlet = OUTLETS[outlet_id]
    answer = Answer(newsroom, outlet.home + outlet.feed_path)
    assert answer.status == 200
    if outlet.feed == "json":
        return [(item["url"], item["title"]) for item in json.loads(answer.body)["items"]]
    if outlet.feed == "listing":
        page = lxml.html.document_fromstring(answer.body)
        links = page.cssselect("li.release a.headline")
        assert len(page.cssselect("li.release time[datetime]")) == len(links)
        return [
            (urljoin(newsroom.url + outlet.home, link.get("href")), link.text_content()) for link in links
        ]
    root = ElementTree.fromstring(answer.body)
    if outlet.feed == "rss":
        return [(item.findtext("link") or "", item.findtext("title") or "") for item in root.iter("item")]
    if outlet.feed == "atom":
        return [
            (entry.find(f"{ATOM}link").get("href") or "", entry.findtext(f"{ATOM}title") or "")  # type: ignore[union-attr]
            for entry in root.iter(f"{ATOM}entry")
        ]
    assert outlet.feed == "sitemap"
    return [
        (url.findtext(f"{SITEMAP}loc") or "", url.findtext(f"{NEWS}news/{NEWS}title") or "")
        for url in root.iter(f"{SITEMAP}url")
    ]


@pytest.mark.parametrize("outlet_id", SOUND)
def test_a_feed_lists_every_story_of_its_outlet(newsroom: Newsroom, outlet_id: str) -> None:
    expected = {(newsroom.url + story.path, story.title) for story in STORIES if story.outlet == outlet_id}
    entries = read_feed(newsroom, outlet_id)
    assert set(entries) == expected
    assert len(entries) == len(expected)


@pytest.mark.parametrize("story", [story for story in STORIES if not story.gone], ids=lambda story: story.id)
def test_a_page_holds_its_story_among_furniture(newsroom: Newsroom, story: Story) -> None:
    answer = Answer(newsroom, story.path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = lxml.html.document_fromstring(answer.body.decode())
    (headline,) = page.cssselect("h1, .news-item h2")[:1]
    assert headline.text_content() == story.title
    text = page.text_content()
    assert all(part in text for part in (*story.paragraphs, *story.furniture))
    if story.dateline:
        assert f"{story.dateline} {story.paragraphs[0]}" in text
    if not story.spans:
        assert "©" in text or "Copyright" in text


def test_the_content_types_are_those_of_the_formats(newsroom: Newsroom) -> None:
    types = {
        outlet.feed: Answer(newsroom, outlet.home + outlet.feed_path).headers["Content-Type"]
        for outlet in OUTLETS.values()
    }
    assert types == {
        "rss": "application/rss+xml; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
        "json": "application/feed+json",
        "sitemap": "application/xml; charset=utf-8",
        "listing": "text/html; charset=utf-8",
        "none": "text/html; charset=utf-8",  # the broken one
    }


@pytest.mark.parametrize("path", ["/harbour-courier/feed.xml", "/release-board/", STORIES[0].path])
def test_what_is_known_is_not_sent_again(newsroom: Newsroom, path: str) -> None:
    first = Answer(newsroom, path)
    for condition in (
        {"If_None_Match": first.headers["ETag"]},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        again = Answer(newsroom, path, **condition)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    changed = Answer(
        newsroom, path, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"]
    )
    assert (changed.status, changed.body) == (200, first.body)


def test_head_tells_the_same_without_the_body(newsroom: Newsroom) -> None:
    path = "/northern-ledger/atom.xml"
    whole, head = Answer(newsroom, path), Answer(newsroom, path, method="HEAD")
    assert head.body == b""
    assert {**head.headers, "Date": ""} == {**whole.headers, "Date": ""}
    assert int(head.headers["Content-Length"]) == len(whole.body)


RESOURCE = Resource(body=b"news")


@pytest.mark.parametrize(
    ("if_none_match", "if_modified_since", "expected"),
    [
        (None, None, False),
        (RESOURCE.etag, None, True),
        (f'"a", W/{RESOURCE.etag}', None, True),
        ("*", None, True),
        ('"a"', None, False),
        ('"a"', "Mon, 01 Sep 2025 06:30:00 GMT", False),  # the tag counts, the date does not
        (None, "Mon, 01 Sep 2025 06:30:00 GMT", True),
        (None, "Mon, 01 Sep 2025 06:29:59 GMT", False),
        (None, "Tue, 02 Sep 2025 06:30:00 GMT", True),
        (None, "last Monday", False),
        (None, "Tue, 02 Sep 2025 06:30:00 -0000", False),  # no time zone is no instant
    ],
)
def test_conditions(if_none_match: str | None, if_modified_since: str | None, expected: bool) -> None:
    assert LAST_MODIFIED.isoformat() == "2025-09-01T06:30:00+00:00"
    assert is_unchanged(RESOURCE, if_none_match, if_modified_since) is expected


def test_the_hazards_are_there(newsroom: Newsroom) -> None:
    (gone,) = [story for story in STORIES if story.gone]
    assert Answer(newsroom, gone.path).status == 404
    moved = Answer(newsroom, OUTLETS["valley-tribune"].announced_path)
    assert (moved.status, moved.headers["Location"]) == (301, "/valley-tribune/feed.xml")
    assert Answer(newsroom, OUTLETS["island-monitor"].announced_path).body.startswith(b"<!doctype html>")
    (spans,) = [story for story in STORIES if story.spans]
    assert Answer(newsroom, spans.path).body.count(b"<span>") == 50_000
    assert [story.id for story in STORIES if story.published and story.published.year > 2030] == [
        "polar-future"
    ]
    assert Answer(newsroom, "/nowhere").status == 404


def test_the_stories_are_of_the_length_of_news() -> None:
    hazards = {"gallery", "ticker", "removed-page"}
    for story in STORIES:
        length = sum(
            len(part) if OUTLETS[story.outlet].language == "zh" else len(part.split())
            for part in story.paragraphs
        )
        assert story.id in hazards or 120 <= length <= 500, (story.id, length)
    assert 30 <= sum(not story.gone for story in STORIES) <= 40


def test_reprints_are_made_of_what_they_reprint() -> None:
    stories = {story.id: story for story in STORIES}
    reprints = [story for story in STORIES if story.of]
    assert sum(story.of == "chongqing-release" for story in reprints) == 5
    for reprint in reprints:
        original = stories[str(reprint.of)]
        assert reprint.outlet != original.outlet
        assert reprint.title != original.title
        shared = set(reprint.paragraphs) & set(original.paragraphs)
        assert len(shared) >= 2
    cut = stories["chongqing-delta-times"].paragraphs
    assert cut == stories["chongqing-release"].paragraphs[:3]


def test_an_edit_that_does_not_apply_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("---\noutlet: o\nslug: s\ntitle: t\n---\nSome words.\n")
    reprint = "---\noutlet: p\nslug: s\ntitle: u\nof: one\nedits: {replace: {other: words}}\n---\n"
    (tmp_path / "two.md").write_text(reprint)
    with pytest.raises(ValueError, match="two: one has no 'other' to replace"):
        load_stories(tmp_path)


def test_two_starts_serve_the_same() -> None:
    assert build_site("http://127.0.0.1:1") == build_site("http://127.0.0.1:1")


def test_the_registry_names_a_feed_that_answers(newsroom: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "new" / "sources.yaml"
    write_sources(path, newsroom.url)
    assert [source.id for source in load_sources(path)] == list(OUTLETS)
    sources = yaml.safe_load(path.read_text("utf-8"))["sources"]
    for source in sources:
        keys = ["id", "name", "kind", "url", "publisher", "language", "country", "poll", "expect"]
        assert list(source) == keys + ["listing"] * (source["kind"] == "listing")
        assert source["poll"]["min"] == "0s"
        assert Answer(newsroom, source["url"].removeprefix(newsroom.url)).status in (200, 301)
    assert {source["kind"] for source in sources} == {"feed", "sitemap", "listing"}
