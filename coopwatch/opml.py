"""Lists of feeds as other feed readers keep them: OPML 2.0 in and out.

Format: http://opml.org/spec2.opml. It holds the address, name, language and categories of a feed; what else
the registry knows of a source stays in the registry.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from itertools import islice, pairwise
from xml.etree import ElementTree

from coopwatch.errors import ParseError, UrlError
from coopwatch.languages import normalize_language
from coopwatch.markup import clean_text, decode_body, plain_text, repair_xml
from coopwatch.registry import make_source
from coopwatch.urls import absolute_url, compare_url, host_of
from schemas.records import Record, Source

MAX_OPML_BYTES = 20_000_000
MAX_OUTLINES = 10_000
MAX_NAME_CHARS = 200

_ROOT = re.compile(r"<opml[\s/>]", re.IGNORECASE)
_OUTLINE = re.compile(r"<outline(?=[\s/>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<=\s)([A-Za-z_][\w:.-]{0,60}+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_ADDRESS = re.compile("xmlurl", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}-(?:[A-Z]{2}|[A-Z][a-z]{3})")  # as the registry has it
_COUNTRY = re.compile(r"/country/([A-Z]{2})\Z")


class Outline(Record):
    """One feed of a list, as written there."""

    url: str  # empty where one stands that cannot be read
    name: str = ""
    site_url: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()


class Skipped(Record):
    """A feed of a list that does not become a source, and why."""

    what: str  # its address, or its name if it has none
    reason: str


class Import(Record):
    """What becomes of a list of feeds."""

    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...]


def parse_opml(body: bytes, *, name: str) -> tuple[Outline, ...]:
    """Read the feeds of a list, in its order; outlines without an address are folders and passed over.

    The outlines are read one by one and not as XML: lists are full of bare ampersands and HTML in
    attributes, and what is broken in one outline costs no other. Nothing that the document declares is
    expanded or fetched.

    Args:
        body: the bytes of the file.
        name: what to call it in an error.

    Raises:
        ParseError: kind not_a_feed, when it is no OPML; kind too_large above 20 million bytes
            or 10,000 outlines.
    """
    if len(body) > MAX_OPML_BYTES:
        raise ParseError(name, "too_large", f"a list of more than {MAX_OPML_BYTES} bytes")
    text = repair_xml(decode_body(body))
    if not _ROOT.match(text):
        raise ParseError(name, "not_a_feed", "the document is not OPML")
    if sum(1 for _ in islice(_OUTLINE.finditer(text), MAX_OUTLINES + 1)) > MAX_OUTLINES:
        raise ParseError(name, "too_large", f"a list of more than {MAX_OUTLINES} outlines")
    return tuple(_read_outlines(text))


def import_outlines(outlines: Iterable[Outline], registered: Sequence[Source]) -> Import:
    """Turn the feeds of a list into sources with ids of their own; leave out what is there already.

    A source is called after its site and published by it: the list does not say who publishes.

    Args:
        outlines: as `parse_opml` returns them.
        registered: the sources that there are.
    """
    known = {compare_url(source.url): f"in the registry already, as {source.id}" for source in registered}
    taken = {source.id for source in registered}
    sources: list[Source] = []
    skipped: list[Skipped] = []
    for outline in outlines:
        try:
            source = _make_source(outline, taken)
        except UrlError as error:
            skipped.append(Skipped(what=outline.url or outline.name, reason=error.detail))
            continue
        if reason := known.get(compare_url(source.url)):
            skipped.append(Skipped(what=outline.url, reason=reason))
            continue
        known[compare_url(source.url)] = "twice in the list"
        taken.add(source.id)
        sources.append(source)
    return Import(sources=tuple(sources), skipped=tuple(skipped))


def format_opml(sources: Iterable[Source], *, title: str, now: datetime) -> bytes:
    """Return the sources of kind feed as a list that other feed readers understand.

    Args:
        sources: those of other kinds are left out.
        title: of the list.
        now: when it was made.
    """
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = clean_text(title)
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    body = ElementTree.SubElement(root, "body")
    for source in sources:
        if source.kind != "feed":
            continue
        name = clean_text(source.name)
        outline = ElementTree.SubElement(
            body, "outline", type="rss", text=name, title=name, xmlUrl=source.url
        )
        if source.language:
            outline.set("language", source.language)
        facts = (("country", source.country), ("language", source.language))
        if categories := ",".join(f"/{key}/{value}" for key, value in facts if value):
            outline.set("category", categories)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _read_outlines(text: str) -> Iterator[Outline]:
    bounds = [match.end() for match in _OUTLINE.finditer(text)] + [len(text)]
    for start, end in pairwise(bounds):
        attributes: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(text, start, end):
            attributes.setdefault(match[1].lower(), html.unescape(match[2] or match[3] or ""))
        url = clean_text(attributes.get("xmlurl", ""))
        if not (url or _ADDRESS.search(text, start, end)):
            continue
        name = attributes.get("title", "").strip() or attributes.get("text", "")
        yield Outline(
            url=url,
            name=plain_text(name, MAX_NAME_CHARS),
            site_url=clean_text(attributes.get("htmlurl", "")),
            language=attributes.get("language", ""),
            categories=tuple(filter(None, map(clean_text, attributes.get("category", "").split(",")))),
        )


def _make_source(outline: Outline, taken: set[str]) -> Source:
    """Return the source that an outline stands for; raises UrlError."""
    if not outline.url:
        raise UrlError(outline.url, "bad_url", "no address that can be read")
    url = absolute_url(outline.url)
    countries = (match[1] for category in outline.categories if (match := _COUNTRY.match(category)))
    has_region = _LANGUAGE.fullmatch(outline.language)
    return make_source(
        url,
        kind="feed",
        host=_host_or(outline.site_url, host_of(url)),
        name=outline.name,
        language=outline.language if has_region else normalize_language(outline.language),
        country=next(countries, None),
        taken=taken,
    )


def _host_or(url: str, default: str) -> str:
    try:
        return host_of(url)
    except UrlError:
        return default
