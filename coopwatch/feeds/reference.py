"""The patient way through any feed, however broken: feedparser, guarded. Its only importer."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice, pairwise
from typing import Any
from xml.sax import SAXException

import feedparser

from coopwatch.entries import MAX_ENTRIES, Item
from coopwatch.errors import ParseError
from coopwatch.feeds.items import XmlFeed, choose_author, choose_links, cut_long_runs, first_text, text_of

# What nobody reads here and feedparser chokes on: it is quadratic in the number of an item's categories,
# and a width that closes twice ends it.
_UNUSED_TAG = re.compile(
    r"(<!\[CDATA\[.*?\]\]>)|<(/?)(?:[\w.-]+:)?(?:category|subject|keywords|tags|width|height)(?=[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_MARK = re.compile(r"<!\[CDATA\[.*?\]\]>|[<&]", re.DOTALL)
_ROOT_CHARS = 5_000  # of a root element with its namespaces

MAX_MARKS = 60_000
"""So many tags and references are read, for each costs feedparser 20 to 40 µs and a hostile feed consists
of nothing else. Of 100 captured feeds two have more, and those are sound. A CDATA section counts as one."""


def read_any_feed(xml: str, base_url: str, *, max_marks: int = MAX_MARKS) -> XmlFeed:
    """Read RSS or Atom, well-formed or not; of a very large one the first part.

    Items that begin somewhere in it and that could not be read are counted.

    Args:
        xml: repaired, from its root element on.
        base_url: for the error.
        max_marks: how many tags and references are read.

    Raises:
        ParseError: not_a_feed, when it is broken and none of its items can be read.
    """
    mark = next(islice(_MARK.finditer(xml), max_marks, None), None)
    readable = cut_long_runs(_UNUSED_TAG.sub(_rename_unused, xml[: mark.start()] if mark else xml))
    try:
        parsed = _run_feedparser(readable)
        is_sound = not isinstance(parsed.get("bozo_exception"), SAXException)
    except Exception:  # noqa: BLE001 - whatever hostile input makes it raise, its items may be readable one by one
        parsed, is_sound = {"feed": {}, "entries": []}, False
    entries, header = parsed["entries"], parsed["feed"]
    if not (entries or is_sound):
        entries = _read_items_alone(readable)
        if not entries:
            raise ParseError(base_url, "not_a_feed", "the feed is broken and has no readable item")
    missing = max(0, count_items(xml) - len(entries))
    language = text_of(header.get("language"))
    items = [_make_item(entry, language) for entry in entries]
    return XmlFeed(items, language, text_of(header.get("ttl")), unreadable=missing)


def count_items(xml: str) -> int:
    """Return how many items begin in a repaired document."""
    return sum(1 for _ in _ITEM.finditer(_CDATA.sub("", xml)))


def _rename_unused(match: re.Match[str]) -> str:
    return match[1] or f"<{match[2]}unused"


def _run_feedparser(xml: str) -> Any:
    # A stream, because feedparser opens files named like a text it is given. No address, because it
    # would make links of guids that are none.
    stream = BytesIO(f'<?xml version="1.0" encoding="utf-8"?>{xml}'.encode())
    return feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)


def _read_items_alone(xml: str) -> list[Any]:
    """Read the items of a feed that feedparser cannot read as a whole, as far as each can be read."""
    root = xml[: xml.find(">") + 1][:_ROOT_CHARS]
    starts = [match.start() for match in islice(_ITEM.finditer(xml), MAX_ENTRIES)]
    entries: list[Any] = []
    for start, end in pairwise([*starts, len(xml)]):
        with suppress(Exception):  # as above; what is missing in the end is counted
            entries += _run_feedparser(root + xml[start:end])["entries"]
    return entries


def _make_item(entry: Mapping[str, Any], feed_language: str) -> Item:
    guid = text_of(entry.get("id"))
    is_permalink = entry.get("guidislink", True) or entry.get("link") == ""
    bodies = [entry.get("summary"), *(content.get("value") for content in _mappings(entry.get("content")))]
    title_languages = [title.get("language") for title in _mappings([entry.get("title_detail")])]
    language = first_text(entry.get("language"), *title_languages)
    return Item(
        guid=guid,
        links=choose_links(
            text_of(entry.get("feedburner_origlink")),
            _mappings(entry.get("links")),
            guid if is_permalink else "",
        ),
        title=text_of(entry.get("title")),
        body=first_text(*bodies),
        published_at=_first_date(entry),
        author=choose_author(
            (text_of(author.get("name")) for author in _mappings(entry.get("authors"))),
            text_of(entry.get("author")),
        ),
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


def _mappings(values: object) -> list[Mapping[str, Any]]:
    """Return the mappings of a list; an element may give any name any other type of value."""
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []
