"""The work that goes to a worker process; apart, because whoever hands it out need not load extractors."""

from schemas.records import Capture, PendingEntry, Record, Source


class ExtractJob(Record):
    """One fetched page, with the entry that led to it and the source of that."""

    entry: PendingEntry
    capture: Capture
    source: Source
