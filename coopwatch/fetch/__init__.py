"""Fetching over HTTP: polite, bounded in bytes and seconds, and only to public addresses.

The only package that imports `requests`. One question a module:

    client      how a URL is asked for: `HttpFetcher`
    transport   which socket is opened for it, and how long it may stay silent
    addresses   which addresses may be connected to
    decoding    how a body is decompressed without ever holding too much of it
    answers     what a status and its headers mean: redirects, errors, Retry-After
    faults      which kind of failure an exception is
"""

from coopwatch.fetch.answers import MAX_REDIRECTS, REDIRECT_HEADER, is_moved_permanently, parse_retry_after
from coopwatch.fetch.client import NO_HEADERS, Fetcher, HttpFetcher
from coopwatch.fetch.faults import ConnectError

__all__ = [
    "MAX_REDIRECTS",
    "NO_HEADERS",
    "REDIRECT_HEADER",
    "ConnectError",
    "Fetcher",
    "HttpFetcher",
    "is_moved_permanently",
    "parse_retry_after",
]
