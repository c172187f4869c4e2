"""The digest flow: what a day or a week brought, as one message."""

from datetime import datetime

from prefect import State, flow, get_run_logger, runtime
from prefect.states import Completed, Failed

from coopwatch.alerting.digest import PeriodKind, find_span
from coopwatch.errors import CoopwatchError
from coopwatch.workspace import Workspace
from schemas.records import Message
from tasks import notifying as step
from tasks.publishing import name_run
from tasks.settings import read_settings

_HOW_OFTEN: dict[PeriodKind, str] = {"day": "daily", "week": "weekly"}


@flow(name="digest", description="Tell in one message what the last whole day or week brought.")
async def digest(
    period: PeriodKind = "day", until: datetime | None = None, warehouse_url: str | None = None
) -> State[Message | CoopwatchError | None]:
    """Put the digest into the outbox, once for each period, and send what is due.

    Args:
        period: the last whole day, or week from Monday to Sunday, in UTC.
        until: which had ended at this time; now by default.
        warehouse_url: SQLite or PostgreSQL; COOPWATCH_WAREHOUSE_URL or var/warehouse.db by default.

    Returns:
        Completed with the message, or with None if the period brought nothing; failed with the error when
        a setting, a file or the warehouse does not let it begin.
    """
    try:
        settings = await read_settings(warehouse_url=warehouse_url)
        with Workspace(settings, str(runtime.flow_run.id)) as run:
            message = await tell_period(run, period, until or run.now())
    except CoopwatchError as error:
        return Failed(message=str(error), data=error)
    return Completed(message=message.title if message else "nothing to tell", data=message)


async def tell_period(run: Workspace, period: PeriodKind, until: datetime) -> Message | None:
    """Tell the story of one digest: write it, then send what is due."""
    log = get_run_logger()
    await name_run(f"digest {_HOW_OFTEN[period]} {find_span(period, until).name}")
    run.warehouse.start_run(run.run_id, run.now(), "digest")
    message = step.write_digest(run, period, until=until)
    log.info("%s", message.title if message else "nothing to tell")
    delivered = step.send(run)
    for problem in delivered.problems:
        log.warning("%s", problem)
    run.warehouse.finish_run(run.run_id, run.now())
    return message
