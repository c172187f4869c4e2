"""How a model comes about, from examples to its activation or refusal.

It is fitted to examples, calibrated and given thresholds by what it says of examples that it has not seen,
and compared with what decides today. Only here is scikit-learn needed, which takes seconds to import:
import this module late.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from coopwatch.errors import ConfigError
from coopwatch.identity import hash_text
from coopwatch.relevance.calibration import Foretold, choose_thresholds, fit_platt
from coopwatch.relevance.corpus import Example, hash_examples
from coopwatch.relevance.deciding import decide, weigh_verdict
from coopwatch.relevance.features import FACET_FEATURES, find_terms, measure_facets
from coopwatch.relevance.judging import judge
from coopwatch.relevance.measures import Measures, Scored, measure
from coopwatch.relevance.model import Model, Weights, predict, to_probability
from coopwatch.relevance.topic import Thresholds, Topic
from schemas.records import Judgement, ModelStatus

LEAST_OF_A_CLASS = 50
_METHOD = "1"  # to be raised with every change by which the same examples give another model
_REAL_WEIGHT = 3.0  # of a real example, beside one that was written for training
_UNCERTAIN_WEIGHT = 0.5
_LEAST_SERIES = 3  # a term of one series or two is a name, and says nothing of the next
_STRENGTH = 1.0  # inverse regularisation
_FACET_SCALE = 3.0  # facets are few and mean the same in all languages: they are regularised less
_FOLDS = 5
_EPSILON = 1e-9


class Studied(NamedTuple):
    """An example with all that the model looks at."""

    example: Example
    ruled: Judgement
    terms: Mapping[str, float]
    facets: Sequence[float]

    @property
    def weight(self) -> float:
        """How much it counts in training."""
        weight = _REAL_WEIGHT if self.example.origin == "real" else 1.0
        return weight * (_UNCERTAIN_WEIGHT if self.example.is_uncertain else 1.0)


class Regression(NamedTuple):
    """A fitted regression with the two transformations before it."""

    vectorizer: DictVectorizer
    idf: TfidfTransformer
    classifier: LogisticRegression


def train_model(
    examples: Sequence[Example],
    topic: Topic,
    *,
    incumbent: Model | None,
    created_by: str,
    now: datetime,
    tell: Callable[[str], None] = lambda _: None,
) -> Model:
    """Train a model; its status says whether it may replace what decides today.

    The same examples, topic and incumbent give the same model. It is compared on the frozen examples,
    with the incumbent or, where there is none, with the rules alone.

    Args:
        examples: to learn from, and frozen ones to compare on.
        topic: whose facets the model weighs.
        incumbent: the active model.
        created_by: who trains.
        now: when.
        tell: gets a line about each step.

    Raises:
        ConfigError: there are too few examples of a class.
    """
    learnt = [example for example in examples if not example.is_frozen]
    frozen = [example for example in examples if example.is_frozen]
    for is_relevant, name in ((True, "relevant"), (False, "irrelevant")):
        for group, kind in ((learnt, "to learn from"), (frozen, "frozen to compare on")):
            least = LEAST_OF_A_CLASS if group is learnt else 1
            count = sum(example.is_relevant is is_relevant for example in group)
            if count < least:
                raise ConfigError(f"too few examples: {count} {name} {kind}, at least {least} are needed")
    tell(f"judging {len(learnt)} examples by the rules")
    studied = study(learnt, topic)
    tell(f"fitting {_FOLDS} models to find out what they say of the series that each has not seen")
    unseen = _predict_unseen(studied)
    slope, offset = fit_platt(
        unseen, [one.example.is_relevant for one in studied], [one.weight for one in studied]
    )
    foretold = [
        Foretold(
            to_probability(slope * raw + offset),
            one.example.is_relevant,
            one.example.origin == "real",
            one.weight,
        )
        for one, raw in zip(studied, unseen, strict=True)
    ]
    chosen = choose_thresholds(foretold, topic.file.score)
    tell(f"fitting the model to all {len(studied)}")
    weights = export(fit(studied), slope, offset)
    data = hash_examples(examples)
    topic_version = studied[0].ruled.version
    version = "m-" + hash_text(data, topic_version, _METHOD, weights.model_dump_json(), length=12)
    candidate = Model(
        model_version=version,
        topic=topic.file.id,
        topic_version=topic_version,
        created_at=now,
        created_by=created_by,
        data_sha256=data,
        examples=len(learnt),
        metrics={},
        thresholds=chosen.thresholds,
        weights=weights,
        status="active",
        reason="",
    )
    tell(f"comparing it with {word_incumbent(incumbent)} on {len(frozen)} frozen examples")
    after, before = evaluate(frozen, topic, candidate), evaluate(frozen, topic, incumbent)
    status, reason = compare(after["all"], before["all"], incumbent)
    metrics: dict[str, Any] = {
        "frozen": {name: measures.model_dump() for name, measures in after.items()},
        "before": {name: measures.model_dump() for name, measures in before.items()},
        "before_model": incumbent.model_version if incumbent else None,
        "unseen": _measure_unseen(studied, foretold, chosen.thresholds).model_dump(),
        "examples": _count(examples),
        "thresholds": list(chosen.notes),
    }
    return candidate.model_copy(update={"metrics": metrics, "status": status, "reason": reason})


def compare(after: Measures, before: Measures, incumbent: Model | None) -> tuple[ModelStatus, str]:
    """Return whether a model may replace what decides today, and why."""
    told = []
    for name, new, old in (
        ("PR-AUC", after.pr_auc, before.pr_auc),
        ("recall at accept", after.recall, before.recall),
    ):
        if (new or 0.0) < (old or 0.0) - _EPSILON:
            told.append(f"{name} falls from {old:.3f} to {new or 0.0:.3f}")
    against = word_incumbent(incumbent)
    if told:
        return "refused", f"against {against}, {' and '.join(told)} on the frozen examples"
    return "active", f"against {against}, neither PR-AUC nor recall falls on the frozen examples"


def word_incumbent(incumbent: Model | None) -> str:
    """Return what decides today, in words."""
    return f"the active model {incumbent.model_version}" if incumbent else "the rules alone"


def study(examples: Iterable[Example], topic: Topic) -> list[Studied]:
    """Judge examples by the rules, and find what the model looks at."""
    studied = []
    for example in sorted(examples, key=lambda example: (example.origin, example.example_id)):
        article = example.article
        ruled = judge(article, topic)
        studied.append(Studied(example, ruled, find_terms(article), measure_facets(ruled)))
    return studied


def evaluate(examples: Iterable[Example], topic: Topic, model: Model | None) -> dict[str, Measures]:
    """Return what decisions are worth on all examples, by origin, and by origin and language."""
    groups: dict[str, list[Scored]] = defaultdict(list)
    for example in examples:
        judgement = decide(example.article, topic, model)
        language = example.language.partition("-")[0]
        for name in ("all", example.origin, f"{example.origin} {language}"):
            groups[name].append(Scored(judgement.score, judgement.verdict, example.is_relevant))
    return {name: measure(groups[name]) for name in sorted(groups)}


def fit(studied: Sequence[Studied]) -> Regression:
    """Fit a regression to examples."""
    series: dict[str, set[str]] = defaultdict(set)
    for one in studied:
        for term in one.terms:
            series[term].add(one.example.series)
    known = {term: 1.0 for term, names in series.items() if len(names) >= _LEAST_SERIES}
    vectorizer, idf = DictVectorizer(), TfidfTransformer()
    vectorizer.fit([known])
    idf.fit(vectorizer.transform([one.terms for one in studied]))
    regression = Regression(vectorizer, idf, LogisticRegression(C=_STRENGTH, max_iter=2000, tol=1e-5))
    regression.classifier.fit(
        to_matrix(regression, studied),
        [one.example.is_relevant for one in studied],
        sample_weight=[one.weight for one in studied],
    )
    return regression


def to_matrix(regression: Regression, studied: Sequence[Studied]) -> csr_matrix:
    """Return the facet features and the weighted terms of examples, a row each."""
    facets = csr_matrix([[value * _FACET_SCALE for value in one.facets] for one in studied])
    counts = regression.vectorizer.transform([one.terms for one in studied])
    return csr_matrix(hstack([facets, regression.idf.transform(counts)]))


def export(regression: Regression, slope: float = 1.0, offset: float = 0.0) -> Weights:
    """Return a regression, calibrated by slope and offset, as weights that need no library."""
    coefficients = [slope * float(value) for value in regression.classifier.coef_[0]]
    names = regression.vectorizer.get_feature_names_out()
    return Weights(
        intercept=slope * float(regression.classifier.intercept_[0]) + offset,
        facets={
            name: value * _FACET_SCALE
            for name, value in zip(FACET_FEATURES, coefficients[: len(FACET_FEATURES)], strict=True)
        },
        terms={
            str(name): (float(idf), value)
            for name, idf, value in zip(
                names, regression.idf.idf_, coefficients[len(FACET_FEATURES) :], strict=True
            )
        },
    )


def _predict_unseen(studied: Sequence[Studied]) -> list[float]:
    """Return for each example the log-odds that a model gives it which has not seen its series."""
    truths = [one.example.is_relevant for one in studied]
    groups = [one.example.series for one in studied]
    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=0)
    log_odds = [math.nan] * len(studied)
    for seen, unseen in folds.split(truths, truths, groups):
        weights = export(fit([studied[index] for index in seen]))
        for index in unseen:
            log_odds[index] = predict(weights, studied[index].terms, studied[index].facets).log_odds
    return log_odds


def _measure_unseen(studied: Sequence[Studied], foretold: Sequence[Foretold], least: Thresholds) -> Measures:
    return measure(
        [
            Scored(
                said.probability, weigh_verdict(one.ruled.verdict, said.probability, least), said.is_relevant
            )
            for one, said in zip(studied, foretold, strict=True)
        ]
    )


def _count(examples: Iterable[Example]) -> dict[str, int]:
    return dict(
        sorted(
            Counter(
                f"{example.origin} {'relevant' if example.is_relevant else 'irrelevant'}"
                + (" frozen" if example.is_frozen else "")
                for example in examples
            ).items()
        )
    )
