"""Ids that are computed, so that a run that is started again writes the same rows."""

import hashlib


def hash_text(*parts: str, length: int = 16) -> str:
    """Return a hexadecimal hash of the parts, `length` characters long."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


def make_article_id(compare_url: str) -> str:
    """Return the id of the article behind a comparison URL."""
    return "a-" + hash_text(compare_url)


def make_text_group_id(article_id: str) -> str:
    """Return the id of the text group that an article founds."""
    return "t-" + article_id.removeprefix("a-")


def make_event_id(series: str | None, edition: int | None, year: int | None, article_id: str) -> str:
    """Return the id of an event.

    A series with an edition or a year names the event for everybody ("brst-1", "cop-2025"), so two
    runs that meet it at the same time write the same row; any other event is named after the
    article that founded it.
    """
    if series and edition is not None:
        return f"{series}-{edition}"
    if series and year is not None:
        return f"{series}-{year}"
    return "e-" + article_id.removeprefix("a-")
