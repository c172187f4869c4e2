"""`coopwatch search`: the articles in scope that hold some words."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from coopwatch.reports import clean, to_json
from coopwatch.search_words import parse_search
from coopwatch.warehouse.search import Found
from coopwatch.wording import fold
from flows.cli.reading import JsonOption, WarehouseOption, check_language, open_warehouse


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS", help='All of them; "in quotes": in that order.')
    ],
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many articles at most.")] = 20,
    language: Annotated[str | None, typer.Option(help="Only articles in this language: en, zh, …")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only articles published on this day or later."),
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search the articles in scope, the best first.

    Examples:
      coopwatch search joint laboratory
      coopwatch search '"ice cores" 联合实验室' --since 2025-01-01
    """
    if not parse_search(" ".join(words)):
        raise typer.BadParameter("there is no word in it, nor a number", param_hint="WORDS")
    check_language(language)
    first_day = since.replace(tzinfo=UTC) if since else None
    with open_warehouse(warehouse) as opened:
        found = opened.search(" ".join(words), limit, language, first_day)
    if as_json:
        print(to_json([one.model_dump(mode="json") for one in found]))
    elif found:
        print(clean("\n\n".join(map(_word_found, found))))
    else:
        print("nothing found")


def _word_found(found: Found) -> str:
    day = f"{found.published_at:%Y-%m-%d}" if found.published_at else "undated"
    about = ", ".join(found.event_ids) or "no event"
    lines = (f"{found.publisher} · {day} · {about}", found.url, found.snippet)
    return "\n  ".join(map(fold, (found.title, *lines)))
