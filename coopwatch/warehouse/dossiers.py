"""Reads events with their coverage and claims, and what else is recorded of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, or_, select

from coopwatch.warehouse.redirects import follow_redirects, read_ids
from coopwatch.warehouse.rows import chunked, columns_of, read_records
from coopwatch.warehouse.terms import find_events_sharing
from schemas.records import Alert, Claim, Coverage, Dossier, Event, EventChange, EventRelation
from schemas.tables import alert, claim, coverage, event, event_change, event_relation


def read_candidate_dossiers(
    connection: Connection,
    series: Collection[str],
    text_group_ids: Collection[str],
    terms: Mapping[str, Sequence[int]],
) -> tuple[Dossier, ...]:
    """Return the events that new articles could be about.

    Args:
        connection: a reading one.
        series: events of these series, whenever they are.
        text_group_ids: events that these texts already cover.
        terms: events that share these with an article, by article id; see `events.candidates`.
    """
    found = {event_id for shared in find_events_sharing(connection, terms).values() for event_id in shared}
    for some in chunked(sorted(series)):
        found.update(connection.scalars(select(event.c.event_id).where(event.c.series.in_(some))))
    for some in chunked(sorted(text_group_ids)):
        covered = select(coverage.c.event_id).where(coverage.c.text_group_id.in_(some))
        found.update(connection.scalars(covered))
    return _read_dossiers(connection, sorted(found))


def read_events(connection: Connection, limit: int | None) -> tuple[Dossier, ...]:
    """Return events that somebody covers, the latest first, those without a date last."""
    query = (
        select(event.c.event_id)
        .where(event.c.articles > 0)
        .order_by(event.c.start_date.desc().nulls_last(), event.c.first_seen_at.desc(), event.c.event_id)
        .limit(limit)
    )
    return _read_dossiers(connection, connection.scalars(query).all())


def read_latest_events(connection: Connection, limit: int) -> tuple[Dossier, ...]:
    """Return events that somebody covers, those that changed last first."""
    query = (
        select(event.c.event_id)
        .where(event.c.articles > 0)
        .order_by(event.c.updated_at.desc(), event.c.event_id)
        .limit(limit)
    )
    return _read_dossiers(connection, connection.scalars(query).all())


def read_dossier(connection: Connection, event_id: str) -> Dossier | None:
    """Return the event of an id; of an event that was merged, the one that holds its coverage now."""
    return next(iter(read_dossiers(connection, [event_id])), None)


def read_dossiers(connection: Connection, event_ids: Collection[str]) -> tuple[Dossier, ...]:
    """Return the events of these ids, by id, each once; see `read_dossier`."""
    return _read_dossiers(connection, sorted(set(follow_redirects(connection, event_ids).values())))


def read_dossiers_of(connection: Connection, article_ids: Collection[str]) -> tuple[Dossier, ...]:
    """Return the events that these articles cover, by id."""
    covered: set[str] = set()
    for some in chunked(sorted(article_ids)):
        covered.update(connection.scalars(select(coverage.c.event_id).where(coverage.c.article_id.in_(some))))
    return _read_dossiers(connection, sorted(covered))


def read_relations(connection: Connection, event_id: str) -> tuple[EventRelation, ...]:
    """Return the relations of an event, from either side."""
    event_id = follow_redirects(connection, [event_id])[event_id]
    query = (
        select(*columns_of(EventRelation, event_relation))
        .where(or_(event_relation.c.event_id == event_id, event_relation.c.other_event_id == event_id))
        .order_by(event_relation.c.event_id, event_relation.c.other_event_id, event_relation.c.kind)
    )
    return tuple(read_records(connection, query, EventRelation))


def read_changes(connection: Connection, event_id: str) -> tuple[EventChange, ...]:
    """Return the ledger of an event's changes, and of what was merged into it, by revision."""
    query = (
        select(*columns_of(EventChange, event_change))
        .where(event_change.c.event_id.in_(read_ids(connection, event_id)))
        .order_by(event_change.c.revision, event_change.c.changed_at, event_change.c.article_id)
    )
    return tuple(read_records(connection, query, EventChange))


def read_alerts(connection: Connection, event_id: str) -> tuple[Alert, ...]:
    """Return the alerts on an event, and on what was merged into it, the oldest first."""
    query = (
        select(*columns_of(Alert, alert))
        .where(alert.c.event_id.in_(read_ids(connection, event_id)))
        .order_by(alert.c.created_at, alert.c.key)
    )
    return tuple(read_records(connection, query, Alert))


def _read_dossiers(connection: Connection, event_ids: Collection[str]) -> tuple[Dossier, ...]:
    """Return whole events, in the order of the ids; rows in the order in which they were written.

    An id that only leads on to another event is passed over.
    """
    events: dict[str, Event] = {}
    covers: dict[str, list[Coverage]] = defaultdict(list)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for some in chunked(event_ids):
        found = select(*columns_of(Event, event)).where(
            event.c.event_id.in_(some), event.c.merged_into.is_(None)
        )
        for one in read_records(connection, found, Event):
            events[one.event_id] = one
        reported = select(*columns_of(Coverage, coverage)).where(coverage.c.event_id.in_(some))
        reported = reported.order_by(coverage.c.event_id, coverage.c.position, coverage.c.article_id)
        for row in read_records(connection, reported, Coverage):
            covers[row.event_id].append(row)
        said = select(*columns_of(Claim, claim)).where(claim.c.event_id.in_(some))
        said = said.order_by(claim.c.event_id, claim.c.position, claim.c.claim_id)
        for saying in read_records(connection, said, Claim):
            claims[saying.event_id].append(saying)
    return tuple(
        Dossier(event=events[event_id], coverage=tuple(covers[event_id]), claims=tuple(claims[event_id]))
        for event_id in event_ids
        if event_id in events
    )
