"""All text of a page, taken cheaply: in a tenth of the time that finding the article takes.

Teasers and captions are in it. Where the text of an article stands in a script alone, it is not.
"""

from coopwatch.markup import decode_body

MAX_PAGE_CHARACTERS = 4_000_000  # of 258 real pages the largest has 3,300,000


_NEVER_ARTICLE = ("nav", "footer")
_TEXT_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain"})


def is_text(content_type: str) -> bool:
    """Tell whether a body of this type holds text that can be taken."""
    return content_type.partition(";")[0].strip().lower() in _TEXT_TYPES


def read_plain_text(body: bytes, content_type: str) -> str:
    """Return title and text of a page, without menus; in that of HTML all white space is single blanks.

    Args:
        body: the page as it came, or a plain text.
        content_type: the header, with or without a charset; empty where there was none.
    """
    from resiliparse.extract.html2text import extract_plain_text  # loads an HTML engine
    from resiliparse.parse.html import HTMLTree

    page = decode_body(body, content_type)[:MAX_PAGE_CHARACTERS]
    if content_type.partition(";")[0].strip().lower() == "text/plain":
        return page
    tree = HTMLTree.parse(page)
    text = extract_plain_text(
        tree, preserve_formatting=False, list_bullets=False, alt_texts=False, skip_elements=_NEVER_ARTICLE
    )
    return f"{tree.title or ''}\n{text}"
