"""What is known of each field of an event: a value where its voices allow one, and a range."""

from collections import defaultdict
from collections.abc import Sequence
from math import inf

from coopwatch.events.comparing import is_figure, is_listed
from coopwatch.events.resolution import Voices, find_range, find_voices, keep_current
from schemas.records import Claim, ClaimStatus, Dossier, Record

_DISPUTES: tuple[ClaimStatus, ...] = ("conflict", "soft_conflict")
_STANDINGS: tuple[ClaimStatus, ...] = (*_DISPUTES, "inherited", "agrees", "compatible", "component", "only")


class ResolvedField(Record):
    """A field of an event from all its claims.

    `value` is the most exact of what is said where nothing contradicts it, else what more voices say
    than anything else; None where as many say another thing. It is never an average. `low` and `high`
    span all figures. `status` is the gravest of the claims', `voices` counts who says anything.
    """

    field: str
    value: str | None
    low: float | None
    high: float | None
    unit: str | None
    status: ClaimStatus
    voices: int


def resolve_fields(dossier: Dossier) -> tuple[ResolvedField, ...]:
    """Return the fields of a resolved event, in the order of their names.

    A field of which an event has any number (outcomes, organisers, participants with a role) has an
    entry for each value, and so has money in each currency.
    """
    voices = find_voices(dossier.coverage)
    by_key: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in keep_current(dossier.claims):
        listed = claim.value.casefold() if is_listed(claim.field) else ""
        by_key[claim.field, claim.unit or "", listed].append(claim)
    resolved = []
    for (field, unit, _), claims in sorted(by_key.items()):
        low, high = find_range(claims, field)
        resolved.append(
            ResolvedField(
                field=field,
                value=_choose(claims, voices),
                low=low,
                high=high,
                unit=unit or None,
                status=min((claim.status for claim in claims), key=_STANDINGS.index),
                voices=len({voices[claim.text_group_id] for claim in claims}),
            )
        )
    return tuple(resolved)


def _choose(claims: Sequence[Claim], voices: Voices) -> str | None:
    """Return the value that stands; between disputed ones the one that most voices give, if one does."""
    said: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        said[claim.value].add(voices[claim.text_group_id])
    if not any(claim.status in _DISPUTES for claim in claims):
        return min(
            claims, key=lambda claim: (_measure_width(claim), -len(said[claim.value]), claim.value)
        ).value
    ranked = sorted(said, key=lambda value: (-len(said[value]), value))
    is_tied = len(ranked) > 1 and len(said[ranked[0]]) == len(said[ranked[1]])
    return None if is_tied else ranked[0]


def _measure_width(claim: Claim) -> float:
    """Return how much a figure leaves open, 0 where it is exact or no figure."""
    if not is_figure(claim):
        return 0.0
    return inf if claim.high is None or claim.low is None else claim.high - claim.low
