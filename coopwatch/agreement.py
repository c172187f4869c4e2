"""How far labels agree: those of two authors with each other, and those of all with the program."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import combinations

from coopwatch.review import SHOWN_FIRST
from schemas.records import Label, Record


class Agreement(Record):
    """How far two authors agree on the addresses that both have labelled.

    Attributes:
        authors: the two.
        items: addresses that both labelled.
        agreed: those on which their labels are the same.
        kappa: agreement beyond chance; None where chance alone would agree on everything.
        certain_items: those that neither called uncertain; likewise `certain_agreed`, `certain_kappa`.
    """

    authors: tuple[str, str]
    items: int
    agreed: int
    kappa: float | None
    certain_items: int
    certain_agreed: int
    certain_kappa: float | None


class ProgramAgreement(Record):
    """How far labels agree with what the program had decided.

    Attributes:
        decided: labels, given without a look at it, of what the program had accepted or discarded.
        agreed: those that say the same.
    """

    decided: int
    agreed: int


def latest_labels(labels: Iterable[Label]) -> list[Label]:
    """Return the label that counts of each author and address: the latest."""
    latest: dict[tuple[str, str], Label] = {}
    for label in sorted(labels, key=lambda label: (label.labelled_at, label.label_id)):
        latest[label.author, label.compare_url] = label
    return list(latest.values())


def compare_authors(labels: Iterable[Label]) -> tuple[Agreement, ...]:
    """Return the agreement of any two authors who have labelled the same address, by name."""
    by_author: dict[str, dict[str, Label]] = defaultdict(dict)
    for label in latest_labels(labels):
        by_author[label.author][label.compare_url] = label
    found = []
    for authors in combinations(sorted(by_author), 2):
        one, other = (by_author[author] for author in authors)
        pairs = [(one[url], other[url]) for url in sorted(one.keys() & other.keys())]
        if pairs:
            certain = [pair for pair in pairs if not any(label.is_uncertain for label in pair)]
            found.append(
                Agreement(
                    authors=authors,
                    items=len(pairs),
                    agreed=_count_agreed(pairs),
                    kappa=measure_kappa(pairs),
                    certain_items=len(certain),
                    certain_agreed=_count_agreed(certain),
                    certain_kappa=measure_kappa(certain),
                )
            )
    return tuple(found)


def compare_program(labels: Iterable[Label]) -> ProgramAgreement:
    """Return how far the labels that count, and were given blindly, agree with the program."""
    verdicts = [agrees_with_program(label) for label in latest_labels(labels) if label.note != SHOWN_FIRST]
    return ProgramAgreement(decided=len(verdicts) - verdicts.count(None), agreed=verdicts.count(True))


def agrees_with_program(label: Label) -> bool | None:
    """Tell whether the program had decided as the label says; None where it had left it to a person."""
    if label.verdict is None or label.verdict == "review":
        return None
    return (label.verdict != "discard") == label.is_relevant


def measure_kappa(pairs: Collection[tuple[Label, Label]]) -> float | None:
    """Return Cohen's kappa of pairs of labels.

    Kappa is (o - e) / (1 - e), with o the share of pairs that agree and e the share that would by chance,
    were each author's share of relevant items all that is known ("A Coefficient of Agreement for Nominal
    Scales", Educational and Psychological Measurement 20, 1960).

    Returns:
        From -1 to 1; None without pairs, or where chance alone would agree on everything.
    """
    if not pairs:
        return None
    first, second = (sum(pair[side].is_relevant for pair in pairs) / len(pairs) for side in (0, 1))
    expected = first * second + (1 - first) * (1 - second)
    if expected == 1:
        return None
    return (_count_agreed(pairs) / len(pairs) - expected) / (1 - expected)


def _count_agreed(pairs: Collection[tuple[Label, Label]]) -> int:
    return sum(one.is_relevant == other.is_relevant for one, other in pairs)
