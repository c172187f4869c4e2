"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

import json
from typing import Any, NamedTuple

from coopwatch.entries import Item, parse_datetime
from coopwatch.errors import ParseError
from coopwatch.feeds.items import first_text, text_of


class JsonFeed(NamedTuple):
    """The items of a feed, and what it says of itself."""

    items: list[Item]
    language: str
    unreadable: int


def read_json_feed(text: str, base_url: str) -> JsonFeed:
    """Read a JSON Feed; an item that is no object is counted as unreadable.

    Raises:
        ParseError: not_a_feed.
    """
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            base_url, "not_a_feed", f"neither a feed nor readable JSON: {type(error).__name__}"
        ) from None
    rows = feed.get("items")
    if "jsonfeed.org/version/" not in text_of(feed.get("version")) or not isinstance(rows, list):
        raise ParseError(base_url, "not_a_feed", "a JSON document, but no JSON Feed")
    items = [_read_item(row) for row in rows if isinstance(row, dict)]
    return JsonFeed(items, text_of(feed.get("language")), len(rows) - len(items))


def _read_item(row: dict[str, Any]) -> Item:
    guid = row.get("id")
    authors = row.get("authors") or [row.get("author")]  # version 1.1, version 1
    names = (
        [text_of(a.get("name")) for a in authors if isinstance(a, dict)] if isinstance(authors, list) else []
    )
    links = [text_of(row.get("url")), text_of(row.get("external_url"))]
    if isinstance(guid, str) and guid.startswith(("http://", "https://")):
        links.append(guid)
    return Item(
        guid=str(guid) if isinstance(guid, str | int | float) else "",
        links=tuple(filter(None, links)),
        title=text_of(row.get("title")),
        body=first_text(row.get("summary"), row.get("content_text"), row.get("content_html")),
        published_at=parse_datetime(first_text(row.get("date_published"), row.get("date_modified"))),
        author=", ".join(filter(None, names)),
        language=text_of(row.get("language")),
    )
