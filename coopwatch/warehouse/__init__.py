"""The warehouse: everything that rests, in SQLite or PostgreSQL, behind one class."""

from coopwatch.warehouse.captures import CapturePurpose, CaptureRow
from coopwatch.warehouse.health import HealthStatus, SourceHealth
from coopwatch.warehouse.inbox import KnownUrl
from coopwatch.warehouse.tracing import EntryTrace, Trace
from coopwatch.warehouse.warehouse import Warehouse

__all__ = [
    "CapturePurpose",
    "CaptureRow",
    "EntryTrace",
    "HealthStatus",
    "KnownUrl",
    "SourceHealth",
    "Trace",
    "Warehouse",
]
