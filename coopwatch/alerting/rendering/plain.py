"""Messages as plain text: for terminals, mail without HTML, and services that know no markup."""

import unicodedata
from collections.abc import Iterator, Sequence

from coopwatch.alerting.rendering.bars import read_bar, write_bar
from coopwatch.alerting.rendering.safety import disarm, make_href
from coopwatch.wording import count, shorten
from schemas.records import Message, MessageLink

MAX_CHARS = 1_500  # of a message, tables aside: what a phone shows without a second page
_SUBJECT_CHARS = 200
_COLUMN_CHARS = 48


def render_subject(message: Message) -> str:
    """Return the title on one line, as the subject of a mail or the head of a post."""
    return shorten(disarm(message.title), _SUBJECT_CHARS)


def render_plain(message: Message, reference: str = "") -> str:
    """Return what stands below the subject.

    Args:
        message: what to say.
        reference: by which a receiver knows a repeated delivery; see `make_reference`.
    """
    lines = [disarm(message.news)] if message.news else []
    lines += [f"{disarm(label)}: {disarm(value)}" for label, value in message.facts]
    lines += _draw_table(message.table)
    closing = [disarm(message.evidence)] if message.evidence else []
    closing += [f"ref {disarm(reference)}"] if reference else []
    table_chars = sum(len(line) + 1 for line in _draw_table(message.table))
    used = sum(len(line) + 1 for line in (render_subject(message), *lines, *closing)) - table_chars
    links = list(_fit(message.links, MAX_CHARS - used - len("and 9999 more texts\n")))
    left_out = message.more_links + len(message.links) - len(links)
    more = [f"and {count(left_out, 'more text')}"] if left_out else []
    return "\n".join([*lines, *links, *more, *closing])


def _fit(links: Sequence[MessageLink], room: int) -> Iterator[str]:
    """Yield links as long as there is room; an address is never cut."""
    for link in links:
        worded = _word_link(link)
        room -= len(worded) + 1
        if room < 0:
            return
        yield worded


def _word_link(link: MessageLink) -> str:
    told = ": ".join(filter(None, (disarm(link.publisher), disarm(link.title))))
    words = ", ".join(filter(None, (told, disarm(link.note))))
    href = make_href(link.url)
    return f"{words}\n{href}" if href else words


def _draw_table(table: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with their columns below each other."""
    rows = [[_word_cell(cell) for cell in row] for row in table]
    widths = [
        max((_measure(row[at]) for row in rows if at < len(row)), default=0)
        for at in range(max(map(len, rows), default=0))
    ]
    return [
        "  ".join(
            cell + " " * (width - _measure(cell)) for cell, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in rows
    ]


def _word_cell(cell: str) -> str:
    bar = read_bar(cell)
    return write_bar(bar) if bar else shorten(disarm(cell), _COLUMN_CHARS)


def _measure(text: str) -> int:
    """Return how many columns of a terminal text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
