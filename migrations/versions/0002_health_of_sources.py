"""What polling remembers beyond a schedule, gaps, the index of captures, and the health of sources."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

# what the two databases say differently: the time now, and a week ago
CLOCKS = {
    "sqlite": ("strftime('%Y-%m-%d %H:%M:%f', 'now')", "strftime('%Y-%m-%d %H:%M:%f', 'now', '-7 days')"),
    "postgresql": ("now()", "now() - interval '7 days'"),
}


def _must(name: str, kind: Any, comment: str, default: str | None = None) -> sa.Column[Any]:
    server_default = sa.text(default) if default else None
    return sa.Column(name, kind, nullable=False, comment=comment, server_default=server_default)


def _may(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def upgrade() -> None:
    for column in (
        _may("last_new_entry_at", TIME, "when a poll last brought something new"),
        _may("ttl_seconds", sa.Float(), "what the feed itself asked for when it was last read"),
        _must("steady_polls", sa.Integer(), "successive successful polls close to their schedule", "0"),
        _must("not_modified_polls", sa.Integer(), "successive answers of 304", "0"),
        _must("is_conditional", sa.Boolean(), "false once its 304 were found to hide changes", "true"),
        _may("moved_to", TEXT, "where permanent redirects lead"),
        _may("moved_since", TIME, "since when they have led there"),
        _may("current_url", TEXT, "polled in place of url once a move has held"),
    ):
        op.add_column("source", column)
    op.execute(
        "UPDATE source SET last_new_entry_at ="
        " (SELECT max(entry.first_seen_at) FROM entry WHERE entry.source_id = source.source_id)"
    )
    op.create_table(
        "gap",
        _must("source_id", TEXT, "the source"),
        _must("to_at", TIME, "the poll that listed nothing of what the poll before had listed"),
        _must("from_at", TIME, "the successful poll before it"),
        _may("filled_at", TIME, "when backfill closed it; empty while it is open"),
        sa.PrimaryKeyConstraint("source_id", "to_at", name="pk_gap"),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_gap_source_id"),
        comment="Stretches of a source's history that no poll saw: entries may be missing",
    )
    op.create_table(
        "capture",
        _must("url_key", TEXT, "the address that was asked for, bounded to what an index can hold"),
        _must("fetched_at", TIME, "when it was fetched"),
        _must("sha256", TEXT, "hash of the body, which lies in the store of captures under this name"),
        _must("url", TEXT, "the address that was asked for"),
        _must("final_url", TEXT, "the address that answered, after redirects"),
        _must("status", sa.Integer(), "the status of the answer"),
        _must("headers", JSON, "its headers, as pairs"),
        _may("content_type", TEXT, "its header of that name"),
        _must("size_bytes", sa.BigInteger(), "length of the body, decompressed"),
        _must("purpose", TEXT, "what it was fetched as: feed, page"),
        _may("source_id", TEXT, "the source it was fetched for"),
        _may("entry_id", ID, "the entry it was fetched for"),
        _must("run_id", TEXT, "the run that fetched it"),
        _must("recorded_at", TIME, "when this row was written"),
        sa.PrimaryKeyConstraint("url_key", "fetched_at", "sha256", name="pk_capture"),
        sa.CheckConstraint("purpose IN ('feed', 'page')", name=op.f("ck_capture_purpose")),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_capture_source_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"], name="fk_capture_entry_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_capture_run_id"),
        comment="Index of the answers that are kept: one row an address, body and day at most",
    )
    op.create_index("ix_capture_fetched_at", "capture", ["fetched_at"])
    op.create_index("ix_capture_sha256", "capture", ["sha256"])
    now, week_ago = CLOCKS[op.get_bind().dialect.name]
    op.execute(
        f"""
        CREATE VIEW source_health AS
        SELECT
            source.source_id, source.name, source.kind, source.url, source.current_url,
            source.registered_at = (SELECT max(registered_at) FROM source) AS is_registered,
            source.silent_after_seconds,
            (SELECT min(polled_at) FROM poll WHERE poll.source_id = source.source_id) AS first_polled_at,
            source.last_polled_at, source.last_success_at, source.last_new_entry_at, source.next_poll_at,
            source.interval_seconds, source.failure_weight, source.last_error, source.is_conditional,
            count(poll.polled_at) AS polls_7d,
            count(CASE WHEN poll.outcome = 'failed' THEN 1 END) AS failed_7d,
            coalesce(sum(poll.new_entries), 0) AS new_entries_7d,
            coalesce(sum(poll.unreadable), 0) AS unreadable_7d,
            (
                SELECT count(*) FROM gap
                WHERE gap.source_id = source.source_id AND gap.filled_at IS NULL
            ) AS open_gaps,
            {now} AS as_of
        FROM source
        LEFT JOIN poll ON poll.source_id = source.source_id AND poll.polled_at > {week_ago}
        GROUP BY source.source_id
        """  # noqa: S608 - of our own words only
    )


def downgrade() -> None:
    op.execute("DROP VIEW source_health")
    for table in ("capture", "gap"):
        op.drop_table(table)
    for column in (
        "current_url",
        "moved_since",
        "moved_to",
        "is_conditional",
        "not_modified_polls",
        "steady_polls",
        "ttl_seconds",
        "last_new_entry_at",
    ):
        op.drop_column("source", column)
