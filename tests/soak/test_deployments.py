"""Every deployment once, two workers at once, and an automation that starts a deployment."""

import re
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from tests.fakes import Story
from tests.integration.prefect_rig import POOL, PROJECT, prefect, start_worker
from tests.soak.deployed import (
    OUTLETS,
    STORIES,
    DeployedServer,
    NewsDesk,
    assert_complete,
    connect,
    wait_for_run,
)

pytestmark = [pytest.mark.soak, pytest.mark.slow]

CONFERENCE = Story(
    "summit.html",
    "Kenya hosts first conference on science and technology cooperation with Norway",
    "NAIROBI -- Scientists from Kenya and Norway met in Nairobi on March 3, 2025 for the first Kenya-Norway "
    "Conference on Science and Technology Cooperation, which was opened by the ministers of science.\n\n"
    "The conference brought together 120 researchers from universities of the two countries. They discussed "
    "joint research on oceans, climate and health, and an exchange of young scientists.\n\n"
    "The second conference will be held in Bergen in two years, the organisers said at the closing session.",
)


def test_each_deployment_runs_and_says_what_it_did(
    server: DeployedServer, desk: NewsDesk, tmp_path: Path
) -> None:
    api, url = server.api, f"sqlite:///{tmp_path}/warehouse.db"
    environment = desk.set_environment(server, url)
    with start_worker(tmp_path / "worker.log", environment, "worker", "--limit", "2"):
        first = api.wait(api.start("monitor/monitor"))
        assert first["state_type"] == "COMPLETED", first["state"]["message"]
        waiting = {
            "check-sources": api.start("check_sources/check-sources"),
            "check": api.start("check/check", data_docs=str(tmp_path / "docs")),
            "digest-daily": api.start("digest/digest-daily", period="day", until="2025-03-11T06:00:00Z"),
            "digest-weekly": api.start("digest/digest-weekly", period="week", until="2025-03-11T06:00:00Z"),
            "maintenance": api.start("maintenance/maintenance", texts_keep_days=3650),
            "reprocess": api.start("reprocess/reprocess"),
            "backfill": api.start("backfill/backfill", kind="gaps"),
        }
        runs = {name: api.wait(run_id, seconds=600) for name, run_id in waiting.items()}
    assert {name: run["state_type"] for name, run in runs.items()} == dict.fromkeys(waiting, "COMPLETED"), (
        tmp_path / "worker.log"
    ).read_text(errors="replace")[-3000:]
    keys = {
        name: {one["key"] for one in api.list_of("artifacts", run_id)} for name, run_id in waiting.items()
    }
    assert keys["check-sources"] == {"source-checks"}
    assert keys["maintenance"] == {"maintenance"}
    assert {"checks", "data-docs"} <= keys["check"]
    assert first["name"] == f"monitor {OUTLETS} sources"
    names = {name: run["name"] for name, run in runs.items()}
    assert re.fullmatch(r"check tables, \d\d+ rules", names["check"])
    assert {name: names[name] for name in set(names) - {"check", "reprocess"}} == {
        "check-sources": f"check {OUTLETS} sources",
        "digest-daily": "digest daily 2025-03-10",
        "digest-weekly": "digest weekly 2025-W10",
        "maintenance": "maintenance, captures kept 90 days, texts 3650 days",
        "backfill": "backfill gaps 0 gaps",
    }
    finished = {event["resource"]["coopwatch.kind"] for event in api.list_events("coopwatch.run.finished")}
    assert {"check_sources", "maintenance"} <= finished
    assert_complete(url, desk.receiver)


def test_two_workers_at_once_share_one_warehouse(
    server: DeployedServer,
    desk: NewsDesk,
    postgres_url: str,
    tmp_path: Path,
) -> None:
    desk.site.seconds = 0.2
    # two deployments of one flow: one would let the second run wait
    first = server.api.ask("GET", "/deployments/name/monitor/monitor")
    same = {name: first[name] for name in ("flow_id", "entrypoint", "path", "pull_steps", "job_variables")}
    made = server.api.ask(
        "POST", "/deployments/", name="second", work_pool_name=POOL, enforce_parameter_schema=False, **same
    )
    assert made["id"] != first["id"]
    environment = desk.set_environment(server, postgres_url)
    with ExitStack() as workers:
        for name in ("one", "two"):  # each takes one run
            workers.enter_context(start_worker(tmp_path / f"{name}.log", environment, name, "--limit", "1"))
        ids = [server.api.start(f"monitor/{name}", force=True) for name in ("monitor", "second")]
        runs = [server.api.wait(run_id) for run_id in ids]
    assert [run["state_type"] for run in runs] == ["COMPLETED"] * 2, [run["state"] for run in runs]
    assert len(desk.site.pages) == len(set(desk.site.pages)) == STORIES, "no page was fetched twice"
    assert_complete(postgres_url, desk.receiver)
    with connect(postgres_url) as connection:
        shares = connection.execute(text("SELECT run_id, count(*) FROM entry GROUP BY run_id")).tuples().all()
    print("entries by run:", [entries for _, entries in shares])
    assert {run_id for run_id, _ in shares} == set(ids), "both had a part in the work"


EXAMPLE = "<!-- deployed by tests/integration/test_automation.py -->"


def test_a_new_conference_sets_the_automation_of_the_manual_off(
    server: DeployedServer, desk: NewsDesk, tmp_path: Path
) -> None:
    """A worker finds the conference, the event goes out, and another run of the check is worked off."""
    api, url = server.api, f"sqlite:///{tmp_path}/warehouse.db"
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8").partition(EXAMPLE)[2]
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found
    automation = yaml.safe_load(found[1])
    check = api.ask("GET", "/deployments/name/check/check")["id"]
    automation["actions"][0]["deployment_id"] = check
    file = tmp_path / "automation.yaml"
    file.write_text(yaml.safe_dump(automation), encoding="utf-8")
    prefect("automation", "create", "--from-file", str(file), environment=server.environment)

    desk.site.stories = {"harbour.example": [CONFERENCE]}
    desk.write_registry()
    environment = desk.set_environment(server, url)
    environment["COOPWATCH_DATA_DOCS"] = str(tmp_path / "docs")
    with start_worker(tmp_path / "worker.log", environment):
        run = api.wait(api.start("monitor/monitor"))
        assert run["state_type"] == "COMPLETED", run["state"]["message"]
        checked = wait_for_run(api, check, "COMPLETED", seconds=180)
    assert checked["created_by"]["type"] == "AUTOMATION"
    [event] = api.list_events("coopwatch.event.created")
    assert event["resource"]["coopwatch.kind"] == "conference"
