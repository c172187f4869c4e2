"""The deployments of prefect.yaml on real parts: a server, a process pool, a worker, runs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tests.fakes import FakeSite, Story, serve_site
from tests.integration.command import run_coopwatch
from tests.integration.prefect_rig import POOL, PROJECT, Api, prefect, start_worker
from tests.integration.stories import MATCH, PACT
from tests.integration.test_backfill import write_archive
from tests.integration.warehouse_samples import dump

pytestmark = pytest.mark.slow

DEPLOYMENTS = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
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


@pytest.fixture(scope="module")
def api(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server with all deployments, and a worker for them."""
    prefect("work-pool", "create", POOL, "--type", "process", "--overwrite")
    prefect("deploy", "--all")
    api = Api(prefect_api)
    # the scheduler of the server works by itself; then it rests, or its runs would be in the way
    api.wait_for_schedule("monitor/monitor")
    for deployment in api.ask("POST", "/deployments/filter"):
        api.ask("POST", f"/deployments/{deployment['id']}/pause_deployment")
    with start_worker(tmp_path_factory.mktemp("worker") / "worker.log"):
        yield api


@pytest.fixture
def warehouse_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/warehouse.db"


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with serve_site(FakeSite()) as site:
        site.publish("fjordpost.example", STORY)
        yield site


@pytest.fixture
def sources(site: FakeSite, tmp_path: Path) -> str:
    registry = tmp_path / "sources.yaml"
    registry.write_text(site.sources_yaml(), encoding="utf-8")
    return str(registry)


def keys_of(api: Api, run_id: str) -> set[str]:
    return {artifact["key"] for artifact in api.list_of("artifacts", run_id)}


def test_the_monitor_deployment_runs_on_a_worker(api: Api, sources: str, warehouse_url: str) -> None:
    run_id = api.start("monitor/monitor", sources=sources, warehouse_url=warehouse_url)
    run = api.wait(run_id)
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    assert {"sources", "outcomes", "events", "summary"} <= keys_of(api, run_id)

    events = run_coopwatch("events", "--warehouse", warehouse_url, "--json").data
    assert [event["kind"] for event in events] == ["agreement"]

    tasks = {task["name"] for task in api.list_of("task_runs", run_id)}
    assert {"poll 1 source", "read 1 page", "load 1 article"} <= tasks
    assets = api.list_events("prefect.asset.materialization.succeeded")
    assert {event["resource"]["prefect.resource.id"] for event in assets} == {
        "coopwatch://warehouse/article",
        "coopwatch://warehouse/event",
        "coopwatch://warehouse/claim",
    }
    assert all(event["payload"]["rows"] >= 1 for event in assets)


def test_the_backfill_deployment_loads_an_archive_and_alerts_nobody(
    api: Api, warehouse_url: str, tmp_path: Path
) -> None:
    archive = write_archive(tmp_path / "crawl.warc.gz", PACT, MATCH)
    run_id = api.start("backfill/backfill", kind="warc", inputs=[str(archive)], warehouse_url=warehouse_url)
    run = api.wait(run_id)
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    assert run["name"] == "backfill warc 1 file"
    assert "1 of 1 done" in run["state"]["message"]
    artifacts = {artifact["key"]: artifact for artifact in api.list_of("artifacts", run_id)}
    assert set(artifacts) == {"backfill", "backfilled"}
    assert artifacts["backfill"]["data"] == 100.0
    [row] = json.loads(artifacts["backfilled"]["data"])
    assert (row["item"], row["seen"], row["kept"], row["error"]) == (str(archive), 4, 1, "")
    assert row["done"]

    [event] = run_coopwatch("events", "--warehouse", warehouse_url, "--json").data
    assert (event["kind"], event["articles"]) == ("agreement", 1)
    assert dump(warehouse_url, ["alert"]) == {"alert": []}


@pytest.mark.parametrize("given", DEPLOYMENTS, ids=lambda given: given["name"])
def test_the_server_has_every_deployment_as_the_file_says(api: Api, given: dict[str, object]) -> None:
    flow = str(given["entrypoint"]).rpartition(":")[2]
    kept = api.ask("GET", f"/deployments/name/{flow}/{given['name']}")
    assert kept["tags"] == given["tags"]
    assert kept["parameters"] == given["parameters"]
    assert kept["work_pool_name"] == POOL
    assert kept["global_concurrency_limit"]["limit"] == 1
    limit = given["concurrency_limit"]
    assert isinstance(limit, dict)
    assert kept["concurrency_options"]["collision_strategy"] == limit["collision_strategy"]
    schedules = given["schedules"]
    assert isinstance(schedules, list)
    assert [one["slug"] for one in kept["schedules"]] == [one["slug"] for one in schedules]
