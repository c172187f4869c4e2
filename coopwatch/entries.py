"""What feeds, sitemaps and listing pages have in common: items become entries.

A reader of one format yields `Item`s as written; which link is used, what identifies an item and
what of its text is kept is decided here, once for all formats.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from coopwatch.errors import UrlError
from coopwatch.identity import hash_text
from coopwatch.markup import clean_text, plain_text
from coopwatch.urls import absolute_url, compare_url
from schemas.records import FeedEntry, ParsedEntries, Record, Source

MAX_ENTRIES = 2000
MAX_TITLE_CHARS = 1000
MAX_SUMMARY_CHARS = 2000
MAX_BODY_CHARS = 5_000  # of it, so much goes into the hash that tells items apart
MAX_AUTHOR_CHARS = 200
MAX_KEY_CHARS = 300  # a longer guid is hashed

_EARLIEST_YEAR = 1990  # what is older is the default of a broken clock or template
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}))?(?:[-_].*)?")


class Item(Record):
    """One item as its document has it: texts may be HTML, links may be relative or no links at all."""

    guid: str = ""
    links: tuple[str, ...] = ()  # best first
    title: str = ""
    body: str = ""
    published_at: datetime | None = None
    author: str = ""
    language: str = ""


class _Readable(NamedTuple):
    item: Item
    guid: str
    url: str
    compare_url: str
    title: str
    body: str
    content: str  # hash of title and body

    @property
    def key_candidates(self) -> tuple[str, ...]:
        return (self.guid, self.compare_url) if self.guid else (self.compare_url,)


def build_entries(
    items: Iterable[Item],
    *,
    source: Source,
    base_url: str,
    now: datetime,
    language: str = "",
    ttl: timedelta | None = None,
    unreadable: int = 0,
) -> ParsedEntries:
    """Turn the items of one document into entries, in the document's order.

    An item's key is its guid, else its link, else the hash of its title and body: the first of them
    that no different item of the document has as well. Items that agree in all three are one entry.

    Args:
        items: in the order of the document; what exceeds 2,000 is counted as unreadable.
        source: where the document came from; its language goes before the document's own.
        base_url: what relative links are relative to.
        now: a date more than a day after it is taken for a mistake and dropped.
        language: what the document says of itself.
        ttl: handed through.
        unreadable: items that the reader had to give up already.
    """
    readable: list[_Readable] = []
    for number, item in enumerate(items):
        found = _read(item, source, base_url) if number < MAX_ENTRIES else None
        if found is None:
            unreadable += 1
        else:
            readable.append(found)

    bearers: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in readable:
        for candidate in one.key_candidates:
            bearers[candidate].add((one.compare_url, one.content))
    entries: dict[str, FeedEntry] = {}
    for one in readable:
        key = next((name for name in one.key_candidates if len(bearers[name]) == 1), one.content)
        if key not in entries:
            entries[key] = FeedEntry(
                source_id=source.id,
                key=key,
                url=one.url,
                compare_url=one.compare_url,
                title=one.title,
                summary=one.body[:MAX_SUMMARY_CHARS].rstrip(),
                published_at=_believable(one.item.published_at, now),
                author=plain_text(one.item.author, MAX_AUTHOR_CHARS) or None,
                language=_language(one.item.language) or source.language or _language(language),
            )
    return ParsedEntries(entries=tuple(entries.values()), unreadable=unreadable, ttl=ttl)


def parse_datetime(text: str) -> datetime | None:
    """Read an ISO 8601 date or date and time; what names no zone is taken for UTC.

    Returns:
        An aware datetime in UTC; midnight for a mere date; None for anything else.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _read(item: Item, source: Source, base_url: str) -> _Readable | None:
    """Return what can be kept of an item; None when none of its links can be fetched."""
    for link in item.links:
        try:
            url = absolute_url(link, base_url)
            comparable = compare_url(url, feed_url=source.url)
        except UrlError:
            continue
        guid = clean_text(item.guid[: 10 * MAX_KEY_CHARS])
        title = plain_text(item.title, MAX_TITLE_CHARS)
        body = plain_text(item.body, MAX_BODY_CHARS)
        return _Readable(
            item=item,
            guid=guid if len(guid) <= MAX_KEY_CHARS else hash_text(guid, length=32),
            url=url,
            compare_url=comparable,
            title=title,
            body=body,
            content=hash_text(title, body, length=32),
        )
    return None


def _believable(moment: datetime | None, now: datetime) -> datetime | None:
    if moment is None or moment.year < _EARLIEST_YEAR or moment > now + timedelta(days=1):
        return None
    return moment


def _language(tag: str) -> str | None:
    match = _LANGUAGE.fullmatch(tag.strip())
    if match is None:
        return None
    return match[1].lower() + (f"-{match[2]}" if match[2] else "")
