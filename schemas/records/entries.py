"""Entries of the inbox, what was fetched for them, and where they end."""

from pydantic import AwareDatetime

from schemas.records.base import EntryOutcome, Record, Stage
from schemas.records.sources import FeedEntry


class PendingEntry(FeedEntry):
    """An entry taken from the inbox to be worked on."""

    entry_id: int
    attempts: int = 0
    revises: int | None = None  # the entry of the same source that it lists again under another title
    first_seen_at: AwareDatetime


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


class EntryResult(Record):
    """Where an entry ends, and why; written in the same transaction as what it led to."""

    entry_id: int
    outcome: EntryOutcome
    stage: Stage
    reason: str
    article_id: str | None = None
    next_attempt_at: AwareDatetime | None = None


class Rejection(Record):
    """Why a record is quarantined, with the record itself."""

    entry_id: int
    stage: Stage
    rule: str
    rule_version: str
    reason: str
    record: dict[str, object]
    gate_version: str = ""  # of all the rules that were in force
    extractor: str = ""  # what had made the record
