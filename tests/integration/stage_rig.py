"""The stages of the monitor in their order, on real sites, databases and receivers, at any time of day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from coopwatch import gating, joining, stages
from coopwatch.alerting.sending import Delivered
from coopwatch.settings import Settings
from coopwatch.summary import Tally
from coopwatch.workspace import Workspace
from expectations.checking import Findings
from schemas.records import Article, Dossier, RunSummary
from tests.builders import NOW

Gate = Callable[[Sequence[Article], Sequence[Dossier], datetime], Findings]


class TimedWorkspace(Workspace):
    """A workspace whose clock stands where it is put."""

    at = NOW

    def now(self) -> datetime:
        """Return that time."""
        return self.at


def accept_all(*_: object) -> Findings:
    """Let everything pass, as the gate."""
    return Findings(gate_version="gate-1")


@dataclass
class Desk:
    """Runs the monitor; every run has a workspace of its own, as in a process of its own."""

    settings: Settings
    runs: int = 0

    def open(self, at: datetime) -> TimedWorkspace:
        """Open the workspace of another run."""
        self.runs += 1
        run = TimedWorkspace(self.settings, f"run-{self.runs}")
        run.at = at
        return run

    def monitor(self, at: datetime, check: Gate = accept_all) -> RunSummary:
        """Run once: poll everything, work off the inbox, load, send."""
        with self.open(at) as run:
            run.warehouse.start_run(run.run_id, at)
            gating.release_quarantined(run, check([], [], at).gate_version)
            tally = Tally(run.run_id, at, run.warehouse.count_entries().get("pending", 0))
            polls = stages.poll_sources(run, stages.find_due_sources(run, force=True))
            tally.add_polls(polls, stages.fill_inbox(run, polls))
            while work := stages.take_entries(run):
                work = stages.read_pages(run, work)
                with run.warehouse.linking():
                    work = gating.check_records(run, joining.link_articles(run, work), check)
                    stages.load_batch(run, work)
                tally.add_work(work)
            tally.add_sent(stages.send_alerts(run).sent)
            counts = run.warehouse.count_entries()
            summary = tally.summarise(counts.get("pending", 0), run.warehouse.count_alerts(), run.seconds)
            run.warehouse.finish_run(run.run_id, at, summary)
        return summary

    def send(self, at: datetime) -> Delivered:
        """Send what may go out."""
        with self.open(at) as run:
            return stages.send_alerts(run)
