"""The stages of a run without Prefect, as a process that may be killed at any moment.

    python -m tests.soak.driver SOURCES WAREHOUSE HOURS

HOURS are added to the clock: a run that was killed keeps its entries for an hour, and the next one does
not want to wait for that. Records are not held against the expectations, whose import takes seconds.
"""

import sys
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from coopwatch import joining, stages
from coopwatch.settings import Settings
from coopwatch.workspace import Workspace


class LaterWorkspace(Workspace):
    """A workspace some hours ahead of the clock."""

    hours = 0.0

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return super().now() + timedelta(hours=self.hours)


def main(sources: str, warehouse_url: str, hours: str) -> None:
    """Run once."""
    settings = Settings.from_environment().override(sources=Path(sources), warehouse_url=warehouse_url)
    LaterWorkspace.hours = float(hours)
    with LaterWorkspace(settings, str(uuid.uuid4())) as run:
        run.warehouse.start_run(run.run_id, run.now())
        due = stages.find_due_sources(run, force=True)
        stages.fill_inbox(run, stages.poll_sources(run, due))
        while work := stages.take_entries(run):
            work = stages.fetch_pages(run, work)
            work = stages.extract_articles(run, work)
            work = stages.judge_articles(run, work)
            with run.warehouse.linking():
                work = joining.link_articles(run, work)
                work = stages.check_records(run, work, lambda *_: ())
                stages.load_batch(run, work)
        stages.send_alerts(run)


if __name__ == "__main__":
    main(*sys.argv[1:])
