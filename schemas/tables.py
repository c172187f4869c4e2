"""The tables at rest; their comments are the data dictionary.

Columns are named like the fields of `schemas.records`. Where a record nests another, its fields
become columns (`Attribution` in `article`, `PollBounds` in `source`) or JSON. Nothing that was once
visible disappears without a row in a ledger: `run`, `poll`, `event_change`, `withdrawn_claim`,
`rejection`. Views, whose SQL is in the migrations, have a `metadata` of their own.
"""

from typing import Any, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from schemas import records
from schemas.columns import CleanJson, CleanText, Id, KeyText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str, kind: Any, comment: str, *references: ForeignKey) -> Column[Any]:
    return Column(name, kind, *references, primary_key=True, comment=comment)


def _must(
    name: str, kind: Any, comment: str, *references: ForeignKey, default: str | None = None
) -> Column[Any]:
    """Return a column that is never empty; with a default if it came to a table that had rows."""
    server_default = text(default) if default else None
    return Column(name, kind, *references, nullable=False, comment=comment, server_default=server_default)


def _may(name: str, kind: Any, comment: str, *references: ForeignKey) -> Column[Any]:
    return Column(name, kind, *references, nullable=True, comment=comment)


def _values(literal: Any) -> str:
    return ", ".join(get_args(literal))


def _only(column: str, literal: Any) -> CheckConstraint:
    values = ", ".join(f"'{value}'" for value in get_args(literal))
    return CheckConstraint(f"{column} IN ({values})", name=column)


run = Table(
    "run",
    metadata,
    _key("run_id", CleanText, "the run"),
    _must("started_at", UtcDateTime, "when it began"),
    _may("finished_at", UtcDateTime, "when it ended; empty while it runs and after it was killed"),
    _may("summary", CleanJson, "what it came to, in counts"),
    comment="One row a run: the ledger that poll, entry, event_change and rejection refer to",
)

source = Table(
    "source",
    metadata,
    _key("source_id", CleanText, "the source's id in the registry"),
    _must("name", CleanText, "its name, for people"),
    _must("kind", CleanText, f"what its address serves: {_values(records.SourceKind)}"),
    _must("url", CleanText, "the address that is polled"),
    _must("publisher", CleanText, "who runs the site"),
    _may("language", CleanText, "the language it declares"),
    _may("country", CleanText, "the country it is from, ISO 3166"),
    _must("poll_min_seconds", Float, "never polled sooner than this after the last poll"),
    _must("poll_max_seconds", Float, "never polled later than this after the last poll"),
    _may("silent_after_seconds", Float, "its silence is an alarm after this long"),
    _must("entries_min", Integer, "a poll with fewer entries is an alarm"),
    _may("listing", CleanJson, "CSS selectors, for kind listing"),
    _must("registered_at", UtcDateTime, "when a run last had it in its registry"),
    _may("listed_at", UtcDateTime, "the last successful poll, whether its content was new or unchanged"),
    _may("next_poll_at", UtcDateTime, "when it is due; empty means now"),
    _may("last_polled_at", UtcDateTime, "the last poll"),
    _may("last_success_at", UtcDateTime, "the last poll that did not fail"),
    _may("interval_seconds", Float, "the present time between two polls"),
    _may("etag", CleanText, "validator for the next conditional request"),
    _may("last_modified", CleanText, "validator for the next conditional request"),
    _may("body_sha256", CleanText, "hash of the last body that could be read"),
    _must("failure_weight", Float, "sum of the weights of the failures since the last success"),
    _may("last_error", CleanText, "why the last poll failed; empty after a success"),
    _may("last_new_entry_at", UtcDateTime, "when a poll last brought something new"),
    _may("ttl_seconds", Float, "what the feed itself asked for when it was last read"),
    _must("steady_polls", Integer, "successive successful polls close to their schedule", default="0"),
    _must("not_modified_polls", Integer, "successive answers of 304", default="0"),
    _must("is_conditional", Boolean, "false once its 304 were found to hide changes", default="true"),
    _may("moved_to", CleanText, "where permanent redirects lead"),
    _may("moved_since", UtcDateTime, "since when they have led there"),
    _may("current_url", CleanText, "polled in place of url once a move has held"),
    comment="One row a source: the registry as last read, and what polling remembers of it",
)

poll = Table(
    "poll",
    metadata,
    _key("source_id", CleanText, "the source", ForeignKey("source.source_id")),
    _key("polled_at", UtcDateTime, "when it was asked"),
    _must("run_id", CleanText, "the run that asked", ForeignKey("run.run_id")),
    _must("outcome", CleanText, f"what came of it: {_values(records.PollOutcome)}"),
    _may("http_status", Integer, "the status of the answer, if there was one"),
    _must("entries", Integer, "how many entries the answer held"),
    _must("new_entries", Integer, "how many of them had not been seen before"),
    _must("unreadable", Integer, "how many items were there but could not be read"),
    _may("reason", CleanText, "why it failed: kind and detail"),
    _must("seconds", Float, "how long it took"),
    _only("outcome", records.PollOutcome),
    comment="Ledger of polls",
)

gap = Table(
    "gap",
    metadata,
    _key("source_id", CleanText, "the source", ForeignKey("source.source_id")),
    _key("to_at", UtcDateTime, "the poll that listed nothing of what the poll before had listed"),
    _must("from_at", UtcDateTime, "the successful poll before it"),
    _may("filled_at", UtcDateTime, "when backfill closed it; empty while it is open"),
    comment="Stretches of a source's history that no poll saw: entries may be missing",
)

entry = Table(
    "entry",
    metadata,
    _key("entry_id", Id, "number given by the inbox"),
    _must("source_id", CleanText, "the source that listed it", ForeignKey("source.source_id")),
    _must("key", KeyText, "its identity inside the source: guid, else link, else a hash"),
    _must("url", CleanText, "the address to fetch"),
    _must("compare_url", KeyText, "the address to compare; never fetched"),
    _must("host", CleanText, "the host of the address; hosts take turns"),
    _must("turn", Integer, "the round in which its host is served: one entry a host in every round"),
    _must("title", CleanText, "the title in the feed"),
    _must("summary", CleanText, "the summary in the feed"),
    _may("published_at", UtcDateTime, "the date in the feed"),
    _may("author", CleanText, "the author in the feed"),
    _may("language", CleanText, "the language that the feed declares"),
    _must("first_seen_at", UtcDateTime, "when it came into the inbox"),
    _must("last_seen_at", UtcDateTime, "the last successful poll that listed it"),
    _must("outcome", CleanText, f"where it stands, exactly one of: {_values(records.EntryOutcome)}"),
    _may("stage", CleanText, f"the stage that decided: {_values(records.Stage)}"),
    _may("reason", CleanText, "why it stands there, in one line"),
    _must("attempts", Integer, "how many times it was worked on"),
    _may("next_attempt_at", UtcDateTime, "a pending entry is not taken sooner"),
    _may("article_id", CleanText, "the article behind it, once loaded"),
    _may("claimed_by", CleanText, "the run that works on it"),
    _may("claimed_until", UtcDateTime, "after this any run may take it"),
    _may("run_id", CleanText, "the run that decided", ForeignKey("run.run_id")),
    _may("decided_at", UtcDateTime, "when it was decided"),
    UniqueConstraint("source_id", "key"),
    _only("outcome", records.EntryOutcome),
    Index(None, "compare_url"),
    Index(None, "outcome", "turn", "entry_id"),
    Index(None, "source_id", "last_seen_at"),
    Index(
        "ix_entry_host_turn_pending",
        "host",
        "turn",
        sqlite_where=text("outcome = 'pending'"),
        postgresql_where=text("outcome = 'pending'"),
    ),
    sqlite_autoincrement=True,  # a number is never given twice
    comment="The inbox: one row for every entry that any source ever listed",
)

capture = Table(
    "capture",
    metadata,
    _key("url_key", KeyText, "the address that was asked for, bounded to what an index can hold"),
    _key("fetched_at", UtcDateTime, "when it was fetched"),
    _key("sha256", CleanText, "hash of the body, which lies in the store of captures under this name"),
    _must("url", CleanText, "the address that was asked for"),
    _must("final_url", CleanText, "the address that answered, after redirects"),
    _must("status", Integer, "the status of the answer"),
    _must("headers", CleanJson, "its headers, as pairs"),
    _may("content_type", CleanText, "its header of that name"),
    _must("size_bytes", BigInteger, "length of the body, decompressed"),
    _must("purpose", CleanText, "what it was fetched as: feed, page"),
    _may("source_id", CleanText, "the source it was fetched for", ForeignKey("source.source_id")),
    _may("entry_id", Id, "the entry it was fetched for", ForeignKey("entry.entry_id")),
    _must("run_id", CleanText, "the run that fetched it", ForeignKey("run.run_id")),
    _must("recorded_at", UtcDateTime, "when this row was written"),
    CheckConstraint("purpose IN ('feed', 'page')", name="purpose"),
    Index(None, "fetched_at"),
    Index(None, "sha256"),
    comment="Index of the answers that are kept: one row an address, body and day at most",
)

judgement = Table(
    "judgement",
    metadata,
    _key("entry_id", Id, "the entry that was judged", ForeignKey("entry.entry_id")),
    _must("verdict", CleanText, f"the decision: {_values(records.Verdict)}"),
    _must("score", Float, "what the decision rests on"),
    _must("facets", CleanJson, f"score by facet: {_values(records.Facet)}"),
    _must("fired", CleanJson, "patterns that matched, with quotes and offsets into title, newline, text"),
    _must("reason", CleanText, "why, in one line"),
    _must("topic", CleanText, "the topic file"),
    _must("version", CleanText, "the version of the topic file"),
    comment="Whether an article is in scope, and everything that decided it",
)

article = Table(
    "article",
    metadata,
    _key("article_no", Id, "a short number, for the fingerprints"),
    _must("article_id", CleanText, "computed from the address"),
    _must("entry_id", Id, "the entry it was fetched for", ForeignKey("entry.entry_id")),
    _must("source_id", CleanText, "the source that listed it", ForeignKey("source.source_id")),
    _must("url", CleanText, "where it can be read"),
    _must("compare_url", KeyText, "its address for comparison"),
    _must("title", CleanText, "its headline"),
    _must("text", CleanText, "its text, free of site furniture"),
    _must("words", Integer, "length of the text; a CJK character counts as a word"),
    _must("language", CleanText, "the language of the text"),
    _may("published_at", UtcDateTime, "when the site published it"),
    _may("published_from", CleanText, f"where that date was found: {_values(records.PublishedFrom)}"),
    _may("published_precision", CleanText, f"how exact it is: {_values(records.Precision)}"),
    _may("dated", Date, "the day it was released or, failing that, published"),
    _must("fetched_at", UtcDateTime, "when it was fetched"),
    _must("publisher", CleanText, "who runs the site"),
    _may("distributor", CleanText, "the wire or release service that carried it there"),
    _may("issuer", CleanText, "whose release it is"),
    _must("cited_agencies", CleanJson, "agencies that it quotes without being their copy"),
    _may("author", CleanText, "the person or desk that signs it"),
    _may("dateline_place", CleanText, "the place in its dateline"),
    _may("release_date", Date, "the date in its dateline"),
    _must("attribution_evidence", CleanJson, "what the attribution rests on"),
    _must("extractor", CleanText, "name and version of what extracted it"),
    _must("loaded_at", UtcDateTime, "when it was first loaded"),
    UniqueConstraint("article_id"),
    comment="Articles whose text was accepted",
)

text_group = Table(
    "text_group",
    metadata,
    _key("text_group_id", CleanText, "computed from the article that founded it"),
    _must(
        "origin_article_id", CleanText, "the original, as far as is known", ForeignKey("article.article_id")
    ),
    _must("created_at", UtcDateTime, "when it was founded"),
    comment="One row a text: an original with its reprints is one voice",
)

membership = Table(
    "membership",
    metadata,
    _key("article_id", CleanText, "the article", ForeignKey("article.article_id")),
    _must("text_group_id", CleanText, "its text", ForeignKey("text_group.text_group_id")),
    _must("relation", CleanText, f"its place in the group: {_values(records.Relation)}"),
    _may("matched_article_id", CleanText, "the article it was recognised by"),
    _may("containment", Float, "share of the shorter text that is in the longer"),
    _must("shared_fingerprints", Integer, "fingerprints shared with that article"),
    _must("reason", CleanText, "why, in one line"),
    Index(None, "text_group_id"),
    comment="Which text an article carries",
)

fingerprint = Table(
    "fingerprint",
    metadata,
    _key("hash", BigInteger, "sampled hash of a shingle, signed"),
    _key("article_no", Integer, "article.article_no; unchecked, to stay small and quick"),
    sqlite_with_rowid=False,
    comment="Index from shingles to the articles that hold them",
)

event = Table(
    "event",
    metadata,
    _key("event_id", CleanText, "computed from series and edition or year, else from the founding article"),
    _may("series", CleanText, "the series it belongs to"),
    _may("edition", Integer, "its number in the series"),
    _must("name", CleanText, "its name"),
    _must("kind", CleanText, f"what it is: {_values(records.EventKind)}"),
    _may("start_date", Date, "its first day"),
    _may("end_date", Date, "its last day"),
    _may("place", CleanText, "where it takes place"),
    _may("country", CleanText, "the country of the place, ISO 3166"),
    _must("participants", CleanJson, "countries and organisations that take part"),
    _must("articles", Integer, "articles that cover it"),
    _must("text_groups", Integer, "different texts among them"),
    _must("independent_sources", Integer, "different voices among those"),
    _must("revision", Integer, "counts its changes"),
    _must("first_seen_at", UtcDateTime, "when it was first known"),
    _must("updated_at", UtcDateTime, "when it last changed"),
    Index(None, "series"),
    Index(None, "start_date", "end_date"),
    comment="Real-world events, resolved from all that is said of them",
)

coverage = Table(
    "coverage",
    metadata,
    _key("article_id", CleanText, "the article", ForeignKey("article.article_id")),
    _key("event_id", CleanText, "the event", ForeignKey("event.event_id")),
    _must("text_group_id", CleanText, "the text it carries", ForeignKey("text_group.text_group_id")),
    _must("role", CleanText, f"how it speaks of the event: {_values(records.MentionRole)}"),
    _must("url", CleanText, "where it can be read"),
    _must("title", CleanText, "its headline"),
    _must("publisher", CleanText, "who runs the site"),
    _may("distributor", CleanText, "the wire or release service that carried it there"),
    _may("issuer", CleanText, "whose release it is"),
    _must("family", CleanText, "whose voice it is: the owner behind the origin of the text"),
    _may("published_at", UtcDateTime, "when the site published it"),
    _must("score", Float, "its score of relevance"),
    _must("evidence", CleanJson, "why it is about this event"),
    _must("position", Integer, "its place among the event's coverage"),
    _must("recorded_at", UtcDateTime, "when this row was first known"),
    Index(None, "event_id"),
    Index(None, "text_group_id"),
    comment="One row for each article and event it reports: start here",
)


def _claim_columns() -> list[Column[Any]]:
    return [
        _must("event_id", CleanText, "the event", ForeignKey("event.event_id")),
        _must("article_id", CleanText, "the article that makes it", ForeignKey("article.article_id")),
        _must("text_group_id", CleanText, "the text that makes it", ForeignKey("text_group.text_group_id")),
        _must("field", CleanText, "what it is about: dates, attendance, attendance.PART, countries, ..."),
        _must("value", CleanText, "the value, in canonical form"),
        _may("low", Float, "the least that the words allow"),
        _may("high", Float, "the most that the words allow"),
        _may("qualifier", CleanText, "the word that qualifies it, as a normal form"),
        _must("quote", CleanText, "the sentence it rests on"),
        _must("url", CleanText, "where that sentence can be read"),
        _must("status", CleanText, f"against the event's other claims: {_values(records.ClaimStatus)}"),
        _must("position", Integer, "its place among the event's claims"),
        _must("recorded_at", UtcDateTime, "when it was first known"),
    ]


claim = Table(
    "claim",
    metadata,
    _key("claim_id", CleanText, "computed from event, text group, field and value"),
    *_claim_columns(),
    Index(None, "event_id"),
    Index(None, "article_id"),
    comment="Who says what of an event, each resting on one sentence",
)

withdrawn_claim = Table(
    "withdrawn_claim",
    metadata,
    _key("claim_id", CleanText, "the id it had in claim"),
    _key("withdrawn_at", UtcDateTime, "when it was no longer found in the article"),
    *_claim_columns(),
    Index(None, "event_id"),
    comment="Ledger of claims that stand no longer, as they stood",
)

event_relation = Table(
    "event_relation",
    metadata,
    _key("event_id", CleanText, "an event", ForeignKey("event.event_id")),
    _key("other_event_id", CleanText, "another one", ForeignKey("event.event_id")),
    _key("kind", CleanText, "same_series, or mentioned: named in an article on the other"),
    _may("article_id", CleanText, "the article that relates them", ForeignKey("article.article_id")),
    _may("quote", CleanText, "the words that relate them"),
    _must("recorded_at", UtcDateTime, "when it was first known"),
    Index(None, "other_event_id"),
    comment="Events that belong together without being one",
)

event_change = Table(
    "event_change",
    metadata,
    _key("event_id", CleanText, "the event", ForeignKey("event.event_id")),
    _key("revision", Integer, "the event's revision after it"),
    _key("kind", CleanText, f"what changed: {_values(records.ChangeKind)}"),
    _key("article_id", CleanText, "the article that brought it", ForeignKey("article.article_id")),
    _must("run_id", CleanText, "the run that recorded it", ForeignKey("run.run_id")),
    _must("changed_at", UtcDateTime, "when it was recorded"),
    comment="Ledger of changes of events",
)

rejection = Table(
    "rejection",
    metadata,
    _key("rejection_id", CleanText, "computed from all that follows"),
    _must("entry_id", Id, "the entry that is quarantined", ForeignKey("entry.entry_id")),
    _must("stage", CleanText, f"the stage that rejected it: {_values(records.Stage)}"),
    _must("rule", CleanText, "the rule that it breaks"),
    _must("rule_version", CleanText, "the version of that rule"),
    _must("reason", CleanText, "why, in one line"),
    _must("record", CleanJson, "the record as it was"),
    _must("run_id", CleanText, "the run that rejected it", ForeignKey("run.run_id")),
    _must("rejected_at", UtcDateTime, "when it was first rejected"),
    Index(None, "entry_id"),
    comment="Quarantine: records that were refused, and why",
)

alert = Table(
    "alert",
    metadata,
    _key("key", CleanText, "makes it go out once"),
    _must("event_id", CleanText, "the event", ForeignKey("event.event_id")),
    _must("kind", CleanText, f"what it reports: {_values(records.ChangeKind)}"),
    _must("rule", CleanText, "the rule that asked for it"),
    _must("route", CleanText, "where it goes"),
    _must("title", CleanText, "its first line"),
    _must("body", CleanText, "its text"),
    _must("status", CleanText, f"where it stands: {_values(records.AlertStatus)}"),
    _must("attempts", Integer, "how many times it was tried"),
    _must("created_at", UtcDateTime, "when it was written, with the change it reports"),
    _must("next_attempt_at", UtcDateTime, "a pending alert is not tried sooner"),
    _may("sent_at", UtcDateTime, "when it was delivered"),
    _may("last_error", CleanText, "why the last try failed"),
    _may("claimed_until", UtcDateTime, "a run is delivering it; after this any run may"),
    _only("status", records.AlertStatus),
    Index(None, "status", "next_attempt_at"),
    Index(None, "event_id"),
    comment="Outbox: one row for each message to a route",
)


# --- views

views = MetaData()

source_health = Table(
    "source_health",
    views,
    _must("source_id", CleanText, "the source"),
    _must("name", CleanText, "its name, for people"),
    _must("kind", CleanText, f"what its address serves: {_values(records.SourceKind)}"),
    _must("url", CleanText, "its address in the registry"),
    _may("current_url", CleanText, "polled in place of url once a move has held"),
    _must("is_registered", Boolean, "whether the registry that was last read has it"),
    _may("silent_after_seconds", Float, "its silence is an alarm after this long"),
    _may("first_polled_at", UtcDateTime, "its first poll"),
    _may("last_polled_at", UtcDateTime, "the last poll"),
    _may("last_success_at", UtcDateTime, "the last poll that did not fail"),
    _may("last_new_entry_at", UtcDateTime, "when a poll last brought something new"),
    _may("next_poll_at", UtcDateTime, "when it is due; empty means now"),
    _may("interval_seconds", Float, "the present time between two polls"),
    _must("failure_weight", Float, "sum of the weights of the failures since the last success"),
    _may("last_error", CleanText, "why the last poll failed; empty after a success"),
    _must("is_conditional", Boolean, "false once its 304 were found to hide changes"),
    _must("polls_7d", Integer, "polls of the last seven days"),
    _must("failed_7d", Integer, "how many of them failed"),
    _must("new_entries_7d", Integer, "how many new entries they brought"),
    _must("unreadable_7d", Integer, "how many items in them could not be read"),
    _must("open_gaps", Integer, "gaps that are not filled"),
    _must("as_of", UtcDateTime, "the time at which this was asked, by the clock of the database"),
    comment="One row a source: how it is doing",
)
