"""Captures: every answer that was used is kept, and can answer again without the network.

One question a module:

    archive    how WARC files answer requests: `ArchiveFetcher`
    store      how bodies are kept under their hash: `CaptureStore`
    places     where the bodies lie: a folder, or whatever fsspec reaches
    keeping    how answers come into the store and its index in the warehouse, and leave both again
    replaying  how the store answers requests: `StoreFetcher`
    export     how captures become a WARC file: `export_warc`
"""

from importlib import import_module
from typing import TYPE_CHECKING

from coopwatch.captures.errors import CaptureError

if TYPE_CHECKING:
    from coopwatch.captures.archive import ArchiveFetcher
    from coopwatch.captures.export import export_warc
    from coopwatch.captures.keeping import Recorder, RecordingFetcher, expire, keep_captures, sweep_orphans
    from coopwatch.captures.replaying import StoreFetcher
    from coopwatch.captures.store import CaptureStore

__all__ = [
    "ArchiveFetcher",
    "CaptureError",
    "CaptureStore",
    "Recorder",
    "RecordingFetcher",
    "StoreFetcher",
    "expire",
    "export_warc",
    "keep_captures",
    "sweep_orphans",
]

_HOMES = {
    "ArchiveFetcher": "archive",
    "CaptureStore": "store",
    "Recorder": "keeping",
    "RecordingFetcher": "keeping",
    "StoreFetcher": "replaying",
    "expire": "keeping",
    "export_warc": "export",
    "keep_captures": "keeping",
    "sweep_orphans": "keeping",
}

if not TYPE_CHECKING:  # a type checker would believe it to have any name at all

    def __getattr__(name: str) -> object:
        """Import a name where it is first used: what replays nothing needs no WARC reader (PEP 562)."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
