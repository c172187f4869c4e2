"""`coopwatch reprocess` through a real Prefect server, as after an edit of the topic file."""

from pathlib import Path

import pytest

from tests.fakes import FakeSite, serve_site
from tests.integration.command import Shell, run_coopwatch
from tests.integration.stories import MATCH, PACT
from tests.integration.test_rejudging import SPORT
from tests.integration.warehouse_samples import dump

pytestmark = pytest.mark.slow


@pytest.fixture
def filled_url(shell: Shell, sqlite_url: str, tmp_path: Path) -> str:
    """A warehouse after one run; the site is gone."""
    registry = tmp_path / "sources.yaml"
    with serve_site(FakeSite()) as site:
        site.publish("voltapost.example", PACT, MATCH)
        registry.write_text(site.sources_yaml(), encoding="utf-8")
        done = shell.run("run", "--sources", registry, "--warehouse", sqlite_url, "--json")
    assert done.data["entries"]["loaded"] == 1, done.err
    return sqlite_url


@pytest.fixture
def topic(tmp_path: Path) -> Path:
    path = tmp_path / "sport.yaml"
    path.write_text(SPORT, encoding="utf-8")
    return path


def test_a_dry_run_only_tells(shell: Shell, filled_url: str, topic: Path) -> None:
    done = shell.run("reprocess", "--warehouse", filled_url, "--topic", topic, "--dry-run")
    assert done.status == 0, done.err
    assert "2 verdicts would change: 1 into scope, 1 out of it" in done.out
    assert PACT.title in done.out
    assert shell.run("events", "--warehouse", filled_url, "--json").data[0]["name"] == PACT.title


def test_events_follow_the_new_topic_and_the_run_is_in_the_ledger(
    shell: Shell, filled_url: str, topic: Path
) -> None:
    done = shell.run("reprocess", "--warehouse", filled_url, "--topic", topic, "--json")
    assert done.status == 0, done.err
    assert {change["consequence"] for change in done.data["changed"]} == {"linked", "withdrawn"}

    [event] = shell.run("events", "--warehouse", filled_url, "--json").data
    assert event["name"] == MATCH.title
    rows = dump(filled_url, ["run", "alert"])
    assert len(rows["alert"]) == 1  # of the first run
    assert all(finished for _, _, finished, *_ in rows["run"])
    assert any("withdrawn" in str(row) for row in rows["run"])

    shown = shell.run("show", event["coverage"][0]["url"], "--warehouse", filled_url).out
    assert "Judged" in shown
    assert "topic sport" in shown


def test_a_topic_file_that_is_wrong_is_one_line(sqlite_url: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SPORT.replace("id: sport", "id: Not An Id"), encoding="utf-8")
    done = run_coopwatch("reprocess", "--warehouse", sqlite_url, "--topic", wrong)
    assert done.status == 2
    assert "wrong.yaml: id: " in done.err
    assert done.err.strip().count("\n") == 0
