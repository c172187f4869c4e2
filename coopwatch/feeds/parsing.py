"""Which format a feed has, by its content, and what its entries are."""

import re
from datetime import datetime, timedelta

from coopwatch.entries import build_entries
from coopwatch.errors import ParseError
from coopwatch.feeds.items import XmlFeed
from coopwatch.feeds.json_feed import read_json_feed
from coopwatch.feeds.strict import Unusual, read_sound_feed
from coopwatch.markup import decode_body, repair_xml
from schemas.records import ParsedEntries, Source

MAX_FEED_BYTES = 10_000_000
MAX_TTL = timedelta(days=7)

_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed)(?=[\s/>])", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body)(?=[\s/>])", re.IGNORECASE)
_ROOT_WITHIN = 65_536  # warnings of a web server may stand before a feed, but not without end


def parse_feed(
    body: bytes, *, source: Source, base_url: str, content_type: str | None, now: datetime
) -> ParsedEntries:
    """Read a feed of any format, told by its content and not by what it is labelled as.

    Nothing is fetched and no entity that the document declares is expanded. A broken feed yields
    the entries that can be read; what is there and has no usable link is counted.

    Args:
        body: the bytes as they came, content encoding undone.
        source: where they came from.
        base_url: the address that answered; relative links are relative to it.
        content_type: the Content-Type header, if there was one.
        now: dates more than a day after it are dropped.

    Raises:
        ParseError: kind not_a_feed, when the body is no feed at all (a page served with status
            200, for instance); kind too_large above 10 million bytes.
    """
    if len(body) > MAX_FEED_BYTES:
        raise ParseError(
            base_url, "too_large", f"a feed of {len(body)} bytes, at most {MAX_FEED_BYTES} are read"
        )
    text = decode_body(body, content_type)
    if text.lstrip().startswith("{"):
        items, language, unreadable = read_json_feed(text, base_url)
        ttl = ""
    else:
        items, language, ttl, unreadable = read_xml_feed(text, base_url)
    return build_entries(
        items,
        source=source,
        base_url=base_url,
        now=now,
        language=language,
        ttl=_read_ttl(ttl),
        unreadable=unreadable,
    )


def read_xml_feed(text: str, base_url: str) -> XmlFeed:
    """Read RSS or Atom: fast where it is sound, else by feedparser.

    Raises:
        ParseError: not_a_feed.
    """
    xml = find_root(repair_xml(text), base_url)
    try:
        return read_sound_feed(xml)
    except Unusual:
        from coopwatch.feeds.reference import read_any_feed  # feedparser, which few feeds need

        return read_any_feed(xml, base_url)


def find_root(xml: str, base_url: str) -> str:
    """Return the document from the root element of a feed on.

    Raises:
        ParseError: not_a_feed, if it has none.
    """
    root = _ROOT.search(xml, 0, _ROOT_WITHIN)
    page = _PAGE.search(xml, 0, _ROOT_WITHIN)
    if root is None or (page is not None and page.start() < root.start()):
        first_tag = re.match(r"<([\w:.-]{1,40})", xml)
        found = f"the document is <{first_tag[1]}>" if first_tag else "the document has no element"
        raise ParseError(base_url, "not_a_feed", f"{found}, not RSS, Atom or JSON Feed")
    return xml[root.start() :]


def _read_ttl(minutes: str) -> timedelta | None:
    if not re.fullmatch(r"[0-9]{1,7}", minutes.strip()):
        return None
    return min(timedelta(minutes=int(minutes)), MAX_TTL) or None
