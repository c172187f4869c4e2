"""News sitemaps to entries: a `urlset` whose URLs carry news tags.

Format: https://www.sitemaps.org/protocol.html with the extension
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.
"""

import zlib
from datetime import UTC, datetime

from lxml import etree

from coopwatch.entries import MAX_ENTRIES, Item, build_entries, parse_datetime
from coopwatch.errors import ParseError
from coopwatch.markup import decode_body, repair_xml
from schemas.records import ParsedEntries, Source

MAX_SITEMAP_BYTES = 20_000_000  # unpacked; the protocol allows 50 MB, a news sitemap holds 1,000 URLs

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
    root = _parse_xml(_unpack(body, base_url), content_type, base_url)
    name = etree.QName(root).localname.lower()
    if name == "sitemapindex":
        raise ParseError(base_url, "not_a_feed", "an index of sitemaps; name one of the sitemaps it lists")
    if name != "urlset":
        raise ParseError(base_url, "not_a_feed", f"the document is <{name}>, not <urlset>")
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
