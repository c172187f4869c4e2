"""`coopwatch events` and `coopwatch show`: what the warehouse knows, and why."""

import re
from typing import Annotated

import typer

from coopwatch.histories import to_plain_history, word_history, word_pin
from coopwatch.reports import (
    clean,
    to_json,
    to_plain_event,
    to_plain_evidence,
    word_event,
    word_event_line,
)
from coopwatch.settings import Settings
from coopwatch.traces import word_trace
from coopwatch.warehouse import Warehouse

WarehouseOption = Annotated[str | None, typer.Option(help="sqlite:///PATH or postgresql://…")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


def events(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """List the events that are known, the latest first.

    Examples:
      coopwatch events
      coopwatch events --json | jq '.[] | select(.independent_sources > 1) | .name'
    """
    with open_warehouse(warehouse) as opened:
        dossiers = opened.read_events()
    if as_json:
        print(to_json([to_plain_event(dossier) for dossier in dossiers]))
    elif dossiers:
        print("\n\n".join(word_event_line(dossier) for dossier in dossiers))
    else:
        print("no events yet; `coopwatch run` looks for some")


def show(
    what: Annotated[str, typer.Argument(metavar="EVENT_ID|URL", help="As `coopwatch events` lists them.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one event or one address, with the evidence for every decision.

    Examples:
      coopwatch show brst-1
      coopwatch show https://academy.example/news/1 --json
    """
    with open_warehouse(warehouse) as opened:
        if "://" in what:
            trace = opened.read_trace(what)
            if trace is None:
                raise typer.BadParameter(f"{what} was never listed by a source", param_hint="URL")
            print(to_json(trace.model_dump(mode="json")) if as_json else word_trace(trace))
            return
        dossier = opened.read_dossier(what)
        if dossier is None:
            raise typer.BadParameter(f"there is no event {what!r}; `coopwatch events` lists them")
        what = dossier.event.event_id  # the one that was asked for may have been merged into it
        relations, alerts = opened.read_relations(what), opened.read_alerts(what)
        identity, pins = opened.read_identity_changes(what), opened.read_pins(event_ids=[what])
    if as_json:
        print(to_json(to_plain_evidence(dossier, relations, alerts) | to_plain_history(identity, pins)))
        return
    print(word_event(dossier, relations, alerts))
    for heading, lines in (("Identity", word_history(identity)), ("Pins", map(word_pin, pins))):
        if told := "\n".join(lines):
            print(clean(f"\n{heading}\n{told}"))


def check_language(tag: str | None) -> None:
    """Refuse what is no tag of a language: nothing would be found, without a word on why.

    Raises:
        typer.BadParameter: it is none.
    """
    if tag and not _LANGUAGE.fullmatch(tag):
        raise typer.BadParameter(f"{tag!r} is not the tag of a language: en, zh, …", param_hint="--language")


def open_warehouse(warehouse: str | None) -> Warehouse:
    """Open the warehouse of the option or the settings, which must be there: what only looks makes none.

    Raises:
        ConfigError: a setting is wrong.
        WarehouseError: there is no warehouse, or it cannot be opened.
    """
    settings = Settings.from_environment().override(warehouse_url=warehouse)
    return Warehouse.open_existing(settings.warehouse_url)
