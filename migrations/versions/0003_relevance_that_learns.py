"""Relevance that learns: labels, models, triage, and what changes when articles are judged again."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

_STAGES = "poll, fetch, {}extract, judge, group, link, check, load, alert"
# table, column, comment before, comment since
COMMENTS = [
    ("entry", "stage", *(f"the stage that decided: {_STAGES.format(new)}" for new in ("", "triage, "))),
    (
        "rejection",
        "stage",
        *(f"the stage that rejected it: {_STAGES.format(new)}" for new in ("", "triage, ")),
    ),
    ("judgement", "version", "the version of the topic file", "the version of the topic file and the rules"),
]
NEW_TABLES = ("withdrawn_coverage", "triage", "label", "judgement_change", "model")
NEW_COLUMNS = ("thresholds", "contributions", "model", "model_score", "rules_score", "prominent")


def _must(name: str, kind: Any, comment: str, default: str | None = None) -> sa.Column[Any]:
    server_default = sa.text(default) if default else None
    return sa.Column(name, kind, nullable=False, comment=comment, server_default=server_default)


def _may(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def upgrade() -> None:
    op.create_table(
        "model",
        _must("model_version", TEXT, "computed from what it was trained on and what came out"),
        _must("topic", TEXT, "the topic file"),
        _must("topic_version", TEXT, "the version of topic file and rules whose facets it weighs"),
        _must("created_at", TIME, "when it was trained"),
        _must("created_by", TEXT, "who trained it"),
        _must("data_sha256", TEXT, "hash of the examples and labels"),
        _must("examples", sa.Integer(), "how many examples it was trained on"),
        _must("metrics", JSON, "how it does on the frozen set, beside the model before"),
        _must("thresholds", JSON, "least probability for alert, accept and review"),
        _must("weights", JSON, "everything needed to apply it"),
        _may("embedder", TEXT, "the embedder whose vectors it weighs"),
        _must("status", TEXT, "where it stands: active, retired, refused"),
        _must("reason", TEXT, "why it was activated or refused"),
        _may("retired_at", TIME, "when another one replaced it"),
        sa.CheckConstraint("status IN ('active', 'retired', 'refused')", name=op.f("ck_model_status")),
        sa.PrimaryKeyConstraint("model_version", name="pk_model"),
        comment="Models of relevance: the active one decides, the others are history",
    )
    op.create_table(
        "judgement_change",
        _must("entry_id", ID, "the entry that was judged again"),
        _must("changed_at", TIME, "when"),
        _must("old_verdict", TEXT, "the verdict before: alert, accept, review, discard"),
        _must("new_verdict", TEXT, "the verdict since"),
        _must("old_score", sa.Float(), "the score before"),
        _must("new_score", sa.Float(), "the score since"),
        _must("old_version", TEXT, "the topic file and rules before"),
        _must("new_version", TEXT, "the topic file and rules since"),
        _may("old_model", TEXT, "the model before"),
        _may("new_model", TEXT, "the model since"),
        _must("consequence", TEXT, "for events: none, linked, withdrawn"),
        _must("run_id", TEXT, "the run that judged again"),
        sa.CheckConstraint(
            "consequence IN ('none', 'linked', 'withdrawn')", name=op.f("ck_judgement_change_consequence")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"], name="fk_judgement_change_entry_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_judgement_change_run_id"),
        sa.PrimaryKeyConstraint("entry_id", "changed_at", name="pk_judgement_change"),
        comment="Ledger of verdicts that became others",
    )
    op.create_table(
        "label",
        _must("label_id", TEXT, "computed from address, author and time"),
        _may("entry_id", ID, "the entry, if it came by one"),
        _must("url", TEXT, "where the article can be read"),
        _must("compare_url", TEXT, "its address for comparison"),
        _must("title", TEXT, "its headline, as it was judged"),
        _must("text", TEXT, "its text, as it was judged"),
        _must("language", TEXT, "the language of the text"),
        _must("is_relevant", sa.Boolean(), "whether it is in scope"),
        _must("is_uncertain", sa.Boolean(), "whether a careful colleague could say otherwise"),
        _must("facets", JSON, "which facets hold, if said: science, cooperation, international"),
        _must("author", TEXT, "who says so"),
        _must("guideline", TEXT, "the version of the guideline that was followed"),
        _must("labelled_at", TIME, "when"),
        _must("queue", TEXT, "why it was asked: uncertain, disagreement, random, asked"),
        _may("verdict", TEXT, "what the program had decided: alert, accept, review, discard"),
        _may("score", sa.Float(), "its score then"),
        _may("version", TEXT, "the topic file and rules then"),
        _may("model", TEXT, "the model then"),
        _must("note", TEXT, "what the analyst adds"),
        sa.CheckConstraint(
            "queue IN ('uncertain', 'disagreement', 'random', 'asked')", name=op.f("ck_label_queue")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"], name="fk_label_entry_id"),
        sa.PrimaryKeyConstraint("label_id", name="pk_label"),
        comment="What analysts say of articles: only ever added to",
    )
    op.create_index(
        "ix_label_compare_url_author_labelled_at", "label", ["compare_url", "author", "labelled_at"]
    )
    op.create_table(
        "triage",
        _must("entry_id", ID, "the entry whose page was discarded"),
        _must("is_audited", sa.Boolean(), "whether it was worked on all the same, as a sample"),
        _must("facets", JSON, "what the cheap text showed, by facet: science, cooperation, international"),
        _must("reason", TEXT, "why, in one line"),
        _must("version", TEXT, "the version of topic file, rules and triage"),
        _may("audit_verdict", TEXT, "what the full decision was: alert, accept, review, discard"),
        _may("audit_score", sa.Float(), "its score"),
        _must("decided_at", TIME, "when"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"], name="fk_triage_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_triage"),
        comment="Pages that were discarded before extraction, and the audit of a sample of them",
    )
    op.create_index("ix_triage_is_audited_decided_at", "triage", ["is_audited", "decided_at"])
    op.create_index("ix_triage_version_entry_id", "triage", ["version", "entry_id"])
    op.create_table(
        "withdrawn_coverage",
        _must("article_id", TEXT, "the article"),
        _must("event_id", TEXT, "the event"),
        _must("withdrawn_at", TIME, "when it was no longer found to report the event"),
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
        _must("reason", TEXT, "why, in one line"),
        _must("run_id", TEXT, "the run that withdrew it"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.article_id"], name="fk_withdrawn_coverage_article_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name="fk_withdrawn_coverage_event_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_withdrawn_coverage_run_id"),
        sa.PrimaryKeyConstraint("article_id", "event_id", "withdrawn_at", name="pk_withdrawn_coverage"),
        comment="Ledger of coverage that stands no longer, as it stood",
    )
    op.create_index("ix_withdrawn_coverage_event_id", "withdrawn_coverage", ["event_id"])

    op.add_column("judgement", _must("prominent", JSON, "the same facets from title and lead alone", "'{}'"))
    op.add_column("judgement", _must("rules_score", sa.Float(), "what the patterns alone come to", "0"))
    op.add_column(
        "judgement", _may("model_score", sa.Float(), "the model's probability, if there was a model")
    )
    op.add_column("judgement", _may("model", TEXT, "the version of the model that decided"))
    op.add_column(
        "judgement",
        _must("contributions", JSON, "the model's strongest features, with their weights", "'[]'"),
    )
    op.add_column("judgement", _must("thresholds", JSON, "least score for alert, accept and review", "'{}'"))

    op.create_index("ix_judgement_verdict_score", "judgement", ["verdict", "score"])
    op.create_index("ix_judgement_version_model_entry_id", "judgement", ["version", "model", "entry_id"])
    op.execute("UPDATE judgement SET rules_score = score")
    if op.get_bind().dialect.name == "postgresql":
        for table, column, _, comment in COMMENTS:
            op.alter_column(table, column, comment=comment)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column, comment, _ in COMMENTS:
            op.alter_column(table, column, comment=comment)
    op.drop_index("ix_judgement_version_model_entry_id", "judgement")
    op.drop_index("ix_judgement_verdict_score", "judgement")
    for column in NEW_COLUMNS:
        op.drop_column("judgement", column)
    for table in NEW_TABLES:
        op.drop_table(table)
