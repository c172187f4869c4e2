"""The whole flow over real pages, beside bare trafilatura on the same pages in the same run.

Rounds alternate: `coopwatch run --replay` from the fetch of a page to its row in the warehouse, then
`trafilatura.bare_extraction(with_metadata=True)` alone, with the same number of processes. Both are timed
from the first page to the last, imports and Prefect's start aside; the ratio of each round is what counts,
since machines are noisy.

    python -m benchmarks.replay
    python -m benchmarks.replay --pages PATH/fundus.tar.gz --rounds 5
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from gzip import decompress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.make_archive import PAGES, make_archive

STAGES = ("fetch", "extract", "judge", "link", "check", "load")
CHUNK = 6  # pages: one slow page leaves no process idle


def main() -> None:
    """Print a line a round, and the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=PAGES, help="the collection of real pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    pages = read_pages(options.pages)
    with tempfile.TemporaryDirectory() as folder:
        archive = make_archive(options.pages, Path(folder))
        print(f"{archive.pages} pages, {options.processes} processes; pages a second\n")
        print(
            f"{'round':<7}{'coopwatch':>11}{'its extraction':>16}{'trafilatura':>13}{'ratio':>8}   outcomes"
        )
        rounds = []
        for number in range(1, options.rounds + 1):
            summary = run_coopwatch(archive.sources, archive.warc, Path(folder) / f"{number}.db", options)
            whole = archive.pages / sum(summary["seconds"].get(stage, 0.0) for stage in STAGES)
            extraction = archive.pages / summary["seconds"]["extract"]
            bare = len(pages) / time_trafilatura(pages, options.processes)
            rounds.append((whole, extraction, bare, whole / bare))
            outcomes = ", ".join(f"{count} {name}" for name, count in summary["entries"].items() if count)
            print(
                f"{number:<7}{whole:>11.1f}{extraction:>16.1f}{bare:>13.1f}{whole / bare:>8.2f}   {outcomes}"
            )
        middle = [statistics.median(column) for column in zip(*rounds, strict=True)]
        print(f"{'median':<7}{middle[0]:>11.1f}{middle[1]:>16.1f}{middle[2]:>13.1f}{middle[3]:>8.2f}")
        print("\nThe check stage of a round includes importing Great Expectations (seconds, once a run).")


def read_pages(path: Path) -> list[bytes]:
    """Return the pages of the collection."""
    with tarfile.open(path) as archive:
        files = (archive.extractfile(m) for m in archive.getmembers() if m.name.endswith(".html.gz"))
        return [decompress(file.read()) for file in files if file]


def run_coopwatch(sources: Path, warc: Path, warehouse: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run the command on the archive; return its summary."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "flows.cli", "run", "--json", "--replay", warc),
            *("--sources", sources, "--warehouse", f"sqlite:///{warehouse}"),
        ],
        env=os.environ | {"COOPWATCH_EXTRACT_WORKERS": str(options.processes)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def time_trafilatura(pages: Sequence[bytes], processes: int) -> float:
    """Return the seconds that bare extraction of the pages takes, its imports aside."""
    context = get_context("forkserver")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(extract_bare, [[b"<p>warm"]] * processes * 4))
        chunks = [pages[start : start + CHUNK] for start in range(0, len(pages), CHUNK)]
        started = time.perf_counter()
        list(pool.map(extract_bare, chunks))
        return time.perf_counter() - started


def extract_bare(pages: Sequence[bytes]) -> int:
    """Extract pages with trafilatura alone; return how many gave a text."""
    from trafilatura import bare_extraction

    return sum(bare_extraction(page, with_metadata=True) is not None for page in pages)


if __name__ == "__main__":
    main()
