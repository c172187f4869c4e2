"""The outbox: alerts that were written with the data, and their delivery."""

from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import Connection, func, or_, select, update

from coopwatch.warehouse.rows import chunked, columns_of, read_pairs, read_records
from schemas.records import Alert, AlertStatus
from schemas.tables import alert

DELIVERY_LEASE = timedelta(minutes=10)  # how long the alerts of one reading are one run's to deliver


def read_due_alerts(connection: Connection, now: datetime, limit: int) -> tuple[Alert, ...]:
    """Claim alerts that are due, the oldest first; no other run gets them during the lease."""
    query = (
        select(*columns_of(Alert, alert))
        .where(
            alert.c.status == "pending",
            alert.c.next_attempt_at <= now,
            or_(alert.c.claimed_until.is_(None), alert.c.claimed_until <= now),
        )
        .order_by(alert.c.created_at, alert.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = read_records(connection, query, Alert)
    for some in chunked(item.key for item in due):
        connection.execute(
            update(alert).where(alert.c.key.in_(some)).values(claimed_until=now + DELIVERY_LEASE)
        )
    return tuple(due)


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


def count_alerts(connection: Connection) -> dict[AlertStatus, int]:
    """Return how many alerts stand where; every status is there."""
    counts: dict[AlertStatus, int] = dict.fromkeys(get_args(AlertStatus), 0)
    query = select(alert.c.status, func.count()).group_by(alert.c.status)
    return counts | read_pairs(connection, query)
