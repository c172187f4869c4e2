"""The outbox."""

from collections.abc import Collection, Sequence
from datetime import datetime

from coopwatch.warehouse import (
    digests,
    outbox,
)
from coopwatch.warehouse.digests import Period
from coopwatch.warehouse.facade.part import Part
from coopwatch.warehouse.outbox import Queue
from schemas.records import (
    Alert,
    AlertStatus,
)


class Messages(Part):
    """The outbox."""

    def add_alerts(self, alerts: Sequence[Alert]) -> int:
        """Put alerts into the outbox whose key is not there yet; return how many that were."""
        return self._database.write(lambda connection: outbox.add_alerts(connection, alerts))

    def take_queue(self, route: str, now: datetime) -> Queue | None:
        """Claim what is pending for a route; None while another run has it. See `outbox.take_queue`."""
        return self._database.write(lambda connection: outbox.take_queue(connection, route, now))

    def keep_queue(self, route: str, claimed_until: datetime, now: datetime) -> datetime | None:
        """Claim a queue for longer; return until when, None if the claim has ended."""
        return self._database.write(
            lambda connection: outbox.keep_queue(connection, route, claimed_until, now)
        )

    def release_queue(self, route: str, claimed_until: datetime) -> None:
        """Give a queue back."""
        self._database.write(lambda connection: outbox.release_queue(connection, route, claimed_until))

    def hold_alerts(self, keys: Collection[str], until: datetime) -> None:
        """Let pending alerts wait."""
        self._database.write(lambda connection: outbox.hold_alerts(connection, keys, until))

    def roll_up(self, one: Alert, member_keys: Collection[str], claimed_until: datetime) -> None:
        """Put one alert into the outbox, claimed, in place of others."""
        self._database.write(lambda connection: outbox.roll_up(connection, one, member_keys, claimed_until))

    def record_delivery(
        self, key: str, now: datetime, error: str | None, next_attempt_at: datetime | None
    ) -> None:
        """Record one try: sent, to be tried again, or failed for good."""
        self._database.write(
            lambda connection: outbox.record_delivery(connection, key, now, error, next_attempt_at)
        )

    def withdraw_notices(self, rule: str) -> int:
        """Take back the notices of a rule that nobody has tried to send; return how many."""
        return self._database.write(lambda connection: outbox.withdraw_notices(connection, rule))

    def retry_failed(self, now: datetime, route: str | None = None) -> int:
        """Let alerts that were given up be tried again; return how many."""
        return self._database.write(lambda connection: outbox.retry_failed(connection, now, route))

    def read_sent_times(self, route: str, since: datetime) -> tuple[datetime, ...]:
        """Return when messages went out to a route after a time."""
        return self._database.ask(lambda connection: outbox.read_sent_times(connection, route, since))

    def read_outbox(
        self,
        statuses: Collection[AlertStatus] = outbox.STATUSES,
        *,
        route: str | None = None,
        rolled_into: str | None = None,
        limit: int | None = None,
    ) -> tuple[Alert, ...]:
        """Return alerts, the latest first."""
        return self._database.ask(
            lambda connection: outbox.read_outbox(connection, statuses, route, rolled_into, limit)
        )

    def read_last_success(self) -> datetime | None:
        """Return when the pipeline last worked; see `digests.read_last_success`."""
        return self._database.ask(digests.read_last_success)

    def read_period(self, since: datetime, until: datetime) -> Period:
        """Return what a span of time brought; see `digests.read_period`."""
        return self._database.ask(lambda connection: digests.read_period(connection, since, until))

    def count_alerts(self) -> dict[AlertStatus, int]:
        """Return how many alerts stand where; every status is there."""
        return self._database.ask(outbox.count_alerts)
