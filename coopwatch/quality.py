"""What a check of whole tables came to, in words."""

from collections.abc import Iterable

from coopwatch.wording import count
from schemas.records import QualityCheck, Record


class QualityCounts(Record):
    """A check of the tables in counts, for the ledger of runs."""

    rules: int = 0
    failed: int = 0
    warned: int = 0


class QualityReport(Record):
    """What a check of whole tables found.

    Attributes:
        run_id: the run that checked.
        checks: one result a rule.
        data_docs: the page with everything that was expected and found.
    """

    run_id: str
    checks: tuple[QualityCheck, ...] = ()
    data_docs: str = ""

    @property
    def failed(self) -> tuple[QualityCheck, ...]:
        """The rules that do not hold and must."""
        return tuple(check for check in self.checks if not check.passed and check.level == "fail")

    @property
    def warned(self) -> tuple[QualityCheck, ...]:
        """The rules that do not hold and should."""
        return tuple(check for check in self.checks if not check.passed and check.level == "warn")

    @property
    def counts(self) -> QualityCounts:
        """The report in counts."""
        return QualityCounts(rules=len(self.checks), failed=len(self.failed), warned=len(self.warned))


def word_quality(report: QualityReport) -> str:
    """Return a report in one line, the names of the rules that must hold and do not in it."""
    parts = [f"{count(len(report.checks), 'rule')} checked", f"{len(report.failed)} failed"]
    parts[1] += ": " + ", ".join(check.rule for check in report.failed) if report.failed else ""
    return ", ".join(parts) + f"; {count(len(report.warned), 'warning')}"


def list_faults(report: QualityReport) -> tuple[str, ...]:
    """Return one line a rule that does not hold, those that must hold first."""
    return tuple(_word_faults(report.failed)) + tuple(_word_faults(report.warned))


def _word_faults(checks: Iterable[QualityCheck]) -> Iterable[str]:
    for check in checks:
        yield f"{'FAIL' if check.level == 'fail' else 'warn'}  {check.rule}: {check.observed}"
