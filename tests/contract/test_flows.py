"""What has to stay in step around the flows: deployments, entry points, names."""

import importlib
import inspect
import sys
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule

from flows.serving import find_deployments, read_deployments

PROJECT = Path(__file__).parent.parent.parent
DEPLOYMENTS = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_every_deployment_names_an_existing_flow_and_valid_parameters(deployment: dict[str, Any]) -> None:
    file, _, name = deployment["entrypoint"].partition(":")
    assert (PROJECT / file).is_file()
    flow = getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), name)
    assert isinstance(flow, Flow)
    known = inspect.signature(flow.fn).parameters
    assert set(deployment.get("parameters", {})) <= set(known)


def test_one_process_serves_what_the_file_says() -> None:
    served = {deployment.name: deployment for deployment in read_deployments(find_deployments())}
    assert list(served) == [deployment["name"] for deployment in DEPLOYMENTS]
    for given in DEPLOYMENTS:
        made = served[given["name"]]
        assert made.tags == given["tags"]
        assert made.parameters == given["parameters"]
        assert made.concurrency_options
        assert made.concurrency_options.collision_strategy == given["concurrency_limit"]["collision_strategy"]
        schedules = [(one.slug, one.schedule) for one in made.schedules or []]
        assert [slug for slug, _ in schedules] == [one["slug"] for one in given["schedules"]]
        for (_, schedule), one in zip(schedules, given["schedules"], strict=True):
            if isinstance(schedule, CronSchedule):
                assert (schedule.cron, schedule.timezone) == (one["cron"], one["timezone"])
            else:
                assert isinstance(schedule, IntervalSchedule)
                assert schedule.interval == timedelta(seconds=one["interval"])


def test_everything_that_is_scheduled_has_a_limit_and_says_what_happens_at_it() -> None:
    for given in DEPLOYMENTS:
        assert given["concurrency_limit"]["limit"] == 1
        assert given["concurrency_limit"]["collision_strategy"] in ("CANCEL_NEW", "ENQUEUE")
        assert "coopwatch" in given["tags"]


def test_no_module_in_flows_hides_another_package() -> None:
    """Prefect's loader puts flows/ in front of sys.path, where its stems would shadow packages."""
    stems = {path.stem for path in (PROJECT / "flows").iterdir() if not path.name.startswith("__")}
    ours = {path.name for path in PROJECT.iterdir() if (path / "__init__.py").is_file()}
    installed = set(metadata.packages_distributions())
    assert not stems & (ours | set(sys.stdlib_module_names))
    assert not stems & (installed - {"flows"})
