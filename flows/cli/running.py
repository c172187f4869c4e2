"""`coopwatch run`: one monitor run, here and now."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from coopwatch.reports import to_json
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from coopwatch.workspace import Workspace
from schemas.records import RunSummary

# Before Prefect is imported: it reads its settings once. What the user has set stays.
PREFECT_DEFAULTS = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # the default of 20 fails on a busy machine
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL": "WARNING",  # progress is told by the flow
    "PREFECT_LOGGING_FORMATTERS_STANDARD_FLOW_RUN_FMT": "%(asctime)s  %(message)s",
    "PREFECT_LOGGING_FORMATTERS_STANDARD_DATEFMT": "%H:%M:%S",
}


def run(
    sources: Annotated[Path | None, typer.Option(help="The source registry.", dir_okay=False)] = None,
    warehouse: Annotated[str | None, typer.Option(help="sqlite:///PATH or postgresql://…")] = None,
    replay: Annotated[
        list[Path] | None,
        typer.Option(help="Answer every request from this WARC file; may be given again.", dir_okay=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Poll every source, due or not.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Poll the sources that are due, work off the inbox, load the warehouse, send alerts.

    Examples:
      coopwatch run
      coopwatch run --sources mine.yaml --warehouse postgresql://user@host/coopwatch
      coopwatch run --replay captured.warc.gz --json
    """
    prepare(replay or (), sources=sources, warehouse_url=warehouse)
    from flows.monitor import monitor

    result = run_flow(
        monitor, sources=sources, warehouse_url=warehouse, replay=tuple(replay or ()), force=force
    )
    summary = RunSummary.model_validate(result)
    print(to_json(summary.model_dump(mode="json")) if as_json else word_run(summary))
    raise typer.Exit(exit_status(summary))


def prepare(replay: Sequence[Path] = (), *, needs_warehouse: bool = False, **given: object) -> Settings:
    """Look at all that a flow needs before it starts, so that a mistake is one line and costs no server.

    What the environment does not set is asked of the Prefect server that is configured, as flows do it:
    otherwise this would look at another warehouse than theirs.

    Args:
        replay: archives that answer in place of the network.
        needs_warehouse: that there is one already; else it is created.
        given: options of the command, which win where they are not None.

    Raises:
        ConfigError: a setting or a file is wrong, or the server does not answer.
        ReplayError: an archive cannot be read.
        WarehouseError: the warehouse cannot be opened.
    """
    Settings.from_environment().override(**given)  # before Prefect is imported, which takes a while
    for name, value in PREFECT_DEFAULTS.items():
        os.environ.setdefault(name, value)
    from tasks.settings import find_server_values

    there = asyncio.run(find_server_values(os.environ))
    settings = Settings.from_environment({**os.environ, **there}).override(**given)
    if needs_warehouse:
        Warehouse.open_existing(settings.warehouse_url).close()
    with Workspace(settings, "preflight", replay):
        return settings


def run_flow(flow: Callable[..., Awaitable[Any]], **parameters: object) -> object:
    """Run a flow here and now; return its result, also where its state is a failed one.

    Raises:
        Exception: the result, where it is one: what did not let the flow do its work.
    """

    async def wait() -> object:
        state = await flow(**parameters, return_state=True)
        found: object = await state.aresult(raise_on_failure=False)
        return found

    result = asyncio.run(wait())
    if isinstance(result, BaseException):
        raise result
    return result


def exit_status(summary: RunSummary) -> int:
    """Return 0 when all went well, 1 when some sources failed, 2 when all that were due did."""
    if not summary.sources.failed:
        return 0
    return 2 if summary.sources.failed == summary.sources.due else 1


def word_run(summary: RunSummary) -> str:
    """Return the run as a short table for a terminal."""
    rows = [
        ("sources", summary.sources),
        ("entries", summary.entries),
        ("texts", summary.texts),
        ("events", summary.events),
        ("alerts", summary.alerts),
    ]
    lines = [
        f"{name:<9}" + "   ".join(f"{value} {key.replace('_', ' ')}" for key, value in counts)
        for name, counts in rows
    ]
    lines[2:2] = [
        f"         {reason.entries} {reason.outcome} at {reason.stage}: {reason.reason}"
        for reason in summary.reasons
    ]
    if summary.seconds:
        lines.append(f"{'seconds':<9}" + "   ".join(f"{v:.1f} {k}" for k, v in summary.seconds.items()))
    return "\n".join(lines)
