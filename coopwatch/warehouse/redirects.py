"""Where the id of an event leads that was merged into another one."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, select

from coopwatch.warehouse.rows import chunked, read_pairs
from schemas.tables import event


def follow_redirects(connection: Connection, event_ids: Collection[str]) -> dict[str, str]:
    """Return, for each id, that of the event which holds its coverage now: itself, if it was not merged.

    An id that is not known leads to itself. A circle, which nothing writes, ends where it closes.
    """
    steps: dict[str, str] = {}
    frontier = set(event_ids)
    while frontier:
        found = _read_redirects(connection, event.c.event_id, frontier)
        steps |= found
        frontier = set(found.values()) - steps.keys()
    return {event_id: _find_end(event_id, steps) for event_id in event_ids}


def find_redirects(connection: Connection, event_ids: Collection[str]) -> frozenset[str]:
    """Return these ids, with all those that lead to one of them."""
    known: set[str] = set()
    frontier = set(event_ids)
    while frontier:
        known |= frontier
        frontier = _read_redirects(connection, event.c.merged_into, frontier).keys() - known
    return frozenset(known)


def read_ids(connection: Connection, event_id: str) -> frozenset[str]:
    """Return all ids that lead to the event to which this one leads."""
    return find_redirects(connection, follow_redirects(connection, [event_id]).values())


def _read_redirects(
    connection: Connection, end: ColumnElement[str], event_ids: Collection[str]
) -> dict[str, str]:
    """Return where redirects lead to that have one of some events at one end."""
    found: dict[str, str] = {}
    for some in chunked(sorted(event_ids)):
        query = select(event.c.event_id, event.c.merged_into)
        found |= read_pairs(connection, query.where(end.in_(some), event.c.merged_into.is_not(None)))
    return found


def _find_end(event_id: str, steps: Mapping[str, str]) -> str:
    seen = set()
    while event_id in steps and event_id not in seen:
        seen.add(event_id)
        event_id = steps[event_id]
    return event_id
