"""The feeds of the sample newsroom: RSS 2.0, Atom, JSON Feed 1.1 and a news sitemap."""

import json
from collections.abc import Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape

from demo.outlets import Outlet
from demo.stories import Story

SUMMARY_WORDS = 25
HEADER = '<?xml version="1.0" encoding="utf-8"?>\n'


def render_feed(outlet: Outlet, stories: Sequence[Story], base_url: str) -> tuple[str, str]:
    """Return the content type and the text of an outlet's feed.

    Raises:
        ValueError: the outlet's format is not a feed.
    """
    match outlet.feed:
        case "rss":
            return "application/rss+xml; charset=utf-8", _render_rss(outlet, stories, base_url)
        case "atom":
            return "application/atom+xml; charset=utf-8", _render_atom(outlet, stories, base_url)
        case "json":
            return "application/feed+json", _render_json(outlet, stories, base_url)
        case "sitemap":
            return "application/xml; charset=utf-8", _render_sitemap(outlet, stories, base_url)
        case other:
            raise ValueError(f"{outlet.id}: {other} is not a feed")


def _render_rss(outlet: Outlet, stories: Sequence[Story], base_url: str) -> str:
    items = []
    for story in stories:
        date = format_datetime(story.published) if outlet.feed_dates and story.published else None
        items.append(
            f"<item><title>{escape(story.title)}</title><link>{base_url}{story.path}</link>"
            f'<guid isPermaLink="false">{outlet.id}:{story.id}</guid>'
            + (f"<dc:creator>{escape(story.byline)}</dc:creator>" if story.byline else "")
            + (f"<pubDate>{date}</pubDate>" if date else "")
            + f"<description>{escape(_summarise(story))}</description></item>\n"
        )
    return (
        f'{HEADER}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{base_url}{outlet.home}</link>"
        f"<description>{escape(outlet.motto)}</description><language>{outlet.language}</language>\n"
        f"{''.join(items)}</channel></rss>\n"
    )


def _render_atom(outlet: Outlet, stories: Sequence[Story], base_url: str) -> str:
    entries = [
        f"<entry><title>{escape(story.title)}</title><id>{base_url}{story.path}</id>"
        f'<link rel="alternate" type="text/html" href="{base_url}{story.path}"/>'
        f"<published>{_iso(story)}</published><updated>{_iso(story)}</updated>"
        f'<summary type="text">{escape(_summarise(story))}</summary></entry>\n'
        for story in stories
    ]
    return (
        f'{HEADER}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">'
        f"<title>{escape(outlet.name)}</title><subtitle>{escape(outlet.motto)}</subtitle>"
        f"<id>{base_url}{outlet.home}</id><updated>{_iso(stories[0])}</updated>"
        f"<author><name>{escape(outlet.name)}</name></author>\n{''.join(entries)}</feed>\n"
    )


def _render_json(outlet: Outlet, stories: Sequence[Story], base_url: str) -> str:
    items = [
        {
            "id": story.id,
            "url": base_url + story.path,
            "title": story.title,
            "summary": _summarise(story),
            "date_published": _iso(story),
        }
        for story in stories
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": base_url + outlet.home,
        "language": outlet.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _render_sitemap(outlet: Outlet, stories: Sequence[Story], base_url: str) -> str:
    urls = [
        f"<url><loc>{base_url}{story.path}</loc><news:news><news:publication>"
        f"<news:name>{escape(outlet.name)}</news:name><news:language>{outlet.language}</news:language>"
        f"</news:publication><news:publication_date>{_iso(story)}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title></news:news></url>\n"
        for story in stories
    ]
    return (
        f'{HEADER}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{"".join(urls)}</urlset>\n'
    )


def _summarise(story: Story) -> str:
    if not story.paragraphs:
        return ""
    words = story.paragraphs[0].split()
    return " ".join(words[:SUMMARY_WORDS]) + ("…" if len(words) > SUMMARY_WORDS else "")


def _iso(story: Story) -> str:
    return story.published.isoformat() if story.published else ""
