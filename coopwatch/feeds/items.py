"""What both readers of XML feeds share: their result, and how an item's parts are chosen."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from coopwatch.entries import Item

# Words longer than any link or name are cut: in them feedparser's search for mail addresses is quadratic.
_LONG_RUN = re.compile(r"(?<![A-Za-z0-9_.+-])([A-Za-z0-9_.+-]{1024})[A-Za-z0-9_.+-]+")
_BLOCK_CHARS = 512  # every longer run has a whole block of it
_BLOCK = re.compile(r"[A-Za-z0-9_.+-]{512}")
_MAIL_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")

MAX_WRITTEN_CHARS = 300  # of an author; addresses are looked for in them


class XmlFeed(NamedTuple):
    """The items of a feed, and what it says of itself."""

    items: list[Item]
    language: str = ""
    ttl: str = ""
    unreadable: int = 0


def cut_long_runs(text: str) -> str:
    """Return the text with every run of more than 1,024 letters, digits and `_.+-` cut to that."""
    if any(_BLOCK.match(text, at) for at in range(0, len(text), _BLOCK_CHARS)):
        return _LONG_RUN.sub(r"\1", text)
    return text


def choose_links(origin: str, links: Iterable[Mapping[str, Any]], guid: str) -> tuple[str, ...]:
    """Return the links of an item, best first.

    Args:
        origin: the address behind a feed service's redirect.
        links: with href, rel and type.
        guid: if it may be a link.
    """
    alternates = [link for link in links if link.get("rel") == "alternate"]
    alternates.sort(key=lambda link: link.get("type") not in ("text/html", "application/xhtml+xml"))
    hrefs = (text_of(link.get("href")) for link in alternates)
    return tuple(filter(None, (origin, *hrefs, guid if guid.startswith(("http://", "https://")) else "")))


def choose_author(names: Iterable[str], written: str) -> str:
    """Return the names of the authors, without their mail addresses.

    Args:
        names: of all authors, as far as they could be told from addresses.
        written: what the last of them is written as.
    """
    found = [name for name in names if name]
    written = written[:MAX_WRITTEN_CHARS]
    if len(found) <= 1 and "@" in written:  # feedparser takes an address apart at the wrong place
        return _MAIL_ADDRESS.sub("", written).strip(" ()<>,")
    return ", ".join(found) or written


def text_of(value: object) -> str:
    """Return a text, or nothing for what is none."""
    return value if isinstance(value, str) else ""


def first_text(*values: object) -> str:
    """Return the first text that is not empty."""
    return next(filter(None, map(text_of, values)), "")
