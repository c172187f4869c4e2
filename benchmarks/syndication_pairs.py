"""The labelled pairs of texts, dealt into halves, and what the present rule says of them."""

import csv
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from benchmarks.syndication import PARAGRAPH
from coopwatch.fingerprints import fingerprint
from coopwatch.overlap import Overlap, compare
from coopwatch.prepared import Prepared
from coopwatch.publishers import Publishers
from coopwatch.syndication import MIN_SHARED_FINGERPRINTS
from coopwatch.wires import attribute
from schemas.records import Source

ROOT = Path(__file__).resolve().parent.parent
PAIRS = ROOT / "benchmarks" / "labels" / "syndication_pairs.tsv"
ARTICLES = ROOT.parent / "shared" / "data" / "syndication" / "helsinki_articles.csv.gz"
REPEATED = 0.5  # of the rule for spaced scripts; below it the rule groups short texts alone
LANGUAGE = "en"
TUNED_HALF = 1  # rules are tried on it; the other is held out

Label = Literal["same", "derived", "independent"]
LABELS: tuple[Label, ...] = get_args(Label)


@dataclass(frozen=True)
class Pair:
    """Two texts, and what a reader found them to be.

    Attributes:
        one: the first 16 hexadecimal digits of the SHA-256 of a text; `other` is the greater one.
        containment: of the shorter text's 4-word shingles in the longer text, before any cleaning.
        weight: pairs in the stratum for each that was drawn.
        second_reading: the label of a second reading; None where there was none.
    """

    one: str
    other: str
    stratum: str
    containment: float
    label: Label
    is_uncertain: bool
    weight: float
    second_reading: Label | None

    @property
    def is_reprint(self) -> bool:
        """Same or derived."""
        return self.label != "independent"

    def count(self, *, is_weighted: bool) -> float:
        """Return for how many pairs it stands."""
        return self.weight if is_weighted else 1.0


@dataclass(frozen=True)
class Comparison:
    """What the present rule says of a pair."""

    pair: Pair
    overlap: Overlap
    shared_fingerprints: int

    @property
    def is_candidate(self) -> bool:
        """Whether the fingerprints would have found the pair."""
        return self.shared_fingerprints >= MIN_SHARED_FINGERPRINTS

    @property
    def is_grouped(self) -> bool:
        """Whether the rule ties the two texts together directly."""
        return self.is_candidate and self.overlap.relation is not None

    @property
    def cause(self) -> str:
        """Why the rule is right or wrong, in the order in which it decides."""
        if self.is_grouped:
            return "grouped"
        if self.overlap.repeated < REPEATED:
            return f"repeated less than {REPEATED:.0%}"
        if self.overlap.conflict:
            return "kept apart by a mark"
        return (
            "no lead, or short and reworded"
            if self.overlap.relation is None
            else "too few fingerprints shared"
        )


def parse_label(value: str) -> Label:
    """Return the label of that name.

    Raises:
        ValueError: there is none.
    """
    if label := next((label for label in LABELS if label == value), None):
        return label
    raise ValueError(f"{value!r} is not one of {', '.join(LABELS)}")


def read_pairs(path: Path) -> list[Pair]:
    """Read the labelled pairs in the order of the file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Pair(
                one=row["one"],
                other=row["other"],
                stratum=row["stratum"],
                containment=float(row["containment"]),
                label=parse_label(row["label"]),
                is_uncertain=row["uncertain"] == "1",
                weight=float(row["weight"]),
                second_reading=parse_label(row["second_reading"]) if row["second_reading"] else None,
            )
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def key_of(text: str) -> str:
    """Return the key by which a text is stored in a pair."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_texts(path: Path) -> dict[str, tuple[str, str]]:
    """Return publisher and text of every article by the key of its text; of equal texts the first."""
    texts: dict[str, tuple[str, str]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            texts.setdefault(key_of(row["text"]), (row["publisher"], row["text"]))
    return texts


def clean(publisher: str, text: str, publishers: Publishers) -> str:
    """Take off what production takes off; the first paragraph stands in for the title."""
    paragraphs = text.split(PARAGRAPH)
    source = Source(
        id="benchmark", name=publisher, kind="feed", url="https://feed.invalid/", publisher=publisher
    )
    return attribute(
        paragraphs[0].strip(), "\n".join(paragraphs), source, "", None, publishers=publishers
    ).text


def compare_pairs(
    pairs: Sequence[Pair], texts: dict[str, str], learnt: dict[str, frozenset[int]]
) -> list[Comparison]:
    """Compare the two texts of every pair by the present rule; `learnt` is boilerplate by key of a text."""
    wanted = {key for pair in pairs for key in (pair.one, pair.other)}
    none: frozenset[int] = frozenset()
    prints = {key: {*fingerprint(texts[key], LANGUAGE, learnt.get(key, none))} for key in wanted}
    prepared = {key: Prepared(texts[key], LANGUAGE, learnt.get(key, none)) for key in wanted}
    return [
        Comparison(
            pair,
            compare(prepared[pair.one], prepared[pair.other]),
            len(prints[pair.one] & prints[pair.other]),
        )
        for pair in pairs
    ]


def split_texts(pairs: Sequence[Pair]) -> dict[str, int]:
    """Deal the texts into two halves; texts that labels tie together stay in one.

    Groups go to the smaller half, the largest first; the two largest stories are therefore apart.
    """
    leader: dict[str, str] = {}

    def find(key: str) -> str:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    for pair in pairs:
        one, other = find(pair.one), find(pair.other)
        if pair.is_reprint:
            leader[one] = other
    groups: dict[str, list[str]] = defaultdict(list)
    for key in leader:
        groups[find(key)].append(key)
    halves: dict[str, int] = {}
    sizes = [0, 0]
    for group in sorted(groups.values(), key=lambda keys: (-len(keys), min(keys))):
        half = int(sizes[0] > sizes[1])
        sizes[half] += len(group)
        halves |= dict.fromkeys(group, half)
    return halves
