"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
PENDING = sa.text("outcome = 'pending'")


def _must(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _may(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def upgrade() -> None:
    op.create_table(
        "event",
        _must("event_id", TEXT, "computed from series and edition or year, else from the founding article"),
        _may("series", TEXT, "the series it belongs to"),
        _may("edition", sa.Integer(), "its number in the series"),
        _must("name", TEXT, "its name"),
        _must(
            "kind",
            TEXT,
            (
                "what it is: conference, agreement, laboratory, programme, accession, initiative, "
                "delegation, exchange, facility"
            ),
        ),
        _may("start_date", sa.Date(), "its first day"),
        _may("end_date", sa.Date(), "its last day"),
        _may("place", TEXT, "where it takes place"),
        _may("country", TEXT, "the country of the place, ISO 3166"),
        _must("participants", JSON, "countries and organisations that take part"),
        _must("articles", sa.Integer(), "articles that cover it"),
        _must("text_groups", sa.Integer(), "different texts among them"),
        _must("independent_sources", sa.Integer(), "different voices among those"),
        _must("revision", sa.Integer(), "counts its changes"),
        _must("first_seen_at", TIME, "when it was first known"),
        _must("updated_at", TIME, "when it last changed"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event"),
        comment="Real-world events, resolved from all that is said of them",
    )
    op.create_index("ix_event_series", "event", ["series"])
    op.create_index("ix_event_start_date_end_date", "event", ["start_date", "end_date"])
    op.create_table(
        "fingerprint",
        _must("hash", sa.BigInteger(), "sampled hash of a shingle, signed"),
        _must("article_no", sa.Integer(), "article.article_no; unchecked, to stay small and quick"),
        sa.PrimaryKeyConstraint("hash", "article_no", name="pk_fingerprint"),
        comment="Index from shingles to the articles that hold them",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run",
        _must("run_id", TEXT, "the run"),
        _must("started_at", TIME, "when it began"),
        _may("finished_at", TIME, "when it ended; empty while it runs and after it was killed"),
        _may("summary", JSON, "what it came to, in counts"),
        sa.PrimaryKeyConstraint("run_id", name="pk_run"),
        comment="One row a run: the ledger that poll, entry, event_change and rejection refer to",
    )
    op.create_table(
        "source",
        _must("source_id", TEXT, "the source's id in the registry"),
        _must("name", TEXT, "its name, for people"),
        _must("kind", TEXT, "what its address serves: feed, sitemap, listing"),
        _must("url", TEXT, "the address that is polled"),
        _must("publisher", TEXT, "who runs the site"),
        _may("language", TEXT, "the language it declares"),
        _may("country", TEXT, "the country it is from, ISO 3166"),
        _must("poll_min_seconds", sa.Float(), "never polled sooner than this after the last poll"),
        _must("poll_max_seconds", sa.Float(), "never polled later than this after the last poll"),
        _may("silent_after_seconds", sa.Float(), "its silence is an alarm after this long"),
        _must("entries_min", sa.Integer(), "a poll with fewer entries is an alarm"),
        _may("listing", JSON, "CSS selectors, for kind listing"),
        _must("registered_at", TIME, "when a run last had it in its registry"),
        _may("listed_at", TIME, "the last successful poll, whether its content was new or unchanged"),
        _may("next_poll_at", TIME, "when it is due; empty means now"),
        _may("last_polled_at", TIME, "the last poll"),
        _may("last_success_at", TIME, "the last poll that did not fail"),
        _may("interval_seconds", sa.Float(), "the present time between two polls"),
        _may("etag", TEXT, "validator for the next conditional request"),
        _may("last_modified", TEXT, "validator for the next conditional request"),
        _may("body_sha256", TEXT, "hash of the last body that could be read"),
        _must("failure_weight", sa.Float(), "sum of the weights of the failures since the last success"),
        _may("last_error", TEXT, "why the last poll failed; empty after a success"),
        sa.PrimaryKeyConstraint("source_id", name="pk_source"),
        comment="One row a source: the registry as last read, and what polling remembers of it",
    )
    op.create_table(
        "alert",
        _must("key", TEXT, "makes it go out once"),
        _must("event_id", TEXT, "the event"),
        _must("kind", TEXT, "what it reports: new_event, new_source"),
        _must("rule", TEXT, "the rule that asked for it"),
        _must("route", TEXT, "where it goes"),
        _must("title", TEXT, "its first line"),
        _must("body", TEXT, "its text"),
        _must("status", TEXT, "where it stands: pending, sent, failed"),
        _must("attempts", sa.Integer(), "how many times it was tried"),
        _must("created_at", TIME, "when it was written, with the change it reports"),
        _must("next_attempt_at", TIME, "a pending alert is not tried sooner"),
        _may("sent_at", TIME, "when it was delivered"),
        _may("last_error", TEXT, "why the last try failed"),
        _may("claimed_until", TIME, "a run is delivering it; after this any run may"),
        sa.PrimaryKeyConstraint("key", name="pk_alert"),
        sa.CheckConstraint("status IN ('pending', 'sent', 'failed')", name=op.f("ck_alert_status")),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_alert_event_id"),
        comment="Outbox: one row for each message to a route",
    )
    op.create_index("ix_alert_event_id", "alert", ["event_id"])
    op.create_index("ix_alert_status_next_attempt_at", "alert", ["status", "next_attempt_at"])
    op.create_table(
        "entry",
        _must("entry_id", ID, "number given by the inbox"),
        _must("source_id", TEXT, "the source that listed it"),
        _must("key", TEXT, "its identity inside the source: guid, else link, else a hash"),
        _must("url", TEXT, "the address to fetch"),
        _must("compare_url", TEXT, "the address to compare; never fetched"),
        _must("host", TEXT, "the host of the address; hosts take turns"),
        _must("turn", sa.Integer(), "the round in which its host is served: one entry a host in every round"),
        _must("title", TEXT, "the title in the feed"),
        _must("summary", TEXT, "the summary in the feed"),
        _may("published_at", TIME, "the date in the feed"),
        _may("author", TEXT, "the author in the feed"),
        _may("language", TEXT, "the language that the feed declares"),
        _must("first_seen_at", TIME, "when it came into the inbox"),
        _must("last_seen_at", TIME, "the last successful poll that listed it"),
        _must(
            "outcome",
            TEXT,
            "where it stands, exactly one of: pending, loaded, irrelevant, quarantined, failed",
        ),
        _may(
            "stage",
            TEXT,
            "the stage that decided: poll, fetch, extract, judge, group, link, check, load, alert",
        ),
        _may("reason", TEXT, "why it stands there, in one line"),
        _must("attempts", sa.Integer(), "how many times it was worked on"),
        _may("next_attempt_at", TIME, "a pending entry is not taken sooner"),
        _may("article_id", TEXT, "the article behind it, once loaded"),
        _may("claimed_by", TEXT, "the run that works on it"),
        _may("claimed_until", TIME, "after this any run may take it"),
        _may("run_id", TEXT, "the run that decided"),
        _may("decided_at", TIME, "when it was decided"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entry"),
        sa.CheckConstraint(
            "outcome IN ('pending', 'loaded', 'irrelevant', 'quarantined', 'failed')",
            name=op.f("ck_entry_outcome"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_entry_run_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_entry_source_id"),
        sa.UniqueConstraint("source_id", "key", name="uq_entry_source_id_key"),
        comment="The inbox: one row for every entry that any source ever listed",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entry_compare_url", "entry", ["compare_url"])
    op.create_index(
        "ix_entry_host_turn_pending",
        "entry",
        ["host", "turn"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    op.create_index("ix_entry_outcome_turn_entry_id", "entry", ["outcome", "turn", "entry_id"])
    op.create_index("ix_entry_source_id_last_seen_at", "entry", ["source_id", "last_seen_at"])
    op.create_table(
        "poll",
        _must("source_id", TEXT, "the source"),
        _must("polled_at", TIME, "when it was asked"),
        _must("run_id", TEXT, "the run that asked"),
        _must("outcome", TEXT, "what came of it: polled, not_modified, failed"),
        _may("http_status", sa.Integer(), "the status of the answer, if there was one"),
        _must("entries", sa.Integer(), "how many entries the answer held"),
        _must("new_entries", sa.Integer(), "how many of them had not been seen before"),
        _must("unreadable", sa.Integer(), "how many items were there but could not be read"),
        _may("reason", TEXT, "why it failed: kind and detail"),
        _must("seconds", sa.Float(), "how long it took"),
        sa.PrimaryKeyConstraint("source_id", "polled_at", name="pk_poll"),
        sa.CheckConstraint("outcome IN ('polled', 'not_modified', 'failed')", name=op.f("ck_poll_outcome")),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_poll_run_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_poll_source_id"),
        comment="Ledger of polls",
    )
    op.create_table(
        "article",
        _must("article_no", ID, "a short number, for the fingerprints"),
        _must("article_id", TEXT, "computed from the address"),
        _must("entry_id", ID, "the entry it was fetched for"),
        _must("source_id", TEXT, "the source that listed it"),
        _must("url", TEXT, "where it can be read"),
        _must("compare_url", TEXT, "its address for comparison"),
        _must("title", TEXT, "its headline"),
        _must("text", TEXT, "its text, free of site furniture"),
        _must("words", sa.Integer(), "length of the text; a CJK character counts as a word"),
        _must("language", TEXT, "the language of the text"),
        _may("published_at", TIME, "when the site published it"),
        _may("published_from", TEXT, "where that date was found: feed, json_ld, meta, url, byline, dateline"),
        _may("published_precision", TEXT, "how exact it is: second, day"),
        _may("dated", sa.Date(), "the day it was released or, failing that, published"),
        _must("fetched_at", TIME, "when it was fetched"),
        _must("publisher", TEXT, "who runs the site"),
        _may("distributor", TEXT, "the wire or release service that carried it there"),
        _may("issuer", TEXT, "whose release it is"),
        _must("cited_agencies", JSON, "agencies that it quotes without being their copy"),
        _may("author", TEXT, "the person or desk that signs it"),
        _may("dateline_place", TEXT, "the place in its dateline"),
        _may("release_date", sa.Date(), "the date in its dateline"),
        _must("attribution_evidence", JSON, "what the attribution rests on"),
        _must("extractor", TEXT, "name and version of what extracted it"),
        _must("loaded_at", TIME, "when it was first loaded"),
        sa.PrimaryKeyConstraint("article_no", name="pk_article"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"], name="fk_article_entry_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_article_source_id"),
        sa.UniqueConstraint("article_id", name="uq_article_article_id"),
        comment="Articles whose text was accepted",
    )
    op.create_table(
        "judgement",
        _must("entry_id", ID, "the entry that was judged"),
        _must("verdict", TEXT, "the decision: alert, accept, review, discard"),
        _must("score", sa.Float(), "what the decision rests on"),
        _must("facets", JSON, "score by facet: science, cooperation, international"),
        _must("fired", JSON, "patterns that matched, with quotes and offsets into title, newline, text"),
        _must("reason", TEXT, "why, in one line"),
        _must("topic", TEXT, "the topic file"),
        _must("version", TEXT, "the version of the topic file"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_judgement"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"], name="fk_judgement_entry_id"),
        comment="Whether an article is in scope, and everything that decided it",
    )
    op.create_table(
        "rejection",
        _must("rejection_id", TEXT, "computed from all that follows"),
        _must("entry_id", ID, "the entry that is quarantined"),
        _must(
            "stage",
            TEXT,
            "the stage that rejected it: poll, fetch, extract, judge, group, link, check, load, alert",
        ),
        _must("rule", TEXT, "the rule that it breaks"),
        _must("rule_version", TEXT, "the version of that rule"),
        _must("reason", TEXT, "why, in one line"),
        _must("record", JSON, "the record as it was"),
        _must("run_id", TEXT, "the run that rejected it"),
        _must("rejected_at", TIME, "when it was first rejected"),
        sa.PrimaryKeyConstraint("rejection_id", name="pk_rejection"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"], name="fk_rejection_entry_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_rejection_run_id"),
        comment="Quarantine: records that were refused, and why",
    )
    op.create_index("ix_rejection_entry_id", "rejection", ["entry_id"])
    op.create_table(
        "event_change",
        _must("event_id", TEXT, "the event"),
        _must("revision", sa.Integer(), "the event's revision after it"),
        _must("kind", TEXT, "what changed: new_event, new_source"),
        _must("article_id", TEXT, "the article that brought it"),
        _must("run_id", TEXT, "the run that recorded it"),
        _must("changed_at", TIME, "when it was recorded"),
        sa.PrimaryKeyConstraint("event_id", "revision", "kind", "article_id", name="pk_event_change"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_event_change_article_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_event_change_event_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_event_change_run_id"),
        comment="Ledger of changes of events",
    )
    op.create_table(
        "event_relation",
        _must("event_id", TEXT, "an event"),
        _must("other_event_id", TEXT, "another one"),
        _must("kind", TEXT, "same_series, or mentioned: named in an article on the other"),
        _may("article_id", TEXT, "the article that relates them"),
        _may("quote", TEXT, "the words that relate them"),
        _must("recorded_at", TIME, "when it was first known"),
        sa.PrimaryKeyConstraint("event_id", "other_event_id", "kind", name="pk_event_relation"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_event_relation_article_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_event_relation_event_id"),
        sa.ForeignKeyConstraint(
            ["other_event_id"], ["event.event_id"], name="fk_event_relation_other_event_id"
        ),
        comment="Events that belong together without being one",
    )
    op.create_index("ix_event_relation_other_event_id", "event_relation", ["other_event_id"])
    op.create_table(
        "text_group",
        _must("text_group_id", TEXT, "computed from the article that founded it"),
        _must("origin_article_id", TEXT, "the original, as far as is known"),
        _must("created_at", TIME, "when it was founded"),
        sa.PrimaryKeyConstraint("text_group_id", name="pk_text_group"),
        sa.ForeignKeyConstraint(
            ["origin_article_id"], ["article.article_id"], name="fk_text_group_origin_article_id"
        ),
        comment="One row a text: an original with its reprints is one voice",
    )
    op.create_table(
        "claim",
        _must("claim_id", TEXT, "computed from event, text group, field and value"),
        _must("event_id", TEXT, "the event"),
        _must("article_id", TEXT, "the article that makes it"),
        _must("text_group_id", TEXT, "the text that makes it"),
        _must("field", TEXT, "what it is about: dates, attendance, attendance.PART, countries, ..."),
        _must("value", TEXT, "the value, in canonical form"),
        _may("low", sa.Float(), "the least that the words allow"),
        _may("high", sa.Float(), "the most that the words allow"),
        _may("qualifier", TEXT, "the word that qualifies it, as a normal form"),
        _must("quote", TEXT, "the sentence it rests on"),
        _must("url", TEXT, "where that sentence can be read"),
        _must(
            "status",
            TEXT,
            "against the event's other claims: only, agrees, soft_conflict, conflict, component, inherited",
        ),
        _must("position", sa.Integer(), "its place among the event's claims"),
        _must("recorded_at", TIME, "when it was first known"),
        sa.PrimaryKeyConstraint("claim_id", name="pk_claim"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_claim_article_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_claim_event_id"),
        sa.ForeignKeyConstraint(
            ["text_group_id"], ["text_group.text_group_id"], name="fk_claim_text_group_id"
        ),
        comment="Who says what of an event, each resting on one sentence",
    )
    op.create_index("ix_claim_article_id", "claim", ["article_id"])
    op.create_index("ix_claim_event_id", "claim", ["event_id"])
    op.create_table(
        "coverage",
        _must("article_id", TEXT, "the article"),
        _must("event_id", TEXT, "the event"),
        _must("text_group_id", TEXT, "the text it carries"),
        _must("role", TEXT, "how it speaks of the event: main, sub_event, preview, background"),
        _must("url", TEXT, "where it can be read"),
        _must("title", TEXT, "its headline"),
        _must("publisher", TEXT, "who runs the site"),
        _may("distributor", TEXT, "the wire or release service that carried it there"),
        _may("issuer", TEXT, "whose release it is"),
        _must("family", TEXT, "whose voice it is: the owner behind the origin of the text"),
        _may("published_at", TIME, "when the site published it"),
        _must("score", sa.Float(), "its score of relevance"),
        _must("evidence", JSON, "why it is about this event"),
        _must("position", sa.Integer(), "its place among the event's coverage"),
        _must("recorded_at", TIME, "when this row was first known"),
        sa.PrimaryKeyConstraint("article_id", "event_id", name="pk_coverage"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_coverage_article_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_coverage_event_id"),
        sa.ForeignKeyConstraint(
            ["text_group_id"], ["text_group.text_group_id"], name="fk_coverage_text_group_id"
        ),
        comment="One row for each article and event it reports: start here",
    )
    op.create_index("ix_coverage_event_id", "coverage", ["event_id"])
    op.create_index("ix_coverage_text_group_id", "coverage", ["text_group_id"])
    op.create_table(
        "membership",
        _must("article_id", TEXT, "the article"),
        _must("text_group_id", TEXT, "its text"),
        _must("relation", TEXT, "its place in the group: origin, same, derived"),
        _may("matched_article_id", TEXT, "the article it was recognised by"),
        _may("containment", sa.Float(), "share of the shorter text that is in the longer"),
        _must("shared_fingerprints", sa.Integer(), "fingerprints shared with that article"),
        _must("reason", TEXT, "why, in one line"),
        sa.PrimaryKeyConstraint("article_id", name="pk_membership"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_membership_article_id"),
        sa.ForeignKeyConstraint(
            ["text_group_id"], ["text_group.text_group_id"], name="fk_membership_text_group_id"
        ),
        comment="Which text an article carries",
    )
    op.create_index("ix_membership_text_group_id", "membership", ["text_group_id"])
    op.create_table(
        "withdrawn_claim",
        _must("claim_id", TEXT, "the id it had in claim"),
        _must("withdrawn_at", TIME, "when it was no longer found in the article"),
        _must("event_id", TEXT, "the event"),
        _must("article_id", TEXT, "the article that makes it"),
        _must("text_group_id", TEXT, "the text that makes it"),
        _must("field", TEXT, "what it is about: dates, attendance, attendance.PART, countries, ..."),
        _must("value", TEXT, "the value, in canonical form"),
        _may("low", sa.Float(), "the least that the words allow"),
        _may("high", sa.Float(), "the most that the words allow"),
        _may("qualifier", TEXT, "the word that qualifies it, as a normal form"),
        _must("quote", TEXT, "the sentence it rests on"),
        _must("url", TEXT, "where that sentence can be read"),
        _must(
            "status",
            TEXT,
            "against the event's other claims: only, agrees, soft_conflict, conflict, component, inherited",
        ),
        _must("position", sa.Integer(), "its place among the event's claims"),
        _must("recorded_at", TIME, "when it was first known"),
        sa.PrimaryKeyConstraint("claim_id", "withdrawn_at", name="pk_withdrawn_claim"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_withdrawn_claim_article_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_withdrawn_claim_event_id"),
        sa.ForeignKeyConstraint(
            ["text_group_id"], ["text_group.text_group_id"], name="fk_withdrawn_claim_text_group_id"
        ),
        comment="Ledger of claims that stand no longer, as they stood",
    )
    op.create_index("ix_withdrawn_claim_event_id", "withdrawn_claim", ["event_id"])


def downgrade() -> None:
    for table in (
        "withdrawn_claim",
        "membership",
        "coverage",
        "claim",
        "text_group",
        "event_relation",
        "event_change",
        "rejection",
        "judgement",
        "article",
        "poll",
        "entry",
        "alert",
        "source",
        "run",
        "fingerprint",
        "event",
    ):
        op.drop_table(table)
