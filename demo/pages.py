"""The pages of the sample newsroom: stories set in the template of their outlet, among its furniture."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from string import Template

from demo.outlets import Outlet
from demo.stories import SITE, Story

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
RELATED = 4  # stories that a page links to


def render_page(story: Story, outlet: Outlet, siblings: Sequence[Story], base_url: str) -> str:
    """Return the page of a story; `siblings` are the stories of its outlet, newest first."""
    if story.spans:
        return _render_spans(story, outlet)
    related = [sibling for sibling in siblings if sibling.id != story.id][:RELATED]
    return _template(outlet.template).substitute(
        _fill(outlet),
        title=escape(story.title),
        url=base_url + story.path,
        head=_render_head(story, outlet, base_url),
        byline=escape(story.byline or ""),
        date=_render_date(story, outlet),
        paragraphs="\n".join(f"<p>{escape(text)}</p>" for text in _set_dateline(story)),
        furniture="\n".join(f'<p class="after">{escape(line)}</p>' for line in story.furniture),
        related=_render_links(related),
    )


def render_front_page(outlet: Outlet, stories: Sequence[Story], base_url: str) -> str:
    """Return the front page of an outlet, with its stories newest first; a wire board lists its releases."""
    if outlet.feed == "listing":
        items = "\n".join(_render_release(story, outlet) for story in stories)
        listing = f'<ol class="releases">\n{items}\n</ol>'
    else:
        listing = f"<ul>{_render_links(stories)}</ul>"
    return _template("front").substitute(_fill(outlet), url=base_url + outlet.home, listing=listing)


def render_entrance(outlets: Iterable[Outlet]) -> str:
    """Return the page at the root, for a person who looks around."""
    links = "\n".join(f'<li><a href="{outlet.home}">{escape(outlet.name)}</a></li>' for outlet in outlets)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Sample newsroom</title></head>"
        "<body><h1>Sample newsroom</h1>"
        "<p>The outlets are made up, and so are the persons in their stories.</p>"
        f"<ul>\n{links}\n</ul></body></html>"
    )


def describe_date(story: Story, language: str) -> str:
    """Return the day of publication as a reader sees it."""
    if story.published is None:
        return ""
    day = story.published
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def _fill(outlet: Outlet) -> dict[str, str]:
    return {
        "language": outlet.language,
        "outlet": escape(outlet.name),
        "motto": escape(outlet.motto),
        "home": outlet.home,
        "sections": "".join(
            f'<li><a href="{outlet.home}#{number}">{escape(name)}</a></li>'
            for number, name in enumerate(outlet.sections)
        ),
    }


def _set_dateline(story: Story) -> tuple[str, ...]:
    if not story.dateline or not story.paragraphs:
        return story.paragraphs
    return (f"{story.dateline} {story.paragraphs[0]}", *story.paragraphs[1:])


def _render_head(story: Story, outlet: Outlet, base_url: str) -> str:
    if outlet.dates == "meta" and story.published:
        return (
            f'<meta property="og:title" content="{escape(story.title)}">\n'
            f'<meta property="article:published_time" content="{story.published.isoformat()}">'
        )
    if outlet.dates == "json_ld" and story.published:
        about = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.title,
            "datePublished": story.published.isoformat(),
            "mainEntityOfPage": base_url + story.path,
            "publisher": {"@type": "Organization", "name": outlet.name},
        }
        return f'<script type="application/ld+json">{json.dumps(about)}</script>'
    return '<meta name="generator" content="PressKit 4">'


def _render_date(story: Story, outlet: Outlet) -> str:
    if outlet.dates == "none" or story.published is None:
        return ""
    shown = describe_date(story, outlet.language)
    if outlet.dates == "visible":
        return f'<span class="date">{shown}</span>'
    return f'<time datetime="{story.published.isoformat()}">{shown}</time>'


def _render_links(stories: Iterable[Story]) -> str:
    return "\n".join(f'<li><a href="{story.path}">{escape(story.title)}</a></li>' for story in stories)


def _render_release(story: Story, outlet: Outlet) -> str:
    moment = f' datetime="{story.published.isoformat()}"' if story.published else ""
    return (
        f'<li class="release"><time{moment}>{describe_date(story, outlet.language)}</time> '
        f'<a class="headline" href="{story.slug}">{escape(story.title)}</a> '
        f'<span class="issuer">{escape(story.byline or "")}</span></li>'
    )


def _render_spans(story: Story, outlet: Outlet) -> str:
    """Return a page that is one line of inline elements, as a broken ticker leaves them behind."""
    ticks = "".join(f"<span>{number % 97} to {number % 89}; </span>" for number in range(story.spans))
    return (
        f"<!doctype html><html lang='{outlet.language}'><head><meta charset='utf-8'>"
        f"<title>{escape(story.title)}</title></head><body><h1>{escape(story.title)}</h1><p>{ticks}</p></body></html>"
    )


@cache
def _template(name: str) -> Template:
    return Template((SITE / "templates" / f"{name}.html").read_text("utf-8"))
