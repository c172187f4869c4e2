"""Joins the articles of a batch to what is known: to the texts that they repeat, and to events.

Both are looked up, so a run holds the lock of the warehouse from here to the transaction.
"""

from dataclasses import replace

from coopwatch.events.withdrawal import withdraw_articles
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from schemas.records import Dossier


def link_articles(run: Workspace, work: Work) -> Work:
    """Collapse reprints into text groups, and link the texts to events with their claims."""
    work = replace(work, memberships=(), fingerprints={}, dossiers=(), relations=(), changes=(), withdrawn={})
    if work.articles or work.corrected:
        work = _link_events(run, _group_texts(run, work))
    return work


def _group_texts(run: Workspace, work: Work) -> Work:
    """Find the texts that articles repeat; those that have their place keep it."""
    from coopwatch.fingerprints import fingerprint
    from coopwatch.syndication import assign_groups

    places = {**work.stored_memberships, **run.warehouse.read_memberships(work.corrected)}
    fresh = [article for article in work.articles if article.article_id not in places]
    prints = {article.article_id: fingerprint(article.text, article.language) for article in fresh}
    shared = run.warehouse.find_texts_sharing(prints)
    stored = run.warehouse.read_texts({match for matches in shared.values() for match, _ in matches})
    known = (places[a.article_id] for a in work.articles if a.article_id in places)
    return replace(
        work, memberships=(*assign_groups(fresh, prints, shared, stored), *known), fingerprints=prints
    )


def _link_events(run: Workspace, work: Work) -> Work:
    """Link the articles in scope; those that were corrected leave their events first, and come anew."""
    from coopwatch.events.book import candidate_keys, link_articles

    judgements = work.judgements_by_entry()
    in_scope = [a for a in work.articles if judgements[a.entry_id].verdict != "review"]
    groups = {membership.article_id: membership for membership in work.memberships}
    keys = candidate_keys(in_scope, groups, run.series)
    known = run.warehouse.read_candidate_dossiers(keys.series, keys.text_group_ids, keys.around)
    left = _leave_events(run, work)
    candidates = {dossier.event.event_id: dossier for dossier in known} | left
    linked = link_articles(
        in_scope, judgements, groups, candidates.values(), run.series, run.publishers, run.now()
    )
    written = {dossier.event.event_id for dossier in linked.dossiers}
    return replace(
        work,
        dossiers=(*linked.dossiers, *(left[event_id] for event_id in left if event_id not in written)),
        relations=linked.relations,
        # a correction is no new event, nor a new voice on an old one
        changes=tuple(change for change in linked.changes if change.article_id not in work.corrected),
        withdrawn=dict.fromkeys(work.corrected, "its text was corrected") if left else {},
    )


def _leave_events(run: Workspace, work: Work) -> dict[str, Dossier]:
    """Return the events that corrected articles were on, without these articles."""
    if not work.corrected:
        return {}
    return {
        dossier.event.event_id: withdraw_articles(dossier, work.corrected, (), run.now())
        for dossier in run.warehouse.read_dossiers_of(work.corrected)
    }
