"""News sitemaps to entries: a `urlset` whose URLs carry news tags, or an index of such.

Format: https://www.sitemaps.org/protocol.html with the extension
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.
"""

import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice

from lxml import etree

from coopwatch.entries import MAX_ENTRIES, Item, build_entries, parse_datetime
from coopwatch.errors import FetchError, ParseError, UrlError
from coopwatch.markup import decode_body, repair_xml
from coopwatch.metadata import is_same_site
from coopwatch.urls import absolute_url, host_of
from schemas.records import Capture, FeedEntry, ParsedEntries, Source

MAX_SITEMAP_BYTES = 20_000_000  # unpacked; the protocol allows 50 MB, a news sitemap holds 1,000 URLs
MAX_CHILDREN = 5  # of an index that are read at one poll
MAX_LISTED = 50_000  # children of an index, by the protocol

_GZIP = b"\x1f\x8b"
_OLDEST = datetime.min.replace(tzinfo=UTC)


def parse_sitemap(
    body: bytes, *, source: Source, base_url: str, content_type: str | None, now: datetime
) -> ParsedEntries:
    """Read a news sitemap, plain or gzipped: its newest 2,000 articles, newest first.

    URLs without news tags are pages of the site and no news; they are passed over. Nothing is
    fetched and no entity is expanded.

    Args:
        body: the bytes as they came, content encoding undone.
        source: where they came from.
        base_url: the address that answered.
        content_type: the Content-Type header, if there was one.
        now: dates more than a day after it are dropped.

    Raises:
        ParseError: kind not_a_feed, when it is no news sitemap; kind too_large, when it unpacks to
            more than 20 million bytes.
    """
    return _read_urlset(_parse_root(body, content_type, base_url), source, base_url, now)


def read_sitemap(
    capture: Capture, *, source: Source, now: datetime, get: Callable[[str], Capture]
) -> ParsedEntries:
    """Read a news sitemap, or the newest of those that an index lists.

    Of an index, at most five sitemaps of the same site are asked for: the last changed first, then
    those without a date in the order of the index. An index inside an index is not followed. A child
    without news tags is passed over; one that cannot be fetched or read counts as unreadable.

    Args:
        capture: what the source answered.
        source: where it came from.
        now: dates more than a day after it are dropped.
        get: fetches one URL, and raises FetchError.

    Raises:
        ParseError: as `parse_sitemap` does; and kind not_a_feed for an index without any news.
        FetchError: the children of an index could not be fetched, not one of them.
    """
    base_url, content_type = capture.final_url, capture.header("content-type")
    root = _parse_root(capture.body, content_type, base_url)
    if _name_of(root) != "sitemapindex":
        return _read_urlset(root, source, base_url, now)
    parsed: list[ParsedEntries] = []
    failures: list[UrlError] = []
    for url in list_children(root, base_url):
        try:
            child = get(url)
            parsed.append(
                parse_sitemap(
                    child.body,
                    source=source,
                    base_url=child.final_url,
                    content_type=child.header("content-type"),
                    now=now,
                )
            )
        except UrlError as error:
            failures.append(error)
    unread = [error for error in failures if error.kind != "not_a_feed"]
    if not parsed:
        raise _say_why_nothing(base_url, failures, unread)
    return _merge(parsed, unreadable=len(unread))


def is_index(capture: Capture) -> bool:
    """Tell whether an answer is an index of sitemaps: it may stay the same when its children change."""
    try:
        root = _parse_root(capture.body, capture.header("content-type"), capture.final_url)
    except ParseError:
        return False
    return _name_of(root) == "sitemapindex"


def list_children(index: etree._Element, base_url: str) -> tuple[str, ...]:
    """Return the sitemaps of an index that are worth asking for: of the same site, the newest first.

    Args:
        index: the `sitemapindex` element.
        base_url: the address that answered.

    Returns:
        at most five absolute URLs.
    """
    dated = {url: changed_at or _OLDEST for url, changed_at in _read_children(index, base_url).items()}
    return tuple(sorted(dated, key=lambda url: dated[url], reverse=True)[:MAX_CHILDREN])


def read_children(capture: Capture) -> dict[str, datetime | None]:
    """Return all sitemaps of the same site that an index lists, in its order, with when they last changed.

    Raises:
        ParseError: kind not_a_feed, when it is no XML.
    """
    root = _parse_root(capture.body, capture.header("content-type"), capture.final_url)
    return _read_children(root, capture.final_url)


def _read_children(index: etree._Element, base_url: str) -> dict[str, datetime | None]:
    children: dict[str, datetime | None] = {}
    for child in islice(index.iterchildren("{*}sitemap"), MAX_LISTED):
        try:
            url = absolute_url(_text_of(child, "{*}loc"), base_url)
        except UrlError:
            continue
        if url != base_url and is_same_site(host_of(url), host_of(base_url)):
            children.setdefault(url, parse_datetime(_text_of(child, "{*}lastmod")))
    return children


def _say_why_nothing(base_url: str, failures: list[UrlError], unread: list[UrlError]) -> UrlError:
    """Return the error of an index of which no child could be used."""
    if not unread:
        return ParseError(
            base_url, "not_a_feed", f"an index of sitemaps; none of its {len(failures)} newest has news tags"
        )
    first = unread[0]
    detail = f"an index of sitemaps; the newest, {first.url}: {first.detail}"
    if not isinstance(first, FetchError):
        return ParseError(base_url, first.kind, detail)
    return FetchError(
        base_url,
        first.kind,
        detail,
        http_status=first.http_status,
        retry_after_seconds=first.retry_after_seconds,
    )


def _merge(parsed: Iterable[ParsedEntries], unreadable: int) -> ParsedEntries:
    """Return the entries of several sitemaps as of one."""
    entries: dict[str, FeedEntry] = {}
    for one in parsed:
        unreadable += one.unreadable
        for entry in one.entries:
            entries.setdefault(entry.key, entry)
    newest = sorted(entries.values(), key=lambda entry: entry.published_at or _OLDEST, reverse=True)
    return ParsedEntries(entries=tuple(newest[:MAX_ENTRIES]), unreadable=unreadable)


def _parse_root(body: bytes, content_type: str | None, base_url: str) -> etree._Element:
    return _parse_xml(_unpack(body, base_url), content_type, base_url)


def _name_of(root: etree._Element) -> str:
    return str(etree.QName(root).localname).lower()


def _read_urlset(root: etree._Element, source: Source, base_url: str, now: datetime) -> ParsedEntries:
    if (name := _name_of(root)) != "urlset":
        found = "an index of sitemaps" if name == "sitemapindex" else f"the document is <{name}>"
        raise ParseError(base_url, "not_a_feed", f"{found}, not <urlset>")
    urls = list(root.iterchildren("{*}url"))
    items = [item for url in urls if (item := _read_item(url)) is not None]
    if urls and not items:  # without any URL, nothing was published in the days that it covers
        raise ParseError(base_url, "not_a_feed", "a sitemap without news tags")
    items.sort(key=lambda item: item.published_at or _OLDEST, reverse=True)
    return build_entries(items[:MAX_ENTRIES], source=source, base_url=base_url, now=now)


def _unpack(body: bytes, base_url: str) -> bytes:
    if body.startswith(_GZIP):
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, MAX_SITEMAP_BYTES + 1)
        except zlib.error as error:
            raise ParseError(base_url, "not_a_feed", f"gzip: {error}") from None
    if len(body) > MAX_SITEMAP_BYTES:
        raise ParseError(base_url, "too_large", f"a sitemap of more than {MAX_SITEMAP_BYTES} bytes")
    return body


def _parse_xml(body: bytes, content_type: str | None, base_url: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(repair_xml(decode_body(body, content_type)).encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise ParseError(base_url, "not_a_feed", "the document has no XML element")
    if len(root) == 0 and len(parser.error_log):
        raise ParseError(base_url, "not_a_feed", "the document is broken and has no readable item")
    return root


def _read_item(url: etree._Element) -> Item | None:
    """Return the item of a <url>; None when it is not news."""
    news = url.find("{*}news")
    if news is None:
        return None
    location = _text_of(url, "{*}loc")
    return Item(
        links=(location,) if location else (),
        title=_text_of(news, "{*}title"),
        published_at=parse_datetime(_text_of(news, "{*}publication_date")),
        language=_text_of(news, "{*}publication/{*}language"),
    )


def _text_of(element: etree._Element, path: str) -> str:
    found = element.find(path)
    return "".join(found.itertext()).strip() if found is not None else ""
