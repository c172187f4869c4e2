"""What the quality gate says of rows that go on, and of whole tables."""

from typing import Literal

from schemas.records.base import Record

GateLevel = Literal["fail", "warn"]


class QualityWarning(Record):
    """A rule of level warn that a row of an entry breaks; the row goes on."""

    entry_id: int
    rule: str
    rule_version: str
    reason: str


class QualityCheck(Record):
    """One rule held against a whole table.

    Attributes:
        suite: the suite that the rule is of.
        rule: its name.
        rule_version: changes whenever it demands something else.
        level: fail makes the check fail, warn is only said.
        passed: whether every row keeps the rule.
        unexpected_rows: how many do not.
        observed: what was found, in one line; empty when the rule holds.
        sample_keys: keys of some rows that do not keep it, with what is wrong with them.
    """

    suite: str
    rule: str
    rule_version: str
    level: GateLevel
    passed: bool
    unexpected_rows: int = 0
    observed: str = ""
    sample_keys: tuple[str, ...] = ()
