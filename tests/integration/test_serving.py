"""Everything from one process, and the doctor's look at a real Prefect server."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from tasks.inspecting import examine_prefect
from tests.fakes import FakeSite, serve_site
from tests.integration.prefect_rig import POOL, PROJECT, Api, end, prefect, start_worker
from tests.integration.test_deployment import DEPLOYMENTS, STORY

pytestmark = pytest.mark.slow

SERVE = "from flows.cli.serving import serve; import typer; typer.run(serve)"


def look(api: str | None) -> dict[str, tuple[str, str]]:
    with temporary_settings({PREFECT_API_URL: api}):
        return {one.area: (one.status, one.note) for one in examine_prefect()}


def test_the_doctor_sees_server_pool_and_workers(prefect_api: str, tmp_path: Path) -> None:
    assert look(None)["prefect"][0] == "off"
    status, note = look("http://user:s3cret@127.0.0.1:9/api")["prefect"]
    assert status == "broken"
    assert "s3cret" not in note

    found = look(prefect_api)
    assert found["prefect"][0] == "ok"
    assert found["prefect"][1].startswith(f"{prefect_api}: version 3.")
    assert found["leases"][0] == "warn"
    assert "docs/operations.md" in found["leases"][1]


@pytest.mark.soak
def test_the_doctor_counts_the_workers_that_are_there(prefect_api: str, tmp_path: Path) -> None:
    prefect("work-pool", "create", POOL, "--type", "process", "--overwrite")
    prefect("deploy", "--all")
    with start_worker(tmp_path / "worker.log"):
        deadline = time.monotonic() + 60
        while (found := look(prefect_api))["work pool"][0] != "ok":
            assert time.monotonic() < deadline, found
            time.sleep(1)
    assert found["work pool"][1].startswith(f"{POOL} (process), ")
    assert found["deployments"][0] == "ok"


@pytest.mark.soak
def test_one_process_runs_what_the_file_schedules(prefect_api: str, tmp_path: Path) -> None:
    api, url = Api(prefect_api), f"sqlite:///{tmp_path}/warehouse.db"
    names = [f"{one['entrypoint'].rpartition(':')[2]}/{one['name']}" for one in DEPLOYMENTS]
    with serve_site(FakeSite()) as site, (tmp_path / "serve.log").open("ab") as log:
        site.publish("fjordpost.example", STORY)
        registry = tmp_path / "sources.yaml"
        registry.write_text(site.sources_yaml(), encoding="utf-8")
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=tmp_path,  # any folder will do
            env=os.environ
            | {
                "PYTHONPATH": str(PROJECT),
                "COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
                "COOPWATCH_SOURCES": str(registry),
                "COOPWATCH_WAREHOUSE_URL": url,
            },
            stdout=log,
            stderr=log,
        )
        try:
            wait_until_served(names, tmp_path / "serve.log")
            run = api.wait(api.start("monitor/monitor", force=True))
            assert run["state_type"] == "COMPLETED", run["state"]["message"]
            assert site.requests
        finally:
            server.send_signal(signal.SIGINT)
            end(server, 30)
    schedules = api.ask("GET", "/deployments/name/monitor/monitor")["schedules"]
    assert [one["slug"] for one in schedules] == ["every-15-minutes"]


def wait_until_served(names: list[str], log: Path) -> None:
    deadline = time.monotonic() + 120
    while not all(name in (told := log.read_text(errors="replace")) for name in names):
        assert time.monotonic() < deadline, told[-3000:]
        time.sleep(0.5)
