"""The synthetic training corpus is well formed, varied, and split so that no event is in both parts."""

import functools
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from coopwatch.languages import detect_language

CORPUS = Path(__file__).parent.parent.parent / "config" / "training"
LANGUAGES = ("ar", "de", "en", "es", "fr", "ja", "ko", "pt", "ru", "zh")
WITHOUT_SPACES = ("ja", "ko", "zh")  # Korean has spaces, but its words carry their particles
KINDS_OF_ACT = {
    "accession",
    "agreement",
    "conference",
    "delegation",
    "exchange",
    "facility",
    "initiative",
    "laboratory",
    "programme",
}
FACETS = ("science", "cooperation", "international")
TYPES = {
    "id": str,
    "kind": str,
    "series": str,
    "split": str,
    "label": int,
    "uncertain": bool,
    "science": int,
    "cooperation": int,
    "international": int,
    "hard": bool,
    "case": str,
    "title": str,
    "text": str,
    "provenance": str,
    "guideline": str,
}
MIN_ITEMS = {"article": 40, "sentence": 80}
MIN_HARD_SHARE = 0.4
MIN_TEST_DIGIT = 10  # first hexadecimal digit of the hash of a series that belongs to the test part
SHINGLE_WORDS = 5
SHINGLE_CHARACTERS = 8
MAX_SHARED = 0.5

Item = dict[str, Any]
FILES = sorted(CORPUS.glob("*.jsonl"))
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@functools.cache
def read_items(path: Path) -> tuple[Item, ...]:
    return tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def content_of(item: Item) -> str:
    return f"{item['title']}\n{item['text']}".strip()


def shingles(text: str, *, spaced: bool) -> frozenset[tuple[str, ...]]:
    """Return the runs of five words or eight characters; a shorter text is one run."""
    units = re.findall(r"\w+", text.lower()) if spaced else re.findall(r"\w", text.lower())
    size = SHINGLE_WORDS if spaced else SHINGLE_CHARACTERS
    return frozenset(tuple(units[start : start + size]) for start in range(max(1, len(units) - size + 1)))


def near_copies(texts: Iterable[tuple[str, frozenset[tuple[str, ...]]]]) -> list[tuple[str, str]]:
    """Return the pairs of which the shorter text shares more than half of its shingles with the other."""
    sizes: dict[str, int] = {}
    holders: dict[tuple[str, ...], list[str]] = {}
    shared: Counter[tuple[str, str]] = Counter()
    for key, found in texts:
        sizes[key] = len(found)
        for shingle in found:
            earlier = holders.setdefault(shingle, [])
            shared.update((other, key) for other in earlier)
            earlier.append(key)
    return [pair for pair, count in shared.items() if count > MAX_SHARED * min(sizes[key] for key in pair)]


def test_every_language_has_its_file() -> None:
    assert {path.stem for path in FILES} == set(LANGUAGES)


@each_file
def test_every_item_has_the_keys_and_types(path: Path) -> None:
    for item in read_items(path):
        assert list(item) == list(TYPES), item.get("id")
        assert {key: type(value) for key, value in item.items()} == TYPES, item["id"]
        assert item["kind"] in MIN_ITEMS, item["id"]
        assert re.fullmatch(rf"{path.stem}-{item['kind'][0]}-\d{{3}}", item["id"]), item["id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", item["series"]), item["id"]
        assert item["case"], item["id"]
        assert item["title"], item["id"]
        assert item["title"] == item["title"].strip(), item["id"]
        assert bool(item["text"]) == (item["kind"] == "article"), item["id"]
        assert (item["provenance"], item["guideline"]) == ("synthetic", "1.0"), item["id"]


@each_file
def test_labels_follow_the_guideline(path: Path) -> None:
    for item in read_items(path):
        assert {item["label"], *(item[facet] for facet in FACETS)} <= {0, 1}, item["id"]
        if item["label"]:
            assert all(item[facet] == 1 for facet in FACETS), item["id"]
            assert item["case"] in KINDS_OF_ACT, item["id"]
            assert not item["hard"], item["id"]


@each_file
def test_the_series_decides_the_part(path: Path) -> None:
    for item in read_items(path):
        digit = int(hashlib.sha256(item["series"].encode()).hexdigest()[0], 16)
        assert item["split"] == ("test" if digit >= MIN_TEST_DIGIT else "train"), item["id"]


@each_file
@pytest.mark.parametrize("kind", MIN_ITEMS)
def test_there_are_enough_items_and_hard_negatives(path: Path, kind: str) -> None:
    items = [item for item in read_items(path) if item["kind"] == kind]
    assert len(items) >= MIN_ITEMS[kind]
    assert sum(item["hard"] for item in items) >= MIN_HARD_SHARE * len(items)


@each_file
def test_all_kinds_of_act_occur(path: Path) -> None:
    assert {item["case"] for item in read_items(path) if item["label"]} == KINDS_OF_ACT


@each_file
def test_no_article_is_taken_for_another_language(path: Path) -> None:
    wrong = {
        item["id"]: detected
        for item in read_items(path)
        if item["kind"] == "article"
        and (detected := detect_language(content_of(item), declared=path.stem)) != path.stem
    }
    assert not wrong


def test_ids_are_unique() -> None:
    counts = Counter(item["id"] for path in FILES for item in read_items(path))
    assert not [key for key, count in counts.items() if count > 1]


def test_no_text_is_a_near_copy_of_another() -> None:
    texts = (
        (item["id"], shingles(content_of(item), spaced=path.stem not in WITHOUT_SPACES))
        for path in FILES
        for item in read_items(path)
    )
    assert not near_copies(texts)


def test_near_copies_are_found() -> None:
    texts = {
        "original": "two academies open a shared observatory on the northern plateau today",
        "renamed": "two academies open a shared observatory on the northern plateau in Chad",
        "other": "the two academies will open an observatory that they share next year",
    }
    assert near_copies((key, shingles(text, spaced=True)) for key, text in texts.items()) == [
        ("original", "renamed")
    ]
