"""An event's fields and the standing of its claims, computed anew from its coverage and claims.

What independent voices say is weighed by voices, not by articles, and never averaged: where they
differ the event takes the value with most voices behind it and every claim shows how it stands.
The result does not depend on the order in which the coverage came.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from coopwatch.events.comparing import compare, is_component, is_figure
from coopwatch.events.spans import is_stated
from coopwatch.events.timing import resolve_dates
from schemas.records import Claim, ClaimStatus, Coverage, Dossier

_OF_A_DAY = ("agreement", "accession")  # signed on one day; other events may last

_GRAVITY: tuple[ClaimStatus, ...] = ("only", "compatible", "agrees", "soft_conflict", "conflict")

NAMED = "named"
"""Label of the evidence for what a text calls an event of no known series."""

Voices = Mapping[str, str]
"""Whose voice each text group is: text group id → family; see `coopwatch.origins`."""


def resolve(dossier: Dossier, now: datetime) -> Dossier:
    """Return the dossier with everything that follows from its coverage and claims.

    Series, name and kind of an event of a series stay as they are: they come from the registry.

    Args:
        dossier: an event with all its coverage and claims; its rows have the voices of their texts.
        now: the time of this resolution, for `updated_at`.
    """
    event, coverage = dossier.event, dossier.coverage
    voices = find_voices(coverage)
    dates, days = resolve_dates(dossier.claims, voices, is_of_a_day=event.kind in _OF_A_DAY)
    others = (claim for claim in dossier.claims if claim.field != "dates")
    claims = _judge(_drop_repeated([*dates, *others]), voices)
    by_field: dict[str, list[Claim]] = defaultdict(list)
    for claim in keep_current(claims):
        by_field[claim.field].append(claim)
    edition = _choose(by_field["edition"], voices)
    update: dict[str, object] = {
        "edition": int(edition) if edition else None,
        "start_date": days[0] if days else None,
        "end_date": days[1] if days else None,
        "place": _choose(by_field["place"], voices),
        "country": _choose(by_field["country"], voices),
        "participants": _choose_participants(by_field["participants"]),
        "articles": len({row.article_id for row in coverage}),
        "text_groups": len(voices),
        "independent_sources": len(set(voices.values())),
        "updated_at": now,
    }
    if event.series is None:
        update |= {"kind": _choose(by_field["kind"], voices) or event.kind, "name": _choose_name(coverage)}
    return Dossier(event=event.model_copy(update=update), coverage=coverage, claims=claims)


def find_voices(coverage: Iterable[Coverage]) -> Voices:
    """Return whose voice each text is, as its rows have it."""
    return {row.text_group_id: row.family for row in coverage}


def hear_anew(dossier: Dossier, voices: Voices, now: datetime) -> Dossier:
    """Return the dossier with texts in the voices that they are known to have by now.

    Args:
        dossier: an event, resolved.
        voices: of texts whose origin was looked for again; the others keep theirs.
        now: the time of this resolution.

    Returns:
        The very same dossier if nothing changes.
    """
    coverage = tuple(
        row
        if (family := voices.get(row.text_group_id, row.family)) == row.family
        else row.model_copy(update={"family": family})
        for row in dossier.coverage
    )
    if coverage == dossier.coverage:
        return dossier
    return resolve(dossier.model_copy(update={"coverage": coverage}), now)


def by_publication(row: Coverage) -> tuple[bool, float, str]:
    """Return what orders coverage by publication; the undated comes last."""
    at = row.published_at
    return at is None, at.timestamp() if at else 0.0, row.article_id


def keep_current(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims of the newest version of every article: what was corrected weighs nothing."""
    claims = tuple(claims)
    newest: dict[str, int] = defaultdict(int)
    for claim in claims:
        newest[claim.article_id] = max(newest[claim.article_id], claim.article_version)
    return tuple(claim for claim in claims if claim.article_version == newest[claim.article_id])


def find_range(claims: Iterable[Claim], field: str) -> tuple[float | None, float | None]:
    """Return from the lowest to the highest figure that is claimed for a field; None where it is open."""
    of_field = [claim for claim in claims if claim.field == field]
    lows = [
        low for claim in of_field if (low := claim.low if claim.low is not None else claim.high) is not None
    ]
    highs = [
        high
        for claim in of_field
        if (high := claim.high if claim.high is not None else claim.low) is not None
    ]
    return min(lows, default=None), max(highs, default=None)


def _drop_repeated(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Keep one claim a text group, field and value range: a reprint says nothing again.

    Of the same days once with their year and once without, as in a copy that lost its dateline, the
    former is kept.
    """
    kept: dict[tuple[object, ...], Claim] = {}
    for claim in sorted(claims, key=lambda claim: claim.field == "dates" and not is_stated(claim.qualifier)):
        said = (claim.low, claim.high, claim.unit) if is_figure(claim) else claim.value.casefold()
        kept.setdefault((claim.text_group_id, claim.field, said), claim)
    return tuple(kept.values())


def _judge(claims: Sequence[Claim], voices: Voices) -> tuple[Claim, ...]:
    """Give every claim its status against the others on the same field; dates have theirs already."""
    by_field: dict[str, list[Claim]] = defaultdict(list)
    for claim in keep_current(claims):
        by_field[claim.field].append(claim)
    return tuple(
        claim
        if claim.field == "dates"
        else claim.model_copy(update={"status": _find_status(claim, by_field[claim.field], voices)})
        for claim in claims
    )


def _find_status(claim: Claim, others: Iterable[Claim], voices: Voices) -> ClaimStatus:
    if is_component(claim.field):
        return "component"
    status: ClaimStatus = "only"
    for other in others:
        if other is claim or other.article_id == claim.article_id:
            continue  # two figures of one article are of two things
        compared = compare(claim, other)
        if (
            compared in ("agrees", "compatible")
            and voices[other.text_group_id] == voices[claim.text_group_id]
        ):
            continue  # a voice does not confirm itself
        status = max(status, compared, key=_GRAVITY.index)
    return status


def _choose(claims: Iterable[Claim], voices: Voices) -> str | None:
    """Return the value that most voices give; between equals the one of most texts, then by itself."""
    groups: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        groups[claim.value].add(claim.text_group_id)

    def preference(value: str) -> tuple[int, int, str]:
        return -len({voices[group] for group in groups[value]}), -len(groups[value]), value

    return min(groups, key=preference, default=None)


def _choose_participants(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Return the parties that at least half of the texts name."""
    named: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        for party in claim.value.split(","):
            named[party].add(claim.text_group_id)
    texts = len({claim.text_group_id for claim in claims})
    return tuple(sorted(party for party, groups in named.items() if 2 * len(groups) >= texts))


def _choose_name(coverage: Sequence[Coverage]) -> str:
    """Return the name that most voices give the event; if none has one for it, the earliest headline."""
    given: dict[str, set[str]] = defaultdict(set)
    for row in coverage:
        for reason in row.evidence:
            if reason.label == NAMED:
                given[reason.value].add(row.family)
    if given:
        return min(given, key=lambda name: (-len(given[name]), name))
    return min(coverage, key=by_publication).title
