"""What the gate found: warnings, the checks of whole tables, and the versions that decided."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _must(name: str, kind: Any, comment: str, default: str | None = None) -> sa.Column[Any]:
    server_default = sa.text(default) if default else None
    return sa.Column(name, kind, nullable=False, comment=comment, server_default=server_default)


def upgrade() -> None:
    gate = "the version of the gate that rejected it: its rules and its library"
    extractor = "the versions of what made the record: of articles, of claims"
    op.add_column("rejection", _must("gate_version", TEXT, gate, "''"))
    op.add_column("rejection", _must("extractor", TEXT, extractor, "''"))
    op.create_table(
        "quality_warning",
        _must("warning_id", TEXT, "computed from entry, rule, its version and the reason"),
        _must("entry_id", ID, "the entry whose row went on all the same"),
        _must("rule", TEXT, "the rule that the row breaks"),
        _must("rule_version", TEXT, "the version of that rule"),
        _must("reason", TEXT, "why, in one line"),
        _must("run_id", TEXT, "the run that checked it"),
        _must("warned_at", TIME, "when it was first said"),
        sa.PrimaryKeyConstraint("warning_id", name="pk_quality_warning"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"], name="fk_quality_warning_entry_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_quality_warning_run_id"),
        comment="Rows that went on although they break a rule of level warn",
    )
    op.create_index("ix_quality_warning_entry_id", "quality_warning", ["entry_id"])
    op.create_index("ix_quality_warning_rule_warned_at", "quality_warning", ["rule", "warned_at"])
    op.create_table(
        "quality_check",
        _must("run_id", TEXT, "the run that checked"),
        _must("rule", TEXT, "the rule"),
        _must("suite", TEXT, "the suite that it is of"),
        _must("rule_version", TEXT, "the version of that rule"),
        _must("level", TEXT, "what follows when it is broken: fail, warn"),
        _must("passed", sa.Boolean(), "whether every row keeps it"),
        _must("unexpected_rows", sa.Integer(), "how many rows break it"),
        _must("observed", TEXT, "what was found, in one line"),
        _must("sample_keys", JSON, "keys of some rows that break it"),
        _must("checked_at", TIME, "when"),
        sa.PrimaryKeyConstraint("run_id", "rule", name="pk_quality_check"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_quality_check_run_id"),
        sa.CheckConstraint("level IN ('fail', 'warn')", name=op.f("ck_quality_check_level")),
        comment="Ledger of checks of whole tables, one row a run and rule",
    )
    op.create_index("ix_quality_check_rule_checked_at", "quality_check", ["rule", "checked_at"])


def downgrade() -> None:
    op.drop_table("quality_check")
    op.drop_table("quality_warning")
    op.drop_column("rejection", "extractor")
    op.drop_column("rejection", "gate_version")
