"""Running the command line as a user would: another process, its exit status and what it prints."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALLOWED = {"COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1"}


@dataclass(frozen=True)
class Finished:
    """A command that ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def run_coopwatch(
    *arguments: str | Path, environment: dict[str, str] | None = None, cwd: Path | None = None
) -> Finished:
    """Run `coopwatch` in a process of its own; 127.0.0.1 may be fetched from."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        env=os.environ | ALLOWED | (environment or {}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=cwd,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


class Shell:
    """A process in which many commands run, one after the other; see `tests.integration.shell`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, *arguments: str | Path) -> Finished:
        """Run `coopwatch` with the arguments."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(list(map(str, arguments))) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the shell ended"
        return Finished(**json.loads(answer))


@contextmanager
def open_shell(log: Path) -> Iterator[Shell]:
    """Start a shell; what its libraries say goes to the log."""
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "tests.integration.shell"],
            env=os.environ | ALLOWED,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        yield Shell(process)  # leaving closes its standard input, at which it ends
