"""Hostile bytes to text: the character set, XML that a parser may see, and text without tags.

Everything here takes time linear in its input: each scan consumes what it has read.
"""

import codecs
import html
import re
from collections.abc import Iterator
from html.entities import html5
from xml.sax.saxutils import escape

_DECLARED = re.compile(rb"""(?:charset|encoding)\s{0,20}=\s{0,20}["']?\s{0,20}([A-Za-z0-9_.:-]{2,40})""")
_TEXT_CODEC = re.compile(
    r"ascii|utf-(?:8|16|32)(?:-[bl]e)?|iso8859-\d+|cp\d+|koi8-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
    r"|iso2022_\w+|mac-\w+|tis-620|hz|johab|ptcp154|kz1048"
)
# What is labelled with the left name is nearly always the superset on the right (WHATWG Encoding).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))

_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,30});)?"
)
_DECLARATION = re.compile(r"<!\[CDATA\[|<!--|<!DOCTYPE|<[!?]", re.IGNORECASE)
_DOCTYPE_REST = re.compile(r"[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_CLOSERS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_NUMERIC_REFERENCE = re.compile(r"&(#[0-9]+|#[xX][0-9a-fA-F]+);?")

_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?=[\s/>]|\Z)")
_TAG_REST = re.compile(r"""(?:[^<>"']|"[^"]*(?:"|\Z)|'[^']*(?:'|\Z))*+""")
_INLINE_TAGS = frozenset(
    re.findall(
        r"\w+",
        """a abbr acronym audio b bdi bdo big button cite code data del em embed font i iframe img input ins
        kbd label link mark meta nobr object picture q rp rt ruby s samp small source span strike strong sub
        sup svg time tt u var video wbr""",
    )
)
_BLOCK_TAGS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure
        footer form h1 h2 h3 h4 h5 h6 head header hr html li main nav ol option p pre section select table
        tbody td tfoot th thead title tr ul""",
    )
)
_HIDDEN_TAGS = frozenset({"script", "style", "template", "noscript"})
_TAGS = _INLINE_TAGS | _BLOCK_TAGS | _HIDDEN_TAGS
HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
# Controls, surrogates, zero-width space, soft hyphen, byte order mark, and the marks that turn the
# direction of what follows. The joiners (U+200C, U+200D) stay: Persian and Indic words need them.
_INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)


def decode_body(body: bytes, content_type: str | None = None) -> str:
    """Decode a fetched body.

    Valid UTF-8 wins over what is declared; then come the byte order mark, the Content-Type, the
    document's own declaration, and windows-1252. A text that is UTF-8 but for a few broken bytes
    (a cut in the middle of a character) stays UTF-8.

    Args:
        body: the bytes as they came, content encoding undone.
        content_type: the Content-Type header, if there was one.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    for start, encoding in _UTF16_STARTS:
        if body.startswith(start):
            return body.decode(encoding, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        repaired = body.decode("utf-8", errors="replace")
    for encoding in _declared_encodings(body, content_type):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    broken = repaired.count("\ufffd")
    intact = len(repaired) - broken - sum(map(len, re.findall(r"[\0-\x7f]+", repaired)))
    return repaired if intact >= broken else body.decode("cp1252", errors="replace")


def _declared_encodings(body: bytes, content_type: str | None) -> Iterator[str]:
    """Yield the text codecs that are declared, other than UTF-8."""
    for place in ((content_type or "").encode("ascii", errors="replace"), body[:2048]):
        match = _DECLARED.search(place)
        if match is None:
            continue
        try:
            name = codecs.lookup(match[1].decode()).name
        except LookupError:
            continue
        if _TEXT_CODEC.fullmatch(name) and not name.startswith("utf-"):
            yield _SUPERSETS.get(name, name)


def repair_xml(text: str) -> str:
    """Return XML without declarations, comments and processing instructions, entities resolved.

    No entity can be declared in what is returned, so nothing expands and nothing is fetched. What
    often breaks feeds is mended: bare ampersands, HTML entities, characters that XML forbids, text
    before the first tag, a CDATA section that is never closed.
    """
    text = _NOT_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n")  # XML 1.0, 2.11
    pieces: list[str] = []
    position = 0
    missing: set[str] = set()  # closers that do not occur any more: not to be searched for again
    while match := _DECLARATION.search(text, position):
        pieces.append(_AMPERSAND.sub(_mend_reference, text[position : match.start()]))
        opener = match[0].upper()
        if opener == "<!DOCTYPE" and opener not in missing:
            missing.add(opener)  # a document has one
            if end := _DOCTYPE_REST.match(text, match.end()):
                position = end.end()
                continue
        closer = _CLOSERS.get(opener, ">")
        close = -1 if closer in missing else text.find(closer, match.end())
        position = match.end() if close < 0 else close + len(closer)
        if close < 0:
            missing.add(closer)
        if opener == "<![CDATA[":
            position = position if close >= 0 else len(text)
            section = text[match.start() : position] + ("]]>" if close < 0 else "")
            pieces.append(_NUMERIC_REFERENCE.sub(_mend_reference, section))
    pieces.append(_AMPERSAND.sub(_mend_reference, text[position:]))
    mended = "".join(pieces)
    first_tag = re.search(r"<[A-Za-z_]", mended)
    return mended[first_tag.start() :] if first_tag else ""


def _mend_reference(match: re.Match[str]) -> str:
    reference = match[1]
    if reference is None:
        return "&amp;"
    if reference[0] != "#":
        return escape(html5.get(reference + ";", match[0]))
    digits = reference[1:].lower()
    if len(digits) > 8:
        return ""
    code = int("0" + digits, 0) if digits.startswith("x") else int(digits)
    return f"&#{code};" if code <= 0x10FFFF and not _NOT_XML.match(chr(code)) else ""


def plain_text(markup: str, max_chars: int) -> str:
    """Return a title or summary as a reader sees it: no tags, no entities, white space folded.

    What merely looks like a tag ("p < 0.05", "<Ti3C2>") is text. Control characters and the marks
    that turn the direction of writing are removed.

    Args:
        markup: text or HTML; feeds seldom say which.
        max_chars: where the result is cut.
    """
    text = markup[: 20 * max_chars]
    for _ in range(2):  # some publishers escape their HTML twice
        if "<" in text:
            text = _strip_tags(text)
        if "&" not in text:
            break
        text = html.unescape(HUGE_REFERENCE.sub("", text))
    return clean_text(text)[:max_chars].rstrip()


def clean_text(text: str) -> str:
    """Return text without controls, surrogates and invisible marks, white space folded."""
    return " ".join(_INVISIBLE.sub("", text).split())


def _strip_tags(text: str) -> str:
    pieces: list[str] = []
    position = 0
    while (start := text.find("<", position)) >= 0:
        pieces.append(text[position:start])
        if text.startswith("<!--", start):
            end = text.find("-->", start)
            position = len(text) if end < 0 else end + 3
            continue
        name = _TAG_NAME.match(text, start)
        if name is None or name[1].lower() not in _TAGS:
            pieces.append("<")
            position = start + 1
            continue
        position = _TAG_REST.match(text, name.end()).end()  # type: ignore[union-attr]  # matches nothing, too
        is_closed = text.startswith(">", position)
        if not is_closed and (position < len(text) or position == name.end()):
            pieces.append(text[start:position])  # "a<b and c<d" is no tag
            continue
        position += is_closed
        tag = name[1].lower()
        pieces.append("" if tag in _INLINE_TAGS else " ")
        if tag in _HIDDEN_TAGS and text[start + 1] != "/":
            close = re.compile(f"</{tag}", re.IGNORECASE).search(text, position)
            position = close.start() if close else len(text)
    pieces.append(text[position:])
    return "".join(pieces)
