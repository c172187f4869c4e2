"""The command line: a thin shell over the flows and the warehouse."""

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from coopwatch.errors import CoopwatchError
from coopwatch.wording import fold
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
    upkeep,
)

# what Click, or Typer's copy of it, raises when an option or argument cannot be used
_Misuse: type[Exception] = typer.BadParameter.__bases__[0]

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


_PANELS: dict[str, dict[str, Callable[..., None] | typer.Typer]] = {
    "Run": {
        "run": running.run,
        "backfill": backfill.app,
        "serve": serving.serve,
        "maintain": upkeep.maintain,
        "doctor": doctor.doctor,
        "metrics": metrics.metrics,
    },
    "Read": {
        "events": reading.events,
        "show": reading.show,
        "search": search.search,
        "export": exporting.app,
        "digest": alerts.digest,
        "alerts": alerts.app,
    },
    "Sources and their answers": {
        "sources": sources.app,
        "captures": captures.app,
        "check": quality.check,
        "quarantine": quality.quarantine_app,
    },
    "Judge and correct": {
        "review": review.review,
        "labels": labels.labels,
        "train": training.train,
        "reprocess": reprocessing.reprocess,
        "merge": curating.merge,
        "split": curating.split,
        "pin": curating.pin,
        "unpin": curating.unpin,
        "pins": curating.pins,
    },
}
for panel, commands in _PANELS.items():
    for name, command in commands.items():
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, rich_help_panel=panel)
        else:
            app.command(name, rich_help_panel=panel)(command)


def main() -> None:
    """Run the command line; an error is one line and exit status 2, unless --debug asks for more."""
    try:
        status = app(prog_name="coopwatch", standalone_mode=False)
    except _Misuse as error:
        if said := word_misuse(error):
            print(f"coopwatch: {said}", file=sys.stderr)
        sys.exit(COULD_NOT_WORK)
    except typer.Abort:
        sys.exit(WORKED_IN_PART)
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
    sys.exit(status if isinstance(status, int) else 0)


def word_misuse(error: Any) -> str:
    """Return in one line what is wrong with a command line; nothing where the help was shown instead."""
    said = fold(error.format_message()).removesuffix(".").replace(": Value error, ", ": ")
    tells_more = "`" in said  # it names the command that helps
    return f"{said}; see `{error.ctx.command_path} --help`" if said and error.ctx and not tells_more else said
