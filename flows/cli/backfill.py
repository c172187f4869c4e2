"""`coopwatch backfill`: load what archives, sitemaps, lists and gaps hold."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopwatch.backfill.progress import Backfilled, word_backfilled, word_item
from coopwatch.errors import ConfigError
from coopwatch.reports import clean, to_json
from flows.cli.reading import open_warehouse
from flows.cli.running import prepare, run_flow

if TYPE_CHECKING:
    from coopwatch.backfill.inputs import Kind

WORKED_IN_PART = 1

app = typer.Typer(
    name="backfill",
    no_args_is_help=True,
    help=(
        "Load what archives, sitemaps, lists and gaps hold. What was stopped goes on where it was when the "
        "same command is given again; nobody is alerted unless --alert is given."
    ),
)

_Warehouse = Annotated[str | None, typer.Option("--warehouse", help="sqlite:///PATH or postgresql://…")]
_Source = Annotated[str | None, typer.Option("--source", help="Id of the source that entries get: archive.…")]
_Alert = Annotated[bool, typer.Option("--alert", help="Alert of the events that come to light.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_Since = Annotated[str | None, typer.Option(help="Articles from this day on, such as 2023-11-01.")]
_Until = Annotated[str | None, typer.Option(help="Articles before this day.")]


@app.command()
def warc(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Paths, globs in quotes, or URLs.")],
    *,
    warehouse: _Warehouse = None,
    source: _Source = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 for this one alone.")] = 0,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    alert: _Alert = False,
    as_json: _AsJson = False,
) -> None:
    """Load the articles of WARC files, such as those of CC-NEWS.

    Examples:
      coopwatch backfill warc 'CC-NEWS-202311*.warc.gz' --workers 8
      coopwatch backfill warc s3://commoncrawl/crawl-data/CC-NEWS/2023/11/CC-NEWS-20231107104852-00123.warc.gz
      coopwatch backfill warc pages.warc.gz --source archive.library --json
    """
    _run("warc", tuple(files), warehouse, source, None, None, alert, as_json, workers, scheduler)


@app.command()
def sitemap(
    url: Annotated[list[str], typer.Argument(help="Address of a news sitemap, or an index of such.")],
    *,
    since: _Since = None,
    until: _Until = None,
    warehouse: _Warehouse = None,
    source: _Source = None,
    alert: _Alert = False,
    as_json: _AsJson = False,
) -> None:
    """Load the articles that a news sitemap lists, through its index and by date.

    Examples:
      coopwatch backfill sitemap https://news.example/sitemap-index.xml --since 2023-11-01 --until 2023-12-01
    """
    _run("sitemap", tuple(url), warehouse, source, since, until, alert, as_json)


@app.command()
def urls(
    file: Annotated[
        Path, typer.Argument(help="CSV with a column url, and perhaps date.", exists=True, dir_okay=False)
    ],
    *,
    since: _Since = None,
    until: _Until = None,
    warehouse: _Warehouse = None,
    source: _Source = None,
    alert: _Alert = False,
    as_json: _AsJson = False,
) -> None:
    """Load the articles at the addresses of a CSV file.

    Examples:
      coopwatch backfill urls clippings.csv
      coopwatch backfill urls clippings.csv --source archive.library --since 2023-01-01
    """
    _run("urls", (str(file.resolve()),), warehouse, source, since, until, alert, as_json)


@app.command()
def gaps(warehouse: _Warehouse = None, alert: _Alert = False, as_json: _AsJson = False) -> None:
    """Load what sources published between two polls too far apart, where they have an archive.

    Examples:
      coopwatch backfill gaps
    """
    _run("gaps", (), warehouse, None, None, None, alert, as_json)


@app.command()
def status(warehouse: _Warehouse = None, as_json: _AsJson = False) -> None:
    """Show how far every backfill is, and what was found.

    Examples:
      coopwatch backfill status
      coopwatch backfill status --json | jq '.[] | select(.error)'
    """
    with open_warehouse(warehouse) as opened:
        items = opened.read_backfill()
    if as_json:
        print(to_json([item.model_dump(mode="json") for item in items]))
        return
    if not items:
        print("nothing was backfilled")
    for item in items:
        print(clean(f"{item.job}  {word_item(item)}"))


def _run(  # noqa: PLR0917 - the options of four commands
    kind: "Kind",
    inputs: tuple[str, ...],
    warehouse: str | None,
    source: str | None,
    since: str | None,
    until: str | None,
    alert: bool,
    as_json: bool,
    workers: int = 0,
    scheduler: str | None = None,
) -> None:
    """Run the flow here and now; what could not be read in full makes the exit status 1."""
    period = {"since": _read_day(since, "--since"), "until": _read_day(until, "--until")}
    from coopwatch.backfill.inputs import check_inputs

    check_inputs(kind, inputs, source)
    prepare(warehouse_url=warehouse)
    from flows.backfill import backfill

    result = run_flow(
        backfill,
        kind=kind,
        inputs=inputs,
        source=source,
        alert=alert,
        workers=workers,
        scheduler=scheduler,
        warehouse_url=warehouse,
        **period,
    )
    report = Backfilled.model_validate(result)
    print(to_json(report.model_dump(mode="json")) if as_json else clean(word_backfilled(report)))
    if report.failed:
        raise typer.Exit(WORKED_IN_PART)


def _read_day(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text!r}: not a date such as 2023-11-01") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
