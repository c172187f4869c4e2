"""How a rule is written: an expectation, what it says to a person, and its level.

Importing this module imports Great Expectations, which takes seconds.

An expectation's `description` completes the sentence "COLUMN is VALUE: …" for the operator who
reads the reason of a rejection. Of level fail a broken rule rejects its row or fails the check of a
table; of level warn it is said, and everything goes on.
"""

# ruff: noqa: S608  # queries are put together of our own constants, never of data

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from great_expectations.expectations import (  # type: ignore[attr-defined]  # re-exported without __all__
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnValueLengthsToBeBetween,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeUnique,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeInSet,
    ExpectColumnValuesToNotBeNull,
    UnexpectedRowsExpectation,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

TITLE_MAX_CHARACTERS = 2_000  # more is a text that was taken for its title
QUOTE_MAX_CHARACTERS = 5_000  # more is not a sentence
EDITION_MAX = 500  # beyond it, a year or a paragraph number was taken for an edition

Parameter = dict[str, str]
Bound = datetime | int | Parameter | None


def warn(*rules: Expectation) -> list[Expectation]:
    """Return rules as rules of level warn."""
    for rule in rules:
        rule.meta = {**(rule.meta or {}), "level": "warn"}
    return list(rules)


def required(*columns: str) -> list[Expectation]:
    """Expect that columns are filled."""
    return [
        ExpectColumnValuesToNotBeNull(column=column, description="must not be blank") for column in columns
    ]


def required_where(column: str, other: str, description: str) -> Expectation:
    """Expect that a column is filled where another one is."""
    return ExpectColumnValuesToNotBeNull(
        column=column, row_condition=Column(other).is_not_null(), description=description
    )


def unique(column: str) -> Expectation:
    """Expect that no two rows have the same value."""
    return ExpectColumnValuesToBeUnique(column=column, description="must occur only once")


def length(column: str, shortest: int, longest: int | None = None) -> Expectation:
    """Expect texts of a length in characters."""
    wanted = f"{shortest} to {longest}" if longest else f"at least {shortest}"
    return ExpectColumnValueLengthsToBeBetween(
        column=column, min_value=shortest, max_value=longest, description=f"must have {wanted} characters"
    )


def matching(column: str, regex: str, description: str) -> Expectation:
    """Expect texts of a form."""
    return ExpectColumnValuesToMatchRegex(column=column, regex=regex, description=description)


def one_of(
    column: str,
    allowed: Sequence[str] | Parameter,
    description: str = "must be one of the allowed values",
) -> Expectation:
    """Expect allowed values."""
    values: Any = allowed if isinstance(allowed, dict) else list(allowed)
    return ExpectColumnValuesToBeInSet(column=column, value_set=values, description=description)


def none_of(column: str, refused: Sequence[str], description: str) -> Expectation:
    """Expect other values than these."""
    return ExpectColumnValuesToNotBeInSet(column=column, value_set=list(refused), description=description)


def between(column: str, least: Bound, most: Bound, description: str) -> Expectation:
    """Expect values of a range; a bound that is None is open."""
    return ExpectColumnValuesToBeBetween(
        column=column, min_value=least, max_value=most, description=description
    )


def not_less(column: str, other: str) -> Expectation:
    """Expect that a column is at least another one, where both are filled."""
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column,
        column_B=other,
        or_equal=True,
        ignore_row_if="either_value_is_missing",
        description=f"must not be less than {other}",
    )


def no_rows(name: str, query: str, description: str) -> Expectation:
    """Expect that a query finds nothing.

    Args:
        name: of the rule.
        query: finds the rows that break it; `{batch}` is the table of the suite. The columns of the
            suite's key come first, others say what is wrong with a row.
        description: what holds where it finds nothing.
    """
    return UnexpectedRowsExpectation(
        unexpected_rows_query=query, description=description, meta={"name": name}
    )


def once(name: str, key: str, column: str) -> Expectation:
    """Expect that a value is in one row of a table only, which `key` names."""
    return no_rows(
        name,
        f"SELECT MIN({key}) AS {key}, {column}, COUNT(*) AS times FROM {{batch}} "
        f"GROUP BY {column} HAVING COUNT(*) > 1",
        f"{column} occurs only once",
    )


def leads_to(name: str, key: str, column: str, other: str, other_column: str) -> Expectation:
    """Expect that what a column names is there; a warehouse whose references were off may lack it."""
    keys = ", ".join(f"t.{part.strip()}" for part in key.split(","))
    extra = "" if column in key else f", t.{column}"
    return no_rows(
        name,
        f"SELECT {keys}{extra} FROM {{batch}} AS t LEFT JOIN {other} AS o "
        f"ON o.{other_column} = t.{column} WHERE o.{other_column} IS NULL",
        f"{column} leads to a row of {other}",
    )
