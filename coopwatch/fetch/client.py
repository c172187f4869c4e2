"""How a URL is asked for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Protocol, Self

import requests
from requests.cookies import RequestsCookieJar

from coopwatch import __version__
from coopwatch.errors import ConfigError, FetchError, UrlError
from coopwatch.fetch.addresses import Resolve, resolve_by_system
from coopwatch.fetch.answers import follow_redirects, has_body_to_keep, keep_headers
from coopwatch.fetch.decoding import ACCEPT_ENCODING, CHUNK_BYTES, read_body
from coopwatch.fetch.faults import LIBRARY_ERRORS, describe_fault
from coopwatch.fetch.transport import Budget, Gate, GuardedAdapter, current_budget
from coopwatch.settings import Settings
from coopwatch.urls import absolute_url
from schemas.records import Capture

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html, */*;q=0.8"
# Hosts with a connection kept open, one each: a cycle over some hundred hosts would else make each anew,
# and more would come near the usual limit of 1,024 files.
_POOLS = 600


class Fetcher(Protocol):
    """Whatever answers requests: the network, an archive, a newsroom made for a test."""

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS) -> Capture:
        """Return what a URL answers.

        Args:
            url: an absolute http(s) URL.
            headers: more headers to send, such as those of a conditional request.

        Returns:
            The answer, its body decompressed; status 304 only if the request was conditional.

        Raises:
            FetchError: there is no answer, or one with an error status.
        """
        ...


class HttpFetcher:
    """Fetches over HTTP with pooled connections; safe to share among threads.

    Only GET, no proxy, no cookie that outlives its URL. A capture has the headers as they came, but for
    Content-Encoding, Content-Length and Transfer-Encoding, which no longer fit its body.

    Args:
        settings: bounds of time and bytes, private hosts that are allowed, the contact.
        resolve: turns host names into addresses.

    Raises:
        ConfigError: the contact cannot stand in a header, or the certificate authorities cannot be read.
    """

    def __init__(self, settings: Settings, *, resolve: Resolve = resolve_by_system) -> None:
        self._settings = settings
        self._headers = {
            "User-Agent": make_user_agent(settings.contact),
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        self._adapter = GuardedAdapter(
            Gate(settings.allow_private_hosts, resolve),
            pools=max(_POOLS, 2 * settings.fetch_threads),
            connections=1,
        )

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS) -> Capture:
        """Return what a URL answers, after at most `MAX_REDIRECTS` redirects; see `Fetcher.get`.

        Raises:
            FetchError: there is no answer, or one with an error status.
        """
        try:
            first = absolute_url(url)
        except UrlError as error:
            raise FetchError(url, "bad_url", error.detail) from None
        settings = self._settings
        budget = Budget.start(url, settings.fetch_timeout_seconds, settings.fetch_idle_seconds)
        token = current_budget.set(budget)
        cookies = RequestsCookieJar()  # some sites redirect in a circle until they get their cookie back
        is_conditional = not {"if-none-match", "if-modified-since"}.isdisjoint(map(str.lower, headers))
        try:
            return follow_redirects(
                first, lambda here: self._exchange(here, headers, cookies), is_conditional=is_conditional
            )
        finally:
            current_budget.reset(token)

    def _exchange(self, url: str, headers: Mapping[str, str], cookies: RequestsCookieJar) -> Capture:
        """Ask for one URL and return what came; the body only where it is of use."""
        try:
            request = requests.Request("GET", url, {**self._headers, **headers}, cookies=cookies).prepare()
            idle_seconds = self._settings.fetch_idle_seconds
            # the adapter and not a session: a session reads the bodies of redirects, without any bound
            with self._adapter.send(request, stream=True, timeout=idle_seconds) as response:
                cookies.update(response.cookies)
                raw = response.raw
                body = b""
                if has_body_to_keep(response.status_code):
                    if (raw.length_remaining or 0) > self._settings.fetch_max_bytes:
                        raise FetchError(url, "too_large", f"{raw.length_remaining:,} bytes")
                    body = read_body(
                        iter(lambda: raw.read(CHUNK_BYTES, decode_content=False), b""),
                        response.headers.get("Content-Encoding"),
                        url=url,
                        max_bytes=self._settings.fetch_max_bytes,
                    )
                elif raw.length_remaining == 0:
                    raw.read(1)  # sees the end, so that the connection stays open for the next request
                return Capture(
                    url=url,
                    final_url=url,
                    status=response.status_code,
                    headers=keep_headers(raw.headers.items()),
                    body=body,
                    fetched_at=datetime.now(UTC),
                )
        except LIBRARY_ERRORS as error:
            raise describe_fault(url, error) from error

    def close(self) -> None:
        """Close the pooled connections."""
        self._adapter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def make_user_agent(contact: str) -> str:
    """Return the User-Agent header: what this is, and whom to ask about it.

    Raises:
        ConfigError: the contact has characters that cannot stand in a header.
    """
    if not (contact.isascii() and (contact == "" or contact.isprintable())):
        raise ConfigError(f"COOPWATCH_CONTACT={contact!r}: only printable ASCII characters can be sent")
    comment = "; ".join(filter(None, ("news monitor", contact)))
    return f"coopwatch/{__version__} ({comment})"
