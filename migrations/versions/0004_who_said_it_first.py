"""Who said it first: boilerplate, versions of articles, exact claims, and the identity of events."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

_STANDING = "against the event's other claims: only, agrees, {}soft_conflict, conflict, component, inherited"
CLAIMS = ("claim", "withdrawn_claim")
# table, column, comment before, comment since
COMMENTS = [
    *((table, "status", *(_STANDING.format(new) for new in ("", "compatible, "))) for table in CLAIMS),
    (
        "event_relation",
        "kind",
        "same_series, or mentioned: named in an article on the other",
        "how: same_series, mentioned, sub_event, follow_up, announcement_of",
    ),
]
NEW_TABLES = (
    "event_term",
    "identity_change",
    "pin",
    "boilerplate_host",
    "boilerplate",
    "article_version",
)


def _must(name: str, kind: Any, comment: str, default: str | None = None) -> sa.Column[Any]:
    server_default = sa.text(default) if default else None
    return sa.Column(name, kind, nullable=False, comment=comment, server_default=server_default)


def _may(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def upgrade() -> None:
    op.create_table(
        "boilerplate",
        _must("host", TEXT, "the site"),
        _must("hash", sa.BigInteger(), "hash of a shingle, signed"),
        _must("articles", sa.Integer(), "in how many of its articles it was found"),
        _must("last_seen_at", TIME, "when it was last found"),
        sa.PrimaryKeyConstraint("host", "hash", name="pk_boilerplate"),
        comment="Shingles that recur across articles of a site: not what an article is about",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "boilerplate_host",
        _must("host", TEXT, "the site"),
        _must("articles", sa.Integer(), "how many of its articles were looked at"),
        sa.PrimaryKeyConstraint("host", name="pk_boilerplate_host"),
        comment="How much is known of the boilerplate of a site",
    )
    op.create_table(
        "event_term",
        _must("term", sa.BigInteger(), "hash of a rare word of the event, signed"),
        _must("event_id", TEXT, "the event; unchecked, to stay small and quick"),
        sa.PrimaryKeyConstraint("term", "event_id", name="pk_event_term"),
        comment="Index from words to the events that they are rare in",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_term_event_id", "event_term", ["event_id"])
    op.create_table(
        "identity_change",
        _must("event_id", TEXT, "the event that stays"),
        _must("changed_at", TIME, "when"),
        _must("kind", TEXT, "what happened: merge, split, pin, unpin"),
        _must("reference", TEXT, "the other event, or the pin"),
        _may("other_event_id", TEXT, "the event that was merged into it, or split off it"),
        _must("article_ids", JSON, "articles whose coverage moved"),
        _must("actor", TEXT, "an analyst, or rules"),
        _must("rule_version", TEXT, "the version of the rules in force"),
        _must("reason", TEXT, "why, in one line"),
        _may("run_id", TEXT, "the run that did it, if it was one"),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_identity_change_event_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_identity_change_run_id"),
        sa.PrimaryKeyConstraint("event_id", "changed_at", "kind", "reference", name="pk_identity_change"),
        comment="Ledger of events that became one, or two",
    )
    op.create_index("ix_identity_change_other_event_id", "identity_change", ["other_event_id"])
    op.create_table(
        "article_version",
        _must("article_id", TEXT, "the article"),
        _must("version", sa.Integer(), "its version; the latest is the one in article"),
        _must("title", TEXT, "its headline then"),
        _must("text", TEXT, "its text then"),
        _must("extractor", TEXT, "name and version of what extracted it"),
        _must("fetched_at", TIME, "when it was fetched"),
        _must("replaced_at", TIME, "when a corrected text was found in its place"),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_article_version_article_id"),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_article_version"),
        comment="Ledger of corrected articles, as they stood before",
    )
    op.create_table(
        "pin",
        _must("pin_id", TEXT, "computed from article, event, kind and time"),
        _must("kind", TEXT, "what was decided: must_link, cannot_link"),
        _must("article_id", TEXT, "the article"),
        _must("event_id", TEXT, "the event"),
        _must("actor", TEXT, "the analyst"),
        _must("note", TEXT, "why, in the analyst's words"),
        _must("created_at", TIME, "since when it holds"),
        _may("revoked_at", TIME, "until when"),
        sa.CheckConstraint("kind IN ('must_link', 'cannot_link')", name=op.f("ck_pin_kind")),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_pin_article_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_pin_event_id"),
        sa.PrimaryKeyConstraint("pin_id", name="pk_pin"),
        comment="What analysts decided of articles and events; no rule overrules it",
    )
    op.create_index("ix_pin_article_id", "pin", ["article_id"])
    op.create_index("ix_pin_event_id", "pin", ["event_id"])
    op.drop_index("ix_membership_text_group_id", "membership")
    members = ["text_group_id", "article_id"]
    op.create_index("ix_membership_text_group_id_article_id", "membership", members)
    listed_again = "the entry that it lists again under another title: its article may be corrected"
    op.add_column("entry", _may("revises", ID, listed_again))
    op.create_index("ix_entry_revises", "entry", ["revises"])
    op.add_column("article", _must("version", sa.Integer(), "counts corrections of the text", "1"))
    op.add_column("event", _may("merged_into", TEXT, "the event that holds what was this one's"))
    origin = "why that one is taken for the original"
    op.add_column("text_group", _must("origin_reason", TEXT, origin, "''"))
    for table in ("coverage", "withdrawn_coverage"):
        linked_by = "version of the rules that linked it, or the analyst"
        op.add_column(table, _must("linked_by", TEXT, linked_by, "''"))
    for table in CLAIMS:
        for column in _make_claim_columns():
            op.add_column(table, column)
    if op.get_bind().dialect.name == "postgresql":
        for table, name, _, comment in COMMENTS:
            op.alter_column(table, name, comment=comment)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, name, comment, _ in COMMENTS:
            op.alter_column(table, name, comment=comment)
    for table in reversed(CLAIMS):
        for column in reversed(_make_claim_columns()):
            op.drop_column(table, column.name)
    for table in ("withdrawn_coverage", "coverage"):
        op.drop_column(table, "linked_by")
    op.drop_column("text_group", "origin_reason")
    op.drop_column("event", "merged_into")
    op.drop_column("article", "version")
    op.drop_index("ix_entry_revises", "entry")
    op.drop_index("ix_membership_text_group_id_article_id", "membership")
    op.create_index("ix_membership_text_group_id", "membership", ["text_group_id"])
    op.drop_column("entry", "revises")
    for table in NEW_TABLES:
        op.drop_table(table)


def _make_claim_columns() -> list[sa.Column[Any]]:
    return [
        _may("unit", TEXT, "the unit of the value"),
        _may("scope", TEXT, "the part of the event that it is about"),
        _must("quote_start", sa.Integer(), "where the quote begins in title, newline, text", "0"),
        _must("quote_end", sa.Integer(), "where it ends", "0"),
        _must("article_version", sa.Integer(), "the version of the article that says so", "1"),
        _must("extractor", TEXT, "version of what found it", "''"),
        _must("asserted_by", TEXT, "who says so", "''"),
    ]
