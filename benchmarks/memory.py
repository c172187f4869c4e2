"""Whether memory stays flat while pages are extracted, and how much all processes together take.

    python -m benchmarks.memory [--pages 4000] [--workers 2] [--triage]

Real pages (flairNLP/fundus, MIT) go round and round through the worker processes of a run. Memory is that
of this process, of the server that workers are forked from, and of the workers; what they share counts once
(proportional set size, read from /proc, so Linux only). Workers are replaced every thousand pages; the fit
leaves out the pages before all workers have been replaced once. 50,000 pages take the better part of an hour.
"""

import argparse
import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import linear_regression

from benchmarks.extraction import DATA, make_job, read_pages
from coopwatch.settings import Settings
from coopwatch.workers import PAGES_PER_WORKER, ExtractionPool

SAMPLE_PAGES = 50  # between two samples
MEGA = 1_000_000


def list_family(root: int | str = "self") -> Iterator[int]:
    """Yield the process and all its descendants."""
    folder = Path("/proc", str(root)).resolve()
    yield int(folder.name)
    with suppress(OSError):  # it has just ended
        for task in (folder / "task").iterdir():
            for child in (task / "children").read_text().split():
                yield from list_family(child)


def measure_family(root: int | str = "self") -> float:
    """Return the megabytes that a process, this one by default, and its descendants take."""
    total = 0
    for process in list_family(root):
        try:
            lines = Path("/proc", str(process), "smaps_rollup").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total * 1024 / MEGA


def fit(samples: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Return level and slope of a straight line through samples: megabytes, and megabytes per 1,000 pages."""
    slope, level = linear_regression([page for page, _ in samples], [size for _, size in samples])
    return level, 1_000 * slope


def main() -> None:
    """Read the command line, work, and print the samples and the fit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--pages", type=int, default=4_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--triage", action="store_true", help="triage first, as a run does")
    arguments = parser.parse_args()
    if not arguments.data.is_file():
        print(f"skipped: no such file: {arguments.data}")
        return
    settings = Settings().override(extract_workers=arguments.workers)
    jobs = itertools.cycle([make_job(page) for page in read_pages(arguments.data)])
    samples: list[tuple[int, float]] = []
    began = time.perf_counter()
    with ExtractionPool(settings, topic=settings.topic if arguments.triage else None) as pool:
        done = pool.run(itertools.islice(jobs, arguments.pages))
        for number, _ in enumerate(done, start=1):
            if number % SAMPLE_PAGES == 0:
                samples.append((number, measure_family()))
                if number % max(SAMPLE_PAGES, arguments.pages // 10) < SAMPLE_PAGES:
                    print(f"{number:>8,} pages {samples[-1][1]:>7.1f} MB", flush=True)
    seconds = time.perf_counter() - began
    settled = [sample for sample in samples if sample[0] > PAGES_PER_WORKER * arguments.workers]
    print(f"{arguments.pages:,} pages in {seconds:.0f} s, at most {max(size for _, size in samples):.0f} MB")
    if len(settled) > 2:
        level, slope = fit(settled)
        print(f"fit after {settled[0][0]:,} pages: {level:.1f} MB {slope:+.3f} MB per 1,000 pages")


if __name__ == "__main__":
    main()
