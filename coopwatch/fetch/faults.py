"""Which kind of failure an exception of requests, urllib3 or the standard library is."""

import http.client
import ssl
from collections.abc import Iterator

import requests
import urllib3

from coopwatch.errors import FetchError
from schemas.records import FailureKind

LIBRARY_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    UnicodeError,
)
"""What `HTTPAdapter.send` and the reading of its body may raise."""


class ConnectError(FetchError):
    """No connection to the host could be made: what failed is the host, not the one URL.

    Only for the host of the URL asked for; behind a redirect it is a plain `FetchError`.
    """


_DEPTH = 8  # of exceptions inside exceptions; requests wraps urllib3, which wraps the standard library

# The first row of which a type is found anywhere among the causes decides; so the narrow come first.
_KINDS: tuple[tuple[tuple[type[BaseException], ...], FailureKind, str], ...] = (
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), "reset", "the connection broke during the TLS handshake"),
    ((ssl.SSLError, ssl.CertificateError), "tls", "the TLS handshake failed"),
    ((TimeoutError, urllib3.exceptions.TimeoutError), "timeout", "no answer in time"),
    ((ConnectionRefusedError,), "refused", "nobody listens there"),
    ((http.client.LineTooLong,), "too_large", "the headers are larger than allowed"),
    ((http.client.RemoteDisconnected,), "reset", "the server closed the connection without an answer"),
    ((http.client.BadStatusLine, http.client.UnknownProtocol), "reset", "the answer is not HTTP"),
    ((http.client.IncompleteRead, urllib3.exceptions.IncompleteRead), "reset", "the body was cut short"),
    ((ConnectionError,), "reset", "the connection broke"),
    ((urllib3.exceptions.InvalidHeader,), "reset", "the headers contradict each other"),
    (
        (
            http.client.InvalidURL,
            requests.exceptions.InvalidURL,
            requests.exceptions.MissingSchema,
            requests.exceptions.InvalidSchema,
            urllib3.exceptions.LocationValueError,
            UnicodeError,
        ),
        "bad_url",
        "not a URL that can be asked for",
    ),
    ((urllib3.exceptions.ProtocolError,), "reset", "the connection broke"),
)


def describe_fault(url: str, error: BaseException) -> FetchError:
    """Return the failure that an exception stands for, found by the types of it and of its causes."""
    causes = tuple(_causes(error))
    # http.client says "more than 100 headers" by its base class
    if any(type(cause) is http.client.HTTPException for cause in causes):
        return FetchError(url, "too_large", "more headers than allowed")
    for types, kind, sentence in _KINDS:
        for cause in causes:
            if isinstance(cause, types):
                return FetchError(url, kind, f"{sentence}{_reason(cause)}")
    return FetchError(url, "internal", f"unexpected {type(error).__name__}")


def _causes(error: BaseException, depth: int = _DEPTH) -> Iterator[BaseException]:
    yield error
    if depth:
        for inner in (error.__cause__, getattr(error, "reason", None), *error.args):
            if isinstance(inner, BaseException):
                yield from _causes(inner, depth - 1)


def _reason(error: BaseException) -> str:
    """Return what a TLS failure adds; the other sentences say all there is."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f": {error.verify_message.rstrip('.')}"
    reason = getattr(error, "reason", None) if isinstance(error, ssl.SSLError) else None
    return f": {reason.lower().replace('_', ' ')}" if isinstance(reason, str) else ""
