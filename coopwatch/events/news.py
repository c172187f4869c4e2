"""What is new about an event that was known: figures, contradictions, outcomes and corrections.

Only texts that were not known say anything new: what a reprint repeats, and what a text says that
another one said before, is none. All of one kind that a batch brings to an event is one change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from coopwatch.events.changes import find_changes
from coopwatch.events.claim_wording import (
    VALUE_CHARS,
    is_of_days,
    is_outcome,
    name_field,
    word_from_to,
    word_outcome,
    word_status,
    word_value,
)
from coopwatch.events.comparing import compare, is_component, is_figure, name_script
from coopwatch.events.resolution import keep_current
from coopwatch.wording import shorten
from schemas.records import ChangeKind, Claim, ClaimStatus, Coverage, Dossier, EventChange

_NO_DISPUTE = {"kind", "participants"}  # another word for the same thing, other names out of many
_DISPUTES: tuple[ClaimStatus, ...] = ("conflict", "soft_conflict")
_DETAIL_CHARS = 600

_Key = tuple[str, str]  # field and unit


class _News(NamedTuple):
    """One piece of news: its kind, the claims that bring it, and its words."""

    kind: ChangeKind
    claims: Sequence[Claim]
    words: str


def find_all_changes(
    before: Mapping[str, Dossier],
    changed: Iterable[Dossier],
    corrected: Collection[str] = (),
    into: Mapping[str, str] | None = None,
) -> Iterator[EventChange]:
    """Yield all that somebody may want to hear of a batch, at most one change an event and kind.

    A new event that went into one that was known is at most a new voice on that one. An article that
    was corrected is no new voice where it was heard before.

    Args:
        before: the events as they are stored, by id; those that were merged in this batch, too.
        changed: those that are new or changed, as they are now.
        corrected: articles that were read once more, with another text.
        into: for the events that were merged in this batch, into which.
    """
    known = _join(before, into or {})
    changed = tuple(changed)
    for change in find_changes(known, changed):
        old = known.get(change.event_id)
        was_heard = old is not None and any(row.article_id == change.article_id for row in old.coverage)
        if not (was_heard and change.article_id in corrected):
            yield change
    yield from find_news(known, changed)
    yield from find_corrections(corrected, known, changed)


def find_news(before: Mapping[str, Dossier], changed: Iterable[Dossier]) -> Iterator[EventChange]:
    """Yield what new texts say that was not known of events that were.

    Kinds: `conflict` for what contradicts, `changed_figure` for another figure that does not,
    `new_outcome`. The first figure on a field changes none. Where texts differ by their words only (a
    theme, a kind of event), or name others out of many participants, that is no news.

    Args:
        before: the events as they were, by id.
        changed: those that are new or changed, as they are now.
    """
    for dossier in changed:
        old = before.get(dossier.event.event_id)
        if old is None:
            continue  # a new event is announced whole
        known = {row.text_group_id for row in old.coverage}
        new = [claim for claim in keep_current(dossier.claims) if claim.text_group_id not in known]
        news = [*_find_figures_and_disputes(old, dossier, new), *_find_outcomes(old, new)]
        for kind in ("conflict", "changed_figure", "new_outcome"):
            of_kind = [one for one in news if one.kind == kind]
            if of_kind:
                claims = {claim.article_id for one in of_kind for claim in one.claims}
                first = next(row for row in dossier.coverage if row.article_id in claims)
                yield _make_change(dossier, kind, first.article_id, [one.words for one in of_kind])


def find_corrections(
    corrected: Collection[str], before: Mapping[str, Dossier], changed: Iterable[Dossier]
) -> Iterator[EventChange]:
    """Yield a change for every event of which corrected articles now say something else.

    Another headline is told with what else was corrected; alone it is none, since sites change theirs
    all day.

    Args:
        corrected: articles that were read once more, with another text.
        before: the events as they were with the articles as they were, by id.
        changed: those that changed, as they are now.
    """
    for dossier in changed:
        old = before.get(dossier.event.event_id)
        if old is None:
            continue
        now = {row.article_id: row for row in dossier.coverage}
        rows = [row for row in old.coverage if row.article_id in corrected]
        texts = {row.text_group_id: row for row in reversed(rows) if row.article_id in now}
        told = [
            *((row, [_word_leaving(row)]) for row in rows if row.article_id not in now),
            *((row, _word_claims_since(row.text_group_id, old, dossier)) for row in texts.values()),
        ]
        told = [(row, words) for row, words in told if words]
        if told:
            words = [word for _, of_row in told for word in of_row]
            words += [_word_headline(row, now[row.article_id]) for row, _ in told if row.article_id in now]
            yield _make_change(dossier, "correction", told[0][0].article_id, filter(None, words))


def is_disputed(claim: Claim) -> bool:
    """Tell whether a claim contradicts another one by more than its wording."""
    if claim.field in _NO_DISPUTE:
        return False
    is_of_degree = is_figure(claim) or is_of_days(claim)
    return claim.status == "conflict" or (claim.status == "soft_conflict" and is_of_degree)


def _find_figures_and_disputes(old: Dossier, dossier: Dossier, new: Iterable[Claim]) -> Iterator[_News]:
    were, are = _group_claims(keep_current(old.claims)), _group_claims(keep_current(dossier.claims))
    for key, claims in _group_claims(new).items():
        before = were.get(key, [])
        fresh = [claim for claim in claims if not any(compare(claim, said) == "agrees" for said in before)]
        if disputed := [claim for claim in fresh if is_disputed(claim)]:
            yield _News("conflict", disputed, _word_change(before, are[key]))
        elif fresh and before and is_figure(fresh[0]):
            yield _News("changed_figure", fresh, _word_change(before, are[key]))


def _find_outcomes(old: Dossier, new: Iterable[Claim]) -> Iterator[_News]:
    """Yield outcomes that nobody told of; one in another script than all known may be a translation."""
    known: dict[str, list[Claim]] = defaultdict(list)
    for claim in keep_current(old.claims):
        known[claim.field].append(claim)
    for claim in new:
        if not is_outcome(claim.field):
            continue
        of_field = known[claim.field]
        is_known = any(compare(claim, said) in ("agrees", "compatible") for said in of_field)
        scripts = {name_script(said.value) for said in of_field}
        if not is_known and (not scripts or name_script(claim.value) in scripts):
            yield _News("new_outcome", [claim], word_outcome(claim))
            of_field.append(claim)


def _group_claims(claims: Iterable[Claim]) -> dict[_Key, list[Claim]]:
    """Return claims that can contradict each other, by field and unit."""
    grouped: dict[_Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        if not is_component(claim.field) and not is_outcome(claim.field):
            grouped[claim.field, claim.unit or ""].append(claim)
    return grouped


def _word_change(before: Sequence[Claim], after: Sequence[Claim]) -> str:
    status = next((s for s in _DISPUTES if any(claim.status == s for claim in after)), None)
    standing = f" ({word_status(status)})" if status else ""
    return f"{name_field(after[0].field)}: {word_from_to(before, after)}{standing}"


def _word_leaving(row: Coverage) -> str:
    return f"{row.publisher} corrected its text, which tells of it no more"


def _word_headline(was: Coverage, now: Coverage) -> str:
    if was.title == now.title:
        return ""
    titles = (shorten(row.title, 2 * VALUE_CHARS) for row in (was, now))
    return f"headline of {was.publisher}: " + " became ".join(f"“{title}”" for title in titles)


def _word_claims_since(text_group_id: str, old: Dossier, dossier: Dossier) -> list[str]:
    """Return what a text says otherwise; a text's claims are kept once, whichever copy makes them."""
    sides: list[dict[_Key, list[Claim]]] = []
    for claims in (old.claims, dossier.claims):
        grouped: dict[_Key, list[Claim]] = defaultdict(list)
        for claim in keep_current(claims):
            if claim.text_group_id == text_group_id and claim.field != "kind":
                grouped[claim.field, claim.unit or ""].append(claim)
        sides.append(grouped)
    were, are = sides
    return [
        f"{name_field(key[0])}: {word_from_to(were.get(key, []), are.get(key, []))}"
        for key in dict.fromkeys((*were, *are))
        if {word_value(claim) for claim in were.get(key, [])}
        != {word_value(claim) for claim in are.get(key, [])}
    ]


def _join(before: Mapping[str, Dossier], into: Mapping[str, str]) -> dict[str, Dossier]:
    """Return the events as they were, with what was merged since as if it had been one event before."""
    known = dict(before)
    for gone_id, kept_id in into.items():
        if gone_id in known and kept_id in known:
            kept, gone = known[kept_id], known[gone_id]
            coverage = (*kept.coverage, *gone.coverage)
            voices = {"independent_sources": len({row.family for row in coverage})}
            known[kept_id] = Dossier(
                event=kept.event.model_copy(update=voices),
                coverage=coverage,
                claims=(*kept.claims, *gone.claims),
            )
    return known


def _make_change(dossier: Dossier, kind: ChangeKind, article_id: str, words: Iterable[str]) -> EventChange:
    return EventChange(
        event_id=dossier.event.event_id,
        kind=kind,
        revision=dossier.event.revision,
        article_id=article_id,
        detail=shorten("; ".join(dict.fromkeys(words)), _DETAIL_CHARS),
    )
