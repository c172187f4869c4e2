"""What good data is: one Great Expectations suite per kind of record of a batch.

Importing this module imports Great Expectations, which takes seconds: only a run that has rows
to check may do so. The frames are described in `expectations.frames`; what is only known when a
batch is checked (the clock, the keys of the other frames) is a suite parameter.

Changing an expectation changes its version (`expectations.library.hash_rule`) and that of the gate, so
that what it rejected is tried again.
"""

from datetime import datetime
from typing import get_args

from great_expectations import ExpectationSuite
from great_expectations.expectations import (  # type: ignore[attr-defined]  # re-exported without __all__
    ExpectTableRowCountToEqual,
)
from great_expectations.expectations.expectation import Expectation

from expectations.rules import (
    EDITION_MAX,
    QUOTE_MAX_CHARACTERS,
    TITLE_MAX_CHARACTERS,
    between,
    length,
    matching,
    none_of,
    not_less,
    one_of,
    required,
    required_where,
    unique,
    warn,
)
from schemas.records import ClaimStatus, EventKind, MentionRole, Precision, PublishedFrom

EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001  # UTC; before news sites, a default value of some CMS
TEXT_MIN_CHARACTERS = 60  # a brief in Chinese; less is a caption or a paywall notice
TEXT_MAX_CHARACTERS = 500_000  # a book, or a whole archive in one page
AUTHOR_MAX_CHARACTERS = 150  # more names than a byline has, or a biography
EVENT_MAX_DAYS = 62  # more is a programme, or a date that was misread
HTTP_URL = r"^https?://[^\s/?#]+(?:[/?#]\S*)?$"
LANGUAGE = r"^[a-z]{2,3}(?:-[A-Za-z]{2,4})?$"
COUNTRY = r"^[A-Z]{2}$"

LATEST = {"$PARAMETER": "latest"}  # the clock + 1 day: a page may be ahead of us by its time zone
HORIZON = {"$PARAMETER": "horizon"}  # how far ahead an event can be announced
EVENT_IDS = {"$PARAMETER": "event_ids"}
COVERAGE_KEYS = {"$PARAMETER": "coverage_keys"}
ROWS = {"$PARAMETER": "rows"}


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
        *required("title", "text", "publisher", "url", "compare_url", "language", "extractor"),
        unique("article_id"),
        unique("entry_id"),
        length("title", 1, TITLE_MAX_CHARACTERS),
        length("text", TEXT_MIN_CHARACTERS, TEXT_MAX_CHARACTERS),
        matching("url", HTTP_URL, "must be an http or https URL"),
        matching("compare_url", HTTP_URL, "must be an http or https URL"),
        matching("language", LANGUAGE, "must be a language code"),
        between("published_at", EARLIEST, LATEST, "must lie between 1990 and tomorrow"),
        between("release_date", EARLIEST, LATEST, "must lie between 1990 and tomorrow"),
        between("fetched_at", EARLIEST, LATEST, "must lie between 1990 and tomorrow"),
        required_where("published_from", "published_at", "must say where the publication date comes from"),
        one_of("published_from", get_args(PublishedFrom)),
        one_of("published_precision", get_args(Precision)),
        between("version", 1, None, "must be at least 1"),
        *warn(
            none_of("language", ["und"], "should be told by the words or the site"),
            length("author", 1, AUTHOR_MAX_CHARACTERS),
        ),
    ]


def _expect_of_coverage() -> list[Expectation]:
    return [
        *required("text_group_id", "publisher", "family", "title", "url"),
        unique("coverage_key"),
        one_of("event_id", EVENT_IDS, "must be an event of the batch"),
        one_of("role", get_args(MentionRole)),
        length("title", 1, TITLE_MAX_CHARACTERS),
        matching("url", HTTP_URL, "must be an http or https URL"),
        between("score", 0, None, "must not be negative"),
        between("published_at", EARLIEST, LATEST, "must lie between 1990 and tomorrow"),
    ]


def _expect_of_claims() -> list[Expectation]:
    return [
        *required("text_group_id", "field", "value", "quote", "url"),
        one_of("event_id", EVENT_IDS, "must be an event of the batch"),
        one_of("coverage_key", COVERAGE_KEYS, "must be an article that covers the event"),
        one_of("status", get_args(ClaimStatus)),
        length("quote", 1, QUOTE_MAX_CHARACTERS),
        matching("url", HTTP_URL, "must be an http or https URL"),
        between("low", 0, None, "must not be negative"),
        not_less("high", "low"),
        not_less("quote_end", "quote_start"),
    ]


def _expect_of_events() -> list[Expectation]:
    return [
        *required("name"),
        unique("event_id"),
        one_of("kind", get_args(EventKind)),
        length("name", 1, TITLE_MAX_CHARACTERS),
        matching("country", COUNTRY, "must be a country code"),
        between("edition", 1, EDITION_MAX, f"must lie between 1 and {EDITION_MAX}"),
        between("start_date", EARLIEST, HORIZON, "must lie between 1990 and ten years from now"),
        between("end_date", EARLIEST, HORIZON, "must lie between 1990 and ten years from now"),
        not_less("end_date", "start_date"),
        between("articles", 1, None, "must be at least 1"),
        not_less("coverage_rows", "articles"),
        not_less("articles", "text_groups"),
        not_less("articles", "independent_sources"),
        between("revision", 1, None, "must be at least 1"),
        not_less("updated_at", "first_seen_at"),
        *warn(between("days", None, EVENT_MAX_DAYS, f"should be at most {EVENT_MAX_DAYS}")),
    ]
