"""Learn what each feature of likeness counts, from true events and the articles that came near them."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import minimize

from benchmarks.event_scores import try_linking
from benchmarks.event_sets import EventSet
from coopwatch.events.likeness import FEATURES, measure_likeness
from coopwatch.events.linking import LINK, LinkDecision, is_open_to_likeness
from coopwatch.events.profiles import Profile
from coopwatch.events.series import SeriesRegistry
from coopwatch.events.weights import Weights
from coopwatch.identity import make_event_id

# What a weight may be: signs are known, dates may not outweigh words, and whether places or parties
# differ is told too seldom here to be trusted far.
_BOUNDS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(("text", "lead", "title", "known_title"), (0.0, 40.0)),
    "crowding": (-90.0, -90.0),  # not learned: it hardly differs within a set
    "days": (0.0, 1.0),
    "weeks": (0.0, 1.0),
    "undated": (0.0, 3.0),
    "same_day": (0.0, 1.5),
    "other_day": (-2.5, 0.0),
    "same_place": (0.0, 1.5),
    "other_place": (-0.5, 0.0),
    "same_parties": (0.0, 2.0),
    "other_parties": (-0.5, 0.0),
    "same_kind": (0.0, 0.5),
    "same_pact": (3.0, 3.0),  # not learned: general news has no pacts
}
_NEGATIVES = 6.0  # what the pairs that do not belong together weigh, to 1 for those that do
_RIDGE = 2e-4

Pair = tuple[list[float], bool]


def collect_pairs(some: EventSet) -> list[Pair]:
    """Return (features, belongs together) of each article and each event that it was compared with.

    The events are the true ones, as they stood when the article came.
    """
    founders: dict[str, str] = {}
    pairs: list[Pair] = []

    def decide(wanted: Profile, candidates: Sequence[Profile]) -> LinkDecision:
        true = some.gold[wanted.event_id]
        event_id = founders.get(true)
        for candidate in candidates:
            if is_open_to_likeness(wanted, candidate):
                features = measure_likeness(wanted, candidate)
                row = [features.get(name, 0.0) for name in FEATURES]
                pairs.append((row, candidate.event_id == event_id))
        if event_id is None:
            founders[true] = make_event_id(None, None, None, wanted.event_id)
        return LinkDecision(
            event_id=event_id,
            band="link" if event_id else "new",
            score=LINK if event_id else 0.0,
            evidence=(),
        )

    try_linking(some._replace(series=SeriesRegistry.from_series(())), decide)
    return pairs


def learn(pairs: Mapping[str, Sequence[Pair]], version: str) -> Weights:
    """Fit a logistic regression within `_BOUNDS`; every set weighs the same."""
    rows = np.array([row for some in pairs.values() for row, _ in some])
    truth = np.array([float(is_one) for some in pairs.values() for _, is_one in some])
    weight = np.concatenate([_weigh_pairs(some) for some in pairs.values()]) / len(pairs)

    def lose(values: np.ndarray) -> tuple[float, np.ndarray]:
        odds = rows @ values[1:] + values[0]
        wrong = weight * (1 / (1 + np.exp(-odds)) - truth)
        loss = (weight * (np.logaddexp(0, odds) - truth * odds)).sum() + _RIDGE * (values[1:] ** 2).sum()
        return float(loss), np.concatenate([[wrong.sum()], rows.T @ wrong + 2 * _RIDGE * values[1:]])

    bounds = [(None, None), *(_BOUNDS[name] for name in FEATURES)]
    start = np.array([0.0, *(_BOUNDS[name][0] for name in FEATURES)])
    found = minimize(lose, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000}).x
    return Weights(
        version=version,
        learned_from={name: len(some) for name, some in pairs.items()},
        intercept=round(float(found[0]) + float(np.log(LINK / (1 - LINK))), 3),
        features={name: round(float(value), 3) for name, value in zip(FEATURES, found[1:], strict=True)},
    )


def _weigh_pairs(pairs: Sequence[Pair]) -> np.ndarray:
    truth = np.array([is_one for _, is_one in pairs])
    weights: np.ndarray = np.where(truth, 1 / truth.sum(), _NEGATIVES / (~truth).sum())
    return weights
