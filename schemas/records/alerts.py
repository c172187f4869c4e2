"""Changes of events, and the messages about them and about the pipeline itself."""

from typing import Literal

from pydantic import AwareDatetime

from schemas.records.base import Record

ChangeKind = Literal[
    "new_event",
    "new_source",  # an independent source joined
    "changed_figure",  # another source gives another figure, without contradicting
    "conflict",  # figures or facts contradict each other now
    "new_outcome",  # a document, programme, agreement or centre that nobody told of before
    "correction",  # an article on it was corrected
]
NoticeKind = Literal[
    "digest",  # what a day or a week brought
    "silence",  # a source is silent beyond its expectation
    "stalled",  # no run has succeeded for too long
    "quality",  # the tables fail an expectation
    "undelivered",  # a route takes nothing
    "roll_up",  # alerts that a route's limit held back, as one
]
AlertKind = Literal[ChangeKind, NoticeKind]
AlertStatus = Literal["pending", "sent", "failed", "rolled_up"]


class EventChange(Record):
    """A change of an event that somebody may want to hear of.

    One change a kind and revision: `detail` says all of it, in one line.
    """

    event_id: str
    kind: ChangeKind
    revision: int
    article_id: str
    detail: str = ""


class MessageLink(Record):
    """A text that a message rests on: who published it, what it is, and where it can be read."""

    publisher: str
    title: str
    url: str
    note: str = ""  # "and 3 reprints", "text of X via Y"


class Message(Record):
    """What an alert says, before it is worded for a receiver; all of it may be hostile text.

    `facts` are label and value, in the order in which they are read: what, where, when, who, ...
    """

    title: str
    news: str = ""  # what is new, in one line
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[MessageLink, ...] = ()
    more_links: int = 0  # how many are not shown
    table: tuple[tuple[str, ...], ...] = ()  # rows of a digest or a roll-up; the first one is the head
    evidence: str = ""  # the command or address that shows everything


class Alert(Record):
    """One message to one route. `key` makes it go out once.

    `title` and `body` are its plain text; `message` is what other formats are made of.
    """

    key: str
    event_id: str | None
    kind: AlertKind
    rule: str
    route: str
    title: str
    body: str
    message: Message | None = None
    status: AlertStatus = "pending"
    attempts: int = 0
    created_at: AwareDatetime
    next_attempt_at: AwareDatetime
    sent_at: AwareDatetime | None = None
    last_error: str | None = None
    rolled_into: str | None = None  # the key of the roll-up that went out in its place
