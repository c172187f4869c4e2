"""What a stretch of an archive comes to: bounds on raw records, triage and the rest on what they leave.

A stretch is sifted by any process that reaches the file and the store of captures; it needs no warehouse. The
same stretch always comes to the same, so it may be sifted again, or elsewhere.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator

from coopwatch.backfill.archives import RawRecord, read_records, to_capture
from coopwatch.backfill.bounds import decide_bounds
from coopwatch.captures import CaptureStore
from coopwatch.captures.errors import CaptureError
from coopwatch.captures.keeping import Owner, make_row
from coopwatch.errors import FetchError, ReplayError, UrlError
from coopwatch.jobs import ExtractJob
from coopwatch.relevance import Model
from coopwatch.relevance.triage import NO_PATTERNS
from coopwatch.settings import Settings
from coopwatch.urls import absolute_url, compare_url, host_of
from coopwatch.warehouse.captures import CaptureRow
from coopwatch.workers import ExtractionPool
from schemas.records import (
    Article,
    Capture,
    Failure,
    FeedEntry,
    Judgement,
    PendingEntry,
    Record,
    Source,
    Triage,
)

RECORDS = 2_000  # in a stretch at most: some ten seconds of work, of which handing it out is little

_log = logging.getLogger(__name__)


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


class Survivor(Record):
    """A page that triage kept: its entry, where its body is kept, and what it came to.

    The numbers of entry, article and judgement are those of the stretch, until it is in the inbox.
    """

    entry: FeedEntry
    number: int
    capture: CaptureRow
    outcome: Article | Failure
    judgement: Judgement | None = None


class Sifted(Record):
    """What a stretch came to.

    Attributes:
        stretch: which.
        end: where the next one begins.
        is_last: there is no next one.
        seen: records that were looked at.
        counts: what became of those that did not survive, by kind of reason.
        survivors: the others, in their order.
        error: why the file cannot be read any further.
        seconds: what it took.
    """

    stretch: Stretch
    end: int
    is_last: bool
    seen: int
    counts: dict[str, int]
    survivors: tuple[Survivor, ...] = ()
    error: str | None = None
    seconds: float = 0.0

    @property
    def following(self) -> Stretch | None:
        """The stretch that comes next in the file, if one does."""
        return None if self.is_last else self.stretch.model_copy(update={"offset": self.end})


def sift(stretch: Stretch, settings: Settings, model: Model | None = None) -> Sifted:
    """Look at the records of a stretch, and extract and judge the pages that triage keeps.

    Bounds are decided here; all else is done by worker processes that can be given up on. Not
    only for that: the trees of pages must be freed by the thread that made them, and in a process of a task
    runner the garbage collector frees them in any.

    Args:
        stretch: which records; it ends earlier when a batch is full.
        settings: topic, publishers, store of captures, bounds, how many worker processes.
        model: the active model.

    Raises:
        ConfigError: topic or publishers file is wrong.
    """
    began = time.perf_counter()
    settings = settings.override(triage_audit_share=0)
    reader = _Reader(stretch, settings)
    survivors: dict[str, Survivor] = {}
    judgements: dict[int, Judgement] = {}
    with ExtractionPool(settings, topic=settings.topic, model=model) as pool:
        # as many pages as would fill the batch if all were kept: where a stretch ends depends on no timing
        while (room := settings.batch_size - len(survivors)) and not reader.is_over:
            found = sorted(pool.run(reader.read(room)), key=lambda pair: pair[0].entry.entry_id)
            for job, outcome in found:
                if isinstance(outcome, Triage):
                    reader.counts[name_reason(outcome.reason)] += 1
                elif isinstance(outcome, Judgement):
                    judgements[job.entry.entry_id] = outcome
                elif job.entry.key in survivors:
                    reader.counts["known"] += 1
                elif kept := _keep(job, outcome, settings):
                    survivors[job.entry.key] = kept
                else:
                    reader.counts["not stored"] += 1
    return Sifted(
        stretch=stretch,
        end=reader.end,
        is_last=reader.is_last,
        seen=reader.seen,
        counts=dict(reader.counts),
        survivors=tuple(
            kept.model_copy(update={"judgement": judgements.get(kept.number)}) for kept in survivors.values()
        ),
        error=reader.error,
        seconds=time.perf_counter() - began,
    )


class _Reader:
    """Reads the records of a stretch bit by bit, and counts what is out of bounds.

    Attributes:
        end: where the next record begins.
        seen: records that were looked at.
        counts: those out of bounds, by kind of reason.
        is_last: the file has no more records that can be read.
        is_over: neither has the stretch.
        error: why the file cannot be read any further.
    """

    def __init__(self, stretch: Stretch, settings: Settings) -> None:
        self._stretch, self._settings = stretch, settings
        self._records = read_records(stretch.item, stretch.offset, settings.fetch_max_bytes)
        self._next: RawRecord | None = None
        self.end, self.seen = stretch.offset, 0
        self.counts: Counter[str] = Counter()
        self.is_last = False
        self.error: str | None = None
        self._move()

    @property
    def is_over(self) -> bool:
        return self.is_last or self.seen >= self._stretch.records

    def read(self, number: int) -> Iterator[ExtractJob]:
        """Yield the next pages within bounds, so many at most."""
        while number and not self.is_over:
            assert self._next  # noqa: S101 - else it would be over
            self.seen += 1
            found = read_page(self._next, self._stretch.source_id, self._settings, number=self.seen)
            self._move()
            if isinstance(found, str):
                self.counts[found] += 1
            else:
                number -= 1
                yield found

    def _move(self) -> None:
        try:
            self._next = next(self._records, None)
        except ReplayError as problem:
            self._next, self.error = None, str(problem)
        self.is_last = self._next is None
        if self._next:
            self.end = self._next.offset


def read_page(record: RawRecord, source_id: str, settings: Settings, number: int) -> ExtractJob | str:
    """Return a record as the page of an entry, or the kind of reason for which it is discarded unseen.

    Args:
        record: as it lies in the archive.
        source_id: the source of the entry.
        settings: how large a page may be.
        number: of the record, by which its outcome is known again.
    """
    if reason := decide_bounds(record, settings.fetch_max_bytes):
        return reason
    try:
        url = absolute_url(record.url)
        key = compare_url(url)
        capture = to_capture(record, settings.fetch_max_bytes).model_copy(
            update={"url": url, "final_url": url}
        )
        return make_job(url, key, capture, source_id, number)
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


def name_reason(reason: str) -> str:
    """Return the kind of a reason of triage: without what is of one page only."""
    return NO_PATTERNS if reason.startswith(NO_PATTERNS) else reason


def _keep(job: ExtractJob, outcome: Article | Failure, settings: Settings) -> Survivor | None:
    """Keep the body of a page; return nothing if it cannot be kept."""
    try:
        digest = CaptureStore(settings.captures_url).write(job.capture.body)
    except CaptureError as error:
        _log.warning("%s is not kept: %s", job.entry.url, error)
        return None
    return Survivor(
        entry=FeedEntry.model_validate({name: getattr(job.entry, name) for name in FeedEntry.model_fields}),
        number=job.entry.entry_id,
        capture=make_row(job.capture, digest, "page", Owner(job.entry.source_id)),
        outcome=outcome,
    )
