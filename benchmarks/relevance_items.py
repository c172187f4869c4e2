"""The labelled texts that relevance is measured on: labels beside this file, texts beside the checkout."""

import csv
import gzip
import hashlib
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.extraction import read_pages
from coopwatch.languages import detect_language
from coopwatch.relevance.corpus import Example

LABELS = Path(__file__).parent / "labels"


class Item(NamedTuple):
    """A labelled text and what it counts for."""

    example: Example
    set_name: str
    is_held_out: bool
    weight: float


def read_real(data: Path) -> list[Item]:
    """Return all real items that are labelled and whose texts are there."""
    return [
        *_read_labelled(data / "headlines" / "china-media-half.jsonl.gz", "headlines", _read_headlines),
        *_read_labelled(data / "zh" / "xwlb-to-2024.jsonl.gz", "zh", _read_items),
        *_read_labelled(data / "pages" / "fundus.tar.gz", "pages", _read_pages),
        *_read_catalogue(data / "domain" / "catalogue-dev.tsv"),
    ]


class _Text(NamedTuple):
    key: str
    title: str
    text: str
    language: str
    is_held_out: bool


def _read_labelled(path: Path, name: str, read: Callable[[Path], Iterator[_Text]]) -> Iterator[Item]:
    rows = _read_rows(name)
    seen = set()
    for found in read(path) if path.exists() else ():
        row = rows.get(found.key)
        if row and found.key not in seen:  # one headline may be there twice
            seen.add(found.key)
            drawing = row["stratum"].rpartition(":")[0]
            set_name = f"{name} {drawing}".rstrip()
            yield _make_item(
                found, set_name, row["label"] == "1", row["uncertain"] == "1", float(row["weight"])
            )


def _read_rows(name: str) -> dict[str, dict[str, str]]:
    with (LABELS / f"relevance_{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return {row["key"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def _make_item(found: _Text, name: str, is_relevant: bool, is_uncertain: bool, weight: float) -> Item:
    example = Example(
        example_id=found.key,
        series=found.key,
        origin="real",
        language=found.language,
        title=found.title,
        text=found.text,
        is_relevant=is_relevant,
        is_uncertain=is_uncertain,
    )
    return Item(example, name, found.is_held_out, weight)


def _read_headlines(path: Path) -> Iterator[_Text]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for title in (json.loads(line)["headline"] for line in lines):
            key = _hash(title)
            yield _Text(key, title, "", "en", int(key[0], 16) >= 8)


def _read_items(path: Path) -> Iterator[_Text]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield _Text(row["id"], row["title"] or "", row["text"], "zh", row["id"].startswith("2024"))


def _read_pages(path: Path) -> Iterator[_Text]:
    """Yield the reviewed title and text of every page."""
    names: dict[str, str] = {}
    with tarfile.open(path, "r|gz") as archive:
        for member in archive:
            if member.name.endswith("/meta.info") and (stream := archive.extractfile(member)):
                names |= {capture["url"]: name for name, capture in json.load(stream).items()}
    for page in read_pages(path):
        language = detect_language(page.text) or "en"
        yield _Text(names[page.url], page.title, page.text, language, False)


def _read_catalogue(path: Path) -> Iterator[Item]:
    settled = _read_rows("catalogue")
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["title"].startswith("("):  # a description instead of the title
                continue
            key = _hash(row["url"])
            label = settled.get(key, {"label": row["relevant"], "uncertain": "0"})
            found = _Text(key, row["title"], "", row["lang"], False)
            yield _make_item(found, "catalogue", label["label"] == "1", label["uncertain"] == "1", 1.0)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
