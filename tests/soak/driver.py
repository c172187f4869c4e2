"""What a process of `tests.soak.runs` does; its imports are made once, before it is forked."""

import os
import runpy
import sys
import uuid

import flows.monitor  # noqa: F401 - what the command imports late
from coopwatch import gating, joining, stages
from coopwatch.alerting.receivers import make_receivers
from coopwatch.alerting.sending import send_alerts
from coopwatch.errors import CoopwatchError
from coopwatch.settings import Settings
from coopwatch.workspace import Workspace
from expectations import suites
from expectations.checking import find_faults
from tests.soak.newsroom import BRIEF_CHARACTERS
from tests.soak.runs import PLACE_CHARS

suites.TEXT_MIN_CHARACTERS = (
    BRIEF_CHARACTERS  # a stricter gate: hardly a page that extraction takes breaks ours
)


def be_the_command(arguments: list[str]) -> None:
    """Do what `python -m flows.cli` does."""
    sys.argv[1:] = arguments
    runpy.run_module("flows.cli", run_name="__main__", alter_sys=True)


def be_the_stages(place: str) -> None:
    """Do what the command does, without Prefect; keep the stage in the file `place`."""
    descriptor = os.open(place, os.O_WRONLY)

    def enter(stage: str) -> None:
        os.pwrite(descriptor, stage.ljust(PLACE_CHARS).encode(), 0)

    try:
        with Workspace(Settings.from_environment(), str(uuid.uuid4())) as run:
            run.warehouse.start_run(run.run_id, run.now())
            enter("poll")
            due = stages.find_due_sources(run, force=True)
            stages.fill_inbox(run, stages.poll_sources(run, due))
            enter("read")
            while work := stages.take_entries(run):
                work = stages.read_pages(run, work)
                with run.warehouse.linking():
                    enter("link")
                    work = joining.link_articles(run, work)
                    enter("check")
                    work = gating.check_records(run, work, find_faults)
                    enter("load")
                    stages.load_batch(run, work)
                enter("read")
            enter("alert")
            send_alerts(run.warehouse, run.alert_rules, make_receivers(run.alert_rules), run.now)
            enter("end")
    except CoopwatchError as error:
        print(f"coopwatch: {error}", file=sys.stderr)
        sys.exit(2)
