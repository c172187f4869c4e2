"""The backfill flow: what archives, sitemaps, lists and gaps hold, through the stages of the monitor."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from logging import INFO, WARNING
from pathlib import Path

from prefect import State, flow, get_run_logger, runtime
from prefect.states import Completed, Failed

from coopwatch.backfill.archives import find_archives, measure_archives
from coopwatch.backfill.holding import (
    BackfillWorkspace,
    join_articles,
    list_found,
    list_survivors,
    make_source,
    name_gap,
    name_source,
    note_sifted,
    read_gap,
)
from coopwatch.backfill.inputs import Kind, check_inputs
from coopwatch.backfill.listing import Listed, Period, read_list, walk_sitemap
from coopwatch.backfill.pages import Stretch
from coopwatch.backfill.progress import Backfilled, share_done, word_backfilled, word_item
from coopwatch.errors import ConfigError, CoopwatchError, UrlError
from coopwatch.summary import word_batch
from coopwatch.wording import count
from coopwatch.work import Work
from schemas.records import BackfillItem, Gap
from tasks import backfilling, notifying, publishing
from tasks import monitoring as step
from tasks.settings import read_settings

_NOUNS: dict[Kind, str] = {"warc": "file", "sitemap": "sitemap", "urls": "list", "gaps": "gap"}

CC_NEWS = "archive.cc-news"
URLS = "archive.urls"


@flow(name="backfill", description="Load what archives, lists and gaps hold.")
async def backfill(
    kind: Kind,
    inputs: tuple[str, ...] = (),
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    source: str | None = None,
    alert: bool = False,
    workers: int = 0,
    scheduler: str | None = None,
    warehouse_url: str | None = None,
) -> State[Backfilled | CoopwatchError]:
    """Backfill; again, it goes on where it was stopped, and changes nothing where it was done.

    Args:
        kind: warc for archives, sitemap for news sitemaps, urls for a CSV file, gaps for what polls missed.
        inputs: paths, globs or URLs; none for gaps.
        since: articles from this time on, of sitemaps and lists with dates.
        until: articles before this time.
        source: the id of the source that entries get; one that tells where they are from by default.
        alert: alert of the events that come to light.
        workers: Dask workers that archives are spread over, with the extra `dask`; 0 for this process alone.
        scheduler: the address of a Dask scheduler to use instead.
        warehouse_url: SQLite or PostgreSQL; COOPWATCH_WAREHOUSE_URL or var/warehouse.db by default.

    Returns:
        Completed with what it came to; failed with the error when a setting, a file or the warehouse does
        not let it begin.
    """
    try:
        settings = await read_settings(warehouse_url=warehouse_url)
        check_inputs(kind, inputs, source)
        if kind == "warc":  # what an archive holds does not get better by waiting
            settings = settings.override(max_attempts=1)
        period = Period(since, until)
        with BackfillWorkspace(settings, str(runtime.flow_run.id), alerts=alert) as run:
            job = f"{kind} {source or _name_source(kind, inputs)}"
            with run.warehouse.backfilling(job):
                run.warehouse.start_run(run.run_id, run.now(), "backfill")
                if kind == "warc":
                    report = await load_archives(run, job, inputs, workers, scheduler)
                else:
                    report = await load_lists(run, job, kind, inputs, period)
                if alert:
                    notifying.send(run)
                run.warehouse.finish_run(run.run_id, run.now(), report.model_copy(update={"items": ()}))
                await backfilling.show_items(report)
    except CoopwatchError as error:
        return Failed(message=str(error), data=error)
    return Completed(message=word_backfilled(report), data=report)


async def load_archives(
    run: BackfillWorkspace, job: str, patterns: Iterable[str], workers: int, scheduler: str | None
) -> Backfilled:
    """Tell the story of archives: stretch by stretch, from raw records to the warehouse."""
    log = get_run_logger()
    archives = find_archives(tuple(patterns))
    await _name_run("warc", len(archives))
    source_id = job.partition(" ")[2]
    run.warehouse.register_sources((make_source(source_id, source_id, _address_of(archives)),), run.now())
    items = {item.item: item for item in run.warehouse.begin(run.run_id, job, archives, run.now())}
    report = load_refused(run, source_id, Backfilled(job=job, items=tuple(items.values())))
    sizes = measure_archives(archives)
    progress = await backfilling.Progress.show(job)
    stretches = (
        Stretch(item=item.item, offset=item.position, source_id=source_id)
        for item in items.values()
        if not item.done_at
    )
    for sifted in backfilling.sift_archives(stretches, run.settings, run.model, workers, scheduler):
        name = sifted.stretch.item
        item = note_sifted(items[name], sifted, run)
        with run.timed("list"):
            work = list_survivors(run, sifted)
        if work:
            run.warehouse.item = item
            work = load(run, join_articles(run, work, sifted))
            report = report.count_work(work)
        else:
            run.warehouse.write_item(run.run_id, item, run.now())
        (items[name],) = run.warehouse.begin(run.run_id, job, [name], run.now())
        report = report.put(items[name])
        run.seconds["sift"] = run.seconds.get("sift", 0.0) + sifted.seconds
        if sifted.error:
            log.warning("%s", sifted.error)
        percent = share_done(items.values(), sizes)
        log.info("%.1f %%: %s", percent, word_item(items[name]))
        await progress.move(percent)
    return report.model_copy(update={"seconds": _round(run.seconds)})


async def load_lists(
    run: BackfillWorkspace, job: str, kind: Kind, inputs: Iterable[str], period: Period
) -> Backfilled:
    """Tell the story of lists: all addresses into the inbox, then batch by batch through the stages."""
    log = get_run_logger()
    gaps = {name_gap(gap): gap for gap in run.warehouse.read_gaps()} if kind == "gaps" else {}
    names = tuple(gaps or inputs)
    await _name_run(kind, len(names))
    items = []
    for item in run.warehouse.begin(run.run_id, job, names, run.now()):
        items.append(fill_inbox(run, item, kind, period, gaps.get(item.item)))
        log.log(WARNING if items[-1].error else INFO, "%s", word_item(items[-1]))
    report = load_refused(run, job.partition(" ")[2], Backfilled(job=job, items=tuple(items)))
    progress = await backfilling.Progress.show(job)
    total = run.warehouse.count_held(run.run_id)
    while work := step.take_entries(run):
        work = load(run, step.read_pages(run, work))
        report = report.count_work(work)
        waiting = run.warehouse.count_held(run.run_id)
        log.info("%s; %d left", word_batch(work), waiting)
        await progress.move(100 * (1 - waiting / total))
    return report.model_copy(
        update={"waiting": run.warehouse.count_held(run.run_id), "seconds": _round(run.seconds)}
    )


def fill_inbox(
    run: BackfillWorkspace, item: BackfillItem, kind: Kind, period: Period, gap: Gap | None
) -> BackfillItem:
    """Put what a list, sitemap or gap names into the inbox; return how far it was read."""
    item = item.model_copy(update={"error": None})
    try:
        for listed in read_gap(run, gap) if gap else _list(run, item, kind, period):
            item = list_found(run, item, listed)
        item = item.model_copy(update={"done_at": run.now()})
    except (UrlError, ConfigError) as error:
        item = item.model_copy(update={"error": str(error)})
    run.warehouse.write_item(run.run_id, item, run.now())
    if gap and not item.error:
        run.warehouse.close_gap(gap.source_id, gap.to_at, run.now())
    return item


def load_refused(run: BackfillWorkspace, source_id: str, report: Backfilled) -> Backfilled:
    """Work again on what other rules, or another extractor, refused; from the pages that are kept."""
    work, last = backfilling.read_refused(run, source_id, 0)
    while last:
        if work:
            work = load(run, work)
            get_run_logger().info("out of quarantine: %s", word_batch(work))
            report = report.count_work(work)
        work, last = backfilling.read_refused(run, source_id, last)
    return report


def load(run: BackfillWorkspace, work: Work) -> Work:
    """Link, check and write a batch, as the monitor does."""
    with run.warehouse.linking():
        work = step.check_records(run, step.link_articles(run, work))
        step.load_batch(run, work)
    run.warehouse.item = None
    return work


def _list(run: BackfillWorkspace, item: BackfillItem, kind: Kind, period: Period) -> Iterator[Listed]:
    """Yield what a list or sitemap names."""
    source_id = item.job.partition(" ")[2]
    source = make_source(source_id, source_id, _address_of((item.item,)))
    run.warehouse.register_sources((source,), run.now())
    if kind == "urls":
        yield from read_list(Path(item.item), source, item.position, period)
    else:
        yield from walk_sitemap(item.item, source, period, run.get, run.now())


async def _name_run(kind: Kind, items: int) -> None:
    await publishing.name_run(f"backfill {kind} {count(items, _NOUNS[kind])}")


def _name_source(kind: Kind, inputs: tuple[str, ...]) -> str:
    if kind == "sitemap" and inputs:
        return name_source(inputs[0])
    return {"warc": CC_NEWS, "urls": URLS}.get(kind, "all")


def _address_of(archives: tuple[str, ...]) -> str:
    return archives[0] if "://" in archives[0] else "https://archive.invalid/"


def _round(seconds: dict[str, float]) -> dict[str, float]:
    return {stage: round(value, 3) for stage, value in seconds.items()}
