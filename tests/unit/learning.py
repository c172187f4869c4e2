"""A small world to learn from: what tells relevance in it is plain, and nothing in it is real."""

import random
from datetime import UTC, datetime

from coopwatch.relevance.corpus import Example
from coopwatch.relevance.model import Model, Weights
from coopwatch.relevance.topic import Thresholds

_PARTNERS = ("Norway and Kenya", "Chile and Japan", "France and Brazil", "India and Egypt")
_ACTS = ("open a joint laboratory for", "sign a research agreement on", "launch a joint programme on")
_FIELDS = ("marine biology", "quantum physics", "solar energy", "crop genetics", "ice cores")
_OTHERS = (
    "Farmers in {place} fear for the harvest after weeks of rain",
    "The mayor of {place} promises new buses and cheaper tickets",
    "{place} win the cup after a long evening of penalties",
    "Prices of bread and fuel rise again in {place}",
)
_PLACES = ("Norway", "Kenya", "Chile", "Japan", "France", "Brazil", "India", "Egypt")


def make_examples(count: int = 160, *, seed: int = 1, frozen_one_in: int = 5) -> list[Example]:
    """Return as many relevant examples as others; the ids are unique within a seed."""
    draw = random.Random(seed)
    examples = []
    for number in range(count):
        is_relevant = number % 2 == 0
        if is_relevant:
            title = f"{draw.choice(_PARTNERS)} {draw.choice(_ACTS)} {draw.choice(_FIELDS)}"
            text = f"Scientists of both countries will work together on {draw.choice(_FIELDS)}."
        else:
            title = draw.choice(_OTHERS).format(place=draw.choice(_PLACES))
            text = f"People in {draw.choice(_PLACES)} talked of little else on day {number}."
        examples.append(
            Example(
                example_id=f"{seed}-{number:04}",
                series=f"{seed}-{number // 4}",
                origin="synthetic",
                language="en",
                title=title,
                text=text,
                is_relevant=is_relevant,
                is_frozen=number // 4 % frozen_one_in == 0,
            )
        )
    return examples


def make_model(**changes: object) -> Model:
    """Return a model that knows a single word."""
    good: dict[str, object] = {
        "model_version": "m-one",
        "topic": "science_cooperation",
        "topic_version": "none/1",
        "created_at": datetime(2025, 7, 1, tzinfo=UTC),
        "created_by": "ada",
        "data_sha256": "0" * 64,
        "examples": 100,
        "metrics": {},
        "thresholds": Thresholds(alert=0.9, accept=0.6, review=0.1),
        "weights": Weights(intercept=0.0, facets={}, terms={"laboratory": (1.5, 4.0)}),
        "status": "active",
        "reason": "",
    }
    return Model.model_validate({**good, **changes})
