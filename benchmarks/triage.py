"""Triage beside full extraction: how much faster, how much it discards, and what it would miss.

    python -m benchmarks.triage [--pages fundus.tar.gz] [--items xwlb-to-2024.jsonl.gz] [--every 10]

Real pages (flairNLP/fundus, MIT) are triaged and extracted in turn in one process, and judged in full; missed
is what triage discards and the full decision does not. The same is asked, without timing, of pages made for
the purpose: our own articles of config/training and real Chinese news items, each within the menus and
teasers of a site. No feed helps: titles are those that the pages give themselves.
"""

import argparse
import gzip
import html
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from benchmarks.extraction import DATA, ROOT, read_pages
from benchmarks.throughput import make_article
from coopwatch.errors import ExtractError
from coopwatch.extract import extract_article
from coopwatch.jobs import ExtractJob
from coopwatch.relevance import Topic, judge, load_topic
from coopwatch.relevance.triage import triage_page
from coopwatch.settings import Settings
from schemas.records import Article, Capture, PendingEntry, Source, Triage

ResultT = TypeVar("ResultT")

MENU = ("Home", "World", "Business", "Sport", "Weather", "Video", "About us", "Contact", "Log in")
TEASERS = ("Mayor opens new market hall", "Ten recipes for a rainy Sunday", "Trains run late again")
FLOORS = (0.05, 0.08, 0.12, 0.15, 0.2, 0.25, 0.3)


class Outcome(NamedTuple):
    """What triage and the full decision say of a page; without a verdict where there is no article."""

    decision: Triage
    verdict: str | None
    title: str


def make_job(url: str, body: bytes, fetched_at: datetime) -> ExtractJob:
    """Return the work that a fetched page makes, without what a feed would say of it."""
    host = url.split("/")[2]
    entry = PendingEntry(
        source_id="benchmark", key=url, url=url, compare_url=url, entry_id=1, first_seen_at=fetched_at
    )
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=fetched_at)
    source = Source(id="benchmark", name=host, publisher=host, kind="feed", url=url)
    return ExtractJob(entry=entry, capture=capture, source=source)


def wrap(article: Article) -> ExtractJob:
    """Return the page of an article on a site of ours."""
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in MENU)
    teasers = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in TEASERS)
    text = "".join(f"<p>{html.escape(line)}</p>" for line in article.text.split("\n"))
    title = html.escape(article.title)
    page = (
        f"<html><head><title>{title} - The Courier</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<article><h1>{title}</h1>{text}</article><aside><ul>{teasers}</ul></aside></body></html>"
    )
    return make_job("https://courier.example/article", page.encode(), datetime(2026, 1, 1, tzinfo=UTC))


def read_own(folder: Path) -> Iterator[Article]:
    """Yield the articles of our own that have a text."""
    for path in sorted(folder.glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if row.get("title") and row.get("text"):
                yield make_article(row["title"], row["text"]).model_copy(update={"language": path.stem})


def read_items(path: Path, every: int) -> Iterator[Article]:
    """Yield every so many of the items of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                item = json.loads(line)
                yield make_article(item["title"], item["text"]).model_copy(update={"language": "zh"})


def report(name: str, outcomes: list[Outcome]) -> None:
    """Print recall and share discarded, what was missed, and what other floors would do."""
    kept = [outcome for outcome in outcomes if outcome.verdict not in (None, "discard")]
    missed = [outcome for outcome in kept if not outcome.decision.is_kept]
    discarded = sum(not outcome.decision.is_kept for outcome in outcomes)
    recall = 1 - len(missed) / len(kept) if kept else 1.0
    print(f"\n{name}: {len(outcomes)} pages, in full {dict(Counter(str(o.verdict) for o in outcomes))}")
    print(f"  recall {recall:.2%} of {len(kept)}; discarded {discarded / len(outcomes):.1%} of all")
    for outcome in missed:
        print(
            f"  missed: {outcome.verdict}, {outcome.title[:60]}: "
            f"{outcome.decision.reason} {outcome.decision.facets}"
        )
    measured = [outcome for outcome in outcomes if outcome.decision.facets]
    for floor in FLOORS:
        weak = [outcome for outcome in measured if min(outcome.decision.facets.values()) < floor]
        lost = sum(outcome.verdict not in (None, "discard") for outcome in weak)
        share = (len(weak) + sum(not o.decision.is_kept for o in outcomes if not o.decision.facets)) / len(
            outcomes
        )
        print(f"    floor {floor:.2f}: {lost} missed, {share:.1%} discarded")


def measure(work: Callable[[], ResultT]) -> tuple[ResultT, float]:
    """Return what some work returns, and the processor time that it takes, in seconds."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def compare(jobs: Iterable[ExtractJob], topic: Topic) -> list[Outcome]:
    """Triage and extract in turn, and print both speeds."""
    outcomes, triaged, extracted = [], 0.0, 0.0
    for job in jobs:
        decision, spent = measure(partial(triage_page, job, topic))
        triaged += spent
        article, spent = measure(partial(extract, job))
        extracted += spent
        verdict = judge(article, topic).verdict if article else None
        outcomes.append(Outcome(decision, verdict, article.title if article else job.capture.url))
    pages = len(outcomes)
    print(
        f"{pages} pages: triage {triaged / pages * 1000:.2f} ms, "
        f"extraction {extracted / pages * 1000:.2f} ms each: ratio {extracted / triaged:.1f}"
    )
    return outcomes


def extract(job: ExtractJob) -> Article | None:
    """Extract a page; None if there is no article in it."""
    try:
        return extract_article(job)
    except ExtractError:
        return None


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--pages", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--items", type=Path, default=DATA / "zh" / "xwlb-to-2024.jsonl.gz")
    parser.add_argument("--every", type=int, default=10, help="take one of so many items")
    parser.add_argument("--topic", type=Path, default=Settings().topic)
    arguments = parser.parse_args()
    for path in (arguments.pages, arguments.items):
        if not path.is_file():
            parser.error(f"no such file: {path}")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    topic = load_topic(arguments.topic)
    jobs = [make_job(page.url, page.body, page.captured_at) for page in read_pages(arguments.pages)]
    for job in jobs:  # what is loaded once is not a page's time
        triage_page(job, topic)
    extract(jobs[0])
    report("real pages", compare(jobs, topic))
    made = {"own articles": read_own(ROOT / "config" / "training")}
    made["real Chinese items"] = read_items(arguments.items, arguments.every)
    for name, articles in made.items():
        report(
            name,
            [
                Outcome(triage_page(wrap(article), topic), judge(article, topic).verdict, article.title)
                for article in articles
            ],
        )


if __name__ == "__main__":
    main()
