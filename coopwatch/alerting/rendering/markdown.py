"""Messages as Markdown, in what CommonMark, Slack, Teams, Discord, Mattermost and Telegram have in common.

Tables are in few of these, so rows are lists. Marks of links are replaced rather than escaped: a
backslash keeps brackets apart in CommonMark, not in the patterns with which others look for links.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from coopwatch.alerting.rendering.bars import read_bar, write_bar
from coopwatch.alerting.rendering.safety import disarm, make_href
from coopwatch.wording import count
from schemas.records import Message, MessageLink

_TWINS = str.maketrans({"[": "［", "]": "］", "`": "’", "\\": "＼"})
_EMPHASIS = re.compile(r"([*_~|])")
_BARE_LINK = re.compile(r"(?i)(?<=\w):(?=//)|(?<=mailto):|(?<=www)\.")
_BLOCK = re.compile(r"^(?=[-+#=>]|\d{1,9}[.)])")


def render_markdown(message: Message, reference: str = "") -> str:
    """Return what stands below the subject; see `plain.render_subject`.

    Args:
        message: what to say.
        reference: by which a receiver knows a repeated delivery; see `make_reference`.
    """
    news = [f"**{escape_markdown(message.news)}**"] if message.news else []
    facts = [f"- **{escape_markdown(label)}:** {escape_markdown(value)}" for label, value in message.facts]
    links = [_word_link(link) for link in message.links]
    links += [f"- and {count(message.more_links, 'more text')}"] if message.more_links else []
    links = ["**Texts**", "", *links] if links else []  # what keeps this list apart from the one above
    closing = [f"`{escape_code(message.evidence)}`"] if message.evidence else []
    closing += [f"ref {escape_markdown(reference)}"] if reference else []
    blocks = (news, facts, list(_list_rows(message.table)), links, [" · ".join(closing)])
    return "\n\n".join("\n".join(block) for block in blocks if any(block))


def escape_markdown(text: str) -> str:
    """Return text that no dialect of Markdown takes for markup, a link, or a call for somebody."""
    return _BLOCK.sub("\u00b7 ", _EMPHASIS.sub(r"\\\1", escape_code(text)))


def escape_code(text: str) -> str:
    """Return text for between two backticks."""
    return _BARE_LINK.sub(lambda mark: "．" if mark[0] == "." else "：", disarm(text).translate(_TWINS))


def _word_link(link: MessageLink) -> str:
    publisher, title, note = map(escape_markdown, (link.publisher, link.title, link.note))
    href = make_href(link.url)
    linked = f"[{title or 'text'}]({href})" if href else title
    told = ": ".join(filter(None, (publisher, linked)))
    return "- " + ", ".join(filter(None, (told, note)))


def _list_rows(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a line a row: its first cell, then what the head calls the others."""
    for head, row in ((table[0], row) for row in table[1:]):
        first, *others = map(_word_cell, row)
        labels = map(escape_markdown, head[1:])
        told = [
            f"{label} {cell}".strip() for label, cell in zip_longest(labels, others, fillvalue="") if cell
        ]
        yield f"- **{first}** " + " · ".join(told) if first else "- " + " · ".join(told)


def _word_cell(cell: str) -> str:
    bar = read_bar(cell)
    return write_bar(bar) if bar else escape_markdown(cell)
