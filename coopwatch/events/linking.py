"""Whether an article speaks of an event that is known: a score, its reasons, and a band.

Within a series the edition decides: the same one links, another one vetoes, and likeness counts
nothing, since all reports on a series are alike. For events without a series what is alike is weighed
as real coverage taught; see `likeness` and `weights`. Dates conflict only when no day is common. When
an article was fetched never counts.
"""

from collections.abc import Iterable, Iterator
from math import exp
from typing import Literal, NamedTuple

from coopwatch.events.likeness import (
    PACTS,
    count_days_between,
    count_days_to_reports,
    join,
    measure_likeness,
    tell_likeness,
)
from coopwatch.events.profiles import Profile
from coopwatch.events.weights import Weights
from schemas.records import Evidence, Record

Band = Literal["link", "review", "new"]

VERSION = "linking-3"
"""Version of these rules; the weights have their own, which the evidence tells."""

LINK = 0.6  # a score from which two reports are of one event
REVIEW = 0.45  # a score from which a person should look; the event is a new one meanwhile

SAME_EDITION = 1.0
_MOST_WITHOUT_EDITION = 0.99
_NEAR_DAYS = 3
_BETWEEN_PARTIES = PACTS | {"programme"}
_FAR_DAYS = 60  # events and reports so far apart are not of one event, unless dates say so
_TOLD = 0.05  # log-odds below which a feature is not told


class LinkDecision(Record):
    """What linking came to; `event_id` is the best candidate, if any came near."""

    event_id: str | None
    band: Band
    score: float
    evidence: tuple[Evidence, ...]
    linked_by: str = VERSION


class _Reason(NamedTuple):
    """One fact that was compared: what it adds, or that it rules the candidate out."""

    label: str
    value: str
    weight: float
    is_veto: bool = False


class _Match(NamedTuple):
    """How an article stands to one event."""

    score: float
    reasons: tuple[_Reason, ...]
    is_same_edition: bool = False

    @property
    def veto(self) -> _Reason | None:
        return next((reason for reason in self.reasons if reason.is_veto), None)


def link(wanted: Profile, candidates: Iterable[Profile], weights: Weights) -> LinkDecision:
    """Decide which known event, if any, an article is about.

    Args:
        wanted: the event that the article speaks of.
        candidates: the events that it could be; none is left out or preferred for its place in the order.
        weights: what was learned of likeness.

    Returns:
        Band "link" with the event to join; "review" with the event that it may be; or "new".
    """
    best: tuple[_Match, Profile] | None = None
    vetoed: list[Evidence] = []
    for candidate in sorted(candidates, key=lambda profile: profile.event_id):
        match = _match(wanted, candidate, weights)
        if match.veto:
            if wanted.series is not None and wanted.series == candidate.series:
                told = f"{match.veto.label}: {match.veto.value}"
                vetoed.append(Evidence(label=f"not {candidate.event_id}", value=told))
        elif best is None or match.score > best[0].score:
            best = match, candidate
    if best is None or best[0].score < REVIEW:
        near = (
            (Evidence(label="nearest", value=f"{best[1].event_id}, score {best[0].score:.2f}"),)
            if best and best[0].score >= 0.01
            else ()
        )
        score = best[0].score if best else 0.0
        return LinkDecision(event_id=None, band="new", score=score, evidence=(*vetoed, *near))
    match, candidate = best
    event_id = candidate.event_id
    band: Band = "link" if match.score >= LINK else "review"
    reasons = match.reasons or _tell(wanted, candidate, weights)
    evidence = [Evidence(label=band, value=f"{event_id}, score {match.score:.2f}")]
    evidence += [Evidence(label=reason.label, value=reason.value) for reason in reasons]
    return LinkDecision(event_id=event_id, band=band, score=match.score, evidence=tuple(evidence))


def find_conflict(wanted: Profile, candidate: Profile) -> str | None:
    """Say, for a person, which series or edition rules an event out for an article; None if none does."""
    reason = _compare_identity(wanted, candidate)
    return f"{reason.label}: {reason.value}" if reason and reason.is_veto else None


def is_open_to_likeness(wanted: Profile, candidate: Profile) -> bool:
    """Tell whether no fact decides, so that how like the two are does."""
    if wanted.series is not None and candidate.series is not None:
        return False
    return _compare_identity(wanted, candidate) is None and _find_veto(wanted, candidate) is None


def _match(wanted: Profile, candidate: Profile, weights: Weights) -> _Match:
    identity = _compare_identity(wanted, candidate)
    if identity is not None:
        return _Match(identity.weight, (identity,), is_same_edition=not identity.is_veto)
    if wanted.series is not None and candidate.series is not None:
        return _sum_up(_compare_within_series(wanted, candidate))
    if veto := _find_veto(wanted, candidate):
        return _Match(0.0, (veto,))
    if wanted.languages and candidate.languages and wanted.languages.isdisjoint(candidate.languages):
        return _sum_up(_compare_across_languages(wanted, candidate))
    score = weights.weigh(measure_likeness(wanted, candidate))
    return _Match(min(score, _MOST_WITHOUT_EDITION), ())


def _tell(wanted: Profile, candidate: Profile, weights: Weights) -> Iterator[_Reason]:
    """Yield what each feature of likeness added, the heaviest first."""
    features = measure_likeness(wanted, candidate)
    added = {name: weights.features[name] * value for name, value in features.items()}
    for name in sorted(added, key=lambda name: (-abs(added[name]), name)):
        if abs(added[name]) >= _TOLD:
            told = tell_likeness(wanted, candidate, name, features[name])
            yield _Reason(name, f"{told}, {added[name]:+.2f}", added[name])
    yield _Reason("weights", f"{weights.version}, {weights.intercept:+.2f} to begin with", 0)


def _sum_up(reasons: Iterable[_Reason]) -> _Match:
    kept = tuple(reason for reason in reasons if reason.weight or reason.is_veto)
    total = round(sum(reason.weight for reason in kept), 3)
    return _Match(max(0.0, min(total, _MOST_WITHOUT_EDITION)), kept)


def _compare_identity(wanted: Profile, candidate: Profile) -> _Reason | None:
    """Compare series and edition, by ordinals or else by years; None when they decide nothing."""
    in_series = wanted.series is not None and candidate.series is not None
    if in_series and wanted.series != candidate.series:
        return _Reason("series", f"{wanted.series} against {candidate.series}", 0, is_veto=True)
    for ours, theirs in ((wanted.editions, candidate.editions), (wanted.years, candidate.all_years)):
        if ours and theirs and ours.isdisjoint(theirs):
            return _Reason("edition", f"{join(ours)} against {join(theirs)}", 0, is_veto=True)
        if ours and theirs and in_series:
            return _Reason("edition", f"the same, {join(ours & theirs)}", SAME_EDITION)
    return None


def _find_veto(wanted: Profile, candidate: Profile) -> _Reason | None:
    """Return what rules an event out where not both name a series: parties, or days long past."""
    ours, theirs = wanted.participants, candidate.participants
    is_pact = {wanted.kind, candidate.kind} <= _BETWEEN_PARTIES and min(len(ours), len(theirs)) > 1
    if is_pact and not (ours <= theirs or theirs <= ours):
        return _Reason("parties", f"{join(ours)} against {join(theirs)}", 0, is_veto=True)
    apart = count_days_between(wanted.dated_spans, candidate.dated_spans)
    is_far = apart is not None and apart > _FAR_DAYS
    if is_far and count_days_between(wanted.spans, candidate.spans):
        return _Reason("dates", f"{apart} days apart", 0, is_veto=True)
    if candidate.series is not None or wanted.series is not None:
        days = count_days_to_reports(wanted, candidate)
        if days is not None and days > _FAR_DAYS and apart != 0:  # it may be another edition
            return _Reason("published", f"{days} days from it", 0, is_veto=True)
    return None


def _compare_within_series(wanted: Profile, candidate: Profile) -> Iterator[_Reason]:
    """Compare two reports on a series of which one does not tell the edition; weighed by hand.

    Their wording is no help: all reports on a series share its name.
    """
    yield _Reason("series", f"the same, {wanted.series}", 0.3)
    yield from _compare_places(wanted, candidate, 0.15, -0.4)
    apart = count_days_between(wanted.dated_spans, candidate.dated_spans)
    if apart is None:
        days = count_days_to_reports(wanted, candidate)
        weight = 0.45 * exp(-((days / 30) ** 2)) - 0.1 if days is not None else 0.0
        yield _Reason("published", f"{days} days from it", weight)
    elif apart == 0:
        yield _Reason("dates", "a day in common", 0.5)
    elif apart <= _NEAR_DAYS:
        yield _Reason("dates", f"{apart} days apart", 0.15)
    elif count_days_between(wanted.spans, candidate.spans) == 0:
        yield _Reason("dates", "the same days of another year", -0.2)
    else:
        yield _Reason("dates", f"{apart} days apart", 0, is_veto=True)


def _compare_across_languages(wanted: Profile, candidate: Profile) -> Iterator[_Reason]:
    """Compare two reports that share no language, by facts alone; weighed by hand, for precision.

    Only partners who make something together can be told so: same parties, same kind, same days.
    """
    ours, theirs = wanted.participants, candidate.participants
    if len(ours) > 1 and ours == theirs and wanted.kind in PACTS:
        yield _Reason("parties", f"the same, {join(ours)}", 0.3)
    if wanted.kind == candidate.kind:
        yield _Reason("kind", f"the same, {wanted.kind}", 0.1)
    apart = count_days_between(wanted.dated_spans, candidate.dated_spans)
    if apart is not None:
        yield _Reason("dates", f"{apart} days apart", 0.15 if apart == 0 else 0.0 if apart == 1 else -0.3)
    days = count_days_to_reports(wanted, candidate)
    if days is not None:
        yield _Reason("published", f"{days} days from it", 0.25 * exp(-((days / _NEAR_DAYS) ** 2)))
    yield from _compare_places(wanted, candidate, 0.1, -0.3)


def _compare_places(wanted: Profile, candidate: Profile, same: float, different: float) -> Iterator[_Reason]:
    ours, theirs = wanted.places, candidate.places
    if ours and theirs and ours & theirs:
        yield _Reason("place", f"the same, {join(ours & theirs)}", same)
    elif ours and theirs:
        yield _Reason("place", f"{join(ours)} against {join(theirs)}", different)
