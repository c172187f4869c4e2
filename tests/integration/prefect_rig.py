"""A Prefect server, workers and deployments of our own, started and asked as an operator would."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PROJECT = Path(__file__).parents[2]
POOL = "coopwatch"
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
LIMIT_SECONDS = 240.0
BUSY_SECONDS = 60.0  # while which its SQLite database may be locked


def prefect(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run the prefect command from the checkout; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
        cwd=PROJECT,
        env=os.environ | dict(environment or {}),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass
class Api:
    """The API of a server, asked over plain HTTP."""

    url: str

    def ask(self, method: str, path: str, /, **body: Any) -> Any:
        """Send a request, again while the server is too busy; return what it answers."""
        deadline = time.monotonic() + BUSY_SECONDS
        is_reading = method == "GET" or path.endswith(("/filter", "/count"))
        while True:
            try:
                answer = httpx.request(method, f"{self.url}{path}", json=body or None, timeout=BUSY_SECONDS)
            except httpx.ReadTimeout:  # it may have done what was asked
                if not is_reading or time.monotonic() > deadline + BUSY_SECONDS:
                    raise
                continue
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                break
            time.sleep(0.5)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def is_healthy(self) -> bool:
        """Tell whether the server answers."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/health", timeout=2).is_success
        return False

    def start(self, deployment: str, **parameters: object) -> str:
        """Let a deployment such as monitor/monitor run; return the id of the flow run."""
        found = self.ask("GET", f"/deployments/name/{deployment}")
        made = self.ask("POST", f"/deployments/{found['id']}/create_flow_run", parameters=parameters)
        return str(made["id"])

    def wait_for_schedule(self, deployment: str, seconds: float = LIMIT_SECONDS) -> None:
        """Wait until the server has scheduled runs of a deployment by itself."""
        found = self.ask("GET", f"/deployments/name/{deployment}")
        of_deployment = {"id": {"any_": [found["id"]]}}
        deadline = time.monotonic() + seconds
        while not self.ask("POST", "/flow_runs/count", deployments=of_deployment):
            assert time.monotonic() < deadline, f"{deployment} was not scheduled"
            time.sleep(0.5)

    def read_run(self, run_id: str) -> dict[str, Any]:
        """Return a flow run."""
        run: dict[str, Any] = self.ask("GET", f"/flow_runs/{run_id}")
        return run

    def wait(self, run_id: str, states: set[str] = ENDED, seconds: float = LIMIT_SECONDS) -> dict[str, Any]:
        """Wait until a flow run is in one of these states; return it."""
        deadline = time.monotonic() + seconds
        while (run := self.read_run(run_id))["state_type"] not in states:
            assert time.monotonic() < deadline, f"{run['name']} is {run['state_name']}"
            time.sleep(0.3)
        return run

    def list_of(self, what: str, run_id: str) -> list[dict[str, Any]]:
        """Return the artifacts or task_runs of a flow run."""
        key = "artifacts" if what == "artifacts" else "flow_runs"
        condition = {"flow_run_id" if what == "artifacts" else "id": {"any_": [run_id]}}
        found: list[dict[str, Any]] = self.ask("POST", f"/{what}/filter", **{key: condition})
        return found

    def list_events(self, prefix: str) -> list[dict[str, Any]]:
        """Return the events whose name begins like this, the latest first."""
        answer = self.ask("POST", "/events/filter", filter={"event": {"prefix": [prefix]}}, limit=50)
        found: list[dict[str, Any]] = answer["events"]
        return found


@dataclass
class Server:
    """A server with a home of its own, which can be stopped and started again."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def api(self) -> Api:
        """Its API."""
        return Api(f"http://127.0.0.1:{self.port}/api")

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to use it."""
        return {
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_URL": self.api.url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = ["server", "start", "--host", "127.0.0.1", "--port", str(self.port)]
        self.home.mkdir(exist_ok=True)
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "prefect", *command],
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + LIMIT_SECONDS
        while not self.api.is_healthy():
            assert self.process.poll() is None, (self.home / "server.log").read_text(errors="replace")[-2000:]
            assert time.monotonic() < deadline
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop it as a machine that is shut down would."""
        if self.process:
            end(self.process, 30)


def find_free_port() -> int:
    """Return a port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def start_worker(
    log: Path, environment: Mapping[str, str] | None = None, name: str = "worker", *options: str
) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a worker of the pool, in a process group of its own, until the block ends."""
    command = ["worker", "start", "--pool", POOL, "--type", "process", "--name", name, *options]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", *command],
            cwd=PROJECT,
            env=os.environ
            | {"COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1", "PREFECT_WORKER_QUERY_SECONDS": "2"}
            | dict(environment or {}),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process, 10)


def end(process: "subprocess.Popen[bytes]", patience_seconds: float) -> None:
    """End a process, kindly at first."""
    process.terminate()
    try:
        process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
