"""Holds the tables of a warehouse against their suites, in the database, and builds Data Docs.

Great Expectations has a connection of its own and only reads. Importing it takes seconds; this module
does so when it is called.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from schemas.records import QualityCheck

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
    from great_expectations.expectations.expectation import Expectation

    from expectations.tables import TableSuite

SAMPLE_KEYS = 10
_SHOWN_CHARACTERS = 200


def check_tables(address: str, now: datetime, data_docs: Path | None = None) -> tuple[QualityCheck, ...]:
    """Check whole tables.

    Args:
        address: of the warehouse, as SQLAlchemy reads it, with its password.
        now: the time of the check, aware.
        data_docs: the folder to build Data Docs in; none are built without one. Its `index.html` leads
            to one page a suite with what was expected and found.

    Returns:
        One result a rule, in the order of the suites.

    Raises:
        ExpectationError: a rule could not be evaluated; nothing is known of the tables then.
    """

    def make_suites() -> "tuple[TableSuite, ...]":
        from expectations.tables import make_table_suites, write_instant_for

        dialect = address.partition(":")[0].partition("+")[0]
        return make_table_suites(now, write_instant_for(dialect))

    suites = load_quietly(make_suites)
    context = make_context()
    checks: list[QualityCheck] = []
    try:
        with _connect(context, address) as source:
            for suite in suites:
                asset = source.add_table_asset(suite.name, table_name=suite.table)
                checks += _check_table(context, asset.add_batch_definition_whole_table("all"), suite)
    except ConnectionError as error:  # also for a table that is not there
        raise ExpectationError(str(error).partition("\n")[0]) from None
    if data_docs:
        from expectations.docs import build_docs

        build_docs(context, data_docs)
    return tuple(checks)


def _check_table(
    context: "EphemeralDataContext", definition: "BatchDefinition[Any]", suite: "TableSuite"
) -> Iterator[QualityCheck]:
    from great_expectations import ExpectationSuite, ValidationDefinition

    expected = context.suites.add(ExpectationSuite(name=suite.name, expectations=suite.rules))
    validation = context.validation_definitions.add(
        ValidationDefinition(name=suite.name, data=definition, suite=expected)
    )
    summary = {
        "result_format": "SUMMARY",
        "unexpected_index_column_names": list(suite.key),
        "partial_unexpected_count": SAMPLE_KEYS,
    }
    results = read_results(suite.name, validation.run(result_format=summary).results)
    # of queries, a summary has the number of rows alone
    failed = [
        copy(rule)
        for rule in expected.expectations
        if rule.expectation_type == "unexpected_rows_expectation"
        and not results[name_rule(suite.name, rule.configuration)].success
    ]
    if failed:
        again: ExpectationSuiteValidationResult = definition.get_batch().validate(
            ExpectationSuite(name=suite.name, expectations=failed), result_format="COMPLETE"
        )
        results |= read_results(suite.name, again.results)
    for rule in expected.expectations:
        yield _read_check(suite, rule, results[name_rule(suite.name, rule.configuration)])


def _read_check(
    suite: "TableSuite", rule: "Expectation", found: "ExpectationValidationResult"
) -> QualityCheck:
    configuration = rule.configuration
    result: Mapping[str, Any] = found.result
    rows = (result.get("details") or {}).get("unexpected_rows") or result.get("partial_unexpected_index_list")
    unexpected, observed = 0, ""
    samples: tuple[str, ...] = ()
    if not found.success:
        unexpected = int(result.get("unexpected_count") or result.get("observed_value") or 0)
        samples = tuple(_name_row(row, suite.key) for row in (rows or ())[:SAMPLE_KEYS])
        column = configuration.kwargs.get("column") or configuration.kwargs.get("column_A")
        expected = f"{column} {rule.description}" if column else rule.description
        of_row = f", first {samples[0]}" if samples else ""
        observed = f"not so in {unexpected} row{'s' * (unexpected != 1)}{of_row}: {expected}"
    return QualityCheck(
        suite=suite.name,
        rule=name_rule(suite.name, configuration),
        rule_version=hash_rule(configuration),
        level=level_of(configuration),
        passed=bool(found.success),
        unexpected_rows=unexpected,
        observed=observed,
        sample_keys=samples,
    )


def _name_row(row: Mapping[str, object], key: tuple[str, ...]) -> str:
    """Return the key of a row and, in brackets, what else was found of it."""
    rest = ", ".join(f"{name} {value}" for name, value in row.items() if name not in key)
    named = " ".join(str(row.get(name)) for name in key) + (f" ({rest})" if rest else "")
    return show_value(named, _SHOWN_CHARACTERS)


@contextmanager
def _connect(context: "EphemeralDataContext", address: str) -> "Iterator[SQLDatasource]":
    """Give a source, and close its connections in the end."""
    from great_expectations.datasource.fluent.interfaces import GxDatasourceWarning

    with warnings.catch_warnings():
        # what it recommends in its place for PostgreSQL refuses addresses without a host: sockets
        warnings.simplefilter("ignore", GxDatasourceWarning)
        is_sqlite = address.startswith("sqlite")
        make = context.data_sources.add_sqlite if is_sqlite else context.data_sources.add_sql
        source = make("warehouse", connection_string=address)
        try:
            yield source
        finally:
            source.get_execution_engine().close()
            source.get_engine().dispose()
