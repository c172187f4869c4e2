"""The warehouse: everything that rests, in SQLite or PostgreSQL, behind one class.

Its parts are loaded when they are first asked for: most runs write no article, and need not know how.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from coopwatch.warehouse.captures import CapturePurpose, CaptureRow
from coopwatch.warehouse.health import HealthStatus, SourceHealth
from coopwatch.warehouse.inbox import KnownUrl
from coopwatch.warehouse.warehouse import Warehouse

if TYPE_CHECKING:
    from coopwatch.warehouse import (
        articles,
        boilerplate,
        dossiers,
        exporting,
        identity,
        labels,
        loading,
        matching,
        models,
        pins,
        redirects,
        rejudging,
        search,
        tracing,
    )
    from coopwatch.warehouse.tracing import EntryTrace, Trace

__all__ = [
    "CapturePurpose",
    "CaptureRow",
    "EntryTrace",
    "HealthStatus",
    "KnownUrl",
    "SourceHealth",
    "Trace",
    "Warehouse",
    "articles",
    "boilerplate",
    "dossiers",
    "exporting",
    "identity",
    "labels",
    "loading",
    "matching",
    "models",
    "pins",
    "redirects",
    "rejudging",
    "search",
    "tracing",
]

_HOMES = {"EntryTrace": "tracing", "Trace": "tracing"}

if not TYPE_CHECKING:  # a type checker would believe it to have any name at all

    def __getattr__(name: str) -> object:
        """Import a name where it is first used (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name in _HOMES:
            return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        return import_module(f"{__name__}.{name}")
