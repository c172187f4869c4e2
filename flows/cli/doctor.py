"""`coopwatch doctor`: is everything there that runs need?"""

import asyncio
import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from coopwatch.doctor import Diagnosis, Status, examine, worst
from coopwatch.reports import clean, to_json
from flows.cli.columns import align
from flows.cli.reading import JsonOption, WarehouseOption
from flows.cli.running import PREFECT_DEFAULTS

_EXIT_STATUS: dict[Status, int] = {"ok": 0, "off": 0, "warn": 1, "broken": 2}


def doctor(
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
    with_prefect: Annotated[
        bool, typer.Option("--prefect/--no-prefect", help="Also ask the Prefect server.")
    ] = True,
) -> None:
    """Check settings, files, receivers, database, captures, disk and the Prefect server.

    Nothing is sent, fetched, created or migrated.

    Exit status: 0 all is well, 1 something needs a look, 2 runs cannot work.

    Examples:
      coopwatch doctor
      coopwatch doctor --json | jq '.[] | select(.status == "broken")'
    """
    environment = dict(os.environ)
    if warehouse:
        environment["COOPWATCH_WAREHOUSE_URL"] = warehouse
    of_prefect: list[Diagnosis] = []
    if with_prefect:
        for name, value in PREFECT_DEFAULTS.items():
            os.environ.setdefault(name, value)
        from tasks.inspecting import examine_prefect
        from tasks.settings import find_server_values

        of_prefect += examine_prefect()
        if of_prefect[0].status in ("ok", "warn"):  # runs find there what the environment lacks
            environment |= asyncio.run(find_server_values(environment))
    found = [*examine(environment, datetime.now(UTC)), *of_prefect]
    print(to_json([one.model_dump() for one in found]) if as_json else word_diagnoses(found))
    raise typer.Exit(_EXIT_STATUS[worst(found)])


def word_diagnoses(found: list[Diagnosis]) -> str:
    """Return what was found as text for a terminal, one line each."""
    return clean(align([(one.status, one.area, one.note) for one in found]))
