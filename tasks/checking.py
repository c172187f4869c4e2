"""The steps of the check flow as Prefect tasks, and what its page shows."""

from prefect.artifacts import acreate_link_artifact, acreate_table_artifact

from coopwatch.alerting.notices import tell_quality
from coopwatch.quality import QualityReport, word_quality
from coopwatch.warehouse.quality import name_address
from coopwatch.workspace import Workspace
from expectations.table_checks import check_tables as check
from schemas.records import QualityCheck
from tasks.monitoring import bind


def _check_tables(run: Workspace) -> tuple[QualityCheck, ...]:
    return check(name_address(run.settings.warehouse_url), run.now(), run.settings.data_docs)


def _write_checks(run: Workspace, report: QualityReport) -> None:
    run.warehouse.write_checks(run.run_id, report.checks, run.now())


def _tell_faults(run: Workspace, report: QualityReport) -> None:
    failing = {check.rule: check.observed for check in report.failed}
    run.warehouse.add_alerts(tell_quality(failing, run.alert_rules, run.now()))


check_tables = bind(_check_tables, stage="check", name="check tables")
tell_faults = bind(_tell_faults, stage="alert", name="tell faults", retries=2)
write_checks = bind(_write_checks, stage="load", name="write checks", retries=2)


async def show_checks(report: QualityReport) -> None:
    """Publish one row a rule, those that do not hold first, and the link to the Data Docs."""
    rows = [
        {
            "rule": check.rule,
            "level": check.level,
            "holds": check.passed,
            "rows": check.unexpected_rows,
            "found": check.observed,
        }
        for check in sorted(report.checks, key=lambda check: (check.passed, check.level, check.rule))
    ]
    await acreate_table_artifact(key="checks", table=rows, description=word_quality(report))
    if report.data_docs:
        await acreate_link_artifact(
            key="data-docs", link=report.data_docs, link_text="Data Docs", description="What was expected"
        )
