"""Many things at once: no key has too many, no slow key holds the others up, every outcome comes."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopwatch.fairness import host_key, run_fairly


class Watch:
    """Work that notes how many items were in it at once."""

    def __init__(self, seconds: Callable[[str], float] = lambda _: 0.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.most_together = 0
        self.started: list[str] = []

    def __call__(self, item: str) -> str:
        key = item[0]
        with self._lock:
            self.started.append(item)
            self._now[key] += 1
            self.most[key] = max(self.most[key], self._now[key])
            self.most_together = max(self.most_together, self._now.total())
        time.sleep(self._seconds(item))
        with self._lock:
            self._now[key] -= 1
        return item


def first_letter(item: str) -> str:
    return item[0]


@settings(max_examples=50, deadline=None)
@given(
    items=st.lists(st.sampled_from(["a", "b", "c", "d1", "d2"]), max_size=40),
    threads=st.integers(1, 6),
    per_key=st.integers(1, 3),
)
def test_every_outcome_comes_once_and_the_limits_hold(items: list[str], threads: int, per_key: int) -> None:
    watch = Watch()
    outcomes = list(run_fairly(items, watch, key=first_letter, threads=threads, per_key=per_key))
    assert sorted(outcomes) == sorted(items)
    assert watch.most_together <= threads
    assert all(most <= per_key for most in watch.most.values())


def test_a_slow_key_leaves_threads_for_the_others() -> None:
    slow = [f"s{number}" for number in range(4)]
    quick = [f"{letter}{number}" for letter in "abc" for number in range(5)]
    watch = Watch(lambda item: 0.3 if item.startswith("s") else 0.0)
    outcomes = run_fairly([*slow, *quick], watch, key=first_letter, threads=4, per_key=2)
    assert {next(outcomes) for _ in quick} == set(quick)
    assert set(outcomes) == set(slow)
    assert watch.most["s"] == 2


def test_keys_take_turns() -> None:
    items = [*(f"a{number}" for number in range(5)), "b1", "b2", "c1"]
    watch = Watch()
    list(run_fairly(items, watch, key=first_letter, threads=1, per_key=1))
    assert watch.started == ["a0", "b1", "c1", "a1", "b2", "a2", "a3", "a4"]


def test_all_threads_are_used() -> None:
    watch = Watch(lambda _: 0.05)
    list(run_fairly("abcdefgh", watch, key=first_letter, threads=4, per_key=1))
    assert watch.most_together == 4


def test_work_does_not_run_ahead_of_who_takes_the_outcomes() -> None:
    watch = Watch()
    outcomes = run_fairly(
        [f"{chr(97 + n % 26)}{n}" for n in range(100)], watch, key=first_letter, threads=3, per_key=1
    )
    next(outcomes)
    time.sleep(0.1)
    assert len(watch.started) <= 6
    assert len(list(outcomes)) == 99


def test_with_every_outcome_that_is_taken_another_item_begins() -> None:
    watch = Watch()
    outcomes = run_fairly("abcdefgh", watch, key=first_letter, threads=4, per_key=1)
    for taken in range(1, 4):
        next(outcomes)
        time.sleep(0.1)  # all that have begun end, and wait to be taken
        assert len(watch.started) == 4 + taken - 1
    assert len(list(outcomes)) == 5


def test_what_work_raises_ends_it() -> None:
    def work(item: str) -> str:
        raise KeyError(item)

    with pytest.raises(KeyError):
        list(run_fairly("abc", work, key=first_letter, threads=2, per_key=1))


def test_a_key_that_has_to_wait_takes_no_thread() -> None:
    begun: dict[str, float] = {}
    allowed_at: dict[str, float] = {}

    def claim(key: str, running: int) -> float:
        left = allowed_at.get(key, 0.0) - time.monotonic()
        if left > 0:
            return left
        allowed_at[key] = time.monotonic() + (0.5 if key == "s" else 0.0)
        return 0.0

    def work(item: str) -> str:
        begun[item] = time.monotonic()
        return item

    items = ["s1", "s2", "s3", *(f"{letter}{number}" for letter in "abc" for number in range(5))]
    outcomes = list(run_fairly(items, work, key=first_letter, threads=1, per_key=1, claim=claim))
    assert outcomes[0] == "s1"
    assert outcomes[-2:] == ["s2", "s3"]
    assert sorted(outcomes) == sorted(items)
    assert begun["s2"] - begun["s1"] >= 0.4
    assert begun["s3"] - begun["s2"] >= 0.4
    assert max(begun[item] for item in items[3:]) < begun["s2"]


def test_a_key_may_wait_for_what_is_in_work() -> None:
    met: set[str] = set()

    def claim(key: str, running: int) -> float:
        return inf if running and key not in met else 0.0

    watch = Watch(lambda _: 0.05)

    def work(item: str) -> str:
        outcome = watch(item)
        met.add(item[0])
        return outcome

    outcomes = run_fairly(["a1", "a2", "a3", "b1"], work, key=first_letter, threads=4, per_key=2, claim=claim)
    assert sorted(outcomes) == ["a1", "a2", "a3", "b1"]
    assert watch.started[:2] == ["a1", "b1"]
    assert watch.most["a"] == 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://A.example:8443/x", "a.example"), ("mailto:x", "mailto:x"), ("http://[", "http://[")],
)
def test_host_key(url: str, expected: str) -> None:
    assert host_key(url) == expected
