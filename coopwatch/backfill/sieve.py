"""A process that sifts records one by one, because only a process can be stopped in the middle of a page.

It reads the archive itself and keeps the bodies, so that no page travels between processes: handing pages of
330 kB to a process cost as much processor time as their triage. It tells whenever it begins a page,
and whoever listens kills it when one takes too long.
"""

import signal
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


class Begun(NamedTuple):
    """A page is worked on: the next answer must come in time."""


class Looked(NamedTuple):
    """What became of a record, and where the next one begins."""

    found: Survivor | str
    place: Place


class Lost(NamedTuple):
    """The process has died, or was killed, at the record that it had come to."""

    is_page: bool
    kind: FailureKind
    detail: str


Said = Place | Begun | Looked | Lost
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
    """

    stretch: Stretch
    room: int
    known: Set[str]
    settings: Settings
    model: Model | None
    look: Look


def sift_aside(task: Task) -> Generator[Said]:
    """Yield what a process of its own says of records, first where it begins; at last that it is lost.

    It is killed when the generator is closed.
    """
    context = make_context("coopwatch.backfill.preloading")
    listening, speaking = context.Pipe(duplex=False)
    process = context.Process(target=_sift, args=(speaking, task), daemon=True)
    is_page = False
    try:
        process.start()
        speaking.close()
        while True:
            limit = task.settings.extract_timeout_seconds
            if not listening.poll(limit if is_page else None):
                yield Lost(True, "too_slow", f"given up after {limit:g} s")
                return
            said: Said = listening.recv()
            is_page = isinstance(said, Begun)
            yield said
    except (EOFError, OSError):  # it may die in the middle of an answer
        process.join()
        yield Lost(is_page, "crashed", f"the worker process died with exit status {process.exitcode}")
    finally:
        listening.close()
        if process.pid:
            process.kill()
            process.join()


def _sift(speaking: Connection, task: Task) -> None:
    """Sift, and say so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who listens decides when it is over
    stretch, room, settings, known = task.stretch, task.room, task.settings, set(task.known)
    prepare_worker(settings, settings.topic, task.model)
    with suppress(BrokenPipeError):  # nobody listens any more
        reader = PageReader(stretch, settings)
        speaking.send(reader.place)
        for _ in range(stretch.records):
            if reader.place.is_last or not room:
                return
            found: Survivor | str
            page = reader.read()
            if isinstance(page, str):
                found = page
            elif page.entry.key in known:
                found = "known"
            else:
                speaking.send(Begun())
                found = task.look(page, settings)
            if isinstance(found, Survivor):
                known.add(found.entry.key)
                room -= 1
            speaking.send(Looked(found, reader.place))
