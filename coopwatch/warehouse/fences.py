"""Fencing: what a run writes under a lock holds only as long as nobody else had the lock meanwhile.

A server that restarts forgets its locks, and another run may take one before the run that had it knows. So
who takes a lock takes the next number of its fence as well, and what is written shows its number first
(fencing tokens: Kleppmann, Designing Data-Intensive Applications, 2017, chapter 8). Until such a transaction
ends, who takes the next number waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select, update

from coopwatch.errors import WarehouseError
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.rows import insert_missing
from schemas.tables import fence


@contextmanager
def hold_fenced(database: Database, name: str) -> Iterator[None]:
    """Hold a named lock; what is written inside fails once another run has had the lock.

    Raises:
        WarehouseError: another process held the lock for too long.
    """

    def take(connection: Connection) -> int:
        insert_missing(connection, fence, [{"name": name, "number": 0}])
        raised = update(fence).where(fence.c.name == name).values(number=fence.c.number + 1)
        number: int = connection.execute(raised.returning(fence.c.number)).scalar_one()
        return number

    with database.hold(name):
        number = database.write(take)

        def show(connection: Connection) -> None:
            found = select(fence.c.number).where(fence.c.name == name).with_for_update()
            if connection.scalar(found) != number:
                raise WarehouseError(
                    f"{database.url_safe}: the {name} lock was lost, and another run has had it since; "
                    "this batch is left to the next run"
                )

        with database.guard(show):
            yield
