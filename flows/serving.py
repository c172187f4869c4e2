"""The deployments of prefect.yaml, served from one process: no work pool, no worker."""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from coopwatch.errors import ConfigError
from coopwatch.settings import CONFIG_DIR

_PLACES = (Path(__file__).resolve().parent.parent, CONFIG_DIR)  # a checkout, else a wheel


def find_deployments() -> Path:
    """Return the path of prefect.yaml.

    Raises:
        ConfigError: it is not there.
    """
    for folder in _PLACES:
        if (path := folder / "prefect.yaml").is_file():
            return path
    raise ConfigError(f"there is no prefect.yaml in {' or '.join(map(str, _PLACES))}")


def read_deployments(path: Path) -> list[RunnerDeployment]:
    """Return the deployments of a prefect.yaml as one process can serve them.

    Raises:
        ConfigError: the file cannot be read, or a deployment in it names no flow.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: {' '.join(str(error).split())}") from None
    return [_make_deployment(one, path) for one in content["deployments"]]


def list_variables(path: Path) -> dict[str, str]:
    """Return the environment that a prefect.yaml gives to the runs of all its deployments."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return dict(content["definitions"]["pool"]["job_variables"]["env"])


def load_flow(entrypoint: str) -> Flow[..., Any]:
    """Return the flow behind an entry point such as flows/monitor.py:monitor.

    Raises:
        ConfigError: there is none.
    """
    file, _, name = entrypoint.partition(":")
    try:
        flow = getattr(import_module(file.removesuffix(".py").replace("/", ".")), name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"entry point {entrypoint}: {error}") from None
    if not isinstance(flow, Flow):
        raise ConfigError(f"entry point {entrypoint}: is no flow")
    return flow


def _make_deployment(given: Mapping[str, Any], path: Path) -> RunnerDeployment:
    limit = given.get("concurrency_limit")
    try:
        return RunnerDeployment.from_flow(
            load_flow(given["entrypoint"]),
            name=given["name"],
            description=given.get("description"),
            tags=given.get("tags"),
            parameters=given.get("parameters"),
            schedules=[_make_schedule(one) for one in given.get("schedules", [])],
            concurrency_limit=ConcurrencyLimitConfig.model_validate(limit) if limit else None,
            entrypoint_type=EntrypointType.MODULE_PATH,  # runs from any folder
        )
    except (KeyError, ValueError) as error:
        raise ConfigError(f"{path}: deployment {given.get('name')!r}: {error}") from None


def _make_schedule(given: Mapping[str, Any]) -> Schedule:
    common = {name: given[name] for name in ("timezone", "slug", "parameters", "active") if name in given}
    if "cron" in given:
        return Cron(given["cron"], **common)
    return Interval(timedelta(seconds=given["interval"]), **common)
