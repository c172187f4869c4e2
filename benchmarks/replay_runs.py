"""One measured run over sites on loopback, in a process of its own.

    python -m benchmarks.replay_runs KIND REGISTRY FOLDER [NAME=PID...]

    extraction  the extraction stage alone: triage and all, its pages in memory, its workers warm
    stages      the stages as functions, with a gate that accepts everything
    flow        the monitor flow with Prefect and the gate

Everything is imported, and loaded by the server of the worker processes, by a run over the sample newsroom
before the clock starts. Prints JSON, see `Measured`; processor seconds are also told of the processes whose
ids are given.
"""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from benchmarks.memory import list_family, measure_family
from coopwatch import gating, joining, stages
from coopwatch.collect import fetch_entries
from coopwatch.jobs import ExtractJob
from coopwatch.settings import Settings
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from demo.newsroom import Newsroom, write_sources
from expectations.checking import Findings
from schemas.records import Capture, RunSummary

SAMPLE_SECONDS = 2.0  # between two looks at the memory, which take 10 ms
TICKS = os.sysconf("SC_CLK_TCK")


class Measured(TypedDict, total=False):
    """What a run came to.

    Attributes:
        pages: how many were worked on.
        seconds: in all, by the clock on the wall.
        stages: of them, by stage.
        processor: seconds of the processor by process; `workers` is their server, too.
        megabytes: at most, of this process, its workers and a Prefect server; what they share counts once.
    """

    pages: int
    seconds: float
    stages: dict[str, float]
    processor: dict[str, float]
    megabytes: float


def main() -> None:
    """Read the command line, rehearse, run, and print what was measured."""
    kind, registry, folder, *others = sys.argv[1:]
    watched = {name: int(pid) for name, _, pid in (other.partition("=") for other in others)}
    with Newsroom() as newsroom:
        rehearsal = Path(folder, "rehearsal.yaml")
        write_sources(rehearsal, newsroom.url)
        run_stages(make_settings(rehearsal, Path(folder, "rehearsal.db")), {})
        if kind == "flow":
            run_flow(make_settings(rehearsal, Path(folder, "rehearsed.db")), {})
    run = {"extraction": run_extraction, "stages": run_stages, "flow": run_flow}[kind]
    print(json.dumps(run(make_settings(Path(registry), Path(folder, "measured.db")), watched)))


def make_settings(registry: Path, warehouse: Path) -> Settings:
    """Return the settings of the environment with the registry and the warehouse of a run."""
    return Settings.from_environment().override(sources=registry, warehouse_url=f"sqlite:///{warehouse}")


def run_extraction(settings: Settings, watched: Mapping[str, int]) -> Measured:
    """Fetch all pages, and then measure what it takes to extract them."""
    jobs: list[ExtractJob] = []
    with Workspace(settings, "extraction") as run:
        fill_inbox(run)
        while work := stages.take_entries(run):
            jobs += fetch_jobs(run, work)
        list(run.extraction_pool.run(jobs[: 4 * settings.extract_workers]))
        with measuring(watched) as measured:
            list(run.extraction_pool.run(jobs))
    measured["pages"] = len(jobs)
    return measured


def fetch_jobs(run: Workspace, work: Work) -> Iterator[ExtractJob]:
    """Yield the pages of a batch."""
    for entry, answer in fetch_entries(work.entries, run.fetcher, run.settings, manners=run.manners):
        if isinstance(answer, Capture):
            yield ExtractJob(entry=entry, capture=answer, source=stages.source_of(run, entry))


def run_stages(settings: Settings, watched: Mapping[str, int]) -> Measured:
    """Call the stages in the order of the flow."""
    pages = 0
    with measuring(watched) as measured, Workspace(settings, "stages") as run:
        with run.timed("poll"):
            fill_inbox(run)
        while work := stages.take_entries(run):
            with run.timed("read"):
                work = stages.read_pages(run, work)
            with run.timed("link"):
                work = joining.link_articles(run, work)
            with run.timed("check"):
                work = gating.check_records(run, work, lambda *_: Findings())
            with run.timed("load"):
                stages.load_batch(run, work)
            pages += len(work.entries)
        measured["stages"] = run.seconds
    measured["pages"] = pages
    return measured


def fill_inbox(run: Workspace) -> None:
    """Poll all sources."""
    run.warehouse.start_run(run.run_id, run.now())
    stages.fill_inbox(run, stages.poll_sources(run, stages.find_due_sources(run, force=True)))


def run_flow(settings: Settings, watched: Mapping[str, int]) -> Measured:
    """Run the flow."""
    from flows.monitor import monitor

    async def run() -> Measured:
        with measuring(watched) as measured:
            summary = await monitor(
                sources=settings.sources, warehouse_url=settings.warehouse_url, force=True
            )
        if not isinstance(summary, RunSummary):
            raise SystemExit("the run failed")
        measured["stages"] = summary.seconds
        measured["pages"] = summary.entries.new
        return measured

    return asyncio.run(run())


@contextmanager
def measuring(watched: Mapping[str, int]) -> Iterator[Measured]:
    """Give a report that says at the end what was used meanwhile."""
    measured: Measured = {"megabytes": 0.0}
    is_over = threading.Event()

    def look_at_memory() -> None:
        while not is_over.wait(SAMPLE_SECONDS):
            taken = measure_family() + (measure_family(watched["prefect"]) if "prefect" in watched else 0.0)
            measured["megabytes"] = max(measured["megabytes"], taken)

    looking = threading.Thread(target=look_at_memory)
    before, began = read_processor(watched), time.perf_counter()
    looking.start()
    try:
        yield measured
    finally:
        measured["seconds"] = time.perf_counter() - began
        after = read_processor(watched)
        measured["processor"] = {name: spent - before[name] for name, spent in after.items()}
        is_over.set()
        looking.join()


def read_processor(watched: Mapping[str, int]) -> dict[str, float]:
    """Return the processor seconds of this process, of its children, and of the others."""
    _, *children = list_family()
    return {
        "parent": time.process_time(),
        "workers": sum(read_seconds(pid, with_ended=True) for pid in children),
        **{name: read_seconds(pid) for name, pid in watched.items()},
    }


def read_seconds(pid: int, *, with_ended: bool = False) -> float:
    """Return the processor seconds of a process, or of it and its children that have ended."""
    try:
        fields = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended itself
        return 0.0
    return (
        sum(map(int, fields[11 : 15 if with_ended else 13])) / TICKS
    )  # see proc_pid_stat(5), fields 14 to 17


if __name__ == "__main__":
    main()
