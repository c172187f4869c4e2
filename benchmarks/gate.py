"""What the quality gate costs: its share of a whole run of 1,000 articles, imports aside.

    python -m benchmarks.gate [--pages fundus.tar.gz] [--articles 1000] [--batch-size 100]

Real pages (flairNLP/fundus, MIT), each under as many addresses as it takes, go through the stages of a
run into a new warehouse: extracted, judged, linked, checked, loaded. Nothing is fetched. Every article is
taken for in scope, whatever its judgement, so that the gate sees all of them with their coverage, claims
and events, as in no other run; --as-judged shows a usual one, where few are linked and checked. The first
batch, in which everything is imported and the workers start, is not counted. Stages are timed in the same
run, so that whatever else the machine does slows all.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.extraction import DATA, Reviewed, read_pages
from coopwatch import gating, stages
from coopwatch.identity import make_article_id
from coopwatch.jobs import ExtractJob
from coopwatch.joining import link_articles
from coopwatch.settings import Settings
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from expectations.checking import find_faults
from schemas.records import Article, Capture, EntryResult, FeedEntry, Judgement, PollResult, PollState, Source

NOW = datetime.now(UTC)
SOURCE = Source(
    id="pages", name="Pages", kind="feed", url="https://pages.example/feed", publisher="Pages of many"
)


def main() -> None:
    """Print the seconds of every stage and the share of the gate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument(
        "--as-judged", action="store_true", help="let only what the topic accepts reach linking and the gate"
    )
    parser.add_argument("--batch-size", type=int, default=Settings().batch_size)
    options = parser.parse_args()
    if not options.pages.is_file():
        parser.error(f"no such file: {options.pages}")
    pages = read_pages(options.pages)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            warehouse_url=f"sqlite:///{folder}/gate.db",
            captures=f"{folder}/captures",
            batch_size=options.batch_size,
            triage_audit_share=1.0,  # every page becomes an article
        )
        with Workspace(settings, "gate") as run:
            checked = run_stages(run, pages, options.articles, as_judged=options.as_judged)
        print_shares(run.seconds, checked)


def run_stages(run: Workspace, pages: Sequence[Reviewed], articles: int, *, as_judged: bool) -> int:
    """Work off a first batch and then so many articles; return how many the gate saw of the latter."""
    wanted = articles + run.settings.batch_size
    copies = {
        f"{page.url}{'&' if urlsplit(page.url).query else '?'}page={number}": page
        for number in range(wanted // len(pages) + 1)
        for page in pages
    }
    urls = list(copies)[:wanted]
    run.warehouse.start_run(run.run_id, NOW)
    run.warehouse.register_sources([SOURCE], NOW)
    listed = tuple(
        FeedEntry(source_id=SOURCE.id, key=url, url=url, compare_url=url, title=copies[url].title)
        for url in urls
    )
    state = PollState(source_id=SOURCE.id, last_polled_at=NOW)
    poll = PollResult(source_id=SOURCE.id, outcome="polled", polled_at=NOW, entries=listed, state=state)
    run.warehouse.write_polls(run.run_id, [poll], NOW)
    checked = 0
    is_warm = False
    while (work := stages.take_entries(run)).entries:
        work = extract(run, work, copies)
        found = work.articles
        judged = stages.settle_judged(work, work.judgements)
        work = judged if as_judged else accept_all(judged, work)
        with run.timed("link"):
            work = link_articles(run, work)
        if not is_warm:
            find_faults(found[:1], [], NOW)  # also where nothing of the first batch is in scope
        checked += len(work.articles)
        with run.timed("check"):
            work = gating.check_records(run, work, find_faults)
        with run.timed("load"):
            stages.load_batch(run, work)
        if not is_warm:
            checked, is_warm = 0, True
            run.seconds.clear()
    return checked


def extract(run: Workspace, work: Work, pages: dict[str, Reviewed]) -> Work:
    """Extract and judge the pages of a batch as if they had just been fetched."""
    jobs = tuple(
        ExtractJob(
            entry=entry,
            capture=Capture(
                url=entry.url,
                final_url=entry.url,
                status=200,
                headers=(("content-type", "text/html; charset=utf-8"),),
                body=pages[entry.url].body,
                fetched_at=pages[entry.url].captured_at,
            ),
            source=SOURCE,
        )
        for entry in work.entries
    )
    with run.timed("read"):
        outcomes = [outcome for _, outcome in run.extraction_pool.run(jobs)]
    read = {outcome.entry_id: outcome for outcome in outcomes if isinstance(outcome, Article)}
    failed = (
        EntryResult(entry_id=entry.entry_id, outcome="failed", stage="extract", reason="no text")
        for entry in work.entries
        if entry.entry_id not in read
    )
    own = tuple(  # a page names one address, whichever it came from
        article.model_copy(
            update={
                "article_id": make_article_id(f"{article.url}#{entry_id}"),
                "compare_url": f"{article.url}#{entry_id}",
            }
        )
        for entry_id, article in sorted(read.items())
    )
    judged = tuple(outcome for outcome in outcomes if isinstance(outcome, Judgement))
    return replace(work.settle(*failed), articles=own, judgements=judged)


def accept_all(judged: Work, before: Work) -> Work:
    """Return judged work in which every article is in scope."""
    judgements = tuple(judgement.model_copy(update={"verdict": "accept"}) for judgement in judged.judgements)
    return replace(before, judgements=judgements)


def print_shares(seconds: dict[str, float], checked: int) -> None:
    """Print a line a stage, and the share of the gate."""
    whole = sum(seconds.values())
    for stage, spent in seconds.items():
        print(f"{stage:<9}{spent:8.2f} s  {spent / whole:6.1%}")
    print(f"{checked} articles in {whole:.1f} s; the gate takes {seconds['check'] / whole:.1%} of them")


if __name__ == "__main__":
    main()
