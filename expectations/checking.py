"""Holds the rows of a batch against the suites and says which entries fail, and why.

Great Expectations is imported when there is something to check, not before: it takes seconds.
"""

import hashlib
import json
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from expectations.frames import INSTANTS, NUMBERS, Row, coverage_key, make_frames
from schemas.records import Article, Dossier, Rejection

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.datasource.fluent.pandas_datasource import PandasDatasource
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from pandas import DataFrame

CLOCK_TOLERANCE = timedelta(days=1)
HORIZON = timedelta(days=3653)  # ten years
COMPLETE = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["row"],
    "partial_unexpected_count": 0,
}
_SHOWN_CHARACTERS = 80


class ExpectationError(Exception):
    """An expectation could not be evaluated: a defect of a suite or a frame, not of the data."""


def check_batch(
    articles: Sequence[Article], dossiers: Sequence[Dossier], now: datetime
) -> tuple[Rejection, ...]:
    """Check the records of a batch before they are loaded.

    Args:
        articles: the articles of the batch.
        dossiers: the events that the batch made or changed, whole.
        now: the time of the run, aware.

    Returns:
        One rejection for each expectation that a row fails and each entry that answers for the
        row, ordered by entry; empty when everything may be loaded. An article answers for its
        coverage and claims, and all articles of the batch that cover an event answer for the event.
        Rows of articles that are not in the batch are not looked at.

    Raises:
        ExpectationError: an expectation could not be evaluated; nothing is known of the batch then.
    """
    frames = make_frames(articles, dossiers)
    if not any(frames.values()):
        return ()
    suites = _load_suites()
    source = _make_source()
    parameters = {
        "latest": _strip_zone(now + CLOCK_TOLERANCE),
        "horizon": _strip_zone(now + HORIZON),
        "event_ids": [dossier.event.event_id for dossier in dossiers],
        "coverage_keys": [coverage_key(row) for dossier in dossiers for row in dossier.coverage],
    }
    rejections = [
        rejection
        for name, rows in frames.items()
        if rows
        for rejection in _check_frame(source, suites[name], rows, {**parameters, "rows": len(rows)})
    ]
    return tuple(sorted(rejections, key=lambda rejection: (rejection.entry_id, rejection.rule)))


def name_rule(suite_name: str, configuration: "ExpectationConfiguration") -> str:
    """Return the name of a rule: suite, expectation, and the columns that it looks at."""
    kwargs = configuration.kwargs
    columns = [str(kwargs[key]) for key in ("column", "column_A", "column_B") if key in kwargs]
    return f"{suite_name}.{configuration.type}({', '.join(columns)})"


def hash_rule(configuration: "ExpectationConfiguration") -> str:
    """Return the version of a rule: a hash of all that decides what it rejects."""
    written = configuration.to_json_dict()
    decisive = json.dumps([written["type"], written["kwargs"]], sort_keys=True)
    return hashlib.sha256(decisive.encode()).hexdigest()[:12]


def _load_suites() -> "dict[str, ExpectationSuite]":
    """Import the library and return the suites, without what that import does to the process.

    It reports every class that it registers at level INFO, and turns all warnings of the process
    into log lines.
    """
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    show_warning = warnings.showwarning
    from expectations.suites import make_suites

    if warnings.showwarning is not show_warning:
        logging.captureWarnings(capture=False)
    # this logger sets its own level
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    return make_suites()


def _check_frame(
    source: "PandasDatasource",
    suite: "ExpectationSuite",
    rows: Sequence[Row],
    parameters: Mapping[str, object],
) -> Iterator[Rejection]:
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
        version = hash_rule(expectation.configuration)
        for row in (rows[position] for position in positions):
            reason = _describe(expectation, row)
            record = row.record.model_dump(mode="json")
            for entry_id in row.entry_ids:
                yield Rejection(
                    entry_id=entry_id,
                    stage="check",
                    rule=rule,
                    rule_version=version,
                    reason=reason,
                    record=record,
                )


def _validate(
    batch: "Batch", suite: "ExpectationSuite", result_format: Any, parameters: Mapping[str, object]
) -> "dict[str, ExpectationValidationResult]":
    """Return the results by rule.

    Raises:
        ExpectationError: an expectation raised; its result would look like a failure of the data.
    """
    outcome = batch.validate(suite, result_format=result_format, expectation_parameters=dict(parameters))
    results = {
        name_rule(suite.name, result.expectation_config): result
        for result in outcome.results
        if result.expectation_config
    }
    for rule, result in results.items():
        for message in _find_exceptions(result.exception_info):
            raise ExpectationError(f"{rule} cannot be evaluated: {message}")
    return results


def _find_exceptions(info: Mapping[str, Any] | None) -> Iterator[str]:
    """Find the messages in an exception_info, which is one mapping or one for each metric."""
    if not info:
        return
    for part in [info] if "raised_exception" in info else info.values():
        if part["raised_exception"]:
            yield str(part["exception_message"]).partition("\n")[0]


def _describe(expectation: "Expectation", row: Row) -> str:
    kwargs = expectation.configuration.kwargs
    column = str(kwargs.get("column") or kwargs["column_A"])
    value = row.cells[column]
    shown = " ".join(str("missing" if value is None else value).split())
    if len(shown) > _SHOWN_CHARACTERS:
        shown = shown[:_SHOWN_CHARACTERS] + "…"
    return f"{column} is {shown}: {expectation.description}"


def _make_source() -> "PandasDatasource":
    """Return a data source in a context of its own; a shared one could validate another call's data."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context.data_sources.add_pandas("batch")


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
