"""`coopwatch sources health`: how every source is doing, the worst first."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import get_args

from coopwatch.reports import clean, to_json
from coopwatch.warehouse import HealthStatus, SourceHealth
from coopwatch.wording import count, shorten
from flows.cli.columns import align
from flows.cli.reading import JsonOption, WarehouseOption, open_warehouse

_SEVERITY: tuple[HealthStatus, ...] = get_args(HealthStatus)
_HEADINGS = (
    "STATUS",
    "SOURCE",
    "POLLED",
    "NEW",
    "NEXT",
    "POLLS/7D",
    "FAILED/7D",
    "NEW/7D",
    "UNREADABLE/7D",
    "GAPS",
    "NOTE",
)
_NOTE_CHARS = 120


def health(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Show how every source is doing: failing, silent, never polled, ok, retired; the worst first.

    Examples:
      coopwatch sources health
      coopwatch sources health --json | jq -r '.[] | select(.open_gaps > 0) | .source_id'
    """
    with open_warehouse(warehouse) as opened:
        rows = opened.read_source_health()
    if as_json:
        print(to_json([{"status": row.status, **row.model_dump(mode="json")} for row in _sort(rows)]))
    else:
        print(word_health(rows))


def word_health(rows: Iterable[SourceHealth]) -> str:
    """Return the health of sources as text for a terminal, one line a source.

    POLLED and NEW are how long ago the last poll and the last new entry were, NEXT in how long it is due.
    """
    ordered = _sort(rows)
    if not ordered:
        return "no sources yet; `coopwatch run` polls those of the registry"
    counts = Counter(row.status for row in ordered)
    by_status = ", ".join(f"{counts[status]} {status}" for status in _SEVERITY if counts[status])
    return f"{align([_HEADINGS, *map(_word_row, ordered)])}\n\n{count(len(ordered), 'source')}: {by_status}"


def _sort(rows: Iterable[SourceHealth]) -> list[SourceHealth]:
    return sorted(
        rows,
        key=lambda row: (_SEVERITY.index(row.status), -row.failure_weight, -row.failed_7d, row.source_id),
    )


def _word_row(row: SourceHealth) -> tuple[str, ...]:
    polled = row.as_of - row.last_polled_at if row.last_polled_at else None
    new = row.as_of - row.last_new_entry_at if row.last_new_entry_at else None
    due = row.next_poll_at - row.as_of if row.next_poll_at else timedelta(0)
    return (
        row.status,
        row.source_id,
        _word_age(polled),
        _word_age(new),
        "-" if row.status == "retired" else "now" if due <= timedelta(0) else _word_age(due),
        str(row.polls_7d),
        str(row.failed_7d),
        str(row.new_entries_7d),
        str(row.unreadable_7d),
        str(row.open_gaps),
        "; ".join(_list_notes(row)),
    )


def _list_notes(row: SourceHealth) -> Iterable[str]:
    if row.last_error is not None:
        yield clean(shorten(row.last_error, _NOTE_CHARS))
    if row.status == "silent":
        yield f"silent for longer than {_word_age(timedelta(seconds=row.silent_after_seconds or 0.0))}"
    if row.current_url is not None:
        yield f"has moved to {clean(shorten(row.current_url, _NOTE_CHARS))}"
    if not row.is_conditional:
        yield "its 304 hid changes: asked in full"


def _word_age(age: timedelta | None) -> str:
    """Return a length of time in its largest unit, "-" for none; clocks that disagree give no negative."""
    if age is None:
        return "-"
    seconds = max(age.total_seconds(), 0.0)
    for unit, length in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds >= (2 if unit == "d" else 1) * length:
            return f"{seconds // length:.0f}{unit}"
    return f"{seconds // 1:.0f}s"
