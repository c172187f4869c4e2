"""The article that a page describes in JSON-LD, in the vocabulary of schema.org."""

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

from coopwatch.markup import plain_text
from schemas.records import Record

MAX_SCRIPT_CHARACTERS = 1_000_000
MAX_NODES = 5_000
MAX_NAME_CHARACTERS = 500
MAX_AUTHORS = 20

_ARTICLE_TYPES = frozenset({"blogposting", "liveblogposting", "report", "pressrelease"})
_PAGE_TYPES = frozenset({"webpage"})


class LinkedArticle(Record):
    """What JSON-LD says of an article; empty where it says nothing."""

    headline: str = ""
    published: str = ""  # as written
    authors: tuple[str, ...] = ()
    publisher: str = ""
    language: str = ""


def read_linked_article(tree: Any) -> LinkedArticle:
    """Return the first article that the page describes; failing that, what it says of the page.

    Args:
        tree: the page as parsed by lxml.
    """
    page = LinkedArticle()
    for node in _walk_nodes(tree):
        types = {str(name).lower() for name in _as_list(node.get("@type"))}
        if types & _ARTICLE_TYPES or any(name.endswith("article") for name in types):
            return _read_node(node)
        if types & _PAGE_TYPES and page == LinkedArticle():
            page = _read_node(node)
    return page


def _read_node(node: dict[str, Any]) -> LinkedArticle:
    authors = (
        name
        for author in _as_list(node.get("author") or node.get("creator"))
        for name in _person_names(author)
    )
    return LinkedArticle(
        headline=_name_of(node.get("headline") or node.get("name")),
        published=_name_of(node.get("datePublished") or node.get("dateCreated")),
        authors=tuple(authors)[:MAX_AUTHORS],
        publisher=_name_of(node.get("publisher")),
        language=_name_of(node.get("inLanguage")),
    )


def _walk_nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of all JSON-LD scripts, outermost first, within a bound."""
    waiting: deque[Any] = deque()
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" in (script.get("type") or "").lower() and len(text) <= MAX_SCRIPT_CHARACTERS:
            try:
                waiting.append(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue
    for _ in range(MAX_NODES):
        if not waiting:
            return
        node = waiting.popleft()
        if isinstance(node, list):
            waiting.extendleft(reversed(node))
        elif isinstance(node, dict):
            yield node
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name_of(value: Any) -> str:
    """Return the text of a value that may be a text, an object with a name, or a list of these."""
    value = next(iter(_as_list(value)), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("alternateName") or value.get("@value")
    return plain_text(value, MAX_NAME_CHARACTERS) if isinstance(value, str) else ""


def _person_names(author: Any) -> Iterator[str]:
    if isinstance(author, dict) and author.get("@type") == "Organization":
        return
    names = author.get("name") if isinstance(author, dict) else author
    yield from (plain_text(name, MAX_NAME_CHARACTERS) for name in _as_list(names) if isinstance(name, str))
