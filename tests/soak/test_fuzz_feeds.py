"""Twenty thousand damaged feeds: see `benchmarks.fuzz_feeds` for what holds of each."""

import random
from pathlib import Path

import pytest

from benchmarks.fuzz_feeds import DAMAGES, read_captured, run_fuzz, shorten_feed

pytestmark = [pytest.mark.soak, pytest.mark.shared]

INPUTS = 20_000


def test_no_damage_breaks_the_parser_or_loses_an_item_uncounted(shared_data: Path) -> None:
    seed = random.randrange(1_000_000)
    seeds = [shorten_feed(body) for body in read_captured(shared_data / "feeds" / "captured-100.tar.gz")]
    counts, problems = run_fuzz(seeds, INPUTS, seed)
    assert not problems, f"{len(problems)} problems, seed {seed}"
    assert counts["all", "fast"] > INPUTS / 5, "the damage leaves something for the fast reader"
    assert counts["all", "feedparser"] > INPUTS / 5
    assert all(counts[damage.__name__, "fast"] for damage in DAMAGES)
