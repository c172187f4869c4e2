"""What became of an event's id, and what analysts pinned, as people and programs read it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from coopwatch.wording import count, fold
from schemas.records import Pin

if TYPE_CHECKING:
    from coopwatch.warehouse.identity import IdentityEntry


def word_history(entries: "Iterable[IdentityEntry]") -> list[str]:
    """Return one line for each merge, split and pin of an event."""
    return [f"  {entry.changed_at:%Y-%m-%d %H:%M}  {_word_entry(entry)}" for entry in entries]


def word_pin(pin: Pin) -> str:
    """Return a pin in one line."""
    held = f", ended {pin.revoked_at:%Y-%m-%d}" if pin.revoked_at else ""
    note = f"  “{fold(pin.note)}”" if pin.note else ""
    return (
        f"{pin.pin_id}  {pin.article_id} {pin.kind.replace('_', ' ')} {pin.event_id}"
        f", by {pin.actor} on {pin.created_at:%Y-%m-%d}{held}{note}"
    )


def to_plain_history(entries: "Iterable[IdentityEntry]", pins: Iterable[Pin]) -> dict[str, Any]:
    """Return history and pins as JSON-ready data."""
    return {
        "identity": [entry.model_dump(mode="json") for entry in entries],
        "pins": [pin.model_dump(mode="json") for pin in pins],
    }


def _word_entry(entry: "IdentityEntry") -> str:
    moved = count(len(entry.article_ids), "article")
    match entry.kind:
        case "merge":
            told = f"{entry.other_event_id} was merged into {entry.event_id} with {moved}: {entry.reason}"
        case "split":
            told = f"{moved} of {entry.event_id} became {entry.other_event_id}: {entry.reason}"
        case _:
            told = f"{entry.kind}: {entry.reason}"
    return f"{fold(told)}  ({entry.actor}, {entry.rule_version})"
