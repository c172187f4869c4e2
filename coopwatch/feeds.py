"""Feed bytes to entries: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. The only importer of feedparser."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice, pairwise
from typing import Any, NamedTuple
from xml.sax import SAXException

import feedparser

from coopwatch.entries import MAX_ENTRIES, Item, build_entries, parse_datetime
from coopwatch.errors import ParseError
from coopwatch.markup import decode_body, repair_xml
from schemas.records import ParsedEntries, Source

MAX_FEED_BYTES = 10_000_000  # feedparser needs about a second for it, and far more when it is broken
MAX_TTL = timedelta(days=7)

_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed)(?=[\s/>])", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body)(?=[\s/>])", re.IGNORECASE)
_MAIL_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
_UNUSED_TAG = re.compile(
    r"<(/?)(?:[\w.-]+:)?(?:category|subject|keywords|tags|width|height)(?=[\s>/])", re.IGNORECASE
)
_LONG_RUN = re.compile(r"([A-Za-z0-9_.+-]{1024})[A-Za-z0-9_.+-]+")
_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_ROOT_CHARS = 5_000  # of a root element with its namespaces
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
        feed = _load_json_feed(text, base_url)
        rows = [row for row in feed["items"] if isinstance(row, dict)]
        return build_entries(
            [_item_from_json(row) for row in rows],
            source=source,
            base_url=base_url,
            now=now,
            language=_text(feed.get("language")),
            unreadable=len(feed["items"]) - len(rows),
        )
    parsed = _parse_xml_feed(text, base_url)
    language = _text(parsed.header.get("language"))
    return build_entries(
        [_item_from_xml(entry, language) for entry in parsed.entries],
        source=source,
        base_url=base_url,
        now=now,
        language=language,
        ttl=_ttl(_text(parsed.header.get("ttl"))),
        unreadable=parsed.unreadable,
    )


class _XmlFeed(NamedTuple):
    header: Mapping[str, Any]
    entries: list[Any]
    unreadable: int


def _parse_xml_feed(text: str, base_url: str) -> _XmlFeed:
    # Hidden from feedparser: what nobody reads here and it chokes on (it is quadratic in the number of
    # an item's categories, and a width that closes twice ends it), and words that are longer than a
    # link or name, in which its search for mail addresses is quadratic.
    xml = _LONG_RUN.sub(r"\1", _UNUSED_TAG.sub(r"<\1unused", repair_xml(text)))
    root = _ROOT.search(xml, 0, _ROOT_WITHIN)
    page = _PAGE.search(xml, 0, _ROOT_WITHIN)
    if root is None or (page is not None and page.start() < root.start()):
        first_tag = re.match(r"<([\w:.-]{1,40})", xml)
        found = f"the document is <{first_tag[1]}>" if first_tag else "the document has no element"
        raise ParseError(base_url, "not_a_feed", f"{found}, not RSS, Atom or JSON Feed")
    xml = xml[root.start() :]
    try:
        parsed = _run_feedparser(xml)
    except Exception:  # noqa: BLE001 - whatever hostile input makes it raise, its items may be readable one by one
        return _parse_items_alone(xml, base_url)
    if not parsed["entries"] and isinstance(parsed.get("bozo_exception"), SAXException):
        return _parse_items_alone(xml, base_url)
    return _XmlFeed(parsed["feed"], parsed["entries"], unreadable=0)


def _run_feedparser(xml: str) -> Any:
    # A stream, because feedparser opens files named like a text it is given. No address, because it
    # would make links of guids that are none.
    stream = BytesIO(f'<?xml version="1.0" encoding="utf-8"?>{xml}'.encode())
    return feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)


def _parse_items_alone(xml: str, base_url: str) -> _XmlFeed:
    """Read the items of a feed that feedparser cannot read as a whole; count those that it cannot."""
    root = xml[: xml.find(">") + 1][:_ROOT_CHARS]
    starts = [match.start() for match in islice(_ITEM.finditer(xml), MAX_ENTRIES)]
    entries: list[Any] = []
    unreadable = 0
    for start, end in pairwise([*starts, len(xml)]):
        try:
            entries += _run_feedparser(root + xml[start:end])["entries"]
        except Exception:  # noqa: BLE001 - as above
            unreadable += 1
    if not entries:
        raise ParseError(base_url, "not_a_feed", "the feed is broken and has no readable item")
    return _XmlFeed({}, entries, unreadable)


def _item_from_xml(entry: Mapping[str, Any], feed_language: str) -> Item:
    links = [link for link in _mappings(entry.get("links")) if link.get("rel") == "alternate"]
    links.sort(key=lambda link: link.get("type") not in ("text/html", "application/xhtml+xml"))
    guid = _text(entry.get("id"))
    is_permalink = entry.get("guidislink", True) or entry.get("link") == ""
    bodies = [entry.get("summary"), *(content.get("value") for content in _mappings(entry.get("content")))]
    title_languages = [title.get("language") for title in _mappings([entry.get("title_detail")])]
    language = _first_text(entry.get("language"), *title_languages)
    return Item(
        guid=guid,
        links=tuple(
            filter(
                None,
                (
                    _text(entry.get("feedburner_origlink")),  # the address behind the redirect
                    *(_text(link.get("href")) for link in links),
                    guid if is_permalink and guid.startswith(("http://", "https://")) else "",
                ),
            )
        ),
        title=_text(entry.get("title")),
        body=_first_text(*bodies),
        published_at=_first_date(entry),
        author=_author(entry),
        language=language if language != feed_language else "",  # inherited, not said of the entry
    )


def _first_date(entry: Mapping[str, Any]) -> datetime | None:
    """Return the date of publication, else of creation, else of the last change."""
    dates = dict(entry)  # the methods of feedparser's own dictionary confuse the three
    for field in ("published_parsed", "created_parsed", "updated_parsed"):
        try:
            year, month, day, hour, minute, second = dates[field][:6]
            return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        except (KeyError, TypeError, ValueError):  # absent, unreadable, or an element of that name
            continue
    return None


def _author(entry: Mapping[str, Any]) -> str:
    """Return the names of the authors, without their mail addresses."""
    names = [name for author in _mappings(entry.get("authors")) if (name := _text(author.get("name")))]
    written = _text(entry.get("author"))[:300]
    if len(names) == 1 and "@" in written:  # feedparser takes an address apart at the wrong place
        return _MAIL_ADDRESS.sub("", written).strip(" ()<>,")
    return ", ".join(names) or written


def _ttl(minutes: str) -> timedelta | None:
    if not re.fullmatch(r"[0-9]{1,7}", minutes.strip()):
        return None
    return min(timedelta(minutes=int(minutes)), MAX_TTL) or None


def _load_json_feed(text: str, base_url: str) -> dict[str, Any]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            base_url, "not_a_feed", f"neither a feed nor readable JSON: {type(error).__name__}"
        ) from None
    if "jsonfeed.org/version/" not in _text(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise ParseError(base_url, "not_a_feed", "a JSON document, but no JSON Feed")
    return dict(feed)


def _item_from_json(row: dict[str, Any]) -> Item:
    guid = row.get("id")
    authors = row.get("authors") or [row.get("author")]  # version 1.1, version 1
    names = (
        [_text(a.get("name")) for a in authors if isinstance(a, dict)] if isinstance(authors, list) else []
    )
    links = [_text(row.get("url")), _text(row.get("external_url"))]
    if isinstance(guid, str) and guid.startswith(("http://", "https://")):
        links.append(guid)
    return Item(
        guid=str(guid) if isinstance(guid, str | int | float) else "",
        links=tuple(filter(None, links)),
        title=_text(row.get("title")),
        body=_first_text(row.get("summary"), row.get("content_text"), row.get("content_html")),
        published_at=parse_datetime(_first_text(row.get("date_published"), row.get("date_modified"))),
        author=", ".join(filter(None, names)),
        language=_text(row.get("language")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _first_text(*values: object) -> str:
    return next(filter(None, map(_text, values)), "")


def _mappings(values: object) -> list[Mapping[str, Any]]:
    """Return the mappings of a list; an element may give any name any other type of value."""
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []
