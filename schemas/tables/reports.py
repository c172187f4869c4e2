"""Views; their SQL is in the migrations."""

from sqlalchemy import Boolean, Float, Integer, Table

from schemas import records
from schemas.columns import CleanText, UtcDateTime
from schemas.tables.base import may, must, values, views

source_health = Table(
    "source_health",
    views,
    must("source_id", CleanText, "the source"),
    must("name", CleanText, "its name, for people"),
    must("kind", CleanText, f"what its address serves: {values(records.SourceKind)}"),
    must("url", CleanText, "its address in the registry"),
    may("current_url", CleanText, "polled in place of url once a move has held"),
    must("is_registered", Boolean, "whether the registry that was last read has it"),
    may("silent_after_seconds", Float, "its silence is an alarm after this long"),
    may("first_polled_at", UtcDateTime, "its first poll"),
    may("last_polled_at", UtcDateTime, "the last poll"),
    may("last_success_at", UtcDateTime, "the last poll that did not fail"),
    may("last_new_entry_at", UtcDateTime, "when a poll last brought something new"),
    may("next_poll_at", UtcDateTime, "when it is due; empty means now"),
    may("interval_seconds", Float, "the present time between two polls"),
    must("failure_weight", Float, "sum of the weights of the failures since the last success"),
    may("last_error", CleanText, "why the last poll failed; empty after a success"),
    must("is_conditional", Boolean, "false once its 304 were found to hide changes"),
    must("polls_7d", Integer, "polls of the last seven days"),
    must("failed_7d", Integer, "how many of them failed"),
    must("new_entries_7d", Integer, "how many new entries they brought"),
    must("unreadable_7d", Integer, "how many items in them could not be read"),
    must("open_gaps", Integer, "gaps that are not filled"),
    must("as_of", UtcDateTime, "the time at which this was asked, by the clock of the database"),
    comment="One row a source: how it is doing",
)
