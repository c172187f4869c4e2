"""The automation of docs/operations.md on a real server: it is deployed, and an event sets it off."""

import asyncio
import gc
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prefect import flow

from tasks import publishing
from tests.builders import NOW, make_dossier
from tests.integration.prefect_rig import POOL, PROJECT, Api, prefect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.soak,
    # Prefect leaves connections of its own open at the end of a flow
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def connections_end_here() -> Iterator[None]:
    """Let what a flow left open be found before another test begins, which would be blamed for it."""
    yield
    gc.collect()


MARK = "<!-- deployed by tests/integration/test_automation.py -->"


def read_example() -> str:
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8").partition(MARK)[2]
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def test_the_automation_of_the_manual_starts_a_run(prefect_api: str, tmp_path: Path) -> None:
    from coopwatch.summary import Tally

    api = Api(prefect_api)
    prefect("work-pool", "create", POOL, "--type", "process", "--overwrite")
    prefect("deploy", "--name", "check/check")
    deployment = api.ask("GET", "/deployments/name/check/check")
    file = tmp_path / "automation.yaml"
    nobody = yaml.safe_load(read_example())["actions"][0]["deployment_id"]
    file.write_text(read_example().replace(nobody, deployment["id"]), encoding="utf-8")
    prefect("automation", "create", "--from-file", str(file))
    [automation] = [one for one in api.ask("POST", "/automations/filter") if "new conference" in one["name"]]

    dossier = make_dossier()
    conference = dossier.event.model_copy(update={"kind": "conference", "first_seen_at": NOW})
    summary = Tally("run-1", NOW, 0).summarise(0, {}, {})

    @flow
    async def story() -> None:
        publishing.tell_events([dossier.model_copy(update={"event": conference})], summary)

    def count_runs() -> int:
        mine = {"deployments": {"id": {"any_": [deployment["id"]]}}}
        runs = api.ask("POST", "/flow_runs/filter", **mine)
        return sum(
            run["created_by"] is not None and run["created_by"]["type"] == "AUTOMATION" for run in runs
        )

    try:
        time.sleep(3)  # until the server has learnt of the automation
        asyncio.run(story())
        deadline = time.monotonic() + 60
        while not count_runs():
            assert time.monotonic() < deadline, "the automation started nothing"
            time.sleep(0.5)
    finally:
        api.ask("DELETE", f"/automations/{automation['id']}")
