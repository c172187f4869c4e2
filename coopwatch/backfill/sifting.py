"""What a stretch of an archive comes to: bounds on raw records, triage and the rest on what they leave.

A stretch is sifted by any process that reaches the file and the store of captures; it needs no warehouse. The
same stretch always comes to the same, so it may be sifted again, or elsewhere.
"""

import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field

from coopwatch.backfill.pages import PageReader, Place, Stretch
from coopwatch.backfill.sieve import Look, Looked, Lost, Task, sift_aside
from coopwatch.backfill.survivors import Survivor, keep, sift_page
from coopwatch.relevance import Model
from coopwatch.settings import Settings
from coopwatch.workers import MAX_TRIES, load_configuration
from schemas.records import Failure, Record

TOLD_AT_ONCE = 50  # records: each message costs as much as reading one


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


def sift(stretch: Stretch, settings: Settings, model: Model | None = None, look: Look = sift_page) -> Sifted:
    """Look at the records of a stretch, and extract and judge the pages that triage keeps.

    One other process does it, while this one waits. Not only because it can be given up on: the trees of
    pages must be freed by the thread that made them, and in a process of a task runner the garbage
    collector frees them in any.

    Args:
        stretch: which records; it ends earlier when a batch is full.
        settings: topic, publishers, store of captures, bounds.
        model: the active model.
        look: what becomes of a page; a function of a module.

    Raises:
        ConfigError: topic or publishers file is wrong.
    """
    began = time.perf_counter()
    load_configuration(settings.publishers, settings.topic)
    sifting = _Sifting(stretch, settings.override(triage_audit_share=0), model, look)
    while not sifting.is_over:
        sifting.go_on()
    return Sifted(
        stretch=stretch,
        end=sifting.place.offset,
        is_last=sifting.place.is_last,
        seen=sifting.seen,
        counts=dict(sifting.counts),
        survivors=tuple(sifting.survivors.values()),
        error=sifting.place.error,
        seconds=time.perf_counter() - began,
    )


@dataclass
class _Sifting:
    """How far a stretch is sifted, by one process after another if one is lost."""

    stretch: Stretch
    settings: Settings
    model: Model | None
    look: Look
    seen: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    survivors: dict[str, Survivor] = field(default_factory=dict)
    losses: Counter[int] = field(default_factory=Counter)
    is_exact: bool = False

    def __post_init__(self) -> None:
        self.place = Place(self.stretch.offset)

    @property
    def is_over(self) -> bool:
        return self.place.is_last or self.seen >= self.stretch.records or not self._room

    @property
    def _room(self) -> int:
        return self.settings.batch_size - len(self.survivors)

    @property
    def _rest(self) -> Stretch:
        left = self.stretch.records - self.seen
        return self.stretch.model_copy(update={"offset": self.place.offset, "records": left})

    def go_on(self) -> None:
        """Let a process look at what is left, as far as it comes."""
        told_at_once = 1 if self.is_exact else TOLD_AT_ONCE
        known = set(self.survivors)
        task = Task(self._rest, self._room, known, self.settings, self.model, self.look, told_at_once)
        with closing(sift_aside(task)) as saying:
            for said in saying:
                match said:
                    case Place():
                        self.place = said
                    case Looked():
                        self._add(said)
                    case Lost():
                        self._pass_over(said)
                if self.is_over:
                    return

    def _add(self, looked: Looked) -> None:
        self.seen += 1
        self.place = looked.place
        if isinstance(looked.found, Survivor):
            self.survivors[looked.found.entry.key] = looked.found
        else:
            self.counts[looked.found] += 1

    def _pass_over(self, lost: Lost) -> None:
        """Leave a record alone that cost its process, unless another try may help.

        Nobody knows which it was if it was told of many at once: then the next process tells of each.
        """
        if not self.is_exact:
            self.is_exact = True
            return
        at = self.place.offset
        self.losses[at] += 1
        if lost.kind == "crashed" and self.losses[at] < MAX_TRIES:
            return
        if not lost.is_page:
            error = f"{self.stretch.item}: cannot be read after byte {at}: {lost.detail}"
            self.place = Place(at, is_last=True, error=error)
            return
        reader = PageReader(self._rest, self.settings)
        page = reader.read()
        failure = Failure(stage="extract", kind=lost.kind, detail=lost.detail, is_transient=False)
        found = page if isinstance(page, str) else keep(page, failure, self.settings)
        self._add(Looked(found, reader.place))
