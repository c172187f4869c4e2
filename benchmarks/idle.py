"""A monitor run that finds nothing new, beside an empty flow of the same Prefect, in the same run.

    python -m benchmarks.idle [--rounds 5]

One Prefect server on loopback serves both; the sample newsroom is read once before. Every run is a process of
its own, from its start to its end, and both take turns. What the processes take of the processor is told
beside their time, since machines are noisy.

Nothing new means that every source is due and asked, and has what it had: ten answer so, and the one that is
broken for ever is read and fails again. An empty flow with the same parameters is run as well, to tell what
Prefect itself takes for parameters.
"""

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.extraction import ROOT
from demo.newsroom import Newsroom, write_sources

START_LIMIT_SECONDS = 180
EMPTY = """
import asyncio
from prefect import flow

@flow(name="empty")
async def empty():
    pass

asyncio.run(empty())
"""
WITH_PARAMETERS = """
import asyncio, sys
from pathlib import Path
from prefect import flow

@flow(name="empty with parameters")
async def empty(
    sources: Path | None = None,
    warehouse_url: str | None = None,
    replay: tuple[Path, ...] = (),
    force: bool = False,
):
    pass

asyncio.run(empty(sources=Path(sys.argv[1]), warehouse_url=sys.argv[2], force=True))
"""
MONITOR = """
import asyncio, sys
from pathlib import Path
from flows.monitor import monitor

asyncio.run(monitor(sources=Path(sys.argv[1]), warehouse_url=sys.argv[2], force=True))
"""


@contextmanager
def serve_prefect(home: Path) -> Iterator[str]:
    """Run a Prefect server on loopback.

    Raises:
        TimeoutError: it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env=os.environ | {"PREFECT_HOME": str(home), "PREFECT_API_URL": api},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while not is_healthy(api):
            if time.monotonic() > deadline:
                raise TimeoutError("the Prefect server does not start")
            time.sleep(0.5)
        yield api
    finally:
        server.terminate()
        server.wait(30)


def is_healthy(api: str) -> bool:
    """Tell whether a server answers."""
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def run(program: str, *arguments: str | Path) -> tuple[float, float]:
    """Run a program; return its seconds, and those of the processor."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return time.perf_counter() - began, processor


def main() -> None:
    """Read the command line and print both, and the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Newsroom() as newsroom:
        home, registry = Path(folder) / "prefect", Path(folder) / "sources.yaml"
        write_sources(registry, newsroom.url)
        given = (registry, f"sqlite:///{folder}/warehouse.db")
        with serve_prefect(home) as api:
            settings = {"PREFECT_HOME": str(home), "PREFECT_API_URL": api}
            os.environ.update(settings | {"COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1"})
            run(MONITOR, *given)
            run(EMPTY)
            ratios = []
            for _ in range(arguments.rounds):
                empty, called, idle = run(EMPTY), run(WITH_PARAMETERS, *given), run(MONITOR, *given)
                ratios.append((idle[0] / empty[0], idle[1] / empty[1], called[1] / empty[1]))
                print(
                    f"empty flow {empty[0]:6.2f} s, processor {empty[1]:5.2f} s; "
                    f"nothing new {idle[0]:6.2f} s, processor {idle[1]:5.2f} s; "
                    f"ratios {ratios[-1][0]:.2f}, {ratios[-1][1]:.2f}; "
                    f"with parameters, processor {called[1]:5.2f} s, ratio {ratios[-1][2]:.2f}",
                    flush=True,
                )
            wall, processor, called_one = (statistics.median(column) for column in zip(*ratios, strict=True))
            print(
                f"median ratios: time {wall:.2f}, processor {processor:.2f}; "
                f"of an empty flow with parameters, processor {called_one:.2f}"
            )


if __name__ == "__main__":
    main()
