"""Great Expectations, loaded when there is something to check, kept quiet, and asked for errors.

It takes seconds to import, and what looks like a failure of the data may be one of a rule: here is
how each is told from the other, and what a rule is called.
"""

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from schemas.records import GateLevel

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

T = TypeVar("T")


class ExpectationError(Exception):
    """An expectation could not be evaluated: a defect of a suite or a frame, not of the data."""


def load_quietly(make: Callable[[], T]) -> T:
    """Do what imports the library, and undo what that import does to the process.

    It reports every class that it registers at level INFO, and turns all warnings of the process
    into log lines. It may send statistics of use: not from here.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    show_warning = warnings.showwarning
    made = make()
    if warnings.showwarning is not show_warning:
        logging.captureWarnings(capture=False)
    # this logger sets its own level
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    return made


def make_context() -> "EphemeralDataContext":
    """Return a context of one's own; a shared one could validate the data of another thread."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def name_rule(suite_name: str, configuration: "ExpectationConfiguration") -> str:
    """Return the name of a rule: its own, or suite, expectation, and the columns that it looks at."""
    if name := (configuration.meta or {}).get("name"):
        return f"{suite_name}.{name}"
    kwargs = configuration.kwargs
    columns = [str(kwargs[key]) for key in ("column", "column_A", "column_B") if key in kwargs]
    return f"{suite_name}.{configuration.type}({', '.join(columns)})"


def level_of(configuration: "ExpectationConfiguration") -> GateLevel:
    """Return the level of a rule: fail unless it says warn."""
    return "warn" if (configuration.meta or {}).get("level") == "warn" else "fail"


def hash_rule(configuration: "ExpectationConfiguration") -> str:
    """Return the version of a rule: a hash of all that decides what it rejects."""
    written = configuration.to_json_dict()
    decisive = json.dumps([written["type"], written["kwargs"]], sort_keys=True)
    return hashlib.sha256(decisive.encode()).hexdigest()[:12]


def show_value(value: object, most_characters: int) -> str:
    """Return a value on one line, in which nothing steers a terminal or a log."""
    words = " ".join(str(value).split())
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)
    return shown if len(shown) <= most_characters else shown[:most_characters] + "…"


def read_results(
    suite_name: str, results: "Iterable[ExpectationValidationResult]"
) -> "dict[str, ExpectationValidationResult]":
    """Return results by rule.

    Raises:
        ExpectationError: an expectation raised; its result would look like a failure of the data.
    """
    by_rule = {
        name_rule(suite_name, result.expectation_config): result
        for result in results
        if result.expectation_config
    }
    for rule, result in by_rule.items():
        for message in _find_exceptions(result.exception_info):
            raise ExpectationError(f"{rule} cannot be evaluated: {message}")
    return by_rule


def _find_exceptions(info: Mapping[str, Any] | None) -> Iterator[str]:
    """Find the messages in an exception_info, which is one mapping or one for each metric."""
    if not info:
        return
    for part in [info] if "raised_exception" in info else info.values():
        if part["raised_exception"]:
            yield str(part["exception_message"]).partition("\n")[0]
