"""A server with all deployments, a newsroom that takes its time, and what tests do to them."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from coopwatch.warehouse.engines import parse_url
from tests.fakes import FakeReceiver, FakeSite, serve_receiver, serve_site
from tests.integration.prefect_rig import POOL, PROJECT, Api, Server, find_free_port, prefect
from tests.soak.newsroom import write_story

STORIES = 60
OUTLETS = 6
AUTOMATIONS = PROJECT / "config" / "automations.yaml"
# as docs/operations.md wants it: slots of deployments outlive the server
LASTING_LEASES = {
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem"
}


class SlowSite(FakeSite):
    """A newsroom whose pages take their time, so that a run can be caught at work."""

    seconds = 0.0

    def answer(self, path: str) -> tuple[int, str, str]:
        """Answer a request, a page after a while."""
        if path.endswith(".html"):
            time.sleep(self.seconds)
        return super().answer(path)

    @property
    def pages(self) -> list[str]:
        """The pages that were asked for; twice where they were asked for twice."""
        return [path for path in self.requests if path.endswith(".html")]


@dataclass
class DeployedServer(Server):
    """A server of one test alone, set up as the manual says."""

    settings: dict[str, str] = field(default_factory=lambda: dict(LASTING_LEASES))

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to use it, the server itself too."""
        return super().environment | self.settings

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process
        kill_tree(self.process.pid)
        self.process.wait()


@dataclass
class NewsDesk:
    """Outlets with stories that overlap, and who is alerted of what they tell.

    Attributes:
        site: the outlets.
        registry: the path of a registry of them.
        receiver: of alerts.
    """

    site: SlowSite
    registry: Path
    receiver: FakeReceiver

    def write_registry(self) -> None:
        """Write the registry of the outlets as they are now."""
        self.registry.write_text(self.site.sources_yaml(), encoding="utf-8")

    def set_environment(self, server: Server, warehouse_url: str) -> dict[str, str]:
        """Return the environment of a worker whose runs poll the outlets in small batches."""
        return server.environment | {
            "COOPWATCH_SOURCES": str(self.registry),
            "COOPWATCH_WAREHOUSE_URL": warehouse_url,
            "COOPWATCH_CAPTURES": str(self.registry.with_name("captures")),
            "COOPWATCH_ALERT_URLS": self.receiver.url,
            "COOPWATCH_BATCH_SIZE": "10",
            "COOPWATCH_FETCH_PER_HOST": "8",
            "COOPWATCH_EXTRACT_WORKERS": "1",
        }


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[NewsDesk]:
    """A newsroom with stories."""
    with serve_site(SlowSite()) as site, serve_receiver(FakeReceiver()) as receiver:
        assert isinstance(site, SlowSite)
        for number in range(1, STORIES + 1):
            site.publish(f"outlet{number % OUTLETS}.example", write_story(number))
        desk = NewsDesk(site, tmp_path / "sources.yaml", receiver)
        desk.write_registry()
        yield desk


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DeployedServer]:
    """A server with all deployments; none runs by itself."""
    with serve_deployments(DeployedServer(tmp_path / "prefect", find_free_port())) as opened:
        yield opened


@contextmanager
def serve_deployments(server: DeployedServer) -> Iterator[DeployedServer]:
    """Start a server and deploy to it as the manual says; pause the schedules: a test has its own runs."""
    server.start()
    try:
        prefect("work-pool", "create", POOL, "--type", "process", environment=server.environment)
        prefect("deploy", "--all", environment=server.environment)
        prefect("automation", "create", "--from-file", str(AUTOMATIONS), environment=server.environment)
        for deployment in server.api.ask("POST", "/deployments/filter"):
            server.api.ask("POST", f"/deployments/{deployment['id']}/pause_deployment")
        yield server
    finally:
        server.stop()


def schedule(api: Api, deployment: str, seconds: int) -> str:
    """Let the server schedule a deployment this often, in place of what its file says; return its id."""
    found = api.ask("GET", f"/deployments/name/{deployment}")
    often: dict[str, Any] = {"schedule": {"interval": seconds}, "active": True, "slug": "often"}
    api.ask("PATCH", f"/deployments/{found['id']}", schedules=[often], paused=False)
    return str(found["id"])


def list_runs(api: Api, deployment_id: str, *states: str) -> list[dict[str, Any]]:
    """Return the runs of a deployment in some states, the first that was due first."""
    runs: list[dict[str, Any]] = api.ask(
        "POST",
        "/flow_runs/filter",
        deployments={"id": {"any_": [deployment_id]}},
        flow_runs={"state": {"type": {"any_": list(states)}}},
        sort="EXPECTED_START_TIME_ASC",
    )
    return runs


def wait_for_run(api: Api, deployment_id: str, state: str, seconds: float) -> dict[str, Any]:
    """Wait until a run of a deployment is in a state; return the first."""
    deadline = time.monotonic() + seconds
    while not (runs := list_runs(api, deployment_id, state)):
        assert time.monotonic() < deadline, f"no run is {state}"
        time.sleep(1)
    return runs[0]


def wait_until_fetching(site: SlowSite, pages: int = 1, seconds: float = 180) -> None:
    """Wait until a run has asked for so many pages."""
    deadline = time.monotonic() + seconds
    while len(site.pages) < pages:
        assert time.monotonic() < deadline, f"{len(site.pages)} pages were asked for"
        time.sleep(0.1)


def kill_tree(pid: int) -> None:
    """Kill a process and all that it started, the youngest last, so that nobody starts another."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, FileNotFoundError):
        return
    for child in children:
        with suppress(ProcessLookupError, FileNotFoundError):
            kill_tree(int(child))


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """Open a warehouse for statements of a test."""
    engine = create_engine(parse_url(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def read_outcomes(url: str) -> Counter[str]:
    """Return how many entries ended where."""
    with connect(url) as connection:
        rows = connection.execute(text("SELECT outcome, count(*) FROM entry GROUP BY outcome"))
        return Counter({row[0]: row[1] for row in rows})


def wait_for_work(url: str, seconds: float) -> None:
    """Wait until no entry waits: what a killed run had taken waits until its lease ends."""
    deadline = time.monotonic() + seconds
    while left := read_outcomes(url)["pending"]:
        assert time.monotonic() < deadline, f"{left} entries still wait"
        time.sleep(1)


def assert_complete(url: str, receiver: FakeReceiver) -> None:
    """Every story has one outcome, sums are right, and each alert was sent once."""
    with connect(url) as connection:

        def count(query: str) -> int:
            return int(connection.execute(text(query)).scalar_one() or 0)

        outcomes = read_outcomes(url)
        assert sum(outcomes.values()) == count("SELECT count(DISTINCT url) FROM entry") == STORIES
        assert outcomes["pending"] == outcomes["failed"] == 0
        assert outcomes["loaded"] == count("SELECT count(*) FROM article WHERE entry_id IS NOT NULL") > 0
        assert count("SELECT sum(articles) FROM event") == count("SELECT count(*) FROM coverage") > 0
        assert count("SELECT count(*) FROM membership") == count("SELECT count(*) FROM article")
        assert count("SELECT count(*) FROM alert WHERE status <> 'sent'") == 0
        sent = set(connection.scalars(text("SELECT key FROM alert WHERE route = 'team' AND status = 'sent'")))
    assert len(receiver.keys) == len(set(receiver.keys))
    assert set(receiver.keys) == sent != set()
