"""The decision whether an article is in scope, from which patterns of the topic occur where.

Words alone do not make a topic: a stray "agreement" and a stray "science" are in every newspaper. So an
act of cooperation counts only as far as science is spoken of in the same or the next sentence, and what
makes it international counts little far from such an act. Title and lead weigh more than the rest and
are taken together; of a digest, the one item that shows most is judged instead, as a small article of its
own. The country that a text comes from says little, others say more. Each facet is a sum that
saturates, so that no single word fills it and no repetition overfills it; the score is the geometric
mean of the three, less what speaks against.
"""

from collections.abc import Mapping, Sequence

from coopwatch.relevance.finds import find_all
from coopwatch.relevance.page import Page, lay_out
from coopwatch.relevance.topic import Topic
from coopwatch.relevance.weighing import FACETS, Weighed, Weighing, weigh
from schemas.records import Article, Facet, FiredPattern, Judgement, Verdict

_RULES = "3"  # to be raised with every change of this package that can change a verdict


def judge(article: Article, topic: Topic) -> Judgement:
    """Judge one article; the same article and topic version always give the same judgement.

    An article in a language for which the topic has no patterns is discarded, and so is one in which
    nothing at all speaks for one of the facets; the reason says so.
    """
    matcher = topic.matcher_for(article.language)
    if matcher is None:
        return _discard(article, topic, f"the topic has no patterns for language {article.language!r}")
    found = find_all(lay_out(article), article.language, matcher)
    missing = next((facet for facet in FACETS if not found.get(facet)), None)
    if missing:
        return _discard(article, topic, f"nothing speaks of {missing}")
    page = Page(article)
    weighing = weigh(found, page)
    listed = sorted(
        (weighed for finds in weighing.finds.values() for weighed in finds),
        key=lambda weighed: weighed.find[2:4],
    )
    score = round(weighing.score, 4)
    return Judgement(
        entry_id=article.entry_id,
        verdict=decide_verdict(weighing.score, weighing.facets, weighing.prominent, topic),
        score=score,
        facets={facet: round(value, 4) for facet, value in weighing.facets.items()},
        prominent={facet: round(value, 4) for facet, value in weighing.prominent.items()},
        fired=tuple(
            FiredPattern(
                facet=find.label,
                pattern=find.pattern,
                quote=page.text[find.start : find.end],
                start=find.start,
                end=find.end,
                weight=round(weight, 3),
            )
            for find, weight in listed
        ),
        reason=_explain(weighing, page.text),
        topic=topic.file.id,
        version=rules_version(topic),
        rules_score=score,
        thresholds=topic.file.score.model_dump(),
    )


def rules_version(topic: Topic) -> str:
    """Return the version of what judges: it changes with the topic file and with the rules here."""
    return f"{topic.version}/{_RULES}"


def decide_verdict(
    score: float, facets: Mapping[Facet, float], prominent: Mapping[Facet, float], topic: Topic
) -> Verdict:
    """Turn score and facets into a verdict.

    What title and lead do not speak of is rarely what an article is about: an alert needs all three
    facets there, and an article that shows them only further down, or in one item of a digest, must show
    them as strongly as an alert does to be accepted.

    Args:
        score: of the article.
        facets: of the article.
        prominent: the same from title and lead alone.
        topic: whose thresholds apply.
    """
    least, floor = topic.file.score, topic.file.facet
    weakest, shown = min(facets.values()), min(prominent.values())
    is_strong = score >= least.alert and weakest >= floor.alert
    if is_strong and shown >= floor.alert:
        return "alert"
    if is_strong or (score >= least.accept and weakest >= floor.accept and shown >= floor.accept):
        return "accept"
    if score >= least.review and weakest >= floor.review:
        return "review"
    return "discard"


def _discard(article: Article, topic: Topic, reason: str) -> Judgement:
    return Judgement(
        entry_id=article.entry_id,
        verdict="discard",
        score=0.0,
        facets=dict.fromkeys(FACETS, 0.0),
        prominent=dict.fromkeys(FACETS, 0.0),
        fired=(),
        reason=reason,
        topic=topic.file.id,
        version=rules_version(topic),
        thresholds=topic.file.score.model_dump(),
    )


def _explain(weighing: Weighing, text: str) -> str:
    parts = [f"{facet} {weighing.facets[facet]:.2f}{_quote(weighing.finds[facet], text)}" for facet in FACETS]
    if weighing.finds["negative"]:
        parts.append(f"against it {weighing.against:.2f}{_quote(weighing.finds['negative'], text)}")
    return "; ".join(parts)


def _quote(finds: Sequence[Weighed], text: str) -> str:
    strongest = sorted(finds, key=lambda weighed: (-weighed.weight, weighed.find.start))
    quotes = list(dict.fromkeys(" ".join(text[find.start : find.end].split()) for find, _ in strongest))[:3]
    return f" ({', '.join(quotes)})" if quotes else ""
