"""Verdicts on real headlines, items, pages and a catalogue of titles, and what a judgement costs.

    python benchmarks/relevance.py PATH...

The kind of each file is told by its columns: headlines (.jsonl.gz with "headline"), full texts (.jsonl.gz
with "title" and "text"), a catalogue (.tsv with "relevant", "lang" and "title"), or an archive of reviewed
pages (.tar.gz with .json files). Nothing here is labelled except the catalogue: read the accepted titles.
"""

import csv
import gzip
import json
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from coopwatch.languages import detect_language
from coopwatch.relevance import judge, load_topic
from coopwatch.settings import CONFIG_DIR
from schemas.records import Article, Attribution, Judgement

SHOWN = 25  # of each verdict, the best first


class Sample(NamedTuple):
    """A title with or without its text; `is_relevant` where somebody said so."""

    title: str
    text: str
    language: str
    is_relevant: bool | None = None


def read_samples(path: Path) -> Iterator[Sample]:
    """Yield the samples of a file of any kind."""
    if path.name.endswith(".tar.gz"):
        yield from read_pages(path)
    elif path.suffix == ".tsv":
        with path.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if not row["title"].startswith("("):  # a description instead of a title
                    yield Sample(row["title"], "", row["lang"], row["relevant"] == "1")
    else:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                title, text = row.get("headline") or row["title"] or "", row.get("text", "")
                language = "zh" if any("\u4e00" <= character <= "\u9fff" for character in title) else "en"
                yield Sample(title, text, language)


def read_pages(path: Path) -> Iterator[Sample]:
    """Yield the reviewed title and text of every page in an archive."""
    with tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.name.endswith(".json") else None
            if stream is None:
                continue
            for page in json.load(stream).values():
                if not isinstance(page, dict) or not page.get("body"):
                    continue
                body = page["body"]
                paragraphs = [*(body.get("summary") or ())]
                for section in body["sections"]:
                    paragraphs += [*section["headline"], *section["paragraphs"]]
                text = "\n".join(paragraphs)
                yield Sample(page.get("title") or "", text, detect_language(text) or "en")


def make_article(sample: Sample) -> Article:
    """Return an article of which only title, text and language matter."""
    return Article(
        article_id="a-0",
        entry_id=0,
        source_id="benchmark",
        url="",
        compare_url="",
        title=sample.title,
        text=sample.text,
        language=sample.language,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        attribution=Attribution(publisher=""),
        extractor="none",
    )


def report(path: Path, judged: list[tuple[Sample, Judgement]], seconds: float) -> None:
    """Print verdicts by language, the labelled ones apart, and the titles of what was not discarded."""
    print(f"\n{path.name}: {len(judged)} judged, {seconds / max(1, len(judged)) * 1000:.2f} ms each")
    counts = Counter((sample.language, judgement.verdict) for sample, judgement in judged)
    for language in sorted({sample.language for sample, _ in judged}):
        line = "  ".join(
            f"{name} {counts[language, name]}" for name in ("alert", "accept", "review", "discard")
        )
        print(f"  {language}: {line}")
    labelled = [(sample, judgement) for sample, judgement in judged if sample.is_relevant is not None]
    for truth in (True, False):
        verdicts = Counter(judgement.verdict for sample, judgement in labelled if sample.is_relevant is truth)
        if verdicts:
            print(f"  labelled {'relevant' if truth else 'not relevant'}: {dict(verdicts)}")
    for verdict in ("alert", "accept", "review"):
        kept = [(sample, judgement) for sample, judgement in judged if judgement.verdict == verdict]
        for sample, judgement in sorted(kept, key=lambda pair: -pair[1].score)[:SHOWN]:
            print(f"  {verdict:7} {judgement.score:.2f}  {sample.title[:70]}  |  {judgement.reason[:110]}")


def main() -> None:
    """Judge everything in the files given."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    began = time.perf_counter()
    topic = load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")
    print(f"topic {topic.file.id} {topic.version} loaded in {time.perf_counter() - began:.2f} s")
    for path in map(Path, sys.argv[1:]):
        samples = list(read_samples(path))
        articles = [make_article(sample) for sample in samples]
        began = time.perf_counter()
        judgements = [judge(article, topic) for article in articles]
        seconds = time.perf_counter() - began
        report(path, list(zip(samples, judgements, strict=True)), seconds)


if __name__ == "__main__":
    main()
