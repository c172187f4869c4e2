"""Sources, what polling remembers of them, and what a poll came to."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from schemas.records.base import CountryCode, Failure, Identifier, Language, Record

SourceKind = Literal["feed", "sitemap", "listing"]
PollOutcome = Literal["polled", "not_modified", "failed"]


class PollBounds(Record):
    """How often a source may be polled."""

    min: timedelta = timedelta(minutes=15)
    max: timedelta = timedelta(hours=24)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not timedelta(0) <= self.min <= self.max:
            raise ValueError("min must not be negative nor larger than max")
        return self


class SourceExpectation(Record):
    """What the operator expects of a source; less than that is an alarm."""

    silent_after: timedelta | None = None
    entries_min: int = Field(default=0, ge=0)


class ListingSelectors(Record):
    """CSS selectors for a listing page; `link`, `title` and `date` are looked up inside `item`."""

    item: str
    link: str | None = None
    title: str | None = None
    date: str | None = None


class Source(Record):
    """One feed, news sitemap or listing page of the registry."""

    id: Identifier
    name: str = Field(min_length=1)
    kind: SourceKind
    url: str
    publisher: str = Field(min_length=1)
    language: Language | None = None
    country: CountryCode | None = None
    poll: PollBounds = PollBounds()
    expect: SourceExpectation = SourceExpectation()
    listing: ListingSelectors | None = None

    @model_validator(mode="after")
    def _listing_has_selectors(self) -> Self:
        if (self.kind == "listing") != (self.listing is not None):
            raise ValueError("'listing' selectors are needed by kind listing, and by no other kind")
        return self


class PollState(Record):
    """What the warehouse remembers of a source between two polls."""

    source_id: Identifier
    next_poll_at: AwareDatetime | None = None
    last_polled_at: AwareDatetime | None = None
    last_success_at: AwareDatetime | None = None
    last_new_entry_at: AwareDatetime | None = None  # when a poll last brought something new
    interval_seconds: float | None = None
    ttl_seconds: float | None = None  # what the feed itself asked for when it was last read
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    failure_weight: float = 0.0
    last_error: str | None = None
    steady_polls: int = 0  # successive successful polls close to their schedule
    not_modified_polls: int = 0  # successive answers of 304
    is_conditional: bool = True  # False once its 304 were found to hide changes
    moved_to: str | None = None  # where permanent redirects lead
    moved_since: AwareDatetime | None = None
    current_url: str | None = None  # polled in place of the registry's once a move has held


class Gap(Record):
    """A stretch of a source's history that no poll saw: two polls without a common entry."""

    source_id: Identifier
    from_at: AwareDatetime  # the last poll that saw known entries
    to_at: AwareDatetime  # the poll that saw none of them
    filled_at: AwareDatetime | None = None  # when backfill closed it


class FeedEntry(Record):
    """One item of a feed, sitemap or listing page, before anything was fetched for it."""

    source_id: Identifier
    key: str  # identity inside its source: guid, else link, else hash of title and body
    url: str  # the address to fetch
    compare_url: str  # the address to compare; never fetched
    title: str = ""
    summary: str = ""
    published_at: AwareDatetime | None = None
    author: str | None = None
    language: Language | None = None


class ParsedEntries(Record):
    """What a feed, sitemap or listing page held: the readable items, and how many were not."""

    entries: tuple[FeedEntry, ...]
    unreadable: int = 0
    ttl: timedelta | None = None  # how long the publisher asks not to be polled again


class PollResult(Record):
    """What one poll of one source came to, with the state to remember."""

    source_id: Identifier
    outcome: PollOutcome
    polled_at: AwareDatetime
    entries: tuple[FeedEntry, ...] = ()
    unreadable: int = 0  # items that were there but could not be read
    http_status: int | None = None
    failure: Failure | None = None
    seconds: float = 0.0
    state: PollState
