"""A process that sifts records one by one, because only a process can be stopped in the middle of a page.

It reads the archive itself and keeps the bodies, so that no page travels between processes: handing pages of
330 kB to a process cost as much processor time as their triage. When it began a page it writes where whoever
listens can look, to kill it when one takes too long; what it found it tells some records at a time.
"""

import ctypes
import signal
import time
from collections.abc import Callable, Generator, Set
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple

from coopwatch.backfill.pages import PageReader, Place, Stretch
from coopwatch.backfill.survivors import Survivor
from coopwatch.jobs import ExtractJob
from coopwatch.relevance import Model
from coopwatch.settings import Settings
from coopwatch.workers import make_context, prepare_worker
from schemas.records import FailureKind


class Looked(NamedTuple):
    """What became of a record, and where the next one begins."""

    found: Survivor | str
    place: Place


class Lost(NamedTuple):
    """The process died or was killed: at the next record or, if it did not tell of each, at a later one."""

    is_page: bool
    kind: FailureKind
    detail: str


_LOOK_SECONDS = 0.5  # between two looks at whether a page takes too long

Said = Place | Looked | Lost
Look = Callable[[ExtractJob, Settings], Survivor | str]


class Task(NamedTuple):
    """What a process is to sift.

    Attributes:
        stretch: which records.
        room: how many pages may survive; then it stops.
        known: the keys of pages that have survived already.
        settings: for reading, triage, extraction and keeping.
        model: the active model.
        look: what becomes of a page; a function of a module.
        told_at_once: of how many records is told at once.
    """

    stretch: Stretch
    room: int
    known: Set[str]
    settings: Settings
    model: Model | None
    look: Look
    told_at_once: int


def sift_aside(task: Task) -> Generator[Said]:
    """Yield what a process of its own says of records, first where it begins; at last that it is lost.

    It is killed when the generator is closed.
    """
    context = make_context("coopwatch.backfill.preloading")
    listening, speaking = context.Pipe(duplex=False)
    page_began = context.RawValue(ctypes.c_double, 0.0)
    process = context.Process(target=_sift, args=(speaking, page_began, task), daemon=True)
    limit = task.settings.extract_timeout_seconds
    try:
        process.start()
        speaking.close()
        while True:
            while not listening.poll(_LOOK_SECONDS):
                began = page_began.value  # read once: it may be over the next moment
                if began and time.monotonic() - began > limit:
                    yield Lost(True, "too_slow", f"given up after {limit:g} s")
                    return
            yield from listening.recv()
    except (EOFError, OSError):  # it may die in the middle of an answer
        process.join()
        detail = f"the worker process died with exit status {process.exitcode}"
        yield Lost(bool(page_began.value), "crashed", detail)
    finally:
        listening.close()
        if process.pid:
            process.kill()
            process.join()


def _sift(speaking: Connection, page_began: ctypes.c_double, task: Task) -> None:
    """Sift, and tell of it.

    Args:
        speaking: takes lists of what is said.
        page_began: the time, by the clock of the machine that all processes share, or 0 between pages.
        task: what to sift.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who listens decides when it is over
    stretch, room, settings, known = task.stretch, task.room, task.settings, set(task.known)
    prepare_worker(settings, settings.topic, task.model)
    with suppress(BrokenPipeError):  # nobody listens any more
        reader = PageReader(stretch, settings)
        saying: list[Said] = [reader.place]
        for _ in range(stretch.records):
            if reader.place.is_last or not room:
                break
            found: Survivor | str
            page = reader.read()
            if isinstance(page, str):
                found = page
            elif page.entry.key in known:
                found = "known"
            else:
                page_began.value = time.monotonic()
                found = task.look(page, settings)
                page_began.value = 0.0
            if isinstance(found, Survivor):
                known.add(found.entry.key)
                room -= 1
            saying.append(Looked(found, reader.place))
            if len(saying) >= task.told_at_once:
                speaking.send(saying)
                saying = []
        speaking.send(saying)
