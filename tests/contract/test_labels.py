"""The labels of relevance are well formed, follow the guideline, and point at items that exist."""

import csv
import gzip
import hashlib
import json
import re
import tarfile
from collections.abc import Callable
from math import isclose
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
LABELS = PROJECT / "benchmarks" / "labels"
GUIDELINE = PROJECT / "docs" / "relevance.md"
COLUMNS = ["key", "stratum", "label", "uncertain", "science", "cooperation", "international", "weight"]
FACETS = ("science", "cooperation", "international")
HEXADECIMAL = r"[0-9a-f]{16}"


def read_labels(name: str) -> list[dict[str, str]]:
    with (LABELS / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert rows.fieldnames == COLUMNS
        return list(rows)


def hash_key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_json_lines(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def find_headline_keys(data: Path) -> set[str]:
    rows = read_json_lines(data / "headlines" / "china-media-half.jsonl.gz")
    return {hash_key(row["headline"]) for row in rows}


def find_zh_keys(data: Path) -> set[str]:
    return {row["id"] for row in read_json_lines(data / "zh" / "xwlb-to-2024.jsonl.gz")}


def find_page_keys(data: Path) -> set[str]:
    with tarfile.open(data / "pages" / "fundus.tar.gz") as archive:
        return {Path(name).name for name in archive.getnames() if name.endswith(".html.gz")}


def find_catalogue_labels(data: Path) -> dict[str, str]:
    with (data / "domain" / "catalogue-dev.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {hash_key(row["url"]): row["relevant"] for row in rows}


# file, shape of its keys, least number of items
FILES = [
    ("relevance_headlines", HEXADECIMAL, 600),
    ("relevance_zh", r"[0-9]{8}-[0-9]{2}", 300),
    ("relevance_pages", r"[^/\s]+\.html\.gz", 258),
    ("relevance_catalogue", HEXADECIMAL, 1),
]
NAMES = [name for name, _, _ in FILES]


def test_every_file_of_relevance_labels_is_known() -> None:
    assert {path.stem for path in LABELS.glob("relevance_*.tsv")} == set(NAMES)


@pytest.mark.parametrize(("name", "shape", "least"), FILES, ids=NAMES)
def test_keys_are_unique_well_formed_and_enough(name: str, shape: str, least: int) -> None:
    keys = [row["key"] for row in read_labels(name)]
    assert len(keys) >= least
    assert len(set(keys)) == len(keys)
    assert [key for key in keys if not re.fullmatch(shape, key)] == []


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_in_range_and_need_all_three_facets(name: str) -> None:
    for row in read_labels(name):
        assert {row[column] for column in ("label", "uncertain", *FACETS)} <= {"0", "1"}, row["key"]
        assert row["label"] == "0" or all(row[facet] == "1" for facet in FACETS), row["key"]


@pytest.mark.parametrize("name", NAMES)
def test_a_stratum_has_one_weight_which_is_at_least_one(name: str) -> None:
    weights: dict[str, set[str]] = {}
    for row in read_labels(name):
        weights.setdefault(row["stratum"], set()).add(row["weight"])
    assert {stratum: len(found) for stratum, found in weights.items()} == dict.fromkeys(weights, 1)
    assert all(float(weight) >= 1 for found in weights.values() for weight in found)


@pytest.mark.parametrize("name", ["relevance_headlines", "relevance_zh"])
def test_both_classes_hold_certain_and_uncertain_items(name: str) -> None:
    kinds = {(row["label"], row["uncertain"]) for row in read_labels(name)}
    assert kinds == {("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")}


def test_no_text_is_stored() -> None:
    for path in LABELS.glob("relevance_*.tsv"):
        assert re.fullmatch(r"[\w.:\-\t\n]*", path.read_text(encoding="utf-8"), re.ASCII), path.name


def test_readme_counts_what_the_files_hold() -> None:
    text = (LABELS / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        rows = read_labels(name)
        table_row = next(line for line in text.splitlines() if line.startswith(f"| {name}.tsv |"))
        *_, items, relevant, uncertain = (cell.strip() for cell in table_row.strip("| ").split("|"))
        assert (relevant, uncertain) == tuple(
            str(sum(row[column] == "1" for row in rows)) for column in ("label", "uncertain")
        ), name
        assert f"{len(rows):,}" in items or len(rows) == 1, name


def test_readme_and_guideline_agree_on_the_version() -> None:
    given = re.search(r"version \*\*(\d+\.\d+)\*\*", GUIDELINE.read_text(encoding="utf-8"))
    assert given
    assert f"version {given[1]} of" in (LABELS / "README.md").read_text(encoding="utf-8")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "find_keys"),
    [
        ("relevance_headlines", find_headline_keys),
        ("relevance_zh", find_zh_keys),
        ("relevance_pages", find_page_keys),
        ("relevance_catalogue", find_catalogue_labels),
    ],
)
def test_every_key_exists_in_the_data(
    name: str, find_keys: Callable[[Path], set[str] | dict[str, str]], shared_data: Path
) -> None:
    existing = set(find_keys(shared_data))
    assert {row["key"] for row in read_labels(name)} <= existing


@pytest.mark.shared
def test_all_pages_are_labelled(shared_data: Path) -> None:
    assert {row["key"] for row in read_labels("relevance_pages")} == find_page_keys(shared_data)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "find_keys"), [("relevance_headlines", find_headline_keys), ("relevance_zh", find_zh_keys)]
)
def test_weights_add_up_to_the_whole_file(
    name: str, find_keys: Callable[[Path], set[str]], shared_data: Path
) -> None:
    first_drawing = [row for row in read_labels(name) if ":" not in row["stratum"]]
    total = sum(float(row["weight"]) for row in first_drawing)
    assert isclose(total, len(find_keys(shared_data)), abs_tol=1)


@pytest.mark.shared
def test_weights_of_the_fresh_items_add_up_to_what_was_left_of_2024(shared_data: Path) -> None:
    rows = read_labels("relevance_zh")
    fresh = [row for row in rows if row["stratum"].startswith("fresh:")]
    others = {row["key"] for row in rows} - {row["key"] for row in fresh}
    left = [key for key in find_zh_keys(shared_data) - others if key.startswith("2024")]
    assert all(row["key"].startswith("2024") for row in fresh)
    assert isclose(sum(float(row["weight"]) for row in fresh), len(left), abs_tol=1)


@pytest.mark.shared
def test_the_catalogue_file_holds_only_what_contradicts_the_catalogue(shared_data: Path) -> None:
    catalogue = find_catalogue_labels(shared_data)
    for row in read_labels("relevance_catalogue"):
        assert row["label"] != catalogue[row["key"]]
