"""Backfill over a Dask cluster that is there already: same results, no stretch lost, mistakes told."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped] # it ships no types
import pytest

from coopwatch.backfill.pages import Stretch
from coopwatch.backfill.sifting import Sifted, sift
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from schemas.records import Article
from tests.fakes import Story
from tests.integration.command import PROJECT, Finished
from tests.integration.stories import MATCH, PACT
from tests.integration.test_backfill import LATER, run_backfill, set_environment, write_archive

pytestmark = pytest.mark.slow
pytest.importorskip("prefect_dask")

LIMIT_SECONDS = 120


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the run reads from the environment; its workers are given all by the run."""
    set_environment(monkeypatch, tmp_path, sqlite_url)
    return sqlite_url


class Cluster:
    """A scheduler and its workers, each with the nanny that restarts it, as the command line starts them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._nannies: list[subprocess.Popen[bytes]] = []
        self._scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show")
        self.address = ""

    @property
    def workers(self) -> list[psutil.Process]:
        """The processes that work, without those that they have started."""
        found = []
        for nanny in self._nannies:
            found += [
                child
                for child in psutil.Process(nanny.pid).children()
                if "spawn_main" in str(child.cmdline())
            ]
        return found

    def add_worker(self) -> None:
        """Start a worker."""
        self._nannies.append(self._start("worker", "--nthreads", "1", "--local-directory", str(self._folder)))

    def wait(self) -> None:
        """Wait until all are known to the scheduler."""
        from distributed import Client

        deadline = time.monotonic() + LIMIT_SECONDS
        while not self._file.exists():
            assert time.monotonic() < deadline, "no scheduler"
            time.sleep(0.1)
        self.address = str(json.loads(self._file.read_text(encoding="utf-8"))["address"])
        with Client(self.address, timeout=LIMIT_SECONDS) as client:  # type: ignore[no-untyped-call]
            if self._nannies:
                client.wait_for_workers(len(self._nannies), timeout=LIMIT_SECONDS)

    def stop(self) -> None:
        """Stop everything."""
        for process in (*self._nannies, self._scheduler):
            process.terminate()
        for process in (*self._nannies, self._scheduler):
            process.wait(LIMIT_SECONDS)

    def _start(self, what: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "dask", what, "--scheduler-file", str(self._file), "--no-dashboard"]
        with (self._folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen([*command, *arguments], cwd=PROJECT, stdout=log, stderr=log)


@contextmanager
def start_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        cluster.wait()
        yield cluster
    finally:
        cluster.stop()


def sift_here(files: list[str]) -> list[Sifted]:
    return [
        sift(Stretch(item=file, source_id="archive.cc-news"), Settings.from_environment()) for file in files
    ]


def check_same(done: Finished, here: list[Sifted], url: str) -> None:
    """Hold what a run wrote against what files come to without it."""
    assert done.status == 0, done.err
    items = {item["item"]: item for item in done.data["items"]}
    for one in here:
        item = items[one.stretch.item]
        assert (item["position"], item["seen"], item["kept"]) == (one.end, one.seen, len(one.survivors))
        assert one.counts.items() <= item["counts"].items()
    expected = {
        outcome.article_id: outcome.model_copy(update={"entry_id": 0})
        for one in here
        for survivor in one.survivors
        if isinstance(outcome := survivor.outcome, Article)
    }
    with Warehouse.open(url) as warehouse:
        stored = warehouse.read_articles(list(expected))
        assert warehouse.count_entries()["pending"] == 0
        assert warehouse.count_entries()["loaded"] == len(expected)
    assert {key: article.model_copy(update={"entry_id": 0}) for key, article in stored.items()} == expected


def test_a_cluster_comes_to_what_this_process_comes_to(
    prefect_api: str, environment: str, tmp_path: Path
) -> None:
    files = [
        str(write_archive(tmp_path / "a.warc.gz", PACT, MATCH)),
        str(write_archive(tmp_path / "b.warc.gz", LATER)),
    ]
    with start_cluster(tmp_path / "cluster", workers=2) as cluster:
        done = run_backfill("warc", *files, "--scheduler", cluster.address, "--json")
        check_same(done, sift_here(files), environment)
        assert "unsendable" not in done.err  # a tree that another thread freed than made it


@pytest.mark.soak
def test_what_a_cluster_cannot_reach_and_who_cannot_reach_it_is_told(
    prefect_api: str, environment: str, tmp_path: Path
) -> None:
    files = [str(write_archive(tmp_path / "a.warc.gz", LATER))]
    with start_cluster(tmp_path / "cluster", workers=1) as cluster:
        # what this process may name, but no worker finds
        missing = run_backfill(
            "warc",
            "memory://gone.warc.gz",
            "--source",
            "archive.gone",
            "--scheduler",
            cluster.address,
            "--json",
        )
        (item,) = missing.data["items"]
        assert "memory://gone.warc.gz: cannot be read after byte 0" in item["error"]
        assert item["done_at"] is None
    with start_cluster(tmp_path / "empty", workers=0) as empty:
        idle = run_backfill("warc", *files, "--source", "archive.other", "--scheduler", empty.address)
        assert idle.status != 0
        assert f"scheduler '{empty.address}': has no workers" in idle.err + idle.out
    nobody = run_backfill("warc", *files, "--source", "archive.other", "--scheduler", cluster.address)
    assert nobody.status != 0
    assert f"scheduler '{cluster.address}': cannot be reached" in nobody.err + nobody.out


def number_stories(story: Story, count: int) -> list[Story]:
    return [replace(story, path=f"{number}-{story.path}") for number in range(count)]


@pytest.mark.soak
def test_a_stretch_whose_worker_dies_is_sifted_again(
    prefect_api: str, environment: str, tmp_path: Path
) -> None:
    files = [
        str(write_archive(tmp_path / "a.warc.gz", PACT, *number_stories(MATCH, 1_000))),
        str(write_archive(tmp_path / "b.warc.gz", LATER, *number_stories(MATCH, 1_000))),
    ]
    with start_cluster(tmp_path / "cluster", workers=2) as cluster:
        command = [
            sys.executable,
            "-c",
            "from flows.cli.backfill import app; app()",
            "warc",
            *files,
            "--json",
        ]
        running = subprocess.Popen(
            [*command, "--scheduler", cluster.address],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        victim = wait_until_busy(cluster)
        victim.kill()
        out, err = running.communicate(timeout=LIMIT_SECONDS * 2)
        assert victim.pid not in [worker.pid for worker in cluster.workers]
    assert running.returncode == 0, err
    data: dict[str, Any] = json.loads(out)
    assert [(item["seen"], item["kept"]) for item in data["items"]] == [merge(file) for file in files]
    with Warehouse.open(environment) as warehouse:
        assert warehouse.count_entries()["loaded"] == data["outcomes"]["loaded"] == 2
        assert warehouse.count_entries()["pending"] == 0


def merge(file: str) -> tuple[int, int]:
    """Return how many records of a file are seen, and kept, stretch by stretch."""
    following: Stretch | None = Stretch(item=file, source_id="archive.cc-news")
    seen = kept = 0
    while following:
        sifted = sift(following, Settings.from_environment())
        seen, kept, following = seen + sifted.seen, kept + len(sifted.survivors), sifted.following
    return seen, kept


def wait_until_busy(cluster: Cluster) -> psutil.Process:
    """Return a worker once its sieve works."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        for worker in cluster.workers:
            sieves = [sieve for server in worker.children() for sieve in server.children()]
            if any(sieve.cpu_times().user > 0.1 for sieve in sieves):
                return worker
        time.sleep(0.05)
    raise AssertionError(f"no worker was busy: {os.getpid()}")
