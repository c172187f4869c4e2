"""Messages as an HTML page for mail: inline styles and tables, which every mail client understands.

Every text from outside stands in an element of its own that takes its direction from itself (`bdi`,
`dir="auto"`), so that an Arabic headline does not turn round what stands beside it.
"""

from collections.abc import Sequence
from html import escape

from coopwatch.alerting.rendering.bars import Bar, read_bar
from coopwatch.alerting.rendering.safety import make_href, tidy
from coopwatch.wording import count
from schemas.records import Message, MessageLink

_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
_INK, _GREY, _LINE, _BLUE, _PALE = "#1b1f24", "#59636e", "#d8dee4", "#0b57a4", "#eef4fb"
_BODY = f"margin:0;padding:0;background:#ffffff;color:{_INK};{_FONT};font-size:16px;line-height:1.45"
_PAGE = "max-width:600px;margin:0 auto;padding:16px"
_TITLE = "margin:0 0 12px;font-size:21px;line-height:1.3"
_NEWS = f"margin:0 0 16px;padding:10px 12px;background:{_PALE};border-left:4px solid {_BLUE}"
_TABLE = "border-collapse:collapse;width:100%;margin:0 0 16px"
_LABEL = f"padding:4px 12px 4px 0;text-align:left;vertical-align:top;font-weight:normal;color:{_GREY}"
_VALUE = "padding:4px 0;vertical-align:top"
_HEAD = f"padding:6px 8px 6px 0;text-align:left;border-bottom:2px solid {_LINE};font-size:14px"
_CELL = f"padding:6px 8px 6px 0;font-size:15px;vertical-align:top;border-bottom:1px solid {_LINE}"
_SMALL = f"color:{_GREY};font-size:14px"
_BROKEN = "overflow-wrap:anywhere;word-break:break-word"
_LONG_WORD = 24  # characters; a longer one is broken, or it would widen the page beyond a phone


def render_html(message: Message, reference: str = "") -> str:
    """Return a whole page, the title in it.

    Args:
        message: what to say.
        reference: by which a receiver knows a repeated delivery; see `make_reference`.
    """
    parts = [f'<h1 style="{_TITLE}">{_isolate(message.title)}</h1>']
    if message.news:
        parts.append(f'<p style="{_NEWS}">{_isolate(message.news)}</p>')
    if message.facts:
        parts.append(_draw_facts(message.facts))
    if message.table:
        parts.append(_draw_table(message.table))
    parts += [_draw_link(link) for link in message.links]
    if message.more_links:
        parts.append(f'<p style="margin:0 0 12px;{_SMALL}">and {count(message.more_links, "more text")}</p>')
    if closing := _draw_closing(message.evidence, reference):
        parts.append(closing)
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(tidy(message.title))}</title></head>\n"
        f'<body style="{_BODY}">\n<div style="{_PAGE}">\n{body}\n</div>\n</body></html>\n'
    )


def _isolate(text: str) -> str:
    shown = tidy(text)
    has_long_word = any(len(word) > _LONG_WORD for word in shown.split())
    style = f' style="{_BROKEN}"' if has_long_word else ""
    return f"<bdi{style}>{escape(shown)}</bdi>"


def _draw_facts(facts: Sequence[tuple[str, str]]) -> str:
    rows = "\n".join(
        f'<tr><th scope="row" style="{_LABEL}">{_isolate(label)}</th>'
        f'<td style="{_VALUE}">{_isolate(value)}</td></tr>'
        for label, value in facts
    )
    return f'<table style="{_TABLE}">\n{rows}\n</table>'


def _draw_table(table: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col" style="{_HEAD}">{_isolate(cell)}</th>' for cell in table[0])
    rows = "\n".join(f"<tr>{''.join(map(_draw_cell, row))}</tr>" for row in table[1:])
    return f'<table style="{_TABLE}">\n<tr>{head}</tr>\n{rows}\n</table>'


def _draw_cell(cell: str) -> str:
    bar = read_bar(cell)
    return f'<td style="{_CELL}">{_draw_bar(bar) if bar else _isolate(cell)}</td>'


def _draw_bar(bar: Bar) -> str:
    """Return a bar as a table, the only box whose width all mail clients heed, its number behind it."""
    share = bar.measure(80)
    drawn = (
        f'<td width="{share}%" bgcolor="{_BLUE}" style="width:{share}%;background:{_BLUE};'
        'font-size:1px">&nbsp;</td>'
        if share
        else ""
    )
    return (
        '<table role="presentation" width="100%" style="border-collapse:collapse;width:100%;min-width:60px">'
        f'<tr>{drawn}<td style="padding:0 0 0 6px;font-size:14px;white-space:nowrap">{bar.value}</td>'
        "</tr></table>"
    )


def _draw_link(link: MessageLink) -> str:
    href = make_href(link.url)
    title = _isolate(link.title or link.url)
    linked = f'<a href="{escape(href)}" style="color:{_BLUE}">{title}</a>' if href else title
    note = f' <span style="{_SMALL}">{_isolate(link.note)}</span>' if link.note else ""
    publisher = f'<span style="{_SMALL}">{_isolate(link.publisher)}</span><br>' if link.publisher else ""
    return f'<p style="margin:0 0 12px">{publisher}{linked}{note}</p>'


def _draw_closing(evidence: str, reference: str) -> str:
    shown = [f"<code>{escape(tidy(evidence))}</code>"] if evidence else []
    shown += [f"ref {escape(tidy(reference))}"] if reference else []
    style = f"margin:16px 0 0;padding-top:10px;border-top:1px solid {_LINE};{_SMALL}"
    return f'<p style="{style}">{" · ".join(shown)}</p>' if shown else ""
