"""The whole monitor run, from a server on loopback to the warehouse, beside its own extraction stage alone.

    python -m benchmarks.replay
    python -m benchmarks.replay --copies 4 --rounds 3     # some 1,000 pages: each on four sites
    python -m benchmarks.replay --without-triage          # every page is extracted, as for an audit

Three runs take turns, each in a process of its own that has rehearsed: the extraction stage alone, with the
pages in memory; all stages as functions, without Prefect and the gate; the whole flow with both, beside a
Prefect server. What they do to a page is the same, triage included: it discards most general news, and
--without-triage has all pages extracted and judged in all three. Pages a second are told by the clock, and by
the seconds of all processors that any process has used; where other work shares the machine, the latter says
more. What the flow's processors did beyond its stages' is Prefect's and the gate's.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.idle import serve_prefect
from benchmarks.make_archive import PAGES
from benchmarks.memory import list_family
from benchmarks.replay_runs import Measured
from benchmarks.sites import Sites

KINDS = ("extraction", "stages", "flow")
PROCESSES = ("parent", "workers", "prefect", "web")


def main() -> None:
    """Print a line a run, the ratios of the rounds, and the time of the flow by stage."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=PAGES, help="the collection of real pages")
    parser.add_argument("--copies", type=int, default=1, help="sites that have each page")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--without-triage", action="store_true")
    options = parser.parse_args()
    if not options.pages.is_file():
        print(f"skipped: no such file: {options.pages}")
        return
    with tempfile.TemporaryDirectory() as folder, Sites(options.pages, options.copies) as sites:
        home, registry = Path(folder, "prefect"), Path(folder, "sources.yaml")
        registry.write_text(sites.registry, "utf-8")
        print(f"{sites.pages} pages on {len(sites.hosts)} sites, {options.processes} worker processes\n")
        print(f"{'':<12}pages/s  seconds    processor seconds:{'':<27}   MB")
        print(f"{'':<12}{'':>7}{'':>9}{'all':>10}" + "".join(f"{name:>9}" for name in PROCESSES), flush=True)
        with serve_prefect(home) as api:
            _, server, *_ = list_family()
            environment = {
                "PREFECT_HOME": str(home),
                "PREFECT_API_URL": api,
                "COOPWATCH_ALLOW_PRIVATE_HOSTS": ",".join(["127.0.0.1", *sites.hosts]),
                "COOPWATCH_EXTRACT_WORKERS": str(options.processes),
            } | ({"COOPWATCH_TRIAGE_AUDIT_SHARE": "1"} if options.without_triage else {})
            rounds: list[dict[str, Measured]] = []
            for number in range(options.rounds):
                rounds.append({})
                for kind in KINDS:
                    own = Path(folder, f"{kind}-{number}")
                    own.mkdir()
                    watched = (f"web={os.getpid()}", *([f"prefect={server}"] if kind == "flow" else []))
                    rounds[-1][kind] = run(kind, registry, own, environment, watched)
                    print_run(kind, rounds[-1][kind])
        print_ratios(rounds)
        print_stages(rounds[-1])


def run(
    kind: str, registry: Path, folder: Path, environment: dict[str, str], watched: tuple[str, ...]
) -> Measured:
    """Measure one run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.replay_runs", kind, registry, folder, *watched],
        env=os.environ | environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured


def count_processor(measured: Measured) -> float:
    """Return the processor seconds of a run, without the web server's, which stands for the world."""
    return sum(spent for name, spent in measured["processor"].items() if name != "web")


def read_clock(measured: Measured) -> float:
    """Return the seconds of a run without its polling."""
    return measured["seconds"] - measured.get("stages", {}).get("poll", 0.0)


def print_run(kind: str, measured: Measured) -> None:
    """Print the line of one run."""
    rate = measured["pages"] / read_clock(measured)
    spent = "".join(f"{measured['processor'].get(name, 0.0):>9.1f}" for name in PROCESSES)
    print(
        f"{kind:<12}{rate:>7.1f}{measured['seconds']:>9.1f}{count_processor(measured):>10.1f}{spent}"
        f"{measured['megabytes']:>6.0f}",
        flush=True,
    )


def print_ratios(rounds: list[dict[str, Measured]]) -> None:
    """Print what the flow and its stages reach of extraction alone, as medians of the rounds."""

    def compare(kind: str, base: str) -> str:
        clock = statistics.median(read_clock(one[base]) / read_clock(one[kind]) for one in rounds)
        spent = statistics.median(count_processor(one[base]) / count_processor(one[kind]) for one in rounds)
        return f"{clock:.2f} by the clock, {spent:.2f} by processor time"

    print("\nmedians of the rounds, polling left out of the clock:")
    print(f"flow of extraction alone    {compare('flow', 'extraction')}")
    print(f"stages of extraction alone  {compare('stages', 'extraction')}")
    print(f"flow of stages              {compare('flow', 'stages')}")


def print_stages(last: dict[str, Measured]) -> None:
    """Print the seconds of the last round by stage; what no stage of the flow accounts for is Prefect's."""
    flow, bare = last["flow"], last["stages"]
    spent = flow["stages"] | {"Prefect": flow["seconds"] - sum(flow["stages"].values())}
    print(f"\n{'last round':<12}{'flow':>9}{'share':>8}{'stages':>9}")
    for name, seconds in spent.items():
        without = bare["stages"].get(name)
        print(
            f"{name:<12}{seconds:>9.2f}{seconds / flow['seconds']:>8.1%}"
            + (f"{without:>9.2f}" if without is not None else "")
        )


if __name__ == "__main__":
    main()
