import pytest

from coopwatch.errors import ConfigError
from coopwatch.relevance import Model, Topic, load_topic
from coopwatch.relevance.corpus import Example
from coopwatch.relevance.measures import measure
from coopwatch.relevance.training import compare, study, train_model
from coopwatch.settings import CONFIG_DIR
from tests.builders import NOW
from tests.unit.learning import make_examples, make_model


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")


def train(examples: list[Example], topic: Topic, incumbent: Model | None = None) -> Model:
    return train_model(examples, topic, incumbent=incumbent, created_by="ada", now=NOW)


@pytest.fixture(scope="module")
def trained(topic: Topic) -> Model:
    return train(make_examples(), topic)


def test_a_model_learns_what_tells_relevance(trained: Model) -> None:
    assert trained.status == "active"
    assert trained.metrics["frozen"]["all"]["pr_auc"] > 0.95
    assert trained.weights.terms["joint"][1] > 0
    assert trained.metrics["frozen"].keys() == {"all", "synthetic", "synthetic en"}
    assert trained.metrics["examples"]["synthetic relevant frozen"] == 16
    assert trained.examples == 128
    assert trained.created_by == "ada"
    assert trained.created_at == NOW


def test_the_same_examples_in_any_order_give_the_same_model(topic: Topic, trained: Model) -> None:
    assert train(make_examples()[::-1], topic) == trained


def test_one_label_turned_gives_another_version(topic: Topic, trained: Model) -> None:
    first, *others = make_examples()[::-1]
    turned = train([first.model_copy(update={"is_relevant": not first.is_relevant}), *others], topic)
    assert turned.data_sha256 != trained.data_sha256
    assert turned.model_version != trained.model_version


def test_terms_of_a_series_or_two_are_not_learnt(topic: Topic) -> None:
    examples = make_examples()
    marked = [
        example.model_copy(update={"title": f"{example.title} Svalbard"})
        if example.series in ("1-1", "1-2")
        else example
        for example in examples
    ]
    assert not {"svalbard", "title: svalbard"} & train(marked, topic).weights.terms.keys()


def test_frozen_examples_are_never_learnt_from(topic: Topic, trained: Model) -> None:
    changed = [
        example.model_copy(update={"title": "Zebra zebra"}) if example.is_frozen else example
        for example in make_examples()
    ]
    assert train(changed, topic).weights == trained.weights


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        (make_examples(60), "24 relevant to learn from, at least 50"),
        ([one for one in make_examples() if not one.is_relevant], "0 relevant to learn from"),
        (
            [one for one in make_examples() if not one.is_frozen],
            "0 relevant frozen to compare on, at least 1",
        ),
    ],
)
def test_too_few_examples_are_said_in_one_line(topic: Topic, examples: list[Example], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        train(examples, topic)
    assert "\n" not in str(caught.value)


def test_a_worse_model_is_refused(topic: Topic, trained: Model) -> None:
    muddled = [
        example if example.is_frozen else example.model_copy(update={"is_relevant": number % 4 < 2})
        for number, example in enumerate(make_examples())
    ]
    refused = train(muddled, topic, incumbent=trained)
    assert refused.status == "refused"
    assert "PR-AUC falls from" in refused.reason
    assert trained.model_version in refused.reason
    assert refused.metrics["before_model"] == trained.model_version


def test_the_incumbent_is_no_worse_than_itself(topic: Topic, trained: Model) -> None:
    again = train(make_examples(), topic, incumbent=trained)
    assert (again.status, again.model_version) == ("active", trained.model_version)


@pytest.mark.parametrize(
    ("pr_auc", "recall", "status", "said"),
    [
        (0.9, 0.8, "active", "neither PR-AUC nor recall falls"),
        (0.95, 0.85, "active", "neither"),
        (0.89, 0.9, "refused", "PR-AUC falls from 0.900 to 0.890 on"),
        (0.95, 0.7, "refused", "recall at accept falls from 0.800 to 0.700 on"),
        (0.1, 0.1, "refused", "PR-AUC falls from 0.900 to 0.100 and recall"),
        (None, None, "refused", "to 0.000"),
    ],
)
def test_neither_area_nor_recall_may_fall(
    pr_auc: float | None, recall: float | None, status: str, said: str
) -> None:
    before = measure([]).model_copy(update={"pr_auc": 0.9, "recall": 0.8})
    after = measure([]).model_copy(update={"pr_auc": pr_auc, "recall": recall})
    found, reason = compare(after, before, make_model())
    assert found == status
    assert said in reason
    assert "m-one" in reason
    assert "the rules alone" in compare(after, before, None)[1]


def test_real_and_certain_examples_count_more(topic: Topic) -> None:
    example = make_examples(1)[0]
    weights = [
        study([example.model_copy(update=changes)], topic)[0].weight
        for changes in (
            {"origin": "real"},
            {"origin": "real", "is_uncertain": True},
            {},
            {"is_uncertain": True},
        )
    ]
    assert weights == sorted(weights, reverse=True)
    assert weights[1] == weights[0] / 2
    assert weights[3] == weights[2] / 2
