"""How many articles a second the full decision takes, on one core, beside trafilatura on the same pages.

    python -m benchmarks.throughput [--pages fundus.tar.gz] [--items xwlb-to-2024.jsonl.gz] [--every 5]

Judged are the reviewed titles and texts of real pages (flairNLP/fundus, MIT) and real Chinese news items,
each three times, of which the fastest counts. Extraction of every page runs in turn with its judgement in
the same process, so that whatever else the machine does slows both; the ratio is what to compare.
"""

import argparse
import gzip
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import trafilatura

from benchmarks.extraction import DATA, Reviewed, read_pages
from coopwatch.languages import detect_language
from coopwatch.relevance import Topic, judge, load_topic
from coopwatch.settings import Settings
from schemas.records import Article, Attribution

PASSES = 3
LENGTHS = (500, 1_000, 2_500, 5_000, 10_000)  # characters; the bounds of the classes in the table


def make_article(title: str, text: str) -> Article:
    """Return an article of which only title, text and language matter."""
    return Article(
        article_id="a-0",
        entry_id=0,
        source_id="benchmark",
        url="",
        compare_url="",
        title=title,
        text=text,
        language=detect_language(text) or "und",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        attribution=Attribution(publisher=""),
        extractor="none",
    )


def read_items(path: Path, every: int) -> Iterator[Article]:
    """Yield every so many of the items of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                item = json.loads(line)
                yield make_article(item["title"], item["text"])


def measure(work: Callable[[], object]) -> float:
    """Return the processor time that some work takes, in seconds."""
    began = time.process_time()
    work()
    return time.process_time() - began


def judge_all(articles: Iterable[Article], topic: Topic) -> list[float]:
    """Return for every article the seconds that its judgement takes, the fastest of several passes."""
    return [min(measure(partial(judge, article, topic)) for _ in range(PASSES)) for article in articles]


def report(
    name: str, articles: list[Article], seconds: list[float], group_of: Callable[[Article], str]
) -> None:
    """Print articles and speed by group."""
    groups: dict[str, list[tuple[Article, float]]] = defaultdict(list)
    for article, spent in zip(articles, seconds, strict=True):
        groups[group_of(article)].append((article, spent))
    print(f"\n{name:<20}articles  characters  ms each  articles/s")
    for group, listed in sorted(groups.items()):
        mean = sum(spent for _, spent in listed) / len(listed)
        characters = sum(len(article.text) for article, _ in listed) // len(listed)
        print(f"{group:<20}{len(listed):>8}{characters:>12,}{mean * 1000:>9.3f}{1 / mean:>12,.0f}")


def class_of(article: Article) -> str:
    """Return the class of length of an article, so that classes sort."""
    return next(
        (f"under {bound:>6,}" for bound in LENGTHS if len(article.text) < bound), f"from  {LENGTHS[-1]:>6,}"
    )


def compare(pages: list[Reviewed], articles: list[Article], topic: Topic) -> list[float]:
    """Print how many times as long as its judgement the extraction of a page takes."""
    judged, extracted = [], 0.0
    for page, article in zip(pages, articles, strict=True):
        extracted += measure(partial(trafilatura.bare_extraction, page.body.decode(), with_metadata=True))
        judged += judge_all([article], topic)
    print(
        f"{len(pages)} pages: {len(pages) / sum(judged):,.0f} judged a second, "
        f"{len(pages) / extracted:,.1f} extracted by trafilatura: ratio {extracted / sum(judged):,.0f}"
    )
    return judged


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--pages", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--items", type=Path, default=DATA / "zh" / "xwlb-to-2024.jsonl.gz")
    parser.add_argument("--every", type=int, default=5, help="take one of so many items")
    parser.add_argument("--topic", type=Path, default=Settings().topic)
    arguments = parser.parse_args()
    for path in (arguments.pages, arguments.items):
        if not path.is_file():
            print(f"skipped: no such file: {path}")
            return
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    began = time.perf_counter()
    topic = load_topic(arguments.topic)
    for language in topic.file.languages:
        judge(make_article("", "").model_copy(update={"language": language}), topic)
    print(f"topic of {len(topic.file.languages)} languages compiled in {time.perf_counter() - began:.2f} s")
    pages = read_pages(arguments.pages)
    articles = [make_article(page.title, page.text) for page in pages]
    judge_all(articles, topic)  # names of countries are read once
    seconds = compare(pages, articles, topic)
    report("pages, language", articles, seconds, lambda article: article.language)
    report("pages, characters", articles, seconds, class_of)
    items = list(read_items(arguments.items, arguments.every))
    report("items, characters", items, judge_all(items, topic), class_of)


if __name__ == "__main__":
    main()
