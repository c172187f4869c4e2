"""`coopwatch metrics` on both databases, read by Prometheus's own parser."""

from datetime import timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from coopwatch.warehouse import Warehouse
from flows.cli import app
from schemas.records import RunSummary
from tests.builders import NOW, make_dossier
from tests.integration.warehouse_samples import RUN, load_three, take_entries


def read(text: str) -> dict[tuple[str, ...], float]:
    """Return the samples by name and values of labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_warehouse_says_how_it_is_doing(warehouse: Warehouse, warehouse_url: str, tmp_path: Path) -> None:
    take_entries(warehouse, 4)
    load_three(warehouse, make_dossier())
    summary = RunSummary(run_id=RUN, started_at=NOW, seconds={"fetch": 1.5})
    warehouse.finish_run(RUN, NOW + timedelta(seconds=9), summary)
    warehouse.start_run("killed", NOW, "reprocess")
    printed = CliRunner().invoke(app, ["metrics", "--warehouse", warehouse_url])
    file = tmp_path / "node" / "coopwatch.prom"
    CliRunner().invoke(app, ["metrics", "--warehouse", warehouse_url, "--out", str(file)])

    samples = read(printed.output)
    assert samples["coopwatch_runs_finished_total", "monitor"] == 1
    assert samples["coopwatch_runs_finished_total", "reprocess"] == 0
    assert samples["coopwatch_runs_started_total", "reprocess"] == 1
    assert samples["coopwatch_last_run_duration_seconds", "monitor"] == 9
    assert samples["coopwatch_last_run_stage_seconds", "monitor", "fetch"] == 1.5
    assert ("coopwatch_last_run_age_seconds", "reprocess") not in samples
    assert samples["coopwatch_entries", "loaded"] == 3
    assert samples["coopwatch_entries", "pending"] == 1
    assert samples["coopwatch_rows", "article"] == 3
    assert samples["coopwatch_rows", "event"] == 1
    assert samples["coopwatch_open_gaps",] == 0
    assert set(read(file.read_text())) == set(samples)
