import subprocess
import sys

import pytest

from coopwatch.relevance import Topic, decide, judge, load_topic
from coopwatch.relevance.deciding import weigh_verdict
from coopwatch.relevance.model import Weights
from coopwatch.relevance.topic import Thresholds
from coopwatch.settings import CONFIG_DIR
from schemas.records import Verdict
from tests.builders import make_article
from tests.unit.learning import make_model

LEAST = Thresholds(alert=0.9, accept=0.6, review=0.1)
LABORATORY = make_article(
    title="Norway and Kenya open joint laboratory for malaria genetics",
    text="The research ministers of Norway and Kenya opened a joint laboratory for malaria genetics. "
    "Forty scientists from both countries will work there under a research agreement.",
)
BUSES = make_article(title="Mayor promises new buses", text="Tickets will be cheaper, the mayor says.")
SURE = Weights(intercept=9.0, facets={}, terms={})
NEVER = Weights(intercept=-9.0, facets={}, terms={})


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")


@pytest.mark.parametrize(
    ("ruled", "probability", "together"),
    [
        ("alert", 0.95, "alert"),
        ("alert", 0.9, "alert"),
        ("alert", 0.89, "accept"),
        ("alert", 0.1, "accept"),
        ("alert", 0.09, "review"),
        ("accept", 1.0, "accept"),
        ("accept", 0.1, "accept"),
        ("accept", 0.09, "review"),
        ("review", 1.0, "review"),
        ("review", 0.0, "review"),
        ("discard", 0.89, "discard"),
        ("discard", 0.9, "review"),
        ("discard", 1.0, "review"),
    ],
)
def test_rules_and_model_check_each_other(ruled: Verdict, probability: float, together: Verdict) -> None:
    assert weigh_verdict(ruled, probability, LEAST) == together


def test_without_a_model_the_rules_decide(topic: Topic) -> None:
    ruled, decided = judge(LABORATORY, topic), decide(LABORATORY, topic)
    assert (decided.verdict, decided.score) == (ruled.verdict, ruled.score)
    assert decided.verdict in ("accept", "alert")
    assert decided.rules_score == decided.score
    assert (decided.model, decided.model_score, decided.contributions) == (None, None, ())
    assert decided.thresholds == topic.file.score.model_dump()


def test_a_decision_carries_all_that_decided_it(topic: Topic) -> None:
    model = make_model(topic_version=judge(LABORATORY, topic).version)
    decided = decide(LABORATORY, topic, model)
    assert decided.score == decided.model_score == pytest.approx(0.982014)
    assert decided.rules_score == judge(LABORATORY, topic).score
    assert decided.model == "m-one"
    assert [one.feature for one in decided.contributions] == ["laboratory"]
    assert decided.thresholds == {"alert": 0.9, "accept": 0.6, "review": 0.1}
    assert decided.fired
    assert "trained with" not in decided.reason
    assert decided == decide(LABORATORY, topic, model)


def test_no_probability_opens_the_facet_gate(topic: Topic) -> None:
    decided = decide(BUSES, topic, make_model(weights=SURE))
    assert decided.verdict == "review"
    assert "review instead of discard" in decided.reason


def test_a_model_that_sees_nothing_in_it_asks_a_person(topic: Topic) -> None:
    decided = decide(LABORATORY, topic, make_model(weights=NEVER))
    assert decided.verdict == "review"
    assert "the model gives it 0.000" in decided.reason


def test_a_model_of_another_topic_version_goes_on_and_says_so(topic: Topic) -> None:
    decided = decide(LABORATORY, topic, make_model())
    assert decided.model == "m-one"
    assert "trained with version none/1" in decided.reason


def test_a_language_without_patterns_is_left_to_the_rules(topic: Topic) -> None:
    decided = decide(make_article(language="fi"), topic, make_model(weights=SURE))
    assert (decided.verdict, decided.model) == ("discard", None)


def test_applying_a_model_needs_no_scientific_library() -> None:
    code = "import coopwatch.relevance, sys; sys.exit(bool({'sklearn', 'scipy', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
