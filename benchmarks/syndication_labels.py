"""Same, derived or independent: the rule for reprints beside the labels of real pairs.

    python -m benchmarks.syndication_labels [--articles helsinki_articles.csv.gz] [--pairs PAIRS.tsv]

How the pairs were drawn and labelled is told in benchmarks/labels/syndication.md. Same and derived count
as positive. "Each pair" counts every labelled pair once; "weighted" counts it for the pairs of its stratum
that were not drawn, and so estimates the figures over all pairs of the collection. Texts are compared as
they come ("raw"), and after bylines, datelines and furniture were taken off as in production ("cleaned").
"""

import argparse
import csv
import gzip
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from benchmarks.syndication import PARAGRAPH, group_in_batches, read_articles
from coopwatch.fingerprints import fingerprint
from coopwatch.overlap import Overlap, Prepared, compare
from coopwatch.publishers import Publishers, load_publishers
from coopwatch.settings import CONFIG_DIR
from coopwatch.syndication import MIN_SHARED_FINGERPRINTS
from coopwatch.wires import attribute
from schemas.records import Article, Membership, Source

ROOT = Path(__file__).resolve().parent.parent
PAIRS = ROOT / "benchmarks" / "labels" / "syndication_pairs.tsv"
ARTICLES = ROOT.parent / "shared" / "data" / "syndication" / "helsinki_articles.csv.gz"
REPEATED = 0.5  # of the rule for spaced scripts; below it the rule groups short texts alone
LANGUAGE = "en"

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


def describe(compared: Sequence[Comparison], says: Callable[[Comparison], bool]) -> str:
    """Return precision and recall, each pair once and weighted, and the wrong and missed pairs."""
    figures = []
    for is_weighted in (False, True):
        counted = [(each, each.pair.count(is_weighted=is_weighted)) for each in compared]
        found = sum(count for each, count in counted if says(each))
        right = sum(count for each, count in counted if says(each) and each.pair.is_reprint)
        wanted = sum(count for each, count in counted if each.pair.is_reprint)
        figures += [right / found if found else 1.0, right / wanted if wanted else 1.0]
    wrong = sum(says(each) and not each.pair.is_reprint for each in compared)
    missed = sum(each.pair.is_reprint and not says(each) for each in compared)
    return "".join(f"{figure:9.3f}" for figure in figures) + f"{wrong:7}{missed:8}"


def report(name: str, compared: Sequence[Comparison], halves: dict[str, int]) -> None:
    """Print how the rule and how containment alone stand, on one view of the texts."""
    certain = [each for each in compared if not each.pair.is_uncertain]
    within = [each for each in compared if halves[each.pair.one] == halves[each.pair.other]]
    first = [each for each in within if halves[each.pair.one] == 0]
    second = [each for each in within if halves[each.pair.one] == 1]
    print(f"\n{name:34}    each pair         weighted")
    print(f"{'':34}     prec.   recall    prec.   recall  wrong  missed")
    rows: list[tuple[str, Sequence[Comparison], Callable[[Comparison], bool]]] = [
        ("rule, among candidates", compared, lambda each: each.is_grouped),
        ("  without the uncertain pairs", certain, lambda each: each.is_grouped),
        (f"  first half ({len(first)} pairs)", first, lambda each: each.is_grouped),
        (f"  second half ({len(second)} pairs)", second, lambda each: each.is_grouped),
        ("rule, every pair compared", compared, lambda each: each.overlap.relation is not None),
        ("shared fingerprints alone", compared, lambda each: each.is_candidate),
    ]
    by_hash = [
        int(hashlib.sha256((each.pair.one + each.pair.other).encode()).hexdigest(), 16) % 2
        for each in compared
    ]
    for half in (0, 1):
        hashed = [each for each, which in zip(compared, by_hash, strict=True) if which == half]
        rows.append((f"  pairs by hash, half {half} ({len(hashed)})", hashed, lambda each: each.is_grouped))
    for title, some, says in rows:
        print(f"{title:34}{describe(some, says)}")
    for measure in ("repeated", "containment"):
        for least in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8):
            found = {
                id(each): each.is_candidate
                and not each.overlap.conflict
                and getattr(each.overlap, measure) >= least
                for each in compared
            }
            kept = describe(compared, lambda each, found=found: found[id(each)])  # type: ignore[misc]
            print(f"{f'candidates, {measure} ≥ {least:.2f}':34}{kept}")


def report_groups(
    pairs: Sequence[Pair], articles: Sequence[Article], memberships: Sequence[Membership]
) -> None:
    """Print how often the two texts of a pair end in one group, which is what counts as one voice."""
    keys = {row.article_id: key_of(row.text.replace("\n", PARAGRAPH)) for row in articles}
    groups: dict[str, set[str]] = defaultdict(set)
    for membership in memberships:
        groups[keys[membership.article_id]].add(membership.text_group_id)
    print("\nshare in one group                 reprints   independent")
    for title, is_weighted in (("each pair", False), ("weighted", True)):
        shares = []
        for is_reprint in (True, False):
            some = [pair for pair in pairs if pair.is_reprint == is_reprint]
            counted = [(pair, pair.count(is_weighted=is_weighted)) for pair in some]
            together = sum(count for pair, count in counted if groups[pair.one] & groups[pair.other])
            shares.append(together / sum(count for _, count in counted))
        print(f"{title:34}{shares[0]:10.3f}{shares[1]:14.4f}")


def report_errors(compared: Sequence[Comparison]) -> None:
    """Print the wrong and the missed pairs by cause, with the keys of their texts."""
    errors: dict[str, list[Comparison]] = defaultdict(list)
    for each in compared:
        if each.is_grouped != each.pair.is_reprint:
            errors[("missed: " if each.pair.is_reprint else "wrong: ") + each.cause].append(each)
    print("\nerrors by kind (cleaned)                            pairs  weighted  uncertain")
    for kind, some in sorted(errors.items(), key=lambda item: -len(item[1])):
        weight = sum(each.pair.weight for each in some)
        print(f"{kind:49}{len(some):6}{weight:10.0f}{sum(each.pair.is_uncertain for each in some):11}")
    for kind, some in sorted(errors.items()):
        print(f"\n{kind}")
        for each in some:
            pair, overlap = each.pair, each.overlap
            print(
                f"  {pair.one} {pair.other} {pair.label:12}{'?' if pair.is_uncertain else ' '} "
                f"contained {overlap.containment:.2f} lead {overlap.lead:.2f} alike {overlap.jaccard:.2f} "
                f"fingerprints {each.shared_fingerprints}"
            )


def main() -> None:
    """Print the reports."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=Path, default=ARTICLES)
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    options = parser.parse_args()
    pairs, texts = read_pairs(options.pairs), read_texts(options.articles)
    publishers = load_publishers(CONFIG_DIR / "publishers.yaml")
    print(
        f"{len(pairs)} pairs of {len({key for pair in pairs for key in (pair.one, pair.other)})} texts:",
        end=" ",
    )
    print(
        dict(Counter(pair.label for pair in pairs)), f"uncertain {sum(pair.is_uncertain for pair in pairs)}"
    )
    twice = [pair.label == pair.second_reading for pair in pairs if pair.second_reading]
    print(f"read a second time: {len(twice)}, of which the label stands in {sum(twice)}")
    halves = split_texts(pairs)
    rows = read_articles(options.articles)
    memberships, _, boilerplate = group_in_batches(rows)
    learnt = {
        key: boilerplate[publisher] for key, (publisher, _) in texts.items() if publisher in boilerplate
    }
    raw = {key: text.replace(PARAGRAPH, "\n") for key, (_, text) in texts.items()}
    report("texts as they come", compare_pairs(pairs, raw, learnt), halves)
    cleaned = {key: clean(publisher, text, publishers) for key, (publisher, text) in texts.items()}
    report("nothing learnt", compare_pairs(pairs, cleaned, {}), halves)
    compared = compare_pairs(pairs, cleaned, learnt)
    report("texts cleaned", compared, halves)
    report_groups(pairs, rows, memberships)
    report_errors(compared)


if __name__ == "__main__":
    main()
