"""How the sources are doing, from the view `source_health`."""

from datetime import timedelta
from typing import Literal

from pydantic import AwareDatetime
from sqlalchemy import Connection, select

from coopwatch.warehouse.rows import columns_of, read_records
from schemas.records import Identifier, Record, SourceKind
from schemas.tables import source_health

HealthStatus = Literal["failing", "silent", "never polled", "ok", "retired"]


class SourceHealth(Record):
    """One source as an operator asks for it; what ends in `_7d` counts the last seven days."""

    source_id: Identifier
    name: str
    kind: SourceKind
    url: str
    current_url: str | None
    is_registered: bool
    silent_after_seconds: float | None
    first_polled_at: AwareDatetime | None
    last_polled_at: AwareDatetime | None
    last_success_at: AwareDatetime | None
    last_new_entry_at: AwareDatetime | None
    next_poll_at: AwareDatetime | None
    interval_seconds: float | None
    failure_weight: float
    last_error: str | None
    is_conditional: bool
    polls_7d: int
    failed_7d: int
    new_entries_7d: int
    unreadable_7d: int
    open_gaps: int
    as_of: AwareDatetime

    @property
    def silent_for(self) -> timedelta | None:
        """How long it has brought nothing new: since its last new entry, else since its first poll."""
        since = self.last_new_entry_at or self.first_polled_at
        return self.as_of - since if since else None

    @property
    def status(self) -> HealthStatus:
        """The worst that is to be said of it: failing before silent, since who fails is silent, too."""
        status: HealthStatus = "ok"
        if not self.is_registered:
            status = "retired"
        elif self.last_error is not None:
            status = "failing"
        elif self.last_polled_at is None:
            status = "never polled"
        elif self.silent_for and self.silent_after_seconds is not None:
            is_silent = self.silent_for.total_seconds() > self.silent_after_seconds
            status = "silent" if is_silent else "ok"
        return status


def read_source_health(connection: Connection) -> tuple[SourceHealth, ...]:
    """Return how every source is doing that was ever registered, by source id."""
    query = select(*columns_of(SourceHealth, source_health)).order_by(source_health.c.source_id)
    return tuple(read_records(connection, query, SourceHealth))
