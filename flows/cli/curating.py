"""`coopwatch merge`, `split`, `pin`, `unpin` and `pins`: an analyst's word on what is one event."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

import typer

from coopwatch.curating import Curator
from coopwatch.events.curation import Pinned
from coopwatch.events.merging import Merged
from coopwatch.events.moving import IdentityError
from coopwatch.events.splitting import Split
from coopwatch.histories import word_pin
from coopwatch.reports import clean, to_json, to_plain_event, word_event_line
from coopwatch.wording import count
from flows.cli.people import name_analyst
from flows.cli.reading import JsonOption, WarehouseOption, open_warehouse

ActorOption = Annotated[
    str | None, typer.Option(help="Who decides; the user of the system by default.", show_default=False)
]
EventArgument = Annotated[str, typer.Argument(metavar="EVENT_ID", help="As `coopwatch events` lists them.")]
ArticleArgument = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="The address of an article, or its id.")
]
_NO_NOTE = "the analyst gave no reason"


def merge(
    event: EventArgument,
    other: Annotated[str, typer.Argument(metavar="EVENT_ID", help="The event that is the same one.")],
    *,
    note: Annotated[str, typer.Option(help="Why.")] = _NO_NOTE,
    unpin: Annotated[bool, typer.Option("--unpin", help="End the pins that keep them apart.")] = False,
    actor: ActorOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make two events one: the older keeps its id, and the other id leads there from now on.

    Coverage and claims move, nothing is announced again, and pins keep the articles there.

    Examples:
      coopwatch merge brst-1 e-1f0c2ab7d9e83456
      coopwatch merge brst-1 e-1f0c2ab7d9e83456 --note "the preview named no edition" --json
    """
    with _curating(warehouse, actor, "merge") as curator:
        merged = curator.merge(event, other, note, unpin=unpin)
    print(to_json(_to_plain_merge(merged)) if as_json else _word_merge(merged))


def split(
    event: EventArgument,
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE", help="Their addresses, or ids.")],
    *,
    note: Annotated[str, typer.Option(help="Why.")] = _NO_NOTE,
    actor: ActorOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make articles of an event an event of their own, and keep the two apart.

    All copies of their texts go with them.

    Examples:
      coopwatch split brst-1 https://academy.example/news/1
      coopwatch split brst-1 a-5be1f00c2ab7d9e8 --note "a dinner on the eve" --json | jq -r .part.event_id
    """
    with _curating(warehouse, actor, "split") as curator:
        done = curator.split(event, articles, note)
    print(to_json(_to_plain_split(done)) if as_json else _word_split(done))


def pin(
    article: ArticleArgument,
    event: EventArgument,
    *,
    cannot_link: Annotated[
        bool, typer.Option("--cannot-link", help="It is not about this event; else: it is.")
    ] = False,
    leaving: Annotated[
        str | None, typer.Option(metavar="EVENT_ID", help="The event to leave, if the article is on several.")
    ] = None,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    actor: ActorOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that an article is about an event, or that it is not; no rule overrules it.

    What is on the wrong event moves at once, with all copies of the text.

    Examples:
      coopwatch pin https://academy.example/news/1 brst-1
      coopwatch pin https://academy.example/news/1 brst-2 --cannot-link --note "it tells of the first one"
    """
    with _curating(warehouse, actor, "pin") as curator:
        pinned = curator.pin("cannot_link" if cannot_link else "must_link", article, event, note, leaving)
    print(to_json(_to_plain_pinned(pinned)) if as_json else _word_pinned(pinned))


def unpin(
    pin_id: Annotated[str, typer.Argument(metavar="PIN_ID", help="As `coopwatch pins` lists them.")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    actor: ActorOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a pin; articles stay where they are until the rules link them anew.

    Examples:
      coopwatch unpin p-5be1f00c2ab7d9e8
      coopwatch unpin p-5be1f00c2ab7d9e8 --note "the organiser confirmed it"
    """
    with _curating(warehouse, actor, "unpin") as curator:
        ended = curator.unpin(pin_id, note)
    print(to_json(ended.model_dump(mode="json")) if as_json else clean(word_pin(ended)))


def pins(
    event: Annotated[
        str | None, typer.Argument(metavar="EVENT_ID", help="Only what is pinned to, or off, this event.")
    ] = None,
    with_ended: Annotated[bool, typer.Option("--all", help="Also those that ended.")] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what analysts pinned, the oldest first.

    Examples:
      coopwatch pins
      coopwatch pins brst-1 --all --json | jq '.[] | select(.kind == "cannot_link") | .article_id'
    """
    with open_warehouse(warehouse) as opened:
        given = opened.read_all_pins()
        if event is not None:
            dossier = opened.read_dossier(event)
            if dossier is None:
                raise IdentityError(f"there is no event {event!r}; `coopwatch events` lists them")
            event_ids = opened.read_ids(dossier.event.event_id)
            given = tuple(one for one in given if one.event_id in event_ids)
    shown = [one for one in given if with_ended or one.revoked_at is None]
    if as_json:
        print(to_json([one.model_dump(mode="json") for one in shown]))
    elif shown:
        print(clean("\n".join(map(word_pin, shown))))
    else:
        print("nothing is pinned; `coopwatch pin` does it")


def _word_merge(merged: Merged) -> str:
    moved = count(len(merged.change.article_ids), "article")
    return clean(
        f"{merged.change.other_event_id} is merged into {merged.change.event_id}: {moved} moved\n\n"
        f"{word_event_line(merged.dossier)}"
    )


def _word_split(done: Split) -> str:
    moved = count(len(done.change.article_ids), "article")
    pinned = count(len(done.pins), "pin")
    return clean(
        f"{done.change.other_event_id} is an event of its own now, with {moved} of {done.change.event_id}; "
        f"{pinned} to keep them apart\n\n"
        f"{word_event_line(done.dossier)}\n\n{word_event_line(done.part)}"
    )


def _word_pinned(pinned: Pinned) -> str:
    lines = [word_pin(pinned.pin)]
    if pinned.merged:
        lines += ["", _word_merge(pinned.merged)]
    elif pinned.split:
        lines += ["", _word_split(pinned.split)]
    elif pinned.moved:
        source, target = pinned.moved.source, pinned.moved.target
        moved = count(len(pinned.moved.article_ids), "article")
        lines += [f"\n{moved} moved from {source.event.event_id} to {target.event.event_id}"]
        lines += [f"\n{word_event_line(source)}", f"\n{word_event_line(target)}"]
    else:
        lines.append("nothing moved")
    return clean("\n".join(lines))


def _to_plain_merge(merged: Merged) -> dict[str, object]:
    return {
        "change": merged.change.model_dump(mode="json"),
        "event": to_plain_event(merged.dossier),
        "redirect": merged.redirect.model_dump(mode="json"),
        "pins": [one.model_dump(mode="json") for one in merged.pins],
    }


def _to_plain_split(done: Split) -> dict[str, object]:
    return {
        "change": done.change.model_dump(mode="json"),
        "event": to_plain_event(done.dossier),
        "part": to_plain_event(done.part),
        "pins": [one.model_dump(mode="json") for one in done.pins],
    }


def _to_plain_pinned(pinned: Pinned) -> dict[str, object]:
    moved = pinned.moved
    return {
        "pin": pinned.pin.model_dump(mode="json"),
        "merged": _to_plain_merge(pinned.merged) if pinned.merged else None,
        "split": _to_plain_split(pinned.split) if pinned.split else None,
        "moved": moved
        and {
            "article_ids": moved.article_ids,
            "from": to_plain_event(moved.source),
            "to": to_plain_event(moved.target),
        },
    }


@contextmanager
def _curating(warehouse: str | None, actor: str | None, what: str) -> Iterator[Curator]:
    """Give what decides, while no run links."""
    name = name_analyst(actor, "--actor")
    with open_warehouse(warehouse) as opened, opened.linking():
        yield Curator(opened, f"{what}-{uuid4().hex[:16]}", name, datetime.now(UTC))
