import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from pebble.pool.channel import WorkerChannel

from coopwatch.errors import ConfigError, ExtractError
from coopwatch.jobs import ExtractJob
from coopwatch.publishers import Publishers
from coopwatch.relevance import Model, decide, load_topic
from coopwatch.settings import Settings
from coopwatch.workers import PAGES_AHEAD, ExtractionPool, Outcome, extract_articles
from schemas.records import Article, Capture, Failure, Judgement, PendingEntry, Source, Triage
from tests.builders import make_article
from tests.unit.learning import make_model

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SETTINGS = Settings(extract_workers=2, extract_timeout_seconds=30)
PARAGRAPHS = "".join(
    f"<p>Observatory {number} of both academies recorded currents, salt and carbon again today.</p>"
    for number in range(1, 7)
)
PAGE = f"<html><body><article>{PARAGRAPHS}</article></body></html>".encode()
HANGING_PAGE = (
    "<html><body><article><p>" + "<span>word</span> " * 50_000 + "</p></article></body></html>"
).encode()


def make_job(number: int, body: bytes = PAGE) -> ExtractJob:
    url = f"https://courier.example/science/{number}"
    return ExtractJob(
        entry=PendingEntry(
            source_id="courier", key=str(number), url=url, compare_url=url, entry_id=number, first_seen_at=NOW
        ),
        capture=Capture(url=url, final_url=url, status=200, body=body, fetched_at=NOW),
        source=Source(id="courier", name="The Courier", publisher="The Courier", kind="feed", url=url),
    )


def do_as_told(job: ExtractJob, publishers: Publishers) -> Article:
    """Do in the worker what the body of the page says."""
    match job.capture.body.decode().split():
        case ["exit"]:
            os._exit(3)
        case ["exit", "soon"]:
            threading.Timer(2, os._exit, [3]).start()
        case ["die", "with", "the", "lock"]:
            channel = next(thing for thing in gc.get_objects() if isinstance(thing, WorkerChannel))
            channel.mutex.acquire(block=True, timeout=None)
            os.kill(os.getpid(), signal.SIGKILL)
        case ["sleep", seconds]:
            time.sleep(float(seconds))
        case ["raise"]:
            raise RuntimeError("two\nlines")
        case ["refuse"]:
            raise ExtractError(job.capture.url, "no_text", "nothing here")
        case ["pid"]:
            return make_article(job.entry.entry_id, title=str(os.getpid()))
    return make_article(job.entry.entry_id)


def kind_of(outcome: Outcome) -> str:
    return outcome.kind if isinstance(outcome, Failure) else type(outcome).__name__.lower()


@pytest.fixture(scope="module")
def told() -> Iterator[ExtractionPool]:
    """A pool whose workers do what the pages say."""
    with ExtractionPool(SETTINGS, do_as_told) as pool:
        yield pool


def test_pages_become_articles_and_refused_ones_failures() -> None:
    jobs = [make_job(1), make_job(2, b"<html><body>Nothing.</body></html>"), make_job(3, HANGING_PAGE)]
    outcomes = {job.entry.entry_id: outcome for job, outcome in extract_articles(jobs, SETTINGS)}

    assert {number: kind_of(outcome) for number, outcome in outcomes.items()} == {
        1: "article",
        2: "no_text",
        3: "too_complex",
    }
    article = outcomes[1]
    assert isinstance(article, Article)
    assert article.entry_id == 1
    assert article.text.startswith("Observatory 1 of both academies")


@pytest.mark.slow
def test_a_page_that_never_ends_is_given_up_and_nobody_waits_for_it() -> None:
    from coopwatch.extract import extract_article

    settings = Settings(extract_workers=2, extract_timeout_seconds=3)
    endless = partial(extract_article, max_elements=10**9)
    jobs = [make_job(0, HANGING_PAGE), *(make_job(number) for number in range(1, 9))]
    with ExtractionPool(settings, endless) as pool:
        outcomes = [(job.entry.entry_id, kind_of(outcome)) for job, outcome in pool.run(jobs)]

    assert outcomes[-1] == (0, "too_slow")
    assert sorted(outcomes[:-1]) == [(number, "article") for number in range(1, 9)]


@pytest.mark.parametrize(
    ("order", "kind", "detail"),
    [
        ("exit", "crashed", "the worker process died with exit status 3"),
        ("raise", "internal", "RuntimeError: two lines"),
        ("refuse", "no_text", "nothing here"),
    ],
)
def test_what_goes_wrong_with_a_page_is_its_outcome(
    told: ExtractionPool, order: str, kind: str, detail: str
) -> None:
    jobs = [make_job(number, order.encode() if number == 3 else b"work") for number in range(8)]
    outcomes = {job.entry.entry_id: outcome for job, outcome in told.run(jobs)}

    assert outcomes.pop(3) == Failure(stage="extract", kind=kind, detail=detail)
    assert [kind_of(outcome) for outcome in outcomes.values()] == ["article"] * 7


def test_a_worker_that_dies_between_two_pages_costs_no_page(told: ExtractionPool) -> None:
    for orders in (["work"] * 4, ["exit soon", "work"], ["work", "work"], ["work"]):
        jobs = [make_job(number, order.encode()) for number, order in enumerate(orders)]
        assert [kind_of(outcome) for _, outcome in told.run(jobs)] == ["article"] * len(orders)
        if "exit soon" in orders:
            time.sleep(3)  # and here it dies


@pytest.mark.slow
def test_a_worker_that_dies_with_the_pools_lock_does_not_stop_the_run() -> None:
    settings = Settings(extract_workers=2, extract_timeout_seconds=3)
    with ExtractionPool(settings, do_as_told, grace_seconds=1) as pool:
        jobs = [make_job(0, b"die with the lock"), make_job(1, b"sleep 0.3")]
        outcomes = {job.entry.entry_id: outcome for job, outcome in pool.run(jobs)}
        later = [kind_of(outcome) for _, outcome in pool.run([make_job(2)])]

    assert isinstance(outcomes[0], Failure)
    assert outcomes[0].kind in {"crashed", "too_slow"}
    assert later == ["article"]


def test_jobs_are_taken_as_results_are(told: ExtractionPool) -> None:
    taken: list[int] = []

    def produce() -> Iterator[ExtractJob]:
        for number in range(100):
            taken.append(number)
            yield make_job(number, b"work")

    with closing(told.run(produce())) as results:
        for got in range(1, 11):
            next(results)
            assert len(taken) <= got + PAGES_AHEAD * SETTINGS.extract_workers


def test_workers_serve_several_batches_and_end_with_the_pool() -> None:
    jobs = [make_job(number, b"pid") for number in range(6)]
    with ExtractionPool(SETTINGS, do_as_told) as pool:
        batches = [
            {outcome.title for _, outcome in pool.run(jobs) if isinstance(outcome, Article)} for _ in range(2)
        ]
        workers = {int(title) for titles in batches for title in titles}
        assert len(workers) <= SETTINGS.extract_workers
        assert all(is_alive(worker) for worker in workers)

    deadline = time.monotonic() + 5
    while any(map(is_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_alive, workers))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_pool_works_in_any_thread() -> None:
    kinds: list[str] = []

    def run() -> None:
        with ExtractionPool(SETTINGS, do_as_told) as pool:
            kinds.extend(kind_of(outcome) for _, outcome in pool.run([make_job(1, b"work")]))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert kinds == ["article"]


def test_a_mistake_in_the_publishers_file_ends_the_run_before_it_starts(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.yaml"):
        ExtractionPool(Settings(publishers=tmp_path / "missing.yaml"))


PROGRAM = """
import os

if __name__ != "__main__":
    os._exit(5)  # what a worker would do that imports the program

from coopwatch.workers import ExtractionPool
from tests.unit.test_workers import SETTINGS, do_as_told, kind_of, make_job

with ExtractionPool(SETTINGS, do_as_told) as pool:
    print(*(kind_of(outcome) for _, outcome in pool.run([make_job(1, b"work")])))
"""


@pytest.mark.slow
def test_workers_do_not_import_the_program_that_started_them(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PYTHONPATH": str(root)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "article\n", "")


def test_triage_decides_before_extraction_and_some_of_what_it_discards_is_worked_on_all_the_same() -> None:
    everyday = (
        b"<html><body><p>" + b"The old market hall reopened on Saturday and the mayor praised it. " * 20
    )
    science = b"<html><body><p>" + b"Chile and Norway opened a joint laboratory for polar research. " * 20
    topic = SETTINGS.topic
    for share, wanted in ((0.0, ["triage"]), (1.0, ["triage", "article", "judgement"])):
        settings = SETTINGS.override(triage_audit_share=share, extract_workers=1)
        with ExtractionPool(settings, make_any, topic=topic) as pool:
            outcomes = list(pool.run([make_job(1, everyday), make_job(2, science)]))
        kinds = [kind_of(outcome) for job, outcome in outcomes if job.entry.entry_id == 1]
        assert kinds == wanted
        triages = [outcome for _, outcome in outcomes if isinstance(outcome, Triage)]
        assert [(triage.entry_id, triage.is_audited) for triage in triages] == [(1, share == 1.0)]
        assert [kind_of(outcome) for job, outcome in outcomes if job.entry.entry_id == 2] == [
            "article",
            "judgement",
        ]


UNTRIAGED = b"<html><body>Hardly any text.</body></html>"


@pytest.mark.parametrize("model", [None, make_model()])
def test_workers_judge_as_this_process_would(model: Model | None) -> None:
    settings = SETTINGS.override(extract_workers=1)
    with ExtractionPool(settings, make_any, topic=settings.topic, model=model) as pool:
        (_, article), (_, judgement) = pool.run([make_job(1, UNTRIAGED)])
    assert isinstance(article, Article)
    assert judgement == decide(article, load_topic(settings.topic), model)
    assert isinstance(judgement, Judgement)
    assert judgement.model == (model.model_version if model else None)


def test_an_article_that_cannot_be_judged_is_a_failure_of_its_page_alone() -> None:
    settings = SETTINGS.override(extract_workers=1)
    with ExtractionPool(settings, make_worse, topic=settings.topic) as pool:
        outcomes = {
            job.entry.entry_id: kind_of(outcome)
            for job, outcome in pool.run(make_job(number, UNTRIAGED) for number in (1, 2))
        }
    assert outcomes == {1: "internal", 2: "judgement"}


def make_worse(job: ExtractJob, publishers: Publishers) -> Article:
    article = make_article(job.entry.entry_id)
    without_language = article.model_construct(**dict(article) | {"language": None})
    return without_language if job.entry.entry_id == 1 else article


def make_any(job: ExtractJob, publishers: Publishers) -> Article:
    return make_article(job.entry.entry_id)


def test_a_mistake_in_the_topic_file_ends_the_run_before_it_starts(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.yaml"):
        ExtractionPool(SETTINGS, topic=tmp_path / "missing.yaml")
