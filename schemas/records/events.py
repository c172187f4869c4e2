"""Real-world events: how articles speak of them, what they claim, and what is known."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from schemas.records.base import CountryCode, Evidence, Record

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
ClaimStatus = Literal["only", "agrees", "compatible", "soft_conflict", "conflict", "component", "inherited"]
RelationKind = Literal["same_series", "mentioned", "sub_event", "follow_up", "announcement_of"]
PinKind = Literal["must_link", "cannot_link"]
IdentityChangeKind = Literal["merge", "split", "pin", "unpin"]


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

    `quote_start` and `quote_end` are its offsets in title + newline + text of that version of the
    article. `scope` is what part of the event it is about, `asserted_by` who says so: the issuer or
    publisher, or the person or body that the sentence names. `status` is decided against the event's
    other claims. Dates are claims too: field "dates", value "2023-11-06/2023-11-07".
    """

    event_id: str
    article_id: str
    text_group_id: str
    field: str
    value: str
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    qualifier: str | None = None
    scope: str | None = None
    quote: str
    quote_start: int = 0
    quote_end: int = 0
    article_version: int = 1
    extractor: str = ""  # version of what found it
    asserted_by: str = ""
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
    linked_by: str = ""  # version of the rules, or the analyst
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
    merged_into: str | None = None  # the event that holds what was this one's
    first_seen_at: AwareDatetime
    updated_at: AwareDatetime


class EventRelation(Record):
    """Two events that belong together without being one."""

    event_id: str
    other_event_id: str
    kind: RelationKind
    article_id: str | None = None
    quote: str | None = None


class Dossier(Record):
    """An event with all that is known of it: what linking reads and resolution writes."""

    event: Event
    coverage: tuple[Coverage, ...] = ()
    claims: tuple[Claim, ...] = ()


class Pin(Record):
    """What an analyst decided of an article and an event; no rule overrules it."""

    pin_id: str
    kind: PinKind
    article_id: str
    event_id: str
    actor: str
    note: str = ""
    created_at: AwareDatetime
    revoked_at: AwareDatetime | None = None


class IdentityChange(Record):
    """Two events that became one, or one that became two: what went where, by whom and why."""

    kind: IdentityChangeKind
    event_id: str  # the event that stays
    other_event_id: str | None = None  # merged into it, or split off it
    article_ids: tuple[str, ...] = ()  # whose coverage moved
    actor: str  # an analyst, or "rules"
    rule_version: str
    reason: str
