"""The steps of the maintenance and check_sources flows as Prefect tasks, and what their pages show."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from coopwatch import source_checks, stages, upkeep
from coopwatch.source_checks import SourceFinding, SourceReport
from coopwatch.upkeep import MaintenanceReport, word_maintenance
from coopwatch.workspace import Workspace
from schemas.records import Capture
from tasks.monitoring import RETRIES, bind

_HOURS = timedelta(hours=6)  # a step over a whole warehouse, once a week


def _review_health(run: Workspace) -> tuple[SourceFinding, ...]:
    run.warehouse.register_sources(tuple(run.sources.values()), run.now())
    return tuple(source_checks.review_health(run.warehouse.read_source_health()))


def _ask_robots(run: Workspace) -> tuple[SourceFinding, ...]:
    return source_checks.ask_robots(tuple(run.sources.values()), _asking(run), run.manners.claim)


def _look_for_feeds(run: Workspace, findings: tuple[SourceFinding, ...]) -> tuple[SourceFinding, ...]:
    get = partial(source_checks.ask_politely, _asking(run), run.manners.claim)
    return source_checks.look_for_feeds(findings, run.sources, get, run.now())


def _asking(run: Workspace) -> Callable[[str], Capture]:
    return lambda url: run.manners.fetch(run.fetcher, url, obeys_robots=False)


review_health = bind(_review_health, stage="check", name="review health", retries=RETRIES)
ask_robots = bind(_ask_robots, stage="poll", name="ask robots")
look_for_feeds = bind(_look_for_feeds, stage="poll", name="look for feeds")
expire_captures = bind(stages.expire_captures, stage="tidy", deadline=_HOURS)
sweep_captures = bind(upkeep.sweep_captures, stage="tidy", deadline=_HOURS)
expire_texts = bind(upkeep.expire_texts, stage="tidy", deadline=_HOURS, retries=RETRIES)
maintain_database = bind(upkeep.maintain_database, stage="tidy", deadline=_HOURS)


async def show_findings(report: SourceReport) -> None:
    """Publish one row a finding, the gravest first; one that says so where there is none."""
    rows = [
        {
            "source": finding.source_id,
            "trouble": finding.trouble,
            "note": finding.note,
            "write into the registry": finding.suggestion or "",
        }
        for finding in report.findings
    ]
    await acreate_table_artifact(
        key="source-checks", table=rows, description=source_checks.word_report(report)
    )


async def show_maintenance(report: MaintenanceReport) -> None:
    """Publish what maintenance came to."""
    await acreate_markdown_artifact(key="maintenance", markdown=word_maintenance(report))
