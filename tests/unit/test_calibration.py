import math
import random

import pytest

from coopwatch.relevance.calibration import ALERT_PRECISION, Foretold, choose_thresholds, fit_platt
from coopwatch.relevance.model import to_probability
from coopwatch.relevance.topic import Thresholds

FALLBACK = Thresholds(alert=0.72, accept=0.58, review=0.42)


def foretell(probability: float, right: int, wrong: int, *, is_real: bool = False) -> list[Foretold]:
    return [Foretold(probability, number < right, is_real, 1.0) for number in range(right + wrong)]


def test_platt_undoes_what_was_done_to_log_odds() -> None:
    draw = random.Random(1)
    true = [draw.uniform(-4, 4) for _ in range(4000)]
    truths = [draw.random() < to_probability(value) for value in true]
    slope, offset = fit_platt([3 * value + 2 for value in true], truths, [1.0] * len(true))
    assert slope == pytest.approx(1 / 3, rel=0.1)
    assert offset == pytest.approx(-2 / 3, abs=0.15)


def test_platt_keeps_separable_scores_finite() -> None:
    slope, offset = fit_platt([-1.0] * 50 + [1.0] * 50, [False] * 50 + [True] * 50, [1.0] * 100)
    assert math.isfinite(slope)
    assert 0 < slope < 20
    assert abs(offset) < 1


def test_alert_is_the_least_threshold_that_is_surely_precise() -> None:
    foretold = [*foretell(0.9, 60, 0), *foretell(0.7, 60, 3), *foretell(0.55, 20, 30)]
    chosen = choose_thresholds(foretold, FALLBACK)
    assert chosen.thresholds.alert == 0.7
    assert "sure" in chosen.notes[0]


def test_few_examples_show_precision_only_as_measured() -> None:
    chosen = choose_thresholds([*foretell(0.9, 19, 1), *foretell(0.5, 0, 30)], FALLBACK)
    assert chosen.thresholds.alert == 0.9
    assert "too few to be sure" in chosen.notes[0]


def test_what_the_examples_cannot_show_is_taken_from_the_topic_file() -> None:
    chosen = choose_thresholds(foretell(0.9, 30, 30), FALLBACK)
    assert (chosen.thresholds.alert, chosen.thresholds.accept) == (FALLBACK.alert, FALLBACK.accept)
    assert sum("as in the topic file" in note for note in chosen.notes) == 2


def test_what_is_less_likely_than_not_is_never_accepted() -> None:
    chosen = choose_thresholds([*foretell(0.9, 60, 0), *foretell(0.3, 60, 0)], FALLBACK)
    assert (chosen.thresholds.alert, chosen.thresholds.accept) == (0.9, 0.9)


def test_a_handful_of_examples_shows_nothing() -> None:
    assert choose_thresholds(foretell(0.9, 10, 0), FALLBACK).thresholds.alert == FALLBACK.alert


def test_accept_is_where_f1_is_best_among_the_precise() -> None:
    foretold = [*foretell(0.9, 40, 0), *foretell(0.6, 40, 10), *foretell(0.3, 40, 40)]
    assert choose_thresholds(foretold, FALLBACK).thresholds.accept == 0.6


def test_written_examples_alone_let_the_model_put_nothing_aside() -> None:
    foretold = [*foretell(0.9, 100, 0), *foretell(0.1, 0, 100)]
    assert choose_thresholds(foretold, FALLBACK).thresholds.review < 0.001


def test_review_keeps_what_is_real_and_relevant() -> None:
    foretold = [*foretell(0.9, 98, 0, is_real=True), *foretell(0.2, 2, 50, is_real=True)]
    lowered = [*foretold[:97], *foretell(0.2, 3, 50, is_real=True)]
    assert choose_thresholds(foretold, FALLBACK).thresholds.review == 0.9
    assert choose_thresholds(lowered, FALLBACK).thresholds.review == 0.2


@pytest.mark.parametrize("seed", range(20))
def test_thresholds_descend_and_alert_keeps_its_promise(seed: int) -> None:
    draw = random.Random(seed)
    foretold = [
        Foretold(p, draw.random() < p, draw.random() < 0.5, draw.choice([0.5, 1.0, 3.0]))
        for p in (round(draw.random(), 2) for _ in range(draw.randrange(1, 400)))
    ]
    chosen = choose_thresholds(foretold, FALLBACK)
    least = chosen.thresholds
    assert least.alert >= least.accept >= least.review > 0
    if "topic file" not in chosen.notes[0]:
        alerts = [one for one in foretold if one.probability >= least.alert]
        right = sum(one.weight for one in alerts if one.is_relevant)
        assert right / sum(one.weight for one in alerts) >= ALERT_PRECISION
