"""One item of a sound feed, read as feedparser reads it: flat, in the order of its elements."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from coopwatch.entries import Item
from coopwatch.feeds.elements import Scope, Unusual, name_of, parse_date, read_text
from coopwatch.feeds.items import MAX_WRITTEN_CHARS, choose_author, choose_links, cut_long_runs, first_text

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
ITEMS = frozenset({"item", "entry"})
CONTENTS = frozenset({"content", "content_encoded", "fullitem"})
SUMMARIES = frozenset({"summary", "itunes_summary"})
BODIES = CONTENTS | SUMMARIES | {"description", "dc_description", "media_description"}
_AUTHORS = frozenset({"author", "dc_author", "dc_creator", "itunes_author", "managingeditor"})
_DATES = {
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms_issued"), "published"),
    **dict.fromkeys(("created", "dcterms_created"), "created"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), "updated"),
}
# They give names of feedparser's own another value, or open a scope in which other rules hold.
_UNUSUAL = re.compile(
    r"rss|channel|feed|textinput|body|abstract|svg|math|where|links|authors|guidislink|entries"
    r"|\w+_(?:parsed|detail)|(?:xhtml|psc|gml)_\w+"
)
_HTML_TYPES = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")


class ItemReading:
    """What feedparser remembers of an item, element by element."""

    def __init__(self, item: Any, scope: Scope) -> None:
        self.values: dict[str, str] = {}
        self.depths: dict[str, int] = {}
        self.links: list[dict[str, str]] = []
        self.contents: list[str] = []
        self.authors: list[tuple[str, str]] = []  # written, name
        self.dates: dict[str, datetime | None] = {}
        self.is_permalink: bool | None = None
        self.has_content = self.has_plain_author = self.has_author_parts = False
        self.title_depth = -1
        self.title_language = ""
        for name, value in item.attrib.items():
            if name in ("href", "lastmod") or (name.endswith("}about") and name != _ABOUT):
                raise Unusual
            if name == _ABOUT and value:
                self.values["id"] = value
        self._read_children(item, scope, 1)

    def finish(self, feed_language: str) -> Item:
        """Return the item; a language that it shares with its feed is not its own."""
        values = self.values
        guid = values.get("id", "")
        is_permalink = self.is_permalink is not False or values.get("link") == ""
        language = values.get("language", "") or self.title_language
        return Item(
            guid=guid,
            links=choose_links(values.get("origlink", ""), self.links, guid if is_permalink else ""),
            title=values.get("title", ""),
            body=first_text(values.get("summary", ""), *self.contents),
            published_at=next(filter(None, map(self.dates.get, ("published", "created", "updated"))), None),
            author=self._choose_author(),
            language=language if language != feed_language else "",
        )

    def _choose_author(self) -> str:
        authors = [author for author in self.authors if author[0]]
        # With several authors, feedparser mixes up the names of those written in parts or with addresses.
        is_mixed = len(self.authors) > 1 and (
            self.has_plain_author == self.has_author_parts
            or any("@" in written or not name for written, name in authors)
        )
        if is_mixed or any(len(written) > MAX_WRITTEN_CHARS for written, _ in authors):
            raise Unusual
        return choose_author([name for _, name in authors], authors[-1][0] if authors else "")

    def _read_children(self, parent: Any, scope: Scope, depth: int) -> None:
        for element in parent:
            name = name_of(element)
            if name in ITEMS or _UNUSUAL.fullmatch(name):
                raise Unusual
            if read := _READERS.get(name):
                read(self, element, name, scope.enter(element), depth)
            else:
                self._read_children(element, scope.enter(element), depth + 1)

    def _put(self, name: str, value: str, depth: int) -> None:
        if depth <= self.depths.get(name, depth):
            self.depths[name] = depth
            self.values[name] = value

    def _read_title(self, element: Any, name: str, scope: Scope, depth: int) -> None:
        text = read_text(element, is_content=True)
        if not -1 < self.title_depth <= depth:
            self._put("title", text, depth)
            self.title_language = scope.language.replace("_", "-")
        if text and name != "media_title":
            self.title_depth = depth

    def _read_body(self, element: Any, name: str, _: Scope, depth: int) -> None:
        text = read_text(element, is_content=True)
        if name in CONTENTS or ("summary" in self.values and not self.has_content):
            self.has_content = True
            self.contents.append(text)
            self.values.setdefault("summary", text)
        else:
            self._put("summary", text, depth)

    def _read_link(self, element: Any, _name: str, scope: Scope, _depth: int) -> None:
        attributes = {name.lower(): value for name, value in element.attrib.items()}
        rel = attributes.get("rel", "alternate").lower()
        kind = attributes.get("type", "application/atom+xml" if rel == "self" else "text/html").lower()
        given = [attributes[name] for name in ("url", "uri", "href") if name in attributes]
        if not all(given):
            raise Unusual
        if given:
            href = scope.resolve(cut_long_runs(given[0]))
        else:
            href = _REFERENCE.sub(r"&\1", scope.resolve(read_text(element)).replace("&amp;", "&"))
        if not given or (rel == "alternate" and kind in _HTML_TYPES):
            self.values["link"] = href
        self.links.append({"rel": rel, "type": kind, "href": href})

    def _read_guid(self, element: Any, _name: str, scope: Scope, depth: int) -> None:
        attributes = {name.lower(): value for name, value in element.attrib.items()}
        is_permalink = attributes.get("ispermalink", "true") == "true"
        text = read_text(element)
        if is_permalink and text:
            text = scope.resolve(text)
        self._put("id", text, depth)
        if self.is_permalink is None:
            self.is_permalink = is_permalink and "link" not in self.values
        if is_permalink:
            self.values.setdefault("link", text)

    def _read_author(self, element: Any, *_: object) -> None:
        parts = {}
        for child in element:
            if len(child) or name_of(child) in _AUTHORS:
                raise Unusual
            parts[name_of(child)] = (child.text or "").strip()
        name, email = parts.get("name", ""), parts.get("email", "")
        if parts:
            self.has_author_parts = True
        else:
            self.has_plain_author = True
            name = read_text(element)
        self.authors.append((f"{name} ({email})" if name and email else name or email, name))

    def _read_date(self, element: Any, name: str, *_: object) -> None:
        self.dates[_DATES[name]] = parse_date(read_text(element))

    def _read_value(self, element: Any, name: str, _: Scope, depth: int) -> None:
        if element.attrib and name == "feedburner_origlink":
            raise Unusual
        self._put(name.rpartition("_")[2], read_text(element), depth)

    def _read_nothing(self, element: Any, *_: object) -> None:
        if len(element):
            raise Unusual
        self.title_depth = -1


_READERS: Mapping[str, Callable[[ItemReading, Any, str, Scope, int], None]] = {
    **dict.fromkeys(("title", "dc_title", "media_title"), ItemReading._read_title),
    **dict.fromkeys(BODIES, ItemReading._read_body),
    **dict.fromkeys(_AUTHORS, ItemReading._read_author),
    **dict.fromkeys(_DATES, ItemReading._read_date),
    **dict.fromkeys(("language", "dc_language", "feedburner_origlink"), ItemReading._read_value),
    **dict.fromkeys(("guid", "id"), ItemReading._read_guid),
    **dict.fromkeys(("image", "source"), ItemReading._read_nothing),
    "link": ItemReading._read_link,
}
