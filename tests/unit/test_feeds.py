"""Feeds of every format, sound, broken and hostile."""

import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fuzz_feeds import DAMAGES, Damage, check_feed, read_captured
from coopwatch.entries import MAX_ENTRIES
from coopwatch.errors import ParseError
from coopwatch.feeds import MAX_FEED_BYTES, parse_feed
from coopwatch.feeds.parsing import find_root
from coopwatch.feeds.reference import MAX_MARKS, read_any_feed
from coopwatch.feeds.strict import Unusual, read_sound_feed
from coopwatch.markup import decode_body, repair_xml
from schemas.records import FeedEntry, ParsedEntries, Source

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "feeds"
NOW = datetime(2025, 6, 25, 12, tzinfo=UTC)
SOURCE = Source(
    id="courier", name="Courier", kind="feed", url="https://courier.example/science.rss", publisher="Courier"
)


def parse(body: bytes | str, *, source: Source = SOURCE, content_type: str | None = None) -> ParsedEntries:
    return parse_feed(
        body.encode() if isinstance(body, str) else body,
        source=source,
        base_url=source.url,
        content_type=content_type,
        now=NOW,
    )


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"


def keys(parsed: ParsedEntries) -> list[str]:
    return [entry.key for entry in parsed.entries]


@pytest.mark.parametrize(
    "sample", sorted(SAMPLES.glob("*.expected.json")), ids=lambda path: path.name.split(".")[0]
)
def test_samples_are_read_as_expected(sample: Path) -> None:
    (body,) = (path for path in SAMPLES.glob(f"{sample.name.split('.')[0]}.*") if path != sample)
    expected = json.loads(sample.read_text(encoding="utf-8"))
    ttl = expected["ttl_minutes"]
    assert parse(body.read_bytes()) == ParsedEntries(
        entries=tuple(FeedEntry(source_id="courier", **entry) for entry in expected["entries"]),
        unreadable=expected["unreadable"],
        ttl=None if ttl is None else timedelta(minutes=ttl),
    )


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>", "<html>"),
        ("<html><body><feed>inside a page</feed></body></html>", "<html>"),
        ('<?xml version="1.0"?><urlset><url><loc>https://a.example/</loc></url></urlset>', "<urlset>"),
        ("", "no element"),
        ("Service unavailable", "no element"),
        ("{}", "no JSON Feed"),
        ("{", "neither a feed nor readable JSON"),
        ("[" * 50, "no element"),
        ('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000, "RecursionError"),
        ('{"version": "https://jsonfeed.org/version/1", "items": {}}', "no JSON Feed"),
        ("<rss><channel><title>Cut off", "no readable item"),
    ],
)
def test_what_is_no_feed_is_refused(body: str, found: str) -> None:
    with pytest.raises(ParseError, match=found) as caught:
        parse(body, content_type="application/rss+xml")
    assert caught.value.kind == "not_a_feed"
    assert caught.value.url == SOURCE.url


def test_a_feed_without_items_is_a_feed() -> None:
    assert parse(rss()) == ParsedEntries(entries=())


def test_too_large_a_feed_is_refused_unread() -> None:
    with pytest.raises(ParseError) as caught:
        parse(b" " * (MAX_FEED_BYTES + 1))
    assert caught.value.kind == "too_large"


def test_entities_neither_expand_nor_fetch(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    started = time.perf_counter()
    parsed = parse(
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{levels}'
        f'<!ENTITY file SYSTEM "{secret.as_uri()}"><!ENTITY net SYSTEM "http://127.0.0.1:9/x">'
        f'<!ENTITY % dtd SYSTEM "http://127.0.0.1:9/dtd"> %dtd;]>'
        + rss("<title>&l9; &file; &net;</title><link>https://a.example/1</link>")
    )
    assert time.perf_counter() - started < 2
    assert [entry.title for entry in parsed.entries] == ["&l9; &file; &net;"]


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        ("Café".encode(), "text/xml; charset=iso-8859-1", "Café"),
        ("Café".encode("latin-1"), "text/xml; charset=utf-8", "Café"),
        ("Café".encode("latin-1"), None, "Café"),
        ("Жизнь".encode("koi8-r"), "text/xml; charset=koi8-r", "Жизнь"),
        ("科学".encode("gb18030"), "text/xml; charset=gb2312", "科学"),
        ("“Café”".encode("cp1252"), "text/xml; charset=iso-8859-1", "“Café”"),
        (b"plain", "text/xml; charset=unicode_escape", "plain"),
        (b"plain \xff", "text/xml; charset=punycode", "plain ÿ"),
    ],
)
def test_valid_utf8_wins_over_what_is_declared(body: bytes, content_type: str | None, title: str) -> None:
    feed = (
        b"<rss><channel><item><title>"
        + body
        + b"</title><link>https://a.example/1</link></item></channel></rss>"
    )
    assert [entry.title for entry in parse(feed, content_type=content_type).entries] == [title]


def test_the_declaration_of_the_document_and_utf16_are_read() -> None:
    feed = '<?xml version="1.0" encoding="{}"?>' + rss("<title>Жизнь</title><link>https://a.example/1</link>")
    for encoding in ("windows-1251", "utf-16", "utf-16-le"):
        assert parse(feed.format(encoding).encode(encoding)).entries[0].title == "Жизнь"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["<guid>g1</guid><link>/1</link>", "<link>/2</link>"], ["g1", "https://courier.example/2"]),
        # one guid for all: the link tells them apart, and only where the guid is reused
        (
            [
                "<guid>g</guid><link>/1</link>",
                "<guid>g</guid><link>/2</link>",
                "<guid>own</guid><link>/3</link>",
            ],
            ["https://courier.example/1", "https://courier.example/2", "own"],
        ),
        # the same item twice is one entry
        (["<guid>g</guid><link>/1</link><title>T</title>"] * 2, ["g"]),
        (["<link>/1</link>", "<link>/1?utm_source=x</link>"], ["https://courier.example/1"]),
        # the date is no part of the identity
        (
            ["<link>/1</link><pubDate>Tue, 24 Jun 2025 09:00:00 GMT</pubDate>", "<link>/1</link>"],
            ["https://courier.example/1"],
        ),
    ],
)
def test_keys(items: list[str], expected: list[str]) -> None:
    assert keys(parse(rss(*items))) == expected


def test_items_that_share_guid_and_link_are_told_apart_by_their_text() -> None:
    item = "<guid>live</guid><link>/live</link><title>{}</title><description>{}</description>"
    feed = [item.format("One", "a"), item.format("Two", "a"), item.format("Two", "b")]
    parsed = parse(rss(*feed))
    assert len(set(keys(parsed))) == 3
    assert keys(parse(rss(*reversed(feed)))) == keys(parsed)[::-1]
    assert {entry.compare_url for entry in parsed.entries} == {"https://courier.example/live"}


def test_a_long_guid_is_shortened() -> None:
    parsed = parse(
        rss(f"<guid>{'g' * 900}1</guid><link>/1</link>", f"<guid>{'g' * 900}2</guid><link>/2</link>")
    )
    assert [len(key) for key in keys(parsed)] == [32, 32]
    assert len(set(keys(parsed))) == 2


def test_the_address_behind_a_feed_service_is_taken() -> None:
    feed = rss("<link>https://feeds.example/~r/1</link><f:origLink>https://a.example/1</f:origLink>").replace(
        "<rss", "<rss xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'"
    )
    assert parse(feed).entries[0].url == "https://a.example/1"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Tue, 24 Jun 2025 09:30:00 EST", datetime(2025, 6, 24, 14, 30, tzinfo=UTC)),
        ("2025-06-24T09:30:00+08:00", datetime(2025, 6, 24, 1, 30, tzinfo=UTC)),
        ("Thu, 26 Jun 2025 11:59:00 GMT", datetime(2025, 6, 26, 11, 59, tzinfo=UTC)),
        ("Thu, 26 Jun 2025 12:01:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(date: str, expected: datetime | None) -> None:
    parsed = parse(rss(f"<link>https://a.example/1</link><pubDate>{date}</pubDate>"))
    assert parsed.entries[0].published_at == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("<author>desk@courier.example (Science Desk)</author>", "Science Desk"),
        ("<author>Science Desk &lt;desk@courier.example&gt;</author>", "Science Desk"),
        ("<author>desk@courier.example</author>", None),
        ("<author>desk@courier.com</author>", None),
        ("<author>Ada Winter</author><dc:creator>Bo Lund</dc:creator>", "Ada Winter, Bo Lund"),
        ("<author>Ada Winter</author>", "Ada Winter"),
        ("<author></author>", None),
    ],
)
def test_authors_have_names_and_no_mail_addresses(author: str, expected: str | None) -> None:
    feed = rss(f"<link>https://a.example/1</link>{author}").replace(
        "<rss", "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'"
    )
    assert parse(feed).entries[0].author == expected


@pytest.mark.parametrize(
    ("declared", "of_source", "expected"),
    [("en-us", None, "en-us"), ("en_US", None, "en-US"), ("English", None, None), ("en-us", "de", "de")],
)
def test_languages(declared: str, of_source: str | None, expected: str | None) -> None:
    feed = rss("<link>https://a.example/1</link>").replace("<item>", f"<language>{declared}</language><item>")
    source = SOURCE.model_copy(update={"language": of_source})
    assert parse(feed, source=source).entries[0].language == expected


@pytest.mark.parametrize(
    ("ttl", "expected"),
    [("60", timedelta(hours=1)), ("0", None), ("-5", None), ("soon", None), ("9999999", timedelta(days=7))],
)
def test_ttl(ttl: str, expected: timedelta | None) -> None:
    assert parse(rss().replace("<channel>", f"<channel><ttl>{ttl}</ttl>")).ttl == expected


def test_summaries_are_cut() -> None:
    parsed = parse(rss(f"<link>https://a.example/1</link><description>{'word ' * 2000}</description>"))
    assert len(parsed.entries[0].summary) in (1999, 2000)


def test_entries_are_capped_in_the_order_of_the_feed_and_the_rest_is_counted() -> None:
    parsed = parse(rss(*(f"<link>https://a.example/{n}</link>" for n in range(MAX_ENTRIES + 5))))
    assert [entry.url for entry in parsed.entries] == [f"https://a.example/{n}" for n in range(MAX_ENTRIES)]
    assert parsed.unreadable == 5


@pytest.mark.parametrize(
    "item",
    [
        "<links>x</links>",
        "<links a='b'/>",
        "<authors>x</authors>",
        "<content>x</content>",
        "<published_parsed>x</published_parsed>",
        "<title_detail>x</title_detail>",
        "<title_detail a='b'/>",
        "<image><width>1</width></width></image>",
        "<title>&#xD800;&#0;&#x110000;&#99999999999999999999;</title>",
        "<title><![CDATA[&#xD800;&#x110000;]]></title>",
        "<link></link></link>",
    ],
)
def test_elements_that_trip_feedparser_lose_nothing_else(item: str) -> None:
    parsed = parse(rss("<link>https://a.example/1</link>", item, "<link>https://a.example/3</link>"))
    urls = [entry.url for entry in parsed.entries]
    assert urls[0] == "https://a.example/1"
    assert urls[-1] == "https://a.example/3"
    assert len(urls) + parsed.unreadable >= 3


@pytest.mark.parametrize(
    "flood",
    [
        "<item>",
        "<a>",
        "<!--",
        "<![CDATA[",
        "<!DOCTYPE ",
        "<a b='",
        "&",
        "\n",
        "<title>&lt;a",
        "<author>a.a",
        "<category>a</category>",
        "<a xml:base='b/'>",
    ],
)
@pytest.mark.parametrize("inside", ["", "<author>", "<title>", "<category>"])
def test_hostile_repetition_takes_linear_time(flood: str, inside: str) -> None:
    started = time.process_time()
    parsed = parse(f"<rss><channel><item><link>https://a.example/1</link></item><item>{inside}{flood * 8000}")
    assert time.process_time() - started < 5
    assert parsed.entries[0].url == "https://a.example/1"


def read_both(body: bytes) -> bool:
    """Hold the fast reader against feedparser; tell whether it read the feed."""
    xml = find_root(repair_xml(decode_body(body)), SOURCE.url)
    try:
        sound = read_sound_feed(xml)
    except Unusual:
        return False
    assert sound == read_any_feed(xml, SOURCE.url, max_marks=sys.maxsize)
    return True


@pytest.mark.parametrize("name", ["atom10.xml", "rss091.xml", "rss10.rdf", "rss20.xml"])
def test_samples_are_read_alike_by_both_readers(name: str) -> None:
    read_both((SAMPLES / name).read_bytes())


@pytest.mark.parametrize(
    "item",
    [
        "<title>One</title><title>Two</title>",
        "<m:title>One</m:title><title>Two</title>",
        "<title>One</title><m:group><m:title>Two</m:title><m:description>d</m:description></m:group>",
        "<m:content url='x'><m:title>Deep</m:title></m:content><dc:title>Flat</dc:title>",
        "<description>a</description><summary>b</summary><c:encoded>c</c:encoded>",
        "<c:encoded>c</c:encoded><description>a</description>",
        "<description/><content type='html'>c</content>",
        "<guid>g</guid><link/>",
        "<guid isPermaLink='false'>https://a.example/g</guid><link>/1</link>",
        "<guid>https://a.example/g</guid>",
        "<link>https://a.example/?a=1&amp;amp;b=2&amp;copy;</link>",
        "<a:link rel='self' href='/s'/><a:link rel='alternate' type='text/html' href='/1'/><link>/2</link>",
        "<a:link rel='alternate' type='application/pdf' href='/1.pdf'/><a:link href='/2'/>",
        "<link>/1</link><f:origLink>https://a.example/o</f:origLink>",
        "<category>a</category><m:category>b</m:category><dc:subject>c</dc:subject><link>/1</link>",
        "<author>Ada</author><dc:creator>Bo</dc:creator>",
        "<author>ada@a.example (Ada)</author>",
        "<a:author><a:name>Ada</a:name><a:email>ada@a.example</a:email></a:author>",
        "<a:author><a:name>Ada</a:name></a:author><a:author><a:name>Bo</a:name></a:author>",
        "<pubDate>Tue, 24 Jun 2025 09:30:00 +0200</pubDate><dc:date>2025-06-24T09:30:00Z</dc:date>",
        "<pubDate></pubDate><updated>2025-06-24T09:30:00.5+08:00</updated>",
        "<dc:language>de</dc:language><title xml:lang='fr'>t</title>",
        "<title xml:lang='pt_BR'>t</title>",
        "<title>caf\u00c3\u00a9</title>",
        "<source url='https://b.example/'>B</source><image/><title>after</title>",
        "<x:other a='b'>text<x:nested/></x:other><comments>https://a.example/c</comments>",
        f"<guid>{'g' * 3000}</guid><title>{'t' * 3000}</title>",
        "<content xml:base='https://b.example/x/'>c</content><link>https://a.example/1</link>",
    ],
)
def test_the_fast_reader_has_the_oddities_of_feedparser(item: str) -> None:
    spaces = {
        "a": "http://www.w3.org/2005/Atom",
        "c": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "f": "http://rssnamespace.org/feedburner/ext/1.0",
        "m": "http://search.yahoo.com/mrss/",
        "x": "https://unknown.example/ns",
    }
    declared = " ".join(f"xmlns:{prefix}='{uri}'" for prefix, uri in spaces.items())
    feed = rss(item, "<link>https://a.example/last</link>").replace(
        "<channel>", "<channel><language>en</language>"
    )
    assert read_both(feed.replace("<rss", f"<rss {declared}").encode())


@pytest.mark.parametrize(
    "item",
    [
        "<title><b>x</b></title>",
        "<content type='xhtml'><div>x</div></content>",
        "<content mode='base64'>eA==</content>",
        "<pubDate>yesterday</pubDate>",
        "<title>\x93quoted\x94</title>",
        "<item><link>/nested</link></item>",
        "<author>A@a.example</author><author>B</author>",
        "<author>Ada</author><author><name>Bo</name></author>",
        "<content xml:base='https://b.example/x/'>c</content><link>1</link>",
        "<links>x</links>",
        "<a>",
    ],
)
def test_what_is_unusual_is_left_to_feedparser(item: str) -> None:
    assert not read_both(rss(item, "<link>/last</link>").encode())


def test_a_summary_of_the_feed_is_no_content_of_its_first_item() -> None:
    head = "<rss><channel><summary>a</summary><description>b</description>"
    item = "<item><summary>c</summary><description>d</description><link>/1</link></item>"
    assert not read_both(f"{head}{item}</channel></rss>".encode())


@pytest.mark.parametrize("flood", ["<item>", "<a>", "<title>&lt;", "<item><links>x</links></item>"])
def test_of_a_flood_the_beginning_is_read_and_the_rest_is_counted(flood: str) -> None:
    times = 2 * MAX_MARKS
    started = time.process_time()
    parsed = parse(f"<rss><channel><item><link>https://a.example/1</link></item>{flood * times}")
    assert time.process_time() - started < 30  # two to five seconds on a quiet machine
    assert parsed.entries[0].url == "https://a.example/1"
    assert len(parsed.entries) + parsed.unreadable >= 1 + times * ("<item>" in flood)


@pytest.mark.parametrize("flood", ["<item/>", "<a/>", "<item><a/></item>"])
def test_of_a_sound_flood_the_beginning_is_read_and_the_rest_is_counted(flood: str) -> None:
    times = 300_000
    first = "<item><link>https://a.example/1</link></item>"
    started = time.process_time()
    parsed = parse(f"<rss><channel>{first}<item>{flood * times}</item></channel></rss>")
    assert time.process_time() - started < 30  # two to five seconds on a quiet machine
    assert parsed.entries[0].url == "https://a.example/1"
    assert len(parsed.entries) + parsed.unreadable >= 2 + times * ("<item" in flood)


SOUND = {name: (SAMPLES / name).read_bytes() for name in ("rss20.xml", "rss10.rdf", "atom10.xml")}
EDITS = st.lists(
    st.tuples(
        st.integers(0, 3_000),
        st.integers(0, 30),
        st.binary(max_size=4)
        | st.sampled_from(
            [b"<item>", b"</item>", b"<![CDATA[", b"<!--", b"&#0;", b"<link>", b"\xed\xa0\x80", b"&bogus;"]
        ),
    ),
    max_size=8,
)


@given(st.sampled_from(sorted(SOUND)), EDITS)
def test_only_parse_errors_leave_the_parser(name: str, edits: list[tuple[int, int, bytes]]) -> None:
    body = SOUND[name]
    for position, cut, inserted in edits:
        body = body[:position] + inserted + body[position + cut :]
    assert check_feed(body).wrong == []
    try:
        parsed = parse(body)
    except ParseError:
        return
    assert len(set(keys(parsed))) == len(parsed.entries)
    for entry in parsed.entries:
        assert json.loads(entry.model_dump_json())
        assert "\x00" not in entry.title + entry.summary + entry.key


@given(st.sampled_from(DAMAGES), st.sampled_from(sorted(SOUND)), st.integers(0, 2**32))
def test_of_a_damaged_feed_no_item_is_lost_uncounted(damage: Damage, name: str, seed: int) -> None:
    damaged = damage(random.Random(seed), SOUND[name], list(SOUND.values()))
    assert check_feed(damaged).wrong == []


@pytest.mark.shared
def test_captured_feeds(shared_data: Path) -> None:
    """100 feeds as they were served: all are read, and what is not read is counted."""
    entries = unreadable = undated = fast = 0
    bodies = read_captured(shared_data / "feeds" / "captured-100.tar.gz")
    for body in bodies:
        parsed = parse_feed(
            body, source=SOURCE, base_url=SOURCE.url, content_type=None, now=datetime(2027, 1, 1, tzinfo=UTC)
        )
        entries += len(parsed.entries)
        unreadable += parsed.unreadable
        undated += sum(entry.published_at is None for entry in parsed.entries)
        fast += not body.lstrip().startswith(b"{") and read_both(body)
    assert len(bodies) == 100
    assert entries == 2645
    assert unreadable == 1046, "one feed of 1,046 items without links"
    assert undated == 7, "items dated in the year 1"
    assert fast == 91, "equal to what feedparser reads; the others are broken or have dates of another form"


def test_a_language_beside_the_channel_is_read_as_feedparser_reads_it() -> None:
    feed = SOUND["rss10.rdf"]
    start, end = feed.index(b"<channel"), feed.index(b">", feed.index(b"<channel")) + 1
    assert check_feed((feed[:start] + feed[end:]).replace(b"</channel>", b"")).wrong == []
