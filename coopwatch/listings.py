"""Listing pages of wire services and newsrooms to entries, by the CSS selectors of their source."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from lxml import etree, html
from lxml.cssselect import CSSSelector

from coopwatch.entries import MAX_ENTRIES, Item, build_entries, parse_datetime
from coopwatch.errors import ParseError, UrlError
from coopwatch.markup import clean_text, decode_body
from coopwatch.urls import absolute_url, compare_url
from schemas.records import ListingSelectors, ParsedEntries, Source

MAX_PAGE_BYTES = 20_000_000

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_UTC_OFFSET_HOURS = dict.fromkeys(("", "Z", "UTC", "GMT"), 0) | {
    "EST": -5,
    "EDT": -4,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
}
_ZONE_NAMES = {"ET": "America/New_York", "PT": "America/Los_Angeles"}  # the offset depends on the date
_WRITTEN_DATE = re.compile(
    r"""(?: (?P<month>[A-Za-z]{3,9})\.?\ (?P<day>\d{1,2})
          | (?P<day_first>\d{1,2})\ (?P<month_last>[A-Za-z]{3,9})\.?
        ),?\ (?P<year>\d{4})
        (?: ,?\ (?:at\ )?(?P<hour>\d{1,2}):(?P<minute>\d{2})
            (?:\ ?(?P<half>[AaPp])\.?[Mm]\.?)?
            (?:\ ?(?P<zone>[A-Z]{1,4}))?
        )?
    """,
    re.VERBOSE | re.ASCII,
)


def parse_listing(
    body: bytes, *, source: Source, base_url: str, content_type: str | None, now: datetime
) -> ParsedEntries:
    """Read the items of a listing page.

    In an item, the link defaults to the first one it has, the title to the text of that link, and
    the date to the first `<time datetime>`. An item without a link, or whose link leads back to the
    listing, is counted as unreadable.

    Args:
        body: the bytes as they came, content encoding undone.
        source: a source of kind listing, with its selectors.
        base_url: the address that answered; a `<base>` of the page goes before it.
        content_type: the Content-Type header, if there was one.
        now: dates more than a day after it are dropped.

    Raises:
        ParseError: kind not_a_feed, when no element matches the item selector; kind too_large above
            20 million bytes.
    """
    if source.listing is None:
        raise ValueError(f"source {source.id!r} is of kind {source.kind}")
    if len(body) > MAX_PAGE_BYTES:
        raise ParseError(
            base_url, "too_large", f"a page of {len(body)} bytes, at most {MAX_PAGE_BYTES} are read"
        )
    page = _parse_html(decode_body(body, content_type))
    elements = [] if page is None else _select(source.listing.item, page)
    if page is None or not elements:
        raise ParseError(base_url, "not_a_feed", f"nothing matches the item selector {source.listing.item!r}")
    base_url = _base_of(page, base_url)
    return build_entries(
        [_read_item(element, source.listing, base_url) for element in elements[:MAX_ENTRIES]],
        source=source,
        base_url=base_url,
        now=now,
        unreadable=max(0, len(elements) - MAX_ENTRIES),
    )


def parse_listing_date(text: str) -> datetime | None:
    """Read a date as listing pages write it.

    ISO 8601 ("2023-11-07T09:00:00-05:00", "2023-11-07 09:00"), or English with the month in letters
    ("Nov 07, 2023, 09:00 ET", "7 November 2023"). Nothing is guessed: a time without a date, a month
    in figures and a zone that is not known are no date.

    Returns:
        An aware datetime in UTC; midnight for a mere date; UTC is assumed where no zone is named.
    """
    text = clean_text(text[:100])
    match = _WRITTEN_DATE.fullmatch(text)
    if match is None:
        return parse_datetime(text)
    month = _month_number(match["month"] or match["month_last"])
    hour = int(match["hour"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    try:
        moment = datetime(
            int(match["year"]),
            month,
            int(match["day"] or match["day_first"]),
            hour,
            int(match["minute"] or 0),
            tzinfo=_zone(match["zone"] or ""),
        )
    except (KeyError, ValueError):
        return None
    return moment.astimezone(UTC)


def _month_number(name: str) -> int:
    """Return 1 to 12; 0 when it is no English month or its abbreviation."""
    name = name.lower()
    name = "sep" if name == "sept" else name
    return next((i for i, month in enumerate(_MONTHS, 1) if name in (month, month[:3])), 0)


def _zone(name: str) -> tzinfo:
    """Return the zone of an abbreviation; KeyError when it is unknown or means several."""
    if name in _ZONE_NAMES:
        return ZoneInfo(_ZONE_NAMES[name])
    return timezone(timedelta(hours=_UTC_OFFSET_HOURS[name]))


def _parse_html(text: str) -> html.HtmlElement | None:
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except etree.ParserError:  # nothing in it
        return None


@lru_cache(maxsize=1024)
def _compile(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _select(selector: str, element: html.HtmlElement) -> list[html.HtmlElement]:
    return list(_compile(selector)(element))


def _base_of(page: html.HtmlElement, base_url: str) -> str:
    base = next(iter(_select("base[href]", page)), None)
    try:
        return base_url if base is None else absolute_url(base.get("href"), base_url)
    except UrlError:
        return base_url


def _read_item(element: html.HtmlElement, selectors: ListingSelectors, base_url: str) -> Item:
    links = _select(selectors.link or "a[href]", element)
    if links and not links[0].get("href"):
        links = _select("a[href]", links[0])
    link = links[0].get("href") if links else None
    if selectors.title:
        titles = _select(selectors.title, element)
    else:  # a picture often carries the link before the headline does
        titles = sorted(
            (other for other in links if other.get("href") == link),
            key=lambda other: not other.text_content().strip(),
        )
    title = titles[0] if titles else None
    dates = _select(selectors.date or "time[datetime]", element)
    published_at = _read_date(dates[0]) if dates else None
    if dates and title is not None and title in dates[0].iterancestors():
        dates[0].drop_tree()  # the title is what is left without the date in it
    return Item(
        links=(link,) if link and not _leads_back(link, base_url) else (),
        title=_title_of(title) if title is not None else "",
        published_at=published_at,
    )


def _read_date(element: html.HtmlElement) -> datetime | None:
    return parse_listing_date(element.get("datetime") or element.get("content") or element.text_content())


def _title_of(element: html.HtmlElement) -> str:
    if element.text_content().strip():
        return str(html.tostring(element, encoding="unicode", with_tail=False))
    return element.get("title") or element.get("aria-label") or ""  # a link around a picture


def _leads_back(link: str, base_url: str) -> bool:
    try:
        return compare_url(absolute_url(link, base_url)) == compare_url(base_url)
    except UrlError:
        return False
