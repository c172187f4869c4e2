"""Killed again and again, a run ends with what an undisturbed one ends with."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.fakes import FakeSite, Story, serve_site

pytestmark = [pytest.mark.soak, pytest.mark.slow]

KILLS = int(os.environ.get("COOPWATCH_SOAK_KILLS", "50"))
KILLS_OF_COMMAND = 4  # of them hit the real command, which takes ten seconds to start
DRIVER_SECONDS, COMMAND_SECONDS = 5.0, 20.0  # the latest time of a kill, more than a start takes
OUTLETS = 8
STORIES_A_START = 8
DEADLINE_SECONDS = 1800.0

COUNTRIES = ("Kenya", "Norway", "Brazil", "Japan", "Egypt", "Poland", "Chile", "Vietnam", "Canada", "Ghana")
FIELDS = ("ocean science", "nuclear fusion", "plant genetics", "seismology", "satellite research")


def write_story(number: int) -> Story:
    """Every third story is in scope, every seventh leads to no page, the others are local news."""
    one, other = COUNTRIES[number % 10], COUNTRIES[(number // 10 + number + 3) % 10]
    field = FIELDS[number % 5]
    if number % 3 == 0:
        title = f"{one} and {other} sign agreement on {field}, file {number}"
        body = (
            f"{one} and {other} signed agreement number {number} on scientific and technological cooperation "
            f"in {field}. The ministers of science of the two countries signed it after talks.\n\n"
            f"The agreement sets up joint laboratory {number} and an exchange of young scientists, who will "
            f"work for up to {number + 2} months in the partner country on questions of {field}.\n\n"
            f"A joint committee of scientists from {one} and {other} will choose the research projects."
        )
    else:
        title = f"Bus line {number} gets a new timetable"
        body = (
            f"From Monday on the buses of line {number} leave every {number % 40 + 5} minutes. The council "
            f"decided so after {number % 90 + 10} letters from passengers of the eastern quarters.\n\n"
            f"Drivers had asked for longer breaks at the terminus, stop {number * 3}, for more than a year. "
            f"The operator will hire {number % 12 + 1} more people before winter, it said."
        )
    path = f"story-{number}.html"
    return Story(path, title, body, datetime(2025, 3, 1, tzinfo=UTC) + timedelta(hours=number))


class Newsroom(FakeSite):
    """A site that grows; some of its stories are announced and have no page."""

    def grow(self, numbers: Iterator[int], stories: int) -> None:
        for number in (next(numbers) for _ in range(stories)):
            self.publish(f"outlet{number % OUTLETS}.example", write_story(number))

    def answer(self, path: str) -> tuple[int, str, str]:
        name = path.rpartition("/")[2]
        if name.startswith("story-") and int(name[6:-5]) % 7 == 0:
            return 404, "text/plain", "gone"
        return super().answer(path)


class Rig:
    """Starts runs over one newsroom into one warehouse, and kills them."""

    def __init__(self, newsroom: Newsroom, folder: Path, warehouse_url: str) -> None:
        self._newsroom = newsroom
        self._registry = folder / "sources.yaml"
        self._log = folder / "runs.log"
        self._url = warehouse_url
        self._hours = count(1, 2)  # later than any entry of a killed run is kept

    def start(self, *, is_command: bool = False) -> "subprocess.Popen[bytes]":
        self._registry.write_text(self._newsroom.sources_yaml(), encoding="utf-8")
        driver = ["tests.soak.driver", str(self._registry), self._url, str(next(self._hours))]
        command = ["flows.cli", "run", "--sources", str(self._registry), "--warehouse", self._url]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *(command if is_command else driver)],
                env=os.environ
                | {
                    "COOPWATCH_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
                    "COOPWATCH_BATCH_SIZE": "10",
                    "COOPWATCH_EXTRACT_WORKERS": "1",
                    "COOPWATCH_CAPTURES": str(self._registry.parent / "captures"),
                },
                stdout=log,
                stderr=log,
                start_new_session=True,  # its workers are killed with it
            )

    def finish(self) -> None:
        run = self.start()
        assert run.wait(DEADLINE_SECONDS) == 0, self.read_log()

    def kill_after(self, seconds: float, *, is_command: bool = False) -> bool:
        """Start a run and kill it some time later; tell whether it was still at work."""
        run = self.start(is_command=is_command)
        with suppress(subprocess.TimeoutExpired):
            assert run.wait(seconds) == 0, self.read_log()
            return False
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        return True

    def read_log(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]

    def read(self, query: str) -> "list[tuple[object, ...]]":
        engine = create_engine(self._url.replace("postgresql:", "postgresql+psycopg:"))
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query))]
        finally:
            engine.dispose()

    def read_entries(self) -> "dict[tuple[object, ...], tuple[object, ...]]":
        rows = self.read("SELECT source_id, key, outcome, article_id FROM entry")
        assert len(rows) == len({row[:2] for row in rows})
        return {row[:2]: row[2:] for row in rows}


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with serve_site(Newsroom()) as site:
        assert isinstance(site, Newsroom)
        yield site


def test_a_run_that_is_killed_and_restarted_loses_nothing_and_does_nothing_twice(
    newsroom: Newsroom, prefect_api: str, warehouse_url: str, tmp_path: Path
) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    disturbed = Rig(newsroom, tmp_path, warehouse_url)
    numbers = count(1)
    newsroom.grow(numbers, 40)
    kills = starts = 0
    held_after: Counter[bool] = Counter()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while kills < KILLS and time.monotonic() < deadline:
        is_command = kills < KILLS_OF_COMMAND
        newsroom.grow(numbers, STORIES_A_START)
        starts += 1
        seconds = chance.uniform(0, COMMAND_SECONDS if is_command else DRIVER_SECONDS)
        kills += disturbed.kill_after(seconds, is_command=is_command)
        held = disturbed.read(
            "SELECT count(*) FROM entry"
            " WHERE claimed_by = (SELECT run_id FROM run ORDER BY started_at DESC LIMIT 1)"
        )
        held_after[held != [(0,)]] += 1
    disturbed.finish()
    print(f"{kills} kills in {starts} starts, {held_after[True]} with entries in hand")

    (tmp_path / "undisturbed").mkdir()
    undisturbed = Rig(newsroom, tmp_path / "undisturbed", f"sqlite:///{tmp_path}/undisturbed.db")
    undisturbed.finish()

    expected, found = undisturbed.read_entries(), disturbed.read_entries()
    outcomes = Counter(outcome for outcome, _ in expected.values())
    print(f"{len(expected)} entries: {dict(outcomes)}")
    assert kills == KILLS
    assert found == expected
    assert len(expected) == next(numbers) - 1
    assert set(outcomes) == {"loaded", "irrelevant", "failed"}
    for query in (
        "SELECT article_id FROM article ORDER BY article_id",
        "SELECT article_id, count(*) FROM coverage GROUP BY article_id ORDER BY article_id",
    ):
        assert disturbed.read(query) == undisturbed.read(query)
