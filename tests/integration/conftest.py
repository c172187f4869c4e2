"""A real Prefect server on loopback, one for all integration tests."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.command import Shell, find_forker, open_shell

START_LIMIT_SECONDS = 180


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what needs the Prefect server first: the process that begins there does it all, on one server."""
    items.sort(key=lambda item: "prefect_api" not in getattr(item, "fixturenames", ()))


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API address of a running server; commands started from here use it."""
    home = tmp_path_factory.mktemp("prefect")
    port = _find_free_port()
    settings = {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_healthy(settings["PREFECT_API_URL"], server, log)
        from prefect.settings import PREFECT_API_URL, temporary_settings

        # for this process too, which may have imported Prefect before
        with temporary_settings({PREFECT_API_URL: settings["PREFECT_API_URL"]}):
            yield settings["PREFECT_API_URL"]
    finally:
        server.terminate()
        server.wait(30)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@pytest.fixture(scope="session")
def shell(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A process for command lines, beside the server."""
    with open_shell(tmp_path_factory.mktemp("shell") / "errors.log") as opened:
        yield opened


@pytest.fixture(scope="session", autouse=True)
def forker_ends() -> Iterator[None]:
    """End the process that commands were forked from, if there were any."""
    yield
    if find_forker.cache_info().currsize:
        find_forker().end()


def _wait_until_healthy(api: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{api}/health", timeout=2):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    pytest.fail(f"the Prefect server did not start:\n{log.read_text(errors='replace')[-3000:]}")
