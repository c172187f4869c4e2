"""Warnings, checks and the quarantine on both databases."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.quality import write_warnings
from schemas.records import QualityCheck, QualityWarning, Rejection
from tests.builders import NOW
from tests.integration.warehouse_samples import (
    HOUR,
    RUN,
    dump,
    make_batch,
    make_result,
    make_source,
    take_entries,
)

TITLE = "article.expect_column_values_to_not_be_null(title)"
TEXT = "article.expect_column_value_lengths_to_be_between(text)"
LATER = NOW + HOUR


def execute(url: str, statement: str, **values: object) -> None:
    database = Database(parse_url(url))
    database.write(lambda connection: connection.execute(text(statement), values))
    database.close()


def refuse(
    warehouse: Warehouse, url: str, rules: dict[int, str], run_id: str = RUN, versions: str = "gate-1 maker-1"
) -> None:
    """Quarantine entries that the run has taken, under a version of the gate and of the extractors."""
    rejections = tuple(
        Rejection(
            entry_id=entry_id,
            stage="check",
            rule=rule,
            rule_version="1",
            reason="title is missing: must not be blank",
            record={"title": "", "run": run_id},
        )
        for entry_id, rule in rules.items()
    )
    results = tuple(
        make_result(entry_id, outcome="quarantined", stage="check", reason=rule)
        for entry_id, rule in rules.items()
    )
    warehouse.write_batch(run_id, make_batch(results=results, rejections=rejections), (), NOW)
    gate, _, extractor = versions.partition(" ")
    execute(
        url,
        "UPDATE rejection SET gate_version = :gate, extractor = :extractor WHERE run_id = :run_id",
        gate=gate,
        extractor=extractor,
        run_id=run_id,
    )


@pytest.fixture
def refused(warehouse: Warehouse, warehouse_url: str) -> Warehouse:
    """A warehouse with entries 1 and 2 in quarantine and entry 3 loaded."""
    take_entries(warehouse, 3)
    refuse(warehouse, warehouse_url, {1: TITLE, 2: TEXT})
    warehouse.write_batch(RUN, make_batch(results=(make_result(3),)), (), NOW)
    return warehouse


def test_the_same_versions_release_nothing(refused: Warehouse) -> None:
    assert refused.release_quarantined("gate-1", "maker-1", LATER) == 0
    assert refused.count_entries()["quarantined"] == 2


@pytest.mark.parametrize("versions", [("gate-2", "maker-1"), ("gate-1", "maker-2")])
def test_another_version_releases_what_the_one_before_refused(
    refused: Warehouse, warehouse_url: str, versions: tuple[str, str]
) -> None:
    assert refused.release_quarantined(*versions, LATER) == 2
    assert refused.release_quarantined(*versions, LATER) == 0
    assert refused.count_entries() == {
        "pending": 2, "loaded": 1, "irrelevant": 0, "quarantined": 0, "failed": 0,
    }  # fmt: skip

    refused.start_run("run-2", LATER)
    taken = refused.take_pending("run-2", 10, LATER, HOUR)
    assert [(entry.entry_id, entry.attempts) for entry in taken] == [(1, 0), (2, 0)]
    assert len(dump(warehouse_url, ["rejection"])["rejection"]) == 2  # what was said stays


def test_an_entry_is_tried_once_a_version_whatever_comes_back(refused: Warehouse, warehouse_url: str) -> None:
    refused.release_quarantined("gate-2", "maker-1", LATER)
    refused.start_run("run-2", LATER)
    refused.take_pending("run-2", 10, LATER, HOUR)
    refuse(refused, warehouse_url, {1: TITLE, 2: TEXT}, "run-2", "gate-2 maker-1")

    assert refused.release_quarantined("gate-2", "maker-1", LATER) == 0
    assert refused.release_quarantined("gate-1", "maker-1", LATER) == 0  # an older program, started once more
    assert refused.release_quarantined("gate-3", "maker-1", LATER) == 2


def test_what_was_refused_before_versions_were_kept_is_tried_again(
    warehouse: Warehouse, warehouse_url: str
) -> None:
    take_entries(warehouse, 1)
    refuse(warehouse, warehouse_url, {1: TITLE}, versions="")

    assert warehouse.release_quarantined("gate-1", "maker-1", LATER) == 1


def test_what_an_archive_brought_is_never_left_to_the_monitor(refused: Warehouse, warehouse_url: str) -> None:
    source = make_source("archive.cc-news")
    refused.register_sources((source,), NOW)
    execute(warehouse_url, "UPDATE entry SET source_id = 'archive.cc-news' WHERE entry_id = 1")

    assert refused.release_quarantined("gate-2", "maker-1", LATER) == 1
    assert refused.retry_quarantined(None, LATER) == 0
    assert [row.entry_id for row in refused.read_quarantined()] == [1]


def test_a_retry_by_hand_can_be_of_one_rule(refused: Warehouse) -> None:
    assert refused.retry_quarantined("article.nothing", LATER) == 0
    assert refused.retry_quarantined(TITLE, LATER) == 1
    assert [row.entry_id for row in refused.read_quarantined()] == [2]
    assert refused.retry_quarantined(None, LATER) == 1
    assert refused.read_quarantined() == ()


def test_the_quarantine_tells_rule_record_and_versions(refused: Warehouse) -> None:
    found = refused.read_quarantined()
    assert [(row.rule, row.entry_id) for row in found] == [(TEXT, 2), (TITLE, 1)]
    [row] = refused.read_quarantined(TITLE)
    assert (row.gate_version, row.extractor, row.rule_version) == ("gate-1", "maker-1", "1")
    assert row.reason == "title is missing: must not be blank"
    assert row.record == {"title": "", "run": RUN}
    assert row.url == "https://courier.example/science/1"
    assert len(refused.read_quarantined(limit=1)) == 1


def make_check(rule: str = "coverage.event_exists", **changes: Any) -> QualityCheck:
    good = {"suite": "coverage", "rule": rule, "rule_version": "1", "level": "fail", "passed": True}
    return QualityCheck.model_validate({**good, **changes})


def test_warnings_are_kept_once(warehouse: Warehouse, warehouse_url: str) -> None:
    take_entries(warehouse, 1)
    given = [
        QualityWarning(entry_id=1, rule="event.days", rule_version="1", reason=f"days is {days}")
        for days in (90, 120)
    ]
    database = Database(parse_url(warehouse_url))
    for now in (NOW, LATER):
        database.write(partial(write_warnings, run_id=RUN, warnings=given, now=now))
    database.close()

    assert set(warehouse.read_warnings(1)) == set(given)
    assert len(dump(warehouse_url, ["quality_warning"])["quality_warning"]) == 2
    assert warehouse.read_warnings(2) == ()


def test_the_last_check_is_what_is_read(warehouse: Warehouse) -> None:
    assert warehouse.read_last_checks() == ()
    bad = make_check(
        passed=False, unexpected_rows=2, observed="not so in 2 rows", sample_keys=("a-1 e-1", "a-2 e-1")
    )
    for number, check in enumerate([make_check(), bad]):
        run_id = f"check-{number}"
        warehouse.start_run(run_id, NOW + number * HOUR, "check")
        for _ in range(2):
            warehouse.write_checks(run_id, [check, make_check("alert.event_exists")], NOW)

    assert warehouse.read_last_checks() == (make_check("alert.event_exists"), bad)
