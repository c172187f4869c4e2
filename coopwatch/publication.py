"""When an article was published: where pages say it, and whom to believe.

The order is the feed, JSON-LD, meta elements, the URL, the visible byline, the dateline. No date
is guessed from running text: an extensive search yields the first of January.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from coopwatch.linked_data import LinkedArticle
from schemas.records import Precision, PublishedFrom, Record

EARLIEST_YEAR = 1990
LATEST_AHEAD = timedelta(days=1)  # clocks and zones differ by that much; nothing is published later than now
MAX_CHARACTERS = 64

_META_KEYS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "date",
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|\b)(?:[T ,]{0,3}(\d{1,2}):(\d{2}))?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b(?:[T ,–-]{0,3}(\d{1,2}):(\d{2}))?")
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")


class Publication(Record):
    """A moment, how exact it is, and where it was said to be the article's publication."""

    moment: datetime
    precision: Precision
    origin: PublishedFrom


def choose_publication(candidates: Iterable[Publication], fetched_at: datetime) -> Publication | None:
    """Return the first candidate that is possible: not long before the web, not after the fetch."""
    latest = fetched_at + LATEST_AHEAD
    return next(
        (found for found in candidates if found.moment.year >= EARLIEST_YEAR and found.moment <= latest), None
    )


def published_at(moment: datetime, origin: PublishedFrom) -> Publication:
    """Return a publication for a moment of any zone.

    A moment without zone is taken as UTC, and is then only good to the day; so is midnight, which
    stands for a day in most systems.
    """
    is_exact = moment.tzinfo is not None and moment.time() != time(0)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return Publication(moment=moment, precision="second" if is_exact else "day", origin=origin)


def published_on(day: date, origin: PublishedFrom) -> Publication:
    """Return a publication for a day."""
    return published_at(datetime.combine(day, time(0), UTC), origin)


def parse_moment(raw: str) -> datetime | None:
    """Read a machine-made date: ISO 8601, RFC 5322, or year, month and day in figures."""
    raw = raw.strip()[:MAX_CHARACTERS]
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(raw)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    if found := _YEAR_FIRST.match(raw):
        year, month, day, hour, minute = found.groups()
    elif found := _DAY_FIRST.match(raw):
        day, month, year, hour, minute = found.groups()
    else:
        return None
    try:
        return datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001
    except ValueError:
        return None


def read_publications(
    tree: Any, metas: Mapping[str, str], linked: LinkedArticle, url: str
) -> Iterator[Publication]:
    """Yield when a page says, in markup or in its address, that it was published; best first."""
    stated: list[tuple[PublishedFrom, str]] = [("json_ld", linked.published)]
    stated += [("meta", metas[key]) for key in _META_KEYS if key in metas]
    stated += [("meta", raw) for raw in _read_time_elements(tree)]
    for origin, raw in stated:
        if moment := parse_moment(raw):
            try:
                yield published_at(moment, origin)
            except OverflowError:  # the year 1 or 9999, moved to UTC
                continue
    if found := _IN_PATH.search(urlsplit(url).path):
        try:
            yield published_on(date(*(int(part) for part in found.groups())), "url")
        except ValueError:  # the 31st of a shorter month
            return


def read_visible_publication(tree: Any, url: str, fetched_at: datetime) -> Iterator[Publication]:
    """Yield the day that htmldate finds in the visible byline, if any; costly, so asked last."""
    import htmldate  # a run that has no page to read, only feeds, does without

    raw = htmldate.find_date(
        tree,
        extensive_search=False,
        original_date=True,
        url=url,
        min_date=f"{EARLIEST_YEAR}-01-01",
        max_date=fetched_at + LATEST_AHEAD,
    )
    if raw:
        yield published_on(date.fromisoformat(raw), "byline")


def _read_time_elements(tree: Any) -> list[str]:
    """Return the dates of `time` elements, those marked as the publication's first."""
    marked: list[str] = []
    plain: list[str] = []
    for element in tree.iter("time"):
        is_marked = element.get("pubdate") is not None or element.get("itemprop") == "datePublished"
        if raw := element.get("datetime"):
            (marked if is_marked else plain).append(raw)
    return (marked + plain)[:3]
