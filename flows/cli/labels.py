"""`coopwatch labels`: what analysts have said, and how far they agree."""

from collections import Counter
from collections.abc import Iterable, Sequence

from coopwatch.agreement import Agreement, compare_authors, compare_program, latest_labels
from coopwatch.reports import clean, to_json
from coopwatch.wording import shorten
from flows.cli.columns import align
from flows.cli.questions import word_label
from flows.cli.reading import JsonOption, WarehouseOption, open_warehouse
from schemas.records import Label

_HEADINGS = ("LABELLED", "AUTHOR", "GUIDELINE", "LABEL", "QUEUE", "PROGRAM", "LANGUAGE", "TITLE")
_TITLE_CHARS = 80


def labels(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """List the labels, the oldest first; count them, and compare authors with each other and the program.

    Examples:
      coopwatch labels
      coopwatch labels --json | jq '.labels[] | select(.is_uncertain) | .url'
    """
    with open_warehouse(warehouse) as opened:
        given = opened.read_labels()
    if as_json:
        print(to_json({"labels": [label.model_dump(mode="json") for label in given], **summarize(given)}))
    elif given:
        print(align([_HEADINGS, *map(_word_row, given)]))
        print(f"\n{word_summary(given)}")
    else:
        print("no labels yet; `coopwatch review` asks for some")


def summarize(given: Sequence[Label]) -> dict[str, object]:
    """Return counts and agreement as JSON-ready data; of every author and address the latest label counts."""
    latest = latest_labels(given)
    return {
        "standing": len(latest),
        "relevant": sum(label.is_relevant for label in latest),
        "uncertain": sum(label.is_uncertain for label in latest),
        "queues": _count(label.queue for label in latest),
        "languages": _count(label.language for label in latest),
        "guidelines": _count(label.guideline for label in latest),
        "program": compare_program(latest).model_dump(),
        "authors": [pair.model_dump(mode="json") for pair in compare_authors(latest)],
    }


def word_summary(given: Sequence[Label]) -> str:
    """Return counts and agreement as text for a terminal."""
    latest = latest_labels(given)
    relevant = sum(label.is_relevant for label in latest)
    uncertain = sum(label.is_uncertain for label in latest)
    program = compare_program(latest)
    rows = [
        ("labels", f"{len(given)}, of which {len(latest)} stand: the latest of an author on an address"),
        ("say", f"{relevant} relevant, {len(latest) - relevant} not; {uncertain} uncertain"),
        ("queues", _word_counts(_count(label.queue for label in latest))),
        ("languages", _word_counts(_count(label.language for label in latest))),
        ("guidelines", _word_counts(_count(label.guideline for label in latest))),
    ]
    if program.decided:
        rows.append(("program", f"agrees on {program.agreed} of the {program.decided} that it had decided"))
    rows += [("authors", clean(_word_agreement(pair))) for pair in compare_authors(latest)]
    return align(rows)


def _word_agreement(pair: Agreement) -> str:
    return (
        f"{' and '.join(pair.authors)} agree on {pair.agreed} of {pair.items}"
        f"{_word_kappa(pair.kappa)}; of the certain ones on {pair.certain_agreed} of {pair.certain_items}"
        f"{_word_kappa(pair.certain_kappa)}"
    )


def _word_kappa(kappa: float | None) -> str:
    return "" if kappa is None else f" (kappa {kappa:.2f})"


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def _word_counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {value}" for value, number in counts.items())


def _word_row(label: Label) -> tuple[str, ...]:
    return (
        f"{label.labelled_at:%Y-%m-%d %H:%M}",
        clean(label.author),
        label.guideline,
        word_label(label),
        label.queue,
        label.verdict or "-",
        label.language,
        clean(shorten(label.title, _TITLE_CHARS)),
    )
