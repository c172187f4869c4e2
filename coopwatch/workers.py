"""Triage, extraction and judgement in worker processes, because only a process can be stopped within a page.

Some pages keep an extractor busy for minutes, inside C code that no signal interrupts, and some
crash it. Such a page costs its worker, which is killed and replaced; no other page waits for it.
"""

import logging
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import current_process
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from coopwatch.errors import ExtractError
from coopwatch.jobs import ExtractJob
from coopwatch.publishers import Publishers, load_publishers
from coopwatch.relevance import Model, Topic, decide, load_topic
from coopwatch.relevance.triage import triage_page
from coopwatch.settings import Settings
from schemas.records import Article, Failure, FailureKind, Judgement, Triage

PAGES_AHEAD = 8  # handed out per worker, so that none is idle while results are taken and pages come
PAGES_PER_WORKER = 1_000  # then it is replaced, and with it whatever its libraries have cached
GRACE_SECONDS = 60.0  # beyond the time of one page, without any result: the pool is stuck
MAX_TRIES = 2  # of a page that was in flight when the pool broke

Extract = Callable[[ExtractJob, Publishers], Article]
Outcome = Article | Failure | Judgement | Triage
_Future = Future[tuple[Outcome, ...]]

_STARTING = threading.Lock()


class ExtractionPool:
    """Worker processes that extract articles; they start with the first page.

    Args:
        settings: how many workers, how long a page may take, where the publishers file is.
        extract: a function of a module, instead of `coopwatch.extract.extract_article`.
        grace_seconds: how long after a page's time nothing may come before the pool is replaced.
        topic: the topic file; with it, pages are triaged, most of what is out of scope is not extracted, and
            the articles of the others are judged.
        model: the active model, for judging.

    Raises:
        ConfigError: the publishers or the topic file is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        extract: Extract | None = None,
        grace_seconds: float = GRACE_SECONDS,
        topic: Path | None = None,
        model: Model | None = None,
    ) -> None:
        # a mistake in them ends the run here, not every worker
        load_configuration(settings.publishers, topic)
        self._settings = settings
        self._extract = extract
        self._topic = topic
        self._model = model
        self._stuck_after = settings.extract_timeout_seconds + grace_seconds
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop all workers, whatever they are doing, and wait until they are gone."""
        if self._pool:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None

    @staticmethod
    def prepare() -> None:
        """Let the server start that workers are forked from, without waiting for it.

        It loads for seconds what extraction needs; called before pages are fetched, nobody waits for that.
        """
        with _STARTING:
            make_context()
            ensure_running()

    def run(self, jobs: Iterable[ExtractJob]) -> Generator[tuple[ExtractJob, Outcome]]:
        """Extract pages, yielding each with what became of it as soon as that is known.

        That is an article, a failure, or the decision of triage to discard the page. A page may come more
        than once: one that was discarded but is audited with that decision first, and with a topic an
        article is followed by its judgement. Jobs are taken only as fast as results are, a few ahead.
        """
        upcoming = iter(jobs)
        in_flight: dict[_Future, tuple[ExtractJob, int]] = {}
        try:
            while True:
                for job in islice(upcoming, PAGES_AHEAD * self._settings.extract_workers - len(in_flight)):
                    in_flight[self._hand_out(job)] = (job, 1)
                if not in_flight:
                    return
                done = wait(in_flight, timeout=self._stuck_after, return_when=FIRST_COMPLETED).done
                if not done:
                    self.close()
                for future in done or tuple(in_flight):
                    job, tries = in_flight.pop(future)
                    if self._is_lost(future) and tries < MAX_TRIES:
                        in_flight[self._hand_out(job)] = (job, tries + 1)
                    else:
                        yield from ((job, outcome) for outcome in self._read_outcomes(future))
        finally:
            for future in in_flight:
                future.cancel()

    def _hand_out(self, job: ExtractJob) -> _Future:
        if self._pool and not self._pool.active:
            self.close()
        if not self._pool:
            self._pool = ProcessPool(
                max_workers=self._settings.extract_workers,
                max_tasks=PAGES_PER_WORKER,
                initializer=prepare_worker,
                initargs=(self._settings, self._topic, self._model),
                context=make_context(),
            )
        future: _Future = self._pool.schedule(
            work_on,
            args=(job, self._extract),
            timeout=self._settings.extract_timeout_seconds,
        )
        return future

    @staticmethod
    def _is_lost(future: _Future) -> bool:
        """Tell whether a page got no answer because of something that happened to the pool."""
        return not future.done() or isinstance(future.exception(), BrokenProcessPool)

    def _read_outcomes(self, future: _Future) -> tuple[Outcome, ...]:
        if self._is_lost(future):
            return (_fail("crashed", "the worker processes broke down", is_transient=True),)
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, TimeoutError):
            return (_fail("too_slow", f"given up after {self._settings.extract_timeout_seconds:g} s"),)
        if isinstance(error, ProcessExpired):
            return (_fail("crashed", f"the worker process died with exit status {error.exitcode}"),)
        return (_fail("internal", _describe(error)),)


def extract_articles(jobs: Iterable[ExtractJob], settings: Settings) -> Generator[tuple[ExtractJob, Outcome]]:
    """Extract pages in worker processes of their own, and no more; see `ExtractionPool.run`."""
    with ExtractionPool(settings) as pool:
        yield from pool.run(jobs)


def load_configuration(publishers: Path, topic: Path | None) -> tuple[Publishers, Topic | None]:
    """Read what a worker has to know, once a process.

    Raises:
        ConfigError: one of the files is wrong.
    """
    return load_publishers(publishers), _load_topic(topic) if topic else None


@cache
def _load_topic(path: Path) -> Topic:
    return load_topic(path)


@dataclass(frozen=True)
class _Kit:
    """What a worker works with: too much to be handed over with every page."""

    publishers: Publishers
    topic: Topic | None
    model: Model | None
    audit_share: float


_kit: _Kit  # of this process, if it is a worker


def prepare_worker(settings: Settings, topic: Path | None, model: Model | None) -> None:
    """Load in a new worker what every page needs, so that no page's time is spent on it."""
    import coopwatch.extract  # noqa: F401

    global _kit  # noqa: PLW0603 - a worker has nothing else that outlives a page
    _kit = _Kit(*load_configuration(settings.publishers, topic), model, settings.triage_audit_share)
    for library in ("trafilatura", "htmldate", "charset_normalizer"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # what they report of a page is in its outcome


def work_on(job: ExtractJob, extract: Extract | None = None) -> tuple[Outcome, ...]:
    """Triage, extract and judge one page, in a worker that is prepared; see `ExtractionPool.run`."""
    from coopwatch.extract import extract_article

    outcomes: list[Outcome] = []
    try:
        if _kit.topic:
            decision = triage_page(job, _kit.topic, _kit.audit_share)
            if not decision.is_kept:
                outcomes.append(decision)
                if not decision.is_audited:
                    return tuple(outcomes)
        article = (extract or extract_article)(job, _kit.publishers)
        judged = (decide(article, _kit.topic, _kit.model),) if _kit.topic else ()
        outcomes += (article, *judged)
    except ExtractError as error:
        outcomes.append(_fail(error.kind, error.detail))
    except Exception as error:  # noqa: BLE001 - a page is hostile, and not every exception survives pickling
        outcomes.append(_fail("internal", _describe(error)))
    return tuple(outcomes)


def _fail(kind: FailureKind, detail: str, *, is_transient: bool = False) -> Failure:
    return Failure(stage="extract", kind=kind, detail=detail, is_transient=is_transient)


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]


class _WorkerProcess(ForkServerProcess):
    """A worker that does not import the program which the parent runs, and whose parent may be a demon.

    Every other start method but fork imports it, in case the work is defined there. Ours is not,
    and the program may be a flow engine, which takes seconds and a hundred megabytes.

    Demons may have no children, because those would outlive them. Ours end when nobody reads their answers,
    and the workers of a Dask cluster are demons unless it was started for us.
    """

    def start(self) -> None:
        """Start the process."""
        with _STARTING:
            program, parent = sys.modules["__main__"], current_process()
            is_demon = parent._config.pop("daemon", None)  # type: ignore[attr-defined] # nothing public sets it
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super().start()
            finally:
                sys.modules["__main__"] = program
                if is_demon is not None:
                    parent._config["daemon"] = is_demon  # type: ignore[attr-defined]


class _WorkerContext(ForkServerContext):
    """Workers are forked from a small server, which has loaded the extractors and their files once."""

    Process = _WorkerProcess


def make_context(preloading: str = "coopwatch.preloading") -> ForkServerContext:
    """Return how worker processes are started.

    Args:
        preloading: the module that the server imports when it starts, which it does with the first process.
    """
    context = _WorkerContext()
    context.set_forkserver_preload([preloading])
    return context
