"""Events, who covers them, and who claims what."""

from typing import Any

from sqlalchemy import BigInteger, Column, Date, Float, ForeignKey, Index, Integer, Table

from schemas import records
from schemas.columns import CleanJson, CleanText, UtcDateTime
from schemas.tables.base import key, may, metadata, must, only, values

event = Table(
    "event",
    metadata,
    key("event_id", CleanText, "computed from series and edition or year, else from the founding article"),
    may("series", CleanText, "the series it belongs to"),
    may("edition", Integer, "its number in the series"),
    must("name", CleanText, "its name"),
    must("kind", CleanText, f"what it is: {values(records.EventKind)}"),
    may("start_date", Date, "its first day"),
    may("end_date", Date, "its last day"),
    may("place", CleanText, "where it takes place"),
    may("country", CleanText, "the country of the place, ISO 3166"),
    must("participants", CleanJson, "countries and organisations that take part"),
    must("articles", Integer, "articles that cover it"),
    must("text_groups", Integer, "different texts among them"),
    must("independent_sources", Integer, "different voices among those"),
    must("revision", Integer, "counts its changes"),
    may("merged_into", CleanText, "the event that holds what was this one's"),
    must("first_seen_at", UtcDateTime, "when it was first known"),
    must("updated_at", UtcDateTime, "when it last changed"),
    Index(None, "series"),
    Index(None, "start_date", "end_date"),
    comment="Real-world events, resolved from all that is said of them",
)

coverage = Table(
    "coverage",
    metadata,
    key("article_id", CleanText, "the article", ForeignKey("article.article_id")),
    key("event_id", CleanText, "the event", ForeignKey("event.event_id")),
    must("text_group_id", CleanText, "the text it carries", ForeignKey("text_group.text_group_id")),
    must("role", CleanText, f"how it speaks of the event: {values(records.MentionRole)}"),
    must("url", CleanText, "where it can be read"),
    must("title", CleanText, "its headline"),
    must("publisher", CleanText, "who runs the site"),
    may("distributor", CleanText, "the wire or release service that carried it there"),
    may("issuer", CleanText, "whose release it is"),
    must("family", CleanText, "whose voice it is: the owner behind the origin of the text"),
    may("published_at", UtcDateTime, "when the site published it"),
    must("score", Float, "its score of relevance"),
    must("linked_by", CleanText, "version of the rules that linked it, or the analyst", default="''"),
    must("evidence", CleanJson, "why it is about this event"),
    must("position", Integer, "its place among the event's coverage"),
    must("recorded_at", UtcDateTime, "when this row was first known"),
    Index(None, "event_id"),
    Index(None, "text_group_id"),
    comment="One row for each article and event it reports: start here",
)

withdrawn_coverage = Table(
    "withdrawn_coverage",
    metadata,
    key("article_id", CleanText, "the article", ForeignKey("article.article_id")),
    key("event_id", CleanText, "the event", ForeignKey("event.event_id")),
    key("withdrawn_at", UtcDateTime, "when it was no longer found to report the event"),
    *(
        Column(
            column.name,
            column.type,
            nullable=column.nullable,
            server_default=column.server_default,
            comment=column.comment,
        )
        for column in coverage.columns
        if not column.primary_key
    ),
    must("reason", CleanText, "why, in one line"),
    must("run_id", CleanText, "the run that withdrew it", ForeignKey("run.run_id")),
    Index(None, "event_id"),
    comment="Ledger of coverage that stands no longer, as it stood",
)


def _claim_columns() -> list[Column[Any]]:
    return [
        must("event_id", CleanText, "the event", ForeignKey("event.event_id")),
        must("article_id", CleanText, "the article that makes it", ForeignKey("article.article_id")),
        must("text_group_id", CleanText, "the text that makes it", ForeignKey("text_group.text_group_id")),
        must("field", CleanText, "what it is about: dates, attendance, attendance.PART, countries, ..."),
        must("value", CleanText, "the value, in canonical form"),
        may("low", Float, "the least that the words allow"),
        may("high", Float, "the most that the words allow"),
        may("unit", CleanText, "the unit of the value"),
        may("qualifier", CleanText, "the word that qualifies it, as a normal form"),
        may("scope", CleanText, "the part of the event that it is about"),
        must("quote", CleanText, "the sentence it rests on"),
        must("quote_start", Integer, "where the quote begins in title, newline, text", default="0"),
        must("quote_end", Integer, "where it ends", default="0"),
        must("article_version", Integer, "the version of the article that says so", default="1"),
        must("extractor", CleanText, "version of what found it", default="''"),
        must("asserted_by", CleanText, "who says so", default="''"),
        must("url", CleanText, "where that sentence can be read"),
        must("status", CleanText, f"against the event's other claims: {values(records.ClaimStatus)}"),
        must("position", Integer, "its place among the event's claims"),
        must("recorded_at", UtcDateTime, "when it was first known"),
    ]


claim = Table(
    "claim",
    metadata,
    key("claim_id", CleanText, "computed from event, text group, field and value"),
    *_claim_columns(),
    Index(None, "event_id"),
    Index(None, "article_id", "event_id", "article_version"),
    comment="Who says what of an event, each resting on one sentence",
)

withdrawn_claim = Table(
    "withdrawn_claim",
    metadata,
    key("claim_id", CleanText, "the id it had in claim"),
    key("withdrawn_at", UtcDateTime, "when it was no longer found in the article"),
    *_claim_columns(),
    Index(None, "event_id"),
    comment="Ledger of claims that stand no longer, as they stood",
)

event_relation = Table(
    "event_relation",
    metadata,
    key("event_id", CleanText, "an event", ForeignKey("event.event_id")),
    key("other_event_id", CleanText, "another one", ForeignKey("event.event_id")),
    key("kind", CleanText, f"how: {values(records.RelationKind)}"),
    may("article_id", CleanText, "the article that relates them", ForeignKey("article.article_id")),
    may("quote", CleanText, "the words that relate them"),
    must("recorded_at", UtcDateTime, "when it was first known"),
    Index(None, "other_event_id"),
    comment="Events that belong together without being one",
)

event_change = Table(
    "event_change",
    metadata,
    key("event_id", CleanText, "the event", ForeignKey("event.event_id")),
    key("revision", Integer, "the event's revision after it"),
    key("kind", CleanText, f"what changed: {values(records.ChangeKind)}"),
    key("article_id", CleanText, "the article that brought it", ForeignKey("article.article_id")),
    must("run_id", CleanText, "the run that recorded it", ForeignKey("run.run_id")),
    must("changed_at", UtcDateTime, "when it was recorded"),
    must("detail", CleanText, "all that changed, in one line", default="''"),
    comment="Ledger of changes of events",
)

alert = Table(
    "alert",
    metadata,
    key("key", CleanText, "makes it go out once"),
    may("event_id", CleanText, "the event; empty in notices on the pipeline", ForeignKey("event.event_id")),
    must("kind", CleanText, f"what it reports: {values(records.AlertKind)}"),
    must("rule", CleanText, "the rule that asked for it"),
    must("route", CleanText, "where it goes"),
    must("title", CleanText, "its first line"),
    must("body", CleanText, "its text"),
    may("message", CleanJson, "what it says, before it is worded for a receiver"),
    must("status", CleanText, f"where it stands: {values(records.AlertStatus)}"),
    must("attempts", Integer, "how many times it was tried"),
    must("created_at", UtcDateTime, "when it was written, with the change it reports"),
    must("next_attempt_at", UtcDateTime, "a pending alert is not tried sooner"),
    may("sent_at", UtcDateTime, "when it was delivered"),
    may("last_error", CleanText, "why the last try failed"),
    may("claimed_until", UtcDateTime, "a run is delivering it; after this any run may"),
    may("rolled_into", CleanText, "the key of the message that went out in its place"),
    only("status", records.AlertStatus),
    Index(None, "status", "next_attempt_at"),
    Index(None, "route", "sent_at"),
    Index(None, "event_id"),
    comment="Outbox: one row for each message to a route",
)

pin = Table(
    "pin",
    metadata,
    key("pin_id", CleanText, "computed from article, event, kind and time"),
    must("kind", CleanText, f"what was decided: {values(records.PinKind)}"),
    must("article_id", CleanText, "the article", ForeignKey("article.article_id")),
    must("event_id", CleanText, "the event", ForeignKey("event.event_id")),
    must("actor", CleanText, "the analyst"),
    must("note", CleanText, "why, in the analyst's words"),
    must("created_at", UtcDateTime, "since when it holds"),
    may("revoked_at", UtcDateTime, "until when"),
    only("kind", records.PinKind),
    Index(None, "article_id"),
    Index(None, "event_id"),
    comment="What analysts decided of articles and events; no rule overrules it",
)

identity_change = Table(
    "identity_change",
    metadata,
    key("event_id", CleanText, "the event that stays", ForeignKey("event.event_id")),
    key("changed_at", UtcDateTime, "when"),
    key("kind", CleanText, f"what happened: {values(records.IdentityChangeKind)}"),
    key("reference", CleanText, "the other event, or the pin"),
    may("other_event_id", CleanText, "the event that was merged into it, or split off it"),
    must("article_ids", CleanJson, "articles whose coverage moved"),
    must("actor", CleanText, "an analyst, or rules"),
    must("rule_version", CleanText, "the version of the rules in force"),
    must("reason", CleanText, "why, in one line"),
    may("run_id", CleanText, "the run that did it, if it was one", ForeignKey("run.run_id")),
    Index(None, "other_event_id"),
    comment="Ledger of events that became one, or two",
)

event_term = Table(
    "event_term",
    metadata,
    key("term", BigInteger, "hash of a rare word of the event, signed"),
    key("event_id", CleanText, "the event; unchecked, to stay small and quick"),
    Index(None, "event_id"),
    sqlite_with_rowid=False,
    comment="Index from words to the events that they are rare in",
)
