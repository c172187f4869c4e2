"""`coopwatch check` and `coopwatch quarantine`: are the tables in order, and what was refused?"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from coopwatch.quality import QualityReport, list_faults, word_quality
from coopwatch.reports import clean, to_json
from coopwatch.warehouse.quarantine import Quarantined
from coopwatch.wording import fold, shorten
from flows.cli.reading import JsonOption, WarehouseOption, open_warehouse
from flows.cli.running import prepare, run_flow

RuleOption = Annotated[str | None, typer.Option(help="Only what this rule refused.")]

quarantine_app = typer.Typer(invoke_without_command=True)


def check(
    warehouse: WarehouseOption = None,
    data_docs: Annotated[
        Path | None, typer.Option(help="The folder to build Data Docs in.", file_okay=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Hold the whole tables of the warehouse against what is expected of them.

    Exit status 1 when a rule that must hold does not.

    Examples:
      coopwatch check
      coopwatch check --json | jq '.checks[] | select(.passed | not) | .observed'
    """
    prepare(needs_warehouse=True, warehouse_url=warehouse)
    from flows.check import check as flow

    report = QualityReport.model_validate(run_flow(flow, warehouse_url=warehouse, data_docs=data_docs))
    if as_json:
        print(to_json(report.model_dump(mode="json")))
    else:
        print(clean("\n".join([*list_faults(report), word_quality(report), report.data_docs])))
    raise typer.Exit(1 if report.failed else 0)


@quarantine_app.callback()
def quarantine(
    context: typer.Context,
    rule: RuleOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 1000,
) -> None:
    """List what is in quarantine, by rule; --json has the refused records whole.

    Examples:
      coopwatch quarantine
      coopwatch quarantine --rule "article.expect_column_values_to_be_between(published_at)" --json
      coopwatch quarantine retry
    """
    if context.invoked_subcommand is not None:
        return
    with open_warehouse(warehouse) as opened:
        found = opened.read_quarantined(rule, limit)
    if as_json:
        print(to_json([row.model_dump(mode="json") for row in found]))
    else:
        print(clean(word_quarantine(found)))


@quarantine_app.command()
def retry(rule: RuleOption = None, warehouse: WarehouseOption = None) -> None:
    """Let what is in quarantine be worked on again by the next run, whatever has changed.

    Examples:
      coopwatch quarantine retry
      coopwatch quarantine retry --rule "article.expect_column_values_to_not_be_null(title)"
    """
    with open_warehouse(warehouse) as opened:
        released = opened.retry_quarantined(rule, datetime.now(UTC))
    print(f"{released} {'entry' if released == 1 else 'entries'} will be tried again by the next run")


def word_quarantine(rows: Sequence[Quarantined]) -> str:
    """Return what is in quarantine as text for a terminal, rule by rule."""
    if not rows:
        return "nothing is in quarantine"
    lines = []
    for rule, group in groupby(rows, key=lambda row: row.rule):
        refused = list(group)
        lines.append(f"{fold(rule)}  ({len(refused)})")
        for row in refused:
            lines += [f"    {fold(row.reason)}", f"        {_name_record(row)}", f"        {fold(row.url)}"]
    return "\n".join(lines)


def _name_record(row: Quarantined) -> str:
    """Return the words by which a person recognises the record that was refused."""
    named = (row.record.get(name) for name in ("title", "name", "quote"))
    return shorten(str(next(filter(None, named), row.title)), 120)
