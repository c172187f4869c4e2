"""The whole flow over real pages, beside its own extraction stage, and bare trafilatura in the same run.

Rounds alternate: `coopwatch run --replay` from the fetch of a page to its row in the warehouse, then
`trafilatura.bare_extraction(with_metadata=True)` alone, with the same number of processes. Both are timed
from the first page to the last, imports and Prefect's start aside; the ratio of each round is what counts,
since machines are noisy. After each run a second one finds nothing new: what the first takes longer is what
its pages cost, and what of that no stage accounts for is Prefect's share, server included. The time that
importing Great Expectations takes is measured beside it and taken off the check stage. Memory is that of the
command and all processes it started, what they share counted once.

    python -m benchmarks.replay
    python -m benchmarks.replay --copies 4 --rounds 5     # some 1,000 pages: each on four sites
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
from gzip import compress, decompress
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from benchmarks.make_archive import PAGES, make_archive
from benchmarks.memory import measure_family

STAGES = ("fetch", "extract", "judge", "link", "check", "load")
SAMPLE_SECONDS = 0.5  # between two looks at the memory
CHUNK = 6  # pages: one slow page leaves no process idle


def main() -> None:
    """Print a line a round, and the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=PAGES, help="the collection of real pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--copies", type=int, default=1, help="sites that have each page")
    options = parser.parse_args()
    if not options.pages.is_file():
        print(f"skipped: no such file: {options.pages}")
        return
    with tempfile.TemporaryDirectory() as folder:
        collection = Path(folder) / "pages.tar.gz"
        copy_pages(options.pages, collection, options.copies)
        pages = read_pages(collection)
        archive = make_archive(collection, Path(folder))
        print(f"{archive.pages} pages, {options.processes} processes\n")
        print("       pages a second                    flow to          share of what pages cost")
        print("round    flow  extraction  trafilatura  extraction  trafilatura  Prefect    gate      MB")
        rounds = []
        for number in range(1, options.rounds + 1):
            warehouse = Path(folder) / f"{number}.db"
            first = run_coopwatch(archive.sources, archive.warc, warehouse, options.processes)
            second = run_coopwatch(archive.sources, archive.warc, warehouse, options.processes)
            bare = time_trafilatura(pages, options.processes)
            rounds.append(divide(archive.pages, first, second, bare, time_gate_import()))
            print_line(str(number), rounds[-1])
        print_line("median", [statistics.median(column) for column in zip(*rounds, strict=True)])
        print(f"\nlast round: {first.summary['entries']}, seconds {first.summary['seconds']}")


def divide(pages: int, first: "Timed", second: "Timed", bare: float, gate_import: float) -> tuple[float, ...]:
    """Return the columns of the table for one round."""
    stages = {name: first.summary["seconds"].get(name, 0.0) for name in STAGES}
    stages["check"] -= gate_import
    worked = sum(stages.values())
    polled = first.summary["seconds"].get("poll", 0.0) - second.summary["seconds"].get("poll", 0.0)
    engine = first.seconds - second.seconds - worked - polled - gate_import
    extraction = stages["extract"]
    return (
        pages / worked,
        pages / extraction,
        pages / bare,
        extraction / worked,
        bare / worked,
        engine / (worked + engine),
        stages["check"] / (worked + engine),
        first.megabytes,
    )


def print_line(name: str, columns: Sequence[float]) -> None:
    """Print a line of the table."""
    print(
        "{:<6}{:>7.1f}{:>12.1f}{:>13.1f}{:>12.2f}{:>13.2f}{:>9.1%}{:>8.1%}{:>8.0f}".format(name, *columns),
        flush=True,
    )


def copy_pages(source: Path, target: Path, copies: int) -> None:
    """Write a collection that has each page on several sites: hosts, and what names them, are numbered."""
    with tarfile.open(source) as pages, tarfile.open(target, "w:gz", compresslevel=1) as copied:
        files = {
            member.name: file.read()
            for member in pages
            if member.name.endswith((".html.gz", "/meta.info")) and (file := pages.extractfile(member))
        }
        for name, content in files.items():
            folder, _, last = name.rpartition("/")
            if last == "meta.info":
                captures = json.loads(content)
                listed = {
                    f"{number}-{page}": capture | {"url": number_host(capture["url"], capture["url"], number)}
                    for page, capture in captures.items()
                    for number in range(copies)
                }
                add_file(copied, name, json.dumps(listed).encode())
                continue
            url = json.loads(files[f"{folder}/meta.info"])[last]["url"]
            page = decompress(content).decode(errors="replace")
            for number in range(copies):
                body = number_host(page, url, number).encode()
                add_file(copied, f"{folder}/{number}-{last}", compress(body, 1))


def number_host(text: str, url: str, number: int) -> str:
    """Return a text in which the host of an address has a number in front of it; the first has none."""
    host = urlsplit(url).netloc
    return text.replace(f"//{host}", f"//s{number}.{host}") if number else text


def add_file(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a file to an archive."""
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, BytesIO(content))


class Timed(NamedTuple):
    """One run of the command: its summary, how long it took, and the most memory it had."""

    summary: dict[str, Any]
    seconds: float
    megabytes: float


def read_pages(path: Path) -> list[bytes]:
    """Return the pages of the collection."""
    with tarfile.open(path) as archive:
        files = (archive.extractfile(m) for m in archive.getmembers() if m.name.endswith(".html.gz"))
        return [decompress(file.read()) for file in files if file]


def run_coopwatch(sources: Path, warc: Path, warehouse: Path, processes: int) -> Timed:
    """Run the command on the archive."""
    began, megabytes = time.perf_counter(), 0.0
    with tempfile.TemporaryFile() as answer:
        running = subprocess.Popen(
            [
                *(sys.executable, "-m", "flows.cli", "run", "--json", "--replay", warc),
                *("--sources", sources, "--warehouse", f"sqlite:///{warehouse}"),
            ],
            env=os.environ | {"COOPWATCH_EXTRACT_WORKERS": str(processes)},
            stdout=answer,
            stderr=subprocess.DEVNULL,
        )
        while running.poll() is None:
            time.sleep(SAMPLE_SECONDS)
            megabytes = max(megabytes, measure_family(running.pid))
        seconds = time.perf_counter() - began
        if running.returncode:
            raise subprocess.CalledProcessError(running.returncode, "coopwatch run")
        answer.seek(0)
        return Timed(json.loads(answer.read()), seconds, megabytes)


def time_gate_import() -> float:
    """Return the seconds that importing what the gate needs takes."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import great_expectations"], check=True, capture_output=True)
    return time.perf_counter() - began


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
