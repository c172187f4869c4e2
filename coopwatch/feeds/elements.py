"""The elements of a sound feed as feedparser knows them: their names, texts, dates and links."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin

from coopwatch.feeds.items import cut_long_runs

_XML = "{http://www.w3.org/XML/1998/namespace}"
_CORE = (
    "http://backend.userland.com/rss",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://purl.org/atom/ns#",
    "http://www.w3.org/2005/atom",
    "http://purl.org/rss/1.0/modules/rss091#",
)
_PREFIXES = {
    **dict.fromkeys(_CORE, ""),
    "http://purl.org/dc/elements/1.1/": "dc_",
    "http://purl.org/dc/terms/": "dcterms_",
    "http://purl.org/rss/1.0/modules/content/": "content_",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner_",
    "http://search.yahoo.com/mrss": "media_",
    "http://search.yahoo.com/mrss/": "media_",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes_",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf_",
    "http://www.w3.org/1999/xhtml": "xhtml_",
}
_PLAIN_TYPES = frozenset({"text", "plain", "html", "text/plain", "text/html"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_MOJIBAKE = re.compile("[\x80-\x9f]")
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?([0-9]{1,2}) ([A-Z][a-z]{2}) (20[0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) "
    r"(?:GMT|UTC?|Z|([+-][0-9]{2}):?([0-9]{2}))"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO8601 = re.compile(
    r"(20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class Unusual(Exception):  # noqa: N818 - a reason to ask feedparser, no error
    """The feed has something that is not known to be read as feedparser would."""


class Scope(NamedTuple):
    """What an element inherits: the address that links are relative to, and the language."""

    base: str = ""
    language: str = ""
    has_inner_bases: bool = False  # somewhere below the root; feedparser does not always leave them again

    def enter(self, element: Any) -> "Scope":
        """Return the scope inside of an element."""
        base, language = element.get(_XML + "base"), element.get(_XML + "lang", element.get("lang"))
        if element.get("base") is not None or (base and not base.startswith(("http://", "https://"))):
            raise Unusual
        return self._replace(
            base=urljoin(self.base, base) if base else self.base,
            language=self.language if language is None else language,
        )

    def resolve(self, link: str) -> str:
        """Return a link relative to the scope's base."""
        is_relative = link and not _SCHEME.match(link)
        if ":///" in link or (is_relative and self.has_inner_bases):
            raise Unusual  # superfluous slashes would be taken away
        return urljoin(self.base, link)


def name_of(element: Any) -> str:
    """Return the name that feedparser knows an element by."""
    if not (element.tag.isascii() and "".join(element.keys()).isascii()):
        raise Unusual  # lxml allows names that feedparser's parser calls not well-formed
    namespace, _, local = element.tag.rpartition("}")
    known = _PREFIXES.get(namespace[1:].lower()) if namespace else ""
    if known is None:
        known = f"{element.prefix}_" if element.prefix else ""
    return f"{known}{local}".lower()


def read_text(element: Any, *, is_content: bool = False) -> str:
    """Return the text of an element without children, with feedparser's repairs."""
    if len(element):
        raise Unusual
    if is_content and (
        element.get("mode") is not None or element.get("type", "text").lower() not in _PLAIN_TYPES
    ):
        raise Unusual
    text = cut_long_runs((element.text or "").strip())
    if not text.isascii():
        with suppress(UnicodeError):
            text = text.encode("latin-1").decode()
        if _MOJIBAKE.search(text):
            raise Unusual
    return text


def parse_date(text: str) -> datetime | None:
    """Return a date of RFC 822 or RFC 3339 in UTC, cut to whole seconds; None for no text."""
    if not text:
        return None
    if match := _ISO8601.fullmatch(text):
        return datetime.fromisoformat(match[1] + match[2]).astimezone(UTC)
    if (match := _RFC822.fullmatch(text)) and match[2] in _MONTHS:
        day, month, year, hour, minute, second, zone_hours, zone_minutes = match.groups()
        return datetime.fromisoformat(
            f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}T{hour}:{minute}:{second}"
            f"{zone_hours or '+00'}:{zone_minutes or '00'}"
        ).astimezone(UTC)
    raise Unusual
