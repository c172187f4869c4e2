"""What the quality gate found, beside the rejections of the inbox."""

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Table

from schemas import records
from schemas.columns import CleanJson, CleanText, Id, UtcDateTime
from schemas.tables.base import key, metadata, must, only, values

quality_warning = Table(
    "quality_warning",
    metadata,
    key("warning_id", CleanText, "computed from entry, rule, its version and the reason"),
    must("entry_id", Id, "the entry whose row went on all the same", ForeignKey("entry.entry_id")),
    must("rule", CleanText, "the rule that the row breaks"),
    must("rule_version", CleanText, "the version of that rule"),
    must("reason", CleanText, "why, in one line"),
    must("run_id", CleanText, "the run that checked it", ForeignKey("run.run_id")),
    must("warned_at", UtcDateTime, "when it was first said"),
    Index(None, "entry_id"),
    Index(None, "rule", "warned_at"),
    comment="Rows that went on although they break a rule of level warn",
)

quality_check = Table(
    "quality_check",
    metadata,
    key("run_id", CleanText, "the run that checked", ForeignKey("run.run_id")),
    key("rule", CleanText, "the rule"),
    must("suite", CleanText, "the suite that it is of"),
    must("rule_version", CleanText, "the version of that rule"),
    must("level", CleanText, f"what follows when it is broken: {values(records.GateLevel)}"),
    must("passed", Boolean, "whether every row keeps it"),
    must("unexpected_rows", Integer, "how many rows break it"),
    must("observed", CleanText, "what was found, in one line"),
    must("sample_keys", CleanJson, "keys of some rows that break it"),
    must("checked_at", UtcDateTime, "when"),
    only("level", records.GateLevel),
    Index(None, "rule", "checked_at"),
    comment="Ledger of checks of whole tables, one row a run and rule",
)
