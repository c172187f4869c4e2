"""Running the command line as a user would: another process, its exit status and what it prints."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
    """Run `coopwatch` with the arguments; 127.0.0.1 may be fetched from unless the environment says no."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        env=os.environ | {"COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1"} | (environment or {}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=cwd,
    )
    return Finished(done.returncode, done.stdout, done.stderr)
