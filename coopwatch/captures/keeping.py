"""How answers come into the store and its index, and leave both again.

The body is always written before the row that names it, and the row deleted before the body: a process
that is killed in between leaves at most a body that nobody knows, which `sweep_orphans` finds.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from coopwatch.captures.errors import CaptureError
from coopwatch.captures.store import CaptureStore, hash_body
from coopwatch.fetch.answers import has_body_to_keep
from coopwatch.fetch.client import NO_HEADERS, Fetcher
from coopwatch.warehouse.captures import SAME_ANSWER_FOR, CapturePurpose, CaptureRow
from schemas.records import Capture

if TYPE_CHECKING:
    from coopwatch.warehouse import Warehouse

_log = logging.getLogger(__name__)

# A body is written when its answer comes, its row when the round or batch ends. Until then nobody knows it.
UNKNOWN_FOR = timedelta(hours=1)
ROBOTS_PATH = "/robots.txt"  # RFC 9309 2.3
_ROWS = 500  # recorded at once


class Owner(NamedTuple):
    """Whose answer a capture is."""

    source_id: str | None = None
    entry_id: int | None = None


class RecordingFetcher:
    """Hands every answer with a body to somebody, in the thread that asked for it.

    A robots.txt is not handed over: it is asked for on the way to a page, and neither a feed nor a page.

    Args:
        fetcher: answers the requests.
        keep: called by many threads at once; what it raises, `get` raises.
    """

    def __init__(self, fetcher: Fetcher, keep: Callable[[Capture], None]) -> None:
        self._fetcher = fetcher
        self._keep = keep

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS) -> Capture:
        """Return what the fetcher answers; see `Fetcher.get`.

        Raises:
            FetchError: there is no answer, or one with an error status.
        """
        capture = self._fetcher.get(url, headers=headers)
        if has_body_to_keep(capture.status) and urlsplit(url).path != ROBOTS_PATH:
            self._keep(capture)
        return capture


class Recorder:
    """Keeps the answers of one round of polling or fetching: bodies at once, rows until they are taken.

    A store that fails must not stop the news: the answer is lost to the archive only, which is counted
    and said once in the log.

    Args:
        store: where bodies go.
        purpose: what the answers were asked for.
        owners: whose answer it is, by the URL that is asked for.
        unchanged: hashes of the bodies that sources gave before. Such a body is kept again when the store
            has not got it, or not for a day; in between, its coming again is nothing to record.
    """

    def __init__(
        self,
        store: CaptureStore,
        purpose: CapturePurpose,
        *,
        owners: Mapping[str, Owner] = MappingProxyType({}),
        unchanged: Collection[str] = frozenset(),
    ) -> None:
        self._store = store
        self._purpose = purpose
        self._owners = owners
        self._unchanged = unchanged
        self._lock = threading.Lock()
        self._rows: list[CaptureRow] = []
        self.lost = 0

    def keep(self, capture: Capture) -> None:
        """Keep one answer; may be called by many threads at once."""
        try:
            sha256 = hash_body(capture.body)
            if sha256 in self._unchanged and self._was_just_kept(sha256, capture.fetched_at):
                return
            self._store.write(capture.body, sha256)
        except CaptureError as error:
            with self._lock:
                self.lost += 1
                is_first = self.lost == 1
            if is_first:
                _log.warning("an answer was not kept, and others may not be: %s", error)
            return
        row = make_row(capture, sha256, self._purpose, self._owners.get(capture.url, Owner()))
        with self._lock:
            self._rows.append(row)

    def _was_just_kept(self, sha256: str, now: datetime) -> bool:
        written_at = self._store.written_at(sha256)
        return written_at is not None and now - written_at < SAME_ANSWER_FOR

    def take_rows(self) -> tuple[CaptureRow, ...]:
        """Return the rows of what was kept since the last call, the earliest first."""
        with self._lock:
            rows, self._rows = self._rows, []
        return tuple(sorted(rows, key=lambda row: row.fetched_at))


def make_row(capture: Capture, sha256: str, purpose: CapturePurpose, owner: Owner) -> CaptureRow:
    """Return what the index says of an answer whose body is kept."""
    return CaptureRow(
        sha256=sha256,
        url=capture.url,
        final_url=capture.final_url,
        status=capture.status,
        headers=capture.headers,
        fetched_at=capture.fetched_at,
        content_type=capture.header("content-type"),
        size_bytes=len(capture.body),
        purpose=purpose,
        source_id=owner.source_id,
        entry_id=owner.entry_id,
    )


def keep_captures(
    store: CaptureStore,
    warehouse: "Warehouse",
    run_id: str,
    captures: Iterable[tuple[Capture, CapturePurpose, str | None, int | None]],
    now: datetime,
) -> int:
    """Keep answers that are there already, such as those of an archive; return how many.

    Args:
        store: where bodies go.
        warehouse: where rows go.
        run_id: the run that got them.
        captures: each with what it was asked for, its source and its entry; never more than one is held.
        now: the time of the run.

    Raises:
        CaptureError: a body cannot be written.
        WarehouseError: the rows cannot.
    """
    kept, rows = 0, []
    for capture, purpose, source_id, entry_id in captures:
        rows.append(make_row(capture, store.write(capture.body), purpose, Owner(source_id, entry_id)))
        kept += 1
        if len(rows) == _ROWS:
            warehouse.record_captures(run_id, rows, now)
            rows = []
    if rows:
        warehouse.record_captures(run_id, rows, now)
    return kept


def expire(store: CaptureStore, warehouse: "Warehouse", now: datetime, keep_days: int) -> int:
    """Forget the captures of more than some days ago; return how many bodies were deleted.

    A body that a later capture shares stays. So does one that was written within `UNKNOWN_FOR`: a run may
    be about to record that it has come again; if none does, `sweep_orphans` finds it.

    Args:
        store: the store of this warehouse.
        warehouse: the index.
        now: the time of the run.
        keep_days: how long captures are kept.

    Raises:
        CaptureError: a body cannot be deleted; it is an orphan then.
        WarehouseError: the index cannot be read or written.
    """
    forgotten = warehouse.expire_captures(now - timedelta(days=keep_days))
    return store.delete(forgotten, written_before=now - UNKNOWN_FOR)


def sweep_orphans(store: CaptureStore, warehouse: "Warehouse", now: datetime) -> int:
    """Delete bodies that the warehouse does not know, and files left half-written; return how many.

    Args:
        store: the store of this warehouse and of no other: what only another knows would be deleted.
        warehouse: the index.
        now: the time of the run; what was written within `UNKNOWN_FOR` before it stays.

    Raises:
        CaptureError: the store cannot be listed or a file not be deleted.
        WarehouseError: the index cannot be read.
    """
    known = {row.sha256 for row in warehouse.read_captures()}
    return store.sweep(known, written_before=now - UNKNOWN_FOR)
