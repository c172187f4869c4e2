"""Which raw records cannot be an article, told from their headers alone."""

from http import HTTPStatus

from coopwatch.backfill.archives import RawRecord

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_LEAST_BYTES = 500  # on the wire, compressed or not: less holds no article


def decide_bounds(record: RawRecord, max_bytes: int) -> str | None:
    """Return why a record is discarded unseen, None if it may be an article.

    Args:
        record: as it lies in the archive.
        max_bytes: what a page may have.
    """
    if record.status != HTTPStatus.OK:
        return "status"
    if record.header("content-type").partition(";")[0].strip().lower() not in _HTML_TYPES:
        return "content type"
    if record.size_bytes > max_bytes:
        return "too large"
    if record.size_bytes < _LEAST_BYTES:
        return "too small"
    return None
