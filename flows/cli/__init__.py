"""The command line: a thin shell over the flows and the warehouse."""

import os
import sys
from typing import Annotated

import typer

from coopwatch.errors import CoopwatchError
from flows.cli import (
    alerts,
    backfill,
    captures,
    curating,
    doctor,
    exporting,
    labels,
    metrics,
    quality,
    reading,
    reprocessing,
    review,
    running,
    search,
    serving,
    sources,
    training,
)

WORKED_IN_PART = 1
COULD_NOT_WORK = 2

app = typer.Typer(
    name="coopwatch",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
    help="Watch the world's news for international science and technology cooperation.",
    epilog=(
        "[b]Examples[/b]\n\n"
        "coopwatch run                      one monitor run over the registry\n\n"
        "coopwatch events                   what is known\n\n"
        "coopwatch show brst-1              one event, with the evidence for every decision\n\n"
        "coopwatch sources check            is the registry in order?\n\n"
        "Exit status: 0 worked, 1 worked in part (some sources failed), 2 could not work."
    ),
)


@app.callback()
def main_options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Options of all commands."""
    if debug:
        os.environ["COOPWATCH_DEBUG"] = "1"


app.command("run")(running.run)
app.command("review")(review.review)
app.command("labels")(labels.labels)
app.command("train")(training.train)
for name in ("merge", "split", "pin", "unpin", "pins"):
    app.command(name)(getattr(curating, name))
app.command("reprocess")(reprocessing.reprocess)
app.command("events")(reading.events)
app.command("show")(reading.show)
app.command("search")(search.search)
app.command("check")(quality.check)
app.command("doctor")(doctor.doctor)
app.command("serve")(serving.serve)
app.command("metrics")(metrics.metrics)
app.command("digest")(alerts.digest)
app.add_typer(alerts.app, name="alerts")
app.add_typer(quality.quarantine_app, name="quarantine")
app.add_typer(backfill.app, name="backfill")
app.add_typer(sources.app, name="sources")
app.add_typer(captures.app, name="captures")
app.add_typer(exporting.app, name="export")


def main() -> None:
    """Run the command line; an error is one line and exit status 2, unless --debug asks for more."""
    try:
        app()
    except CoopwatchError as error:
        if os.environ.get("COOPWATCH_DEBUG"):
            raise
        print(f"coopwatch: {error}", file=sys.stderr)
        sys.exit(COULD_NOT_WORK)
    except Exception as error:
        if os.environ.get("COOPWATCH_DEBUG"):
            raise
        said = str(error).partition("\n")[0]
        print(f"coopwatch: unexpected {type(error).__name__}: {said} (--debug shows more)", file=sys.stderr)
        sys.exit(COULD_NOT_WORK)
    except KeyboardInterrupt:
        print("coopwatch: interrupted; what was not finished is still pending", file=sys.stderr)
        sys.exit(130)
