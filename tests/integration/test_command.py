"""The command line as a user meets it: exit statuses, one-line errors, JSON, alerts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import FakeReceiver, FakeSite, serve_receiver, serve_site
from tests.integration.command import Shell, run_coopwatch
from tests.integration.stories import MATCH, PACT

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with serve_site(FakeSite()) as served:
        served.publish("voltapost.example", PACT, MATCH)
        yield served


def write_registry(site: FakeSite, folder: Path) -> Path:
    path = folder / "sources.yaml"
    path.write_text(site.sources_yaml(), encoding="utf-8")
    return path


def test_the_summary_has_the_documented_shape_and_adds_up(
    shell: Shell, site: FakeSite, sqlite_url: str, tmp_path: Path
) -> None:
    done = shell.run("run", "--sources", write_registry(site, tmp_path), "--warehouse", sqlite_url, "--json")
    assert done.status == 0, done.err
    summary = done.data
    assert summary["sources"] == {"due": 1, "polled": 1, "not_modified": 0, "failed": 0}
    assert summary["entries"] == {
        "new": 2, "loaded": 1, "irrelevant": 1, "quarantined": 0, "failed": 0, "pending": 0
    }  # fmt: skip
    assert summary["events"] == {"new": 1, "updated": 0}
    assert summary["alerts"] == {"sent": 1, "pending": 0, "failed": 0}
    assert set(summary["seconds"]) >= {"poll", "read", "link", "check", "load"}
    assert summary["run_id"]


def test_some_sources_failing_is_status_1_and_all_failing_is_status_2(
    shell: Shell, site: FakeSite, sqlite_url: str, tmp_path: Path
) -> None:
    site.stories["empty.example"] = []
    registry = write_registry(site, tmp_path)
    registry.write_text(registry.read_text().replace("empty.example/feed.xml", "empty.example/gone.xml"))
    done = shell.run("run", "--sources", registry, "--warehouse", sqlite_url, "--json")
    assert done.status == 1
    assert done.data["sources"]["failed"] == 1

    lonely = tmp_path / "lonely.yaml"
    lonely.write_text(f"sources:\n  - {{id: a, name: A, kind: feed, url: '{site.url}/none', publisher: A}}\n")
    done = shell.run("run", "--sources", lonely, "--warehouse", sqlite_url)
    assert done.status == 2
    assert "1 failed" in done.out


def test_an_address_that_nobody_allowed_is_refused(
    shell: Shell, site: FakeSite, sqlite_url: str, tmp_path: Path
) -> None:
    done = shell.run(
        *("run", "--sources", write_registry(site, tmp_path), "--warehouse", sqlite_url),
        environment={"COOPWATCH_ALLOW_PRIVATE_HOSTS": ""},
    )
    assert done.status == 2
    assert "private_address: 127.0.0.1" in done.err
    assert site.requests == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("run", "--sources", "nowhere.yaml"), "nowhere.yaml"),
        (("run", "--warehouse", "oracle://x"), "oracle"),
        (("events", "--warehouse", "sqlite:////proc/none/x.db"), "/proc/none"),
        (("run", "--replay", "nowhere.warc.gz"), "nowhere.warc.gz"),
        (("sources", "check", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_cannot_work_is_said_in_one_line(
    arguments: tuple[str, ...], complaint: str, prefect_api: str, tmp_path: Path
) -> None:
    done = run_coopwatch(*arguments, cwd=tmp_path)
    assert done.status == 2
    assert "Traceback" not in done.err
    (line,) = [line for line in (done.out + done.err).splitlines() if line.startswith("coopwatch: ")] or [
        done.out.strip()
    ]
    assert complaint in line


def test_a_wrong_setting_is_named_and_debug_shows_where(tmp_path: Path) -> None:
    wrong = {"COOPWATCH_BATCH_SIZE": "many"}
    done = run_coopwatch("events", environment=wrong, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("coopwatch: COOPWATCH_BATCH_SIZE='many': ")
    assert len(done.err.splitlines()) == 1
    assert "Traceback" in run_coopwatch("--debug", "events", environment=wrong, cwd=tmp_path).err


def test_an_unknown_event_or_address_is_said(shell: Shell, sqlite_url: str) -> None:
    for what in ("no-such-event", "https://never.example/seen"):
        done = shell.run("show", what, "--warehouse", sqlite_url)
        assert done.status == 2
        assert what in done.err


def test_an_empty_warehouse_says_what_to_do(shell: Shell, sqlite_url: str) -> None:
    done = shell.run("events", "--warehouse", sqlite_url)
    assert (done.status, done.out) == (0, "no events yet; `coopwatch run` looks for some\n")
    assert shell.run("events", "--warehouse", sqlite_url, "--json").data == []


def test_show_explains_an_irrelevant_and_a_relevant_address(
    shell: Shell, site: FakeSite, sqlite_url: str, tmp_path: Path
) -> None:
    shell.run("run", "--sources", write_registry(site, tmp_path), "--warehouse", sqlite_url)
    shown = shell.run("show", f"{site.url}/voltapost.example/match.html", "--warehouse", sqlite_url).out
    assert "irrelevant at triage: out_of_scope" in shown
    shown = shell.run("show", f"{site.url}/voltapost.example/pact.html", "--warehouse", sqlite_url).out
    assert "loaded at load" in shown
    assert "cooperation" in shown
    assert "Reports event e-" in shown
    assert "released: 2025" not in shown


def test_a_run_does_not_fail_with_a_receiver_and_keeps_its_address_to_itself(
    prefect_api: str, site: FakeSite, sqlite_url: str, tmp_path: Path
) -> None:
    with serve_receiver(FakeReceiver(is_down=True)) as hook:
        done = run_coopwatch(
            *("run", "--sources", write_registry(site, tmp_path), "--warehouse", sqlite_url, "--json"),
            environment={"COOPWATCH_ALERT_URLS": hook.url},
        )
    assert done.status == 0, done.err
    assert done.data["alerts"] == {"sent": 1, "pending": 1, "failed": 0}  # the console took its own
    assert hook.received == []
    assert hook.url not in done.out + done.err


COMMANDS: list[tuple[str, ...]] = [
    (),
    ("run",),
    ("events",),
    ("show",),
    ("review",),
    ("labels",),
    ("train",),
    ("merge",),
    ("split",),
    ("pin",),
    ("unpin",),
    ("pins",),
    ("reprocess",),
    ("sources", "check"),
]


def test_help_has_examples_everywhere(shell: Shell) -> None:
    for command in COMMANDS:
        done = shell.run(*command, "--help")
        assert done.status == 0
        assert "Examples" in done.out
        assert "coopwatch " in done.out
