"""Doing many things at once without letting one host have all the threads."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from coopwatch.errors import UrlError
from coopwatch.urls import host_of

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def host_key(url: str) -> str:
    """Return what requests to a URL are counted by: its host, or the text itself if it is no URL."""
    try:
        return host_of(url)
    except UrlError:
        return url


def run_fairly(
    items: Iterable[Item],
    work: Callable[[Item], Outcome],
    *,
    key: Callable[[Item], str],
    threads: int,
    per_key: int,
) -> Iterator[Outcome]:
    """Do work in threads and yield the outcomes as they finish; keys take turns.

    No key ever has more than `per_key` items in work, so a slow one leaves the other threads free. At
    most `threads` outcomes wait to be taken, so memory is bounded however slowly they are.

    Args:
        items: in the order to begin with.
        work: what to do with one; what it raises ends the iteration.
        key: what the item is limited by, such as its host.
        threads: how many items are in work at once.
        per_key: how many of them may have the same key.
    """
    queues: dict[str, deque[Item]] = {}
    for item in items:
        queues.setdefault(key(item), deque()).append(item)
    ready = deque(queues)  # the keys, by turn, that have an item waiting and room for it
    busy: Counter[str] = Counter()
    running: dict[Future[Outcome], str] = {}
    with ThreadPoolExecutor(threads, thread_name_prefix="collect") as pool:
        while ready or running:
            while ready and len(running) < threads:
                turn = ready.popleft()
                running[pool.submit(work, queues[turn].popleft())] = turn
                busy[turn] += 1
                if queues[turn] and busy[turn] < per_key:
                    ready.append(turn)
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                turn = running.pop(future)
                busy[turn] -= 1
                if queues[turn] and turn not in ready:
                    ready.append(turn)
            for future in done:
                yield future.result()
