"""Command lines as documents and containers name them, read by the programs they are for and not run."""

import shlex
from collections.abc import Iterator, Sequence

import cyclopts
from prefect.cli._app import _app as prefect_app
from typer.testing import CliRunner

from flows.cli import app

OURS = ("coopwatch", "prefect")
_ENDS = ";&|(){}"


def split_script(script: str) -> Iterator[list[str]]:
    """Yield the commands of a shell script, without assignments in front of them."""
    for line in script.splitlines():
        words = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
        words.whitespace_split = True
        command: list[str] = []
        for word in [*words, ";"]:
            if set(word) <= set(_ENDS):
                if command:
                    yield command
                command = []
            elif command or "=" not in word:
                command.append(word)


def find_fault(command: Sequence[str]) -> str | None:
    """Return what is wrong with a command of coopwatch or Prefect; None if they know it."""
    name, *arguments = command
    if ">" in arguments:
        arguments = arguments[: arguments.index(">")]
    if name == "coopwatch":
        asked = CliRunner().invoke(app, [*arguments, "--help"])
        return asked.output if asked.exit_code else None
    try:
        prefect_app.parse_args(
            [word for word in arguments if word != "--no-prompt"], exit_on_error=False, print_error=False
        )
    except cyclopts.CycloptsError as error:
        return str(error) or type(error).__name__
    return None
