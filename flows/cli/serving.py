"""`coopwatch serve`: everything that is scheduled, in one process."""

import os
from typing import Annotated

import typer

from coopwatch.errors import ConfigError
from flows.cli.running import PREFECT_DEFAULTS, prepare


def serve(
    limit: Annotated[int, typer.Option(help="How many runs may be at work at once.", min=1)] = 3,
) -> None:
    """Run the deployments of prefect.yaml on their schedules, from this process, until it is stopped.

    Needs a Prefect server, which PREFECT_API_URL names; no work pool and no worker. Stopping it pauses the
    schedules, so that nothing piles up meanwhile.

    Examples:
      prefect server start &
      PREFECT_API_URL=http://127.0.0.1:4200/api coopwatch serve
    """
    for name, value in PREFECT_DEFAULTS.items():
        os.environ.setdefault(name, value)
    from flows.serving import find_deployments, list_variables, read_deployments

    path = find_deployments()
    for name, value in list_variables(path).items():
        os.environ.setdefault(name, value)
    from prefect import serve as serve_all
    from prefect.settings import PREFECT_API_URL

    if not PREFECT_API_URL.value():
        raise ConfigError("PREFECT_API_URL is not set; `prefect server start` tells it")
    prepare()
    serve_all(*read_deployments(path), limit=limit)
