"""Extraction on real pages, beside trafilatura as it comes, and datelines of real wire items.

    python benchmarks/extraction.py [--pages fundus.tar.gz] [--wires wire-formats.tar.gz]

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import trafilatura

from coopwatch.datelines import read_dateline
from coopwatch.errors import ExtractError
from coopwatch.extract import extract_article
from coopwatch.furniture import strip_furniture
from coopwatch.jobs import ExtractJob
from coopwatch.publishers import Publishers, load_publishers
from coopwatch.settings import CONFIG_DIR
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


def read_by_coopwatch(page: Reviewed) -> Read:
    """Read a page as a run does, except that no feed helps with title and date."""
    host = page.url.split("/")[2]
    try:
        article = extract_article(
            ExtractJob(
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
        )
    except ExtractError:
        return Read()
    return Read(article.title, article.text, article.published_at.date() if article.published_at else None)


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
    """Print text, titles, dates and speed of both extractors."""
    readers: dict[str, Callable[[Reviewed], Read]] = {
        "trafilatura, with metadata": read_by_default,
        "coopwatch": read_by_coopwatch,
    }
    seconds = dict.fromkeys(readers, 0.0)
    results: dict[str, list[Read]] = {name: [] for name in readers}
    for read in readers.values():  # what is loaded once is not a page's time
        read(pages[0])
    for page in pages:
        for name, read in readers.items():
            started = time.process_time()
            results[name].append(read(page))
            seconds[name] += time.process_time() - started
    base = seconds["trafilatura, with metadata"]
    print(f"{len(pages)} pages{'':<20}text F1  failed  titles   dates  pages/s  ratio")
    for name, found in results.items():
        scores = [compare_texts(read.text, page.text) for read, page in zip(found, pages, strict=True)]
        shares = [
            sum(scores) / len(pages),
            sum(score < WELL_READ for score in scores) / len(pages),
            sum(r.title.split() == p.title.split() for r, p in zip(found, pages, strict=True)) / len(pages),
            sum(is_right_day(p, r.day) for r, p in zip(found, pages, strict=True)) / len(pages),
        ]
        speed = f"{len(pages) / seconds[name]:8.1f} {base / seconds[name]:6.2f}"
        print(f"{name:<30}" + "".join(f"{share:8.4f}" for share in shares) + speed)


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
            parser.error(f"no such file: {path}")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = read_pages(arguments.pages)
    measure_pages(pages)
    measure_furniture(pages)
    measure_wires(arguments.wires, load_publishers(CONFIG_DIR / "publishers.yaml"))


if __name__ == "__main__":
    main()
