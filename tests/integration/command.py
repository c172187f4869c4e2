"""Running the command line as a user would: another process, its exit status and what it prints."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

PROJECT = Path(__file__).parents[2]
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


class Servant:
    """A process that is asked a line of JSON and answers a line of JSON."""

    def __init__(self, module: str, log: IO[bytes] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=PROJECT,
            env=os.environ | ALLOWED,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def ask(self, **question: object) -> Any:
        """Return the answer to a question."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"{self._process.args!r} ended"
        return json.loads(answer)

    def end(self) -> None:
        """Close its standard input, at which it ends."""
        self._process.communicate()


@cache
def find_forker() -> Servant:
    """Return the process that is forked for commands; it starts with the first."""
    return Servant("tests.integration.forker")


def run_coopwatch(
    *arguments: str | Path, environment: dict[str, str] | None = None, cwd: Path | None = None, keys: str = ""
) -> Finished:
    """Run `coopwatch` in a process of its own; 127.0.0.1 may be fetched from.

    Args:
        arguments: of the command line.
        environment: what is different from the environment here.
        cwd: the folder to run in.
        keys: what is typed on its standard input.
    """
    with TemporaryDirectory(prefix="coopwatch-command-") as folder:
        typed, out, err = (Path(folder) / name for name in ("in", "out", "err"))
        typed.write_text(keys, encoding="utf-8")
        status = find_forker().ask(
            arguments=list(map(str, arguments)),
            environment=os.environ | ALLOWED | (environment or {}),
            cwd=str(cwd or Path.cwd()),
            streams=[str(typed), str(out), str(err)],
        )
        return Finished(status, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


class Shell:
    """A process in which many commands run, one after the other; see `tests.integration.shell`."""

    def __init__(self, servant: Servant) -> None:
        self._servant = servant

    def run(self, *arguments: str | Path, environment: dict[str, str] | None = None) -> Finished:
        """Run `coopwatch` with the arguments; some of its environment may be different."""
        answer = self._servant.ask(arguments=list(map(str, arguments)), environment=environment or {})
        return Finished(**answer)


@contextmanager
def open_shell(log: Path) -> Iterator[Shell]:
    """Start a shell; what its libraries say goes to the log."""
    with log.open("wb") as errors:
        servant = Servant("tests.integration.shell", errors)
        try:
            yield Shell(servant)
        finally:
            servant.end()
