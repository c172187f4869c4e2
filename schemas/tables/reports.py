"""Views, whose SQL is in the migrations, and the indexes that only they and their questions need."""

from sqlalchemy import Boolean, Date, Float, Index, Integer, Table

from schemas import records
from schemas.columns import CleanJson, CleanText, UtcDateTime
from schemas.tables.base import may, must, values, views
from schemas.tables.events import claim, coverage, event, event_change
from schemas.tables.texts import article, text_group

Index(None, article.c.published_at, article.c.publisher, article.c.article_id)
Index(None, claim.c.field, claim.c.status)
Index(None, claim.c.recorded_at)
Index(None, coverage.c.recorded_at)
Index(None, event.c.kind, event.c.start_date)
Index(None, event.c.merged_into)
Index(None, event.c.first_seen_at)
Index(None, event_change.c.changed_at)
Index(None, text_group.c.origin_article_id)

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

event_overview = Table(
    "event_overview",
    views,
    must("event_id", CleanText, "the event"),
    must("name", CleanText, "its name"),
    must("kind", CleanText, f"what it is: {values(records.EventKind)}"),
    may("series", CleanText, "the series it belongs to"),
    may("edition", Integer, "its number in the series"),
    may("start_date", Date, "its first day"),
    may("end_date", Date, "its last day"),
    may("place", CleanText, "where it takes place"),
    may("country", CleanText, "the country of the place, ISO 3166"),
    must("participants", CleanJson, "countries and organisations that take part"),
    must("articles", Integer, "articles that cover it"),
    must("text_groups", Integer, "different texts among them"),
    must("independent_sources", Integer, "different voices among those"),
    may("first_published_at", UtcDateTime, "when the first article on it was published"),
    may("last_published_at", UtcDateTime, "when the last one was"),
    may("attendance_low", Float, "the lowest figure for its attendance that is claimed"),
    may("attendance_high", Float, "the highest one"),
    may("attendance_status", CleanText, "how these claims stand to each other, the worst of them"),
    must("conflicts", Integer, "fields on which its claims contradict each other"),
    must("soft_conflicts", Integer, "fields on which they differ a little"),
    may("origin_url", CleanText, "the first original article that is mainly about it"),
    must("revision", Integer, "counts its changes"),
    must("first_seen_at", UtcDateTime, "when it was first known"),
    must("updated_at", UtcDateTime, "when it last changed"),
    comment="One row an event, with its figures and how well they are established",
)

event_redirect = Table(
    "event_redirect",
    views,
    must("event_id", CleanText, "an id that an event has or had"),
    must(
        "stands_as", CleanText, "the event that holds now what was this one's: itself, if it was not merged"
    ),
    comment="One row for every id that was ever given to an event",
)

event_timeline = Table(
    "event_timeline",
    views,
    must("event_id", CleanText, "the event"),
    must("known_at", UtcDateTime, "when it was recorded"),
    must("step", Integer, "order of what was recorded at the same time"),
    must(
        "what",
        CleanText,
        "coverage, claim, correction, claim withdrawn, coverage withdrawn, identity, change, alert",
    ),
    must("kind", CleanText, "role of coverage, field of a claim, kind of change, alert or decision"),
    must("detail", CleanText, "headline, value or reason"),
    may("article_id", CleanText, "the article that brought it"),
    may("url", CleanText, "where that can be read"),
    must("told_of", CleanText, "the id that the event had then"),
    comment="What became known of an event when; order by known_at, step. What a merge moves is told again",
)

coverage_history = Table(
    "coverage_history",
    views,
    must("stands_as", CleanText, "the event that stands for it now"),
    must("event_id", CleanText, "the event, under the id it had"),
    must("article_id", CleanText, "the article"),
    must("text_group_id", CleanText, "the text it carries"),
    must("family", CleanText, "whose voice it is"),
    must("publisher", CleanText, "who runs the site"),
    must("role", CleanText, f"how it speaks of the event: {values(records.MentionRole)}"),
    must("title", CleanText, "its headline"),
    must("url", CleanText, "where it can be read"),
    may("published_at", UtcDateTime, "when the site published it"),
    must("known_from", UtcDateTime, "since when it was known to report the event"),
    may("known_until", UtcDateTime, "when it was withdrawn; empty while it stands"),
    may("reason", CleanText, "why it was withdrawn"),
    comment="Coverage that stands and that stood",
)

claim_history = Table(
    "claim_history",
    views,
    must("stands_as", CleanText, "the event that stands for it now"),
    must("event_id", CleanText, "the event, under the id it had"),
    must("claim_id", CleanText, "the claim"),
    must("article_id", CleanText, "the article that makes it"),
    must("text_group_id", CleanText, "the text that makes it"),
    must("field", CleanText, "what it is about"),
    must("value", CleanText, "the value, in canonical form"),
    may("low", Float, "the least that the words allow"),
    may("high", Float, "the most that the words allow"),
    may("unit", CleanText, "the unit of the value"),
    must("asserted_by", CleanText, "who says so"),
    must("quote", CleanText, "the sentence it rests on"),
    must("url", CleanText, "where that sentence can be read"),
    must("known_from", UtcDateTime, "since when it was known"),
    may("known_until", UtcDateTime, "when it was withdrawn; empty while it stands"),
    comment="Claims that stand and that stood",
)

current_claim = Table(
    "current_claim",
    views,
    must("claim_id", CleanText, "the claim"),
    must("event_id", CleanText, "the event"),
    must("field", CleanText, "what it is about"),
    must("value", CleanText, "the value, in canonical form"),
    may("low", Float, "the least that the words allow"),
    may("high", Float, "the most that the words allow"),
    may("unit", CleanText, "the unit of the value"),
    may("qualifier", CleanText, "the word that qualifies it, as a normal form"),
    may("scope", CleanText, "the part of the event that it is about"),
    must("status", CleanText, f"against the event's other claims: {values(records.ClaimStatus)}"),
    must("asserted_by", CleanText, "who says so"),
    may("publisher", CleanText, "who published the article"),
    may("family", CleanText, "whose voice it is"),
    must("text_group_id", CleanText, "the text that makes it"),
    must("article_id", CleanText, "the article that makes it"),
    must("url", CleanText, "where the sentence can be read"),
    may("published_at", UtcDateTime, "when the article was published"),
    must("quote", CleanText, "the sentence it rests on"),
    must("recorded_at", UtcDateTime, "when it was first known"),
    comment="Claims with their voices, without those of article versions that were corrected",
)

claim_conflicts = Table(
    "claim_conflicts",
    views,
    must("event_id", CleanText, "the event; claims of one event and field contradict each other"),
    must("event_name", CleanText, "its name"),
    must("event_kind", CleanText, "what it is"),
    may("start_date", Date, "its first day"),
    must("field", CleanText, "what they differ on"),
    must("status", CleanText, "how gravely: soft_conflict, conflict"),
    must("value", CleanText, "what this one says"),
    may("low", Float, "the least that its words allow"),
    may("high", Float, "the most that its words allow"),
    may("unit", CleanText, "the unit of the value"),
    must("asserted_by", CleanText, "who says so"),
    may("publisher", CleanText, "who published it"),
    may("family", CleanText, "whose voice it is"),
    must("articles", Integer, "how many articles carry the text that says so"),
    must("quote", CleanText, "the sentence it rests on"),
    must("url", CleanText, "where it can be read"),
    must("article_id", CleanText, "the article that says so"),
    may("published_at", UtcDateTime, "when that was published"),
    comment="One row for each claim that others contradict",
)

reprint_tree = Table(
    "reprint_tree",
    views,
    must("text_group_id", CleanText, "the text"),
    must("origin_article_id", CleanText, "its original, as far as is known"),
    must("origin_publisher", CleanText, "who published that"),
    must("origin_url", CleanText, "where that can be read"),
    must("origin_reason", CleanText, "why that one is taken for the original"),
    must("article_id", CleanText, "an article that carries the text"),
    must("is_origin", Integer, "1 for the original, 0 for a reprint"),
    must("relation", CleanText, f"how it was recognised: {values(records.Relation)}"),
    may("matched_article_id", CleanText, "the article it was recognised by"),
    may("containment", Float, "share of the shorter text that is in the longer"),
    must("title", CleanText, "its headline"),
    must("url", CleanText, "where it can be read"),
    must("publisher", CleanText, "who runs the site"),
    may("distributor", CleanText, "the wire or release service that carried it there"),
    may("issuer", CleanText, "whose release it is"),
    may("family", CleanText, "whose voice it is; empty while it covers no event"),
    must("source_id", CleanText, "the source that listed it"),
    may("published_at", UtcDateTime, "when the site published it"),
    comment="One row an article, beside the original of its text",
)

event_participant = Table(
    "event_participant",
    views,
    must("event_id", CleanText, "the event"),
    must("participant", CleanText, "who takes part: a country by its code (ISO 3166), or an organisation"),
    must("is_country", Integer, "1 for a country, 0 for an organisation"),
    must("kind", CleanText, "what the event is"),
    may("start_date", Date, "its first day"),
    must("month", CleanText, "its month as YYYY-MM; that in which it was first known if it has no date"),
    comment="One row for each event and party",
)

country_pairs = Table(
    "country_pairs",
    views,
    must("month", CleanText, "the month of the events, as YYYY-MM"),
    must("country", CleanText, "a country, ISO 3166"),
    must("other_country", CleanText, "another one, later in the alphabet"),
    must("events", Integer, "events of that month in which both take part"),
    comment="Which countries work together, by month",
)

weekly_activity = Table(
    "weekly_activity",
    views,
    must("week", CleanText, "the ISO week in UTC, as 2025-W26"),
    must("week_start", Date, "its Monday"),
    must("kind", CleanText, "what the events are"),
    must("new_events", Integer, "events that were first known in that week"),
    must("articles", Integer, "articles on such events of that week, by their date of publication"),
    must("texts", Integer, "different texts among them"),
    must("voices", Integer, "different voices among those"),
    comment="How much there was in each week, by kind of event",
)

silent_source = Table(
    "silent_source",
    views,
    must("source_id", CleanText, "the source"),
    must("name", CleanText, "its name, for people"),
    must("silent_since", UtcDateTime, "when it last brought something new, else its first poll"),
    must("silent_seconds", Float, "how long that is ago"),
    must("silent_after_seconds", Float, "its silence is an alarm after this long"),
    may("last_polled_at", UtcDateTime, "the last poll"),
    may("last_error", CleanText, "why the last poll failed; empty after a success"),
    comment="Registered sources that are silent beyond their expectation",
)
