"""The monitor: from the sources that are due to the alerts that go out."""

from pathlib import Path

from prefect import get_run_logger, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from coopwatch.errors import CoopwatchError
from coopwatch.summary import Tally, word_batch, word_summary
from coopwatch.wording import count
from coopwatch.workspace import Workspace
from schemas.records import RunSummary
from tasks import monitoring as step
from tasks import notifying, publishing
from tasks.settings import read_settings
from tasks.thrift import flow, spare_time


@flow(name="monitor", description="Poll what is due, work off the inbox, load the warehouse, alert.")
async def monitor(
    sources: Path | None = None,
    warehouse_url: str | None = None,
    replay: tuple[Path, ...] = (),
    force: bool = False,
) -> State[RunSummary | CoopwatchError]:
    """Run the pipeline once.

    Args:
        sources: the source registry; COOPWATCH_SOURCES or config/sources.yaml by default.
        warehouse_url: SQLite or PostgreSQL; COOPWATCH_WAREHOUSE_URL or var/warehouse.db by default.
        replay: WARC files that answer every request instead of the network.
        force: poll every source now, whether due or not; a replay always does.

    Returns:
        Completed with the summary; failed with the summary when every source that was due failed;
        failed with the error when a setting, a file or the warehouse does not let the run begin.
    """
    try:
        settings = await read_settings(sources=sources, warehouse_url=warehouse_url)
        with spare_time(), Workspace(settings, str(runtime.flow_run.id), replay) as run:
            summary = await run_once(run, force=force or bool(replay))
    except CoopwatchError as error:
        return Failed(message=str(error), data=error)
    if summary.sources.due and summary.sources.failed == summary.sources.due:
        return Failed(message=f"every source failed: {word_summary(summary)}", data=summary)
    return Completed(message=word_summary(summary), data=summary)


async def run_once(run: Workspace, *, force: bool) -> RunSummary:
    """Tell the story of one run: poll, then batch by batch from the inbox to the warehouse, then alert."""
    log = get_run_logger()
    run.warehouse.start_run(run.run_id, run.now())
    if run.warehouse.count_entries()["quarantined"] and (freed := step.release_quarantined(run)):
        log.info("%d quarantined by other rules or another extractor: tried again", freed)
    tally = Tally(run.run_id, run.now(), run.warehouse.count_entries()["pending"])

    due = step.find_due_sources(run, force=force)
    log.info("%d of %d sources are due", len(due), len(run.sources))
    await publishing.name_run(f"monitor {count(len(due), 'source')}")
    if due:
        polls = step.poll_sources(run, due)
        tally.add_polls(polls, step.fill_inbox(run, polls))
        for poll in polls:
            if poll.failure:
                log.warning("source %s failed: %s", poll.source_id, poll.failure.reason)
        await publishing.show_polls(polls)

    pending = run.warehouse.count_entries().get("pending", 0)
    progress = publishing.ProgressBar("entries", pending, "entries worked off")
    while pending and (work := step.take_entries(run)):
        work = step.read_pages(run, work)
        with run.warehouse.linking():  # two runs would each found the same groups and events
            work = step.link_articles(run, work)
            work = step.check_records(run, work)
            step.load_batch(run, work)
        tally.add_work(work)
        log.info("%s", word_batch(work))
        await progress.advance(len(work.entries))
    await progress.finish()

    for trouble in notifying.note(run):  # before the run ends, which ends a standstill
        log.warning("trouble: %s", trouble)
    delivered = notifying.send(run)
    tally.add_sent(delivered.sent)
    for problem in delivered.problems:
        log.warning("%s", problem)
    step.expire_captures(run)
    summary = tally.summarise(
        run.warehouse.count_entries().get("pending", 0), run.warehouse.count_alerts(), run.seconds
    )
    run.warehouse.finish_run(run.run_id, run.now(), summary)
    await publishing.show_outcomes(summary)
    await publishing.show_events(tally.dossiers)
    await publishing.show_summary(summary)
    publishing.tell_events(tally.dossiers, summary)
    publishing.tell_run("monitor", run.run_id, summary)
    return summary
