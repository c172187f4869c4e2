import math

import pytest

from coopwatch.relevance import Topic, load_topic
from coopwatch.relevance.features import FACET_FEATURES
from coopwatch.relevance.model import Model, Weights, predict, to_probability
from coopwatch.relevance.training import Studied, export, fit, study, to_matrix
from coopwatch.settings import CONFIG_DIR
from tests.unit.learning import make_examples, make_model

NO_FACETS = (0.0,) * len(FACET_FEATURES)


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")


@pytest.fixture(scope="module")
def studied(topic: Topic) -> list[Studied]:
    return study(make_examples(), topic)


def test_what_is_exported_says_what_scikit_learn_says(topic: Topic, studied: list[Studied]) -> None:
    regression = fit(studied)
    weights = export(regression)
    others = study(make_examples(40, seed=2), topic)
    expected = regression.classifier.predict_proba(to_matrix(regression, others))[:, 1]
    for one, probability in zip(others, expected, strict=True):
        assert predict(weights, one.terms, one.facets).probability == pytest.approx(probability, abs=1e-9)


def test_calibration_is_part_of_the_weights(studied: list[Studied]) -> None:
    regression = fit(studied)
    raw, calibrated = export(regression), export(regression, slope=0.5, offset=-1.0)
    for one in studied[:20]:
        before, after = (predict(weights, one.terms, one.facets).log_odds for weights in (raw, calibrated))
        assert after == pytest.approx(0.5 * before - 1.0)


def test_a_model_survives_json(studied: list[Studied]) -> None:
    model = make_model(weights=export(fit(studied)))
    assert Model.model_validate_json(model.model_dump_json()) == model


def test_the_strongest_contributions_are_told_in_log_odds() -> None:
    terms = {f"word{number}": (1.0, float(number)) for number in range(20)}
    weights = Weights(intercept=0.5, facets={"science": -30.0}, terms=terms)
    said = predict(weights, dict.fromkeys(terms, 1.0), (1.0, *NO_FACETS[1:]))
    assert len(said.contributions) == 10
    assert (said.contributions[0].feature, said.contributions[0].weight) == ("science", -30.0)
    assert said.contributions[1].feature == "word19"
    assert said.contributions[1].weight == pytest.approx(19 / math.sqrt(20), abs=1e-4)
    assert said.log_odds == pytest.approx(0.5 - 30 + sum(range(20)) / math.sqrt(20))


def test_what_a_model_does_not_know_changes_nothing() -> None:
    weights = make_model().weights
    alone = predict(weights, {"laboratory": 1.0}, NO_FACETS)
    assert alone.log_odds == predict(weights, {"laboratory": 1.0, "unknown": 3.0}, NO_FACETS).log_odds
    assert alone.log_odds == 4.0
    nothing = predict(weights, {}, NO_FACETS)
    assert (nothing.log_odds, nothing.contributions) == (0.0, ())


@pytest.mark.parametrize(
    ("log_odds", "probability"), [(0, 0.5), (1e6, 1.0), (-1e6, 0.0), (2, 1 / (1 + math.exp(-2)))]
)
def test_any_log_odds_are_a_probability(log_odds: float, probability: float) -> None:
    assert to_probability(log_odds) == pytest.approx(probability)
