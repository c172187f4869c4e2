"""Doing many things at once without letting one host have all the threads."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import lru_cache
from heapq import heappop, heappush
from math import inf
from typing import TypeVar

from coopwatch.errors import UrlError
from coopwatch.urls import host_of

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


@lru_cache(maxsize=4096)
def host_key(url: str) -> str:
    """Return what requests to a URL are counted by: its host, or the text itself if it is no URL."""
    try:
        return host_of(url)
    except UrlError:
        return url


def claim_at_once(_key: str, _running: int) -> float:
    """Let every item begin as soon as there is room for it."""
    return 0.0


def run_fairly(
    items: Iterable[Item],
    work: Callable[[Item], Outcome],
    *,
    key: Callable[[Item], str],
    threads: int,
    per_key: int,
    claim: Callable[[str, int], float] = claim_at_once,
) -> Iterator[Outcome]:
    """Do work in threads and yield the outcomes as they finish; keys take turns.

    No key ever has more than `per_key` items in work, so a slow one leaves the other threads free, and one
    that has to wait between its items does so without a thread. At most `threads` outcomes wait to be
    taken, so memory is bounded however slowly they are.

    Args:
        items: in the order to begin with.
        work: what to do with one; what it raises ends the iteration.
        key: what the item is limited by, such as its host.
        threads: how many items are in work at once.
        per_key: how many of them may have the same key.
        claim: asked, with a key and how many of its items are in work, before the next of them begins:
            0 if it may, else in how many seconds to ask again. Infinite is for when one in work has ended.
    """
    queues: dict[str, deque[Item]] = {}
    for item in items:
        queues.setdefault(key(item), deque()).append(item)
    ready = deque(queues)  # the keys, by turn, that have an item waiting and room for it
    resting: list[tuple[float, str]] = []  # a heap of those that have both but must wait, by when they may
    idle: set[str] = set()  # the keys that are in neither
    busy: Counter[str] = Counter()
    running: dict[Future[Outcome], str] = {}
    ended: deque[Future[Outcome]] = deque()  # not taken yet
    with ThreadPoolExecutor(threads, thread_name_prefix="collect") as pool:
        while ready or resting or running or ended:
            while resting and resting[0][0] <= time.monotonic():
                ready.append(heappop(resting)[1])
            while ready and len(running) + len(ended) < threads:
                turn = ready.popleft()
                seconds = claim(turn, busy[turn])
                if seconds == inf and busy[turn]:
                    idle.add(turn)
                elif seconds > 0:
                    heappush(resting, (time.monotonic() + seconds, turn))
                else:
                    running[pool.submit(work, queues[turn].popleft())] = turn
                    busy[turn] += 1
                    if queues[turn] and busy[turn] < per_key:
                        ready.append(turn)
                    else:
                        idle.add(turn)
            for future in _wait_for_any(running, -inf if ended else resting[0][0] if resting else inf):
                ended.append(future)
                turn = running.pop(future)
                busy[turn] -= 1
                if queues[turn] and turn in idle:
                    idle.remove(turn)
                    ready.append(turn)
            if ended:  # one at a time, so that something else begins before the others are taken
                yield ended.popleft().result()


def _wait_for_any(running: Iterable[Future[Outcome]], until: float) -> set[Future[Outcome]]:
    """Wait until one has ended, but no longer than until a time; return those that have."""
    left = max(until - time.monotonic(), 0.0)
    if running:
        return wait(running, None if left == inf else left, FIRST_COMPLETED).done
    time.sleep(left)
    return set()
