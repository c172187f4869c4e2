"""The decision whether an article is in scope, from which patterns of the topic occur where.

Words alone do not make a topic: a stray "agreement" and a stray "science" are in every newspaper. So an
act of cooperation counts only as far as science is spoken of in the same or the next sentence, and what
makes it international counts little far from such an act. Title and lead weigh more than the rest and
are taken together. Each facet is a sum that saturates, so that no single word fills it and no
repetition overfills it; the score is the geometric mean of the three, less what speaks against.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from coopwatch.countries import find_countries
from coopwatch.relevance.page import Find, Page, Zone
from coopwatch.relevance.patterns import Matcher
from coopwatch.relevance.topic import Label, Topic
from schemas.records import Article, Facet, FiredPattern, Judgement, Verdict

_RULES = "1"  # to be raised with every change of this package that can change a verdict

_FACETS: tuple[Facet, ...] = ("science", "cooperation", "international")
_FOR: Mapping[Zone, float] = {"title": 2.0, "lead": 1.5, "body": 1.0}
_AGAINST: Mapping[Zone, float] = {"title": 2.0, "lead": 1.0, "body": 0.25}  # wars are in every background
_ANYWHERE = 0.25  # what an international word is worth far from any act of cooperation
_FILLED = 3.0  # a facet of this much weight is at 1 - 1/e
_AGAINST_FILLED = 4.0
_REPEATS = (1.0, 0.5, 0.25)  # what each further occurrence of one pattern is worth
_ORDINARY = 1.0  # patterns up to this weight are everyday words,
_ORDINARY_TOGETHER = 2.5  # which together add no more than this to a facet
_COUNTRY_WEIGHT = 1.5
_PART_OF = {"HK": "CN", "MO": "CN"}  # what they do with the mainland is domestic
_HOME = 0.18  # the country that weighs most says little: all news is from somewhere


def judge(article: Article, topic: Topic) -> Judgement:
    """Judge one article; the same article and topic version always give the same judgement.

    An article in a language for which the topic has no patterns is discarded, and the reason says so.
    """
    matcher = topic.matcher_for(article.language)
    page = Page(article)
    weighed = _weigh(_find(article, page, matcher), page) if matcher else {}
    facets = {facet: _fill(weighed.get(facet, ()), _FILLED) for facet in _FACETS}
    prominent = {
        facet: _fill((find for find in weighed.get(facet, ()) if find.sentence < page.head), _FILLED)
        for facet in _FACETS
    }
    against = _fill(weighed.get("negative", ()), _AGAINST_FILLED)
    score = math.prod(facets.values()) ** (1 / len(_FACETS)) * (1 - against)
    verdict = decide_verdict(score, facets, prominent, topic)
    finds = sorted((find for listed in weighed.values() for find in listed), key=lambda find: find[2:4])
    return Judgement(
        entry_id=article.entry_id,
        verdict=verdict,
        score=round(score, 4),
        facets={facet: round(value, 4) for facet, value in facets.items()},
        fired=tuple(
            FiredPattern(
                facet=find.label,
                pattern=find.pattern,
                quote=page.text[find.start : find.end],
                start=find.start,
                end=find.end,
                weight=round(find.weight, 3),
            )
            for find in finds
        ),
        reason=_explain(facets, against, weighed, page.text)
        if matcher
        else f"the topic has no patterns for language {article.language!r}",
        topic=topic.file.id,
        version=f"{topic.version}/{_RULES}",
    )


def decide_verdict(
    score: float, facets: Mapping[Facet, float], prominent: Mapping[Facet, float], topic: Topic
) -> Verdict:
    """Turn score and facets into a verdict.

    What title and lead do not speak of is rarely what an article is about: an alert needs all three
    facets there, and an article that shows them only further down must show them as strongly as an
    alert does to be accepted.

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
    if is_strong or (score >= least.accept and weakest >= floor.accept and shown >= floor.review):
        return "accept"
    if score >= least.review and weakest >= floor.review:
        return "review"
    return "discard"


def _find(article: Article, page: Page, matcher: Matcher[Label]) -> dict[Label, list[Find]]:
    """Return what occurs on the page, by label, with the weights of the topic file."""
    found: dict[Label, list[Find]] = defaultdict(list)
    for label, pattern, start, end in matcher.find(page.text):
        if pattern.weight:
            sentence, is_ordinary = page.sentence_at(start), pattern.weight <= _ORDINARY
            found[label].append(
                Find(label, pattern.phrase, start, end, sentence, is_ordinary, pattern.weight)
            )
    for code, start, end in find_countries(page.text, article.language):
        name = f"country {_PART_OF.get(code, code)}"
        sentence = page.sentence_at(start)
        country = Find("international", name, start, end, sentence, is_ordinary=False, weight=_COUNTRY_WEIGHT)
        found["international"].append(country)
    return found


def _weigh(found: Mapping[Label, list[Find]], page: Page) -> dict[Label, list[Find]]:
    """Give every find its weight by place and company, and drop what adds nothing."""
    science = found["science"]
    near_science = page.spread(science)
    acts = [find._replace(weight=find.weight * near_science[find.sentence]) for find in found["cooperation"]]
    near_act = page.spread(acts)
    worldly = [
        find._replace(weight=find.weight * max(_ANYWHERE, near_act[find.sentence]))
        for find in found["international"]
    ]
    return {
        "science": _limit_ordinary(_discount_repeats(page.weigh(science, _FOR))),
        "cooperation": _limit_ordinary(_discount_repeats(page.weigh(acts, _FOR))),
        "international": _discount_home(_limit_ordinary(_discount_repeats(page.weigh(worldly, _FOR)))),
        "negative": _discount_repeats(page.weigh(found["negative"], _AGAINST)),
    }


def _discount_repeats(finds: Iterable[Find]) -> list[Find]:
    """Let each further occurrence of a pattern add less, the strongest first, and then nothing."""
    by_pattern: dict[str, list[Find]] = defaultdict(list)
    for find in sorted(finds, key=lambda find: (-find.weight, find.start)):
        by_pattern[find.pattern].append(find)
    return [
        find._replace(weight=find.weight * share)
        for listed in by_pattern.values()
        for find, share in zip(listed, _REPEATS, strict=False)
        if find.weight > 0
    ]


def _limit_ordinary(finds: list[Find]) -> list[Find]:
    """Keep many everyday words from adding up to what only words of the field can show."""
    total = sum(find.weight for find in finds if find.is_ordinary)
    share = min(1.0, _ORDINARY_TOGETHER / total) if total else 1.0
    return [find._replace(weight=find.weight * (share if find.is_ordinary else 1.0)) for find in finds]


def _discount_home(finds: list[Find]) -> list[Find]:
    """Count the country that weighs most for little."""
    totals: dict[str, float] = defaultdict(float)
    for find in finds:
        if find.pattern.startswith("country "):
            totals[find.pattern] += find.weight
    home = max(totals, key=lambda pattern: (totals[pattern], pattern), default=None)
    return [find._replace(weight=find.weight * (_HOME if find.pattern == home else 1.0)) for find in finds]


def _fill(finds: Iterable[Find], filled: float) -> float:
    return 1 - math.exp(-sum(find.weight for find in finds) / filled)


def _explain(
    facets: Mapping[Facet, float], against: float, weighed: Mapping[Label, Sequence[Find]], text: str
) -> str:
    parts = [f"{facet} {facets[facet]:.2f}{_quote(weighed[facet], text)}" for facet in _FACETS]
    if weighed["negative"]:
        parts.append(f"against it {against:.2f}{_quote(weighed['negative'], text)}")
    return "; ".join(parts)


def _quote(finds: Sequence[Find], text: str) -> str:
    strongest = sorted(finds, key=lambda find: (-find.weight, find.start))
    quotes = list(dict.fromkeys(" ".join(text[find.start : find.end].split()) for find in strongest))[:3]
    return f" ({', '.join(quotes)})" if quotes else ""
