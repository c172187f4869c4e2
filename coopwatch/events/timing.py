"""When an event took place, from all that its texts say of its days.

Days with a year in the text or its dateline are the anchors; what a text says without a year is read
in the year of the event. Only where no text gives a year do years that follow from publication count.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from coopwatch.events.spans import (
    DAY_FROM_PUBLICATION,
    YEAR_FROM_EVENT,
    YEAR_FROM_PUBLICATION,
    Span,
    count_days_apart,
    is_stated,
    read_span,
    write_span,
)
from schemas.records import Claim, ClaimStatus

_GUESSES = (YEAR_FROM_PUBLICATION, DAY_FROM_PUBLICATION)
_NEXT_DAY = 1  # spans that touch are of one event: "opened on the 6th", "closed on the 7th"
_NEAR_DAYS = 3  # a day as far off may be a slip; further off it is another day


class _Said(NamedTuple):
    claim: Claim
    span: Span
    voice: str


def resolve_dates(
    claims: Iterable[Claim], voices: Mapping[str, str], *, is_of_a_day: bool
) -> tuple[list[Claim], tuple[date, date] | None]:
    """Return the claims on the event's dates with year and status filled in, and its first and last day.

    Args:
        claims: the event's claims; those on other fields are ignored.
        voices: text group id → whose voice it is.
        is_of_a_day: the event does not last, so that two days are a contradiction.

    Returns:
        The claims in their order. A claim without a year of its own takes it from the event: status
        "inherited". The days are None when no text gives, and no publication suggests, a year.
    """
    said = [
        _Said(claim, read_span(claim.value), voices[claim.text_group_id])
        for claim in claims
        if claim.field == "dates"
    ]
    stated = [one for one in said if is_stated(one.claim.qualifier)]
    guessed = [one for one in said if one.claim.qualifier in _GUESSES]
    anchors = stated or guessed
    if not anchors:
        return [_set_status(one, said) for one in said], None
    core = _choose_cluster(anchors)
    read = [one if one in core else _read_in_year(one, core, has_year=bool(stated)) for one in said]
    near = [one for one in read if _apart(one, core) <= _NEXT_DAY]
    days = _choose_days(near, is_of_a_day=is_of_a_day)
    return [_set_status(one, read, days) for one in read], days


def _choose_cluster(anchors: Sequence[_Said]) -> list[_Said]:
    """Return the anchors that hang together and have most voices; the earliest among equals."""
    clusters: list[list[_Said]] = []
    for anchor in sorted(anchors, key=lambda one: one.claim.value):
        touching = [cluster for cluster in clusters if _apart(anchor, cluster) <= _NEXT_DAY]
        clusters = [cluster for cluster in clusters if cluster not in touching]
        clusters.append([one for cluster in touching for one in cluster] + [anchor])
    return min(
        clusters,
        key=lambda cluster: (-len({one.voice for one in cluster}), min(one.claim.value for one in cluster)),
    )


def _read_in_year(one: _Said, core: Sequence[_Said], *, has_year: bool) -> _Said:
    """Return what was said, in the event's year when its days are the event's and its own year is a guess."""
    if is_stated(one.claim.qualifier) or one.claim.qualifier == DAY_FROM_PUBLICATION:
        return one
    year = core[0].span.year or 0
    candidates = [one.span.in_year(year + offset) for offset in (0, 1, -1)]
    fitting = [span for span in candidates if _apart(one._replace(span=span), core) <= _NEXT_DAY]
    if not fitting:
        return one
    if not has_year and fitting[0] == one.span:
        return one
    claim = one.claim.model_copy(
        update={"value": write_span(fitting[0]), "qualifier": YEAR_FROM_EVENT, "status": "inherited"}
    )
    return _Said(claim, fitting[0], one.voice)


def _choose_days(said: Sequence[_Said], *, is_of_a_day: bool) -> tuple[date, date] | None:
    """Return the range with most voices; without any range, from the first to the last day named."""
    voices: dict[tuple[date, date], set[str]] = {}
    for one in said:
        days = one.span.days()
        if days and one.span.start.day is not None and one.span.end.day is not None:
            voices.setdefault(days, set()).add(one.voice)
    if not voices:
        return None
    ranges = {days: names for days, names in voices.items() if days[0] != days[1]}
    if is_of_a_day or ranges:
        return min(ranges or voices, key=lambda days: (-len(voices[days]), days[1] - days[0], days))
    return min(days[0] for days in voices), max(days[1] for days in voices)


def _set_status(one: _Said, others: Iterable[_Said], days: tuple[date, date] | None = None) -> Claim:
    """Return the claim with how it stands: against the event's days, else beside the other texts."""
    status: ClaimStatus = "only"
    apart = count_days_apart(one.span, Span.of_days(*days)) if days else 0
    if apart:
        status = "soft_conflict" if apart <= _NEAR_DAYS else "conflict"
    elif one.claim.qualifier == YEAR_FROM_EVENT:
        status = "inherited"
    else:
        near = [
            other
            for other in others
            if other.voice != one.voice and count_days_apart(one.span, other.span) == 0
        ]
        if near:
            status = "agrees" if any(other.span == one.span for other in near) else "compatible"
    return one.claim.model_copy(update={"status": status})


def _apart(one: _Said, others: Iterable[_Said]) -> int:
    return min(count_days_apart(one.span, other.span) for other in others)
