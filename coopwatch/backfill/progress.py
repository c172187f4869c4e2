"""What a backfill has come to so far, counted and in words."""

import math
from collections import Counter
from collections.abc import Iterable

from pydantic import Field

from coopwatch.work import Work
from schemas.records import BackfillItem, EntryOutcome, Record


class Backfilled(Record):
    """What one run of a backfill came to.

    Attributes:
        job: what was backfilled into.
        items: how far each file, list, sitemap or gap is, with all runs that worked on it.
        outcomes: of entries, in this run.
        waiting: entries that are tried again when the job is run the next time.
        events: new or changed in this run.
        seconds: time per stage.
    """

    job: str
    items: tuple[BackfillItem, ...] = ()
    outcomes: dict[EntryOutcome, int] = Field(default_factory=dict)
    waiting: int = 0
    events: tuple[str, ...] = ()
    seconds: dict[str, float] = Field(default_factory=dict)

    def put(self, item: BackfillItem) -> "Backfilled":
        """Return this with an item as it is now."""
        return self.model_copy(
            update={"items": tuple(item if item.item == one.item else one for one in self.items)}
        )

    def count_work(self, work: Work) -> "Backfilled":
        """Return this with a batch that was loaded."""
        outcomes = Counter(self.outcomes)
        outcomes.update(result.outcome for result in work.results)
        events = dict.fromkeys((*self.events, *(dossier.event.event_id for dossier in work.dossiers)))
        return self.model_copy(update={"outcomes": dict(outcomes), "events": tuple(events)})

    @property
    def failed(self) -> int:
        """How many items could not be read to their end."""
        return sum(item.error is not None for item in self.items)

    @property
    def done(self) -> int:
        """How many items are done."""
        return sum(item.done_at is not None for item in self.items)


def share_done(items: Iterable[BackfillItem], sizes: dict[str, int]) -> float:
    """Return how much of a job is done, from 0 to 100: by bytes where sizes are known, else by items."""
    listed = list(items)
    total = sum(sizes.get(item.item, 0) for item in listed)
    if not total:
        return 100 * sum(item.done_at is not None for item in listed) / max(1, len(listed))
    read = sum(
        sizes.get(item.item, 0) if item.done_at else min(item.position, sizes.get(item.item, 0))
        for item in listed
    )
    return math.floor(1_000 * read / total) / 10


def word_backfilled(report: Backfilled) -> str:
    """Return what a run came to, in one line."""
    outcomes = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(report.outcomes.items()))
    seen, kept = sum(item.seen for item in report.items), sum(item.kept for item in report.items)
    failed = f", {report.failed} could not be read to the end" if report.failed else ""
    waiting = f"; {report.waiting:,} are tried again by the next run" if report.waiting else ""
    return (
        f"{report.job}: {report.done} of {len(report.items)} done{failed}; {seen:,} records seen, "
        f"{kept:,} kept; this run: {outcomes or 'nothing to do'}, {len(report.events)} events{waiting}"
    )


def word_item(item: BackfillItem) -> str:
    """Return how far an item is, in one line."""
    state = "done" if item.done_at else f"at {item.position:,}"
    reasons = ", ".join(f"{number:,} {name}" for name, number in sorted(item.counts.items(), key=_by_number))
    error = f"; {item.error}" if item.error else ""
    return f"{item.item}: {state}, {item.seen:,} seen, {item.kept:,} kept" + (
        f" ({reasons}){error}" if reasons else error
    )


def _by_number(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
