"""Polling sources and fetching pages: many at once, fair to every host, each outcome a value."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Protocol

from coopwatch.conditions import conditional_headers, is_canary, suspect, validators_of
from coopwatch.errors import UrlError
from coopwatch.failures import Parked, make_failure, make_internal_failure
from coopwatch.fairness import host_key, run_fairly
from coopwatch.fetch import Fetcher
from coopwatch.politeness import Manners
from coopwatch.polling import address_of, after_failure, after_not_modified, after_parking, after_success
from coopwatch.settings import Settings
from schemas.records import (
    Capture,
    Failure,
    ParsedEntries,
    PendingEntry,
    PollResult,
    PollState,
    Source,
    SourceKind,
)

_log = logging.getLogger(__name__)


class Parser(Protocol):
    """Reads what a source answers."""

    def __call__(
        self, body: bytes, *, source: Source, base_url: str, content_type: str | None, now: datetime
    ) -> ParsedEntries:
        """Return the entries; raises ParseError."""
        ...


def load_parser(kind: SourceKind) -> Parser:
    """Return what reads a kind of source; it is loaded when a source has something new, as most have not."""
    if kind == "sitemap":
        from coopwatch.sitemaps import parse_sitemap

        return parse_sitemap
    if kind == "listing":
        from coopwatch.listings import parse_listing

        return parse_listing
    from coopwatch.feeds import parse_feed

    return parse_feed


# --- polling sources


def poll_sources(
    sources: Iterable[Source],
    states: Mapping[str, PollState],
    fetcher: Fetcher,
    settings: Settings,
    now: datetime,
    *,
    parser_of: Callable[[SourceKind], Parser] = load_parser,
    manners: Manners | None = None,
) -> Iterator[PollResult]:
    """Poll sources and yield what each came to, as they finish.

    Args:
        sources: those that are due, in the order to begin with.
        states: what is remembered, by source id.
        fetcher: answers requests.
        settings: how many at once, and how many to a host.
        now: the time of the run.
        parser_of: gives what reads a kind of source.
        manners: what the run knows of its hosts; without it this call begins to learn.
    """
    polite = manners or Manners(settings)
    started = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    def poll(source: Source) -> PollResult:
        began = time.monotonic()
        state = states.get(source.id)

        def get(headers: Mapping[str, str]) -> Capture:
            url = address_of(source, state)
            return polite.fetch(fetcher, url, headers=headers, obeys_robots=source.kind == "listing")

        def read(capture: Capture, read_at: datetime) -> ParsedEntries:
            if _is_index(source, capture):
                from coopwatch.sitemaps import read_sitemap

                follow = partial(polite.fetch, fetcher, obeys_robots=False)
                return read_sitemap(capture, source=source, now=read_at, get=follow)
            return parser_of(source.kind)(
                capture.body,
                source=source,
                base_url=capture.final_url,
                content_type=capture.header("content-type"),
                now=read_at,
            )

        try:
            result = _poll(source, state, get, read, now=now, clock=clock)
        except UrlError as error:
            result = _fail(source, state, make_failure(error, "poll"), clock())
        except Exception as error:  # noqa: BLE001 - what is wrong with one source must not stop the others
            result = _fail(source, state, make_internal_failure(error, "poll", source.url), clock())
        return result.model_copy(update={"seconds": time.monotonic() - began})

    return run_fairly(
        sources,
        poll,
        key=lambda source: host_key(address_of(source, states.get(source.id))),
        threads=settings.fetch_threads,
        per_key=settings.fetch_per_host,
        claim=polite.claim,
    )


def _poll(
    source: Source,
    state: PollState | None,
    get: Callable[[Mapping[str, str]], Capture],
    read: Callable[[Capture, datetime], ParsedEntries],
    *,
    now: datetime,
    clock: Callable[[], datetime],
) -> PollResult:
    capture = get(conditional_headers(state))
    polled_at = clock()
    body_sha256 = hashlib.sha256(capture.body).hexdigest()
    # a hash is remembered only of a body that could be read
    if state and (capture.status == HTTPStatus.NOT_MODIFIED or body_sha256 == state.body_sha256):
        return PollResult(
            source_id=source.id,
            outcome="not_modified",
            polled_at=polled_at,
            http_status=capture.status,
            state=after_not_modified(source, state, capture, now=now, polled_at=polled_at),
        )
    parsed = read(capture, polled_at)
    known = after_success(
        source, state, capture, body_sha256=body_sha256, ttl=parsed.ttl, now=now, polled_at=polled_at
    )
    if state and is_canary(state) and _is_still_called_unmodified(state, get):
        _log.warning("%s: has changed, and is called not modified by %s", source.id, capture.final_url)
        known = suspect(known)
    if _is_index(source, capture):  # it may stay the same while its children change
        known = known.model_copy(update={"etag": None, "last_modified": None, "body_sha256": None})
    return PollResult(
        source_id=source.id,
        outcome="polled",
        polled_at=polled_at,
        entries=parsed.entries,
        unreadable=parsed.unreadable,
        http_status=capture.status,
        state=known,
    )


def _is_index(source: Source, capture: Capture) -> bool:
    if source.kind != "sitemap":
        return False
    from coopwatch.sitemaps import is_index

    return is_index(capture)


def _is_still_called_unmodified(state: PollState, get: Callable[[Mapping[str, str]], Capture]) -> bool:
    """Ask whether a document that has changed has changed since it was last read."""
    try:
        return get(validators_of(state)).status == HTTPStatus.NOT_MODIFIED
    except UrlError:
        return False


def _fail(source: Source, state: PollState | None, failure: Failure, polled_at: datetime) -> PollResult:
    decide = after_parking if isinstance(failure, Parked) else after_failure
    return PollResult(
        source_id=source.id,
        outcome="failed",
        polled_at=polled_at,
        http_status=failure.http_status,
        failure=failure,
        state=decide(source, state, failure, polled_at),
    )


# --- fetching pages


def fetch_entries(
    entries: Iterable[PendingEntry],
    fetcher: Fetcher,
    settings: Settings,
    *,
    manners: Manners | None = None,
) -> Iterator[tuple[PendingEntry, Capture | Failure]]:
    """Fetch the pages of entries and yield each with its page or its failure, as they finish.

    Args:
        entries: in the order to begin with.
        fetcher: answers requests.
        settings: how many at once, and how many to a host.
        manners: what the run knows of its hosts; without it this call begins to learn.
    """
    polite = manners or Manners(settings)

    def fetch(entry: PendingEntry) -> tuple[PendingEntry, Capture | Failure]:
        try:
            return entry, polite.fetch(fetcher, entry.url, obeys_robots=True)
        except UrlError as error:
            return entry, make_failure(error, "fetch")
        except Exception as error:  # noqa: BLE001 - what is wrong with one page must not stop the others
            return entry, make_internal_failure(error, "fetch", entry.url)

    return run_fairly(
        entries,
        fetch,
        key=lambda entry: host_key(entry.url),
        threads=settings.fetch_threads,
        per_key=settings.fetch_per_host,
        claim=polite.claim,
    )
