"""The pages of a stretch of an archive: its raw records within bounds, each as work for an extractor."""

from collections.abc import Iterator
from typing import NamedTuple

from coopwatch.backfill.archives import RawRecord, read_records, to_capture
from coopwatch.backfill.bounds import decide_bounds
from coopwatch.errors import FetchError, ReplayError, UrlError
from coopwatch.jobs import ExtractJob
from coopwatch.settings import Settings
from coopwatch.urls import absolute_url, compare_url, host_of
from schemas.records import Capture, PendingEntry, Record, Source

RECORDS = 2_000  # in a stretch at most: some ten seconds of work, of which handing it out is little


class Stretch(Record):
    """Where to go on in an archive, and for whom.

    Attributes:
        item: a path, or a URL of fsspec.
        offset: where a record begins.
        source_id: the source that its entries get.
        records: how many are looked at, at most.
    """

    item: str
    offset: int = 0
    source_id: str
    records: int = RECORDS


class Place(NamedTuple):
    """How far an archive was read.

    Attributes:
        offset: where the next record begins; where there is none, the last one.
        is_last: there is no next one, or none that can be read.
        error: why it cannot be read any further.
    """

    offset: int
    is_last: bool = False
    error: str | None = None


class PageReader:
    """Reads the records of an archive one by one, always one ahead, to know where the next one begins.

    Args:
        stretch: where to begin.
        settings: how large a page may be.

    Attributes:
        place: where the next record begins.
    """

    def __init__(self, stretch: Stretch, settings: Settings) -> None:
        self._source_id, self._settings = stretch.source_id, settings
        self._records: Iterator[RawRecord] = read_records(
            stretch.item, stretch.offset, settings.fetch_max_bytes
        )
        self._next: RawRecord | None = None
        self.place = Place(stretch.offset)
        self._move()

    def read(self) -> ExtractJob | str:
        """Return the next page, or the kind of reason for which its record is discarded unseen.

        Raises:
            StopIteration: there is no next record.
        """
        if self._next is None:
            raise StopIteration
        found = read_page(self._next, self._source_id, self._settings)
        self._move()
        return found

    def _move(self) -> None:
        error = None
        try:
            self._next = next(self._records, None)
        except ReplayError as problem:
            self._next, error = None, str(problem)
        if self._next:
            self.place = Place(self._next.offset)
        else:
            self.place = Place(self.place.offset, is_last=True, error=error)


def read_page(record: RawRecord, source_id: str, settings: Settings) -> ExtractJob | str:
    """Return a record as the page of an entry, or the kind of reason for which it is discarded unseen.

    Args:
        record: as it lies in the archive; where it does is its number, until it is in the inbox.
        source_id: the source of the entry.
        settings: how large a page may be.
    """
    if reason := decide_bounds(record, settings.fetch_max_bytes):
        return reason
    try:
        url = absolute_url(record.url)
        key = compare_url(url)
        capture = to_capture(record, settings.fetch_max_bytes).model_copy(
            update={"url": url, "final_url": url}
        )
        return make_job(url, key, capture, source_id, record.offset)
    except FetchError as error:
        return error.kind
    except UrlError:
        return "bad_url"
    except ValueError:  # what no record of ours holds, such as a header that is no text
        return "malformed"


def make_job(url: str, key: str, capture: Capture, source_id: str, number: int) -> ExtractJob:
    """Return the work that an archived page makes; its site is its publisher.

    Raises:
        UrlError: the URL is none.
    """
    entry = PendingEntry(
        source_id=source_id,
        key=key,
        url=url,
        compare_url=key,
        entry_id=number,
        first_seen_at=capture.fetched_at,
    )
    source = Source(id=source_id, name=source_id, kind="feed", url=url, publisher=host_of(url))
    return ExtractJob(entry=entry, capture=capture, source=source)
