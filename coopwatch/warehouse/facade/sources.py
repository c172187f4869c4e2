"""Sources, what they listed, and what was fetched for them."""

from collections.abc import Generator, Iterable, Sequence
from datetime import datetime, timedelta

from coopwatch.warehouse import captures as captures_index
from coopwatch.warehouse import (
    gaps,
    health,
    inbox,
    polls,
    registry,
)
from coopwatch.warehouse.captures import CapturePurpose, CaptureRow
from coopwatch.warehouse.facade.part import Part
from coopwatch.warehouse.health import SourceHealth
from coopwatch.warehouse.inbox import KnownUrl
from schemas.records import (
    EntryOutcome,
    Gap,
    PendingEntry,
    PollResult,
    PollState,
    Source,
)


class Sources(Part):
    """Sources, what they listed, and what was fetched for them."""

    def register_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Write the facts of the registry; see `registry.register_sources`."""
        self._database.write(lambda connection: registry.register_sources(connection, sources, now))

    def read_poll_states(self) -> dict[str, PollState]:
        """Return what is remembered of every source, by source id."""
        return self._database.ask(registry.read_poll_states)

    def write_polls(self, run_id: str, results: Sequence[PollResult], now: datetime) -> int:
        """Write polls, their states and their new entries; return how many entries are new."""
        return self._database.write(lambda connection: polls.write_polls(connection, run_id, results, now))

    def read_source_health(self) -> tuple[SourceHealth, ...]:
        """Return how every source is doing, by source id."""
        return self._database.ask(health.read_source_health)

    def read_gaps(self, *, open_only: bool = True) -> tuple[Gap, ...]:
        """Return gaps, the latest first; all of them, or those that are not filled."""
        return self._database.ask(lambda connection: gaps.read_gaps(connection, open_only=open_only))

    def close_gap(self, source_id: str, to_at: datetime, now: datetime) -> None:
        """Record that a gap was filled."""
        self._database.write(lambda connection: gaps.close_gap(connection, source_id, to_at, now))

    def record_captures(self, run_id: str, captures: Sequence[CaptureRow], now: datetime) -> None:
        """Index captures whose bodies are stored; see `captures.record_captures`."""
        self._database.write(
            lambda connection: captures_index.record_captures(connection, run_id, captures, now)
        )

    def read_captures(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        url: str | None = None,
        purpose: CapturePurpose | None = None,
    ) -> Generator[CaptureRow, None, None]:
        """Give captures one by one, the oldest first; see `captures.read_captures`."""
        with self._database.read() as connection:
            yield from captures_index.read_captures(connection, since, until, url, purpose)

    def find_capture(self, url: str) -> CaptureRow | None:
        """Return the latest capture of an address."""
        return self._database.ask(lambda connection: captures_index.find_capture(connection, url))

    def expire_captures(self, before: datetime) -> tuple[str, ...]:
        """Forget captures; return the hashes of the bodies to delete. See `captures.expire_captures`."""
        return self._database.write(lambda connection: captures_index.expire_captures(connection, before))

    def take_pending(
        self, run_id: str, limit: int, now: datetime, lease: timedelta, per_host: int | None = None
    ) -> tuple[PendingEntry, ...]:
        """Claim waiting entries for a run, fairly across hosts; see `inbox.take_pending`."""
        return self._database.write(
            lambda connection: inbox.take_pending(connection, run_id, limit, now, lease, per_host)
        )

    def renew(self, run_id: str, until: datetime) -> None:
        """Keep all entries that a run has taken and not finished until a time."""
        self._database.write(lambda connection: inbox.renew(connection, run_id, until))

    def release(self, run_id: str) -> None:
        """Give back all entries that a run has taken and not finished."""
        self._database.write(lambda connection: inbox.release(connection, run_id))

    def find_known(self, compare_urls: Iterable[str]) -> dict[str, KnownUrl]:
        """Return what addresses came to that were worked on before, by comparison URL."""
        return self._database.ask(lambda connection: inbox.find_known(connection, compare_urls))

    def count_entries(self) -> dict[EntryOutcome, int]:
        """Return how many entries stand where; every outcome is there."""
        return self._database.ask(inbox.count_entries)
