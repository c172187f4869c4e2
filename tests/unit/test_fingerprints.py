import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.fingerprints import fingerprint, split_tokens
from coopwatch.shingles import grain_of, hash_shingles

VOCABULARY = [f"word{number}" for number in range(4000)]


def write(seed: int, length: int) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(VOCABULARY) for _ in range(length)]


def find_shared(one: list[str], other: list[str]) -> int:
    return len({*fingerprint(" ".join(one), "en")} & {*fingerprint(" ".join(other), "en")})


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Science–and TECHNOLOGY: “one”", ["science", "and", "technology", "one"]),
        ("中俄2021年ITER合作", ["中", "俄", "2021", "年", "iter", "合", "作"]),
        ("ﬁve Ｎｏｄｅｓ", ["five", "nodes"]),
        ("", []),
    ],
)
def test_tokens_are_words_or_unspaced_characters(text: str, tokens: list[str]) -> None:
    assert split_tokens(text) == tokens


def test_fingerprints_are_the_same_in_every_process() -> None:
    text = " ".join(write(1, 120))
    code = f"from coopwatch.fingerprints import fingerprint; print(fingerprint({text!r}, 'en'))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(fingerprint(text, "en"))
    assert all(-(2**63) <= key < 2**63 for key in fingerprint(text, "en"))


@pytest.mark.parametrize("length", [30, 33, 100, 112, 113, 150, 700])
def test_the_smallest_hash_of_every_window_is_kept(length: int) -> None:
    words, grain = write(length, length), grain_of("en")
    sentences = [words[start : start + 1 + start % 9] for start in range(0, length, 10)]
    hashes = hash_shingles([word for sentence in sentences for word in sentence], grain.shingle)
    expected = set()
    for part, window in (
        (hashes[: grain.lead], grain.lead_window),
        (hashes[grain.lead :], grain.body_window),
    ):
        expected |= {
            min(part[start : start + window]) for start in range(max(bool(part), len(part) - window + 1))
        }
    text = " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
    assert {*fingerprint(text, "en")} == (expected if sum(map(len, sentences)) >= grain.least else set())


def test_case_punctuation_and_line_breaks_do_not_matter() -> None:
    words = write(2, 100)
    assert fingerprint(" ".join(words), "en") == fingerprint(",\n".join(words).upper(), "en")


@pytest.mark.parametrize(
    ("text", "language"), [("", "en"), ("one two three", "en"), ("科技合作" * 10, "zh"), ("  \n", "fr")]
)
def test_texts_too_short_to_be_recognised_have_none(text: str, language: str) -> None:
    assert fingerprint(text, language) == ()


@given(seed=st.integers(0, 10_000), cut=st.integers(60, 90))
def test_a_cut_keeps_two_fingerprints_of_the_whole(seed: int, cut: int) -> None:
    whole = write(seed, 400)
    assert find_shared(whole, whole[:cut]) >= 2
    assert find_shared(whole, ["somewhere", "nov", "7", "agency", *whole[:cut]]) >= 2


def test_a_piece_inside_a_longer_text_is_found() -> None:
    found = sum(
        find_shared(write(seed, 150), write(seed + 1, 300) + write(seed, 150)) >= 2 for seed in range(100)
    )
    assert found >= 98


def test_unrelated_texts_share_nothing() -> None:
    assert find_shared(write(3, 500), write(4, 500)) == 0


def test_the_number_of_fingerprints_is_bounded() -> None:
    lengths = {400: [], 5000: []}  # type: dict[int, list[int]]
    for length, counts in lengths.items():
        counts += [len(fingerprint(" ".join(write(seed, length)), "en")) for seed in range(20)]
    assert sum(lengths[400]) / 20 <= 32
    assert max(lengths[5000]) <= 48


def test_chinese_is_compared_by_character() -> None:
    chance = random.Random(5)
    whole = "".join(chr(chance.randrange(0x4E00, 0x5E00)) for _ in range(800))
    assert len({*fingerprint(whole, "zh")} & {*fingerprint(whole[:150], "zh-Hant")}) >= 2
