"""What good data is: one Great Expectations suite per kind of record of a batch.

Importing this module imports Great Expectations, which takes seconds: only a run that has rows
to check may do so. The frames are described in `expectations.frames`; what is only known when a
batch is checked (the clock, the keys of the other frames) is a suite parameter.

An expectation's `description` completes the sentence "COLUMN is VALUE: …" for the operator who
reads the reason of a rejection. Changing an expectation changes its version
(`expectations.checking.hash_rule`), so that what it rejected can be tried again.
"""

from datetime import datetime
from typing import get_args

from great_expectations import ExpectationSuite
from great_expectations.expectations import (  # type: ignore[attr-defined]  # re-exported without __all__
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnValueLengthsToBeBetween,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeUnique,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeNull,
    ExpectTableRowCountToEqual,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from schemas.records import ClaimStatus, EventKind, MentionRole, PublishedFrom

EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001  # UTC; before news sites, a default value of some CMS
TEXT_MIN_CHARACTERS = 60  # a brief in Chinese; less is a caption or a paywall notice
TEXT_MAX_CHARACTERS = 500_000  # a book, or a whole archive in one page
TITLE_MAX_CHARACTERS = 2_000  # more is a text that was taken for its title
QUOTE_MAX_CHARACTERS = 5_000  # more is not a sentence
EDITION_MAX = 500  # beyond it, a year or a paragraph number was taken for an edition
HTTP_URL = r"^https?://[^\s/?#]+(?:[/?#]\S*)?$"
LANGUAGE = r"^[a-z]{2,3}(?:-[A-Za-z]{2,4})?$"
COUNTRY = r"^[A-Z]{2}$"

LATEST = {"$PARAMETER": "latest"}  # the clock + 1 day: a page may be ahead of us by its time zone
HORIZON = {"$PARAMETER": "horizon"}  # how far ahead an event can be announced
EVENT_IDS = {"$PARAMETER": "event_ids"}
COVERAGE_KEYS = {"$PARAMETER": "coverage_keys"}
ROWS = {"$PARAMETER": "rows"}

Bound = datetime | int | dict[str, str] | None


def make_suites() -> dict[str, ExpectationSuite]:
    """Return the suites by the name of the frame that each is for."""
    expectations = {
        "article": _expect_of_articles(),
        "coverage": _expect_of_coverage(),
        "claim": _expect_of_claims(),
        "event": _expect_of_events(),
    }
    return {
        # the count shows that the frame which was looked at is the one that was handed over
        name: ExpectationSuite(name=name, expectations=[ExpectTableRowCountToEqual(value=ROWS), *expected])
        for name, expected in expectations.items()
    }


def _expect_of_articles() -> list[Expectation]:
    return [
        *_required("title", "text", "publisher", "url", "compare_url", "language"),
        _unique("article_id"),
        _unique("entry_id"),
        _length("title", 1, TITLE_MAX_CHARACTERS),
        _length("text", TEXT_MIN_CHARACTERS, TEXT_MAX_CHARACTERS),
        _matching("url", HTTP_URL, "must be an http or https URL"),
        _matching("compare_url", HTTP_URL, "must be an http or https URL"),
        _matching("language", LANGUAGE, "must be a language code"),
        _between("published_at", EARLIEST, LATEST, "must lie between 1990 and tomorrow"),
        _between("release_date", EARLIEST, LATEST, "must lie between 1990 and tomorrow"),
        _between("fetched_at", EARLIEST, LATEST, "must lie between 1990 and tomorrow"),
        ExpectColumnValuesToNotBeNull(
            column="published_from",
            row_condition=Column("published_at").is_not_null(),
            description="must say where the publication date comes from",
        ),
        _one_of("published_from", list(get_args(PublishedFrom))),
    ]


def _expect_of_coverage() -> list[Expectation]:
    return [
        *_required("text_group_id", "publisher", "family", "title", "url"),
        _unique("coverage_key"),
        _one_of("event_id", EVENT_IDS, "must be an event of the batch"),
        _one_of("role", list(get_args(MentionRole))),
        _length("title", 1, TITLE_MAX_CHARACTERS),
        _matching("url", HTTP_URL, "must be an http or https URL"),
        _between("score", 0, None, "must not be negative"),
        _between("published_at", EARLIEST, LATEST, "must lie between 1990 and tomorrow"),
    ]


def _expect_of_claims() -> list[Expectation]:
    return [
        *_required("text_group_id", "field", "value", "quote", "url"),
        _one_of("event_id", EVENT_IDS, "must be an event of the batch"),
        _one_of("coverage_key", COVERAGE_KEYS, "must be an article that covers the event"),
        _one_of("status", list(get_args(ClaimStatus))),
        _length("quote", 1, QUOTE_MAX_CHARACTERS),
        _matching("url", HTTP_URL, "must be an http or https URL"),
        _between("low", 0, None, "must not be negative"),
        _not_less("high", "low"),
    ]


def _expect_of_events() -> list[Expectation]:
    return [
        *_required("name"),
        _unique("event_id"),
        _one_of("kind", list(get_args(EventKind))),
        _length("name", 1, TITLE_MAX_CHARACTERS),
        _matching("country", COUNTRY, "must be a country code"),
        _between("edition", 1, EDITION_MAX, f"must lie between 1 and {EDITION_MAX}"),
        _between("start_date", EARLIEST, HORIZON, "must lie between 1990 and ten years from now"),
        _between("end_date", EARLIEST, HORIZON, "must lie between 1990 and ten years from now"),
        _not_less("end_date", "start_date"),
        _between("articles", 1, None, "must be at least 1"),
        _not_less("coverage_rows", "articles"),
        _not_less("articles", "text_groups"),
        _not_less("articles", "independent_sources"),
        _between("revision", 1, None, "must be at least 1"),
        _not_less("updated_at", "first_seen_at"),
    ]


def _required(*columns: str) -> list[Expectation]:
    return [
        ExpectColumnValuesToNotBeNull(column=column, description="must not be blank") for column in columns
    ]


def _unique(column: str) -> Expectation:
    return ExpectColumnValuesToBeUnique(column=column, description="must occur only once")


def _length(column: str, shortest: int, longest: int) -> Expectation:
    return ExpectColumnValueLengthsToBeBetween(
        column=column,
        min_value=shortest,
        max_value=longest,
        description=f"must have {shortest} to {longest} characters",
    )


def _matching(column: str, regex: str, description: str) -> Expectation:
    return ExpectColumnValuesToMatchRegex(column=column, regex=regex, description=description)


def _one_of(
    column: str, allowed: list[str] | dict[str, str], description: str = "must be one of the allowed values"
) -> Expectation:
    return ExpectColumnValuesToBeInSet(column=column, value_set=allowed, description=description)


def _between(column: str, least: Bound, most: Bound, description: str) -> Expectation:
    return ExpectColumnValuesToBeBetween(
        column=column, min_value=least, max_value=most, description=description
    )


def _not_less(column: str, other: str) -> Expectation:
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column,
        column_B=other,
        or_equal=True,
        ignore_row_if="either_value_is_missing",
        description=f"must not be less than {other}",
    )
