"""The decision: what the rules find, and what a model makes of it.

Rules and model check each other. An alert needs both; what the rules accept and the model would discard,
or the rules discard and the model would alert, goes to a person; whatever else is accepted is accepted by the
rules. So the facets stay a gate that no probability opens. A model that decided alone was tried: trained
on written examples, it found fewer of the real articles than the rules do, and was no more precise.
"""

from coopwatch.relevance.features import find_terms, measure_facets
from coopwatch.relevance.judging import judge
from coopwatch.relevance.model import Model, predict
from coopwatch.relevance.topic import Thresholds, Topic
from schemas.records import Article, Judgement, Verdict


def decide(article: Article, topic: Topic, model: Model | None = None) -> Judgement:
    """Decide whether an article is in scope; the same arguments always give the same judgement.

    Without a model the rules alone decide, with the thresholds of the topic file; so they do for an
    article in a language for which the topic has no patterns. A model that was trained with another version
    of topic or rules is applied all the same, and the reason says so: facets change little from version
    to version, and a model that fell silent at every edit would be missed too late.

    Args:
        article: to be judged.
        topic: its patterns and thresholds.
        model: the active model.
    """
    ruled = judge(article, topic)
    if model is None or topic.matcher_for(article.language) is None:
        return ruled
    prediction = predict(model.weights, find_terms(article), measure_facets(ruled))
    probability = round(prediction.probability, 6)
    verdict = weigh_verdict(ruled.verdict, probability, model.thresholds)
    reason = ruled.reason
    if verdict != ruled.verdict:
        reason += f"; {verdict} instead of {ruled.verdict}: the model gives it {probability:.3f}"
    if model.topic_version != ruled.version:
        reason += f"; the model was trained with version {model.topic_version} of topic and rules"
    return ruled.model_copy(
        update={
            "verdict": verdict,
            "score": probability,
            "model_score": probability,
            "model": model.model_version,
            "contributions": prediction.contributions,
            "thresholds": model.thresholds.model_dump(),
            "reason": reason,
        }
    )


def weigh_verdict(ruled: Verdict, probability: float, least: Thresholds) -> Verdict:
    """Return the verdict of rules and model together.

    Args:
        ruled: the verdict of the rules.
        probability: what the model gives the article.
        least: thresholds for the probability.
    """
    if ruled in ("alert", "accept") and probability < least.review:
        return "review"
    if ruled == "alert" and probability < least.alert:
        return "accept"
    if ruled == "discard" and probability >= least.alert:
        return "review"
    return ruled
