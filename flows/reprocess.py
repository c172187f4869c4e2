"""The reprocess flow: judge again what other rules or another model judged."""

from pathlib import Path

from prefect import State, flow, get_run_logger, runtime
from prefect.states import Completed, Failed

from coopwatch.errors import CoopwatchError
from coopwatch.reprocessed import Reprocessed, word_changes, word_reprocessed
from coopwatch.workspace import Workspace
from tasks import publishing
from tasks import reprocessing as step
from tasks.settings import read_settings


@flow(name="reprocess", description="Judge stored articles again, without the network; send no alerts.")
async def reprocess(
    warehouse_url: str | None = None, topic: Path | None = None, dry_run: bool = False
) -> State[Reprocessed | CoopwatchError]:
    """Judge again everything that was judged by another topic file, other rules or another model.

    Args:
        warehouse_url: SQLite or PostgreSQL; COOPWATCH_WAREHOUSE_URL or var/warehouse.db by default.
        topic: the topic file; COOPWATCH_TOPIC or config/topics/science_cooperation.yaml by default.
        dry_run: only tell what would change.

    Returns:
        Completed with what changed; failed with the error when a setting, a file or the warehouse does
        not let the run begin.
    """
    try:
        settings = await read_settings(warehouse_url=warehouse_url, topic=topic)
        with Workspace(settings, str(runtime.flow_run.id)) as run:
            report = await judge_all_again(run, dry_run=dry_run)
    except CoopwatchError as error:
        return Failed(message=str(error), data=error)
    return Completed(message=word_reprocessed(report), data=report)


async def judge_all_again(run: Workspace, *, dry_run: bool) -> Reprocessed:
    """Tell the story of one run: batch by batch, from the stale judgements to the new ones."""
    log = get_run_logger()
    await publishing.name_run("reprocess, dry run" if dry_run else "reprocess")
    run.warehouse.start_run(run.run_id, run.now(), "reprocess")
    report = Reprocessed(is_dry_run=dry_run)
    after = 0
    while again := step.take_stale(run, after):
        after = again.stale[-1].entry_id
        again = step.judge_again(run, step.read_again(run, again))
        if not dry_run:
            with run.warehouse.linking():
                step.write_again(run, again)
        report = report.add(again)
        log.info("%s", word_reprocessed(report))
    if report.changed:
        log.info("what changed:\n%s", word_changes(report))
    run.warehouse.finish_run(run.run_id, run.now(), report.counts)
    await publishing.show_reprocessed(report)
    return report
