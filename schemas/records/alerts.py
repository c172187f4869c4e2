"""Changes of events, and the messages about them."""

from typing import Literal

from pydantic import AwareDatetime

from schemas.records.base import Record

ChangeKind = Literal["new_event", "new_source"]
AlertStatus = Literal["pending", "sent", "failed"]


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
