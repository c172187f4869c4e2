"""Runs and backfills, and the upkeep of it all."""

from datetime import datetime

from coopwatch.warehouse import backfill as backfills
from coopwatch.warehouse import (
    retention,
    runs,
)
from coopwatch.warehouse.facade.part import Part
from coopwatch.warehouse.retention import Upkeep
from coopwatch.warehouse.runs import RunStats
from schemas.records import (
    BackfillItem,
    Record,
)


class Ledgers(Part):
    """Runs and backfills, and the upkeep of it all."""

    def start_run(self, run_id: str, now: datetime, kind: str = "monitor") -> None:
        """Record that a run begins; first of all, since what it writes refers to it."""
        self._database.write(lambda connection: runs.start_run(connection, run_id, kind, now))

    def finish_run(self, run_id: str, now: datetime, summary: Record | None = None) -> None:
        """Record that a run ended, and what it came to."""
        self._database.write(lambda connection: runs.finish_run(connection, run_id, now, summary))

    def read_run_stats(self) -> tuple[RunStats, ...]:
        """Return how the runs of every kind are doing, by kind."""
        return self._database.ask(runs.read_run_stats)

    def count_rows(self) -> dict[str, int]:
        """Return how many rows the tables have that grow with the world."""
        return self._database.ask(runs.count_rows)

    def read_backfill(self, job: str | None = None) -> tuple[BackfillItem, ...]:
        """Return the ledger of backfills, or what one job has in it; see `held.HeldWarehouse`."""
        return self._database.ask(lambda connection: backfills.read_backfill(connection, job))

    def empty_texts(self, before: datetime) -> int:
        """Forget the texts of articles fetched before a time; see `retention.empty_texts`."""
        return retention.empty_texts(self._database, before)

    def maintain(self) -> Upkeep:
        """Give space back and renew statistics; see `retention.maintain`. Linking waits meanwhile."""
        with self.linking():
            return retention.maintain(self._database, self._database.free_bytes())
