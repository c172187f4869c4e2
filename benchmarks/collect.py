"""Polling 2,000 sources on loopback over 500 host names, 30 % of them broken in 15 ways.

    python -m benchmarks.collect [--sources 2000] [--hosts 500] [--pairs 3] [--threads 96]

First part: rounds take turns, each with new connections. In one, every source is well; in the next, 30 %
of the sources, on 30 % of the hosts, are broken; in the third the broken ones are not there. What the
broken ones cost the others is the time until the last of the others has its result, against the same
time when they are well: a source that is well has its price, too, on a machine where everything is
computed by the same two cores. Healthy hosts take 20 to 120 ms to answer, as hosts do.

Second part: a cycle in which nothing has changed, against the same conditional requests by a bare pool of
threads with one `requests.Session`, in turns: as it comes, which is to keep connections to ten hosts, and
with connections kept to every host.

The server is another process. Names resolve to 127.0.0.1, which the settings allow by name.
"""

import argparse
import multiprocessing
import random
import resource
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter

from benchmarks.broken_sites import BROKEN, MB, serve
from coopwatch.collect import poll_sources
from coopwatch.fetch import HttpFetcher
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from schemas.records import PollResult, PollState, Source


def make_sources(
    count: int, hosts: int, ports: Sequence[int], *, broken_share: float
) -> dict[str, list[Source]]:
    """Return sources by what is wrong with them; hosts take turns, and each has one kind of sources."""
    kinds = list(BROKEN)
    broken_hosts = round(hosts * broken_share)
    sources: dict[str, list[Source]] = {"well": []}
    for number in range(count):
        host = number % hosts
        kind = kinds[host % len(kinds)] if host < broken_hosts else "well"
        scheme, port = ("https", ports[1]) if kind == "certificate" else ("http", ports[0])
        name = f"{'none' if kind == 'dns failure' else 'h'}{host}.feeds.test"
        sources.setdefault(kind, []).append(
            Source(
                id=f"s{number}",
                name=f"{kind} {number}",
                kind="feed",
                url=f"{scheme}://{name}:{port}/{kind.replace(' ', '%20')}/{number}",
                publisher=name,
            )
        )
    return sources


def resolve(host: str) -> tuple[str, ...]:
    """Resolve the names of the benchmark, and no other."""
    if not host.endswith(".feeds.test") or host.startswith("none"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return ("127.0.0.1",)


def flatten(groups: Iterable[Sequence[Source]]) -> list[Source]:
    """Return all sources in one order, mixed."""
    mixed = [source for group in groups for source in group]
    random.Random(7).shuffle(mixed)
    return mixed


def heal(source: Source, port: int) -> Source:
    """Return a broken source as it would be if it were well."""
    host = source.publisher.replace("none", "h")
    return source.model_copy(update={"url": f"http://{host}:{port}/well/{source.id[1:]}"})


# --- the first part


def measure_cycle(
    sources: Sequence[Source], wanted: frozenset[str], settings: Settings, states: Mapping[str, PollState]
) -> tuple[float, list[PollResult]]:
    """Poll everything; return the seconds until the last of the wanted has its result, and all results."""
    results = []
    last = 0.0
    with HttpFetcher(settings, resolve=resolve) as fetcher:
        started = time.monotonic()
        for result in poll_sources(sources, states, fetcher, settings, datetime.now(UTC)):
            if result.source_id in wanted:
                last = time.monotonic() - started
            results.append(result)
    return last, results


def compare_costs(
    groups: dict[str, list[Source]], settings: Settings, pairs: int, port: int
) -> list[PollResult]:
    """Print what the broken sources cost the others; return the results of a round with them."""
    well = groups["well"]
    broken = flatten(group for kind, group in groups.items() if kind != "well")
    healed = [heal(source, port) for source in broken]
    wanted = frozenset(source.id for source in well)
    rounds = {
        "all well": flatten([well, healed]),
        "30 % broken": flatten([well, broken]),
        "broken absent": flatten([well]),
    }
    seconds: dict[str, list[float]] = {name: [] for name in rounds}
    totals: dict[str, list[float]] = {name: [] for name in rounds}
    kept: list[PollResult] = []
    measure_cycle(well[:100], wanted, settings, {})  # what is loaded once is no source's time
    for _ in range(pairs):
        for name, sources in rounds.items():
            started = time.monotonic()
            last, results = measure_cycle(sources, wanted, settings, {})
            seconds[name].append(last)
            totals[name].append(time.monotonic() - started)
            polled = sum(result.outcome == "polled" for result in results if result.source_id in wanted)
            if polled != len(well):
                sys.exit(f"only {polled} of {len(well)} healthy sources were polled in a round of {name!r}")
            if name == "30 % broken":
                kept = results
    base = statistics.median(seconds["all well"])
    print(f"\nseconds until the last of {len(well)} healthy sources has its result (median of {pairs})")
    for name, found in seconds.items():
        spread = f"{min(found):.2f} to {max(found):.2f}"
        median = statistics.median(found)
        total = statistics.median(totals[name])
        print(f"  {name:<14}{median:>8.2f}  {spread:<18} ratio {median / base:.3f}   whole round {total:.2f}")
    return kept


def show_outcomes(groups: dict[str, list[Source]], results: Sequence[PollResult]) -> bool:
    """Store the results, and print what the warehouse then says of each kind; return whether all is right."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "warehouse.db"
        with Warehouse.open(f"sqlite:///{file}") as warehouse:
            warehouse.register_sources(flatten(groups.values()), now)
            warehouse.start_run("benchmark", now)
            started = time.monotonic()
            new = warehouse.write_polls("benchmark", results, now)
            print(f"\n{len(results)} polls with {new} entries written in {time.monotonic() - started:.1f} s")
        with sqlite3.connect(file) as database:
            rows = {
                source_id: (outcome, reason or "")
                for source_id, outcome, reason in database.execute(
                    "select source_id, outcome, reason from poll"
                )
            }
    is_right = len(rows) == len(results)
    print(f"{'sources':<18}{'number':>7}  as expected  for instance")
    for kind, sources in groups.items():
        outcome, failure = BROKEN.get(kind, ("polled", ""))
        found = [rows[source.id] for source in sources if source.id in rows]
        right = sum(
            o == outcome and reason.startswith(failure) and bool(reason) == bool(failure)
            for o, reason in found
        )
        is_right &= right == len(sources)
        instance = (
            Counter(" ".join(row)[:70] for row in found).most_common(1)[0][0] if found else "nothing stored"
        )
        print(f"{kind:<18}{len(sources):>7}{right:>13}  {instance}")
    return is_right


# --- the second part


def poll_barely(sources: Sequence[Source], threads: int, hosts: int) -> float:
    """Make the same conditional requests by threads that share a session; return the seconds.

    Args:
        sources: what is asked for.
        threads: how many at once.
        hosts: to how many hosts connections are kept.
    """
    with requests.Session() as session, ThreadPoolExecutor(threads) as pool:
        session.mount("http://", HTTPAdapter(pool_connections=hosts))

        def get(source: Source) -> int:
            return session.get(source.url, headers={"If-None-Match": '"1"'}, timeout=10).status_code

        started = time.monotonic()
        statuses = Counter(pool.map(get, sources))
        seconds = time.monotonic() - started
    if statuses != {304: len(sources)}:
        sys.exit(f"the bare pool got {dict(statuses)}")
    return seconds


def compare_idle_cycle(count: int, hosts: int, ports: Sequence[int], settings: Settings, pairs: int) -> None:
    """Print the cost of a cycle without changes beside that of the bare requests."""
    sources = [
        source.model_copy(update={"url": source.url.replace("/well/", "/quick/")})
        for source in make_sources(count, hosts, ports, broken_share=0.0)["well"]
    ]
    states = {source.id: PollState(source_id=source.id, etag='"1"') for source in sources}
    seconds: dict[str, list[float]] = {"coopwatch": [], "bare, as it comes": [], "bare, every host kept": []}
    system = socket.getaddrinfo
    for _ in range(pairs):
        started = time.monotonic()
        _, results = measure_cycle(sources, frozenset(states), settings, states)
        seconds["coopwatch"].append(time.monotonic() - started)
        if any(result.outcome != "not_modified" for result in results):
            sys.exit("a source was not called unmodified")
        socket.getaddrinfo = lambda _, port, *__, **___: [  # requests takes no resolver
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
        ]
        try:
            for name, kept in (("bare, as it comes", 10), ("bare, every host kept", hosts)):
                seconds[name].append(poll_barely(sources, settings.fetch_threads, kept))
        finally:
            socket.getaddrinfo = system
    ours = statistics.median(seconds["coopwatch"])
    print(f"\n{count} sources of which none has changed, seconds (median of {pairs}); at most 1.5 is wanted")
    for name, found in seconds.items():
        median = statistics.median(found)
        print(f"  {name:<22}{median:>8.2f}  {min(found):.2f} to {max(found):.2f}   ratio {ours / median:.2f}")


def main() -> None:
    """Read the command line and print the tables; the status is 1 if an outcome is not as expected."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--sources", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=3, help="rounds of each sort")
    parser.add_argument("--threads", type=int, default=96)
    parser.add_argument("--max-bytes", type=int, default=5 * MB, help="most bytes of one body")
    arguments = parser.parse_args()
    ports_here, ports_there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(ports_there,), daemon=True)
    server.start()
    try:
        ports = ports_here.recv()
        groups = make_sources(arguments.sources, arguments.hosts, ports, broken_share=0.3)
        names = {f"{prefix}{host}.feeds.test" for host in range(arguments.hosts) for prefix in ("h", "none")}
        settings = Settings(
            allow_private_hosts=frozenset(names),
            fetch_threads=arguments.threads,
            fetch_timeout_seconds=3.0,
            fetch_idle_seconds=1.5,
            fetch_max_bytes=arguments.max_bytes,
        )
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        results = compare_costs(groups, settings, arguments.pairs, ports[0])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\npeak memory {peak:.0f} MB, {before:.0f} MB of it before the first request")
        is_right = show_outcomes(groups, results)
        compare_idle_cycle(arguments.sources, arguments.hosts, ports, settings, arguments.pairs)
    finally:
        server.terminate()
    sys.exit(not is_right)


if __name__ == "__main__":
    main()
