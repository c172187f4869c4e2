"""From a model's raw score to a probability, and from probabilities to thresholds.

Both rest on what the model said of examples it had not seen. Platt's scaling ("Probabilistic Outputs for
Support Vector Machines", 1999) rather than isotonic regression: two numbers can be learnt from few examples,
keep the order of articles, and become part of the weights.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from coopwatch.relevance.topic import Thresholds

ALERT_PRECISION = 0.9
ACCEPT_PRECISION = 0.85
REVIEW_RECALL = 0.98  # of what is relevant, so much at least is not put aside
_LEAST_TAKEN = 20  # of fewer decisions, a share says little
_EVEN = 0.5  # what is less likely than not is never accepted, however tidy the examples
_NEXT_TO_NOTHING = 0.0001
_ONE_SIDED_90 = 1.2816  # quantile of the normal distribution


class Foretold(NamedTuple):
    """What a model that had not seen an example says of it.

    Attributes:
        probability: of being relevant.
        is_relevant: what the label says.
        is_real: found in the world, not written for training.
        weight: of the example.
    """

    probability: float
    is_relevant: bool
    is_real: bool
    weight: float


class Chosen(NamedTuple):
    """Thresholds, and how each was found."""

    thresholds: Thresholds
    notes: tuple[str, ...]


def fit_platt(
    log_odds: Sequence[float], is_relevant: Sequence[bool], weights: Sequence[float]
) -> tuple[float, float]:
    """Return the slope and offset that turn raw log-odds into calibrated ones."""
    from sklearn.linear_model import LogisticRegression

    # lightly regularised: scores that separate the classes would ask for an endless slope
    fitted = LogisticRegression(C=1.0).fit([[raw] for raw in log_odds], is_relevant, sample_weight=weights)
    return float(fitted.coef_[0][0]), float(fitted.intercept_[0])


def choose_thresholds(foretold: Sequence[Foretold], fallback: Thresholds) -> Chosen:
    """Choose thresholds on what a model said of examples that it had not seen.

    Alert is the least threshold at which precision is `ALERT_PRECISION` with 90 % confidence (Wilson's
    lower bound) or, where the examples cannot show that, as measured. Accept is where F1 is best among
    those with a precision of `ACCEPT_PRECISION`. Both are at least even odds. Review is where
    `REVIEW_RECALL` of the real relevant examples is reached: written ones say little of how faint real
    ones can be. Without enough real ones it is next to nothing, so that the model puts nothing aside.

    Args:
        foretold: the examples.
        fallback: what holds for alert and accept where the examples cannot tell.
    """
    cuts = [cut for cut in _sweep(foretold) if cut.taken >= _LEAST_TAKEN and cut.threshold >= _EVEN]
    sure = [cut for cut in cuts if cut.lower_bound >= ALERT_PRECISION]
    likely = [cut for cut in cuts if cut.precision >= ALERT_PRECISION]
    precise = [cut for cut in cuts if cut.precision >= ACCEPT_PRECISION]
    relevant = math.fsum(one.weight for one in foretold if one.is_relevant)
    real = sorted((one.probability for one in foretold if one.is_real and one.is_relevant), reverse=True)

    notes = []
    at_alert, at_accept, at_review = fallback.alert, fallback.accept, _NEXT_TO_NOTHING
    if alert := min(sure or likely, key=lambda cut: cut.threshold, default=None):
        at_alert = alert.threshold
        how = "sure to be so precise" if sure else "too few to be sure"
        notes.append(f"alert from {at_alert:.3f}: {_word(alert)}, {how}")
    else:
        notes.append(f"alert from {at_alert:.3f}, as in the topic file: no threshold is precise enough")
    if accept := max(
        precise, key=lambda cut: (cut.right / (cut.weight + relevant), cut.threshold), default=None
    ):
        at_accept = min(accept.threshold, at_alert)
        notes.append(f"accept from {at_accept:.3f}: {_word(accept)}")
    else:
        at_accept = min(at_accept, at_alert)
        notes.append(f"accept from {at_accept:.3f}, as in the topic file: no threshold is precise enough")
    if len(real) >= _LEAST_TAKEN:
        at_review = min(at_accept, max(real[math.ceil(REVIEW_RECALL * len(real)) - 1], _NEXT_TO_NOTHING))
        notes.append(
            f"review from {at_review:.3f}: {REVIEW_RECALL:.0%} of {len(real)} real relevant examples"
        )
    else:
        notes.append(
            f"review from {at_review}: only {len(real)} real relevant examples, {_LEAST_TAKEN} needed"
        )
    return Chosen(Thresholds(alert=at_alert, accept=at_accept, review=at_review), tuple(notes))


class _Cut(NamedTuple):
    """What lies at or above a threshold: how many examples, their weight, that of the relevant ones."""

    threshold: float
    taken: int
    weight: float
    right: float

    @property
    def precision(self) -> float:
        return self.right / self.weight

    @property
    def lower_bound(self) -> float:
        """Wilson's one-sided bound of the precision, with 90 % confidence.

        Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.
        """
        share, square = self.precision, _ONE_SIDED_90**2 / self.taken
        spread = _ONE_SIDED_90 * math.sqrt(share * (1 - share) / self.taken + square / (4 * self.taken))
        return (share + square / 2 - spread) / (1 + square)


def _sweep(foretold: Sequence[Foretold]) -> list[_Cut]:
    """Return a cut for every probability that occurs, from the highest down."""
    ordered = sorted(foretold, key=lambda one: -one.probability)
    cuts = []
    total = right = 0.0
    for taken, one in enumerate(ordered, 1):
        total += one.weight
        right += one.weight * one.is_relevant
        if taken == len(ordered) or ordered[taken].probability < one.probability:
            cuts.append(_Cut(one.probability, taken, total, right))
    return cuts


def _word(cut: _Cut) -> str:
    return f"{cut.precision:.1%} of {cut.taken} examples relevant"
