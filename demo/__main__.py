"""`make demo`: one monitor run against the sample newsroom, and what came of it.

The newsroom, the registry and the warehouse are the same at every start, so a second run finds
nothing new and sends nothing. `rm -r var/demo` begins anew.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from demo.newsroom import Newsroom, write_sources

PORT = 8737  # fixed: an article's address is its identity


def main() -> int:
    """Run the demo; return the exit status of its last command."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"of the newsroom (default {PORT})")
    parser.add_argument("--folder", type=Path, default=Path("var/demo"), help="for registry and warehouse")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    registry = options.folder / "sources.yaml"
    warehouse = f"sqlite:///{options.folder}/warehouse.db"
    try:
        newsroom = Newsroom(port=options.port)
    except OSError as error:
        print(f"demo: port {options.port}: {error.strerror}; choose another with --port", file=sys.stderr)
        return 2
    with newsroom:
        write_sources(registry, newsroom.url)
        print(f"A sample newsroom is open at {newsroom.url}; the monitor reads it now.\n", flush=True)
        status = _coopwatch("run", "--sources", registry, "--warehouse", warehouse)
        if status == 2:
            return status
        print("\nWhat the warehouse knows\n", flush=True)
        _coopwatch("events", "--warehouse", warehouse)
    print(
        "\nOne source and three pages are broken on purpose. Look closer:\n"
        f"  .venv/bin/coopwatch show brst-1 --warehouse {warehouse}\n"
        "Run `make demo` again: nothing is new, nothing is sent."
    )
    return 0


def _coopwatch(*arguments: str | Path) -> int:
    """Run the command line as a user would, allowed to reach this machine's loopback address."""
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        env=os.environ | {"COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1"},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
