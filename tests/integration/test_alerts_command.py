"""`coopwatch alerts` over a filled warehouse; what needs a Prefect server is in test_notifying."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from coopwatch.warehouse import Warehouse
from flows.cli.alerts import app
from schemas.records import EventChange
from tests.builders import NOW, make_article, make_dossier
from tests.fakes import FakeReceiver, serve_receiver
from tests.integration.test_warehouse_outbox import make_notice
from tests.integration.warehouse_samples import RUN, make_batch, take_entries

ALERTS = """
routes: {console: {kind: console}, team: {kind: apprise, urls_from: TEAM}}
rules:
  - {id: laboratories, kinds: [laboratory], routes: [console, team]}
  - {id: brazil, countries: [BR], routes: [console]}
"""


@pytest.fixture
def url(sqlite_url: str) -> str:
    article = make_article()
    change = EventChange(event_id="e-1", kind="new_event", revision=1, article_id=article.article_id)
    with Warehouse.open(sqlite_url) as warehouse:
        take_entries(warehouse, 1)
        dossier = make_dossier(article, name="Opening of \x1b[31m<script>laboratory</script>")
        warehouse.write_batch(RUN, make_batch(article, dossiers=(dossier,)), (change,), NOW)
        warehouse.add_alerts([make_notice(1), make_notice(2, status="failed", last_error="503")])
    return sqlite_url


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "alerts.yaml"
    path.write_text(ALERTS, encoding="utf-8")
    return {"COOPWATCH_ALERTS": str(path)}


def run(url: str, environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--warehouse", url], env=environment)


def test_rules_are_tried_and_the_message_shown_in_every_format(url: str, environment: dict[str, str]) -> None:
    done = run(url, environment, "test", "--event", "e-1")
    assert done.exit_code == 0, done.output
    assert "last change of e-1: new_event\n" in done.output
    assert "laboratories  new_event    console, team" in done.output
    assert "brazil        nothing      console" in done.output
    assert "off, without an address: team" in done.output
    for form in ("--- text: ", "--- markdown: ", "--- html: ", "<!DOCTYPE html>"):
        assert form in done.output
    assert "\x1b" not in done.output
    assert "<script>" not in done.output


def test_a_test_goes_out_to_one_route_and_is_not_in_the_outbox(url: str, environment: dict[str, str]) -> None:
    with serve_receiver(FakeReceiver(moods=["take", "refuse"])) as hook:
        team = environment | {"TEAM": f"{hook.url} {hook.url}"}
        done = run(url, team, "test", "--send", "team")
    assert done.exit_code == 2
    assert "team: sent\n" in done.output
    assert "team#2: " in done.output
    assert "hook" not in done.output
    assert hook.received[0]["title"].startswith("Test: ")
    with Warehouse.open(url) as warehouse:
        assert len(warehouse.read_outbox()) == 2


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("test", "--event", "e-9"), "there is no event 'e-9'"),
        (("test", "--send", "desk"), "there is no route 'desk'"),
        (("test", "--send", "team"), "TEAM is not set"),
        (("list", "--status", "lost"), "no status 'lost'"),
        (("list", "--route", "desk"), "there is no route 'desk'"),
        (("retry", "--route", "desk#2"), "there is no route 'desk'"),
    ],
)
def test_a_mistake_is_said(
    url: str, environment: dict[str, str], arguments: tuple[str, ...], complaint: str
) -> None:
    done = run(url, environment, *arguments)
    assert done.exit_code == 2
    assert complaint in " ".join(done.output.replace("│", " ").split())


def test_the_outbox_is_listed_and_what_failed_is_tried_again(url: str, environment: dict[str, str]) -> None:
    listed = run(url, environment, "list", "--status", "failed").output
    assert "Alert 2" in listed
    assert "503" in listed
    assert "Alert 1" not in listed
    assert "1 pending, 0 sent, 1 failed, 0 rolled up" in listed
    assert run(url, environment, "retry").output == "1 alert pending again\n"
    assert '"status": "pending"' in run(url, environment, "list", "--json").output
