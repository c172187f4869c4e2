"""The records that travel between stages.

All are frozen; all datetimes are aware and in UTC; all ids are text that is computed from
the content (see `coopwatch.identity`), except `entry_id`, which the inbox gives.

    config → poll     Source                 judge → group   Judgement
    poll → inbox      PollResult, FeedEntry  group → link    Membership
    inbox → fetch     PendingEntry           link → check    Mention, Coverage, Claim, Event
    fetch → extract   Capture                check → load    Rejection
    extract → judge   Article                load → alert    EventChange, Alert
"""

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

SourceKind = Literal["feed", "sitemap", "listing"]
PollOutcome = Literal["polled", "not_modified", "failed"]
EntryOutcome = Literal["pending", "loaded", "irrelevant", "quarantined", "failed"]
Stage = Literal["poll", "fetch", "extract", "judge", "group", "link", "check", "load", "alert"]
FailureKind = Literal[
    "dns",  # the name does not resolve
    "dns_temporary",  # the resolver could not answer now
    "private_address",  # the name leads to an address that is not public
    "refused",  # nobody listens
    "reset",  # the connection broke
    "timeout",  # idle for too long, or the total deadline passed
    "tls",  # the certificate or the handshake is wrong
    "http_status",  # an answer with an error status
    "rate_limited",  # 429, or 503 with Retry-After
    "redirects",  # too many, or to something that is not HTTP
    "too_large",  # more bytes than allowed, after decompression
    "encoding",  # the content encoding cannot be undone
    "robots",  # robots.txt forbids it
    "not_in_archive",  # a replay has no answer for this URL
    "not_a_feed",  # what came is not what the source promises
    "bad_url",  # not an absolute http(s) URL
    "too_complex",  # more elements than an article has
    "too_slow",  # extraction exceeded its time and was given up
    "no_text",  # no article text in the page
    "crashed",  # the extraction worker died
    "internal",  # an error of ours
]
PublishedFrom = Literal["feed", "json_ld", "meta", "url", "byline", "dateline"]
Precision = Literal["second", "day"]
Verdict = Literal["alert", "accept", "review", "discard"]
Facet = Literal["science", "cooperation", "international"]
Relation = Literal["origin", "same", "derived"]
MentionRole = Literal["main", "sub_event", "preview", "background"]
DateRole = Literal["event", "publication", "background", "deadline"]
YearFrom = Literal["text", "dateline", "publication", "event"]
EventKind = Literal[
    "conference",
    "agreement",
    "laboratory",
    "programme",
    "accession",
    "initiative",
    "delegation",
    "exchange",
    "facility",
]
ClaimStatus = Literal["only", "agrees", "soft_conflict", "conflict", "component", "inherited"]
ChangeKind = Literal["new_event", "new_source"]
AlertStatus = Literal["pending", "sent", "failed"]

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=80)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Record(BaseModel):
    """Base of everything that travels: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- config → poll


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


# --- a failure is a value


class Failure(Record):
    """Why one source, page or row got no further. `detail` is one line for a person."""

    stage: Stage
    kind: FailureKind
    detail: str
    is_transient: bool = False
    http_status: int | None = None
    retry_after_seconds: float | None = None

    @property
    def reason(self) -> str:
        """The one line that is stored and shown."""
        return f"{self.kind}: {self.detail}"


# --- poll → inbox


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


class PendingEntry(FeedEntry):
    """An entry taken from the inbox to be worked on."""

    entry_id: int
    attempts: int = 0
    first_seen_at: AwareDatetime


# --- fetch → extract


class Capture(Record):
    """One HTTP answer as it came, body decompressed."""

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes
    fetched_at: AwareDatetime

    def header(self, name: str) -> str | None:
        """Return the first header of that name, case-insensitively."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


# --- extract → judge


class Evidence(Record):
    """One reason for a decision: a label, what was found, and the words it was found in."""

    label: str
    value: str
    quote: str | None = None


class Attribution(Record):
    """Who stands behind a text: four different roles, and who is merely cited.

    `publisher` runs the site; `distributor` is the wire or release service that carried the
    text there; `issuer` is whose release it is; `cited_agencies` are agencies that the text
    quotes without being their copy.
    """

    publisher: str
    distributor: str | None = None
    issuer: str | None = None
    cited_agencies: tuple[str, ...] = ()
    author: str | None = None
    dateline_place: str | None = None
    release_date: date | None = None
    evidence: tuple[Evidence, ...] = ()


class Article(Record):
    """The article of one entry; `text` is free of site furniture and is what gets fingerprinted."""

    article_id: str
    entry_id: int
    source_id: Identifier
    url: str
    compare_url: str
    title: str
    text: str
    language: Language
    published_at: AwareDatetime | None = None
    published_from: PublishedFrom | None = None
    published_precision: Precision | None = None
    fetched_at: AwareDatetime
    attribution: Attribution
    extractor: str

    @property
    def dated(self) -> date | None:
        """The day the text was released or, failing that, published."""
        if self.attribution.release_date:
            return self.attribution.release_date
        return self.published_at.date() if self.published_at else None


# --- judge → group


class FiredPattern(Record):
    """A pattern of the topic file that matched; offsets are into title + newline + text."""

    facet: Facet | Literal["negative"]
    pattern: str
    quote: str
    start: int
    end: int
    weight: float


class Judgement(Record):
    """Whether an article is in scope, and everything that decided it."""

    entry_id: int
    verdict: Verdict
    score: float
    facets: dict[Facet, float]
    fired: tuple[FiredPattern, ...]
    reason: str
    topic: str
    version: str


class StoredText(Record):
    """A text that grouping compares against: stored earlier, or earlier in the same batch."""

    article_id: str
    text_group_id: str
    title: str
    text: str
    language: Language
    dated: date | None = None


# --- group → link


class Membership(Record):
    """An article's place in a text group: the origin, the same text, or a derived one."""

    article_id: str
    text_group_id: str
    relation: Relation
    matched_article_id: str | None = None
    containment: float | None = None
    shared_fingerprints: int = 0
    reason: str


# --- link → check


class PartialDate(Record):
    """A date as written: the parts that the text gives."""

    month: int = Field(ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    year: int | None = None


class DateMention(Record):
    """A date or range in a text, with what it is the date of and where its year comes from."""

    start: PartialDate
    end: PartialDate
    role: DateRole
    year_from: YearFrom | None = None
    quote: str
    offset: int


class Mention(Record):
    """A real-world event as one article speaks of it."""

    article_id: str
    role: MentionRole
    kind: EventKind
    name: str
    series: str | None = None
    edition: int | None = None
    dates: tuple[DateMention, ...] = ()
    place: str | None = None
    country: CountryCode | None = None
    participants: tuple[str, ...] = ()
    quote: str
    offset: int = 0


class Figure(Record):
    """A quantity that a text states, before it is known of which event.

    `low` and `high` bound what the words allow: "800" is 800..800, "over 80" is 80..None,
    "nearly one thousand" is 900..1000.
    """

    field: str  # attendance, attendance.PART for a component, countries, ...
    value: str  # canonical: "800", "1000"
    low: float | None = None
    high: float | None = None
    qualifier: str | None = None  # "over", "nearly", ... as a normal form; None when exact
    quote: str  # the whole sentence
    offset: int  # of the figure, in the text


class Claim(Record):
    """A figure or fact that a text states about an event, resting on one sentence.

    `status` is decided against the event's other claims. Dates are claims too: field "dates",
    value "2023-11-06/2023-11-07".
    """

    event_id: str
    article_id: str
    text_group_id: str
    field: str
    value: str
    low: float | None = None
    high: float | None = None
    qualifier: str | None = None
    quote: str
    url: str
    status: ClaimStatus = "only"


class Coverage(Record):
    """One article reporting one event: the row that analysts start from."""

    article_id: str
    event_id: str
    text_group_id: str
    role: MentionRole
    url: str
    title: str
    publisher: str
    distributor: str | None = None
    issuer: str | None = None
    family: str  # whose voice this is: the owner behind the origin of the text
    published_at: AwareDatetime | None = None
    score: float
    evidence: tuple[Evidence, ...] = ()


class Event(Record):
    """A real-world event, resolved from all its coverage and claims."""

    event_id: str
    series: str | None = None
    edition: int | None = None
    name: str
    kind: EventKind
    start_date: date | None = None
    end_date: date | None = None
    place: str | None = None
    country: CountryCode | None = None
    participants: tuple[str, ...] = ()
    articles: int = 0
    text_groups: int = 0
    independent_sources: int = 0
    revision: int = 1
    first_seen_at: AwareDatetime
    updated_at: AwareDatetime


class EventRelation(Record):
    """Two events that belong together without being one."""

    event_id: str
    other_event_id: str
    kind: Literal["same_series", "mentioned"]
    article_id: str | None = None
    quote: str | None = None


class Dossier(Record):
    """An event with all that is known of it: what linking reads and resolution writes."""

    event: Event
    coverage: tuple[Coverage, ...] = ()
    claims: tuple[Claim, ...] = ()


# --- check → load


class Rejection(Record):
    """Why a record is quarantined, with the record itself."""

    entry_id: int
    stage: Stage
    rule: str
    rule_version: str
    reason: str
    record: dict[str, object]


# --- load → alert


class EventChange(Record):
    """A change of an event that somebody may want to hear of."""

    event_id: str
    kind: ChangeKind
    revision: int
    article_id: str


class Alert(Record):
    """One message to one route. `key` makes it go out once."""

    key: str
    event_id: str
    kind: ChangeKind
    rule: str
    route: str
    title: str
    body: str
    status: AlertStatus = "pending"
    attempts: int = 0
    created_at: AwareDatetime
    next_attempt_at: AwareDatetime
    sent_at: AwareDatetime | None = None
    last_error: str | None = None


# --- the outcome of one entry, and of a batch


class EntryResult(Record):
    """Where an entry ends, and why; written in the same transaction as what it led to."""

    entry_id: int
    outcome: EntryOutcome
    stage: Stage
    reason: str
    article_id: str | None = None
    next_attempt_at: AwareDatetime | None = None


class Batch(Record):
    """All that one transaction writes."""

    results: tuple[EntryResult, ...]
    judgements: tuple[Judgement, ...] = ()
    articles: tuple[Article, ...] = ()
    memberships: tuple[Membership, ...] = ()
    fingerprints: dict[str, tuple[int, ...]] = {}  # article_id → sampled shingle hashes, signed 64 bit
    dossiers: tuple[Dossier, ...] = ()  # events that are new or changed, whole
    relations: tuple[EventRelation, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    alerts: tuple[Alert, ...] = ()


# --- the run


class SourceCounts(Record):
    """Sources of one run."""

    due: int = 0
    polled: int = 0
    not_modified: int = 0
    failed: int = 0


class EntryCounts(Record):
    """Entries of one run; `pending` is what waits now."""

    new: int = 0
    loaded: int = 0
    irrelevant: int = 0
    quarantined: int = 0
    failed: int = 0
    pending: int = 0


class TextCounts(Record):
    """Texts of one run: new ones, and reprints that were collapsed into the text they repeat."""

    new: int = 0
    reprints: int = 0


class EventCounts(Record):
    """Events of one run."""

    new: int = 0
    updated: int = 0


class AlertCounts(Record):
    """Alerts of one run; `pending` and `failed` are what the outbox holds now."""

    sent: int = 0
    pending: int = 0
    failed: int = 0


class ReasonCount(Record):
    """How many entries of a run ended for one kind of reason."""

    outcome: EntryOutcome
    stage: Stage
    reason: str
    entries: int


class RunSummary(Record):
    """What one monitor run came to.

    `carried_over + entries.new` equals the sum of the other entry counts.
    """

    run_id: str
    started_at: AwareDatetime
    carried_over: int = 0
    sources: SourceCounts = SourceCounts()
    entries: EntryCounts = EntryCounts()
    reasons: tuple[ReasonCount, ...] = ()  # of the entries that were not loaded
    texts: TextCounts = TextCounts()
    events: EventCounts = EventCounts()
    alerts: AlertCounts = AlertCounts()
    seconds: dict[str, float] = {}
