"""The steps of the monitor flow as Prefect tasks: each binds one stage to its policy.

A task run costs more than an article, so a task run is a step over a whole batch; what happens to
each entry is recorded in the warehouse. Stages turn the failures of single sources and pages into
values: a task that raises means that the step itself cannot work.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

from coopwatch import joining, stages
from coopwatch.workspace import Workspace
from expectations.checking import check_batch

P = ParamSpec("P")
R = TypeVar("R")


def bind(
    step: Callable[Concatenate[Workspace, P], R], *, stage: str, name: str = "", retries: int = 0
) -> Callable[Concatenate[Workspace, P], R]:
    """Make a task of a stage: its time is counted under `stage`, its result is never cached.

    What stages hand on is thousands of records, which Prefect would walk through looking for
    futures; it is quoted, so that Prefect leaves it alone.

    Args:
        step: the stage; takes the workspace first.
        stage: the name under which its seconds are summed.
        name: what Prefect shows; the step's own name by default.
        retries: only for steps that may run twice without harm.
    """
    name = name or step.__name__.replace("_", " ")

    @task(
        name=name,
        task_run_name=name,
        retries=retries,
        retry_delay_seconds=2,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    def timed(run: Workspace, *args: Any, **kwargs: Any) -> R:
        with run.timed(stage):
            return step(run, *args, **kwargs)

    def call(run: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = timed(run, *map(quote, args), **kwargs)
        return result

    return call


find_due_sources = bind(stages.find_due_sources, stage="poll", retries=2)
poll_sources = bind(stages.poll_sources, stage="poll")
fill_inbox = bind(stages.fill_inbox, stage="poll", retries=2)
find_silent_sources = bind(stages.find_silent_sources, stage="poll")
take_entries = bind(stages.take_entries, stage="fetch")
fetch_pages = bind(stages.fetch_pages, stage="fetch")
extract_articles = bind(stages.extract_articles, stage="extract")
judge_articles = bind(stages.judge_articles, stage="judge")
link_articles = bind(joining.link_articles, stage="link")
check_records = bind(partial(stages.check_records, check=check_batch), stage="check", name="check records")
load_batch = bind(stages.load_batch, stage="load", retries=2)
send_alerts = bind(stages.send_alerts, stage="alert")
expire_captures = bind(stages.expire_captures, stage="tidy")
