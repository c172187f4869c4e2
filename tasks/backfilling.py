"""The steps of the backfill flow as Prefect tasks, and how archives are spread over processes."""

from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager
from itertools import islice
from queue import SimpleQueue
from typing import Any
from uuid import UUID

from prefect import Task, task
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact, aupdate_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner
from prefect.utilities.annotations import quote

from coopwatch.backfill import sifting
from coopwatch.backfill.progress import Backfilled
from coopwatch.backfill.sifting import Sifted, Stretch
from coopwatch.errors import ConfigError
from coopwatch.relevance import Model
from coopwatch.settings import Settings

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
        workers: Dask workers on this machine; 0 for this process with its extraction workers.
        scheduler: the address of a Dask scheduler, whose workers are used instead.

    Raises:
        ConfigError: prefect-dask is not installed.
    """
    if not workers and not scheduler:
        for first in stretches:
            following: Stretch | None = first
            while following:
                sifted = sift(following, quote(settings), quote(model))
                yield sifted
                following = sifted.following
        return
    one_each = settings.override(extract_workers=1)  # as many run as there are processors
    with _open_runner(workers, scheduler) as runner:
        finished: SimpleQueue[Any] = SimpleQueue()
        upcoming = iter(stretches)
        running: dict[Any, Any] = {}

        def hand_out(stretch: Stretch) -> None:
            # not quoted: Dask makes plain tuples of such annotations
            future = runner.submit(sift, {"stretch": stretch, "settings": one_each, "model": model})
            running[future.wrapped_future] = future
            future.wrapped_future.add_done_callback(finished.put)

        for stretch in islice(upcoming, FILES_AHEAD * (workers or _count_workers(runner))):
            hand_out(stretch)
        while running:
            sifted = running.pop(finished.get()).result()
            following = sifted.following or next(upcoming, None)
            if following:
                hand_out(following)
            yield sifted


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


def _open_runner(workers: int, scheduler: str | None) -> AbstractContextManager[TaskRunner[Any]]:
    try:
        import dask
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise ConfigError("several workers need the extra 'dask': pip install 'coopwatch[dask]'") from None
    if scheduler:
        return DaskTaskRunner(address=scheduler)
    # a worker extracts in a process that it can give up on, and demons may have no children
    dask.config.set({"distributed.worker.daemon": False})
    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": workers,
            "threads_per_worker": 1,
            "processes": True,
            "dashboard_address": None,
        }
    )


def _count_workers(runner: Any) -> int:
    return max(1, len(runner.client.scheduler_info()["workers"]))
