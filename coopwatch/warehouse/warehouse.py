"""The warehouse as the stages see it; each method is one transaction."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Self

from coopwatch.warehouse import (
    dossiers,
    inbox,
    loading,
    matching,
    outbox,
    polls,
    runs,
    tracing,
)
from coopwatch.warehouse.database import Database, parse_url
from coopwatch.warehouse.inbox import KnownUrl
from coopwatch.warehouse.matching import Fingerprints
from coopwatch.warehouse.migrating import migrate
from coopwatch.warehouse.tracing import Trace
from schemas.records import (
    Alert,
    AlertStatus,
    Batch,
    Dossier,
    EntryOutcome,
    EventChange,
    EventRelation,
    PendingEntry,
    PollResult,
    PollState,
    RunSummary,
    Source,
    StoredText,
)


class Warehouse:
    """An open warehouse; use it as a context manager, or close it.

    Safe for threads, and beside other processes. Every method may raise `WarehouseError`: the database
    refuses, is gone, or stayed locked by another run.

    Args:
        database: at the schema that this version needs; see `open`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.url_safe = database.url_safe  # without the password

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the warehouse at an address, creating or migrating it as needed.

        Args:
            url: sqlite:///FILE (relative to the working directory; sqlite:////FILE is absolute) or
                postgresql://USER:PASSWORD@HOST/DATABASE.

        Raises:
            WarehouseError: it is no such address, cannot be opened, or belongs to a newer version.
        """
        parsed = parse_url(url)
        migrate(parsed)
        return cls(Database(parsed))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def linking(self) -> AbstractContextManager[None]:
        """Hold, while texts are grouped, linked and written, what only one run may do at a time.

        Two runs that look up texts and events at the same time would each found the same ones. Another
        run waits here; the lock ends with the process, even a killed one.
        """
        return self._database.hold("linking")

    # --- runs

    def start_run(self, run_id: str, now: datetime) -> None:
        """Record that a run begins; first of all, since what it writes refers to it."""
        self._database.write(lambda connection: runs.start_run(connection, run_id, now))

    def finish_run(self, run_id: str, now: datetime, summary: RunSummary) -> None:
        """Record what a run came to."""
        self._database.write(lambda connection: runs.finish_run(connection, run_id, now, summary))

    # --- sources and polls

    def register_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Write the facts of the registry; see `polls.register_sources`."""
        self._database.write(lambda connection: polls.register_sources(connection, sources, now))

    def read_poll_states(self) -> dict[str, PollState]:
        """Return what is remembered of every source, by source id."""
        with self._database.read() as connection:
            return polls.read_poll_states(connection)

    def write_polls(self, run_id: str, results: Sequence[PollResult], now: datetime) -> int:
        """Write polls, their states and their new entries; return how many entries are new."""
        return self._database.write(lambda connection: polls.write_polls(connection, run_id, results, now))

    # --- inbox

    def take_pending(
        self, run_id: str, limit: int, now: datetime, lease: timedelta
    ) -> tuple[PendingEntry, ...]:
        """Claim waiting entries for a run, fairly across hosts; see `inbox.take_pending`."""
        return self._database.write(
            lambda connection: inbox.take_pending(connection, run_id, limit, now, lease)
        )

    def release(self, run_id: str) -> None:
        """Give back all entries that a run has taken and not finished."""
        self._database.write(lambda connection: inbox.release(connection, run_id))

    def find_known(self, compare_urls: Iterable[str]) -> dict[str, KnownUrl]:
        """Return what addresses came to that were worked on before, by comparison URL."""
        with self._database.read() as connection:
            return inbox.find_known(connection, compare_urls)

    def count_entries(self) -> dict[EntryOutcome, int]:
        """Return how many entries stand where; every outcome is there."""
        with self._database.read() as connection:
            return inbox.count_entries(connection)

    # --- texts

    def find_texts_sharing(
        self, fingerprints: Fingerprints, min_shared: int = 2
    ) -> dict[str, list[tuple[str, int]]]:
        """Return stored articles that share fingerprints, and how many; see `matching`."""
        with self._database.read() as connection:
            return matching.find_texts_sharing(connection, fingerprints, min_shared)

    def read_texts(self, article_ids: Collection[str]) -> dict[str, StoredText]:
        """Return the texts of articles, by article id."""
        with self._database.read() as connection:
            return matching.read_texts(connection, article_ids)

    # --- batches

    def write_batch(self, run_id: str, batch: Batch, changes: Sequence[EventChange], now: datetime) -> None:
        """Write a batch in one transaction; again, it changes nothing. See `loading.write_batch`."""
        self._database.write(lambda connection: loading.write_batch(connection, run_id, batch, changes, now))

    # --- outbox

    def read_due_alerts(self, now: datetime, limit: int) -> tuple[Alert, ...]:
        """Claim alerts that are due, the oldest first, for `outbox.DELIVERY_LEASE`."""
        return self._database.write(lambda connection: outbox.read_due_alerts(connection, now, limit))

    def record_delivery(
        self, key: str, now: datetime, error: str | None, next_attempt_at: datetime | None
    ) -> None:
        """Record one try: sent, to be tried again, or failed for good."""
        self._database.write(
            lambda connection: outbox.record_delivery(connection, key, now, error, next_attempt_at)
        )

    def count_alerts(self) -> dict[AlertStatus, int]:
        """Return how many alerts stand where; every status is there."""
        with self._database.read() as connection:
            return outbox.count_alerts(connection)

    # --- events

    def read_candidate_dossiers(
        self,
        series: Collection[str],
        text_group_ids: Collection[str],
        around: Collection[date],
        days: int = 45,
    ) -> tuple[Dossier, ...]:
        """Return the events that new articles could be about; see `dossiers`."""
        with self._database.read() as connection:
            return dossiers.read_candidate_dossiers(connection, series, text_group_ids, around, days)

    def read_events(self, limit: int | None = None) -> tuple[Dossier, ...]:
        """Return events, the latest first, those without a date last."""
        with self._database.read() as connection:
            return dossiers.read_events(connection, limit)

    def read_dossier(self, event_id: str) -> Dossier | None:
        """Return one event, if there is one of that id."""
        with self._database.read() as connection:
            return dossiers.read_dossier(connection, event_id)

    def read_relations(self, event_id: str) -> tuple[EventRelation, ...]:
        """Return the relations of an event, from either side."""
        with self._database.read() as connection:
            return dossiers.read_relations(connection, event_id)

    def read_changes(self, event_id: str) -> tuple[EventChange, ...]:
        """Return the ledger of an event's changes, in the order of its revisions."""
        with self._database.read() as connection:
            return dossiers.read_changes(connection, event_id)

    def read_alerts(self, event_id: str) -> tuple[Alert, ...]:
        """Return the alerts on an event, the oldest first."""
        with self._database.read() as connection:
            return dossiers.read_alerts(connection, event_id)

    def read_trace(self, url: str) -> Trace | None:
        """Return everything about an address, in whatever form; None when it was never seen."""
        with self._database.read() as connection:
            return tracing.read_trace(connection, url)
