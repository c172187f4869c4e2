"""What a check of whole tables says of itself, and the version of the gate."""

import shutil
import subprocess
import sys
from pathlib import Path

from coopwatch.quality import QualityReport, list_faults, word_quality
from expectations import version
from schemas.records import QualityCheck

GOOD = QualityCheck(suite="claim", rule="claim.is_covered", rule_version="1", level="fail", passed=True)
BAD = GOOD.model_copy(
    update={"rule": "claim.is_said_once", "passed": False, "observed": "not so in 2 rows, first c-1: once"}
)
DOUBTFUL = BAD.model_copy(update={"rule": "history.dated_share_is_steady", "level": "warn"})


def test_a_report_in_order_has_no_lines() -> None:
    report = QualityReport(run_id="r", checks=(GOOD,))
    assert word_quality(report) == "1 rule checked, 0 failed; 0 warnings"
    assert list_faults(report) == ()


def test_a_report_names_what_failed_in_its_one_line_and_failures_before_warnings() -> None:
    report = QualityReport(run_id="r", checks=(DOUBTFUL, GOOD, BAD))
    assert word_quality(report) == "3 rules checked, 1 failed: claim.is_said_once; 1 warning"
    assert list_faults(report) == (
        "FAIL  claim.is_said_once: not so in 2 rows, first c-1: once",
        "warn  history.dated_share_is_steady: not so in 2 rows, first c-1: once",
    )
    assert (report.counts.rules, report.counts.failed, report.counts.warned) == (3, 1, 1)


def read_version(folder: Path) -> str:
    program = "from expectations.version import gate_version; print(gate_version())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_version_of_the_gate_follows_its_rules_and_nothing_else(tmp_path: Path) -> None:
    """A copy of the modules, edited one after the other."""
    copy = tmp_path / "expectations"
    shutil.copytree(Path(version.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    first = read_version(tmp_path)
    assert first == version.gate_version()
    assert first.startswith("gate-")

    with (copy / "history.py").open("a") as module:  # of whole tables, where nothing is quarantined
        module.write("\n# another comment\n")
    assert read_version(tmp_path) == first
    with (copy / "suites.py").open("a") as module:
        module.write("\n# another rule\n")
    assert read_version(tmp_path) != first
