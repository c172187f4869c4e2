import random

import pytest
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from coopwatch.relevance.measures import Scored, measure, measure_calibration_error, measure_pr_auc
from schemas.records import Verdict


def test_measures_count_what_was_decided() -> None:
    found = measure(
        [
            Scored(0.9, "alert", is_relevant=True),
            Scored(0.8, "alert", is_relevant=False),
            Scored(0.7, "accept", is_relevant=True, weight=2),
            Scored(0.4, "review", is_relevant=True),
            Scored(0.1, "discard", is_relevant=False),
        ]
    )
    assert (found.items, found.relevant, found.alerts) == (5, 3, 2)
    assert (found.precision, found.recall, found.alert_precision) == (0.75, 0.75, 0.5)


def test_nothing_can_be_told_of_nothing() -> None:
    found = measure([])
    assert (found.precision, found.recall, found.f1, found.pr_auc, found.calibration_error) == (None,) * 5
    assert measure([Scored(0.1, "discard", is_relevant=False)]).pr_auc is None


@pytest.mark.parametrize("seed", range(5))
def test_measures_agree_with_scikit_learn(seed: int) -> None:
    draw = random.Random(seed)
    scored = []
    for _ in range(200):
        score = round(draw.random(), 1)  # many ties
        verdict: Verdict = "accept" if score > 0.5 else "discard"
        scored.append(Scored(score, verdict, draw.random() < score, draw.choice([1.0, 3.5])))
    truths = [one.is_relevant for one in scored]
    weights = [one.weight for one in scored]
    area = average_precision_score(truths, [one.score for one in scored], sample_weight=weights)
    assert measure_pr_auc(scored) == pytest.approx(area, abs=1e-6)
    precision, recall, f1, _ = precision_recall_fscore_support(
        truths, [one.verdict == "accept" for one in scored], average="binary", sample_weight=weights
    )
    found = measure(scored)
    assert (found.precision, found.recall, found.f1) == pytest.approx((precision, recall, f1), abs=1e-6)


def test_a_calibrated_score_has_no_calibration_error() -> None:
    calibrated = [Scored(0.25, "discard", is_relevant=number % 4 == 0) for number in range(100)]
    assert measure_calibration_error(calibrated) == 0
    sure = [Scored(1.0, "alert", is_relevant=False), Scored(0.0, "discard", is_relevant=False, weight=3)]
    assert measure_calibration_error(sure) == 0.25
