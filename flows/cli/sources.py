"""`coopwatch sources`: the source registry."""

from pathlib import Path
from typing import Annotated

import typer

from coopwatch.settings import Settings
from coopwatch.sources import check_sources, load_sources

app = typer.Typer(no_args_is_help=True, help="The source registry.")


@app.callback()
def _group() -> None:
    """Keep `check` a subcommand while it is the only one."""


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="config/sources.yaml by default.")] = None,
) -> None:
    """Say in one line each what is wrong with the registry.

    Examples:
      coopwatch sources check
      coopwatch sources check mine.yaml
    """
    path = file or Settings.from_environment().sources
    problems = check_sources(path)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(2)
    print(f"{path}: {len(load_sources(path))} sources, all in order")
