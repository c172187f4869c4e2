"""What a page says of itself: title, publication, byline, canonical address, language.

Read from the parsed tree, and before the text is extracted, because extraction may change the
tree. Sources are asked from the most to the least deliberate: JSON-LD, Open Graph and other meta
elements, marked-up elements, visible text.
"""

from typing import Any
from urllib.parse import urlsplit

from coopwatch.errors import UrlError
from coopwatch.linked_data import LinkedArticle, read_linked_article
from coopwatch.markup import plain_text
from coopwatch.publication import Publication, read_publications
from coopwatch.publishers import fold_name
from coopwatch.urls import absolute_url, host_of
from schemas.records import Record

MAX_VALUE_CHARACTERS = 500

_AUTHOR_KEYS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_SEPARATORS = (" | ", " - ", " – ", " — ", " :: ", " · ", " » ", "_", "|")
_SEPARATING = frozenset("|-–—:·»_")
_DOCUMENT_ENDINGS = (".html", ".htm", ".shtml", ".php", ".aspx", ".jsp")


class PageMetadata(Record):
    """What one page says of itself; empty where it says nothing."""

    title: str = ""
    site_names: tuple[str, ...] = ()  # what the site is called, as far as known
    byline: str = ""
    language: str | None = None
    canonical_url: str | None = None
    publications: tuple[Publication, ...] = ()  # best first


def read_metadata(tree: Any, url: str, site_names: tuple[str, ...] = ()) -> PageMetadata:
    """Read the metadata of a page.

    Args:
        tree: the page as parsed by lxml; it is not changed.
        url: where the page was found.
        site_names: what the site is called, so that its name can be cut off the title.
    """
    metas = _read_metas(tree)
    linked = read_linked_article(tree)
    host = host_of(url).removeprefix("www.")
    names = (*site_names, metas.get("og:site_name", ""), linked.publisher, host, host.partition(".")[0])
    return PageMetadata(
        site_names=tuple(name for name in names if name),
        title=_read_title(tree, metas, linked, names),
        byline=_read_byline(tree, metas, linked),
        language=tree.get("lang") or linked.language or metas.get("og:locale"),
        canonical_url=_read_canonical(tree, metas, url),
        publications=tuple(read_publications(tree, metas, linked, url)),
    )


def strip_site_name(title: str, names: tuple[str, ...]) -> str:
    """Return a title without the site's own name before or after it."""
    folded = {fold_name(name) for name in names} - {""}
    for separator in _SEPARATORS:
        head, found, tail = title.rpartition(separator)
        if found and head.strip() and fold_name(tail) in folded:
            return strip_site_name(head.strip(), names)
        head, found, tail = title.partition(separator)
        if found and tail.strip() and fold_name(head) in folded:
            return strip_site_name(tail.strip(), names)
    return title


def is_article_url(url: str) -> bool:
    """Tell whether a URL looks like one article's rather than like a home or section page's."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    has_digit = any(character.isdigit() for character in last + parts.query)
    is_slug = last.count("-") + last.count("_") >= 2
    is_document = last.endswith(_DOCUMENT_ENDINGS) and not last.startswith(("index.", "default."))
    return has_digit or is_slug or is_document


def is_same_site(host: str, other: str) -> bool:
    """Tell whether two hosts are one site: equal, or one inside the other's domain."""
    host, other = host.removeprefix("www."), other.removeprefix("www.")
    return host == other or host.endswith("." + other) or other.endswith("." + host)


def _text_of(element: Any) -> str:
    glue = "" if element.find(".//br") is None else " "
    return " ".join(glue.join(element.itertext()).split())[:MAX_VALUE_CHARACTERS]


def _read_metas(tree: Any) -> dict[str, str]:
    """Return the first content of each meta element, by property, name or itemprop in lower case."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if key and (content := plain_text(meta.get("content") or "", MAX_VALUE_CHARACTERS)):
            metas.setdefault(key.strip().lower(), content)
    return metas


def _read_title(tree: Any, metas: dict[str, str], linked: LinkedArticle, names: tuple[str, ...]) -> str:
    document = next((_text_of(element) for element in tree.iter("title")), "")
    headings = [text for element in tree.iter("h1") if (text := _text_of(element))]
    # a logo is often an h1 too: the article's heading is the one that the document's title begins with
    heading = next((text for text in headings if document.startswith(text)), headings[0] if headings else "")
    folded = {fold_name(name) for name in names} | {""}
    for candidate in (linked.headline, metas.get("og:title", ""), heading, document):
        title = strip_site_name(_cut_to_heading(candidate, heading), names)
        if fold_name(title) not in folded:
            return title
    return ""


def _cut_to_heading(title: str, heading: str) -> str:
    """Return the heading if the title only appends something to it: "Heading | Section | 28.04.2023"."""
    appended = title[len(heading) :].lstrip()
    return heading if heading and title.startswith(heading) and appended[:1] in _SEPARATING else title


def _read_byline(tree: Any, metas: dict[str, str], linked: LinkedArticle) -> str:
    if linked.authors:
        return "; ".join(linked.authors)
    if found := next((metas[key] for key in _AUTHOR_KEYS if key in metas), ""):
        return found
    marked = (
        element
        for element in tree.iter("a", "span", "div", "p", "address")
        if element.get("rel") == "author" or element.get("itemprop") == "author"
    )
    return next((text for element in marked if (text := _text_of(element))), "")


def _read_canonical(tree: Any, metas: dict[str, str], url: str) -> str | None:
    """Return the declared canonical URL if it is an article of the same site.

    What is declared may also be the home page, another site's article, or nonsense.
    """
    declared = [
        link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"
    ]
    for raw in (*declared[:1], metas.get("og:url")):
        try:
            canonical = absolute_url(raw or "", url)
        except UrlError:
            continue
        if raw and is_same_site(host_of(canonical), host_of(url)) and is_article_url(canonical):
            return canonical
    return None
