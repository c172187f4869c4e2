"""What a span of time brought, and when the pipeline last worked."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection, func, select

from coopwatch.warehouse.rows import chunked, columns_of, read_pairs, read_records
from schemas.records import ChangeKind, EntryOutcome, Event, Record
from schemas.tables import alert, coverage, entry, event, event_change, run

RUNS_LOOKED_AT = (
    500  # finished runs; if all of those failed, the oldest of them is as good as the last success
)


class PeriodChange(Record):
    """A change of an event in a period."""

    event_id: str
    name: str
    kind: ChangeKind
    detail: str


class Period(Record):
    """What a span of time brought; `until` is not part of it.

    Attributes:
        since: its beginning.
        until: its end.
        new_events: those first known in it, the one that most articles cover first.
        changes: of events, in the order in which they were recorded; new events aside.
        covered: events that articles were linked to in it, with how many.
        covered_at: when each of those articles was.
        outcomes: how many entries were decided in it, by outcome.
        alerts_sent: how many messages went out in it.
    """

    since: AwareDatetime
    until: AwareDatetime
    new_events: tuple[Event, ...] = ()
    changes: tuple[PeriodChange, ...] = ()
    covered: tuple[tuple[Event, int], ...] = ()
    covered_at: tuple[AwareDatetime, ...] = ()
    outcomes: dict[EntryOutcome, int] = Field(default_factory=dict)
    alerts_sent: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be told of events."""
        return not (self.new_events or self.changes or self.covered)


def read_period(connection: Connection, since: datetime, until: datetime) -> Period:
    """Return what a span of time brought; events that were merged into others are not told."""
    stands = event.c.merged_into.is_(None)
    found = select(*columns_of(Event, event)).where(
        stands, event.c.first_seen_at >= since, event.c.first_seen_at < until
    )
    changed = (
        select(event_change.c.event_id, event.c.name, event_change.c.kind, event_change.c.detail)
        .join(event, event.c.event_id == event_change.c.event_id)
        .where(
            stands,
            event_change.c.kind != "new_event",
            event_change.c.changed_at >= since,
            event_change.c.changed_at < until,
        )
        .order_by(event_change.c.changed_at, event_change.c.event_id, event_change.c.kind)
    )
    linked = select(coverage.c.event_id, coverage.c.recorded_at).where(
        coverage.c.recorded_at >= since, coverage.c.recorded_at < until
    )
    articles: dict[str, int] = {}
    covered_at = []
    for event_id, recorded_at in connection.execute(linked):
        articles[event_id] = articles.get(event_id, 0) + 1
        covered_at.append(recorded_at)
    decided = (
        select(entry.c.outcome, func.count())
        .where(entry.c.decided_at >= since, entry.c.decided_at < until)
        .group_by(entry.c.outcome)
    )
    sent = select(func.count()).where(alert.c.sent_at >= since, alert.c.sent_at < until)
    new_events = read_records(connection, found, Event)
    return Period(
        since=since,
        until=until,
        new_events=tuple(sorted(new_events, key=lambda one: (-one.articles, one.event_id))),
        changes=tuple(read_records(connection, changed, PeriodChange)),
        covered=tuple((one, articles[one.event_id]) for one in _read_events(connection, sorted(articles))),
        covered_at=tuple(sorted(covered_at)),
        outcomes=read_pairs(connection, decided),
        alerts_sent=connection.scalar(sent) or 0,
    )


def read_last_success(connection: Connection) -> datetime | None:
    """Return when a monitor run last ended of which some source could be polled, or none was due.

    Where no run ever ended, that is when the first one began; None if none ever did.
    """
    finished = (
        select(run.c.finished_at, run.c.summary)
        .where(run.c.kind == "monitor", run.c.finished_at.is_not(None))
        .order_by(run.c.finished_at.desc())
        .limit(RUNS_LOOKED_AT)
    )
    oldest: datetime | None = None
    for finished_at, summary in connection.execute(finished):
        oldest = finished_at
        sources = (summary or {}).get("sources") or {}
        if not sources.get("due") or sources.get("failed", 0) < sources["due"]:
            return oldest
    return oldest or connection.scalar(select(func.min(run.c.started_at)).where(run.c.kind == "monitor"))


def _read_events(connection: Connection, event_ids: list[str]) -> Iterator[Event]:
    for some in chunked(event_ids):
        query = select(*columns_of(Event, event)).where(
            event.c.event_id.in_(some), event.c.merged_into.is_(None)
        )
        yield from read_records(connection, query, Event)
