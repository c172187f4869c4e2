"""Every deployment once; and workers, servers and databases that fail in the middle of a run."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.fakes import FakeSite, serve_site
from tests.integration.command import run_coopwatch
from tests.integration.prefect_rig import POOL, Server, find_free_port, prefect, start_worker
from tests.soak.newsroom import write_story

pytestmark = [pytest.mark.soak, pytest.mark.slow]

STORIES = 60
OUTLETS = 6


class SlowSite(FakeSite):
    """A newsroom whose pages take their time, so that a run can be caught at work."""

    seconds = 0.0

    def answer(self, path: str) -> tuple[int, str, str]:
        if path.endswith(".html"):
            time.sleep(self.seconds)
        return super().answer(path)


@pytest.fixture
def site() -> Iterator[SlowSite]:
    with serve_site(SlowSite()) as opened:
        assert isinstance(opened, SlowSite)
        for number in range(1, STORIES + 1):
            opened.publish(f"outlet{number % OUTLETS}.example", write_story(number))
        yield opened


@pytest.fixture
def sources(site: SlowSite, tmp_path: Path) -> str:
    registry = tmp_path / "sources.yaml"
    registry.write_text(site.sources_yaml(), encoding="utf-8")
    return str(registry)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of this test alone, with all deployments."""
    server = Server(tmp_path / "prefect", find_free_port())
    server.start()
    try:
        prefect("work-pool", "create", POOL, "--type", "process", environment=server.environment)
        prefect("deploy", "--all", environment=server.environment)
        yield server
    finally:
        server.stop()


def read_outcomes(url: str) -> dict[str, int]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT outcome, count(*) FROM entry GROUP BY outcome"))
            return {row[0]: row[1] for row in rows}
    finally:
        engine.dispose()


def wait_until_fetching(site: SlowSite, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not any(path.endswith(".html") for path in site.requests):
        assert time.monotonic() < deadline, "no page was asked for"
        time.sleep(0.1)


def test_each_deployment_runs_and_says_what_it_did(
    server: Server, site: SlowSite, sources: str, tmp_path: Path
) -> None:
    api, url = server.api, f"sqlite:///{tmp_path}/warehouse.db"
    with start_worker(tmp_path / "worker.log", server.environment):
        first = api.wait(api.start("monitor/monitor", sources=sources, warehouse_url=url))
        assert first["state_type"] == "COMPLETED", first["state"]["message"]
        waiting = {
            "check-sources": api.start("check_sources/check-sources", sources=sources, warehouse_url=url),
            "check": api.start("check/check", warehouse_url=url),
            "digest-daily": api.start("digest/digest-daily", warehouse_url=url),
            "digest-weekly": api.start("digest/digest-weekly", warehouse_url=url, period="week"),
            "maintenance": api.start("maintenance/maintenance", warehouse_url=url),
            "reprocess": api.start("reprocess/reprocess", warehouse_url=url),
        }
        runs = {name: api.wait(run_id) for name, run_id in waiting.items()}
    assert {name: run["state_type"] for name, run in runs.items()} == dict.fromkeys(waiting, "COMPLETED"), (
        tmp_path / "worker.log"
    ).read_text(errors="replace")[-3000:]
    keys = {
        name: {one["key"] for one in api.list_of("artifacts", run_id)} for name, run_id in waiting.items()
    }
    assert keys["check-sources"] == {"source-checks"}
    assert keys["maintenance"] == {"maintenance"}
    assert {"checks", "data-docs"} <= keys["check"]
    assert runs["check-sources"]["name"] == f"check {OUTLETS} sources"
    finished = {event["resource"]["coopwatch.kind"] for event in api.list_events("coopwatch.run.finished")}
    assert {"check_sources", "maintenance"} <= finished


def test_two_workers_at_once_share_one_warehouse(
    server: Server, site: SlowSite, sources: str, postgres_url: str, tmp_path: Path
) -> None:
    site.seconds = 0.2
    environment = server.environment | {"COOPWATCH_BATCH_SIZE": "10", "COOPWATCH_FETCH_PER_HOST": "8"}
    # two deployments of one flow: one would let the second run wait
    second = server.api.ask("GET", "/deployments/name/monitor/monitor")
    made = server.api.ask(
        "POST",
        "/deployments/",
        name="second",
        flow_id=second["flow_id"],
        entrypoint=second["entrypoint"],
        path=second["path"],
        pull_steps=second["pull_steps"],
        work_pool_name=POOL,
        enforce_parameter_schema=False,
    )
    assert made["id"] != second["id"]
    with ExitStack() as workers:
        for name in ("one", "two"):
            workers.enter_context(start_worker(tmp_path / f"{name}.log", environment, name))
        ids = [
            server.api.start(f"monitor/{name}", sources=sources, warehouse_url=postgres_url, force=True)
            for name in ("monitor", "second")
        ]
        runs = [server.api.wait(run_id) for run_id in ids]
    assert [run["state_type"] for run in runs] == ["COMPLETED"] * 2, [run["state"] for run in runs]
    outcomes = read_outcomes(postgres_url)
    assert sum(outcomes.values()) == STORIES
    assert not outcomes.get("pending")
    pages = [path for path in site.requests if path.endswith(".html")]
    assert len(pages) == len(set(pages)) == STORIES, "no page was fetched twice"


def test_a_server_that_restarts_costs_a_run_nothing(
    server: Server, site: SlowSite, sources: str, tmp_path: Path
) -> None:
    site.seconds = 0.5
    url = f"sqlite:///{tmp_path}/warehouse.db"
    with start_worker(tmp_path / "worker.log", server.environment | {"COOPWATCH_BATCH_SIZE": "10"}):
        run_id = server.api.start("monitor/monitor", sources=sources, warehouse_url=url)
        wait_until_fetching(site)
        server.stop()
        time.sleep(2)
        server.start()
        run = server.api.wait(run_id)
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    outcomes = read_outcomes(url)
    assert sum(outcomes.values()) == STORIES
    assert not outcomes.get("pending")


def test_what_a_killed_worker_leaves_the_next_run_completes(
    server: Server, site: SlowSite, sources: str, tmp_path: Path
) -> None:
    site.seconds = 1.0
    url = f"sqlite:///{tmp_path}/warehouse.db"
    environment = server.environment | {"COOPWATCH_BATCH_SIZE": "10"}
    log = tmp_path / "worker.log"
    with start_worker(log, environment) as worker:
        killed = server.api.start("monitor/monitor", sources=sources, warehouse_url=url)
        wait_until_fetching(site)
        kill_tree(worker.pid)  # the worker, the run it started, and the workers of that
    assert read_outcomes(url)["pending"]
    end_leases(tmp_path / "warehouse.db")
    site.seconds = 0.0
    # the slot of the killed run is free once the server has noticed, or an operator says so
    server.api.ask("POST", f"/flow_runs/{killed}/set_state", state={"type": "CRASHED"}, force=True)
    with start_worker(log, environment):
        run = server.api.wait(server.api.start("monitor/monitor", sources=sources, warehouse_url=url))
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    outcomes = read_outcomes(url)
    assert sum(outcomes.values()) == STORIES
    assert not outcomes.get("pending")
    events = run_coopwatch("events", "--warehouse", url, "--json").data
    assert len({event["event_id"] for event in events}) == len(events)


def kill_tree(pid: int) -> None:
    """Kill a process and all that it started, the youngest last, so that nobody starts another."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    os.kill(pid, signal.SIGKILL)
    for child in children:
        with suppress(ProcessLookupError, FileNotFoundError):
            kill_tree(int(child))


def end_leases(file: Path) -> None:
    """Let an hour pass for the entries that a killed run had taken."""
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE entry SET claimed_until = '2000-01-01 00:00:00'")
    connection.close()
