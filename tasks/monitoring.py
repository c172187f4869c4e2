"""The steps of the monitor flow as Prefect tasks: each binds one stage to its policy.

A task run costs more than an article, so a task run is a step over a whole batch; what happens to
each entry is recorded in the warehouse. Stages turn the failures of single sources and pages into
values: a task that raises means that the step itself cannot work.
"""

from collections.abc import Callable, Sequence, Sized
from datetime import timedelta
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from prefect import Task, task
from prefect.assets import Asset, materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import exponential_backoff
from prefect.utilities.annotations import quote

from coopwatch import gating, joining, stages
from coopwatch.errors import WarehouseError
from coopwatch.warehouse.engines import is_disconnect, is_lock_conflict
from coopwatch.wording import count
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from expectations.checking import find_faults
from expectations.version import gate_version
from tasks.assets import LOADED, describe_load

P = ParamSpec("P")
R = TypeVar("R")

# A batch of a host that wants long pauses takes up to 50 minutes; a step that hangs would keep the next runs
# of its deployment from starting for ever.
STEP_DEADLINE = timedelta(hours=1)
RETRIES = 2  # of steps that may run twice without harm
_RETRY_DELAYS = exponential_backoff(backoff_factor=2)
_RETRY_JITTER = 0.5  # so that two runs that met do not meet again


def is_transient(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Tell whether a step failed only because of a lock or a lost connection, by kind of failure."""
    cause = state.data.__cause__ if isinstance(state.data, WarehouseError) else None
    return cause is not None and (is_lock_conflict(cause) or is_disconnect(cause))


def bind(
    step: Callable[Concatenate[Workspace, P], R],
    *,
    stage: str,
    name: str = "",
    retries: int = 0,
    deadline: timedelta = STEP_DEADLINE,
    naming: Callable[..., str] | None = None,
    assets: Sequence[Asset] = (),
) -> Callable[Concatenate[Workspace, P], R]:
    """Make a task of a stage: its time is counted under `stage`, its result is never cached.

    What stages hand on is thousands of records, which Prefect would walk through looking for
    futures; it is quoted, so that Prefect leaves it alone.

    Args:
        step: the stage; takes the workspace first.
        stage: the name under which its seconds are summed.
        name: what Prefect shows; the step's own name by default.
        retries: only for steps that may run twice without harm; locks and lost connections only.
        deadline: after which it is interrupted.
        naming: gives the name of a run from the step's arguments, without the workspace.
        assets: what it writes.
    """
    name = name or step.__name__.replace("_", " ")

    def name_run(parameters: dict[str, Any]) -> str:
        given = (one.unquote() if isinstance(one, quote) else one for one in parameters["args"])
        return naming(*given) if naming else name

    def timed(run: Workspace, *args: Any, **kwargs: Any) -> R:
        with run.timed(stage):
            return step(run, *args, **kwargs)

    policy: dict[str, Any] = {
        "name": name,
        "task_run_name": name_run,
        "retries": retries,
        "retry_delay_seconds": _RETRY_DELAYS if retries else None,
        "retry_jitter_factor": _RETRY_JITTER if retries else None,
        "retry_condition_fn": is_transient,
        "timeout_seconds": deadline.total_seconds(),
        "cache_policy": NO_CACHE,
        "persist_result": False,
    }
    as_task = materialize(*assets, **policy)(timed) if assets else task(**policy)(timed)

    def call(run: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = as_task(run, *map(quote, args), **kwargs)
        return result

    return call


def _load_batch(run: Workspace, work: Work) -> Any:
    alerts = stages.load_batch(run, work)
    describe_load(run, work)
    return alerts


def _name_polls(sources: Sized) -> str:
    return f"poll {count(len(sources), 'source')}"


def _name_by(verb: str, noun: str, things: Callable[[Work], Sized]) -> Callable[[Work], str]:
    return lambda work: f"{verb} {count(len(things(work)), noun)}"


find_due_sources = bind(stages.find_due_sources, stage="poll", retries=RETRIES)
poll_sources = bind(stages.poll_sources, stage="poll", naming=_name_polls)
fill_inbox = bind(stages.fill_inbox, stage="poll", retries=RETRIES)
release_quarantined = bind(
    partial(gating.release_quarantined, gate_version=gate_version()),
    stage="read",
    name="release quarantined",
    retries=RETRIES,
)
take_entries = bind(stages.take_entries, stage="read")
read_pages = bind(stages.read_pages, stage="read", naming=_name_by("read", "page", lambda work: work.entries))
link_articles = bind(
    joining.link_articles, stage="link", naming=_name_by("link", "article", lambda work: work.articles)
)
check_records = bind(partial(gating.check_records, check=find_faults), stage="check", name="check records")
load_batch = bind(
    _load_batch,
    stage="load",
    name="load batch",
    retries=RETRIES,
    naming=_name_by("load", "article", lambda work: work.articles),
    assets=LOADED,
)
expire_captures = bind(stages.expire_captures, stage="tidy")
