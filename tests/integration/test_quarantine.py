"""What was refused is tried again when what refused it has changed, by the stages as the monitor has them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from coopwatch import extractors
from coopwatch.settings import Settings
from coopwatch.warehouse import Warehouse
from expectations.checking import Findings
from schemas.records import Article, Dossier, Rejection, RunSummary
from tests.builders import NOW
from tests.fakes import FakeSite, serve_site
from tests.integration.stage_rig import Desk, Gate
from tests.integration.stories import MATCH, PACT
from tests.integration.test_stages import OTHER
from tests.integration.test_warehouse_quality import execute

pytestmark = pytest.mark.slow

OUTLET = "voltapost.example"
RULE = "article.sample(title)"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(warehouse_url: str, tmp_path: Path) -> Iterator[Desk]:
    with serve_site(FakeSite()) as site:
        site.publish(OUTLET, PACT, MATCH, OTHER)
        registry = tmp_path / "sources.yaml"
        registry.write_text(site.sources_yaml(), encoding="utf-8")
        yield Desk(
            Settings(
                sources=registry,
                warehouse_url=warehouse_url,
                captures=str(tmp_path / "captures"),
                allow_private_hosts=frozenset({"127.0.0.1"}),
                extract_workers=1,
            )
        )


def make_gate(version: str, *refused: str) -> Gate:
    """Return a gate of a version that refuses articles whose title holds one of some words."""

    def check(articles: Sequence[Article], dossiers: Sequence[Dossier], now: datetime) -> Findings:
        return Findings(
            rejections=tuple(
                Rejection(
                    entry_id=article.entry_id,
                    stage="check",
                    rule=RULE,
                    rule_version=version,
                    reason=f"title is {article.title}: must be duller",
                    record=article.model_dump(mode="json"),
                )
                for article in articles
                if any(word in article.title for word in refused)
            ),
            gate_version=version,
        )

    return check


def list_outcomes(summary: RunSummary) -> tuple[int, int, int, int, int]:
    """Return what was carried over and what became of everything, after a look at whether it adds up."""
    entries = summary.entries
    after = (entries.loaded, entries.irrelevant, entries.quarantined, entries.failed, entries.pending)
    assert summary.carried_over + entries.new == sum(after)
    return (summary.carried_over, *after[:3], entries.pending)


def test_a_rule_that_changed_is_tried_once_a_version_until_it_lets_pass(
    desk: Desk, warehouse_url: str
) -> None:
    strict, other, mild = make_gate("g-1", "Peru"), make_gate("g-2", "desert"), make_gate("g-3")
    assert list_outcomes(desk.monitor(NOW, strict)) == (0, 1, 1, 1, 0)
    assert list_outcomes(desk.monitor(NOW + HOUR, strict)) == (0, 0, 0, 0, 0)  # the same rules: not again
    assert list_outcomes(desk.monitor(NOW + 2 * HOUR, other)) == (1, 0, 0, 1, 0)
    assert list_outcomes(desk.monitor(NOW + 3 * HOUR, other)) == (0, 0, 0, 0, 0)
    assert list_outcomes(desk.monitor(NOW + 4 * HOUR, strict)) == (0, 0, 0, 0, 0)  # it said so before
    with Warehouse.open(warehouse_url) as warehouse:
        [row] = warehouse.read_quarantined(None, 10)
        assert (row.rule, row.gate_version, row.extractor) == (RULE, "g-2", extractors.IN_FORCE)
        assert len(warehouse.read_events()) == 1

    assert list_outcomes(desk.monitor(NOW + 5 * HOUR, mild)) == (1, 1, 0, 0, 0)
    assert list_outcomes(desk.monitor(NOW + 6 * HOUR, mild)) == (0, 0, 0, 0, 0)
    with Warehouse.open(warehouse_url) as warehouse:
        assert warehouse.read_quarantined(None, 10) == ()
        assert sorted(dossier.event.country or "" for dossier in warehouse.read_events()) == ["GH", "PE"]
        announced = [alert.event_id for alert in warehouse.read_outbox(route="console")]
        assert len(announced) == len(set(announced)) == 2
        counts = warehouse.count_entries()
    assert (counts["loaded"], counts["irrelevant"], sum(counts.values())) == (2, 1, 3)


def test_another_extractor_is_tried_too(desk: Desk, warehouse_url: str) -> None:
    strict = make_gate("g-1", "Peru")
    assert list_outcomes(desk.monitor(NOW, strict)) == (0, 1, 1, 1, 0)
    execute(warehouse_url, "UPDATE rejection SET extractor = 'the one before'")

    assert list_outcomes(desk.monitor(NOW + HOUR, strict)) == (1, 0, 0, 1, 0)  # and it makes the same of it
    assert list_outcomes(desk.monitor(NOW + 2 * HOUR, strict)) == (0, 0, 0, 0, 0)


def test_what_is_retried_by_hand_is_worked_on_whatever_has_changed(desk: Desk, warehouse_url: str) -> None:
    strict = make_gate("g-1", "Peru")
    desk.monitor(NOW, strict)
    with Warehouse.open(warehouse_url) as warehouse:
        assert warehouse.retry_quarantined(RULE, NOW + HOUR) == 1

    assert list_outcomes(desk.monitor(NOW + HOUR, strict)) == (1, 0, 0, 1, 0)
    with Warehouse.open(warehouse_url) as warehouse:
        assert [row.run_id for row in warehouse.read_quarantined(None, 10)] == ["run-2"]
