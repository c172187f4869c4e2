"""The model on top of the rules: a logistic regression that is applied without any library.

A model is numbers in the warehouse: for every term its inverse document frequency and weight, for every
facet feature its weight. Calibration is part of them, so what they add up to is the log-odds of relevance.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import AwareDatetime, Field

from coopwatch.relevance.features import FACET_FEATURES
from coopwatch.relevance.topic import Thresholds
from schemas.records import Contribution, ModelStatus, Record

_STRONGEST = 10  # contributions that are told

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Weights(Record):
    """Everything needed to apply a model, in log-odds.

    Attributes:
        intercept: of an article without any feature.
        facets: by name of the facet feature; see `features.FACET_FEATURES`.
        terms: by term, its inverse document frequency and its weight.
    """

    intercept: Finite
    facets: dict[str, Finite]
    terms: dict[str, tuple[Finite, Finite]]


class Model(Record):
    """A trained model, as stored; one is active, the others are history."""

    model_version: str
    topic: str
    topic_version: str  # version of topic file and rules whose facets it weighs
    created_at: AwareDatetime
    created_by: str
    data_sha256: str
    examples: int
    metrics: dict[str, Any]
    thresholds: Thresholds
    weights: Weights
    embedder: str | None = None
    status: ModelStatus
    reason: str
    retired_at: AwareDatetime | None = None


class Prediction(NamedTuple):
    """What a model makes of an article: log-odds, and the features that added most to it."""

    log_odds: float
    contributions: tuple[Contribution, ...]

    @property
    def probability(self) -> float:
        """The probability that the article is relevant."""
        return to_probability(self.log_odds)


def to_probability(log_odds: float) -> float:
    """Return the probability of log-odds, whatever their size."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1.0 + odds)


def predict(weights: Weights, terms: Mapping[str, float], facets: Sequence[float]) -> Prediction:
    """Apply a model; the terms that it knows are normalised to a vector of length 1, as in TF-IDF.

    Args:
        weights: of the model.
        terms: from `features.find_terms`.
        facets: from `features.measure_facets`.
    """
    known = weights.terms
    squares = total = 0.0
    worded = []
    for term, frequency in terms.items():
        if pair := known.get(term):
            value = frequency * pair[0]
            squares += value * value
            weight = value * pair[1]
            total += weight
            worded.append((weight, term))
    scale = 1.0 / math.sqrt(squares) if squares else 0.0
    worded.sort()  # the strongest stand at the two ends
    ends = worded if len(worded) <= 2 * _STRONGEST else worded[:_STRONGEST] + worded[-_STRONGEST:]
    shown = [
        (weights.facets.get(name, 0.0) * value, name)
        for name, value in zip(FACET_FEATURES, facets, strict=True)
    ]
    log_odds = weights.intercept + total * scale + math.fsum(weight for weight, _ in shown)
    told = sorted(
        [*shown, *((weight * scale, term) for weight, term in ends)],
        key=lambda pair: (-abs(pair[0]), pair[1]),
    )
    return Prediction(
        log_odds,
        tuple(
            Contribution(feature=feature, weight=round(weight, 4))
            for weight, feature in told[:_STRONGEST]
            if weight
        ),
    )
