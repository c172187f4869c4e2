"""`coopwatch export`: the warehouse as files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from coopwatch.exports.atom import write_atom
from coopwatch.exports.files import replacing
from coopwatch.exports.parquet import write_parquet
from coopwatch.exports.spreadsheet import write_csv
from coopwatch.reports import to_json, to_plain_event
from coopwatch.warehouse.exporting import TABLES, describe_columns
from coopwatch.wording import count
from flows.cli.reading import WarehouseOption, open_warehouse

LimitOption = Annotated[int, typer.Option(min=1, help="How many events, those that changed last first.")]

app = typer.Typer(
    no_args_is_help=True, help="Write the warehouse to files; what was there before is replaced whole."
)


@app.command()
def parquet(folder: Path, warehouse: WarehouseOption = None) -> None:
    """Write events, coverage, claims, articles and relations as Parquet, by the month they became known.

    A folder a table, a folder a month; a folder that holds anything else is not replaced.

    Examples:
      coopwatch export parquet exports/
    """
    with open_warehouse(warehouse) as opened:
        for name in TABLES:
            rows = write_parquet(folder, name, describe_columns(name), opened.read_export(name))
            print(f"{folder / name}: {count(rows, 'row')}")


@app.command()
def csv(folder: Path, warehouse: WarehouseOption = None) -> None:
    """Write the same tables as CSV for spreadsheets; text that could be a formula is marked as text.

    Examples:
      coopwatch export csv exports/
    """
    with open_warehouse(warehouse) as opened:
        for name in TABLES:
            file = folder / f"{name}.csv"
            rows = write_csv(file, describe_columns(name), (row for _, row in opened.read_export(name)))
            print(f"{file}: {count(rows, 'row')}")


@app.command()
def atom(file: Path, limit: LimitOption = 100, warehouse: WarehouseOption = None) -> None:
    """Write an Atom feed of events.

    Examples:
      coopwatch export atom public/events.atom --limit 50
    """
    with open_warehouse(warehouse) as opened:
        events = write_atom(file, opened.read_latest_events(limit), datetime.now(UTC))
    print(f"{file}: {count(events, 'event')}")


@app.command()
def json(file: Path, limit: LimitOption = 100, warehouse: WarehouseOption = None) -> None:
    """Write events with their claims and coverage as JSON.

    Examples:
      coopwatch export json public/events.json
    """
    with open_warehouse(warehouse) as opened:
        dossiers = opened.read_latest_events(limit)
    with replacing(file) as new:
        new.write_text(to_json([to_plain_event(dossier) for dossier in dossiers]), encoding="utf-8")
    print(f"{file}: {count(len(dossiers), 'event')}")
