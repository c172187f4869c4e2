"""A fetched page → its article. The only importer of trafilatura.

The page is decoded, parsed once, and refused if it is more complex than any article. What it says
of itself is read from the tree; then trafilatura, which may change the tree, takes the text.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import chain
from typing import Any, NamedTuple

import trafilatura
from lxml import etree
from trafilatura.settings import Document
from trafilatura.utils import detect_encoding

from coopwatch.errors import ExtractError
from coopwatch.extractors import ARTICLES as EXTRACTOR
from coopwatch.identity import make_article_id
from coopwatch.jobs import ExtractJob
from coopwatch.languages import detect_language
from coopwatch.markup import decode_body
from coopwatch.metadata import PageMetadata, read_metadata
from coopwatch.publication import (
    Publication,
    choose_publication,
    published_at,
    published_on,
    read_visible_publication,
)
from coopwatch.publishers import Publishers, load_publishers
from coopwatch.settings import CONFIG_DIR
from coopwatch.urls import compare_url
from coopwatch.wires import attribute
from schemas.records import Article

__all__ = ["EXTRACTOR", "ExtractJob", "decode_page", "extract_article", "extract_text"]

MAX_ELEMENTS = 12_000  # of 258 real pages the largest has 4,274; one of 50,000 spans is never done
MIN_WORDS = 40  # fewer are a teaser, a notice or nothing
SHORT_CHARACTERS = 1_500  # a text below this may be only part of it, and gets the full cascade
MAX_CHARACTERS = 500_000  # of text; a long report has 200,000
MAX_TITLE_CHARACTERS = 300
UNDETERMINED = "und"  # ISO 639-2, where neither the words nor anybody tells the language

# Elements that trafilatura throws away itself, but only after it has searched them many times. Not svg:
# without it other elements are taken for the article on some pages.
_NEVER_TEXT = (
    *("audio", "button", "canvas", "datalist", "dialog", "embed", "fieldset", "footer", "iframe", "input"),
    *("label", "legend", "link", "map", "menu", "nav", "noscript", "object", "picture", "select", "source"),
    *("template", "textarea", "time", "track", "video"),
)
_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_PLAIN_TYPES = frozenset({"text/plain"})
_BINARY_STARTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x1f\x8b")
_CHARSET = re.compile(rb"""charset\s{0,5}=\s{0,5}["']?\s{0,5}[A-Za-z0-9]""", re.IGNORECASE)
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"  # Thai, Lao, kana, Han
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\W{_UNSPACED}]+")
_DEFAULT_PUBLISHERS = CONFIG_DIR / "publishers.yaml"


class _Page(NamedTuple):
    metadata: PageMetadata
    text: str
    visible: Iterator[Publication]  # read only when asked


def extract_article(
    job: ExtractJob, publishers: Publishers | None = None, *, max_elements: int = MAX_ELEMENTS
) -> Article:
    """Extract the article of a fetched page.

    Args:
        job: the page, its entry and its source.
        publishers: the wires and families that are known; by default those of the configuration.
        max_elements: how many elements a page may have.

    Raises:
        ExtractError: kind no_text, when the page holds no article text; kind too_complex, when it
            has more elements or text than an article has.
    """
    entry, capture, source = job.entry, job.capture, job.source
    page = _read_page(job, max_elements)
    if len(page.text) > MAX_CHARACTERS:
        raise ExtractError(capture.final_url, "too_complex", f"{len(page.text):,} characters of text")
    fed = [published_at(entry.published_at, "feed")] if entry.published_at else []
    publication = choose_publication(chain(fed, page.metadata.publications, page.visible), capture.fetched_at)
    title = page.metadata.title or entry.title
    attributed = attribute(
        title,
        page.text,
        source,
        page.metadata.byline or entry.author or "",
        publication.moment if publication else None,
        publishers=publishers or load_publishers(_DEFAULT_PUBLISHERS),
        site_names=page.metadata.site_names,
    )
    text, released = attributed.text, attributed.attribution.release_date
    if (words := len(_WORD.findall(text))) < MIN_WORDS:
        raise ExtractError(capture.final_url, "no_text", f"{words} words of text, an article has {MIN_WORDS}")
    if publication is None and released:
        publication = choose_publication([published_on(released, "dateline")], capture.fetched_at)
    url = page.metadata.canonical_url or capture.final_url
    key = compare_url(url)
    declared = page.metadata.language or entry.language or source.language
    return Article(
        article_id=make_article_id(key),
        entry_id=entry.entry_id,
        source_id=source.id,
        url=url,
        compare_url=key,
        title=title or text.partition("\n")[0][:MAX_TITLE_CHARACTERS],
        text=text,
        language=detect_language(text, declared) or UNDETERMINED,
        published_at=publication.moment if publication else None,
        published_from=publication.origin if publication else None,
        published_precision=publication.precision if publication else None,
        fetched_at=capture.fetched_at,
        attribution=attributed.attribution,
        extractor=EXTRACTOR,
    )


def decode_page(body: bytes, content_type: str) -> str:
    """Decode a page: valid UTF-8 wins, then byte order mark, Content-Type, meta, detector."""
    is_declared = _CHARSET.search(content_type.encode(errors="replace")) or _CHARSET.search(body[:4096])
    if not is_declared:
        rough = body.decode("utf-8", errors="replace")
        broken = rough.count("\ufffd")
        if broken > sum(character > "\x7f" for character in rough) - broken:
            content_type = f"text/html; charset={next(iter(detect_encoding(body)), '')}"
    return decode_body(body, content_type)


def extract_text(tree: Any) -> str:
    """Return the text of an article, paragraphs one a line.

    A fast pass serves most pages; where it yields little, the full cascade of extractors runs. On
    258 real pages that takes half the time of the cascade on all, and loses nothing. The fast pass goes
    over a page without what never holds text of an article, which saves an eighth more.

    Args:
        tree: the page as parsed by `trafilatura.load_html`; it is copied, not changed.
    """
    quick = _run_trafilatura(_thin_out(tree), is_quick=True)
    return quick if len(quick) >= SHORT_CHARACTERS else _run_trafilatura(tree, is_quick=False) or quick


def _thin_out(tree: Any) -> Any:
    thin = deepcopy(tree)
    for script in list(thin.iter("script")):
        if "ld+json" not in (script.get("type") or "").lower():  # that may hold the whole text
            script.drop_tree()
    etree.strip_elements(thin, *_NEVER_TEXT, with_tail=False)
    return thin


def _run_trafilatura(tree: Any, *, is_quick: bool) -> str:
    document = trafilatura.bare_extraction(tree, fast=is_quick, favor_recall=is_quick, include_comments=False)
    return document.text or "" if isinstance(document, Document) else ""


def _read_page(job: ExtractJob, max_elements: int) -> _Page:
    capture, url = job.capture, job.capture.final_url
    content_type = capture.header("content-type") or ""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in _HTML_TYPES | _PLAIN_TYPES or capture.body.startswith(_BINARY_STARTS):
        raise ExtractError(url, "no_text", f"content of type {media_type or 'unknown'} holds no article")
    page = decode_page(capture.body, content_type)
    if media_type in _PLAIN_TYPES:
        return _Page(PageMetadata(), page, iter(()))
    tree = trafilatura.load_html(page)
    if tree is None:
        raise ExtractError(url, "no_text", "not a page of HTML")
    if (elements := int(tree.xpath("count(//*)"))) > max_elements:
        raise ExtractError(
            url, "too_complex", f"{elements:,} elements, an article has at most {max_elements:,}"
        )
    metadata = read_metadata(tree, url, (job.source.name, job.source.publisher))
    return _Page(metadata, extract_text(tree), read_visible_publication(tree, url, capture.fetched_at))
