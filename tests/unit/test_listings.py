"""Listing pages."""

from datetime import UTC, datetime

import pytest

from coopwatch.entries import MAX_ENTRIES
from coopwatch.errors import ParseError
from coopwatch.listings import parse_listing, parse_listing_date
from schemas.records import ListingSelectors, ParsedEntries, Source

NOW = datetime(2025, 6, 25, 12, tzinfo=UTC)
URL = "https://wire.example/releases?page=1"

CARDS = """<!doctype html><html><head><title>Releases</title></head><body>
<nav><a href="/">Home</a></nav>
<div class="card"><a class="release" href="/releases/ice-core.html">
  <h3><small>Jun 24, 2025, 09:30 ET</small> Norland &amp; Vesteria open <em>joint</em> laboratory</h3>
  <p>The academies share the cost.</p></a></div>
<div class="card"><a class="release" href="https://wire.example/releases/budget.html?utm_source=list">
  <h3><small>10:10 ET</small> Budget of the academies</h3></a></div>
<div class="card"><a class="release" href="#top"><h3>Back to the top</h3></a></div>
<div class="card"><a class="release" href="mailto:desk@wire.example"><h3>Write to us</h3></a></div>
</body></html>"""

NEWS = """<ul>
<li><a href="1.html"><img src="1.png"></a><h2><a href="1.html">两国共建联合实验室</a></h2>
  <time datetime="2025-06-24T15:30:00+08:00">today</time></li>
<li><h2><a title="Only a picture" href="2.html"><img src="2.png"></a></h2></li>
<li>No link</li>
</ul>"""


def parse(page: str | bytes, content_type: str | None = None, **selectors: str) -> ParsedEntries:
    return parse_listing(
        page.encode() if isinstance(page, str) else page,
        source=Source(
            id="wire",
            name="Wire",
            kind="listing",
            url=URL,
            publisher="Wire",
            listing=ListingSelectors.model_validate(selectors),
        ),
        base_url=URL,
        content_type=content_type,
        now=NOW,
    )


@pytest.mark.parametrize(
    "selectors",
    [
        {"item": "div.card", "link": "a.release", "title": "h3", "date": "h3 small"},
        {"item": "a.release", "title": "h3", "date": "small"},
        {"item": "div.card", "link": ".release", "date": "small", "title": "a h3"},
    ],
)
def test_a_page_of_releases(selectors: dict[str, str]) -> None:
    parsed = parse(CARDS, **selectors)
    assert [(entry.url, entry.title, entry.published_at) for entry in parsed.entries] == [
        (
            "https://wire.example/releases/ice-core.html",
            "Norland & Vesteria open joint laboratory",
            datetime(2025, 6, 24, 13, 30, tzinfo=UTC),
        ),
        ("https://wire.example/releases/budget.html?utm_source=list", "Budget of the academies", None),
    ]
    assert [entry.key for entry in parsed.entries] == [
        "https://wire.example/releases/ice-core.html",
        "https://wire.example/releases/budget.html",
    ]
    assert parsed.unreadable == 2


def test_defaults_take_the_first_link_its_text_and_the_time() -> None:
    parsed = parse(NEWS, item="li")
    assert [(entry.url, entry.title, entry.published_at) for entry in parsed.entries] == [
        ("https://wire.example/1.html", "两国共建联合实验室", datetime(2025, 6, 24, 7, 30, tzinfo=UTC)),
        ("https://wire.example/2.html", "Only a picture", None),
    ]
    assert parsed.unreadable == 1


def test_a_link_selector_may_name_what_holds_the_link() -> None:
    assert [entry.url for entry in parse(NEWS, item="li", link="h2").entries] == [
        "https://wire.example/1.html",
        "https://wire.example/2.html",
    ]


def test_the_base_of_the_page_is_honoured() -> None:
    page = "<head><base href='/news/'></head>" + NEWS
    assert parse(page, item="li").entries[0].url == "https://wire.example/news/1.html"


def test_the_charset_of_the_page_is_honoured() -> None:
    page = ("<meta charset=gb2312>" + NEWS).encode("gb18030")
    assert parse(page, item="li").entries[0].title == "两国共建联合实验室"
    assert parse(NEWS.encode(), "text/html; charset=gbk", item="li").entries[0].title == "两国共建联合实验室"


@pytest.mark.parametrize("page", ["", "<p>Under repair</p>", "<!--", CARDS.replace("card", "tile")])
def test_a_page_without_items_names_the_selector(page: str) -> None:
    with pytest.raises(ParseError, match=r"nothing matches the item selector 'div\.card'") as caught:
        parse(page, item="div.card")
    assert caught.value.kind == "not_a_feed"


def test_items_are_capped_and_the_rest_is_counted() -> None:
    page = "".join(f"<li><a href='/{n}'>Item {n}</a></li>" for n in range(MAX_ENTRIES + 4))
    parsed = parse(page, item="li")
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.unreadable == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-11-07", datetime(2023, 11, 7, tzinfo=UTC)),
        ("2023-11-07 09:05", datetime(2023, 11, 7, 9, 5, tzinfo=UTC)),
        ("2023-11-07T09:00:00-05:00", datetime(2023, 11, 7, 14, tzinfo=UTC)),
        ("20231107T090000Z", datetime(2023, 11, 7, 9, tzinfo=UTC)),
        ("Nov 07, 2023, 09:00 ET", datetime(2023, 11, 7, 14, tzinfo=UTC)),
        ("Jul 07, 2023, 09:00 ET", datetime(2023, 7, 7, 13, tzinfo=UTC)),
        ("November 7, 2023 at 9:00 pm EST", datetime(2023, 11, 8, 2, tzinfo=UTC)),
        ("Nov. 7, 2023 12:30 a.m. UTC", datetime(2023, 11, 7, 0, 30, tzinfo=UTC)),
        ("7 November 2023", datetime(2023, 11, 7, tzinfo=UTC)),
        ("07 Sept 2023, 18:00 JST", datetime(2023, 9, 7, 9, tzinfo=UTC)),
        (" Nov\n07,\t2023 ", datetime(2023, 11, 7, tzinfo=UTC)),
        ("09:00 ET", None),
        ("11/07/2023", None),
        ("Nov 2023", None),
        ("Mayor 7, 2023", None),
        ("Feb 30, 2023", None),
        ("Nov 07, 2023, 25:00", None),
        ("Nov 07, 2023, 09:00 CST", None),  # in Chicago or in Shanghai
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_strictly(text: str, expected: datetime | None) -> None:
    assert parse_listing_date(text) == expected
