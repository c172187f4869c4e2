"""Joins the articles of a batch to what is known: to the texts that they repeat, and to events.

Both are looked up, so a run holds the lock of the warehouse from here to the transaction.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from coopwatch.urls import host_of
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from schemas.records import Dossier, GroupOrigin

if TYPE_CHECKING:
    from coopwatch.events.merging import Merged
    from coopwatch.origins import Origin


def link_articles(run: Workspace, work: Work) -> Work:
    """Collapse reprints into text groups, and link the texts to events with their claims."""
    nothing: Work = replace(
        work,
        memberships=(),
        origins=(),
        fingerprints={},
        dossiers=(),
        event_terms={},
        relations=(),
        changes=(),
        withdrawn={},
        merges=(),
    )
    if not (work.articles or work.corrected):
        return nothing
    grouped = _group_texts(run, nothing)
    origins = _find_origins(run, grouped)
    named = tuple(
        GroupOrigin(text_group_id=group_id, article_id=origin.article_id, reason=origin.reason)
        for group_id, origin in origins.items()
    )
    voices = {group_id: origin.family for group_id, origin in origins.items()}
    return _link_events(run, replace(grouped, origins=named), voices)


def _group_texts(run: Workspace, work: Work) -> Work:
    """Find the texts that articles repeat; those that have their place keep it."""
    from coopwatch.fingerprints import fingerprint
    from coopwatch.syndication import assign_groups

    places = {**work.stored_memberships, **run.warehouse.read_memberships(work.corrected)}
    fresh = [article for article in work.articles if article.article_id not in places]
    learnt = run.warehouse.read_boilerplate({a.article_id: host_of(a.url) for a in fresh})
    prints = {
        a.article_id: fingerprint(a.text, a.language, learnt.get(a.article_id, frozenset())) for a in fresh
    }
    shared = run.warehouse.find_texts_sharing(prints)
    stored = run.warehouse.read_texts({match for matches in shared.values() for match, _ in matches})
    # a text is held against whole groups, so that a round-up does not tie two of them together
    stored |= run.warehouse.read_group_texts({text.text_group_id for text in stored.values()})
    learnt |= run.warehouse.read_boilerplate(run.warehouse.read_hosts(stored))
    assigned = assign_groups(fresh, prints, shared, stored, learnt)
    known = (places[a.article_id] for a in work.articles if a.article_id in places)
    return replace(work, memberships=(*assigned, *known), fingerprints=prints)


def _find_origins(run: Workspace, work: Work) -> "dict[str, Origin]":
    """Return the origin of every text that articles carry, which may be another one than before."""
    from coopwatch.origins import find_origins

    stored = run.warehouse.read_group_articles({place.text_group_id for place in work.memberships})
    groups = {group_id: list(articles) for group_id, articles in stored.items()}
    by_id = {article.article_id: article for article in work.articles}
    for place in work.memberships:
        members = groups.setdefault(place.text_group_id, [])
        members[:] = [member for member in members if member.article_id != place.article_id]
        members.append(by_id[place.article_id])
    return find_origins(groups, run.publishers)


def _link_events(run: Workspace, work: Work, voices: Mapping[str, str]) -> Work:
    """Link the articles in scope; those that were corrected leave their events first, and come anew.

    Events that carry a text of the batch are at hand even if its article is not in scope: it may tell
    whose text that is.
    """
    from coopwatch.events.book import candidate_keys, link_articles
    from coopwatch.events.merging import carry_over
    from coopwatch.events.news import find_all_changes
    from coopwatch.events.pins import Pins
    from coopwatch.events.reports import read_articles
    from coopwatch.events.withdrawal import withdraw_articles

    judgements = work.judgements_by_entry()
    in_scope = [a for a in work.articles if judgements[a.entry_id].verdict != "review"]
    groups = {membership.article_id: membership for membership in work.memberships}
    read = read_articles(in_scope, judgements, run.series)
    keys = candidate_keys(read, groups)
    pins = Pins(run.warehouse.read_pins([a.article_id for a in in_scope], (), keys.text_group_ids))
    known = run.warehouse.read_candidate_dossiers(keys.series, voices.keys(), keys.terms)
    leaving = {dossier.event.event_id: dossier for dossier in _read_dossiers_of_corrected(run, work)}
    left = {
        event_id: withdraw_articles(dossier, work.corrected, (), run.now())
        for event_id, dossier in leaving.items()
    }
    forced = run.warehouse.read_dossiers(pins.forced_ids)
    before = {dossier.event.event_id: dossier for dossier in (*known, *forced)}
    candidates = before | left
    linked = link_articles(
        read, judgements, groups, candidates.values(), run.series, voices, run.now(), pins=pins
    )
    after = candidates | {dossier.event.event_id: dossier for dossier in linked.dossiers}
    merges = _merge_doubles(run, after, [dossier.event.event_id for dossier in linked.dossiers])
    carried = carry_over(merges, linked.dossiers, linked.relations)
    into = {merged.redirect.event_id: merged.dossier.event.event_id for merged in merges}
    written = {dossier.event.event_id for dossier in carried.dossiers} | into.keys()
    dossiers = (*carried.dossiers, *(left[event_id] for event_id in left if event_id not in written))
    return replace(
        work,
        dossiers=dossiers,
        event_terms=linked.terms,
        relations=carried.relations,
        changes=tuple(find_all_changes(before | leaving, dossiers, work.corrected, into)),
        withdrawn=dict.fromkeys(work.corrected, "its text was corrected") if left else {},
        merges=merges,
    )


def _merge_doubles(
    run: Workspace, after: Mapping[str, Dossier], changed: Collection[str]
) -> "tuple[Merged, ...]":
    """Merge events that turn out to be one, as far as the batch has changed one of them."""
    from coopwatch.events.doubles import find_merges, measure_alike
    from coopwatch.events.merging import merge_all
    from coopwatch.events.pins import Pins
    from coopwatch.events.weights import load_weights

    if not changed:
        return ()
    dossiers = tuple(after.values())
    pins = Pins(run.warehouse.read_pins(event_ids=after.keys()))
    alike = measure_alike(dossiers, load_weights(), changed)
    return merge_all(dossiers, find_merges(dossiers, pins, alike), run.now())


def _read_dossiers_of_corrected(run: Workspace, work: Work) -> tuple[Dossier, ...]:
    return run.warehouse.read_dossiers_of(work.corrected) if work.corrected else ()
