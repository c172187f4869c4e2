"""The stages of maintenance: what is too old is forgotten, what nobody needs is deleted."""

from datetime import timedelta

from coopwatch.captures import sweep_orphans
from coopwatch.warehouse.retention import Upkeep
from coopwatch.wording import count
from coopwatch.workspace import Workspace
from schemas.records import Record


class MaintenanceReport(Record):
    """What maintenance came to.

    Attributes:
        captures: bodies deleted that were kept for long enough.
        orphans: bodies deleted that the warehouse does not know.
        texts: texts of articles forgotten; None where texts are kept for ever.
        upkeep: what the upkeep of the database came to.
    """

    captures: int = 0
    orphans: int = 0
    texts: int | None = None
    upkeep: Upkeep


def sweep_captures(run: Workspace) -> int:
    """Delete bodies that the warehouse does not know, of runs that were killed; return how many."""
    return sweep_orphans(run.captures, run.warehouse, run.now()) if run.captures else 0


def expire_texts(run: Workspace) -> int | None:
    """Forget the texts of articles that are older than they are kept; return how many, None if they stay."""
    if run.settings.texts_keep_days is None:
        return None
    return run.warehouse.empty_texts(run.now() - timedelta(days=run.settings.texts_keep_days))


def maintain_database(run: Workspace) -> Upkeep:
    """Give space back and renew the statistics of the database."""
    return run.warehouse.maintain()


def word_maintenance(report: MaintenanceReport) -> str:
    """Return what maintenance came to in one line."""
    upkeep = report.upkeep
    parts = [
        f"{count(report.captures, 'capture')} expired",
        f"{count(report.orphans, 'orphan')} deleted",
        "texts are kept for ever" if report.texts is None else f"{count(report.texts, 'text')} forgotten",
        f"database {upkeep.bytes_before / 1e6:.1f} MB, now {upkeep.bytes_after / 1e6:.1f} MB",
    ]
    return "; ".join(parts) + (f" ({upkeep.note})" if upkeep.note else "")
