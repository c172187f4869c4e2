"""What is hostile in a message made harmless: whatever renders one passes every text of it through here."""

import re
import unicodedata

from coopwatch.errors import UrlError
from coopwatch.urls import absolute_url
from coopwatch.wording import fold

_JOINERS = "\u200c\u200d"  # letters of Persian and Hindi are shaped by them
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")
_MENTION = re.compile(r"@(?=\S)")
_ENTITY = re.compile(r"&(#?\w{1,31});")
_IN_URL = {ord(mark): f"%{ord(mark):02X}" for mark in "()[]|*@'\"<>`\\"}


def tidy(text: str) -> str:
    """Return text on one line, without characters that steer a terminal or the direction of writing."""
    folded = fold(text)
    if folded.isascii() and folded.isprintable():
        return folded
    kept = (c for c in folded if c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    return fold("".join(kept))


def disarm(text: str) -> str:
    """Return tidy text that chat services take for nothing but text.

    They read `<!channel>` (also as entities), `<@U1>`, `<https://x|y>` and `@everyone` in plain text, too,
    each its own way and with no common way to escape them: these marks become others that look like them.
    """
    return _ENTITY.sub(r"＆\1;", _MENTION.sub("＠", tidy(text).replace("<", "‹").replace(">", "›")))


def make_href(url: str) -> str | None:
    """Return an address that may become a link: http or https, ASCII, no mark of markup or mention in it."""
    try:
        return _ENTITY.sub(r"&\1%3B", absolute_url(url).translate(_IN_URL))
    except UrlError:
        return None
