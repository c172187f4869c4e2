"""Holds the rows of a batch against the suites and says which rows break which rules, and why.

Great Expectations is imported when there is something to check, not before: it takes seconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from expectations.frames import INSTANTS, NUMBERS, Row, coverage_key, make_frames
from expectations.library import (
    ExpectationError,
    hash_rule,
    level_of,
    load_quietly,
    make_context,
    name_rule,
    read_results,
    show_value,
)
from expectations.version import gate_version
from schemas.records import Article, Dossier, GateLevel, QualityWarning, Rejection

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.datasource.fluent.pandas_datasource import PandasDatasource
    from great_expectations.expectations.expectation import Expectation
    from pandas import DataFrame

CLOCK_TOLERANCE = timedelta(days=1)
HORIZON = timedelta(days=3653)  # ten years
COMPLETE = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["row"],
    "partial_unexpected_count": 0,
}
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class Findings:
    """What the gate found in a batch, each ordered by entry: what it stops, and what it only says."""

    rejections: tuple[Rejection, ...] = ()
    warnings: tuple[QualityWarning, ...] = ()
    gate_version: str = field(default_factory=gate_version)


@dataclass(frozen=True)
class _Fault:
    level: GateLevel
    rule: str
    rule_version: str
    reason: str
    row: Row


def find_faults(articles: Sequence[Article], dossiers: Sequence[Dossier], now: datetime) -> Findings:
    """Check the records of a batch before they are loaded.

    Args:
        articles: the articles of the batch.
        dossiers: the events that the batch made or changed, whole.
        now: the time of the run, aware.

    Returns:
        One rejection, or one warning, for each expectation that a row fails and each entry that answers
        for the row; nothing when everything may be loaded. An article answers for its coverage and
        claims, and all articles of the batch that cover an event answer for the event. Rows of articles
        that are not in the batch are not looked at.

    Raises:
        ExpectationError: an expectation could not be evaluated; nothing is known of the batch then.
    """
    frames = make_frames(articles, dossiers)
    if not any(frames.values()):
        return Findings()
    suites = _load_suites()
    source = _make_source()
    parameters = {
        "latest": _strip_zone(now + CLOCK_TOLERANCE),
        "horizon": _strip_zone(now + HORIZON),
        "event_ids": [dossier.event.event_id for dossier in dossiers],
        "coverage_keys": [coverage_key(row) for dossier in dossiers for row in dossier.coverage],
    }
    faults = [
        fault
        for name, rows in frames.items()
        if rows
        for fault in _check_frame(source, suites[name], rows, {**parameters, "rows": len(rows)})
    ]
    rejections = [item for fault in faults if fault.level == "fail" for item in _reject(fault)]
    warned = {item: None for fault in faults if fault.level == "warn" for item in _warn(fault)}
    return Findings(
        tuple(sorted(rejections, key=lambda found: (found.entry_id, found.rule))),
        tuple(sorted(warned, key=lambda found: (found.entry_id, found.rule, found.reason))),
    )


@cache
def _load_suites() -> "dict[str, ExpectationSuite]":
    """Return the suites; made once, since that takes as long as checking a small batch."""

    def make() -> "dict[str, ExpectationSuite]":
        from expectations.suites import make_suites

        return make_suites()

    return load_quietly(make)


def _check_frame(
    source: "PandasDatasource",
    suite: "ExpectationSuite",
    rows: Sequence[Row],
    parameters: Mapping[str, object],
) -> Iterator[_Fault]:
    """Ask first whether each expectation holds, and only of those that do not, where: half the cost."""
    from great_expectations import ExpectationSuite

    definition = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
    batch = definition.get_batch({"dataframe": _make_frame(rows)})
    verdicts = _validate(batch, suite, "BOOLEAN_ONLY", parameters)
    failed = {
        rule: expectation
        for expectation in suite.expectations
        if not verdicts[rule := name_rule(suite.name, expectation.configuration)].success
    }
    if not failed:
        return
    failed_suite = ExpectationSuite(name=suite.name, expectations=list(failed.values()))
    results = _validate(batch, failed_suite, COMPLETE, parameters)
    for rule, expectation in failed.items():
        positions = [int(index["row"]) for index in results[rule].result.get("unexpected_index_list") or ()]
        if not positions:
            raise ExpectationError(f"{rule} failed without naming a row: {results[rule].result}")
        level, version = level_of(expectation.configuration), hash_rule(expectation.configuration)
        for row in (rows[position] for position in positions):
            yield _Fault(level, rule, version, _describe(expectation, row), row)


def _reject(fault: _Fault) -> Iterator[Rejection]:
    record = fault.row.record.model_dump(mode="json")
    for entry_id in fault.row.entry_ids:
        yield Rejection(
            entry_id=entry_id,
            stage="check",
            rule=fault.rule,
            rule_version=fault.rule_version,
            reason=fault.reason,
            record=record,
        )


def _warn(fault: _Fault) -> Iterator[QualityWarning]:
    for entry_id in fault.row.entry_ids:
        yield QualityWarning(
            entry_id=entry_id, rule=fault.rule, rule_version=fault.rule_version, reason=fault.reason
        )


def _validate(
    batch: "Batch", suite: "ExpectationSuite", result_format: Any, parameters: Mapping[str, object]
) -> "dict[str, ExpectationValidationResult]":
    """Return the results by rule; see `library.read_results` for what it raises."""
    outcome = batch.validate(suite, result_format=result_format, expectation_parameters=dict(parameters))
    return read_results(suite.name, outcome.results)


def _describe(expectation: "Expectation", row: Row) -> str:
    kwargs = expectation.configuration.kwargs
    column = str(kwargs.get("column") or kwargs["column_A"])
    value = row.cells[column]
    shown = show_value("missing" if value is None else value, _SHOWN_CHARACTERS)
    return f"{column} is {shown}: {expectation.description}"


def _make_source() -> "PandasDatasource":
    return make_context().data_sources.add_pandas("batch")


def _make_frame(rows: Sequence[Row]) -> "DataFrame":
    """Return the rows as a frame, their positions in column `row`, with types that do not depend on them.

    Instants are in UTC without saying so: comparing two columns that do is deprecated in pandas.
    """
    import pandas as pd

    frame = pd.DataFrame([{"row": position, **row.cells} for position, row in enumerate(rows)])
    for column in INSTANTS.intersection(frame.columns):
        frame[column] = frame[column].astype("datetime64[us, UTC]").dt.tz_convert(None)
    return frame.astype(dict.fromkeys(NUMBERS.intersection(frame.columns), "float64"))


def _strip_zone(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
