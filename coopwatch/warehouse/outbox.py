"""The outbox: alerts that were written with the data, and their delivery.

What goes to one place is a queue, named by `route`. A queue belongs to one run at a time: the run claims
all that is pending in it, and nobody else touches the queue until the claim is given back or ends.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, get_args

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from coopwatch.warehouse.rows import chunked, columns_of, insert_missing, read_pairs, read_records
from schemas.records import Alert, AlertStatus
from schemas.tables import alert

DELIVERY_LEASE = timedelta(minutes=10)  # how long a queue is one run's, unless it says again that it is
TAKE_MOST = 1000
STATUSES: tuple[AlertStatus, ...] = get_args(AlertStatus)
_ORDER = (alert.c.created_at, alert.c.key)


class Queue(NamedTuple):
    """A claimed queue.

    Attributes:
        alerts: what is pending, the oldest first, whether due or not.
        claimed_until: when the claim ends; also tells it from other claims.
        last_sent_at: when something last arrived, None if nothing ever did.
    """

    alerts: tuple[Alert, ...]
    claimed_until: datetime
    last_sent_at: datetime | None


def add_alerts(connection: Connection, alerts: Sequence[Alert]) -> int:
    """Put alerts into the outbox whose key is not there yet; return how many that were."""
    known: set[str] = set()
    for some in chunked(item.key for item in alerts):
        known.update(connection.scalars(select(alert.c.key).where(alert.c.key.in_(some))))
    insert_missing(connection, alert, [item.model_dump() for item in alerts])
    return len({item.key for item in alerts} - known)


def take_queue(connection: Connection, route: str, now: datetime) -> Queue | None:
    """Claim a queue for `DELIVERY_LEASE`; None while another run has it."""
    query = (
        select(*columns_of(Alert, alert), alert.c.claimed_until)
        .where(alert.c.route == route, alert.c.status == "pending")
        .order_by(*_ORDER)
        .limit(TAKE_MOST)
        .with_for_update()  # a run that comes at the same time waits here, and then sees the claim
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    claims = [row.pop("claimed_until") for row in rows]
    if any(claim and claim > now for claim in claims):
        return None
    until = now + DELIVERY_LEASE
    alerts = tuple(Alert.model_validate(row) for row in rows)
    for some in chunked(item.key for item in alerts):
        connection.execute(update(alert).where(alert.c.key.in_(some)).values(claimed_until=until))
    last_sent_at = connection.scalar(
        select(alert.c.sent_at)
        .where(alert.c.route == route, alert.c.sent_at.is_not(None))
        .order_by(alert.c.sent_at.desc())
        .limit(1)
    )
    return Queue(alerts, until, last_sent_at)


def keep_queue(connection: Connection, route: str, claimed_until: datetime, now: datetime) -> datetime | None:
    """Claim a queue for longer; return until when, None if the claim has ended."""
    until = now + DELIVERY_LEASE
    if claimed_until <= now:
        return None
    connection.execute(update(alert).where(_is_claimed(route, claimed_until)).values(claimed_until=until))
    return until


def release_queue(connection: Connection, route: str, claimed_until: datetime) -> None:
    """Give a queue back."""
    connection.execute(update(alert).where(_is_claimed(route, claimed_until)).values(claimed_until=None))


def hold_alerts(connection: Connection, keys: Collection[str], until: datetime) -> None:
    """Let pending alerts wait."""
    for some in chunked(keys):
        connection.execute(
            update(alert)
            .where(alert.c.key.in_(some), alert.c.status == "pending")
            .values(next_attempt_at=until)
        )


def roll_up(
    connection: Connection, one: Alert, member_keys: Collection[str], claimed_until: datetime
) -> None:
    """Put one alert into the outbox, claimed, in place of others."""
    insert_missing(connection, alert, [{**one.model_dump(), "claimed_until": claimed_until}])
    for some in chunked(member_keys):
        connection.execute(
            update(alert)
            .where(alert.c.key.in_(some), alert.c.status == "pending")
            .values(status="rolled_up", rolled_into=one.key, claimed_until=None)
        )


def record_delivery(
    connection: Connection, key: str, now: datetime, error: str | None, next_attempt_at: datetime | None
) -> None:
    """Record one try: sent without an error; with one, pending until the next attempt, or failed for good."""
    outcome: dict[str, object] = {"status": "sent", "sent_at": now}
    if error is not None:
        outcome = {"status": "pending", "next_attempt_at": next_attempt_at}
        if next_attempt_at is None:
            outcome = {"status": "failed"}
    connection.execute(
        update(alert)
        .where(alert.c.key == key, alert.c.status == "pending")
        .values(**outcome, attempts=alert.c.attempts + 1, last_error=error, claimed_until=None)
    )


def withdraw_notices(connection: Connection, rule: str) -> int:
    """Take back what a rule put into the outbox and nobody has tried to send; return how much."""
    return connection.execute(
        delete(alert).where(
            alert.c.rule == rule,
            alert.c.event_id.is_(None),
            alert.c.status == "pending",
            alert.c.attempts == 0,
            alert.c.claimed_until.is_(None),
        )
    ).rowcount


def read_sent_times(connection: Connection, route: str, since: datetime) -> tuple[datetime, ...]:
    """Return when messages went out to a queue after a time."""
    query = select(alert.c.sent_at).where(alert.c.route == route, alert.c.sent_at > since)
    return tuple(connection.scalars(query))


def count_alerts(connection: Connection) -> dict[AlertStatus, int]:
    """Return how many alerts stand where; every status is there."""
    counts: dict[AlertStatus, int] = dict.fromkeys(STATUSES, 0)
    query = select(alert.c.status, func.count()).group_by(alert.c.status)
    return counts | read_pairs(connection, query)


def read_outbox(
    connection: Connection,
    statuses: Collection[AlertStatus] = STATUSES,
    route: str | None = None,
    rolled_into: str | None = None,
    limit: int | None = None,
) -> tuple[Alert, ...]:
    """Return alerts, the latest first."""
    query = select(*columns_of(Alert, alert)).where(alert.c.status.in_(statuses))
    if route is not None:
        query = query.where(alert.c.route == route)
    if rolled_into is not None:
        query = query.where(alert.c.rolled_into == rolled_into)
    query = query.order_by(alert.c.created_at.desc(), alert.c.key).limit(limit)
    return tuple(read_records(connection, query, Alert))


def retry_failed(connection: Connection, now: datetime, route: str | None = None) -> int:
    """Let alerts that were given up be tried again, as often as new ones; return how many."""
    query = update(alert).where(alert.c.status == "failed")
    if route is not None:
        query = query.where(alert.c.route == route)
    return connection.execute(query.values(status="pending", attempts=0, next_attempt_at=now)).rowcount


def _is_claimed(route: str, claimed_until: datetime) -> ColumnElement[bool]:
    return (alert.c.route == route) & (alert.c.status == "pending") & (alert.c.claimed_until == claimed_until)
