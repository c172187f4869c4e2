"""What a period brought, and when the pipeline last worked."""

from datetime import timedelta

import pytest

from coopwatch.warehouse import Warehouse
from schemas.records import EventChange, RunSummary
from schemas.records.runs import SourceCounts
from tests.builders import NOW, make_article, make_dossier
from tests.integration.warehouse_samples import RUN, make_batch, take_entries

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_period_holds_what_was_first_known_or_changed_in_it(warehouse: Warehouse) -> None:
    take_entries(warehouse, 2)
    one, two = make_article(1), make_article(2)
    early = make_dossier(one, first_seen_at=NOW - 8 * DAY)
    late = make_dossier(two, event_id="e-2", name="Polar forum", first_seen_at=NOW)
    changes = [
        EventChange(
            event_id="e-1", kind="conflict", revision=2, article_id=one.article_id, detail="40 or 80"
        ),
        EventChange(event_id="e-2", kind="new_event", revision=1, article_id=two.article_id),
    ]
    warehouse.write_batch(RUN, make_batch(one, two, dossiers=(early, late)), changes, NOW)

    period = warehouse.read_period(NOW - DAY, NOW + HOUR)
    assert [event.event_id for event in period.new_events] == ["e-2"]
    assert [(change.name, change.kind, change.detail) for change in period.changes] == [
        ("Opening of the joint ice core laboratory", "conflict", "40 or 80")
    ]
    assert [(event.event_id, articles) for event, articles in period.covered] == [("e-1", 1), ("e-2", 1)]
    assert period.covered_at == (NOW, NOW)
    assert period.outcomes == {"loaded": 2}
    assert not period.is_empty
    assert warehouse.read_period(NOW + HOUR, NOW + DAY).is_empty
    assert warehouse.read_period(NOW - DAY, NOW).is_empty  # its end is no part of it


@pytest.mark.parametrize(
    ("counts", "is_success"),
    [
        (None, True),
        (SourceCounts(), True),  # nothing was due
        (SourceCounts(due=2, polled=1, failed=1), True),
        (SourceCounts(due=2, failed=2), False),
    ],
)
def test_the_last_run_that_worked(
    warehouse: Warehouse, counts: SourceCounts | None, is_success: bool
) -> None:
    assert warehouse.read_last_success() is None
    warehouse.start_run("run-1", NOW)
    assert warehouse.read_last_success() == NOW  # since then none did
    warehouse.finish_run("run-1", NOW + HOUR)
    warehouse.start_run("run-2", NOW + 2 * HOUR)
    summary = RunSummary(run_id="run-2", started_at=NOW, sources=counts) if counts else None
    warehouse.finish_run("run-2", NOW + 3 * HOUR, summary)
    warehouse.start_run("run-3", NOW + 4 * HOUR)  # was killed
    warehouse.start_run("run-4", NOW + 5 * HOUR, "digest")
    warehouse.finish_run("run-4", NOW + 5 * HOUR)
    assert warehouse.read_last_success() == NOW + (3 if is_success else 1) * HOUR


def test_where_every_run_failed_the_oldest_of_them_counts(warehouse: Warehouse) -> None:
    for hours in (0, 2):
        warehouse.start_run(f"run-{hours}", NOW + hours * HOUR)
        summary = RunSummary(run_id="", started_at=NOW, sources=SourceCounts(due=1, failed=1))
        warehouse.finish_run(f"run-{hours}", NOW + (hours + 1) * HOUR, summary)
    assert warehouse.read_last_success() == NOW + HOUR
