"""`coopwatch metrics`: for Prometheus."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from coopwatch.exports.files import replacing
from coopwatch.metrics import Snapshot, word_metrics
from flows.cli.reading import WarehouseOption, open_warehouse

OutOption = Annotated[
    Path | None, typer.Option(help="Write to this file, whole or not at all, instead of standard output.")
]


def metrics(warehouse: WarehouseOption = None, out: OutOption = None) -> None:
    """Print counts and durations in the text format of Prometheus.

    Examples:
      coopwatch metrics
      coopwatch metrics --out /var/lib/node_exporter/coopwatch.prom
    """
    with open_warehouse(warehouse) as opened:
        snapshot = Snapshot(
            runs=opened.read_run_stats(),
            sources=opened.read_source_health(),
            entries=opened.count_entries(),
            alerts=opened.count_alerts(),
            rows=opened.count_rows(),
        )
    text = word_metrics(snapshot, datetime.now(UTC))
    if out is None:
        print(text, end="")
        return
    with replacing(out) as new:
        new.write_text(text, encoding="utf-8")
