"""`coopwatch sources inspect`: do the sources still answer where the registry says?"""

from pathlib import Path
from typing import Annotated

import typer

from coopwatch.reports import clean, to_json
from coopwatch.source_checks import SourceReport, word_report
from coopwatch.wording import fold
from flows.cli.columns import align
from flows.cli.reading import JsonOption, WarehouseOption
from flows.cli.running import prepare, run_flow

FOUND_SOMETHING = 1

_HEADINGS = ("TROUBLE", "SOURCE", "NOTE", "WRITE INTO THE REGISTRY")


def inspect(
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="config/sources.yaml by default.")
    ] = None,
    warehouse: WarehouseOption = None,
    is_offline: Annotated[
        bool, typer.Option("--offline", help="Ask no site; tell only what the polls have shown.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look what has become of the sources: which died, moved, fell silent, or shut us out.

    Their sites are asked for robots.txt, and those of feeds that died for where these are now.
    Exit status 1 when something needs a look.

    Examples:
      coopwatch sources inspect
      coopwatch sources inspect mine.yaml --offline
      coopwatch sources inspect --json | jq '.findings[] | select(.suggestion) | .source_id, .suggestion'
    """
    prepare(needs_warehouse=True, sources=file, warehouse_url=warehouse)
    from flows.check_sources import check_sources

    result = run_flow(check_sources, sources=file, warehouse_url=warehouse, asks_sites=not is_offline)
    report = SourceReport.model_validate(result)
    print(to_json(report.model_dump(mode="json")) if as_json else clean(word_findings(report)))
    raise typer.Exit(FOUND_SOMETHING if report.findings else 0)


def word_findings(report: SourceReport) -> str:
    """Return what was found as text for a terminal, one line each, the gravest first; how much it is last."""
    rows = [
        (found.trouble, found.source_id, fold(found.note), found.suggestion or "")
        for found in report.findings
    ]
    table = [align([_HEADINGS, *rows]), ""] if rows else []
    return "\n".join([*table, word_report(report)])
