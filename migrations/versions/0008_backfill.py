"""The ledger of backfills."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _must(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _may(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def upgrade() -> None:
    op.create_table(
        "backfill",
        _must("job", TEXT, "what is backfilled into: the kind of input and the source of its entries"),
        _must("item", TEXT, "the file, sitemap, list or gap"),
        _must("position", sa.BigInteger(), "where to go on: a byte of a WARC file, a row of a list"),
        _must("seen", sa.Integer(), "records looked at up to there"),
        _must("kept", sa.Integer(), "those that became entries of the inbox; the others are counted only"),
        _must("counts", JSON, "what became of all of them, by kind of reason and by outcome"),
        _may("done_at", TIME, "when its end was reached"),
        _may("error", TEXT, "why it could not be read to its end"),
        _must("run_id", TEXT, "the run that last worked on it"),
        _must("changed_at", TIME, "when this row last changed"),
        sa.PrimaryKeyConstraint("job", "item", name="pk_backfill"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_backfill_run_id"),
        comment="Ledger of backfills, one row a file: how far it was read, and what was found",
    )
    op.create_index("ix_backfill_run_id", "backfill", ["run_id"])


def downgrade() -> None:
    op.drop_index("ix_backfill_run_id", "backfill")
    op.drop_table("backfill")
