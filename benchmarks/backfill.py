"""Backfill: triage of raw records beside full extraction, and archives spread over Dask workers.

    python -m benchmarks.backfill [--pages fundus.tar.gz] [--files 8] [--workers 1 2] [--rounds 3]

Real pages (flairNLP/fundus, MIT) are written into WARC files, gzipped record by record as crawls are. On one
core, blocks of them are read and triaged, and then the same blocks read and extracted in full, in turn.

Then all files are sifted by one worker and by more, in turn: by plain processes, the most that the machine
can come to, and through Prefect's Dask runner. Both times count from when every worker has done a file, since
starting a worker takes seconds and a backfill hours, to when the first one has none left, since a backfill
has more files than workers. What they come to is compared. One worker is to use one core: how many were busy
is printed, too, with the processor time that a record took in this process and all below it; what Prefect's
server takes is not in it, but takes part in the time.

A Prefect server is used where PREFECT_API_URL names one, else one is started. On a busy machine set
PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=180 for that.
"""

import argparse
import asyncio
import logging
import multiprocessing
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from io import BytesIO
from itertools import islice, product
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

import psutil  # type: ignore[import-untyped] # it ships no types
from prefect import flow
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.extraction import DATA, Reviewed, read_pages
from coopwatch.backfill.archives import RawRecord, read_records, to_capture
from coopwatch.backfill.pages import PageReader, Stretch, make_job, read_page
from coopwatch.backfill.sifting import Sifted
from coopwatch.backfill.survivors import Survivor, name_reason, sift_page
from coopwatch.errors import ExtractError
from coopwatch.extract import extract_article
from coopwatch.jobs import ExtractJob
from coopwatch.relevance import Topic, decide, load_topic
from coopwatch.relevance.triage import triage_page
from coopwatch.settings import Settings
from coopwatch.workers import prepare_worker
from tasks.backfilling import sift_archives

BLOCK = 50  # records that are worked on in turn
COPIES = 3  # of each page in a file: 774 records, one stretch, where real ones have up to 2,000


def write_archives(pages: list[Reviewed], folder: Path, files: int) -> list[Path]:
    """Write the pages into a file, each several times at addresses of its own; return so many such files."""
    paths = [folder / f"file-{number}.warc.gz" for number in range(files)]
    with paths[0].open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for copy, page in product(range(COPIES), pages):
            writer.write_record(
                writer.create_warc_record(
                    page.url.replace("://", f"://copy{copy}.", 1),
                    "response",
                    payload=BytesIO(page.body),
                    length=len(page.body),
                    http_headers=StatusAndHeaders(
                        "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
                    ),
                    warc_headers_dict={"WARC-Date": f"{page.captured_at:%Y-%m-%dT%H:%M:%SZ}"},
                )
            )
    for path in paths[1:]:
        copyfile(paths[0], path)
    return paths


def triage_all(records: list[RawRecord], topic: Topic, settings: Settings) -> list[ExtractJob | str]:
    """Triage records as a backfill does; return the pages that are kept, or why not."""
    found: list[ExtractJob | str] = []
    for record in records:
        page = read_page(record, "archive.benchmark", settings)
        if not isinstance(page, str) and not (decision := triage_page(page, topic)).is_kept:
            page = name_reason(decision.reason)
        found.append(page)
    return found


def extract_all(records: list[RawRecord], topic: Topic, settings: Settings) -> list[str]:
    """Extract and judge records in full, without triage; return the verdicts."""
    verdicts: list[str] = []
    for number, record in enumerate(records):
        capture = to_capture(record, settings.fetch_max_bytes)
        job = make_job(record.url, record.url, capture, "archive.benchmark", number)
        try:
            verdicts.append(decide(extract_article(job), topic).verdict)
        except ExtractError as error:
            verdicts.append(error.kind)
    return verdicts


def compare_triage(path: Path, number: int, settings: Settings, rounds: int) -> None:
    """Print the speeds of reading, triage and full extraction of so many records, in time of one core."""
    topic = load_topic(settings.topic)
    ratios, ratios_raw = [], []
    missed: set[str] = set()
    for turn in range(rounds + 1):
        spent = dict.fromkeys(("read", "triage", "extract"), 0.0)
        counts: Counter[str] = Counter()
        positives = 0
        records = islice(read_records(str(path), 0, settings.fetch_max_bytes), number)
        while True:
            began = time.process_time()
            block = list(islice(records, BLOCK))
            spent["read"] += time.process_time() - began
            if not block:
                break
            began = time.process_time()
            found = triage_all(block, topic, settings)
            spent["triage"] += time.process_time() - began
            began = time.process_time()
            verdicts = extract_all(block, topic, settings)
            spent["extract"] += time.process_time() - began
            for record, what, verdict in zip(block, found, verdicts, strict=True):
                counts[what if isinstance(what, str) else "kept"] += 1
                if verdict in ("alert", "accept", "review"):
                    positives += 1
                    if isinstance(what, str):
                        missed.add(record.url)
        if turn:  # the first one loads libraries and patterns
            ratios.append(spent["extract"] / spent["triage"])
            ratios_raw.append((spent["read"] + spent["extract"]) / (spent["read"] + spent["triage"]))
        pages = sum(counts.values())
        cost = ", ".join(f"{name} {seconds / pages * 1000:.2f} ms" for name, seconds in spent.items())
        print(f"  {'warm-up' if not turn else f'round {turn}'}: {cost} a page")
    print(f"  {dict(counts.most_common())}; missed {len(missed)} of {positives} positives")
    print(
        f"  triage is {statistics.median(ratios):.1f} times as fast as extraction "
        f"({statistics.median(ratios_raw):.1f} times with reading the records on both sides)"
    )
    saved = statistics.median(ratios_raw) / (
        1 + statistics.median(ratios_raw) * counts["kept"] / sum(counts.values())
    )
    print(f"  with what is kept extracted ({counts['kept'] / sum(counts.values()):.1%}): {saved:.1f} times")


def merge_outcomes(sifted: list[Sifted]) -> dict[str, tuple[Counter[str], list[str]]]:
    """Return what files came to, without what it took, to be compared."""
    found: dict[str, tuple[Counter[str], list[str]]] = {}
    for one in sifted:
        counts, kept = found.setdefault(one.stretch.item, (Counter(), []))
        counts.update(one.counts)
        kept += (f"{s.entry.key} {s.outcome!r} {s.judgement!r}" for s in one.survivors)
    return found


class Speed(NamedTuple):
    """How fast archives were sifted once all workers were warm.

    Attributes:
        records: a second.
        milliseconds: of processor time a record, of this process and all below it.
        cores: how many of them were busy on average.
    """

    records: float
    milliseconds: float
    cores: float


def count_processor_seconds() -> float:
    """Return the processor time of this process and all below it, those that have ended included."""
    own = psutil.Process()
    spent = 0.0
    for process in (own, *own.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            spent += sum(process.cpu_times()[:4])  # its own, and that of children that have ended
    return spent


def measure(sifting: Iterable[Sifted], workers: int) -> tuple[Speed, list[Sifted]]:
    """Sift, and return how fast from when all workers are warm to when the first one has nothing left."""
    found, moments = [], []
    for sifted in sifting:
        moments.append((time.perf_counter(), count_processor_seconds()))
        found.append(sifted)
    # a worker starts, and loads libraries and patterns, with its first stretch
    first, last = workers - 1, len(found) - workers
    seen = sum(one.seen for one in found[first + 1 : last + 1])
    seconds, spent = (end - begin for begin, end in zip(moments[first], moments[last], strict=True))
    return Speed(seen / seconds, spent / seen * 1000, spent / seconds), found


def sift_plainly(stretch: Stretch, settings: Settings) -> Sifted:
    """Sift in this process, which nobody could stop in the middle of a page."""
    reader = PageReader(stretch, settings)
    counts: Counter[str] = Counter()
    survivors: dict[str, Survivor] = {}
    while not reader.place.is_last:
        page = reader.read()
        found = page if isinstance(page, str) else sift_page(page, settings)
        if isinstance(found, Survivor):
            survivors[found.entry.key] = found
        else:
            counts[found] += 1
    return Sifted(
        stretch=stretch,
        end=reader.place.offset,
        is_last=True,
        seen=sum(counts.values()) + len(survivors),
        counts=dict(counts),
        survivors=tuple(survivors.values()),
    )


def measure_plain(stretches: list[Stretch], settings: Settings, workers: int) -> tuple[Speed, list[Sifted]]:
    """Sift with processes alone: what this machine can come to at best."""
    settings = settings.override(triage_audit_share=0)
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, prepare_worker, (settings, settings.topic, None)) as pool:
        return measure(pool.imap_unordered(partial(sift_plainly, settings=settings), stretches), workers)


@flow(name="benchmark")
async def measure_dask(
    stretches: list[Stretch], settings: Settings, workers: int
) -> tuple[Speed, list[Sifted]]:
    """Sift through the task runner."""
    return measure(sift_archives(stretches, settings, None, workers), workers)


async def compare_workers(paths: list[Path], settings: Settings, workers: list[int], rounds: int) -> None:
    """Print how fast archives are sifted by so many workers, and whether they come to the same."""
    stretches = [Stretch(item=str(path), source_id="archive.benchmark") for path in paths]
    speeds: dict[tuple[str, int], list[Speed]] = {}
    outcomes = []
    for _ in range(rounds):
        for number in workers:
            for kind in ("plain processes", "Dask workers"):
                if kind == "Dask workers":
                    speed, found = await measure_dask(stretches, settings, number)
                else:
                    speed, found = measure_plain(stretches, settings, number)
                speeds.setdefault((kind, number), []).append(speed)
                outcomes.append(merge_outcomes(found))
                print(f"  {number} {kind}: {word_speed(speed)}", flush=True)
    print("medians:")
    for (kind, number), measured in sorted(speeds.items(), reverse=True):
        median, first = (
            Speed(*map(statistics.median, zip(*group, strict=True)))
            for group in (measured, speeds[kind, workers[0]])
        )
        ratio = median.records / first.records
        print(f"  {number} {kind}: {word_speed(median)}; {ratio:.2f} times {workers[0]}")
    print(f"  all came to the same: {all(one == outcomes[0] for one in outcomes)}")


def word_speed(speed: Speed) -> str:
    """Return a speed in words."""
    return (
        f"{speed.records:.1f} records/s, {speed.milliseconds:.2f} ms of processor time a record, "
        f"{speed.cores:.2f} cores"
    )


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--pages", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--files", type=int, default=8, help="that are spread over the workers")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if not arguments.pages.is_file():
        parser.error(f"no such file: {arguments.pages}")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="coopwatch-backfill-") as name:
        folder = Path(name)
        pages = read_pages(arguments.pages)
        paths = write_archives(pages, folder, arguments.files)
        settings = Settings(captures=str(folder / "captures"), extract_workers=1, batch_size=1000)
        print(f"{len(pages)} pages; processor time of one core:")
        compare_triage(paths[0], len(pages), settings, arguments.rounds)
        if arguments.workers:
            print("archives sifted, extraction and judging of what is kept included:")
            asyncio.run(compare_workers(paths, settings, arguments.workers, arguments.rounds))


if __name__ == "__main__":
    main()
