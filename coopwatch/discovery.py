"""Which feed a site has: what its page declares and links to, what its robots.txt names, what is usual.

`find_sources` and `find_sitemaps` are pure; `discover` asks for what they find, through the `get` that it
is given, until an answer reads as a feed or news sitemap.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree, html

from coopwatch.errors import FetchError, ParseError, UrlError
from coopwatch.feeds import parse_feed
from coopwatch.languages import detect_language
from coopwatch.markup import decode_body, plain_text, repair_xml
from coopwatch.metadata import is_same_site
from coopwatch.robots import Robots, read_robots
from coopwatch.sitemaps import read_sitemap
from coopwatch.urls import absolute_url, compare_url, host_of
from schemas.records import Capture, Language, Record, Source

MAX_TRIED = 24  # addresses that one discovery asks for, besides the page and robots.txt
MAX_FOUND = 10  # of them from the page
MAX_LINKS = 5_000  # of a page that are looked at
MAX_TITLE_CHARS = 200

Origin = Literal["asked", "declared", "linked", "robots", "guessed"]

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
_PLAIN_TYPES = frozenset({"application/json", "application/xml", "text/xml"})  # of much besides feeds
_FEED_WORD = re.compile(r"(?:^|[^a-z])(?:rss|atom|rdf|feeds?|backend)(?:[^a-z]|$)", re.IGNORECASE)
_FEED_HOSTS = ("feedburner.com", "feedproxy.google.com", "feedblitz.com", "feedpress.me")
_WELL_KNOWN = (
    "feed",
    "rss",
    "rss.xml",
    "atom.xml",
    "feed.xml",
    "index.xml",
    "feed.json",
    "feeds",
    "index.rdf",
)
_WELL_KNOWN_BELOW = ("feed", "rss.xml")  # the page that was asked for
_WELL_KNOWN_SITEMAPS = ("news-sitemap.xml", "sitemap_news.xml", "sitemap-news.xml")
_MAX_NAMED_SITEMAPS = 3
_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_TITLE = re.compile(r"<title(?:\s[^<>]{0,200})?>", re.IGNORECASE)


class Candidate(Record):
    """An address that may be a feed or news sitemap."""

    url: str
    origin: Origin


class Finding(Record):
    """An address that is a feed or news sitemap."""

    url: str
    kind: Literal["feed", "sitemap"]
    origin: Origin
    title: str
    entries: int
    newest: datetime | None  # when the last entry that has a date was published
    language: Language | None


class Discovery(Record):
    """What looking for the feed of a site came to."""

    finding: Finding
    others: tuple[Candidate, ...] = ()  # declared by the page as well, and not asked for


def find_sources(capture: Capture) -> tuple[Candidate, ...]:
    """Return what a page declares as its feeds, then what it links to that looks like one: ten at most.

    Feeds of comments come last. A link counts if it stays on the site or leads to a feed service.
    """
    page = _parse_page(capture)
    if page is None:
        return ()
    base_url = capture.final_url
    for base in islice(page.iter("base"), 1):
        base_url = _join(base.get("href") or "", base_url) or base_url
    candidates: dict[str, Candidate] = {}
    comments: dict[str, Candidate] = {}
    for origin, href, label in (*_declared(page), *_linked(page, base_url)):
        url = _join(href, base_url)
        if url is not None and compare_url(url) != compare_url(capture.final_url):
            group = comments if "comment" in f"{url} {label}".lower() else candidates
            group.setdefault(compare_url(url), Candidate(url=url, origin=origin))
    return tuple((candidates | comments).values())[:MAX_FOUND]


def find_sitemaps(robots: Robots, url: str) -> tuple[Candidate, ...]:
    """Return the sitemaps that a robots.txt names, at most three, those for news first.

    Args:
        robots: what it says.
        url: where it lies.
    """
    named = (_join(one, url) for one in islice(robots.rules.sitemaps, MAX_LINKS)) if robots.rules else ()
    own = dict.fromkeys(one for one in named if one and is_same_site(host_of(one), host_of(url)))
    first = sorted(own, key=lambda one: "news" not in urlsplit(one).path.lower())
    return tuple(Candidate(url=one, origin="robots") for one in first[:_MAX_NAMED_SITEMAPS])


def guess_sources(url: str) -> tuple[Candidate, ...]:
    """Return where feeds usually lie, below the page and at the root of its site."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    below = f"{root}{parts.path.rstrip('/')}"
    guesses = [f"{below}/{name}" for name in _WELL_KNOWN_BELOW] if below != root else []
    guesses += [f"{root}/{name}" for name in (*_WELL_KNOWN, *_WELL_KNOWN_SITEMAPS)]
    return tuple(Candidate(url=guess, origin="guessed") for guess in dict.fromkeys(guesses))


def examine(capture: Capture, *, origin: Origin, now: datetime, get: Callable[[str], Capture]) -> Finding:
    """Read an answer as a feed, else as a news sitemap, and say what it holds.

    Raises:
        ParseError: it is neither, or too large.
        FetchError: it is an index of sitemaps, and none of them can be fetched.
    """
    source = Source(id="candidate", name="candidate", kind="feed", url=capture.url, publisher="candidate")
    kind: Literal["feed", "sitemap"] = "feed"
    content_type = capture.header("content-type")
    try:
        parsed = parse_feed(
            capture.body, source=source, base_url=capture.final_url, content_type=content_type, now=now
        )
    except ParseError as no_feed:
        try:
            parsed = read_sitemap(capture, source=source, now=now, get=get)
        except ParseError:
            raise no_feed from None
        kind = "sitemap"
    dates = [entry.published_at for entry in parsed.entries if entry.published_at]
    words = "\n".join(f"{entry.title}\n{entry.summary}" for entry in parsed.entries)
    declared = next((entry.language for entry in parsed.entries if entry.language), None)
    is_same = compare_url(capture.url) == compare_url(capture.final_url)  # but for https, www. and the like
    return Finding(
        url=capture.final_url if is_same else capture.url,
        kind=kind,
        origin=origin,
        title=_read_title(decode_body(capture.body, content_type)) if kind == "feed" else "",
        entries=len(parsed.entries),
        newest=max(dates, default=None),
        language=detect_language(words, declared),
    )


def discover(url: str, *, get: Callable[[str], Capture], now: datetime) -> Discovery:
    """Find the feed of a site: the address itself, else the first that reads as one and has entries.

    Args:
        url: of a feed, or of a page of the site.
        get: fetches one URL, and raises FetchError.
        now: dates more than a day after it are dropped.

    Raises:
        FetchError: the address cannot be fetched, or the site asks to be left alone (429).
        ParseError: kind not_a_feed, when nothing was found; it says how many addresses were tried.
    """
    page = get(url)
    try:
        return Discovery(finding=examine(page, origin="asked", now=now, get=get))
    except ParseError:
        found = find_sources(page)
    empty: Finding | None = None
    tried: set[str] = set()
    for candidate in islice(_distinct(_offer(page, found, get)), MAX_TRIED):
        tried.add(candidate.url)
        try:
            finding = examine(get(candidate.url), origin=candidate.origin, now=now, get=get)
        except UrlError as error:
            if error.kind == "rate_limited":
                raise
            continue
        if finding.entries:
            others = (one for one in found if one.origin == "declared" and one.url not in tried)
            return Discovery(finding=finding, others=tuple(others))
        empty = empty or finding
    if empty is not None:
        return Discovery(finding=empty)
    raise ParseError(url, "not_a_feed", f"no feed found: {len(tried)} addresses tried, none is one")


def _offer(page: Capture, found: Iterable[Candidate], get: Callable[[str], Capture]) -> Iterator[Candidate]:
    """Yield what to try, the likeliest first.

    robots.txt is asked for when its turn has come. What it forbids is not guessed; what the site declares,
    links to or names there is meant to be asked for.
    """
    yield from found
    robots_url = _join("/robots.txt", page.final_url) or page.final_url
    try:
        robots = read_robots(get(robots_url))
    except FetchError as error:
        if error.kind == "rate_limited":
            raise
        robots = read_robots(error)
    yield from find_sitemaps(robots, robots_url)
    yield from (guess for guess in guess_sources(page.final_url) if _is_allowed(guess.url, robots))


def _is_allowed(url: str, robots: Robots) -> bool:
    try:
        robots.check(url)
    except FetchError:
        return False
    return True


def _distinct(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    seen: set[str] = set()
    for candidate in candidates:
        if candidate.url not in seen:
            seen.add(candidate.url)
            yield candidate


def _declared(page: html.HtmlElement) -> Iterator[tuple[Origin, str, str]]:
    for link in islice(page.iter("link"), MAX_LINKS):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        href = link.get("href") or ""
        is_feed = kind in _FEED_TYPES or (kind in _PLAIN_TYPES and _FEED_WORD.search(href))
        if href and ("feed" in rel or ("alternate" in rel and is_feed)):
            yield "declared", href, link.get("title") or ""


def _linked(page: html.HtmlElement, base_url: str) -> Iterator[tuple[Origin, str, str]]:
    for link in islice(page.iter("a"), MAX_LINKS):
        url = _join(link.get("href") or "", base_url)
        if url is None:
            continue
        parts, host = urlsplit(url), host_of(url)
        is_near = is_same_site(host, host_of(base_url)) or host.endswith(_FEED_HOSTS)
        if is_near and (_FEED_WORD.search(f"{parts.path}?{parts.query}") or host.endswith(_FEED_HOSTS)):
            yield "linked", url, link.get("title") or ""


def _parse_page(capture: Capture) -> html.HtmlElement | None:
    text = decode_body(capture.body, capture.header("content-type"))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except etree.ParserError:  # nothing in it
        return None


def _join(href: str, base_url: str) -> str | None:
    try:
        return absolute_url(href, base_url) if href.strip() else None
    except UrlError:
        return None


def _read_title(text: str) -> str:
    """Return the title of a feed that has been read already; empty if it has none."""
    if text.lstrip().startswith("{"):
        title = json.loads(text).get("title")
        return plain_text(title, MAX_TITLE_CHARS) if isinstance(title, str) else ""
    xml = repair_xml(text)
    item = _ITEM.search(xml)
    head = xml[: item.start()] if item else xml
    start = _TITLE.search(head)
    if start is None:
        return ""
    title = head[start.end() : max(head.find("</", start.end()), start.end())]
    return plain_text(title.replace("<![CDATA[", "").replace("]]>", ""), MAX_TITLE_CHARS)
