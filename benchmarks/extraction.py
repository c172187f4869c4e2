"""Extraction on real pages, beside trafilatura as it comes, and datelines of real wire items.

    python -m benchmarks.extraction [--pages fundus.tar.gz] [--wires wire-formats.tar.gz]

Pages are the test data of flairNLP/fundus (MIT): COUNTRY/PUBLISHER_YYYY_MM_DD.html.gz, with reviewed
title, body and date of each in COUNTRY/PUBLISHER.json. Both extractors take turns page by page in one
process, so that whatever else the machine does slows both. Wire items are fixtures of Superdesk.
"""

import argparse
import gzip
import html
import json
import logging
import re
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import trafilatura

from coopwatch.datelines import read_dateline
from coopwatch.errors import ExtractError
from coopwatch.extract import extract_article
from coopwatch.furniture import strip_furniture
from coopwatch.jobs import ExtractJob
from coopwatch.publishers import Publishers, load_publishers
from coopwatch.relevance import Topic, load_topic
from coopwatch.relevance.triage import triage_page
from coopwatch.settings import CONFIG_DIR, Settings
from schemas.records import Capture, PendingEntry, Source

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
GRAM = 4  # tokens; a text is compared by the multiset of them
WELL_READ = 0.5  # F1 below which a page counts as failed

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")
_TAG = re.compile(r"<[^<>]{0,300}>")
_BREAK = re.compile(r"</?(?:p|br|block|div|body|hl1|h1|headline|dateline)\b[^<>]*>|\\n|[\r\n]", re.IGNORECASE)


@dataclass(frozen=True)
class Reviewed:
    """A page, and what a person found on it."""

    url: str
    captured_at: datetime
    body: bytes
    title: str
    text: str
    published: datetime


@dataclass(frozen=True)
class Read:
    """What an extractor found on a page."""

    title: str = ""
    text: str = ""
    day: date | None = None


def read_pages(path: Path) -> list[Reviewed]:
    """Read the pages; each review goes to the page of its publisher that holds most of its words."""
    files: dict[PurePosixPath, bytes] = {}
    with tarfile.open(path, "r|gz") as tar:
        for member in tar:
            if file := tar.extractfile(member):
                files[PurePosixPath(member.name)] = file.read()
    bodies: dict[PurePosixPath, list[PurePosixPath]] = defaultdict(list)
    for name in files:
        if name.name.endswith(".html.gz"):
            bodies[name.with_name(name.name.rsplit("_", 3)[0] + ".json")].append(name)
    pages = []
    for reviews, names in sorted(bodies.items()):
        left = {name: gzip.decompress(files[name]) for name in names}
        captures = json.loads(files[reviews.with_name("meta.info")])
        for review in json.loads(files[reviews]).values():
            text = "\n".join(_paragraphs(review["body"]))
            words = {word.encode() for word in re.findall(r"\w{5,}", text[:3_000])}
            name = max(left, key=lambda name: sum(word in left[name] for word in words))
            capture = captures[name.name]
            pages.append(
                Reviewed(
                    url=capture["url"],
                    captured_at=datetime.fromisoformat(capture["crawl_date"]).replace(tzinfo=UTC),
                    body=left.pop(name),
                    title=review["title"] or "",
                    text=text,
                    published=datetime.fromisoformat(review["publishing_date"]),
                )
            )
    return pages


def _paragraphs(body: dict[str, Any]) -> Iterator[str]:
    yield from body["summary"]
    for section in body["sections"]:
        yield from section["headline"]
        yield from section["paragraphs"]


def read_by_default(page: Reviewed) -> Read:
    """Read a page with trafilatura as it comes, with metadata."""
    document = trafilatura.bare_extraction(page.body.decode(), url=page.url, with_metadata=True)
    if document is None or isinstance(document, dict):
        return Read()
    day = date.fromisoformat(document.date) if document.date else None
    return Read(document.title or "", document.text or "", day)


def make_job(page: Reviewed) -> ExtractJob:
    """Return the work that a page makes, without what a feed would say of it."""
    host = page.url.split("/")[2]
    return ExtractJob(
        entry=PendingEntry(
            source_id="benchmark",
            key=page.url,
            url=page.url,
            compare_url=page.url,
            entry_id=1,
            first_seen_at=page.captured_at,
        ),
        capture=Capture(
            url=page.url,
            final_url=page.url,
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=page.body,
            fetched_at=page.captured_at,
        ),
        source=Source(id="benchmark", name=host, publisher=host, kind="feed", url=page.url),
    )


def read_by_coopwatch(page: Reviewed) -> Read:
    """Read a page as a run does, except that no feed helps with title and date."""
    try:
        article = extract_article(make_job(page))
    except ExtractError:
        return Read()
    return Read(article.title, article.text, article.published_at.date() if article.published_at else None)


@cache
def default_topic() -> Topic:
    """Return the topic that triage is asked about, with the patterns of all languages compiled."""
    topic = load_topic(Settings().topic)
    for language in topic.file.languages:
        topic.matcher_for(language)
    return topic


def read_after_triage(page: Reviewed) -> Read | None:
    """Read a page as a run does that triages; None if triage discards it."""
    if not triage_page(make_job(page), default_topic()).is_kept:
        return None
    return read_by_coopwatch(page)


def compare_texts(one: str, other: str) -> float:
    """Return the F1 of two texts by their token 4-grams."""
    first, second = _grams(one), _grams(other)
    common = sum((first & second).values())
    return 2 * common / (first.total() + second.total()) if common else 0.0


def _grams(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.lower())
    return Counter(tuple(tokens[at : at + GRAM]) for at in range(max(1, len(tokens) - GRAM + 1)))


def is_right_day(page: Reviewed, day: date | None) -> bool:
    """Tell whether a day is the reviewed one, in the publisher's zone or in UTC."""
    published = page.published
    return day in {
        published.date(),
        published.astimezone(UTC).date() if published.tzinfo else published.date(),
    }


def measure_pages(pages: list[Reviewed]) -> None:
    """Print text, titles, dates and speed of both extractors, and the speed with triage."""
    readers: dict[str, Callable[[Reviewed], Read | None]] = {
        "trafilatura, with metadata": read_by_default,
        "coopwatch": read_by_coopwatch,
        "coopwatch, with triage": read_after_triage,
    }
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    results: dict[str, list[Read | None]] = {name: [] for name in readers}
    for read in readers.values():  # what is loaded once is not a page's time
        for page in pages[::10]:
            read(page)
    for page in pages:  # patterns are compiled language by language
        triage_page(make_job(page), default_topic())
    for page in pages:
        for name, read in readers.items():
            started = time.process_time()
            results[name].append(read(page))
            seconds[name].append(time.process_time() - started)
    base = sum(seconds["trafilatura, with metadata"])
    print(f"{len(pages)} pages{'':<20}text F1  failed  titles   dates  pages/s  ratio")
    for name, found in results.items():
        read_pairs = [(page, read) for page, read in zip(pages, found, strict=True) if read]
        is_whole = len(read_pairs) == len(pages)
        spent = sum(seconds[name])
        print(
            f"{name:<30}"
            + (score(read_pairs) if is_whole else f"{len(read_pairs):>8} kept for extraction    ")
            + f"{len(pages) / spent:8.1f} {base / spent:6.2f}"
        )


def score(pairs: Sequence[tuple[Reviewed, Read]]) -> str:
    """Return the mean F1 of the texts, the share below a bound, and those of exact titles and right days."""
    scores = [compare_texts(read.text, page.text) for page, read in pairs]
    shares = (
        sum(scores),
        sum(score < WELL_READ for score in scores),
        sum(read.title.split() == page.title.split() for page, read in pairs),
        sum(is_right_day(page, read.day) for page, read in pairs),
    )
    return "".join(f"{share / len(pairs):8.4f}" for share in shares)


def measure_furniture(pages: list[Reviewed]) -> None:
    """Print how many words of reviewed bodies are taken for furniture."""
    total = dropped = 0
    for page in pages:
        lines = [line.strip() for line in page.text.split("\n") if line.strip()]
        words = sum(len(line.split()) for line in lines)
        total += words
        dropped += words - sum(len(line.split()) for line in strip_furniture(lines))
    print(f"furniture: {dropped} of {total} words of reviewed bodies dropped")


def measure_wires(path: Path, publishers: Publishers) -> None:
    """Print how many opening lines with an agency's mark are read as datelines."""
    marks = "|".join(re.escape(mark) for wire in publishers.wires for mark in wire.marks)
    opening = re.compile(rf".{{0,110}}?[(/]\s?(?:\w{{1,12}}[ /-])?(?:{marks})[\w -]{{0,12}}[)/](?!\w)")
    lines: dict[str, None] = {}
    with tarfile.open(path, "r|gz") as tar:
        for member in tar:
            if "/fixtures/" in member.name and (file := tar.extractfile(member)):
                content = file.read()
                if b"\0" in content[:1_000]:
                    continue
                text = html.unescape(html.unescape(content.decode("utf-8", errors="replace")))
                for raw in _BREAK.split(text):
                    line = " ".join(_TAG.sub("", raw).split())
                    if opening.match(line):
                        lines[line[:80]] = None
    missed = [line for line in lines if not ((found := read_dateline(line, publishers)) and found.wire)]
    print(
        f"wires: {len(lines) - len(missed)} of {len(lines)} opening lines with a mark read as datelines; not:"
    )
    for line in missed:
        print(f"    {line}")


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--pages", type=Path, default=DATA / "pages" / "fundus.tar.gz")
    parser.add_argument("--wires", type=Path, default=DATA / "wire" / "wire-formats.tar.gz")
    arguments = parser.parse_args()
    for path in (arguments.pages, arguments.wires):
        if not path.is_file():
            print(f"skipped: no such file: {path}")
            return
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = read_pages(arguments.pages)
    measure_pages(pages)
    measure_furniture(pages)
    measure_wires(arguments.wires, load_publishers(CONFIG_DIR / "publishers.yaml"))


if __name__ == "__main__":
    main()
