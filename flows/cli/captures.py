"""`coopwatch captures`: the answers that were kept."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopwatch.reports import to_json
from coopwatch.settings import Settings
from coopwatch.urls import absolute_url
from coopwatch.warehouse import Warehouse

if TYPE_CHECKING:
    from coopwatch.captures import CaptureError
    from coopwatch.captures.export import Progress
    from coopwatch.warehouse.captures import CaptureRow

WORKED_IN_PART = 1

app = typer.Typer(no_args_is_help=True, help="The answers that were kept, so that any run can be repeated.")

WarehouseOption = Annotated[str | None, typer.Option(help="sqlite:///PATH or postgresql://…")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


@app.command("list")
def list_captures(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Count what was kept, by purpose and month.

    Examples:
      coopwatch captures list
      coopwatch captures list --json | jq 'map(.bytes) | add'
    """
    captures: Counter[tuple[str, str]] = Counter()
    size: Counter[tuple[str, str]] = Counter()
    with Warehouse.open_existing(_settings(warehouse).warehouse_url) as opened:
        for row in opened.read_captures():
            group = (row.purpose, f"{row.fetched_at:%Y-%m}")
            captures[group] += 1
            size[group] += row.size_bytes
    if as_json:
        groups = [
            {"purpose": group[0], "month": group[1], "captures": captures[group], "bytes": size[group]}
            for group in sorted(captures)
        ]
        print(to_json(groups))
    elif captures:
        print(f"{'purpose':<8} {'month':<8} {'captures':>12} {'bytes':>18}")
        for found in sorted(captures):
            print(f"{found[0]:<8} {found[1]:<8} {captures[found]:>12,} {size[found]:>18,}")
        print(f"{'all':<17} {captures.total():>12,} {size.total():>18,}")
    else:
        print("no captures yet; `coopwatch run` keeps what it fetches")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The WARC file; gzipped if it ends in .gz.", dir_okay=False)],
    since: Annotated[
        datetime | None, typer.Option(formats=_FORMATS, help="Fetched at this time (UTC) or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_FORMATS, help="Fetched before this time (UTC).")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Only the answers of this address.")] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write what was kept to a WARC file, which `coopwatch run --replay` and every archive tool can read.

    Examples:
      coopwatch captures export --out all.warc.gz
      coopwatch captures export --since 2025-01-01 --until 2025-02-01 --out january.warc.gz
      coopwatch captures export --url https://academy.example/news/1 --out one.warc.gz
    """
    from coopwatch.captures import CaptureStore, export_warc

    settings = _settings(warehouse)
    store = CaptureStore(settings.captures_url)
    with Warehouse.open_existing(settings.warehouse_url) as opened, _telling() as tell:
        rows = opened.read_captures(
            since=_in_utc(since), until=_in_utc(until), url=absolute_url(url) if url else None
        )
        done = export_warc(rows, store, out, progress=tell)
    left_out = f", {done.left_out:,} left out" if done.left_out else ""
    _say(f"{out}: {done.captures:,} captures, {done.body_bytes:,} bytes of bodies{left_out}")
    if done.left_out:
        raise typer.Exit(WORKED_IN_PART)


@app.command("expire")
def expire_captures(
    keep_days: Annotated[
        int | None, typer.Option(min=0, help="Forget what is older; COOPWATCH_CAPTURES_KEEP_DAYS by default.")
    ] = None,
    sweep: Annotated[
        bool,
        typer.Option(
            "--sweep", help="Also delete bodies that this warehouse does not know, from killed runs."
        ),
    ] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Forget what was fetched long ago, and delete the bodies that nothing else needs.

    Examples:
      coopwatch captures expire
      coopwatch captures expire --keep-days 30 --sweep
    """
    from coopwatch.captures import CaptureStore, expire, sweep_orphans

    settings = _settings(warehouse).override(captures_keep_days=keep_days)
    store = CaptureStore(settings.captures_url)
    now = datetime.now(UTC)
    with Warehouse.open_existing(settings.warehouse_url) as opened:
        deleted = expire(store, opened, now, settings.captures_keep_days)
        print(f"{deleted:,} bodies deleted, of captures older than {settings.captures_keep_days} days")
        if sweep:
            print(f"{sweep_orphans(store, opened, now):,} bodies deleted that the warehouse does not know")


def _settings(warehouse: str | None) -> Settings:
    return Settings.from_environment().override(warehouse_url=warehouse)


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _say(line: str) -> None:
    print(line, file=sys.stderr)


@contextmanager
def _telling() -> "Iterator[Progress]":
    """Give what tells, on standard error, how far an export is and what it leaves out."""
    from rich.console import Console
    from rich.progress import Progress as Display
    from rich.progress import SpinnerColumn, TextColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} captures, now of {task.description}"))
    with Display(*columns, console=console, transient=True, disable=not console.is_terminal) as display:
        task = display.add_task("", total=None)

        def tell(row: "CaptureRow", error: "CaptureError | None") -> None:
            display.update(task, advance=1, description=f"{row.fetched_at:%Y-%m-%d %H:%M}")
            if error:
                _say(f"left out {row.url} of {row.fetched_at:%Y-%m-%d %H:%M}: {error}")

        yield tell
