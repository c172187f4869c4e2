"""Settings from the variables and secrets of a real Prefect server, retries by kind, names, deadlines."""

import asyncio
import gc
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from prefect import flow, get_client
from prefect.blocks.system import Secret
from prefect.exceptions import PrefectException
from prefect.variables import Variable
from sqlalchemy.exc import OperationalError

from coopwatch.errors import ConfigError, WarehouseError
from coopwatch.settings import Settings
from coopwatch.workspace import Workspace
from tasks import publishing
from tasks.monitoring import bind
from tasks.settings import find_values, read_settings
from tests.builders import make_dossier
from tests.integration.prefect_rig import Api

pytestmark = [
    pytest.mark.slow,
    # Prefect leaves connections of its own open at the end of a flow
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def connections_end_here() -> Iterator[None]:
    """Let what a flow left open be found before another test begins, which would be blamed for it."""
    yield
    gc.collect()


@pytest.fixture
def workspace(prefect_api: str, sqlite_url: str) -> Iterator[Workspace]:
    with Workspace(Settings(warehouse_url=sqlite_url), "run-1") as opened:
        yield opened


def ask(environment: dict[str, str]) -> dict[str, str]:
    async def run() -> dict[str, str]:
        async with get_client() as client:
            return await find_values(client, environment)

    return asyncio.run(run())


def test_the_environment_comes_first_then_a_secret_then_a_variable(prefect_api: str) -> None:
    Variable.set("coopwatch_batch_size", 7, overwrite=True)
    Variable.set("coopwatch_warehouse_url", "sqlite:///variable.db", overwrite=True)
    Variable.set("coopwatch_contact", "desk@academy.example", overwrite=True)
    Variable.set("another_ones", "x", overwrite=True)
    Secret(value="sqlite:///secret.db").save("coopwatch-warehouse-url", overwrite=True)
    Secret(value="x").save("another-ones", overwrite=True)
    try:
        assert ask({"COOPWATCH_CONTACT": "me"}) == {
            "COOPWATCH_BATCH_SIZE": "7",
            "COOPWATCH_WAREHOUSE_URL": "sqlite:///secret.db",
        }
        Variable.set("coopwatch_topic", ["a", "list"], overwrite=True)
        with pytest.raises(
            ConfigError, match=r"^COOPWATCH_TOPIC: the value on the Prefect server is neither"
        ):
            ask({})
    finally:
        for name in ("batch_size", "warehouse_url", "contact", "topic"):
            Variable.unset(f"coopwatch_{name}")
        Secret.delete("coopwatch-warehouse-url")
    assert ask({}) == {}


def test_what_the_server_has_holds_for_the_process(prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPWATCH_BATCH_SIZE", "")  # what is set here is taken back at the end
    Variable.set("coopwatch_batch_size", 9, overwrite=True)
    try:
        assert asyncio.run(read_settings()).batch_size == 9
        assert asyncio.run(read_settings(batch_size=11)).batch_size == 11
    finally:
        Variable.unset("coopwatch_batch_size")


def locked() -> WarehouseError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return explain(OperationalError("", {}, cause))


def lost() -> WarehouseError:
    return explain(OperationalError("", {}, sqlite3.OperationalError("gone"), connection_invalidated=True))


def explain(cause: Exception) -> WarehouseError:
    error = WarehouseError("the warehouse says no")
    error.__cause__ = cause
    return error


FAILURES: dict[str, tuple[Callable[[], Exception], int]] = {
    "locked": (locked, 2),
    "lost": (lost, 2),
    "waited too long": (lambda: WarehouseError("another run has held the linking lock"), 1),
    "refused": (lambda: explain(OperationalError("", {}, sqlite3.OperationalError("no such table"))), 1),
    "misconfigured": (lambda: ConfigError("database is locked"), 1),
    "a mistake of ours": (lambda: ValueError("database is locked"), 1),
}


def test_only_a_lock_or_a_lost_connection_is_tried_again(workspace: Workspace) -> None:
    tried: Counter[str] = Counter()

    def step(_run: Workspace, failure: str) -> None:
        tried[failure] += 1
        if tried[failure] < 2:
            raise FAILURES[failure][0]()

    bound = bind(step, stage="load", retries=1)

    @flow
    async def story() -> None:
        for failure, (make_error, tries) in FAILURES.items():
            with pytest.raises(type(make_error())) if tries == 1 else nullcontext():
                bound(workspace, failure)

    asyncio.run(story())
    assert tried == {failure: tries for failure, (_, tries) in FAILURES.items()}


def test_a_step_that_hangs_is_interrupted(workspace: Workspace) -> None:
    def step(_run: Workspace) -> None:
        time.sleep(30)

    bound: Any = bind(step, stage="load", retries=2, deadline=timedelta(seconds=1))

    @flow
    async def story() -> None:
        bound(workspace)

    began = time.monotonic()
    with pytest.raises((TimeoutError, PrefectException)):
        asyncio.run(story())
    assert time.monotonic() - began < 15


def test_events_name_and_progress_reach_the_server(prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from coopwatch.summary import Tally
    from tests.builders import NOW

    dossier = make_dossier()
    summary = Tally("run-1", NOW, 0).summarise(0, {}, {})
    new = dossier.event.model_copy(update={"event_id": "e-new", "first_seen_at": NOW})
    old = dossier.event.model_copy(update={"event_id": "e-old", "first_seen_at": NOW - timedelta(days=1)})
    dossiers = [dossier.model_copy(update={"event": event}) for event in (old, new)]

    @flow
    async def story() -> str:
        from prefect import runtime

        await publishing.name_run("monitor 12 sources")
        publishing.tell_events(dossiers, summary)
        publishing.tell_run("monitor", "run-1", summary)
        bar = publishing.ProgressBar("entries", 10, "entries worked off")
        await bar.advance(5)  # seconds have not passed: nothing is shown
        bar._shown_at -= 60
        await bar.advance(1, more=2)
        await bar.finish()
        return str(runtime.flow_run.id)

    run_id = asyncio.run(story())
    api = Api(prefect_api)
    assert api.read_run(run_id)["name"] == "monitor 12 sources"
    [progress] = [one for one in api.list_of("artifacts", run_id) if one["type"] == "progress"]
    assert (progress["key"], progress["data"]) == ("entries", 100.0)
    expected = {
        ("coopwatch.event.created", "coopwatch.event.e-new"),
        ("coopwatch.event.changed", "coopwatch.event.e-old"),
        ("coopwatch.run.finished", "coopwatch.run.run-1"),
    }
    told: set[tuple[str, str]] = set()
    deadline = time.monotonic() + 30
    while not expected <= told and time.monotonic() < deadline:
        time.sleep(0.3)
        told = {
            (one["event"], one["resource"]["prefect.resource.id"]) for one in api.list_events("coopwatch.")
        }
    assert expected <= told
