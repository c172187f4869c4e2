"""Disks that are full, databases that are read-only or gone, receivers that fail.

Each is said in one line, and nothing is lost: the next run catches up, and the warehouse holds what one
holds that never had a fault.
"""

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, event

from coopwatch import gating, joining, stages
from coopwatch.alerting.receivers import make_receivers
from coopwatch.alerting.sending import Delivered, send_alerts
from coopwatch.errors import WarehouseError
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.workers import ExtractionPool
from coopwatch.workspace import Workspace
from expectations.checking import Findings
from tests.comparing import Rows, list_differences, read_rows
from tests.conftest import Postgres, name_of
from tests.fakes import FakeReceiver, serve_receiver, serve_site
from tests.integration.command import ALLOWED, PROJECT, Finished
from tests.integration.test_warehouse_connections import TERMINATE, close_doors
from tests.soak.newsroom import Newsroom

pytestmark = pytest.mark.slow

STORIES = 12
FULL = "database or disk is full"
ROOT_POWER = ("dac_override", "dac_read_search")  # what lets root write where modes forbid it


class PatientWorkspace(Workspace):
    """A workspace that waits for its database for some seconds only, some time ahead of the clock."""

    later = timedelta()

    def wait_at_most(self, seconds: float) -> None:
        """Replace the warehouse, which would wait for a minute."""
        self.warehouse.close()
        url = parse_url(self.settings.warehouse_url)
        self.warehouse = self._closing.enter_context(Warehouse(Database(url, patience_seconds=seconds)))

    def now(self) -> datetime:
        """Return the time."""
        return super().now() + self.later


@dataclass
class Desk:
    """Makes runs over one newsroom; what they should come to is known."""

    settings: Settings
    expected: Rows
    receiver: FakeReceiver
    folder: Path
    pool: ExtractionPool
    runs: int = 0

    @contextmanager
    def open(self, url: str, patience_seconds: float = 60.0) -> Iterator[PatientWorkspace]:
        """Open a run; it is two hours later than the one before, when nothing is leased or put off."""
        self.runs += 1
        with PatientWorkspace(self.settings.override(warehouse_url=url), f"run-{self.runs}") as run:
            run.later = timedelta(hours=2 * self.runs)
            run.wait_at_most(patience_seconds)
            run.extraction_pool = self.pool  # the workers of all runs here
            yield run

    def work(self, run: Workspace, before: Callable[[str], None] = lambda _: None) -> Delivered:
        """Do one run; `before` is told each stage."""
        before("start")
        run.warehouse.start_run(run.run_id, run.now())
        before("poll")
        polls = stages.poll_sources(run, stages.find_due_sources(run, force=True))
        before("inbox")
        stages.fill_inbox(run, polls)
        while work := stages.take_entries(run):
            work = stages.read_pages(run, work)
            with run.warehouse.linking():
                before("link")
                work = gating.check_records(run, joining.link_articles(run, work), lambda *_: Findings())
                before("load")
                stages.load_batch(run, work)
        before("alert")
        return send_alerts(run.warehouse, run.alert_rules, make_receivers(run.alert_rules), run.now)

    def assert_caught_up(self, url: str) -> None:
        """One more run, and all is there, and was told once to who knows a repeated key."""
        with self.open(url) as run:
            self.work(run)
        found = read_rows(url)
        differences = list_differences(without_tries(self.expected), without_tries(found))
        assert not differences, "\n".join(differences)
        told = [row for row in self.expected["alert"] if 'route="team"' in row]
        assert len(set(self.receiver.keys)) == len(told)

    def command(
        self, *arguments: str, url: str, prefix: Sequence[str] = (), bytes_most: int | None = None
    ) -> Finished:
        """Run `coopwatch` in a process of its own; its files may be limited to a size."""
        limits = (
            (bytes_most, resource.RLIM_INFINITY) if bytes_most else resource.getrlimit(resource.RLIMIT_FSIZE)
        )
        done = subprocess.run(
            [*prefix, sys.executable, "-m", "flows.cli", *arguments, "--warehouse", url],
            cwd=PROJECT,
            env=os.environ
            | ALLOWED
            | {
                "COOPWATCH_CAPTURES": str(self.folder / "captures"),
                "COOPWATCH_SOURCES": str(self.settings.sources),
            },
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits),
        )
        return Finished(done.returncode, done.stdout, done.stderr)


def without_tries(rows: Rows) -> Rows:
    """Leave out how often something was tried, and what the last failure was."""
    tries = ("attempts=", "last_error=")
    return {
        table: [tuple(value for value in row if not value.startswith(tries)) for row in of_table]
        for table, of_table in rows.items()
    }


def assert_one_line(done: Finished, *words: str) -> None:
    """A command that could not work says so in one line, without a traceback."""
    assert done.status == 2, done.err
    (line,) = [line for line in done.err.splitlines() if line.startswith("coopwatch: ")]
    assert "Traceback" not in done.err
    for word in words:
        assert word in line


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """A site with some stories."""
    with serve_site(Newsroom()) as site:
        assert isinstance(site, Newsroom)
        site.grow(STORIES)
        yield site


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    """Worker processes, which take seconds to start."""
    settings = Settings(extract_workers=1)
    with ExtractionPool(settings, topic=settings.topic) as opened:
        yield opened


@pytest.fixture(scope="module")
def expected(
    newsroom: Newsroom, pool: ExtractionPool, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> tuple[Settings, Rows]:
    """What an undisturbed run comes to."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "sources.yaml").write_text(newsroom.sources_yaml(), encoding="utf-8")
    settings = Settings(
        sources=folder / "sources.yaml",
        allow_private_hosts=frozenset({"127.0.0.1"}),
        captures=str(folder / "captures"),
        batch_size=5,
        fetch_threads=1,
        extract_workers=1,
    )
    url = f"sqlite:///{folder}/warehouse.db"
    with serve_receiver(FakeReceiver()) as receiver, pytest.MonkeyPatch.context() as patch:
        patch.setenv("COOPWATCH_ALERT_URLS", receiver.url)
        desk = Desk(settings, {}, receiver, folder, pool)
        with desk.open(url) as run:
            desk.work(run)
    rows = read_rows(url)
    assert len(rows["entry"]) == STORIES
    assert len(rows["event"]) > 2
    return settings, rows


@pytest.fixture
def desk(
    expected: tuple[Settings, Rows], pool: ExtractionPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A desk with a receiver of its own."""
    settings, rows = expected
    with serve_receiver(FakeReceiver()) as receiver:
        monkeypatch.setenv("COOPWATCH_ALERT_URLS", receiver.url)
        yield Desk(settings.override(captures=str(tmp_path / "captures")), rows, receiver, tmp_path, pool)


@contextmanager
def limit_pages(pages: int) -> Iterator[None]:
    """Let no SQLite file grow beyond some pages, as a full disk does."""

    def limit(connection: object, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def count_pages(url: str) -> int:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.close()
    return int(pages)


@pytest.mark.parametrize("room", [1, 6, 12])
def test_a_disk_that_fills_up_under_sqlite(desk: Desk, sqlite_url: str, room: int) -> None:
    with limit_pages(count_pages(sqlite_url) + room), pytest.raises(WarehouseError, match=FULL) as caught:  # noqa: SIM117
        with desk.open(sqlite_url) as run:
            desk.work(run)

    assert "\n" not in str(caught.value)
    desk.assert_caught_up(sqlite_url)


def test_a_command_on_a_full_disk_says_so(desk: Desk, sqlite_url: str, prefect_api: str) -> None:
    """Its write-ahead log may take 60 kB: the registry of sources fits, the first batch does not."""
    done = desk.command("run", url=sqlite_url, bytes_most=60_000)

    assert_one_line(done, "disk")
    desk.assert_caught_up(sqlite_url)


@pytest.fixture
def small_disk(postgres: Postgres) -> Iterator[Path]:
    """A file system of 40 MB that the server may write to."""
    import psycopg

    with psycopg.connect(postgres.url) as connection:
        (data,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    owner = Path(data).stat()
    with TemporaryDirectory(prefix="coopwatch-small-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the server is another user
        disk = Path(folder) / "disk"
        disk.mkdir()
        mount = [
            "mount",
            "-t",
            "tmpfs",
            "-o",
            f"size=40m,uid={owner.st_uid},gid={owner.st_gid},mode=700",
            "none",
        ]
        if subprocess.run([*mount, disk], capture_output=True, check=False).returncode:
            pytest.skip("a small disk for PostgreSQL needs the right to mount one")
        try:
            yield disk
        finally:
            subprocess.run(["umount", disk], check=True)


def test_a_disk_that_fills_up_under_postgresql(
    desk: Desk, postgres: Postgres, postgres_template: str, small_disk: Path
) -> None:
    space = f"small_{os.getpid()}"
    filler = small_disk / "filler"
    postgres.execute(f"CREATE TABLESPACE {space} LOCATION '{small_disk}'")
    url = postgres.create(postgres_template)
    postgres.execute(f'ALTER DATABASE "{name_of(url)}" SET TABLESPACE {space}')
    try:
        with filler.open("wb") as file, suppress(OSError):
            while True:
                file.write(bytes(8192))
                file.flush()
        with pytest.raises(WarehouseError, match="No space left on device") as caught, desk.open(url) as run:
            desk.work(run)
        assert "\n" not in str(caught.value)
        filler.unlink()
        desk.assert_caught_up(url)
    finally:
        filler.unlink(missing_ok=True)
        postgres.drop(url)
        postgres.execute(f"DROP TABLESPACE {space}")


def test_an_sqlite_file_that_may_not_be_written(desk: Desk, sqlite_url: str, tmp_path: Path) -> None:
    prefix: list[str] = []
    if os.geteuid() == 0:
        gone = ",".join(f"-{power}" for power in ROOT_POWER)
        prefix = ["setpriv", "--bounding-set", gone]
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    (desk.folder / "captures").mkdir()
    file.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        done = desk.command("run", url=sqlite_url, prefix=prefix)
    finally:
        tmp_path.chmod(0o755)
        file.chmod(0o644)

    assert_one_line(done, str(file))
    desk.assert_caught_up(sqlite_url)


def test_a_postgresql_database_that_may_not_be_written(
    desk: Desk, postgres: Postgres, postgres_url: str
) -> None:
    alter = f'ALTER DATABASE "{name_of(postgres_url)}" '
    postgres.execute(alter + "SET default_transaction_read_only = on")

    done = desk.command("run", url=postgres_url)

    assert_one_line(done, "read-only transaction")
    postgres.execute(alter + "RESET default_transaction_read_only")
    desk.assert_caught_up(postgres_url)


@pytest.mark.parametrize("stage", ["inbox", "link", "load", "alert"])
def test_a_database_that_is_gone_for_a_while_is_waited_for(
    desk: Desk, postgres: Postgres, postgres_url: str, stage: str
) -> None:
    """Of the minute that a run waits, and the minute that the database is gone, a sixtieth."""
    doors: list[threading.Thread] = []

    def go_away(now: str) -> None:
        if now == stage and not doors:
            doors.append(threading.Thread(target=stay_away))
            doors[0].start()
            is_gone.wait(10)

    def stay_away() -> None:
        with close_doors(postgres, postgres_url, 1.0):
            postgres.execute(TERMINATE.format(name_of(postgres_url)))
            is_gone.set()

    is_gone = threading.Event()
    with desk.open(postgres_url, patience_seconds=20) as run:
        desk.work(run, go_away)
    doors[0].join()

    desk.assert_caught_up(postgres_url)
    assert len(desk.receiver.keys) == len(set(desk.receiver.keys))


def test_a_database_that_stays_away_ends_the_run_and_the_next_one_catches_up(
    desk: Desk, postgres: Postgres, postgres_url: str
) -> None:
    def go_away(now: str) -> None:
        if now == "load":
            postgres.execute(
                f'ALTER DATABASE "{name_of(postgres_url)}" ALLOW_CONNECTIONS false',
                TERMINATE.format(name_of(postgres_url)),
            )

    with pytest.raises(WarehouseError, match="not currently accepting connections") as caught:  # noqa: SIM117
        with desk.open(postgres_url, patience_seconds=0.5) as run:
            desk.work(run, go_away)

    assert "\n" not in str(caught.value)
    postgres.execute(f'ALTER DATABASE "{name_of(postgres_url)}" ALLOW_CONNECTIONS true')
    desk.assert_caught_up(postgres_url)


def test_a_receiver_that_fails_keeps_nothing_from_the_warehouse(desk: Desk, warehouse_url: str) -> None:
    desk.receiver.is_down = True
    with desk.open(warehouse_url) as run:
        delivered = desk.work(run)

    (problem,) = delivered.problems
    assert "team" in problem
    assert "\n" not in problem
    assert desk.receiver.url.removeprefix("json://") not in problem
    assert desk.receiver.keys == []
    desk.receiver.is_down = False
    desk.assert_caught_up(warehouse_url)
    assert len(desk.receiver.keys) == len(set(desk.receiver.keys))


def test_a_receiver_that_is_slow_or_drops_what_it_took(desk: Desk, warehouse_url: str) -> None:
    desk.receiver.moods = ["slow", "drop", "refuse"]
    for _ in range(3):  # each failure ends the queue for a while
        with desk.open(warehouse_url) as run:
            desk.work(run)

    desk.assert_caught_up(warehouse_url)
    assert len(desk.receiver.keys) == len(set(desk.receiver.keys)) + 1  # the one whose answer was dropped
