"""The check flow on a real Prefect server, and the command line around it."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coopwatch.quality import QualityReport
from coopwatch.warehouse import Warehouse
from flows.cli.quality import quarantine_app
from tests.integration.test_warehouse_quality import TEXT, TITLE, refuse
from tests.integration.warehouse_samples import dump, take_entries

pytestmark = pytest.mark.slow


PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from prefect.client.orchestration import get_client
from flows.check import check

async def run():
    state = await check(warehouse_url=sys.argv[1], data_docs=Path(sys.argv[2]), return_state=True)
    report = await state.aresult(raise_on_failure=False)
    async with get_client() as client:
        keys = [artifact.key for artifact in await client.read_artifacts()]
    print(json.dumps([state.type.value, state.message, report.model_dump(mode="json"), keys]))

asyncio.run(run())
"""


def run_check(url: str, docs: Path) -> tuple[str, str, QualityReport, list[str]]:
    """Run the flow in a process of its own; return its state, message, report, and its artifacts' keys."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, url, docs], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    state, message, report, keys = json.loads(done.stdout)
    return state, message, QualityReport.model_validate(report), keys


def test_a_warehouse_in_order_passes_and_one_that_is_not_fails_in_one_line(
    prefect_api: str, sqlite_url: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    with Warehouse.open(sqlite_url) as warehouse:
        warehouse.start_run("monitor-1", now)
        warehouse.finish_run("monitor-1", now)
    state, message, report, artifacts = run_check(sqlite_url, tmp_path / "docs")
    assert state == "COMPLETED", message
    assert report.data_docs == (tmp_path / "docs" / "index.html").as_uri()
    assert {"checks", "data-docs"} <= set(artifacts)

    with Warehouse.open(sqlite_url) as warehouse:
        warehouse.finish_run("monitor-1", now - timedelta(days=3))
    state, message, report, _ = run_check(sqlite_url, tmp_path / "docs")
    assert state == "FAILED"
    assert [check.rule for check in report.failed] == ["run.is_fresh"]
    assert "1 failed: run.is_fresh" in message

    kept = dump(sqlite_url, ["quality_check"])["quality_check"]
    assert len(kept) == 2 * len(report.checks)
    with Warehouse.open(sqlite_url) as warehouse:
        assert {check.rule: check.passed for check in warehouse.read_last_checks()} == {
            check.rule: check.passed for check in report.checks
        }


def test_the_quarantine_is_listed_by_rule_and_retried(sqlite_url: str) -> None:
    runner = CliRunner()
    assert "nothing is in quarantine" in runner.invoke(quarantine_app, ["--warehouse", sqlite_url]).output
    with Warehouse.open(sqlite_url) as warehouse:
        take_entries(warehouse, 2)
        refuse(warehouse, sqlite_url, {1: TITLE, 2: TEXT})

    listed = runner.invoke(quarantine_app, ["--warehouse", sqlite_url])
    assert listed.exit_code == 0
    assert f"{TITLE}  (1)" in listed.output
    assert "title is missing: must not be blank" in listed.output
    assert "https://courier.example/science/1" in listed.output
    as_json = runner.invoke(quarantine_app, ["--warehouse", sqlite_url, "--rule", TITLE, "--json"])
    assert '"gate_version": "gate-1"' in as_json.output
    assert TEXT not in as_json.output

    done = runner.invoke(quarantine_app, ["retry", "--warehouse", sqlite_url, "--rule", TITLE])
    assert done.output == "1 entry will be tried again by the next run\n"
    with Warehouse.open(sqlite_url) as warehouse:
        assert warehouse.count_entries()["pending"] == 1
