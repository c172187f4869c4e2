"""The workspace of a backfill, and what it does with what was sifted or listed.

All goes through the stages of the monitor: only where entries come from is different, that no alert is made
unless asked for, and that each batch notes in its transaction how far the file was read.
"""

from collections.abc import Iterator
from contextlib import suppress

from coopwatch import extractors, stages
from coopwatch.backfill.listing import Listed, Period, walk_feed, walk_sitemap
from coopwatch.backfill.sifting import Sifted
from coopwatch.backfill.survivors import Survivor
from coopwatch.captures import StoreFetcher
from coopwatch.errors import FetchError, ParseError, UrlError
from coopwatch.jobs import ExtractJob
from coopwatch.settings import Settings
from coopwatch.urls import host_of
from coopwatch.warehouse.held import HeldWarehouse
from coopwatch.work import Work
from coopwatch.workers import Outcome
from coopwatch.workspace import Workspace
from schemas.records import (
    BackfillItem,
    Capture,
    Failure,
    Gap,
    PendingEntry,
    Source,
)


class BackfillWorkspace(Workspace):
    """A workspace that sees only what the backfill has listed.

    Args:
        settings: the settings of this run.
        run_id: names the run in the warehouse.
        alerts: whether events that come to light are alerted of.

    Raises:
        ConfigError, ReplayError, WarehouseError: as `Workspace` does.
    """

    warehouse: HeldWarehouse

    def __init__(self, settings: Settings, run_id: str, *, alerts: bool = False) -> None:
        super().__init__(settings, run_id)
        self.warehouse = HeldWarehouse.of(self.warehouse)
        if not alerts:  # no rule, no alert; nothing else knows that this is no monitor run
            self.alert_rules = self.alert_rules.model_copy(update={"rules": ()})

    def get(self, url: str) -> Capture:
        """Fetch a list, with manners.

        Raises:
            UrlError: it cannot be fetched.
        """
        return self.manners.fetch(self.fetcher, url, obeys_robots=False)


def note_sifted(item: BackfillItem, sifted: Sifted, run: BackfillWorkspace) -> BackfillItem:
    """Return how far an archive was read once a stretch is loaded."""
    is_done = sifted.is_last and not sifted.error
    return item.add(sifted.counts).model_copy(
        update={
            "position": sifted.end,
            "seen": item.seen + sifted.seen,
            "kept": item.kept + len(sifted.survivors),
            "done_at": run.now() if is_done else None,
            "error": sifted.error,
        }
    )


def list_survivors(run: BackfillWorkspace, sifted: Sifted) -> Work:
    """Put the pages of a stretch into the inbox with their captures; return the work that is open."""
    survivors = sifted.survivors
    if not survivors:
        return Work(())
    run.warehouse.list_entries(run.run_id, [survivor.entry for survivor in survivors], run.now())
    run.warehouse.wanted = {(survivor.entry.source_id, survivor.entry.key) for survivor in survivors}
    work = stages.take_entries(run)
    run.warehouse.wanted = None
    by_key = {entry.key: entry for entry in work.entries}
    rows = [
        survivor.capture.model_copy(update={"entry_id": by_key[survivor.entry.key].entry_id})
        for survivor in survivors
        if survivor.entry.key in by_key
    ]
    if rows:
        run.warehouse.record_captures(run.run_id, rows, run.now())
    return work


def join_articles(run: BackfillWorkspace, work: Work, sifted: Sifted) -> Work:
    """Give entries the articles and judgements that were made of them."""
    done = {result.entry_id for result in work.results} | {entry_id for entry_id, _ in work.duplicates}
    survivors = {survivor.entry.key: survivor for survivor in sifted.survivors}
    open_entries = [entry for entry in work.entries if entry.entry_id not in done]
    return stages.settle_pages(
        run,
        work,
        (
            (job, outcome)
            for entry in open_entries
            for job in [_make_job(run, entry, survivors[entry.key])]
            for outcome in _read_outcomes(entry, survivors[entry.key])
        ),
    )


def read_refused(run: BackfillWorkspace, source_id: str, gate_version: str, after: int) -> tuple[Work, int]:
    """Read pages in quarantine again, as they are kept; return the work and the number of the last one.

    Those whose page cannot be read stay where they are.

    Args:
        run: the workspace.
        source_id: whose.
        gate_version: the gate in force; what it has refused before is left alone.
        after: only entries with a larger number.
    """
    found = run.warehouse.find_refused(
        source_id, gate_version, extractors.IN_FORCE, after, run.settings.batch_size
    )
    jobs = []
    if run.captures:
        fetcher = StoreFetcher(run.captures, run.warehouse)
        for entry in found:
            with suppress(FetchError):
                capture = fetcher.get(entry.url)
                jobs.append(ExtractJob(entry=entry, capture=capture, source=stages.source_of(run, entry)))
    run.warehouse.refused = {job.entry.entry_id for job in jobs}
    work = Work(tuple(job.entry for job in jobs))
    if jobs:
        work = stages.settle_pages(run, work, run.extraction_pool.run(jobs))
    return work, found[-1].entry_id if found else 0


def list_found(run: BackfillWorkspace, item: BackfillItem, listed: Listed) -> BackfillItem:
    """Put addresses into the inbox, and note how far their list was read; return the item."""
    looked_at = len(listed.entries) + sum(listed.left_out.values())
    item = item.add(listed.left_out).model_copy(
        update={"seen": item.seen + looked_at, "position": listed.position}
    )
    fresh = run.warehouse.list_entries(run.run_id, listed.entries, run.now(), item)
    known = len(listed.entries) - fresh
    return (item.add({"known": known}) if known else item).model_copy(update={"kept": item.kept + fresh})


def name_gap(gap: Gap) -> str:
    """Return the name of a gap in the ledger."""
    return f"{gap.source_id} {gap.from_at:%Y-%m-%dT%H:%M:%SZ}/{gap.to_at:%Y-%m-%dT%H:%M:%SZ}"


def read_gap(run: BackfillWorkspace, gap: Gap) -> Iterator[Listed]:
    """Yield what a source published in a gap, from its sitemap or the archive of its feed.

    Raises:
        UrlError: neither can be read, or there is none.
    """
    source, period = run.sources.get(gap.source_id), Period(gap.from_at, gap.to_at)
    if source is None:
        raise ParseError(gap.source_id, "not_a_feed", "is not in the registry")
    if source.kind == "listing":
        raise ParseError(source.url, "not_a_feed", "a listing page has no archive")
    if source.kind == "sitemap":
        yield from walk_sitemap(source.url, source, period, run.get, run.now())
    else:
        yield from walk_feed(source, period, run.get, run.now())


def make_source(source_id: str, name: str, url: str) -> Source:
    """Return the source that backfilled entries get; it is registered, and never polled."""
    return Source(id=source_id, name=name, kind="feed", url=url, publisher=name)


def name_source(url: str) -> str:
    """Return the id of the source of what a sitemap lists: that of its site."""
    try:
        host = host_of(url)
    except UrlError:
        host = "unknown"
    return f"archive.{host}"[:80]


def _read_outcomes(entry: PendingEntry, survivor: Survivor) -> Iterator[Outcome]:
    """Yield what became of a page, under the number of its entry."""
    for outcome in (survivor.outcome, survivor.judgement):
        if isinstance(outcome, Failure):
            yield outcome
        elif outcome:
            yield outcome.model_copy(update={"entry_id": entry.entry_id})


def _make_job(run: BackfillWorkspace, entry: PendingEntry, survivor: Survivor) -> ExtractJob:
    """Return the work that a page was; its body is in the store, and nobody asks for it again."""
    row = survivor.capture
    capture = Capture(
        url=row.url,
        final_url=row.final_url,
        status=row.status,
        headers=row.headers,
        body=b"",
        fetched_at=row.fetched_at,
    )
    return ExtractJob(entry=entry, capture=capture, source=stages.source_of(run, entry))
