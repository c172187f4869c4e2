"""Prefect blocks as receivers, and the digest flow, with a real Prefect server."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.blocks.system import Secret

from coopwatch.alerting import AlertRules
from coopwatch.warehouse import Warehouse
from schemas.records import Alert
from tasks.notifying import make_all_receivers
from tests.builders import NOW
from tests.fakes import FakeReceiver, serve_receiver
from tests.integration.command import run_coopwatch

pytestmark = pytest.mark.slow

ALERT = Alert(
    key="team:quality:1",
    event_id=None,
    kind="quality",
    rule="quality",
    route="team",
    title="Two rows fail",
    body="event.dates",
    created_at=NOW,
    next_attempt_at=NOW,
)


def make_rules(block: str) -> AlertRules:
    return AlertRules.model_validate({"routes": {"team": {"kind": "block", "block": block}}, "rules": []})


@pytest.fixture
def hook(prefect_api: str) -> Iterator[FakeReceiver]:
    with serve_receiver(FakeReceiver()) as receiver:
        CustomWebhookNotificationBlock(
            name="desk",
            url=receiver.url.replace("json://", "http://"),
            json_data={"title": "{{subject}}", "message": "{{body}}", "token": "{{token}}"},
            secrets={"token": "s3cret-token"},
        ).save("desk", overwrite=True)
        yield receiver


def test_a_block_takes_alerts(hook: FakeReceiver) -> None:
    receivers = make_all_receivers(make_rules("custom-webhook/desk"))
    assert receivers["team"](ALERT) is None
    assert hook.received == [{"title": ALERT.title, "message": ALERT.body, "token": "s3cret-token"}]


def test_a_block_whose_receiver_is_down_is_said_without_its_secrets(hook: FakeReceiver) -> None:
    hook.is_down = True
    error = make_all_receivers(make_rules("custom-webhook/desk"))["team"](ALERT)
    assert error
    assert error.startswith("block custom-webhook/desk: ")
    assert "503" in error
    assert "s3cret" not in error
    assert "hook?" not in error
    assert "127.0.0.1" not in error


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("custom-webhook/nobody", "cannot be loaded (ValueError)"),
        ("secret/word", "is no notification block"),
    ],
)
def test_a_block_that_cannot_be_used_is_said_in_one_line(
    prefect_api: str, block: str, complaint: str
) -> None:
    Secret(value="x").save("word", overwrite=True)
    error = make_all_receivers(make_rules(block))["team"](ALERT)
    assert error == f"block {block}: {complaint}"


def test_a_digest_goes_out_once(prefect_api: str, sqlite_url: str, tmp_path: Path) -> None:
    alerts = tmp_path / "alerts.yaml"
    alerts.write_text(
        "routes: {team: {kind: apprise, urls_from: TEAM, format: html}}\n"
        "rules: []\n"
        "notices: {digest: [team], stalled: [team]}\n",
        encoding="utf-8",
    )
    with serve_receiver(FakeReceiver()) as team:
        environment = os.environ | {"TEAM": team.url, "COOPWATCH_ALERTS": str(alerts)}

        def run(*arguments: str) -> tuple[int, str]:
            done = run_coopwatch(*arguments, "--warehouse", sqlite_url, environment=environment)
            return done.status, done.out

        assert run("digest", "day") == (0, "nothing to tell\n")
        for _ in range(2):
            status, out = run("digest", "week", "--until", "2026-11-16")
            assert status == 0
            assert out.startswith("Week 2026-W46: 0 new events, 0 articles\nNothing new.\n")
        assert team.keys == ["team:digest:2026-W46"]
        assert team.received[0]["message"].startswith("<!DOCTYPE html>")

        with Warehouse.open(sqlite_url) as warehouse:
            warehouse.start_run("long ago", datetime.now(UTC) - timedelta(hours=3))
        for _ in range(2):
            status, out = run("alerts", "check")
            assert status == 1
            assert out.startswith("no run has succeeded since ")
        assert [post["title"] for post in team.received[1:]] == ["Stalled: no run has succeeded for too long"]
        assert run("alerts", "list", "--status", "sent")[1].count("digest") == 1
        status, out = run("alerts", "test", "--send", "team")
        assert (status, out) == (0, "team: sent\n")
