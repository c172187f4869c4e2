"""The check flow: hold the whole tables of the warehouse against what is expected of them."""

from pathlib import Path

from prefect import State, flow, get_run_logger, runtime
from prefect.states import Completed, Failed

from coopwatch.errors import CoopwatchError
from coopwatch.quality import QualityReport, list_faults, word_quality
from coopwatch.wording import count
from coopwatch.workspace import Workspace
from expectations.library import ExpectationError
from tasks import checking as step
from tasks import notifying
from tasks.publishing import name_run
from tasks.settings import read_settings


@flow(name="check", description="Hold the whole tables of the warehouse against what is expected of them.")
async def check(
    warehouse_url: str | None = None, data_docs: Path | None = None
) -> State[QualityReport | Exception]:
    """Check the warehouse once.

    Args:
        warehouse_url: SQLite or PostgreSQL; COOPWATCH_WAREHOUSE_URL or var/warehouse.db by default.
        data_docs: the folder to build Data Docs in; COOPWATCH_DATA_DOCS or var/data_docs by default.

    Returns:
        Completed with the report; failed with the report when a rule of level fail does not hold;
        failed with the error when a setting, a file or the warehouse does not let the run begin, or a
        rule cannot be evaluated.
    """
    try:
        settings = await read_settings(warehouse_url=warehouse_url, data_docs=data_docs)
        with Workspace(settings, str(runtime.flow_run.id)) as run:
            report = await check_once(run)
    except (CoopwatchError, ExpectationError) as error:
        return Failed(message=str(error), data=error)
    if report.failed:
        return Failed(message=word_quality(report), data=report)
    return Completed(message=word_quality(report), data=report)


async def check_once(run: Workspace) -> QualityReport:
    """Tell the story of one check: hold the tables against the suites, keep, tell and show what was found."""
    log = get_run_logger()
    run.warehouse.start_run(run.run_id, run.now(), "check")
    found = step.check_tables(run)
    await name_run(f"check tables, {count(len(found), 'rule')}")
    index = (run.settings.data_docs / "index.html").resolve()
    report = QualityReport(run_id=run.run_id, checks=found, data_docs=index.as_uri())
    step.write_checks(run, report)
    for line in list_faults(report):
        log.warning("%s", line)
    step.tell_faults(run, report)
    notifying.send(run)
    run.warehouse.finish_run(run.run_id, run.now(), report.counts)
    await step.show_checks(report)
    return report
