"""The check_sources flow: is the registry in order, and do its sources still answer where it says?"""

from pathlib import Path

from prefect import State, flow, get_run_logger, runtime
from prefect.states import Completed, Failed

from coopwatch.errors import CoopwatchError
from coopwatch.source_checks import SourceFinding, SourceReport, make_report, word_report
from coopwatch.sources import check_sources as list_problems
from coopwatch.wording import count
from coopwatch.workspace import Workspace
from tasks import maintaining as step
from tasks.publishing import name_run, tell_run
from tasks.settings import read_settings


@flow(name="check_sources", description="Check the registry and its sources; suggest where feeds are now.")
async def check_sources(
    sources: Path | None = None, warehouse_url: str | None = None, asks_sites: bool = True
) -> State[SourceReport | CoopwatchError]:
    """Check the sources once.

    Args:
        sources: the source registry; COOPWATCH_SOURCES or config/sources.yaml by default.
        warehouse_url: SQLite or PostgreSQL; COOPWATCH_WAREHOUSE_URL or var/warehouse.db by default.
        asks_sites: ask for robots.txt, and for the feeds of sources that died; else nobody is asked.

    Returns:
        Completed with what was found; failed with it when the registry has mistakes; failed with the
        error when a setting, a file or the warehouse does not let the check begin.
    """
    try:
        settings = await read_settings(sources=sources, warehouse_url=warehouse_url)
        if problems := list_problems(settings.sources):
            wrong = [SourceFinding(source_id="", trouble="registry", note=problem) for problem in problems]
            report = make_report(0, wrong)
            await step.show_findings(report)
            return Failed(message=f"{count(len(problems), 'mistake')}: {problems[0]}", data=report)
        with Workspace(settings, str(runtime.flow_run.id)) as run:
            report = await look_after_sources(run, asks_sites=asks_sites)
    except CoopwatchError as error:
        return Failed(message=str(error), data=error)
    return Completed(message=word_report(report), data=report)


async def look_after_sources(run: Workspace, *, asks_sites: bool) -> SourceReport:
    """Tell the story of one check: what the polls have shown, then what the sites say."""
    log = get_run_logger()
    await name_run(f"check {count(len(run.sources), 'source')}")
    run.warehouse.start_run(run.run_id, run.now(), "check_sources")
    findings = step.review_health(run)
    if asks_sites:
        findings = (*step.look_for_feeds(run, findings), *step.ask_robots(run))
    report = make_report(len(run.sources), findings)
    for finding in report.findings:
        log.info("%s: %s: %s %s", finding.source_id, finding.trouble, finding.note, finding.suggestion or "")
    run.warehouse.finish_run(run.run_id, run.now(), report.counts)
    await step.show_findings(report)
    tell_run("check_sources", run.run_id, report.counts)
    return report
