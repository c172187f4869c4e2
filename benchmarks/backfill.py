"""Backfill: triage of raw records beside full extraction, and archives spread over Dask workers.

    python -m benchmarks.backfill [--pages fundus.tar.gz] [--copies 6] [--workers 1 2] [--rounds 3]

Real pages (flairNLP/fundus, MIT) are written into WARC files, gzipped record by record as crawls are. On one
core, stretches of them are read and triaged, and then the same stretches read and extracted in full, in turn.
Then all files are sifted through Prefect's Dask runner by one worker and by more, in turn, and what they
come to is compared. A Prefect server is used where PREFECT_API_URL names one, else one is started.
On a busy machine set PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=180 for that.
"""

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections import Counter
from io import BytesIO
from itertools import islice
from pathlib import Path

from prefect import flow
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.extraction import DATA, Reviewed, read_pages
from coopwatch.backfill.archives import RawRecord, read_records, to_capture
from coopwatch.backfill.sifting import Sifted, Stretch, make_job, name_reason, read_page
from coopwatch.errors import ExtractError
from coopwatch.extract import extract_article
from coopwatch.jobs import ExtractJob
from coopwatch.relevance import Topic, decide, load_topic
from coopwatch.relevance.triage import triage_page
from coopwatch.settings import Settings
from tasks.backfilling import sift_archives

BLOCK = 50  # records that are worked on in turn
STRETCH = 130  # records; so small that all workers have some until the end


def write_archives(pages: list[Reviewed], folder: Path, copies: int) -> list[Path]:
    """Write the pages into so many files; the pages of each are at addresses of their own."""
    paths = []
    for copy in range(copies):
        path = folder / f"copy-{copy}.warc.gz"
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for page in pages:
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
        paths.append(path)
    return paths


def triage_all(records: list[RawRecord], topic: Topic, settings: Settings) -> list[ExtractJob | str]:
    """Triage records as a backfill does; return the pages that are kept, or why not."""
    found: list[ExtractJob | str] = []
    for number, record in enumerate(records):
        page = read_page(record, "archive.benchmark", settings, number)
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


def compare_triage(path: Path, settings: Settings, rounds: int) -> None:
    """Print the speeds of reading, of triage and of full extraction, in processor time of one core."""
    topic = load_topic(settings.topic)
    ratios, ratios_raw = [], []
    missed: set[str] = set()
    for turn in range(rounds + 1):
        spent = dict.fromkeys(("read", "triage", "extract"), 0.0)
        counts: Counter[str] = Counter()
        positives = 0
        records = read_records(str(path), 0, settings.fetch_max_bytes)
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


@flow(name="benchmark")
async def sift_with(paths: list[Path], settings: Settings, workers: int) -> tuple[float, list[Sifted]]:
    """Sift archives through the task runner; return records a second once all workers are warm."""
    stretches = [Stretch(item=str(path), source_id="archive.benchmark", records=STRETCH) for path in paths]
    found, moments = [], []
    for sifted in sift_archives(stretches, settings, None, workers):
        moments.append(time.perf_counter())
        found.append(sifted)
    # a worker loads libraries and patterns with its first stretch
    return sum(one.seen for one in found[workers:]) / (moments[-1] - moments[workers - 1]), found


async def compare_workers(paths: list[Path], settings: Settings, workers: list[int], rounds: int) -> None:
    """Print how fast archives are sifted by so many workers, and whether they come to the same."""
    speeds: dict[int, list[float]] = {number: [] for number in workers}
    outcomes = []
    for _ in range(rounds):
        for number in workers:
            speed, found = await sift_with(paths, settings, number)
            speeds[number].append(speed)
            outcomes.append(merge_outcomes(found))
            print(f"  {number} workers: {speed:.1f} records/s", flush=True)
    first = statistics.median(speeds[workers[0]])
    for number, measured in speeds.items():
        ratio = statistics.median(measured) / first
        print(f"  {number} workers: {statistics.median(measured):.1f} records/s, {ratio:.2f} times the first")
    print(f"  all came to the same: {all(one == outcomes[0] for one in outcomes)}")


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--pages", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--copies", type=int, default=6, help="files that are spread over the workers")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if not arguments.pages.is_file():
        parser.error(f"no such file: {arguments.pages}")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="coopwatch-backfill-") as name:
        folder = Path(name)
        pages = read_pages(arguments.pages)
        paths = write_archives(pages, folder, arguments.copies)
        settings = Settings(captures=str(folder / "captures"), extract_workers=1, batch_size=1000)
        print(f"{len(pages)} pages; processor time of one core:")
        compare_triage(paths[0], settings, arguments.rounds)
        if arguments.workers:
            print(
                "records a second through Prefect and Dask, extraction and judging of what is kept included:"
            )
            asyncio.run(compare_workers(paths, settings, arguments.workers, arguments.rounds))


if __name__ == "__main__":
    main()
