"""The labelled pairs of texts can be read, and mean what their description says."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from benchmarks.syndication_pairs import PAIRS, Pair, parse_label, read_pairs, read_texts, split_texts

KEY = re.compile(r"[0-9a-f]{16}")


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return read_pairs(PAIRS)


def test_there_are_enough_pairs_of_every_label(pairs: list[Pair]) -> None:
    assert len(pairs) >= 300
    assert min(Counter(pair.label for pair in pairs).values()) >= 20


def test_labels_are_in_range() -> None:
    with PAIRS.open(encoding="utf-8") as lines:
        header, *rows = [line.rstrip("\n").split("\t") for line in lines]
    label, uncertain, second = (header.index(name) for name in ("label", "uncertain", "second_reading"))
    assert {row[label] for row in rows} == {"same", "derived", "independent"}
    assert {row[uncertain] for row in rows} == {"0", "1"}
    assert {row[second] for row in rows} <= {"", "same", "derived", "independent"}
    assert {len(row) for row in rows} == {len(header)}


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="'copied' is not one of same, derived, independent"):
        parse_label("copied")


def test_keys_are_ordered_and_pairs_unique(pairs: list[Pair]) -> None:
    for pair in pairs:
        assert KEY.fullmatch(pair.one), pair
        assert KEY.fullmatch(pair.other), pair
        assert pair.one < pair.other
    assert len({(pair.one, pair.other) for pair in pairs}) == len(pairs)


def test_containment_is_a_share_within_its_stratum(pairs: list[Pair]) -> None:
    for pair in pairs:
        assert 0 <= pair.containment <= 1
        if pair.stratum == "few":
            assert pair.containment >= 0.5
        elif "-" in pair.stratum.removeprefix("round-up "):
            least, most = map(float, pair.stratum.removeprefix("round-up ").split("-"))
            assert least <= pair.containment <= most
        else:
            assert pair.containment == float(pair.stratum)


def test_pairs_of_a_stratum_weigh_the_same(pairs: list[Pair]) -> None:
    weights: dict[str, set[float]] = defaultdict(set)
    for pair in pairs:
        weights[pair.stratum].add(pair.weight)
    assert all(len(some) == 1 and min(some) >= 1 for some in weights.values())
    assert weights["few"] == {1.0}  # drawn whole


def test_forty_were_read_twice(pairs: list[Pair]) -> None:
    assert sum(pair.second_reading is not None for pair in pairs) == 40


def test_halves_share_no_reprint(pairs: list[Pair]) -> None:
    halves = split_texts(pairs)
    assert set(halves.values()) == {0, 1}
    for pair in pairs:
        assert not pair.is_reprint or halves[pair.one] == halves[pair.other]


@pytest.mark.shared
def test_every_key_is_a_text_of_the_collection(pairs: list[Pair], shared_data: Path) -> None:
    texts = read_texts(shared_data / "syndication" / "helsinki_articles.csv.gz")
    assert {key for pair in pairs for key in (pair.one, pair.other)} <= set(texts)
