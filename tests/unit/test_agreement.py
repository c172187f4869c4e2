"""How far labels agree."""

from datetime import timedelta
from typing import Any

import pytest

from coopwatch.agreement import (
    Agreement,
    agrees_with_program,
    compare_authors,
    compare_program,
    latest_labels,
    measure_kappa,
)
from coopwatch.review import SHOWN_FIRST, make_label_id
from schemas.records import Label
from tests.builders import NOW


def make_label(number: int = 1, author: str = "ada", **changes: Any) -> Label:
    url = f"https://courier.example/science/{number}"
    good: dict[str, Any] = {
        "url": url,
        "compare_url": url,
        "title": f"Joint laboratory number {number} opens",
        "text": "Two academies opened it.",
        "language": "en",
        "is_relevant": True,
        "author": author,
        "guideline": "1.0",
        "labelled_at": NOW,
        "queue": "uncertain",
        "verdict": "accept",
    } | changes
    label_id = make_label_id(good["compare_url"], author, good["labelled_at"])
    return Label.model_validate({"label_id": label_id, **good})


def make_pairs(answers: str) -> list[tuple[Label, Label]]:
    """Return pairs of labels as written: "yn" is one that the first calls relevant and the second not."""
    return [
        (make_label(n, "ada", is_relevant=pair[0] == "y"), make_label(n, "bob", is_relevant=pair[1] == "y"))
        for n, pair in enumerate(answers.split())
    ]


@pytest.mark.parametrize(
    ("answers", "kappa"),
    [
        ("yy nn", 1.0),
        ("yn ny", -1.0),
        ("yy yn ny nn", 0.0),
        ("yy yy yy yn ny nn nn nn", 0.5),  # 6 of 8 agree, half would by chance
        (" ".join(["yy"] * 20 + ["yn"] * 5 + ["ny"] * 10 + ["nn"] * 15), 0.4),  # 0.7 against 0.5
        ("yy yy", None),  # by chance they would too
        ("", None),
    ],
)
def test_kappa(answers: str, kappa: float | None) -> None:
    assert measure_kappa(make_pairs(answers)) == pytest.approx(kappa)


def test_the_latest_label_of_an_author_counts() -> None:
    first, corrected = make_label(), make_label(is_relevant=False, labelled_at=NOW + timedelta(seconds=1))
    other = make_label(author="bob")
    counting = latest_labels([corrected, other, first])
    assert sorted(counting, key=lambda label: label.author) == [corrected, other]


def test_authors_are_compared_on_what_both_labelled() -> None:
    given = [label for pair in make_pairs("yy yn nn nn") for label in pair]
    doubtful = [
        label.model_copy(update={"is_uncertain": label.author == "bob" and label.url.endswith("/1")})
        for label in given
    ]
    alone = [make_label(99, "ada"), make_label(1, "cyd", is_relevant=False)]
    assert compare_authors([*doubtful, *alone]) == (
        Agreement(
            authors=("ada", "bob"), items=4, agreed=3, kappa=0.5,
            certain_items=3, certain_agreed=3, certain_kappa=1.0,
        ),
        Agreement(
            authors=("ada", "cyd"), items=1, agreed=0, kappa=0.0,
            certain_items=1, certain_agreed=0, certain_kappa=0.0,
        ),
        Agreement(
            authors=("bob", "cyd"), items=1, agreed=1, kappa=None,
            certain_items=0, certain_agreed=0, certain_kappa=None,
        ),
    )  # fmt: skip
    assert compare_authors(alone) == ()


@pytest.mark.parametrize(
    ("verdict", "is_relevant", "agrees"),
    [
        ("alert", True, True),
        ("accept", True, True),
        ("accept", False, False),
        ("discard", False, True),
        ("discard", True, False),
        ("review", True, None),
        (None, True, None),
    ],
)
def test_agreement_with_the_program(verdict: str | None, is_relevant: bool, agrees: bool | None) -> None:
    assert agrees_with_program(make_label(verdict=verdict, is_relevant=is_relevant)) is agrees


def test_only_blind_labels_are_held_against_the_program() -> None:
    given = [
        make_label(1),
        make_label(2, is_relevant=False),
        make_label(3, verdict="review"),
        make_label(4, note=SHOWN_FIRST),
    ]
    found = compare_program(given)
    assert (found.decided, found.agreed) == (2, 1)
