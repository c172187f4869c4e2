"""What analysts decided of articles and events: appended, never changed but for the day it ended."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from coopwatch.events.pins import StandingPin
from coopwatch.warehouse.redirects import find_redirects, follow_redirects, read_ids
from coopwatch.warehouse.rows import chunked, columns_of, insert_missing, read_records
from schemas.records import Pin
from schemas.tables import membership, pin


def store_pins(connection: Connection, pins: Iterable[Pin]) -> None:
    """Write pins; what they contradict ends, and what holds already is not written again."""
    for new in pins:
        leads = read_ids(connection, new.event_id)
        same = (pin.c.article_id == new.article_id, pin.c.event_id.in_(leads), pin.c.revoked_at.is_(None))
        opposite = update(pin).where(*same, pin.c.kind != new.kind)
        connection.execute(opposite.values(revoked_at=new.created_at))
        if connection.scalar(select(pin.c.pin_id).where(*same).limit(1)) is None:
            insert_missing(connection, pin, [new.model_dump()])


def end_pin(connection: Connection, pin_id: str, now: datetime) -> Pin | None:
    """End a pin; return it as it is now, None if none of that id is in force."""
    ended = update(pin).where(pin.c.pin_id == pin_id, pin.c.revoked_at.is_(None)).values(revoked_at=now)
    if not connection.execute(ended).rowcount:
        return None
    found = select(*columns_of(Pin, pin)).where(pin.c.pin_id == pin_id)
    return read_records(connection, found, Pin)[0]


def read_pins(
    connection: Connection,
    article_ids: Collection[str] = (),
    event_ids: Collection[str] = (),
    text_group_ids: Collection[str] = (),
) -> tuple[StandingPin, ...]:
    """Return the pins in force that concern articles, events or texts, the oldest first.

    Args:
        connection: a reading one.
        article_ids: pins on these articles.
        event_ids: pins on these events, and on those that were merged into them.
        text_group_ids: pins on copies of these texts.

    Returns:
        Each on the event that holds now what it was given for.
    """
    copies = select(membership.c.article_id)
    conditions: list[ColumnElement[bool]] = [
        *(pin.c.article_id.in_(some) for some in chunked(sorted(article_ids))),
        *(pin.c.event_id.in_(some) for some in chunked(sorted(find_redirects(connection, event_ids)))),
        *(
            pin.c.article_id.in_(copies.where(membership.c.text_group_id.in_(some)))
            for some in chunked(sorted(text_group_ids))
        ),
    ]
    found: dict[str, StandingPin] = {}
    for condition in conditions:
        query = (
            select(*columns_of(Pin, pin), membership.c.text_group_id)
            .select_from(pin.outerjoin(membership, membership.c.article_id == pin.c.article_id))
            .where(condition, pin.c.revoked_at.is_(None))
        )
        found.update((one.pin_id, one) for one in read_records(connection, query, StandingPin))
    ends = follow_redirects(connection, {one.event_id for one in found.values()})
    moved = (one.model_copy(update={"event_id": ends[one.event_id]}) for one in found.values())
    return tuple(sorted(moved, key=lambda one: (one.created_at, one.pin_id)))


def read_all_pins(connection: Connection) -> tuple[Pin, ...]:
    """Return every pin as it was given, also those that were revoked, the oldest first."""
    query = select(*columns_of(Pin, pin)).order_by(pin.c.created_at, pin.c.pin_id)
    return tuple(read_records(connection, query, Pin))
