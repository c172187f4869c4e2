"""Which addresses a list, a sitemap or the archive of a feed names, as entries of the inbox."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from coopwatch.entries import parse_datetime
from coopwatch.errors import ConfigError, ParseError, UrlError
from coopwatch.feeds import parse_feed
from coopwatch.markup import decode_body, repair_xml
from coopwatch.metadata import is_same_site
from coopwatch.sitemaps import is_index, parse_sitemap, read_children
from coopwatch.urls import absolute_url, compare_url, host_of
from coopwatch.wording import word_fault
from schemas.records import Capture, FeedEntry, Source

MAX_PAGES = 50  # of the archive of a feed
ROWS = 1_000  # of a list that are put into the inbox at once

Get = Callable[[str], Capture]

_ATOM = "{http://www.w3.org/2005/Atom}link"
_EARLIER = ("prev-archive", "next")  # RFC 5005: of an archived feed, of a paged one
_PERIOD = re.compile(r"(20\d\d)[-_/]?(0[1-9]|1[0-2])(?!\d)")


class Period(NamedTuple):
    """From a time on, up to another one; without one it is open on that side."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime | None) -> bool:
        """Tell whether a time lies within; one that is not known does only where all times do."""
        if moment is None:
            return self == (None, None)
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


class Listed(NamedTuple):
    """Entries that were found in one document, and what of it was left out, by kind of reason.

    `position` is where to go on in a list.
    """

    entries: tuple[FeedEntry, ...]
    left_out: dict[str, int]
    position: int = 0


def read_list(path: Path, source: Source, position: int, period: Period) -> Iterator[Listed]:
    """Yield the addresses of a CSV file with a column `url`, and perhaps `date`, some rows at a time.

    Args:
        path: the file, UTF-8.
        source: of the entries.
        position: rows that were read before.
        period: of the dates that are wanted, where there is such a column.

    Raises:
        ConfigError: it cannot be read, or has no such column.
    """
    with _open_list(path) as rows:
        has_dates = "date" in (rows.fieldnames or ())
        remaining = islice(rows, position, None)
        while some := list(islice(remaining, ROWS)):
            position += len(some)
            yield _read_rows(some, source, period if has_dates else Period(), position)


def check_list(path: Path) -> None:
    """Look whether a file is a list, by its head.

    Raises:
        ConfigError: it cannot be read, or has no column `url`.
    """
    with _open_list(path):
        pass


def walk_sitemap(url: str, source: Source, period: Period, get: Get, now: datetime) -> Iterator[Listed]:
    """Yield the articles of a news sitemap, or of those of an index that may hold some of a period.

    A sitemap of an index is passed over if it last changed before the period, or has a month in its name
    that lies outside it. One that cannot be read is left out. An index inside an index is not followed.

    Args:
        url: of the sitemap.
        source: of the entries.
        period: of the articles.
        get: fetches one URL, and raises FetchError.
        now: the time of the run.

    Raises:
        UrlError: the sitemap itself cannot be fetched or read.
    """
    capture = get(url)
    if not is_index(capture):
        yield _read_sitemap(capture, source, period, now)
        return
    for child, changed_at in read_children(capture).items():
        if not may_hold(child, changed_at, period):
            continue
        try:
            yield _read_sitemap(get(child), source, period, now)
        except UrlError as error:
            yield Listed((), {f"sitemap: {error.kind}": 1})


def may_hold(url: str, changed_at: datetime | None, period: Period) -> bool:
    """Tell whether a sitemap may list articles of a period, by when it changed and by its name."""
    if changed_at is not None and period.since is not None and changed_at < period.since:
        return False
    named = _PERIOD.search(url)
    if named is None:
        return True
    first = datetime(int(named[1]), int(named[2]), 1, tzinfo=UTC)
    after = (first + timedelta(days=32)).replace(day=1)
    return (period.since is None or after > period.since) and (period.until is None or first < period.until)


def walk_feed(source: Source, period: Period, get: Get, now: datetime) -> Iterator[Listed]:
    """Yield the entries of a feed and of its archive (RFC 5005), back to the beginning of a period.

    Raises:
        UrlError: the feed cannot be fetched or read, or has no archive: kind not_a_feed.
    """
    url: str | None = source.url
    seen: set[str] = set()
    while url and url not in seen and len(seen) < MAX_PAGES:
        seen.add(url)
        capture = get(url)
        parsed = parse_feed(
            capture.body,
            source=source,
            base_url=capture.final_url,
            content_type=capture.header("content-type"),
            now=now,
        )
        url = find_earlier(capture)
        if url is None and len(seen) == 1:
            raise ParseError(source.url, "not_a_feed", "the feed names no archive (RFC 5005)")
        yield _select(parsed.entries, period)
        dates = [entry.published_at for entry in parsed.entries if entry.published_at]
        if dates and period.since and min(dates) < period.since:
            return


def find_earlier(capture: Capture) -> str | None:
    """Return where a feed says that its earlier entries are: on its own site only."""
    text = repair_xml(decode_body(capture.body, capture.header("content-type")))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    links = (
        {link.get("rel"): link.get("href") for link in islice(root.iter(_ATOM), 1_000)}
        if root is not None
        else {}
    )
    for relation in _EARLIER:
        if not links.get(relation):
            continue
        try:
            url = absolute_url(links[relation], capture.final_url)
        except UrlError:
            continue
        if is_same_site(host_of(url), host_of(capture.final_url)):
            return url
    return None


@contextmanager
def _open_list(path: Path) -> "Iterator[csv.DictReader[str]]":
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if "url" not in (rows.fieldnames or ()):
                raise ConfigError(f"{path}: has no column 'url'")
            yield rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read: {word_fault(error)}") from error


def _read_sitemap(capture: Capture, source: Source, period: Period, now: datetime) -> Listed:
    parsed = parse_sitemap(
        capture.body,
        source=source,
        base_url=capture.final_url,
        content_type=capture.header("content-type"),
        now=now,
    )
    return _select(parsed.entries, period, unreadable=parsed.unreadable)


def _select(entries: Iterable[FeedEntry], period: Period, unreadable: int = 0) -> Listed:
    listed = tuple(entries)
    wanted = tuple(entry for entry in listed if period.holds(entry.published_at))
    undated = sum(entry.published_at is None for entry in listed) if period != (None, None) else 0
    left_out = {
        "no date": undated,
        "out of period": len(listed) - len(wanted) - undated,
        "unreadable": unreadable,
    }
    return Listed(wanted, {reason: number for reason, number in left_out.items() if number})


def _read_rows(rows: Iterable[dict[str, str]], source: Source, period: Period, position: int) -> Listed:
    entries: list[FeedEntry] = []
    bad = 0
    for row in rows:
        try:
            url = absolute_url(row.get("url") or "")
            key = compare_url(url)
        except UrlError:
            bad += 1
            continue
        entries.append(
            FeedEntry(
                source_id=source.id,
                key=key,
                url=url,
                compare_url=key,
                published_at=parse_datetime(row.get("date") or ""),
            )
        )
    selected = _select(entries, period)
    return Listed(selected.entries, selected.left_out | ({"bad_url": bad} if bad else {}), position)
