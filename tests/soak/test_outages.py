"""A server, a worker or the whole machine that fails in the middle of a run: the schedule carries on."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.prefect_rig import find_free_port, start_worker
from tests.soak.deployed import (
    STORIES,
    DeployedServer,
    NewsDesk,
    assert_complete,
    kill_tree,
    list_runs,
    read_outcomes,
    schedule,
    serve_deployments,
    wait_for_run,
    wait_for_work,
    wait_until_fetching,
)

pytestmark = [pytest.mark.soak, pytest.mark.slow]

EVERY_SECONDS = 20
RENEWAL_SECONDS = 225  # Prefect renews the slot of a run this often
LEASE_SECONDS = 300 + 15  # for which a slot is kept for a run that is gone, and until that is looked at
SILENCE_SECONDS = 150  # two heartbeats and a half, in place of the ten minutes of the file
SLACK_SECONDS = 90  # for a busy machine to begin and end a run


@dataclass
class Outage:
    """A scheduled run that was killed with its worker in the middle of its work."""

    url: str
    log: Path
    deployment_id: str
    run_id: str
    killed_at: datetime


def kill_a_scheduled_run(server: DeployedServer, desk: NewsDesk, folder: Path) -> Outage:
    """Let the server schedule the monitor often, and kill the first run when a third of its work is done."""
    url, log = f"sqlite:///{folder}/warehouse.db", folder / "worker.log"
    desk.site.seconds = 1.0
    monitor = schedule(server.api, "monitor/monitor", EVERY_SECONDS)
    with start_worker(log, desk.set_environment(server, url)) as worker:
        wait_until_fetching(desk.site, STORIES // 3)
        [run] = list_runs(server.api, monitor, "RUNNING")
        kill_tree(worker.pid)  # the worker, the run it started, and the workers of that
    killed_at = datetime.now(UTC)
    assert run["auto_scheduled"]
    left = read_outcomes(url)
    assert left["pending"], "it was killed in the middle"
    assert sum(left.values()) > left["pending"], "and not at the beginning"
    assert not desk.receiver.received
    desk.site.seconds = 0.0
    return Outage(url, log, monitor, run["id"], killed_at)


def carry_on(server: DeployedServer, desk: NewsDesk, outage: Outage, limit: int) -> None:
    """Start another worker: within a time, the schedule has completed the work."""
    api = server.api
    with start_worker(outage.log, desk.set_environment(server, outage.url)):
        limit += EVERY_SECONDS + SLACK_SECONDS
        completed = wait_for_run(api, outage.deployment_id, "COMPLETED", limit)
        wait_for_work(outage.url, limit)
    assert completed["auto_scheduled"]
    assert completed["id"] != outage.run_id
    refused = list_runs(api, outage.deployment_id, "CANCELLED")
    took = (datetime.now(UTC) - outage.killed_at).total_seconds()
    print(f"complete {took:.0f} s after the kill; {len(refused)} runs found the slot taken")
    assert {run["state"]["message"] for run in refused} <= {"Deployment concurrency limit reached."}
    assert_complete(outage.url, desk.receiver)


@pytest.mark.parametrize("fails", ["the worker", "the machine"])
def test_the_next_scheduled_run_completes_what_a_killed_one_left(
    server: DeployedServer, desk: NewsDesk, tmp_path: Path, fails: str
) -> None:
    """The slot of the killed run is free again when its lease is over; the server keeps leases on disk."""
    outage = kill_a_scheduled_run(server, desk, tmp_path)
    if fails == "the machine":
        server.kill()
        server.start()
    carry_on(server, desk, outage, LEASE_SECONDS)


def test_a_run_that_fell_silent_is_crashed_where_the_server_forgot_its_slot(
    desk: NewsDesk, tmp_path: Path
) -> None:
    """Without leases on disk only the automation frees the slot of what ended together with the server."""
    with serve_deployments(DeployedServer(tmp_path / "prefect", find_free_port(), settings={})) as server:
        [automation] = server.api.ask("POST", "/automations/filter")
        automation["trigger"]["within"] = SILENCE_SECONDS
        kept = ("name", "description", "enabled", "trigger", "actions")
        server.api.ask("PUT", f"/automations/{automation['id']}", **{name: automation[name] for name in kept})
        outage = kill_a_scheduled_run(server, desk, tmp_path)
        server.kill()
        server.start()
        carry_on(server, desk, outage, 2 * SILENCE_SECONDS)
        run = server.api.read_run(outage.run_id)
    assert run["state_type"] == "CRASHED"
    assert run["state"]["message"].startswith("Its process has not been heard of")


def test_a_server_that_restarts_costs_a_run_nothing(
    server: DeployedServer, desk: NewsDesk, tmp_path: Path
) -> None:
    """Nor does it when the run is so long that its slot is renewed at a server that did not give it out."""
    desk.site.seconds = 9.0
    url = f"sqlite:///{tmp_path}/warehouse.db"
    environment = desk.set_environment(server, url) | {"COOPWATCH_FETCH_PER_HOST": "2"}
    with start_worker(tmp_path / "worker.log", environment):
        run_id = server.api.start("monitor/monitor")
        wait_until_fetching(desk.site)
        started = time.monotonic()
        server.stop()
        time.sleep(2)
        server.start()
        run = server.api.wait(run_id, seconds=600)
    assert time.monotonic() - started > RENEWAL_SECONDS
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    assert run["run_count"] == 1
    assert {"sources", "outcomes", "events", "summary"} <= {
        artifact["key"] for artifact in server.api.list_of("artifacts", run_id)
    }
    assert len(desk.site.pages) == len(set(desk.site.pages)) == STORIES, "no page was fetched twice"
    assert_complete(url, desk.receiver)
