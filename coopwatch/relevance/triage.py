"""Triage: may a page be worth full extraction? Decided from text that is taken cheaply.

All text of the page is looked at but menus and teasers, so that nothing of the article is missed, and what
is found counts for at least what it counts in the article. So triage discards only pages without a
sign of one of the facets, and those on which no act of cooperation stands anywhere near science.
"""

import hashlib
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import accumulate

from coopwatch.fingerprints import grain_of
from coopwatch.jobs import ExtractJob
from coopwatch.languages import detect_language, normalize_language
from coopwatch.plain_text import is_text, read_plain_text
from coopwatch.relevance.finds import Find, find_all
from coopwatch.relevance.patterns import Matcher
from coopwatch.relevance.topic import Label, Topic
from coopwatch.relevance.weighing import FACETS
from schemas.records import Facet, Language, PendingEntry, Triage

NO_PATTERNS = "the topic has no patterns"  # begins the reason of a page in a language without any

MAX_CHARACTERS = 200_000  # of text; of 258 real pages the largest has 75,000

_SAMPLE_MOST = 1_500  # characters
_SAMPLE_LEAST = 400  # of fewer the detection is slow, and unsure

_RULES = "2"  # to be raised with every change of this module that can change a decision
# bytes of UTF-8, for a character that says more takes more; fewer are a page that a script fills, or no page
_LEAST_BYTES = 200
_FLOOR = 0.12  # of every facet; see benchmarks/triage.py for what a higher one would miss
_FILLED = 3.0  # a facet of this much weight is at 1 - 1/e, as in the full decision
_SPEAKS_OF = 2.0  # an act counts in full with this much weight of science around it
# characters before and behind an act: the full decision looks at the sentences beside it; here two long ones
_AROUND = {"word": 400, "character": 125}
_REPEATS = (1.0, 0.5, 0.25)  # what each further occurrence of a pattern is worth


def triage_page(job: ExtractJob, topic: Topic, audit_share: float = 0.0) -> Triage:
    """Decide whether a fetched page is kept for extraction, and if not, whether it is audited.

    What is no page of HTML or plain text, or holds hardly any text, is kept: that extraction fails there has
    to be seen.

    Args:
        job: the page with its entry.
        topic: whose signs are looked for.
        audit_share: of the discarded pages, from 0 to 1.
    """
    entry, capture = job.entry, job.capture
    if entry.revises is not None:  # what was loaded once is judged in full, even to be withdrawn
        return _keep(entry, topic, "its article was loaded before")
    content_type = capture.header("content-type") or ""
    page_text = read_plain_text(capture.body, content_type) if is_text(content_type) else ""
    if len(page_text.encode(errors="replace")) < _LEAST_BYTES:
        return _keep(entry, topic, "hardly any text")
    decision = triage(entry, page_text, topic, job.source.language)
    if decision.is_kept or not is_audited(entry.compare_url, decision.version, audit_share):
        return decision
    return decision.model_copy(update={"is_audited": True})


def triage(entry: PendingEntry, page_text: str, topic: Topic, language: Language | None = None) -> Triage:
    """Decide whether a page is kept for extraction; the same arguments always give the same decision.

    A page whose language cannot be told is kept. One is discarded when the topic has no patterns for
    the language, as the full decision would do.

    Args:
        entry: what the feed says: title, summary and perhaps the language.
        page_text: all text of the page, without menus and teasers.
        topic: whose signs are looked for.
        language: of the source, where the entry has none.
    """
    text = f"{entry.title}\n{entry.summary}\n{page_text}"[:MAX_CHARACTERS]
    declared = entry.language or language
    detected = {detect_language(sample) for sample in _take_samples(page_text or text)}
    languages = sorted(code for code in {*detected, normalize_language(declared)} if code)
    matchers = {code: matcher for code in languages if (matcher := topic.matcher_for(code))}
    if None in detected and not matchers:
        return _keep(entry, topic, "its language cannot be told")
    if not matchers:
        reason = f"{NO_PATTERNS} for language {' or '.join(map(repr, languages))}"
        return _keep(entry, topic, reason).model_copy(update={"is_kept": False})
    measured = (measure_signs(text, code, matcher) for code, matcher in matchers.items())
    facets = max(measured, key=lambda facets: min(facets.values()))
    weak = [facet for facet in FACETS if facets[facet] < _FLOOR]
    return Triage(
        entry_id=entry.entry_id,
        is_kept=not weak,
        facets={facet: round(value, 4) for facet, value in facets.items()},
        reason=f"hardly a sign of {' and '.join(weak)}" if weak else "signs of every facet",
        version=triage_version(topic),
    )


def _keep(entry: PendingEntry, topic: Topic, reason: str) -> Triage:
    return Triage(entry_id=entry.entry_id, is_kept=True, reason=reason, version=triage_version(topic))


def _take_samples(page_text: str) -> tuple[str, ...]:
    """Return stretches from the middle of a page, where menus are rare, to detect its language.

    Of a short page, of which menus are a large part, there are two.
    """
    middle, latest = len(page_text) // 2, max(0, len(page_text) - _SAMPLE_LEAST)
    starts = (
        (min(middle // 2, latest), min(middle, latest))
        if middle < 2 * _SAMPLE_MOST
        else (middle - _SAMPLE_MOST,)
    )
    return tuple(page_text[start : start + _SAMPLE_MOST] for start in starts)


def triage_version(topic: Topic) -> str:
    """Return the version of what decides: it changes with the topic file and with the rules here."""
    return f"{topic.version}/{_RULES}"


def is_audited(compare_url: str, version: str, share: float) -> bool:
    """Tell whether a page is worked on all the same if triage discards it.

    That is so for a share of all addresses, and for other ones in every version; a run that is
    repeated audits the same.
    """
    digest = hashlib.sha256(f"{version}\x1f{compare_url}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def measure_signs(text: str, language: str, matcher: Matcher[Label]) -> dict[Facet, float]:
    """Return how far a text shows signs of each facet, from 0 to 1.

    An act of cooperation counts as far as science is spoken of around it.
    """
    found = find_all(text, language, matcher)
    science, acts = found.get("science", []), found.get("cooperation", [])
    around = _sum_around(science, _AROUND[grain_of(language).unit])
    return {
        "science": _fill((find.pattern, find.weight) for find in science),
        "cooperation": _fill(
            (act.pattern, act.weight * min(1.0, around(act) / _SPEAKS_OF)) for act in acts if science
        ),
        "international": _fill((find.pattern, find.weight) for find in found.get("international", [])),
    }


def _sum_around(finds: list[Find], distance: int) -> Callable[[Find], float]:
    """Return a function that tells the weight of the finds within a distance of another one."""
    starts = [find.start for find in finds]
    sums = [0.0, *accumulate(find.weight for find in finds)]

    def around(other: Find) -> float:
        first = bisect_left(starts, other.start - distance)
        return sums[bisect_left(starts, other.end + distance)] - sums[first]

    return around


def _fill(finds: Iterable[tuple[str, float]]) -> float:
    weights: dict[str, list[float]] = defaultdict(list)
    for pattern, weight in finds:
        weights[pattern].append(weight)
    total = sum(
        weight * share
        for listed in weights.values()
        for weight, share in zip(sorted(listed, reverse=True), _REPEATS, strict=False)
    )
    return 1 - math.exp(-total / _FILLED)
