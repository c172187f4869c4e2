"""`coopwatch reprocess`: judge again what other rules or another model judged."""

from pathlib import Path
from typing import Annotated

import typer

from coopwatch.relevance import load_topic
from coopwatch.reports import clean, to_json
from coopwatch.reprocessed import Reprocessed, word_changes, word_reprocessed
from flows.cli.running import prepare, run_flow


def reprocess(
    warehouse: Annotated[str | None, typer.Option(help="sqlite:///PATH or postgresql://…")] = None,
    topic: Annotated[Path | None, typer.Option(help="The topic file.", dir_okay=False)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Judge again, without the network, what another topic file or another model judged.

    What comes into scope is linked to events, what goes out of it is taken off them; no alerts are sent.

    Examples:
      coopwatch reprocess --dry-run
      coopwatch reprocess --topic mine.yaml --json | jq '.changed[].url'
    """
    load_topic(prepare(needs_warehouse=True, warehouse_url=warehouse, topic=topic).topic)
    from flows.reprocess import reprocess as flow

    result = run_flow(flow, warehouse_url=warehouse, topic=topic, dry_run=dry_run)
    report = Reprocessed.model_validate(result)
    if as_json:
        print(to_json(report.model_dump(mode="json")))
        return
    print(word_reprocessed(report))
    if report.changed:
        print(clean(word_changes(report)))
