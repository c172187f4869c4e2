"""What the status and headers of an answer mean, whether it came from the network or from an archive."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import responses

from coopwatch.errors import FetchError, UrlError
from coopwatch.urls import absolute_url
from schemas.records import Capture

MAX_REDIRECTS = 5
MAX_RETRY_AFTER_SECONDS = 30 * 86_400.0  # longer is a slip of somebody's pen and must not bury a source

REDIRECT_HEADER = "coopwatch-redirect"
"""A header of ours, on a capture that redirects led to: `permanent` if all of them were, else `temporary`."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
# The first three described the body on the wire; a capture holds it decompressed and dechunked. No server
# can speak for us.
_HEADERS_DROPPED = frozenset({"content-encoding", "content-length", "transfer-encoding", REDIRECT_HEADER})


def follow_redirects(url: str, exchange: Callable[[str], Capture], *, is_conditional: bool) -> Capture:
    """Ask for a URL, and for what it redirects to, until something else than a redirect comes.

    Args:
        url: an absolute URL.
        exchange: asks for one URL and returns what came, whatever its status.
        is_conditional: whether 304 may be answered.

    Returns:
        What came, with `REDIRECT_HEADER` if it was not at the URL asked for; see `is_moved_permanently`.

    Raises:
        FetchError: for the URL asked for; a failure further on says where it was.
    """
    here = url
    is_permanent = True
    try:
        for _ in range(MAX_REDIRECTS + 1):
            capture = exchange(here)
            location = capture.header("location")
            if capture.status not in _REDIRECTS or not location:
                _check_status(capture, is_conditional)
                headers = capture.headers
                if here != url:
                    headers += ((REDIRECT_HEADER, "permanent" if is_permanent else "temporary"),)
                return capture.model_copy(update={"url": url, "headers": headers})
            is_permanent = is_permanent and capture.status in _PERMANENT
            here = _resolve_location(here, location)
    except FetchError as error:
        if here == url:
            raise
        raise FetchError(
            url,
            error.kind,
            f"redirected to {here}: {error.detail}",
            http_status=error.http_status,
            retry_after_seconds=error.retry_after_seconds,
        ) from error
    raise FetchError(url, "redirects", f"more than {MAX_REDIRECTS} redirects, the last to {here}")


def is_moved_permanently(capture: Capture) -> bool:
    """Say whether redirects led to the capture, and every one of them was permanent (301 or 308)."""
    return capture.header(REDIRECT_HEADER) == "permanent"


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Return how many seconds a Retry-After header asks to wait, in either of its forms (RFC 9110 10.2.3).

    Returns:
        seconds from `now`, not negative and at most `MAX_RETRY_AFTER_SECONDS`; None if it says nothing.
    """
    value = (value or "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value)
    else:
        moment = parse_http_date(value)
        if moment is None:
            return None
        seconds = (moment - now).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def parse_http_date(value: str) -> datetime | None:
    """Return an HTTP date in UTC, or None if it is not one."""
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def keep_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the headers without those that no longer fit the body, or that only we may say."""
    return tuple((name, value) for name, value in headers if name.lower() not in _HEADERS_DROPPED)


def has_body_to_keep(status: int) -> bool:
    """Say whether the body of an answer with this status is of any use."""
    return 200 <= status < 300


def _resolve_location(here: str, location: str) -> str:
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()  # http.client reads headers as Latin-1
    try:
        return absolute_url(location, base=here)
    except UrlError as error:
        raise FetchError(
            here, "redirects", f"redirected to something else than HTTP: {error.detail}"
        ) from error


def _check_status(capture: Capture, is_conditional: bool) -> None:
    status = capture.status
    if has_body_to_keep(status) or (status == HTTPStatus.NOT_MODIFIED and is_conditional):
        return
    retry_after = parse_retry_after(capture.header("retry-after"), capture.fetched_at)
    is_limit = status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and retry_after is not None
    )
    raise FetchError(
        capture.final_url,
        "rate_limited" if is_limit else "http_status",
        f"HTTP {status} {responses.get(status, '')}".rstrip(),
        http_status=status,
        retry_after_seconds=retry_after,
    )
