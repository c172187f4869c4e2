"""The text of a page, taken cheaply: in one pass over its bytes, in a twentieth of what extraction takes.

No tree is built. The page is cut at every tag, scripts and menus are skipped, and a block of which most is
in links is dropped, as teasers are: the share of links tells text from what surrounds it as well as any
cheap sign (Kohlschütter, Fankhauser and Nejdl, "Boilerplate detection using shallow text features", WSDM
2010). Captions are in it. Where the text of an article stands in a script alone, it is not.
"""

import html
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence

from coopwatch.markup import HUGE_REFERENCE, decode_body

MAX_PAGE_BYTES = 8_000_000  # of 258 real pages the largest has 3,300,000
MAX_TAGS = 200_000  # extraction refuses a page with far fewer

_TEXT_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain"})
_COMMENT, _COMMENT_END = b"!--", b"-->"
_SKIPPED = frozenset(b"!-- footer iframe nav noscript script select style svg template textarea".split())
_INLINE = b"""abbr acronym b bdi bdo big button cite code data del dfn em font i img input ins kbd label link
    mark meta nobr q s samp small source span strike strong sub sup time tt u var wbr""".split()
_BLOCKS = b"article aside div figure h2 h3 h4 header li main p picture section td tr ul".split()
_TOLD_APART = b"a h1".split()
# What is told of the tags that stand on nearly all pages; what is not here is looked at more closely.
_KNOWN = {
    slash + name: b"" if names is _INLINE else slash + name
    for names in (_INLINE, _BLOCKS, _TOLD_APART)
    for name in names
    for slash in (b"", b"/")
}
_MARKS = (b"/", b"!", b"?")  # what may begin a tag, other than a letter
_NAME_BYTES = 12  # of which a name is read, with its slash; longer ones are of blocks
_HEADING = 1_000  # bytes of text that a first heading counts as more, linked or not
_LONGEST_LINK = 1_000  # bytes of text; a link that goes on was never closed


def is_text(content_type: str) -> bool:
    """Tell whether a body of this type holds text that can be taken."""
    return content_type.partition(";")[0].strip().lower() in _TEXT_TYPES


def read_plain_text(body: bytes, content_type: str) -> str:
    """Return title and text of a page, without menus and teasers; of HTML, every block is a line.

    Args:
        body: the page as it came, or a plain text.
        content_type: the header, with or without a charset; empty where there was none.
    """
    page = body[:MAX_PAGE_BYTES]
    if content_type.partition(";")[0].strip().lower() == "text/plain":
        return decode_body(page, content_type)
    found = _read_blocks(page.removeprefix(BOM_UTF8))
    try:
        text = found.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # no UTF-8: what looks like a tag may be part of another character
        decoded = decode_body(page, content_type).replace("\0", " ")
        text = _read_blocks(decoded.encode(errors="replace")).decode()
    return html.unescape(HUGE_REFERENCE.sub("", text)) if "&" in text else text


def _read_blocks(page: bytes) -> bytes:
    """Return the blocks of a page that are not mostly links, one a line; a first heading always."""
    pieces = page.split(b"<", MAX_TAGS)
    blocks: list[bytes] = []
    block = [pieces[0]]
    own, linked = len(pieces[0]), 0  # bytes of text outside and inside of links
    left = 0  # bytes that the link may still have
    for name, text in _read_tags(pieces[1:MAX_TAGS], _SKIPPED):
        if name:
            if name == b"a":
                left = _LONGEST_LINK
            elif name == b"/a":
                left = 0
            else:
                if block and own >= linked:
                    blocks.append(b"".join(block))
                own, linked, block = _HEADING if name == b"h1" else 0, 0, []
        if text and not text.isspace():
            block.append(text)
            inside = min(left, len(text))
            left -= inside
            linked += inside
            own += len(text) - inside
    if own >= linked:
        blocks.append(b"".join(block))
    return b"\n".join(b" ".join(found.split()) for found in blocks)


def _read_tags(pieces: Sequence[bytes], skipped: frozenset[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield of every tag its name, which is empty for what is part of a line, and the text behind it.

    Args:
        pieces: a page cut before every tag.
        skipped: comments, and elements of which nothing is text; one that never ends is read all the same.
    """
    skipping = awaited = b""  # what is being skipped, and what ends it
    opened = 0
    for number, piece in enumerate(pieces):
        if skipping:
            if skipping == _COMMENT or (piece[:1] == b"/" and piece[: len(awaited)].lower() == awaited):
                _, end, text = piece.partition(_COMMENT_END if skipping == _COMMENT else b">")
                if end:
                    skipping = b""
                    yield b"", text
            continue
        tag, _, text = piece.partition(b">")
        known = _KNOWN.get(tag.partition(b" ")[0])
        if known is not None:
            if known or not text.isspace():
                yield known, text
            continue
        name = _COMMENT if piece.startswith(_COMMENT) else _read_name(tag)
        if not piece[:1].isalpha() and piece[:1] not in _MARKS:
            yield b"", b"<" + piece  # no tag but a sign
        elif name not in skipped or (name != _COMMENT and tag.endswith(b"/")):
            yield _KNOWN.get(name, name), text
        elif name == _COMMENT and _COMMENT_END in piece:
            yield b"", piece.partition(_COMMENT_END)[2]
        else:
            skipping, awaited, opened = name, b"/" + name, number
    if skipping:
        yield from _read_tags(pieces[opened:], skipped - {skipping})


def _read_name(tag: bytes) -> bytes:
    words = tag[:_NAME_BYTES].split(None, 1)
    return words[0].rstrip(b"/").lower() if words else b""
