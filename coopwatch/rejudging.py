"""The stages of judging again, in the order in which the reprocess flow calls them.

After the topic file or the model has changed, what was decided by the old ones is decided anew, from
the article where it is stored and else from the page as it was captured: the network is not asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coopwatch import gating, joining, stages
from coopwatch.captures.replaying import StoreFetcher
from coopwatch.errors import FetchError
from coopwatch.events.withdrawal import find_copies, withdraw_articles
from coopwatch.warehouse.rejudging import InForce, Rejudgement, StaleEntry
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from schemas.records import (
    Article,
    Claim,
    Consequence,
    Dossier,
    EntryResult,
    Judgement,
    JudgementChange,
    PendingEntry,
    Triage,
    Verdict,
)

if TYPE_CHECKING:
    from coopwatch.jobs import ExtractJob

_IN_SCOPE: frozenset[Verdict] = frozenset({"alert", "accept"})


@dataclass(frozen=True)
class Again:
    """Entries that are judged again: what was known of them, and what is decided now.

    Attributes:
        stale: the entries with what was decided before.
        articles: by entry id.
        judgements: what is decided now, by entry id; discarded at triage included.
        triages: of the pages that were discarded before extraction, by entry id.
        unreadable: why an entry could not be judged again, by entry id; what was decided stands.
    """

    stale: tuple[StaleEntry, ...]
    articles: dict[int, Article] = field(default_factory=dict, repr=False)
    judgements: dict[int, Judgement] = field(default_factory=dict, repr=False)
    triages: dict[int, Triage] = field(default_factory=dict, repr=False)
    unreadable: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.stale)

    @property
    def changes(self) -> tuple[JudgementChange, ...]:
        """The verdicts that became others."""
        return tuple(
            _compare(entry.judged, self.judgements[entry.entry_id])
            for entry in self.stale
            if entry.entry_id in self.judgements
            and self.judgements[entry.entry_id].verdict != entry.judged.verdict
        )


def take_stale(run: Workspace, after: int) -> Again:
    """Return the next entries that were judged by what is not in force any more."""
    from coopwatch.relevance.judging import rules_version
    from coopwatch.relevance.triage import triage_version

    in_force = InForce(
        version=rules_version(run.topic),
        model=run.model.model_version if run.model else None,
        triage=triage_version(run.topic),
    )
    return Again(run.warehouse.read_stale(in_force, after, run.settings.batch_size))


def read_again(run: Workspace, again: Again) -> Again:
    """Read the articles: those that are stored, and the others from their captures."""
    ids = {entry.article_id: entry.entry_id for entry in again.stale if entry.article_id}
    stored = run.warehouse.read_articles(ids.keys())
    articles = {
        ids[article_id]: article.model_copy(update={"entry_id": ids[article_id]})
        for article_id, article in stored.items()
        if article.text  # a text that was not kept for so long is none
    }
    missing = [entry for entry in again.stale if entry.entry_id not in articles]
    jobs, unreadable = _read_captures(run, missing)
    triages: dict[int, Triage] = {}
    judgements: dict[int, Judgement] = {}
    for job, outcome in run.extraction_pool.run(jobs) if jobs else ():
        entry_id = job.entry.entry_id
        if isinstance(outcome, Triage):
            triages[entry_id] = outcome
        elif isinstance(outcome, Article):
            articles[entry_id] = outcome
        elif isinstance(outcome, Judgement):
            judgements[entry_id] = outcome
        elif entry_id not in triages:
            unreadable[entry_id] = outcome.reason
    known = run.warehouse.find_known(
        [articles[job.entry.entry_id].compare_url for job in jobs if job.entry.entry_id in articles]
    )
    for job in jobs:
        article = articles.get(job.entry.entry_id)
        first = known.get(article.compare_url) if article else None
        if first and first.outcome == "loaded" and first.entry_id != job.entry.entry_id:
            del articles[job.entry.entry_id], judgements[job.entry.entry_id]
            unreadable[job.entry.entry_id] = f"same address as entry {first.entry_id}"
    return replace(again, articles=articles, triages=triages, judgements=judgements, unreadable=unreadable)


def judge_again(run: Workspace, again: Again) -> Again:
    """Decide anew on stored articles; on those of captures it was decided when they were read."""
    from coopwatch.relevance import decide

    judgements = again.judgements | {
        entry_id: decide(article, run.topic, run.model)
        for entry_id, article in again.articles.items()
        if entry_id not in again.judgements
    }
    return replace(again, judgements=judgements)


def write_again(run: Workspace, again: Again, check: gating.Check) -> None:
    """Write the new verdicts with what follows from them; alerts are not made.

    What has come into scope is linked to events as if it had just been read; what has gone out of it
    is taken off its events. The caller holds `run.warehouse.linking()`.
    """
    by_id = {entry.entry_id: entry for entry in again.stale}
    changes = {change.entry_id: change for change in again.changes}
    gained = {entry_id for entry_id, change in changes.items() if change.consequence == "linked"}
    to_load = {
        entry_id
        for entry_id, judgement in again.judgements.items()
        if judgement.verdict != "discard" and by_id[entry_id].outcome != "loaded"
    }
    worked_on = gained | to_load
    others = again.judgements.keys() - worked_on
    _write_others(run, again, [by_id[entry_id] for entry_id in sorted(others)], changes)
    if worked_on:
        _load(run, again, [by_id[entry_id] for entry_id in sorted(worked_on)], changes, check)


def _write_others(
    run: Workspace, again: Again, entries: Sequence[StaleEntry], changes: Mapping[int, JudgementChange]
) -> None:
    """Write the verdicts of entries that are not linked now, and withdraw what is out of scope."""
    lost = _keep_pinned(
        run,
        {
            again.articles[entry.entry_id].article_id: again.judgements[entry.entry_id].reason
            for entry in entries
            if entry.entry_id in changes and changes[entry.entry_id].consequence == "withdrawn"
        },
    )
    results = tuple(_decide_result(entry, again) for entry in entries)
    work = Work(
        entries=tuple(map(_as_pending, entries)),
        results=results,
        judgements=tuple(again.judgements[entry.entry_id] for entry in entries),
        triages=again.triages,
        dossiers=_withdraw(run, lost),
        withdrawn=lost,
    )
    changed = tuple(changes[entry.entry_id] for entry in entries if entry.entry_id in changes)
    if entries or again.triages:
        rejudgement = Rejudgement(batch=work.to_batch(), changes=changed)
        run.warehouse.write_rejudged(run.run_id, rejudgement, run.now())


def _keep_pinned(run: Workspace, lost: Mapping[str, str]) -> dict[str, str]:
    """Leave out what an analyst has pinned to an event: no rule takes it off."""
    held = {pin.article_id for pin in run.warehouse.read_pins(lost.keys()) if pin.kind == "must_link"}
    return {article_id: reason for article_id, reason in lost.items() if article_id not in held}


def _load(
    run: Workspace,
    again: Again,
    entries: Sequence[StaleEntry],
    changes: Mapping[int, JudgementChange],
    check: gating.Check,
) -> None:
    """Load what has come into scope, as if it had just been read."""
    articles = tuple(again.articles[entry.entry_id] for entry in entries)
    work = Work(
        entries=tuple(map(_as_pending, entries)),
        articles=articles,
        judgements=tuple(again.judgements[entry.entry_id] for entry in entries),
        stored_memberships=run.warehouse.read_memberships([article.article_id for article in articles]),
    )
    work = gating.check_records(run, joining.link_articles(run, work), check)
    changed = tuple(changes[entry.entry_id] for entry in entries if entry.entry_id in changes)
    rejudgement = Rejudgement(batch=work.to_batch(), event_changes=work.changes, changes=changed)
    run.warehouse.write_rejudged(run.run_id, rejudgement, run.now(), work.merges)


def _read_captures(
    run: Workspace, entries: Iterable[StaleEntry]
) -> tuple[list["ExtractJob"], dict[int, str]]:
    from coopwatch.jobs import ExtractJob

    jobs, unreadable = [], {}
    fetcher = StoreFetcher(run.captures, run.warehouse) if run.captures else None
    for entry in entries:
        if fetcher is None:
            unreadable[entry.entry_id] = "no captures are kept"
            continue
        try:
            capture = fetcher.get(entry.url)
        except FetchError as error:
            unreadable[entry.entry_id] = f"{error.kind}: {error.detail}"
            continue
        pending = _as_pending(entry)
        jobs.append(ExtractJob(entry=pending, capture=capture, source=stages.source_of(run, pending)))
    return jobs, unreadable


def _withdraw(run: Workspace, lost: Mapping[str, str]) -> tuple[Dossier, ...]:
    """Return the events that articles are taken off, as they are without them."""
    changed = []
    for dossier in run.warehouse.read_dossiers_of(lost.keys()):
        copies = find_copies(dossier, lost.keys())
        claims = _claim_again(run, dossier.event.event_id, copies)
        changed.append(withdraw_articles(dossier, lost.keys(), claims, run.now()))
    return tuple(changed)


def _claim_again(run: Workspace, event_id: str, article_ids: Iterable[str]) -> list[Claim]:
    """Return what articles claim of the event that they are on."""
    from coopwatch.events.claims import make_claims
    from coopwatch.events.mentions import find_mentions
    from coopwatch.relevance import decide

    articles = run.warehouse.read_articles(list(article_ids))
    places = run.warehouse.read_memberships(articles.keys())
    claims: list[Claim] = []
    for article_id, article in sorted(articles.items()):
        if not article.text:  # it is not kept any more
            continue
        main = find_mentions(article, decide(article, run.topic, run.model), run.series)[0]
        claims += make_claims(event_id, article, places[article_id], main)
    return claims


def _decide_result(entry: StaleEntry, again: Again) -> EntryResult:
    judgement = again.judgements[entry.entry_id]
    if judgement.verdict == "discard":
        return EntryResult(
            entry_id=entry.entry_id,
            outcome="irrelevant",
            stage="judge",
            reason=f"out_of_scope: {judgement.reason}",
        )
    return EntryResult(
        entry_id=entry.entry_id,
        outcome="loaded",
        stage="load",
        reason=judgement.reason,
        article_id=again.articles[entry.entry_id].article_id,
    )


def _as_pending(entry: StaleEntry) -> PendingEntry:
    return PendingEntry.model_validate({name: getattr(entry, name) for name in PendingEntry.model_fields})


def _compare(old: Judgement, new: Judgement) -> JudgementChange:
    was_in, is_in = old.verdict in _IN_SCOPE, new.verdict in _IN_SCOPE
    consequence: Consequence = "none" if was_in == is_in else "linked" if is_in else "withdrawn"
    return JudgementChange(
        entry_id=old.entry_id,
        old_verdict=old.verdict,
        new_verdict=new.verdict,
        old_score=old.score,
        new_score=new.score,
        old_version=old.version,
        new_version=new.version,
        old_model=old.model,
        new_model=new.model,
        consequence=consequence,
    )
