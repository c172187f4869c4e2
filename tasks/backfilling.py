"""The steps of the backfill flow as Prefect tasks, and how archives are spread over processes."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from itertools import islice
from queue import SimpleQueue
from typing import Any
from uuid import UUID

from prefect import Task, task
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact, aupdate_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from coopwatch.backfill import holding, sifting
from coopwatch.backfill.holding import BackfillWorkspace
from coopwatch.backfill.pages import Stretch
from coopwatch.backfill.progress import Backfilled
from coopwatch.backfill.sifting import Sifted
from coopwatch.errors import ConfigError
from coopwatch.relevance import Model
from coopwatch.settings import Settings
from coopwatch.work import Work
from expectations.version import gate_version

FILES_AHEAD = 2  # per worker, so that none is idle while results are loaded

sift: Task[..., Sifted] = task(
    name="sift a stretch",
    task_run_name="sift from byte {stretch.offset}",
    cache_policy=NO_CACHE,
    persist_result=False,
)(sifting.sift)


def sift_archives(
    stretches: Iterable[Stretch],
    settings: Settings,
    model: Model | None,
    workers: int = 0,
    scheduler: str | None = None,
) -> Generator[Sifted]:
    """Yield what archives come to, stretch by stretch: those of one file in their order.

    Args:
        stretches: the first of every file.
        settings: for the workers; all have to reach the files and the store of captures.
        model: the active model.
        workers: Dask workers on this machine; 0 for none, but as many threads as extraction workers are set,
            each of which waits for its own process.
        scheduler: the address of a Dask scheduler, whose workers are used instead.

    Raises:
        ConfigError: prefect-dask is not installed, or the scheduler cannot be reached or has no workers.
    """
    with _open_runner(workers, scheduler, settings) as (runner, at_once):
        finished: SimpleQueue[Any] = SimpleQueue()
        upcoming = iter(stretches)
        running: dict[Any, tuple[PrefectFuture[Sifted], Stretch]] = {}

        def hand_out(stretch: Stretch) -> None:
            # not quoted: Dask makes plain tuples of such annotations
            future = runner.submit(sift, {"stretch": stretch, "settings": settings, "model": model})
            running[future.wrapped_future] = (future, stretch)
            future.wrapped_future.add_done_callback(finished.put)

        for stretch in islice(upcoming, FILES_AHEAD * at_once):
            hand_out(stretch)
        while running:
            sifted = _take_result(*running.pop(finished.get()))
            following = sifted.following or next(upcoming, None)
            if following:
                hand_out(following)
            yield sifted


def read_refused(run: BackfillWorkspace, source_id: str, after: int) -> tuple[Work, int]:
    """Read again what the gate as it is now has never refused; see `holding.read_refused`."""
    with run.timed("read"):
        return holding.read_refused(run, source_id, gate_version(), after)


class Progress:
    """The progress bar of a flow run's page."""

    def __init__(self, artifact_id: UUID) -> None:
        self._artifact_id = artifact_id

    @classmethod
    async def show(cls, job: str) -> "Progress":
        """Return a bar at its beginning."""
        created = await acreate_progress_artifact(progress=0.0, key="backfill", description=job)
        return cls(created)

    async def move(self, percent: float) -> None:
        """Show how much is done, from 0 to 100."""
        await aupdate_progress_artifact(self._artifact_id, progress=percent)


async def show_items(report: Backfilled) -> None:
    """Publish one row an item: how far it is, and what was found; what could not be read comes first."""
    rows = [
        {
            "item": item.item,
            "position": item.position,
            "seen": item.seen,
            "kept": item.kept,
            "done": item.done_at.isoformat() if item.done_at else "",
            "error": item.error or "",
            "counts": ", ".join(f"{number} {name}" for name, number in sorted(item.counts.items())),
        }
        for item in sorted(report.items, key=lambda item: (item.error is None, item.item))
    ]
    if rows:
        await acreate_table_artifact(key="backfilled", table=rows, description=report.job)


def _take_result(future: PrefectFuture[Sifted], stretch: Stretch) -> Sifted:
    """Return what a stretch came to: an error of its file where worker after worker died of it."""
    try:
        return future.result()
    except Exception as error:
        if type(error).__name__ != "KilledWorker":  # of distributed, which may not be installed
            raise
        told = f"{stretch.item}: cannot be read after byte {stretch.offset}: the Dask workers that tried died"
        return Sifted(stretch=stretch, end=stretch.offset, is_last=True, seen=0, counts={}, error=told)


@contextmanager
def _open_runner(
    workers: int, scheduler: str | None, settings: Settings
) -> Generator[tuple[TaskRunner[Any], int]]:
    """Give what runs tasks, and how many at once."""
    if not workers and not scheduler:
        pool: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=settings.extract_workers)
        with pool:
            yield pool, settings.extract_workers
        return
    try:
        import dask
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise ConfigError("several workers need the extra 'dask': pip install 'coopwatch[dask]'") from None
    if not scheduler:
        dask.config.set({"distributed.worker.profile.enabled": False})  # it looks a hundred times a second
        local = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
        with DaskTaskRunner(cluster_kwargs=local) as runner:
            yield runner, workers
        return
    with DaskTaskRunner(address=scheduler) as runner:
        try:
            threads = sum(runner.client.nthreads().values())  # it connects only when it is asked for
        except (OSError, ValueError) as error:  # no answer, or no address
            told = " ".join(str(error).split())
            raise ConfigError(f"scheduler {scheduler!r}: cannot be reached: {told}") from error
        if not threads:
            raise ConfigError(f"scheduler {scheduler!r}: has no workers")
        yield runner, threads
