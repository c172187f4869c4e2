"""One table: this project beside other extractors of news, on the same pages in the same run.

    python -m benchmarks.comparison [--every 3] [--rounds 3]

The others are installed at their pinned versions into environments of their own in var/bench, from the index
that pip is set up for. Each extractor is a process; they take turns, six pages at a time, so that whatever
else the machine does slows all. What counts is processor time, each round as a ratio to trafilatura as it
comes; the table has the medians. Text F1, titles and dates are those of benchmarks/extraction.py.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, Self

from benchmarks.extraction import DATA, ROOT, Read, Reviewed, read_pages, score

BASE = "trafilatura"
OURS = "coopwatch"
OTHERS = {"mediacloud-metadata": "2.1.0", "newspaper4k": "0.9.6", "news-please": "1.6.16"}
ENVIRONMENTS = ROOT / "var" / "bench"
CHUNK = 6  # pages
WARM_UP = 30  # pages; libraries load stop words and names of months when they first need them
PATIENCE_SECONDS = 900  # for an installation


class Reader:
    """A process in which one extractor reads pages when told to."""

    def __init__(self, name: str, python: Path, pages: Path) -> None:
        self._process = subprocess.Popen(
            [python, Path(__file__).with_name("comparison_reader.py"), name, pages],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT) if python == Path(sys.executable) else ""},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def read(self, first: int, end: int) -> dict[str, Any]:
        """Let it read pages; return what it found, and the seconds it took.

        Raises:
            OSError: the process has ended.
            ValueError: what it says is no answer.
        """
        if not (self._process.stdin and self._process.stdout):
            raise OSError
        self._process.stdin.write(f"{first} {end}\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def install(name: str, version: str) -> Path:
    """Return the interpreter of an environment with a package, made if it is missing.

    Raises:
        subprocess.SubprocessError: it cannot be installed.
    """
    folder = ENVIRONMENTS / f"{name}-{version}"
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        uv = Path(sys.executable).with_name("uv")
        make_folder: list[str | Path] = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder]
        install_package: list[str | Path] = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            f"{name}=={version}",
        ]
        for command in (make_folder, install_package):
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
        (folder / ".ready").touch()
    return python


def start_readers(stack: ExitStack, path: Path) -> dict[str, Reader]:
    """Start all extractors that there are, and say which there are not."""
    readers = {}
    for name, version in {BASE: "", OURS: "", **OTHERS}.items():
        try:
            python = install(name, version) if version else Path(sys.executable)
            reader = stack.enter_context(Reader(name, python, path))
            reader.read(0, WARM_UP)  # what is loaded once is not a page's time
            readers[name] = reader
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            print(f"skipped: {name} {version}: {type(error).__name__}")
    return readers


def measure(
    readers: dict[str, Reader], pages: int, rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[Any]]]:
    """Return for every extractor the seconds of each round, and what it found."""
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    found: dict[str, list[Any]] = {name: [] for name in readers}
    for number in range(rounds):
        for spent in seconds.values():
            spent.append(0.0)
        for first in range(0, pages, CHUNK):
            for name, reader in readers.items():
                answer = reader.read(first, min(first + CHUNK, pages))
                seconds[name][-1] += answer["processor"]
                if number == 0:
                    found[name] += answer["found"]
    return seconds, found


def as_read(title: str, text: str, day: str) -> Read:
    """Return what an extractor found as the other benchmarks know it."""
    try:
        return Read(title, text, date.fromisoformat(day))
    except ValueError:
        return Read(title, text)


def print_table(pages: list[Reviewed], seconds: dict[str, list[float]], found: dict[str, list[Any]]) -> None:
    """Print a line an extractor, the fastest first."""
    print(f"{'extractor':<28}{'pages/s':>8}{'ratio':>7}  text F1  failed  titles   dates")
    ratios = {
        name: statistics.median(base / own for base, own in zip(seconds[BASE], spent, strict=True))
        for name, spent in seconds.items()
    }
    for name in sorted(ratios, key=lambda name: -ratios[name]):
        rate = len(pages) / statistics.median(seconds[name])
        pairs = [(page, as_read(*one)) for page, one in zip(pages, found[name], strict=True)]
        title = f"{name} {OTHERS.get(name, '')}"
        print(f"{title:<28}{rate:>8.1f}{ratios[name]:>7.2f} {score(pairs)}")


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--every", type=int, default=3, help="take one of so many pages")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if not arguments.pages.is_file():
        print(f"skipped: no such file: {arguments.pages}")
        return
    pages = read_pages(arguments.pages)[:: arguments.every]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "pages.json"
        path.write_text(
            json.dumps([(page.url, page.body.decode(errors="replace")) for page in pages]), "utf-8"
        )
        readers = start_readers(stack, path)
        if {BASE, OURS} <= readers.keys():
            print(f"{len(pages)} pages, {arguments.rounds} rounds, one process each; processor time")
            print_table(pages, *measure(readers, len(pages), arguments.rounds))


if __name__ == "__main__":
    main()
