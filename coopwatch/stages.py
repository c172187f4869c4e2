"""The stages of a run, in the order in which the monitor flow calls them.

Each takes the workspace and the work so far and returns the work so far: decisions are made in
the modules of their nouns, here they are only brought together.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from coopwatch import alerting, collect, polling
from coopwatch.alerting import sending
from coopwatch.alerting.sending import Delivered
from coopwatch.captures.keeping import Owner
from coopwatch.errors import WarehouseError
from coopwatch.failures import decide_fetch_outcome
from coopwatch.urls import host_of
from coopwatch.warehouse import KnownUrl
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from schemas.records import (
    Alert,
    Article,
    Capture,
    EntryResult,
    Failure,
    Judgement,
    PendingEntry,
    PollResult,
    Source,
    Stage,
    Triage,
)

if TYPE_CHECKING:
    from coopwatch.jobs import ExtractJob
    from coopwatch.workers import Outcome

T = TypeVar("T")

LEASE = timedelta(minutes=5)  # a killed run's entries are free again after it
RENEW_AFTER = timedelta(minutes=1)  # so that a lease outlives the longest time in which no page comes
HOST_ENTRIES_A_BATCH = (
    100  # a host that wants the longest pause between two requests takes 50 minutes for them
)


def find_due_sources(run: Workspace, *, force: bool = False) -> tuple[Source, ...]:
    """Bring the registry into the warehouse and return the sources whose time has come.

    Args:
        run: the workspace.
        force: poll everything now, whatever the schedule says.
    """
    now = run.now()
    sources = tuple(run.sources.values())
    run.warehouse.register_sources(sources, now)
    states = run.warehouse.read_poll_states()
    return polling.select_due(sources, {} if force else states, now)


def poll_sources(run: Workspace, sources: Sequence[Source]) -> tuple[PollResult, ...]:
    """Poll the sources and put what is new into the inbox; nothing else happens to it before that."""
    states = run.warehouse.read_poll_states()
    owners = {polling.address_of(source, states.get(source.id)): Owner(source.id) for source in sources}
    unchanged = {state.body_sha256 for state in states.values() if state.body_sha256}
    with run.recording("feed", owners, unchanged) as fetcher:
        return tuple(
            collect.poll_sources(sources, states, fetcher, run.settings, run.now(), manners=run.manners)
        )


def fill_inbox(run: Workspace, polls: Sequence[PollResult]) -> int:
    """Write polls, poll states and new entries in one transaction; return how many are new."""
    return run.warehouse.write_polls(run.run_id, polls, run.now())


def take_entries(run: Workspace) -> Work:
    """Claim a batch of pending entries; those whose address is known already get their result now."""
    entries = run.warehouse.take_pending(
        run.run_id, run.settings.batch_size, run.now(), LEASE, HOST_ENTRIES_A_BATCH
    )
    known = run.warehouse.find_known([entry.compare_url for entry in entries])
    results = []
    duplicates: list[tuple[int, int]] = []
    first_by_url: dict[str, int] = {}
    for entry in entries:
        if entry.compare_url in known and entry.revises is None:
            results.append(_decide_known(entry.entry_id, known[entry.compare_url], "fetch"))
        elif entry.compare_url in first_by_url:
            duplicates.append((entry.entry_id, first_by_url[entry.compare_url]))
        else:
            first_by_url[entry.compare_url] = entry.entry_id
    return Work(entries, tuple(results), tuple(duplicates))


def read_pages(run: Workspace, work: Work) -> Work:
    """Fetch the page of every open entry; while others come, workers make articles of pages, and judge them.

    However many entries there are, only a few pages are held at a time.
    """
    done = {result.entry_id for result in work.results} | {entry_id for entry_id, _ in work.duplicates}
    wanted = [entry for entry in work.entries if entry.entry_id not in done]
    if not wanted:
        return work
    failed: list[EntryResult] = []
    run.extraction_pool.prepare()  # its processes start while the first pages come
    with closing(_fetch(run, wanted, failed)) as jobs:
        work = settle_pages(run, work, _keep_lease(run, run.extraction_pool.run(jobs)))
    return work.settle(*failed)


def settle_pages(run: Workspace, work: Work, outcomes: Iterable[tuple["ExtractJob", "Outcome"]]) -> Work:
    """Give entries what became of their pages: an article, or a result where it ends here.

    Args:
        run: the workspace.
        work: with the entries of the pages.
        outcomes: as `ExtractionPool.run` yields them, in any order of the pages.
    """
    articles: dict[int, Article] = {}
    judgements: dict[int, Judgement] = {}
    discarded: dict[int, Triage] = {}
    failed: list[EntryResult] = []
    for job, outcome in outcomes:
        entry_id = job.entry.entry_id
        if isinstance(outcome, Triage):
            discarded[entry_id] = outcome
        elif isinstance(outcome, Article):
            articles[entry_id] = outcome
        elif isinstance(outcome, Judgement):
            judgements[entry_id] = outcome
        elif entry_id not in discarded:  # of an audited page, only what it was discarded for matters
            failed.append(_decide_failure(run, job.entry, outcome))
    unread = (triage for entry_id, triage in discarded.items() if entry_id not in articles)
    work = replace(
        work.settle(*failed, *map(_decide_out_of_scope, unread)),
        articles=tuple(article for _, article in sorted(articles.items())),
        triages=discarded,
    )
    work = _drop_known_articles(run, _keep_corrections(run, _drop_repeated_articles(work)))
    return settle_judged(work, [judgements[article.entry_id] for article in work.articles])


def settle_judged(work: Work, judgements: Sequence[Judgement]) -> Work:
    """Let the articles go that are out of scope."""
    discarded = (judgement for judgement in judgements if judgement.verdict == "discard")
    return replace(work, judgements=tuple(judgements)).settle(*map(_decide_out_of_scope, discarded))


def load_batch(run: Workspace, work: Work) -> tuple[Alert, ...]:
    """Write the batch with its alerts in one transaction; return the alerts."""
    now = run.now()
    alerts = alerting.make_alerts(work.changes, work.dossiers, run.alert_rules, now, articles=work.articles)
    batch = work.to_batch().model_copy(update={"alerts": alerts})
    run.warehouse.write_batch(run.run_id, batch, work.changes, now, work.merges)
    return alerts


def expire_captures(run: Workspace) -> int:
    """Delete captures that are older than they are kept; return how many bodies went."""
    from coopwatch.captures import expire

    if run.captures is None:
        return 0
    return expire(run.captures, run.warehouse, run.now(), run.settings.captures_keep_days)


def send_alerts(run: Workspace) -> Delivered:
    """Deliver what may go out, to all routes but Prefect's blocks."""
    from coopwatch.alerting.receivers import make_receivers

    return sending.send_alerts(run.warehouse, run.alert_rules, make_receivers(run.alert_rules), run.now)


def source_of(run: Workspace, entry: PendingEntry) -> Source:
    """Return the entry's source, or one made up for an entry whose source has left the registry."""
    known = run.sources.get(entry.source_id)
    return known or Source(
        id=entry.source_id,
        name=entry.source_id,
        kind="feed",
        url=entry.url,
        publisher=host_of(entry.url),
    )


def _keep_lease(run: Workspace, outcomes: Iterable[T]) -> Iterator[T]:
    """Pass on what comes; meanwhile the entries of the run stay its own, however long a slow host takes."""
    renewed_at = run.now()
    for outcome in outcomes:
        yield outcome
        if run.now() - renewed_at > RENEW_AFTER:
            renewed_at = run.now()
            with suppress(
                WarehouseError
            ):  # the next one may succeed; a lease that is lost is seen at loading
                run.warehouse.renew(run.run_id, renewed_at + LEASE)


def _fetch(
    run: Workspace, wanted: Sequence[PendingEntry], failed: list[EntryResult]
) -> Generator["ExtractJob"]:
    """Yield pages as they come; what becomes of entries without one is added to a list."""
    from coopwatch.jobs import ExtractJob

    owners = {entry.url: Owner(entry.source_id, entry.entry_id) for entry in wanted}
    with run.recording("page", owners) as fetcher:
        for entry, answer in collect.fetch_entries(wanted, fetcher, run.settings, manners=run.manners):
            if isinstance(answer, Capture):
                yield ExtractJob(entry=entry, capture=answer, source=source_of(run, entry))
            else:
                failed.append(_decide_failure(run, entry, answer))


def _decide_failure(run: Workspace, entry: PendingEntry, failure: Failure) -> EntryResult:
    return decide_fetch_outcome(entry, failure, run.now(), run.settings.max_attempts)


def _decide_out_of_scope(decision: Triage | Judgement) -> EntryResult:
    return EntryResult(
        entry_id=decision.entry_id,
        outcome="irrelevant",
        stage="triage" if isinstance(decision, Triage) else "judge",
        reason=f"out_of_scope: {decision.reason}",
    )


def _decide_known(entry_id: int, known: KnownUrl, stage: Stage) -> EntryResult:
    return EntryResult(
        entry_id=entry_id,
        outcome=known.outcome,
        stage=stage,
        reason=f"same address as entry {known.entry_id}",
        article_id=known.article_id,
    )


def _drop_known_articles(run: Workspace, work: Work) -> Work:
    """Let an address that led (by redirect or canonical URL) to an article known before be that article."""
    known = run.warehouse.find_known([article.compare_url for article in work.articles])
    return work.settle(
        *(
            _decide_known(article.entry_id, known[article.compare_url], "extract")
            for article in work.articles
            if article.compare_url in known and article.article_id not in work.corrected
        )
    )


def _keep_corrections(run: Workspace, work: Work) -> Work:
    """Give articles that were read once more, and have another text than before, their next version."""
    revisions = {entry.entry_id for entry in work.entries if entry.revises is not None}
    stored = run.warehouse.read_articles([a.article_id for a in work.articles if a.entry_id in revisions])
    corrected = {
        article.article_id: article.model_copy(update={"version": before.version + 1})
        for article in work.articles
        if (before := stored.get(article.article_id))
        and before.text  # else it is not kept any more, and nothing can be compared
        and (before.title, before.text) != (article.title, article.text)
    }
    articles = tuple(corrected.get(article.article_id, article) for article in work.articles)
    return replace(work, articles=articles, corrected=frozenset(corrected))


def _drop_repeated_articles(work: Work) -> Work:
    """Let two addresses that turned out to be one article (a redirect, a canonical URL) be one."""
    first: dict[str, Article] = {}
    results = []
    for article in work.articles:
        original = first.setdefault(article.article_id, article)
        if original is not article:
            results.append((article.entry_id, original.entry_id))
    dropped = {entry_id for entry_id, _ in results}
    return replace(
        work,
        duplicates=work.duplicates + tuple(results),
        articles=tuple(article for article in work.articles if article.entry_id not in dropped),
    )
