"""The warehouse as a backfill sees it: the entries that its run holds, and how far it is."""

from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import Connection

from coopwatch.events.merging import Merged
from coopwatch.identity import hash_text
from coopwatch.warehouse import backfill, identity, loading, quarantine
from coopwatch.warehouse.inbox import keep_some
from coopwatch.warehouse.warehouse import Warehouse
from schemas.records import BackfillItem, Batch, EventChange, FeedEntry, PendingEntry

BUSY_AFTER_SECONDS = 5.0


class HeldWarehouse(Warehouse):
    """Gives the stages only what a backfill has listed, and notes with each batch how far it was.

    Attributes:
        wanted: source and key of the entries that the next batch is made of; None for whatever is held.
        item: what is noted with the next batch; outcomes are counted into it.
        refused: the entries that leave quarantine with the next batch.
    """

    wanted: Collection[tuple[str, str]] | None = None
    item: BackfillItem | None = None
    refused: Collection[int] = ()

    @classmethod
    def of(cls, warehouse: Warehouse) -> Self:
        """Return an open warehouse as a backfill sees it; closing one of the two is enough."""
        return cls(warehouse._database)

    def backfilling(self, job: str) -> AbstractContextManager[None]:
        """Hold what only one run may do at a time: a job of backfill; another run is refused."""
        return self._database.hold(f"backfill.{hash_text(job, length=8)}", BUSY_AFTER_SECONDS)

    def begin(self, run_id: str, job: str, items: Sequence[str], now: datetime) -> tuple[BackfillItem, ...]:
        """Return how far items were worked on, and take over what killed runs held; see `backfill`."""
        return self._database.write(
            lambda connection: backfill.begin_backfill(connection, run_id, job, items, now)
        )

    def write_item(self, run_id: str, item: BackfillItem, now: datetime) -> None:
        """Note how far an item was worked on."""
        self._database.write(lambda connection: backfill.write_item(connection, run_id, item, now))

    def list_entries(
        self, run_id: str, listed: Sequence[FeedEntry], now: datetime, item: BackfillItem | None = None
    ) -> int:
        """Put entries into the inbox, held for a run, and note how far an item was; return how many."""

        def write(connection: Connection) -> int:
            fresh = backfill.list_entries(connection, run_id, listed, now)
            if item is not None:
                counted = item.model_copy(update={"kept": item.kept + fresh})
                counted = counted.add({"known": len(listed) - fresh}) if len(listed) > fresh else counted
                backfill.write_item(connection, run_id, counted, now)
            return fresh

        return self._database.write(write)

    def count_held(self, run_id: str) -> int:
        """Return how many entries wait that a run holds."""
        return self._database.ask(lambda connection: backfill.count_held(connection, run_id))

    def take_pending(
        self,
        run_id: str,
        limit: int,
        now: datetime,
        lease: timedelta,  # noqa: ARG002 - what is held stays so
        per_host: int | None = None,
    ) -> tuple[PendingEntry, ...]:
        """Return entries that the run holds and that are due."""
        held = self._database.ask(
            lambda connection: backfill.take_held(connection, run_id, limit, now, self.wanted)
        )
        is_at_hand = self.wanted is not None  # as what comes out of archives is: no site is asked for it
        return tuple(keep_some(held, None if is_at_hand else per_host))

    def find_refused(
        self, source_id: str, gate_version: str, extractor_version: str, after: int, limit: int
    ) -> tuple[PendingEntry, ...]:
        """Return quarantined entries that other versions refused; see `quarantine.find_stale`."""
        return self._database.ask(
            lambda connection: quarantine.find_stale(
                connection, source_id, gate_version, extractor_version, after, limit
            )
        )

    def write_batch(
        self,
        run_id: str,
        batch: Batch,
        changes: Sequence[EventChange],
        now: datetime,
        merges: Sequence[Merged] = (),
    ) -> None:
        """Write a batch, hold what is to be tried again, and note how far the item was; all or nothing."""
        retried = [result.entry_id for result in batch.results if result.outcome == "pending"]
        outcomes: dict[str, int] = Counter(result.outcome for result in batch.results)
        item = self.item.add(outcomes) if self.item else None

        def write(connection: Connection) -> None:
            quarantine.hold_refused(connection, run_id, self.refused, now)
            loading.write_batch(connection, run_id, batch, changes, now)
            for merged in merges:
                identity.write_merge(connection, run_id, merged, now)
            backfill.hold_retries(connection, run_id, retried, now)
            if item is not None:
                backfill.write_item(connection, run_id, item, now)

        self._database.write(write)

    def release(self, run_id: str) -> None:
        """Give nothing back: what is not finished waits for the next run of the job, not for the monitor."""
