"""`coopwatch sources`: the source registry, checked, listed, extended, exchanged with feed readers."""

import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopwatch.errors import ConfigError
from coopwatch.fairness import host_key
from coopwatch.settings import Settings
from coopwatch.sources import check_sources, load_sources
from flows.cli.columns import align
from flows.cli.health import health
from flows.cli.inspecting import inspect
from schemas.records import Capture

if TYPE_CHECKING:
    from coopwatch.discovery import Discovery
    from coopwatch.fetch import Fetcher
    from coopwatch.politeness import Manners

app = typer.Typer(no_args_is_help=True, help="The source registry.")
app.command()(health)
app.command()(inspect)

FileArgument = Annotated[Path | None, typer.Argument(help="config/sources.yaml by default.")]
FileOption = Annotated[
    Path | None, typer.Option("--file", help="The registry; config/sources.yaml by default.", dir_okay=False)
]


@app.command()
def check(file: FileArgument = None) -> None:
    """Say in one line each what is wrong with the registry.

    Examples:
      coopwatch sources check
      coopwatch sources check mine.yaml
    """
    path = _registry(file)
    problems = check_sources(path)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(2)
    print(f"{path}: {len(load_sources(path))} sources, all in order")


@app.command("list")
def list_sources(file: FileArgument = None) -> None:
    """List the sources: id, kind, language, country, publisher.

    Examples:
      coopwatch sources list
      coopwatch sources list | grep " zh "
    """
    rows = [
        (source.id, source.kind, source.language or "-", source.country or "-", source.publisher)
        for source in load_sources(_registry(file))
    ]
    print(align([("ID", "KIND", "LANGUAGE", "COUNTRY", "PUBLISHER"), *rows]))


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="A feed, or a page of the site.")],
    file: FileOption = None,
    source_id: Annotated[
        str | None, typer.Option("--id", help="What to call it; after its host by default.")
    ] = None,
    is_agreed: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Find the feed of a site, see what it holds, and write it into the registry.

    Examples:
      coopwatch sources add https://academy.example/
      coopwatch sources add https://academy.example/news.rss --id academy --yes
    """
    from coopwatch.discovery import discover
    from coopwatch.fetch import HttpFetcher
    from coopwatch.politeness import Manners
    from coopwatch.registry import append_sources, find_registered, format_entry, make_source
    from coopwatch.urls import host_of

    settings = Settings.from_environment()
    path = file or settings.sources
    registered = load_sources(path) if path.exists() else ()
    url = url if "://" in url else f"https://{url}"
    if known := find_registered(url, registered):
        raise ConfigError(f"{url} is in the registry already, as {known.id!r}")
    now = datetime.now(UTC)
    with HttpFetcher(settings) as fetcher:
        discovery = discover(url, get=partial(_ask, Manners(settings), fetcher), now=now)
    finding = discovery.finding
    if known := find_registered(finding.url, registered):
        raise ConfigError(f"{finding.url} is in the registry already, as {known.id!r}")
    source = make_source(
        finding.url,
        kind=finding.kind,
        host=host_of(url),
        name=finding.title,
        language=finding.language,
        taken={source.id for source in registered},
        source_id=source_id,
    )
    mark = f"answered {now:%Y-%m-%d}"
    print(word_discovery(discovery))
    print(f"\n{format_entry(source, mark)}")
    if not is_agreed and sys.stdin.isatty():
        typer.confirm(f"Write this into {path}?", default=True, abort=True)
    append_sources(path, [source], mark)
    print(f"{path}: {source.id} added")


@app.command("import")
def import_list(
    opml: Annotated[Path, typer.Argument(metavar="FILE.opml", exists=True, dir_okay=False)],
    file: FileOption = None,
) -> None:
    """Write the feeds of another feed reader's list into the registry, each address once.

    Examples:
      coopwatch sources import subscriptions.opml
      coopwatch sources import subscriptions.opml --file mine.yaml
    """
    from coopwatch.opml import import_outlines, parse_opml
    from coopwatch.registry import append_sources

    path = _registry(file)
    registered = load_sources(path) if path.exists() else ()
    found = import_outlines(parse_opml(opml.read_bytes(), name=str(opml)), registered)
    if found.sources:
        append_sources(path, found.sources, "unverified")
    for skipped in found.skipped:
        print(f"skipped {skipped.what}: {skipped.reason}")
    print(f"{path}: {len(found.sources)} added, {len(found.skipped)} skipped")


@app.command("export")
def export_list(
    opml: Annotated[
        Path | None, typer.Argument(metavar="[FILE.opml]", dir_okay=False, help="Standard output by default.")
    ] = None,
    file: FileOption = None,
) -> None:
    """Write the feeds of the registry as a list that feed readers understand (OPML 2.0).

    Examples:
      coopwatch sources export
      coopwatch sources export coopwatch.opml
    """
    from coopwatch.opml import format_opml

    sources = load_sources(_registry(file))
    written = format_opml(sources, title="coopwatch sources", now=datetime.now(UTC))
    if opml is None:
        print(written.decode(), end="")
    else:
        try:
            opml.write_bytes(written)
        except OSError as error:
            raise ConfigError(f"{opml}: cannot be written: {error.strerror}") from None
    left_out = sum(source.kind != "feed" for source in sources)
    print(f"{len(sources) - left_out} feeds exported", file=sys.stderr)
    if left_out:
        print(f"{left_out} sitemaps and listing pages left out: OPML has feeds only", file=sys.stderr)


def word_discovery(discovery: "Discovery") -> str:
    """Return what was found, for a terminal."""
    finding = discovery.finding
    newest = f"{finding.newest:%Y-%m-%d %H:%M} UTC" if finding.newest else "no dates"
    rows = [
        ("found", f"{finding.url} ({finding.kind}, {finding.origin})"),
        ("title", finding.title or "none"),
        ("entries", str(finding.entries)),
        ("newest", newest),
        ("language", finding.language or "not known"),
        *(("also", other.url) for other in discovery.others),
    ]
    return align(rows)


def _ask(manners: "Manners", fetcher: "Fetcher", url: str) -> Capture:
    """Ask for a URL when its host can bear it."""
    while (wait_seconds := manners.claim(host_key(url), running=0)) > 0:
        time.sleep(wait_seconds)
    return manners.fetch(fetcher, url, obeys_robots=False)  # what is guessed has been checked


def _registry(file: Path | None) -> Path:
    return file or Settings.from_environment().sources
