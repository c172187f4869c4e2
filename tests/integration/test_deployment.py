"""The deployment of prefect.yaml on real parts: a server, a process pool, a worker, a run."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowRunFilter,
    FlowRunFilterName,
)

from tests.fakes import FakeSite, Story, serve_site
from tests.integration.command import run_coopwatch

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parent.parent.parent
STORY = Story(
    "accord.html",
    "Kenya and Norway sign agreement on scientific cooperation",
    "NAIROBI -- Kenya and Norway signed an agreement on scientific and technological cooperation in "
    "Nairobi on March 3, 2025, opening the way for joint research on oceans and climate.\n\n"
    "The agreement was signed by the science ministers of the two countries. It sets up a joint fund "
    "for research projects, an exchange of young scientists and shared access to two laboratories.\n\n"
    "Universities of both countries will publish a first joint call for proposals in the autumn, the "
    "ministries said after the signing ceremony. A committee of scientists will choose the projects.",
    datetime(2025, 3, 4, tzinfo=UTC),
)


def prefect(*arguments: str, timeout: float = 240) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def worker(prefect_api: str, tmp_path: Path) -> Iterator[None]:
    prefect("work-pool", "create", "coopwatch", "--type", "process", "--overwrite")
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "worker", "start", "--pool", "coopwatch", "--type", "process"],
            cwd=PROJECT,
            env=os.environ | {"COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:  # it waits for a server that is busy
            process.kill()
            process.wait()


async def read_back(flow_run_name: str) -> tuple[str, dict[str, Any], set[str]]:
    """Return state, deployment settings and artifact keys of a flow run, as the server has them."""
    async with get_client() as client:
        (run,) = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(name=FlowRunFilterName(any_=[flow_run_name]))
        )
        assert run.deployment_id
        deployment = await client.read_deployment(run.deployment_id)
        artifacts = await client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
        )
        settings = {
            "schedule": deployment.schedules[0].schedule,
            "limit": deployment.global_concurrency_limit.limit
            if deployment.global_concurrency_limit
            else None,
            "collision": deployment.concurrency_options.collision_strategy
            if deployment.concurrency_options
            else None,
        }
        return run.state_name or "", settings, {artifact.key or "" for artifact in artifacts}


def test_the_monitor_deployment_runs_on_a_worker(prefect_api: str, worker: None, tmp_path: Path) -> None:
    prefect("deploy", "--all")
    registry, warehouse = tmp_path / "sources.yaml", f"sqlite:///{tmp_path}/warehouse.db"
    with serve_site(FakeSite()) as site:
        site.publish("fjordpost.example", STORY)
        registry.write_text(site.sources_yaml(), encoding="utf-8")
        prefect(
            "deployment",
            "run",
            "monitor/monitor",
            "--watch",
            "--flow-run-name",
            "shown-by-test",
            "--params",
            json.dumps({"sources": str(registry), "warehouse_url": warehouse}),
        )
    state, settings, artifacts = asyncio.run(read_back("shown-by-test"))
    assert state == "Completed"
    assert settings["schedule"].interval == timedelta(minutes=15)
    assert settings["limit"] == 1
    assert settings["collision"] == "CANCEL_NEW"
    assert {"sources", "outcomes", "events", "summary"} <= artifacts

    events = run_coopwatch("events", "--warehouse", warehouse, "--json").data
    assert [event["kind"] for event in events] == ["agreement"]
