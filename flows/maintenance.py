"""The maintenance flow: what is too old is forgotten, and the database kept in shape."""

from prefect import State, flow, get_run_logger, runtime
from prefect.states import Completed, Failed

from coopwatch.errors import CoopwatchError
from coopwatch.upkeep import MaintenanceReport, word_maintenance
from coopwatch.wording import count
from coopwatch.workspace import Workspace
from tasks import maintaining as step
from tasks.publishing import name_run, tell_run
from tasks.settings import read_settings


@flow(
    name="maintenance",
    description="Forget what is kept for long enough, delete what nobody needs, keep the database in shape.",
)
async def maintenance(
    warehouse_url: str | None = None,
    captures_keep_days: int | None = None,
    texts_keep_days: int | None = None,
) -> State[MaintenanceReport | CoopwatchError]:
    """Tidy up once. Ledgers, claims with their quotes, and labels are never touched.

    Args:
        warehouse_url: SQLite or PostgreSQL; COOPWATCH_WAREHOUSE_URL or var/warehouse.db by default.
        captures_keep_days: how long captures are kept; COOPWATCH_CAPTURES_KEEP_DAYS by default.
        texts_keep_days: how long the texts of articles are kept; COOPWATCH_TEXTS_KEEP_DAYS, or for ever.

    Returns:
        Completed with what was done; failed with the error when a setting, a file, the warehouse or the
        store of captures stands in the way.
    """
    try:
        settings = await read_settings(
            warehouse_url=warehouse_url,
            captures_keep_days=captures_keep_days,
            texts_keep_days=texts_keep_days,
        )
        with Workspace(settings, str(runtime.flow_run.id)) as run:
            report = await tidy_up(run)
    except CoopwatchError as error:
        return Failed(message=str(error), data=error)
    return Completed(message=word_maintenance(report), data=report)


async def tidy_up(run: Workspace) -> MaintenanceReport:
    """Tell the story of one maintenance: forget, then sweep, then give the space back."""
    log = get_run_logger()
    keeps = run.settings
    texts_kept = "for ever" if keeps.texts_keep_days is None else count(keeps.texts_keep_days, "day")
    await name_run(f"maintenance, captures kept {count(keeps.captures_keep_days, 'day')}, texts {texts_kept}")
    run.warehouse.start_run(run.run_id, run.now(), "maintenance")
    captures = step.expire_captures(run)
    texts = step.expire_texts(run)
    orphans = step.sweep_captures(run)
    upkeep = step.maintain_database(run)
    report = MaintenanceReport(captures=captures, orphans=orphans, texts=texts, upkeep=upkeep)
    log.info("%s", word_maintenance(report))
    run.warehouse.finish_run(run.run_id, run.now(), report)
    await step.show_maintenance(report)
    tell_run("maintenance", run.run_id, report)
    return report
