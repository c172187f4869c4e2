"""What a monitoring system asks of a warehouse, in the text format of Prometheus.

Everything is read from the warehouse, so that any process can answer, and a restart resets nothing.
Names and units follow https://prometheus.io/docs/practices/naming/.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from coopwatch.warehouse import SourceHealth
from coopwatch.warehouse.runs import RunStats
from schemas.records import AlertStatus, EntryOutcome, Record

Value = TypeVar("Value", bound=str)


class Snapshot(Record):
    """What is measured, at one time."""

    runs: tuple[RunStats, ...]
    sources: tuple[SourceHealth, ...]
    entries: dict[EntryOutcome, int]
    alerts: dict[AlertStatus, int]
    rows: dict[str, int]  # of the tables that grow, by name


class _Collector:
    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def word_metrics(snapshot: Snapshot, now: datetime) -> str:
    """Return the metrics as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(_Collector([*_measure_runs(snapshot.runs, now), *_measure_rows(snapshot)]))
    return generate_latest(registry).decode()


def _measure_runs(runs: Iterable[RunStats], now: datetime) -> Iterable[Metric]:
    begun = CounterMetricFamily("coopwatch_runs_started", "runs that began", labels=["kind"])
    ended = CounterMetricFamily("coopwatch_runs_finished", "runs that came to their end", labels=["kind"])
    last = GaugeMetricFamily(
        "coopwatch_last_run_duration_seconds", "how long the last one took", labels=["kind"]
    )
    ago = GaugeMetricFamily(
        "coopwatch_last_run_age_seconds", "how long ago the last one ended", labels=["kind"]
    )
    stages = GaugeMetricFamily(
        "coopwatch_last_run_stage_seconds",
        "time of the last one, by stage",
        labels=["kind", "stage"],
    )
    for run in runs:
        begun.add_metric([run.kind], run.started)
        ended.add_metric([run.kind], run.finished)
        if run.last_finished_at and run.last_started_at:
            last.add_metric([run.kind], (run.last_finished_at - run.last_started_at).total_seconds())
            ago.add_metric([run.kind], (now - run.last_finished_at).total_seconds())
        for stage, seconds in run.last_stage_seconds.items():
            stages.add_metric([run.kind, stage], seconds)
    return begun, ended, last, ago, stages


def _measure_rows(snapshot: Snapshot) -> Iterable[Metric]:
    yield _gauge("coopwatch_entries", "entries by outcome", "outcome", snapshot.entries)
    yield _gauge("coopwatch_alerts", "alerts in the outbox by status", "status", snapshot.alerts)
    yield _gauge("coopwatch_rows", "rows of the tables that grow", "table", snapshot.rows)
    standing = Counter[str](source.status for source in snapshot.sources)
    yield _gauge("coopwatch_sources", "sources by how they are doing", "status", standing)
    gaps = sum(source.open_gaps for source in snapshot.sources)
    yield GaugeMetricFamily("coopwatch_open_gaps", "stretches that no poll saw", value=gaps)


def _gauge(name: str, help_text: str, label: str, values: Mapping[Value, int]) -> Metric:
    gauge = GaugeMetricFamily(name, help_text, labels=[label])
    for value, number in sorted(values.items()):
        gauge.add_metric([value], number)
    return gauge
