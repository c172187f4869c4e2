import json
from typing import Any

import pytest
from lxml import html

from coopwatch.linked_data import LinkedArticle, read_linked_article
from coopwatch.metadata import is_article_url, is_same_site, read_metadata, strip_site_name

URL = "https://www.courier.example/science/observatory-4711"


def tree(head: str = "", body: str = "") -> Any:
    return html.document_fromstring(f"<html><head>{head}</head><body>{body}<p>.</p></body></html>")


def linked(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


HEADLINE = linked({"@type": "NewsArticle", "headline": "Two academies &amp; one sea"})
OPEN_GRAPH = (
    '<meta property="og:title" content="Two academies | The Courier">'
    '<meta property="og:site_name" content="The Courier">'
)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (HEADLINE + OPEN_GRAPH, "<h1>A heading</h1>", "Two academies & one sea"),
        (OPEN_GRAPH, "<h1>A heading</h1>", "Two academies"),
        (
            "<title>A heading - The Courier</title>",
            "<h1>The Courier</h1><h1>A <em>heading</em></h1>",
            "A heading",
        ),
        ("<title>A heading - Courier</title>", "", "A heading"),
        ("<title>Courier: A heading</title>", "", "Courier: A heading"),
        ("<title>Courier</title>", "", ""),
        (
            '<meta property="og:title" content="A heading | Science | 5.3.2024">',
            "<h1>A heading</h1>",
            "A heading",
        ),
        ("", "<h1>Two<br>lines</h1>", "Two lines"),
        ("", "", ""),
    ],
)
def test_titles(head: str, body: str, title: str) -> None:
    assert read_metadata(tree(head, body), URL).title == title


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        ("A heading | The Courier", "A heading"),
        ("The Courier – A heading", "A heading"),
        ("A heading - Science - THE COURIER", "A heading - Science"),
        ("标题_The Courier", "标题"),
        ("A heading - and more", "A heading - and more"),
        ("The Courier", "The Courier"),
    ],
)
def test_site_names_are_cut_off(title: str, stripped: str) -> None:
    assert strip_site_name(title, ("The Courier", "")) == stripped


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        (
            linked({"@type": "Article", "author": [{"@type": "Person", "name": "Jane Doe"}, "John Roe"]}),
            "",
            "Jane Doe; John Roe",
        ),
        (linked({"@type": "Article", "author": {"@type": "Organization", "name": "The Desk"}}), "", ""),
        ('<meta name="author" content="Jane Doe">', '<a rel="author">John Roe</a>', "Jane Doe"),
        ("", '<a rel="author" href="/j">Jane Doe</a>', "Jane Doe"),
        ("", '<span itemprop="author"><b>Jane</b> Doe</span>', "Jane Doe"),
        ("", "", ""),
    ],
)
def test_bylines(head: str, body: str, byline: str) -> None:
    assert read_metadata(tree(head, body), URL).byline == byline


@pytest.mark.parametrize(
    ("declared", "accepted"),
    [
        ("https://courier.example/science/observatory-4711", True),
        ("/science/observatory-4711", True),
        ("https://news.courier.example/2024/03/05/two-academies-one-sea", True),
        ("https://courier.example/", False),
        ("https://courier.example/science/", False),
        ("https://courier.example/index.html", False),
        ("https://other.example/science/observatory-4711", False),
        ("https://notcourier.example/science/observatory-4711", False),
        ("javascript:void(4711)", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_a_canonical_url_must_be_an_article_of_the_same_site(declared: str, *, accepted: bool) -> None:
    found = read_metadata(tree(f'<link rel="canonical" href="{declared}">'), URL).canonical_url
    assert (found is not None) is accepted
    assert found is None or found.startswith("https://")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://c.example/two-academies-one-sea", True),
        ("https://c.example/a/4711", True),
        ("https://c.example/story.php?id=4711", True),
        ("https://c.example/?p=4711", True),
        ("https://c.example/observatory.html", True),
        ("https://c.example/world-news", False),
        ("https://c.example", False),
    ],
)
def test_article_urls(url: str, *, expected: bool) -> None:
    assert is_article_url(url) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("www.c.example", "c.example", True),
        ("news.c.example", "www.c.example", True),
        ("c.example", "abc.example", False),
    ],
)
def test_sites(one: str, other: str, *, expected: bool) -> None:
    assert is_same_site(one, other) is expected
    assert is_same_site(other, one) is expected


STORY = {"@type": "NewsArticle", "headline": "Story"}
SCRIPT = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            linked({"@type": "WebPage", "name": "Page"}, {"@type": ["Thing", "Report"], "headline": "Story"}),
            "Story",
        ),
        (linked({"@graph": [{"@type": "Organization", "name": "C"}, STORY]}), "Story"),
        (linked([{"@type": "BreadcrumbList"}, {"@type": "BlogPosting", "headline": ["Story"]}]), "Story"),
        (linked({"@type": "WebPage", "name": "Page"}), "Page"),
        (linked({"@type": "Product", "name": "Boots"}), ""),
        (SCRIPT.format('{"@type": "Article", ') + linked(STORY), "Story"),
        (SCRIPT.format("[" * 100_000), ""),
        (SCRIPT.format('{"@type": "Article", "headline": "two\nlines"}'), "two lines"),
    ],
)
def test_linked_articles(head: str, expected: str) -> None:
    assert read_linked_article(tree(head)).headline == expected


def test_values_of_strange_types_are_passed_over() -> None:
    node = {
        "@type": "Article",
        "headline": 7,
        "datePublished": {"a": 1},
        "author": [None, 3, {"name": ["A B", 2]}],
    }
    assert read_linked_article(tree(linked(node))) == LinkedArticle(authors=("A B",))
