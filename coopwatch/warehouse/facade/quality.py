"""What the gate and the checks of whole tables found."""

from collections.abc import Sequence
from datetime import datetime

from coopwatch.warehouse import (
    quality,
    quarantine,
)
from coopwatch.warehouse.facade.part import Part
from coopwatch.warehouse.quarantine import Quarantined
from schemas.records import (
    QualityCheck,
    QualityWarning,
)


class Quality(Part):
    """What the gate and the checks of whole tables found."""

    def release_quarantined(self, gate_version: str, extractor_version: str, now: datetime) -> int:
        """Let entries wait again that other versions refused; see `quarantine.release_stale`."""
        return self._database.write(
            lambda connection: quarantine.release_stale(connection, gate_version, extractor_version, now)
        )

    def retry_quarantined(self, rule: str | None, now: datetime) -> int:
        """Let all that is quarantined wait again, or what one rule refused; return how many entries."""
        return self._database.write(lambda connection: quarantine.release_refused(connection, rule, now))

    def read_quarantined(self, rule: str | None = None, limit: int = 1000) -> tuple[Quarantined, ...]:
        """Return why entries are in quarantine, by rule; see `quarantine.read_quarantined`."""
        return self._database.ask(lambda connection: quarantine.read_quarantined(connection, rule, limit))

    def read_warnings(self, entry_id: int) -> tuple[QualityWarning, ...]:
        """Return what the gate said of the rows of an entry that went on all the same."""
        return self._database.ask(lambda connection: quality.read_warnings(connection, entry_id))

    def write_checks(self, run_id: str, checks: Sequence[QualityCheck], now: datetime) -> None:
        """Write what a check of whole tables found."""
        self._database.write(lambda connection: quality.write_checks(connection, run_id, checks, now))

    def read_last_checks(self) -> tuple[QualityCheck, ...]:
        """Return what the latest check of whole tables found, by rule."""
        return self._database.ask(quality.read_last_checks)
