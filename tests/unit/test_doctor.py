"""The doctor's eye for what is wrong, one thing at a time, and all mistakes at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from coopwatch.doctor import Diagnosis, examine, worst
from coopwatch.warehouse import Warehouse
from tests.builders import NOW

ALERTS = """
routes: {team: {kind: apprise, urls_from: TEAM_URLS}, console: {kind: console}}
rules: [{id: all, routes: [team, console]}]
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "alerts.yaml").write_text(ALERTS, encoding="utf-8")
    return {
        "COOPWATCH_WAREHOUSE_URL": f"sqlite:///{tmp_path}/warehouse.db",
        "COOPWATCH_ALERTS": str(tmp_path / "alerts.yaml"),
    }


def look(environment: dict[str, str]) -> dict[str, list[Diagnosis]]:
    found: dict[str, list[Diagnosis]] = {}
    for one in examine(environment, NOW):
        assert "\n" not in one.note
        found.setdefault(one.area, []).append(one)
    return found


def statuses(found: dict[str, list[Diagnosis]], *but: str) -> set[str]:
    return {one.status for area, several in found.items() if area not in but for one in several}


def test_a_fresh_checkout_is_well_and_nothing_is_created(environment: dict[str, str], tmp_path: Path) -> None:
    found = look(environment)
    assert statuses(found, "disk") == {"ok", "off"}
    assert found["route team"][0].note == "TEAM_URLS is not set"
    assert found["database"][0].note.endswith("the first run will create it")
    assert not (tmp_path / "warehouse.db").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["alerts.yaml"]


@pytest.mark.parametrize(
    ("variable", "value", "area"),
    [
        ("COOPWATCH_CAPTURES", "/proc/captures", "captures"),
        ("COOPWATCH_WAREHOUSE_URL", "sqlite:////proc/warehouse.db", "database"),
    ],
)
def test_what_no_run_could_create_is_found(
    environment: dict[str, str], variable: str, value: str, area: str
) -> None:
    [found] = look(environment | {variable: value})[area]
    assert (found.status, "cannot be created" in found.note) == ("broken", True)


def test_an_address_that_apprise_cannot_read_is_counted_and_not_shown(environment: dict[str, str]) -> None:
    [team] = look(environment | {"TEAM_URLS": "json://desk.example/x s3cret"})["route team"]
    assert (team.status, team.note) == ("warn", "2 URLs in TEAM_URLS; Apprise cannot read number 2")


def test_every_wrong_setting_is_said_in_a_line_of_its_own(environment: dict[str, str]) -> None:
    wrong = {"COOPWATCH_BATCH_SIZE": "many", "COOPWATCH_FETCH_THREADS": "0", "COOPWATCH_WAREHOUSE_ULR": "x"}
    found = look(environment | wrong)["settings"]
    assert [(one.status, one.note.partition(":")[0]) for one in found] == [
        ("broken", "COOPWATCH_FETCH_THREADS='0'"),
        ("broken", "COOPWATCH_BATCH_SIZE='many'"),
        ("warn", "COOPWATCH_WAREHOUSE_ULR"),
    ]


@pytest.mark.parametrize(
    ("variable", "area"),
    [
        ("COOPWATCH_SOURCES", "registry"),
        ("COOPWATCH_TOPIC", "topic"),
        ("COOPWATCH_SERIES", "series"),
        ("COOPWATCH_PUBLISHERS", "publishers"),
        ("COOPWATCH_ALERTS", "alerts"),
    ],
)
def test_a_broken_file_is_found_beside_whatever_else_there_is(
    environment: dict[str, str], tmp_path: Path, variable: str, area: str
) -> None:
    (tmp_path / "broken.yaml").write_text("sources: [", encoding="utf-8")
    for path in (tmp_path / "broken.yaml", tmp_path / "missing.yaml"):
        found = look(environment | {variable: str(path)})
        assert found[area][0].status == "broken"
        assert path.name in found[area][0].note
        assert statuses(found, "disk", area) <= {"ok", "off"}


@pytest.mark.parametrize(
    ("url", "status", "note"),
    [
        ("mysql://host/name", "broken", "a warehouse is sqlite or postgresql"),
        ("postgresql://me:s3cret@127.0.0.1:9/name", "broken", "me:***@127.0.0.1:9"),
        ("sqlite:///{folder}", "broken", "{folder}"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_without_its_password(
    environment: dict[str, str], tmp_path: Path, url: str, status: str, note: str
) -> None:
    found = look(environment | {"COOPWATCH_WAREHOUSE_URL": url.format(folder=tmp_path)})["database"]
    assert [one.status for one in found] == [status]
    assert note.format(folder=tmp_path) in found[0].note
    assert "s3cret" not in found[0].note


def test_what_the_warehouse_tells(environment: dict[str, str], sqlite_url: str) -> None:
    environment["COOPWATCH_WAREHOUSE_URL"] = sqlite_url
    assert look(environment)["runs"][0].status == "off"
    with Warehouse.open(sqlite_url) as warehouse:
        warehouse.start_run("old", NOW - timedelta(hours=4))
        warehouse.finish_run("old", NOW - timedelta(hours=3))
    found = look(environment)
    assert found["database"][0].note.endswith("schema current, writable")
    assert (found["runs"][0].status, found["runs"][0].note) == ("warn", "last success 2025-07-01 09:00 UTC")
    assert found["outbox"][0].note == "0 pending, 0 failed"


def test_a_place_for_captures_that_takes_nothing_is_found(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    found = look(environment | {"COOPWATCH_CAPTURES": str(tmp_path / "file")})
    assert found["captures"][0].status == "broken"


def test_the_gravest_counts() -> None:
    def make(*given: str) -> list[Diagnosis]:
        return [Diagnosis.model_validate({"area": "x", "status": one, "note": ""}) for one in given]

    assert worst([]) == "ok"
    assert worst(make("ok", "off")) == "off"
    assert worst(make("warn", "off", "ok")) == "warn"
    assert worst(make("warn", "broken", "ok")) == "broken"
