"""What the finds on a page add up to, by where they stand and in whose company."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, get_args

from coopwatch.relevance.finds import COUNTRY, Find
from coopwatch.relevance.page import Page, Stretch, Zone
from coopwatch.relevance.topic import Label
from schemas.records import Facet

FACETS: tuple[Facet, ...] = get_args(Facet)

_FOR: Mapping[Zone, float] = {"title": 2.0, "lead": 1.5, "body": 1.0}
_AGAINST: Mapping[Zone, float] = {"title": 2.0, "lead": 1.0, "body": 0.25}  # wars are in every background
# A title without text, and the first sentence of an item of a digest, have to say it all in a few words.
_BRIEFLY: Mapping[Zone, float] = {"title": 2.5, "lead": 1.0, "body": 1.0}
_ANYWHERE = 0.25  # what an international word is worth far from any act of cooperation
_FILLED = 3.0  # a facet of this much weight is at 1 - 1/e
_AGAINST_FILLED = 4.0
_SPEAKS_OF = 2.0  # a sentence with this weight of words speaks of something in full
_REPEATS = (1.0, 0.5, 0.25)  # what each further occurrence of one pattern is worth
_ORDINARY_TOGETHER = 2.5  # everyday words together add no more than this to a facet
_HOME = 0.15  # the country of the text says little: all news is from somewhere
_ABROAD = 0.75  # the only country of a text from elsewhere


class Weighed(NamedTuple):
    """A find and what it finally adds to its label."""

    find: Find
    weight: float


class Weighing(NamedTuple):
    """A page weighed, or one item of a digest.

    Attributes:
        facets: how far each is filled, from 0 to 1.
        prominent: the same from title and lead alone; title and lead of a digest speak of none of its items.
        against: how far the negative patterns speak against it, from 0 to 1.
        score: the geometric mean of the facets, less what speaks against.
        finds: what adds to it, by label.
    """

    facets: dict[Facet, float]
    prominent: dict[Facet, float]
    against: float
    score: float
    finds: dict[Label, list[Weighed]]


def weigh(found: Mapping[Label, Iterable[Find]], page: Page) -> Weighing:
    """Weigh what was found on a page; of a digest, the item with the highest score."""
    placed = page.place(found)
    whole = [(stretch, finds) for stretch, finds in placed if all(finds.get(facet) for facet in FACETS)]
    weighings = [_weigh(finds, stretch, page.homes) for stretch, finds in whole or [(placed[0][0], {})]]
    best = max(weighings, key=lambda weighing: weighing.score)
    return best._replace(prominent=dict.fromkeys(FACETS, 0.0)) if page.is_digest else best


def _weigh(found: Mapping[Label, Sequence[Find]], stretch: Stretch, homes: Collection[str]) -> Weighing:
    """Give every find its weight by place and company, and drop what adds nothing."""
    science, acts = found.get("science", ()), found.get("cooperation", ())
    is_brief = stretch.sentences == 1 or stretch.is_item
    worth = stretch.worth_of_sentences(_BRIEFLY if is_brief else _FOR)
    against = stretch.worth_of_sentences(_AGAINST)
    near_science = stretch.spread(_speak_of(science, [1.0] * len(worth)))
    near_act = stretch.spread(_speak_of(acts, near_science))
    worth = stretch.dampen_body(worth, near_act)
    worldly = [value * max(_ANYWHERE, near) for value, near in zip(worth, near_act, strict=True)]
    finds: dict[Label, list[Weighed]] = {
        "science": _limit_ordinary(_discount_repeats(science, worth)),
        "cooperation": _limit_ordinary(
            _discount_repeats(acts, [value * near for value, near in zip(worth, near_science, strict=True)])
        ),
        "international": _discount_home(
            _limit_ordinary(_discount_repeats(found.get("international", ()), worldly)), homes
        ),
        "negative": _discount_repeats(found.get("negative", ()), against),
    }
    facets = {facet: _fill((weighed.weight for weighed in finds[facet]), _FILLED) for facet in FACETS}
    prominent = {
        facet: _fill((weight for find, weight in finds[facet] if find.sentence < stretch.head), _FILLED)
        for facet in FACETS
    }
    speaks_against = _fill((weighed.weight for weighed in finds["negative"]), _AGAINST_FILLED)
    score = math.prod(facets.values()) ** (1 / len(FACETS)) * (1 - speaks_against)
    return Weighing(facets, prominent, speaks_against, score, finds)


def _speak_of(finds: Iterable[Find], near: Sequence[float]) -> list[float]:
    """Return how far every sentence speaks of the finds, from 0 to 1; a pattern counts once a sentence."""
    weights = [0.0] * len(near)
    for sentence, _, weight in {(find.sentence, find.pattern, find.weight) for find in finds}:
        weights[sentence] += weight
    return [min(1.0, weight * share / _SPEAKS_OF) for weight, share in zip(weights, near, strict=True)]


def _discount_repeats(finds: Iterable[Find], worth: Sequence[float]) -> list[Weighed]:
    """Let each further occurrence of a pattern add less, the strongest first, and then nothing."""
    by_pattern: dict[str, list[Weighed]] = defaultdict(list)
    for find in finds:
        if weight := find.weight * worth[find.sentence]:
            by_pattern[find.pattern].append(Weighed(find, weight))
    for listed in by_pattern.values():
        listed.sort(key=lambda weighed: -weighed.weight)
    return [
        Weighed(find, weight * share)
        for listed in by_pattern.values()
        for (find, weight), share in zip(listed, _REPEATS, strict=False)
    ]


def _limit_ordinary(finds: list[Weighed]) -> list[Weighed]:
    """Keep many everyday words from adding up to what only words of the field can show."""
    total = sum(weight for find, weight in finds if find.is_ordinary)
    if total <= _ORDINARY_TOGETHER:
        return finds
    share = _ORDINARY_TOGETHER / total
    return [Weighed(find, weight * (share if find.is_ordinary else 1.0)) for find, weight in finds]


def _discount_home(finds: list[Weighed], homes: Collection[str]) -> list[Weighed]:
    """Count the country for little that the text comes from: the one that weighs most among its homes.

    Where none of them is named, the one that weighs most is a partner, or what is told happened there.

    Args:
        finds: weighed.
        homes: codes of the countries that the language of the text is at home in; none if that says nothing.
    """
    totals: dict[str, float] = defaultdict(float)
    for find, weight in finds:
        if find.pattern.startswith(COUNTRY):
            totals[find.pattern] += weight
    at_home = {pattern for pattern in totals if not homes or pattern.removeprefix(COUNTRY) in homes}
    discounted = max(at_home or totals, key=lambda pattern: (totals[pattern], pattern), default=None)
    share = _HOME if at_home else _ABROAD
    return [Weighed(find, weight * (share if find.pattern == discounted else 1.0)) for find, weight in finds]


def _fill(weights: Iterable[float], filled: float) -> float:
    return 1 - math.exp(-sum(weights) / filled)
