"""Which articles an analyst is asked about: the least certain, the contradictory, and some by lot.

Labels of what the program finds hard teach it most (uncertainty sampling: Lewis and Gale, "A Sequential
Algorithm for Training Text Classifiers", SIGIR 1994); those drawn by lot show what it does not even
suspect, and are the only ones that errors can be counted on.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import get_args

from pydantic import AwareDatetime, Field

from coopwatch.identity import hash_text
from schemas.records import Facet, LabelQueue, Language, Record, Verdict

GUIDELINE = "1.0"  # the version of docs/relevance.md that labels are given under
SHOWN_FIRST = "the program's decision was shown first"  # the note of a label that was not given blindly
SHARES: Mapping[LabelQueue, int] = {"uncertain": 70, "disagreement": 20, "random": 10}  # per cent

_UNSURE_WITHIN = 0.15  # of a threshold; a score that is farther from all of them is no close call
_LEAST_DISAGREEMENT = 0.2  # of two scores between 0 and 1; less is the play between two instruments
_MIDDLE = 0.5  # stands for a threshold in judgements that do not say theirs
_TELLING_TITLE = 12  # characters; shorter ones ("News in brief") are shared by different texts
_FACETS: tuple[Facet, ...] = get_args(Facet)


class Reviewable(Record):
    """What was decided of one entry, without its text.

    Attributes:
        compare_url: of its article where one is stored, else of the entry.
        verdict: what was decided; of what triage dropped, to discard it.
        score: what the verdict rests on; None where triage dropped the page.
        text_group_id: the text it carries, where that is known.
        is_stored: its article is in the warehouse; of others, at most their capture is kept.
        is_drawn: it was drawn by lot from all that was decided.
    """

    entry_id: int
    url: str
    compare_url: str
    title: str
    language: Language
    source: str
    published_at: AwareDatetime | None = None
    verdict: Verdict
    reason: str
    version: str
    model: str | None = None
    score: float | None = None
    rules_score: float = 0.0
    model_score: float | None = None
    facets: dict[Facet, float] = Field(default_factory=dict)
    prominent: dict[Facet, float] = Field(default_factory=dict)
    thresholds: dict[str, float] = Field(default_factory=dict)
    text_group_id: str | None = None
    is_stored: bool = False
    is_drawn: bool = False


class Question(Record):
    """An article to ask about, and why."""

    queue: LabelQueue
    about: Reviewable


def choose_queue(
    candidates: Iterable[Reviewable], size: int, seed: str, only: LabelQueue | None = None
) -> tuple[Question, ...]:
    """Choose what to ask, mixed so that whoever stops early has seen the right shares.

    Of articles that carry one text only one is asked. Where a queue has too few, the others fill up.

    Args:
        candidates: in any order; their order makes no difference.
        size: how many at most.
        seed: decides what is left to chance; the same seed always chooses the same.
        only: ask from this queue alone.
    """
    listed = sorted(candidates, key=lambda candidate: hash_text(seed, str(candidate.entry_id)))
    ranked: dict[LabelQueue, Sequence[Reviewable]] = {
        "uncertain": _rank_uncertain(listed),
        "disagreement": _rank_disagreeing(listed),
        "random": sorted(listed, key=lambda candidate: not candidate.is_drawn),
    }
    if only:
        ranked = {only: ranked[only]}
    quotas = {only: size} if only else share_out(size)
    chosen: dict[LabelQueue, list[Reviewable]] = {queue: [] for queue in ranked}
    seen: set[str] = set()
    left = size
    for most in (quotas, dict.fromkeys(ranked, size)):  # first the shares, then whatever fills up
        for queue, found in chosen.items():
            for candidate in ranked[queue]:
                if not left or len(found) >= most[queue]:
                    break
                marks = _marks_of(candidate)
                if seen.isdisjoint(marks):
                    found.append(candidate)
                    seen |= marks
                    left -= 1
    return _interleave(chosen)


def share_out(size: int) -> dict[LabelQueue, int]:
    """Divide a number of questions by `SHARES`, what is left over to the largest remainders."""
    shares = {queue: divmod(size * share, 100) for queue, share in SHARES.items()}
    left = size - sum(whole for whole, _ in shares.values())
    favoured = sorted(shares, key=lambda queue: -shares[queue][1])[:left]
    return {queue: whole + (queue in favoured) for queue, (whole, _) in shares.items()}


def measure_distance(candidate: Reviewable) -> float | None:
    """Return how far the score is from the nearest threshold; None where there is no score."""
    if candidate.score is None:
        return None
    return min(abs(candidate.score - least) for least in candidate.thresholds.values() or (_MIDDLE,))


def measure_disagreement(candidate: Reviewable) -> float:
    """Return how far two views of an article differ, from 0 to 1.

    With a model, they are its probability and the score of the rules. Without one, they are what the
    rules saw and what they decided: a text that shows all facets and was discarded, or one that shows
    them only far below its title and lead and was not.
    """
    if candidate.score is None:
        return 0.0
    if candidate.model_score is not None:
        return abs(candidate.model_score - candidate.rules_score)
    weakest = min(candidate.facets.get(facet, 0.0) for facet in _FACETS)
    if candidate.verdict == "discard":
        return weakest
    shown = candidate.prominent or candidate.facets  # older judgements do not say what was prominent
    return weakest - min(shown.get(facet, 0.0) for facet in _FACETS)


def make_label_id(compare_url: str, author: str, labelled_at: datetime) -> str:
    """Return the id of a label: what one author says of an address at one time."""
    return "l-" + hash_text(compare_url, author, labelled_at.isoformat())


def _rank_uncertain(candidates: Sequence[Reviewable]) -> list[Reviewable]:
    """Return what is for review or a close call: first the former, each the nearest to a threshold first."""
    measured = [(candidate, measure_distance(candidate)) for candidate in candidates]
    unsure = [
        (candidate.verdict != "review", distance, candidate)
        for candidate, distance in measured
        if distance is not None and (candidate.verdict == "review" or distance <= _UNSURE_WITHIN)
    ]
    return [candidate for *_, candidate in sorted(unsure, key=lambda row: row[:2])]


def _rank_disagreeing(candidates: Sequence[Reviewable]) -> list[Reviewable]:
    disagreeing = [c for c in candidates if measure_disagreement(c) >= _LEAST_DISAGREEMENT]
    return sorted(disagreeing, key=lambda candidate: -measure_disagreement(candidate))


def _marks_of(candidate: Reviewable) -> set[str]:
    """Return by what an article is known again: entry, address, and text, or title where it has no group."""
    marks = {f"entry {candidate.entry_id}", f"url {candidate.compare_url}"}
    title = "".join(filter(str.isalnum, candidate.title.casefold()))
    if candidate.text_group_id:
        marks.add(f"text {candidate.text_group_id}")
    elif len(title) >= _TELLING_TITLE:
        marks.add(f"title {title}")
    return marks


def _interleave(chosen: Mapping[LabelQueue, Sequence[Reviewable]]) -> tuple[Question, ...]:
    """Return the queues as one: next is always the one that is furthest behind its share."""
    given = dict.fromkeys(chosen, 0)
    questions = []
    for step in range(1, sum(map(len, chosen.values())) + 1):
        waiting = [queue for queue, found in chosen.items() if given[queue] < len(found)]
        queue = max(waiting, key=lambda queue: step * SHARES[queue] - 100 * given[queue])
        questions.append(Question(queue=queue, about=chosen[queue][given[queue]]))
        given[queue] += 1
    return tuple(questions)
