"""What good tables are: suites that are held against a whole warehouse, daily.

Importing this module imports Great Expectations, which takes seconds. Rules of one column are
expectations of their own; what concerns several tables is a query that finds the rows which break
the rule, in SQL that SQLite and PostgreSQL both speak. The schema enforces keys, references and much
of completeness by itself: what is here is what it does not, or no longer does once somebody has
edited, imported or restored rows.
"""

# ruff: noqa: S608  # queries are put together of our own constants and of instants, never of data

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args

from great_expectations.expectations.expectation import Expectation

from expectations.history import expect_steady_sources
from expectations.rules import (
    EDITION_MAX,
    QUOTE_MAX_CHARACTERS,
    TITLE_MAX_CHARACTERS,
    between,
    leads_to,
    length,
    no_rows,
    not_less,
    once,
    one_of,
    warn,
)
from schemas import records

RUN_WITHIN = timedelta(days=1)  # of the check; monitor runs are scheduled every few minutes
ARTICLE_WITHIN = timedelta(days=7)  # a quiet week is possible where few sources are registered
WAITING_AT_MOST = timedelta(days=7)  # of an entry that nobody has worked on yet

WriteInstant = Callable[[datetime], str]


@dataclass(frozen=True)
class TableSuite:
    """The rules of one table.

    Attributes:
        name: of the suite.
        table: what it looks at.
        key: columns that name a row.
        rules: what is expected of it.
    """

    name: str
    table: str
    key: tuple[str, ...]
    rules: list[Expectation]


def write_instant_for(dialect: str) -> WriteInstant:
    """Return how an instant is written in a query: as SQLite stores it, or as PostgreSQL reads it."""

    def write(instant: datetime) -> str:
        zone = "" if dialect == "sqlite" else "+00"
        return f"'{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}{zone}'"

    return write


def make_table_suites(now: datetime, instant: WriteInstant) -> tuple[TableSuite, ...]:
    """Return the suites of all tables.

    Args:
        now: the time of the check.
        instant: writes an instant for the database, see `write_instant_for`.
    """
    since_article, waiting_since = instant(now - ARTICLE_WITHIN), instant(now - WAITING_AT_MOST)
    return (
        TableSuite("run", "run", ("kind",), _expect_of_runs(instant(now - RUN_WITHIN))),
        TableSuite("entry", "entry", ("entry_id",), _expect_of_entries(waiting_since)),
        TableSuite("article", "article", ("article_id",), _expect_of_articles(since_article)),
        TableSuite("membership", "membership", ("article_id",), _expect_of_memberships()),
        TableSuite("event", "event", ("event_id",), _expect_of_events()),
        TableSuite("coverage", "coverage", ("article_id", "event_id"), _expect_of_coverage()),
        TableSuite("claim", "claim", ("claim_id",), _expect_of_claims()),
        TableSuite("alert", "alert", ("key",), _expect_of_alerts()),
        TableSuite("history", "article", ("source_id",), expect_steady_sources(now, instant)),
    )


def _expect_of_runs(since: str) -> list[Expectation]:
    return [
        no_rows(
            "is_fresh",
            "SELECT 'monitor' AS kind, last_finished_at FROM "
            "(SELECT MAX(finished_at) AS last_finished_at FROM {batch} WHERE kind = 'monitor') AS runs "
            f"WHERE last_finished_at IS NULL OR last_finished_at < {since}",
            "a monitor run has finished within a day",
        )
    ]


def _expect_of_entries(waiting_since: str) -> list[Expectation]:
    return [
        length("url", 1),
        length("compare_url", 1),
        one_of("outcome", get_args(records.EntryOutcome)),
        no_rows(
            "loaded_has_article",
            "SELECT e.entry_id, e.article_id FROM {batch} AS e "
            "LEFT JOIN article AS a ON a.article_id = e.article_id "
            "WHERE e.outcome = 'loaded' AND a.article_id IS NULL",
            "a loaded entry has an article",
        ),
        no_rows(
            "only_loaded_has_article",
            "SELECT entry_id, outcome FROM {batch} WHERE outcome <> 'loaded' AND article_id IS NOT NULL",
            "an entry that was not loaded has no article",
        ),
        no_rows(
            "quarantined_has_rejection",
            "SELECT e.entry_id FROM {batch} AS e LEFT JOIN rejection AS r ON r.entry_id = e.entry_id "
            "WHERE e.outcome = 'quarantined' AND r.entry_id IS NULL",
            "a quarantined entry has a rejection",
        ),
        no_rows(
            "outcome_is_explained",
            "SELECT entry_id, outcome FROM {batch} WHERE outcome <> 'pending' AND "
            "(stage IS NULL OR reason IS NULL OR run_id IS NULL OR decided_at IS NULL)",
            "an outcome has a stage, a reason, a run and a time",
        ),
        *warn(
            no_rows(
                "is_worked_on",
                "SELECT entry_id, first_seen_at FROM {batch} "
                f"WHERE outcome = 'pending' AND attempts = 0 AND first_seen_at < {waiting_since}",
                f"an entry is worked on within {WAITING_AT_MOST.days} days",
            )
        ),
    ]


def _expect_of_articles(since: str) -> list[Expectation]:
    return [
        length("title", 1, TITLE_MAX_CHARACTERS),
        length("url", 1),
        length("publisher", 1),
        length("language", 2),
        length("extractor", 1),
        between("words", 1, None, "must be at least 1"),
        between("version", 1, None, "must be at least 1"),
        one_of("published_from", get_args(records.PublishedFrom)),
        one_of("published_precision", get_args(records.Precision)),
        once("address_is_its_own", "article_id", "compare_url"),
        no_rows(
            "has_membership",
            "SELECT a.article_id FROM {batch} AS a LEFT JOIN membership AS m ON m.article_id = a.article_id "
            "WHERE m.article_id IS NULL",
            "an article carries a text",
        ),
        *warn(
            no_rows(
                "is_fresh",
                "SELECT 'latest' AS article_id, last_loaded_at FROM "
                "(SELECT MAX(loaded_at) AS last_loaded_at FROM {batch}) AS loaded "
                f"WHERE last_loaded_at IS NULL OR last_loaded_at < {since}",
                f"an article was loaded within {ARTICLE_WITHIN.days} days",
            )
        ),
    ]


def _expect_of_memberships() -> list[Expectation]:
    return [
        one_of("relation", get_args(records.Relation)),
        leads_to("article_exists", "article_id", "article_id", "article", "article_id"),
        leads_to("text_exists", "article_id", "text_group_id", "text_group", "text_group_id"),
        no_rows(
            "matched_article_exists",
            "SELECT m.article_id, m.matched_article_id FROM {batch} AS m "
            "LEFT JOIN article AS a ON a.article_id = m.matched_article_id "
            "WHERE m.matched_article_id IS NOT NULL AND a.article_id IS NULL",
            "the article that a text was recognised by exists",
        ),
    ]


def _expect_of_events() -> list[Expectation]:
    return [
        length("name", 1, TITLE_MAX_CHARACTERS),
        one_of("kind", get_args(records.EventKind)),
        between("edition", 1, EDITION_MAX, f"must lie between 1 and {EDITION_MAX}"),
        between("revision", 1, None, "must be at least 1"),
        not_less("end_date", "start_date"),
        no_rows(
            "counts_its_coverage",
            "SELECT e.event_id, e.articles, COUNT(c.article_id) AS coverage FROM {batch} AS e "
            "LEFT JOIN coverage AS c ON c.event_id = e.event_id "
            "GROUP BY e.event_id, e.articles HAVING e.articles > COUNT(c.article_id)",
            "an event counts no more articles than cover it",
        ),
        no_rows(
            "merged_event_exists",
            "SELECT e.event_id, e.merged_into FROM {batch} AS e "
            "LEFT JOIN event AS o ON o.event_id = e.merged_into "
            "WHERE e.merged_into IS NOT NULL AND o.event_id IS NULL",
            "the event that holds what was this one's exists",
        ),
        *warn(
            no_rows(
                "edition_is_one_event",
                "SELECT MIN(event_id) AS event_id, series, edition, COUNT(*) AS events FROM {batch} "
                "WHERE series IS NOT NULL AND edition IS NOT NULL AND merged_into IS NULL "
                "GROUP BY series, edition HAVING COUNT(*) > 1",
                "an edition of a series is one event",
            )
        ),
    ]


def _expect_of_coverage() -> list[Expectation]:
    return [
        length("title", 1),
        length("url", 1),
        length("publisher", 1),
        length("family", 1),
        one_of("role", get_args(records.MentionRole)),
        between("score", 0, None, "must not be negative"),
        leads_to("article_exists", "article_id, event_id", "article_id", "article", "article_id"),
        leads_to("event_exists", "article_id, event_id", "event_id", "event", "event_id"),
        no_rows(
            "event_is_not_merged",
            "SELECT c.article_id, c.event_id, e.merged_into FROM {batch} AS c "
            "JOIN event AS e ON e.event_id = c.event_id WHERE e.merged_into IS NOT NULL",
            "coverage is of an event that was not merged into another one",
        ),
        *warn(
            no_rows(
                "text_is_that_of_its_article",
                "SELECT c.article_id, c.event_id, c.text_group_id FROM {batch} AS c "
                "JOIN membership AS m ON m.article_id = c.article_id "
                "WHERE m.text_group_id <> c.text_group_id",
                "coverage names the text that its article carries",
            )
        ),
    ]


def _expect_of_claims() -> list[Expectation]:
    return [
        length("field", 1),
        length("value", 1),
        length("quote", 1, QUOTE_MAX_CHARACTERS),
        length("url", 1),
        one_of("status", get_args(records.ClaimStatus)),
        not_less("high", "low"),
        not_less("quote_end", "quote_start"),
        no_rows(
            "is_covered",
            "SELECT k.claim_id, k.event_id, k.article_id FROM {batch} AS k "
            "LEFT JOIN coverage AS c ON c.event_id = k.event_id AND c.article_id = k.article_id "
            "WHERE c.article_id IS NULL",
            "a claim is of an article that covers the event",
        ),
        no_rows(
            "is_said_once",
            "SELECT MIN(claim_id) AS claim_id, COUNT(*) AS times FROM {batch} "
            "GROUP BY event_id, text_group_id, field, value, low, high, qualifier HAVING COUNT(*) > 1",
            "a text says a thing of an event once",
        ),
    ]


def _expect_of_alerts() -> list[Expectation]:
    return [
        one_of("kind", (*get_args(records.ChangeKind), *get_args(records.NoticeKind))),
        one_of("status", get_args(records.AlertStatus)),
        no_rows(
            "event_exists",
            "SELECT a.key, a.event_id FROM {batch} AS a LEFT JOIN event AS e ON e.event_id = a.event_id "
            "WHERE a.event_id IS NOT NULL AND e.event_id IS NULL",
            "the event of an alert exists",
        ),
        no_rows(
            "sent_has_time",
            "SELECT key, status FROM {batch} WHERE status = 'sent' AND sent_at IS NULL",
            "an alert that was sent has the time of it",
        ),
    ]
