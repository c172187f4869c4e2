"""Messages that are worded for their receivers, notices on the pipeline itself, and kinds of runs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

TEXT = sa.Text()
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

_CHANGES = "new_event, new_source, changed_figure, conflict, new_outcome, correction"
_NOTICES = "digest, silence, stalled, quality, undelivered, roll_up"
# table, column, comment before, comment since
COMMENTS = [
    ("event_change", "kind", "what changed: new_event, new_source", f"what changed: {_CHANGES}"),
    ("alert", "kind", "what it reports: new_event, new_source", f"what it reports: {_CHANGES}, {_NOTICES}"),
    ("alert", "event_id", "the event", "the event; empty in notices on the pipeline"),
    (
        "alert",
        "status",
        "where it stands: pending, sent, failed",
        "where it stands: pending, sent, failed, rolled_up",
    ),
]


def _must(name: str, kind: Any, comment: str, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment, server_default=sa.text(default))


def _may(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def upgrade() -> None:
    kinds = "what it did: monitor, reprocess, curate, digest, check"
    op.add_column("run", _must("kind", TEXT, kinds, "'monitor'"))
    op.create_index("ix_run_kind_finished_at", "run", ["kind", "finished_at"])
    op.add_column("event_change", _must("detail", TEXT, "all that changed, in one line", "''"))
    with op.batch_alter_table("alert") as alert:
        alert.alter_column("event_id", existing_type=TEXT, nullable=True)
        alert.drop_constraint(op.f("ck_alert_status"), type_="check")
        alert.create_check_constraint(
            op.f("ck_alert_status"), "status IN ('pending', 'sent', 'failed', 'rolled_up')"
        )
        alert.add_column(_may("message", JSON, "what it says, before it is worded for a receiver"))
        alert.add_column(_may("rolled_into", TEXT, "the key of the message that went out in its place"))
    op.create_index("ix_alert_route_sent_at", "alert", ["route", "sent_at"])
    if op.get_bind().dialect.name == "postgresql":
        for table, name, _, comment in COMMENTS:
            op.alter_column(table, name, comment=comment)


def downgrade() -> None:
    """Bring the outbox back; notices on the pipeline have no place in it and go."""
    if op.get_bind().dialect.name == "postgresql":
        for table, name, comment, _ in COMMENTS:
            op.alter_column(table, name, comment=comment)
    op.execute("DELETE FROM alert WHERE event_id IS NULL")
    op.execute("UPDATE alert SET status = 'sent' WHERE status = 'rolled_up'")
    op.drop_index("ix_alert_route_sent_at", "alert")
    with op.batch_alter_table("alert") as alert:
        alert.drop_column("rolled_into")
        alert.drop_column("message")
        alert.drop_constraint(op.f("ck_alert_status"), type_="check")
        alert.create_check_constraint(op.f("ck_alert_status"), "status IN ('pending', 'sent', 'failed')")
        alert.alter_column("event_id", existing_type=TEXT, nullable=False)
    op.drop_column("event_change", "detail")
    op.drop_index("ix_run_kind_finished_at", "run")
    op.drop_column("run", "kind")
