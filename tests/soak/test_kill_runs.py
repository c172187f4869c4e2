"""Killed again and again, runs end with what undisturbed ones end with, and each alert is told once.

The news comes in rounds. Over each, an undisturbed run goes into a warehouse of its own; another warehouse
gets runs that are killed at random instants, until one of them comes through. A part of the runs is the real
command; a part of the kills on PostgreSQL hits the server.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from coopwatch.warehouse.engines import parse_url
from tests.comparing import list_differences, read_rows
from tests.fakes import FakeReceiver, serve_receiver, serve_site
from tests.soak.killable_postgres import KillablePostgres, serve_killable_postgres
from tests.soak.newsroom import Newsroom
from tests.soak.runs import Run

pytestmark = [pytest.mark.soak, pytest.mark.slow]

KILLS = int(os.environ.get("COOPWATCH_SOAK_KILLS", "200"))
SEED = os.environ.get("COOPWATCH_SOAK_SEED")
COMMANDS = 0.15  # the share of the runs that are the real command, which is slower
SERVER_KILLS = 0.4  # the share of kills that hit the server, where there is one
STORIES_A_ROUND = 30
BATCH_SIZE = 6
LATEST_KILL = 0.8  # of the time that a run over a whole round takes; what is left of one takes less
DEADLINE_SECONDS = 600.0
ALERT_SECONDS = 0.1  # a receiver takes to answer, so that kills also hit runs that tell of what they found
PAST = "2000-01-01 00:00:00.000000"


@dataclass
class Rig:
    """Starts runs over one newsroom into one warehouse, with a receiver of its own."""

    registry: Path
    url: str
    receiver: FakeReceiver
    log: Path
    seconds: dict[bool, float] = field(default_factory=dict)  # what a run took, the command and the stages

    def start(self, *, is_command: bool) -> Run:
        return Run(
            ["run", "--force"] if is_command else [],
            {
                "COOPWATCH_SOURCES": str(self.registry),
                "COOPWATCH_WAREHOUSE_URL": self.url,
                "COOPWATCH_ALERT_URLS": self.receiver.url,
                "COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
                "COOPWATCH_BATCH_SIZE": str(BATCH_SIZE),
                "COOPWATCH_FETCH_THREADS": "1",  # so that news arrives in the same order in every warehouse
                "COOPWATCH_EXTRACT_WORKERS": "1",
                "COOPWATCH_CAPTURES": str(self.log.with_name("captures")),
            },
            self.log,
        )

    def finish(self, *, is_command: bool = False) -> None:
        """Let a run come through."""
        started = time.monotonic()
        status = self.start(is_command=is_command).wait(DEADLINE_SECONDS)
        assert status == 0, f"status {status}: {self.read_log()}"
        self.seconds[is_command] = time.monotonic() - started

    def let_leases_end(self) -> None:
        """Change the warehouse as if the time had passed for which a killed run keeps what it took."""
        with self._connect() as connection:
            for table in ("entry", "alert"):
                connection.execute(
                    text(f"UPDATE {table} SET claimed_until = '{PAST}' WHERE claimed_until IS NOT NULL")
                )

    def count(self, query: str) -> int:
        with self._connect() as connection:
            return int(connection.execute(text(query)).scalar_one() or 0)

    def read_log(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        engine = create_engine(parse_url(self.url))
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


@dataclass
class Disturber:
    """Kills what a rig starts, or the server behind it."""

    rig: Rig
    chance: random.Random
    server: KillablePostgres | None = None
    starts: int = 0
    kills: Counter[str] = field(default_factory=Counter)  # by what was killed and the stage of the run

    def disturb(self) -> bool:
        """Start a run and kill it, or the server, at a random instant; return whether it came through."""
        is_command = self.chance.random() < COMMANDS
        is_server = self.server is not None and self.chance.random() < SERVER_KILLS
        run = self.rig.start(is_command=is_command)
        self.starts += 1
        status = run.wait(self.chance.uniform(0, LATEST_KILL * self.rig.seconds[is_command]))
        if status is not None:
            assert status == 0, f"status {status}: {self.rig.read_log()}"
            return True
        print(f"kill {self.kills.total() + 1}: {'server' if is_server else 'run'}, {run.place}", flush=True)
        if is_server:
            assert self.server
            self.server.kill()
            self.kills[f"server, {run.place}"] += 1
            time.sleep(self.chance.uniform(0, 2))
            self.server.restart()
            status = run.wait(DEADLINE_SECONDS)
            assert status in {0, 2}, f"status {status}: {self.rig.read_log()}"
            return status == 0
        run.kill()
        self.kills[f"run, {run.place}"] += 1
        return False


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """A site without stories yet."""
    with serve_site(Newsroom()) as site:
        assert isinstance(site, Newsroom)
        yield site


@pytest.fixture
def receivers() -> Iterator[tuple[FakeReceiver, FakeReceiver]]:
    """Two web hooks."""
    with serve_receiver(FakeReceiver()) as one, serve_receiver(FakeReceiver()) as other:
        yield one, other


@pytest.fixture
def postgres_server() -> Iterator[KillablePostgres]:
    """A server that may be killed."""
    with serve_killable_postgres() as server:
        yield server


def test_runs_that_are_killed_end_with_the_same_rows_and_alerts(
    newsroom: Newsroom,
    receivers: tuple[FakeReceiver, FakeReceiver],
    prefect_api: str,
    tmp_path: Path,
) -> None:
    show_kills(newsroom, receivers, tmp_path, f"sqlite:///{tmp_path}/disturbed.db", None)


def test_runs_and_servers_that_are_killed_end_with_the_same_rows_and_alerts(
    newsroom: Newsroom,
    receivers: tuple[FakeReceiver, FakeReceiver],
    prefect_api: str,
    postgres_server: KillablePostgres,
    tmp_path: Path,
) -> None:
    show_kills(newsroom, receivers, tmp_path, postgres_server.url, postgres_server)


def show_kills(
    newsroom: Newsroom,
    receivers: tuple[FakeReceiver, FakeReceiver],
    folder: Path,
    url: str,
    server: KillablePostgres | None,
) -> None:
    """Go through rounds until enough was killed, and compare the two warehouses."""
    seed = int(SEED) if SEED else random.randrange(1_000_000)
    print(f"seed {seed}")
    registry = folder / "sources.yaml"
    quiet, loud = (folder / name for name in ("undisturbed", "disturbed"))
    quiet.mkdir()
    loud.mkdir()
    undisturbed = Rig(registry, f"sqlite:///{quiet}/warehouse.db", receivers[0], quiet / "log")
    disturbed = Rig(registry, url, receivers[1], loud / "log")
    receivers[1].usual_seconds = ALERT_SECONDS
    disturber = Disturber(disturbed, random.Random(seed), server)
    rounds = 0
    while disturber.kills.total() < KILLS:
        rounds += 1
        newsroom.grow(STORIES_A_ROUND)
        registry.write_text(newsroom.sources_yaml(), encoding="utf-8")
        undisturbed.finish()
        if rounds <= 2:  # of the command and of the stages, how long one takes
            disturbed.finish(is_command=rounds == 1)
            continue
        while not disturber.disturb():
            disturbed.let_leases_end()
            if disturber.kills.total() >= KILLS:
                disturbed.finish()
                break

    place = disturber.kills
    print(f"{place.total()} kills in {disturber.starts} starts and {rounds} rounds")
    print(", ".join(f"{count} {what}" for what, count in sorted(place.items())))
    expected, found = read_rows(undisturbed.url), read_rows(disturbed.url)
    print(", ".join(f"{len(rows)} {table}" for table, rows in expected.items() if rows))
    differences = list_differences(expected, found)
    assert not differences, "\n".join(differences)
    assert_sums(disturbed, rounds)
    assert_alerts(undisturbed, disturbed, place.total())


def assert_sums(rig: Rig, rounds: int) -> None:
    """Every story is in exactly one outcome, and what counts rows counts them right."""
    entries = rig.count("SELECT count(*) FROM entry")
    outcomes = {
        outcome: rig.count(f"SELECT count(*) FROM entry WHERE outcome = '{outcome}'")
        for outcome in ("pending", "loaded", "irrelevant", "quarantined", "failed")
    }
    print(f"{entries} entries: {outcomes}")
    assert sum(outcomes.values()) == entries
    assert outcomes["pending"] == 0
    assert outcomes["loaded"]
    assert outcomes["irrelevant"]
    assert outcomes["quarantined"]
    assert outcomes["failed"]
    listed = rig.count("SELECT count(*) FROM entry WHERE revises IS NULL")
    assert listed == rounds * STORIES_A_ROUND
    assert rig.count("SELECT sum(new_entries) FROM poll") == entries
    assert rig.count("SELECT sum(articles) FROM event") == rig.count("SELECT count(*) FROM coverage")
    assert rig.count("SELECT count(*) FROM membership") == rig.count("SELECT count(*) FROM article")


def assert_alerts(undisturbed: Rig, disturbed: Rig, kills: int) -> None:
    """A receiver that de-duplicates on the key got each once; at the wire a kill repeats one at most."""
    expected, found = undisturbed.receiver.received, disturbed.receiver.received
    first = {post["key"]: post for post in reversed(found)}
    repeats = disturbed.receiver.requests - len(first)
    print(f"{len(first)} alerts, {repeats} repeated at the wire")
    assert len(expected) == len({post["key"] for post in expected})
    assert first == {post["key"]: post for post in expected}
    assert all(post == first[post["key"]] for post in found)  # a repeat says the same
    assert repeats <= kills
    assert len(first) == disturbed.count(
        "SELECT count(*) FROM alert WHERE route = 'team' AND status = 'sent'"
    )
    assert disturbed.count("SELECT count(*) FROM alert WHERE status <> 'sent'") == 0
