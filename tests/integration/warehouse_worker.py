"""A run that does nothing but take entries and load them, as a process of its own.

    python -m tests.integration.warehouse_worker URL RUN_ID [kill]

It says when the warehouse is open. Every entry becomes an article on event `e-1`. With `kill` the process
kills itself in the middle of its first transaction.
"""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta

from coopwatch.warehouse import Warehouse
from schemas.records import EventChange
from tests.builders import NOW, make_article, make_dossier
from tests.integration.warehouse_samples import make_batch

BATCH = 5


class LastChanges(tuple[EventChange, ...]):
    """Changes that nobody lives to read: by then most of the batch is written."""

    __slots__ = ()

    def __iter__(self) -> Iterator[EventChange]:
        """Kill the process."""
        os.kill(os.getpid(), signal.SIGKILL)
        yield from ()


def work_off(warehouse: Warehouse, run_id: str, *, is_killed: bool = False) -> None:
    """Load all pending entries, a few at a time."""
    warehouse.start_run(run_id, NOW)
    while taken := warehouse.take_pending(run_id, BATCH, NOW, timedelta(hours=1)):
        articles = [make_article(entry.entry_id) for entry in taken]
        prints = {
            article.article_id: tuple(range(article.entry_id, article.entry_id + 20)) for article in articles
        }
        batch = make_batch(*articles, dossiers=(make_dossier(*articles),), fingerprints=prints)
        changes = [
            EventChange(event_id="e-1", kind="new_source", revision=1, article_id=article.article_id)
            for article in articles
        ]
        warehouse.write_batch(run_id, batch, LastChanges(changes) if is_killed else changes, NOW)


if __name__ == "__main__":
    with Warehouse.open(sys.argv[1]) as opened:
        sys.stdout.write("open\n")
        sys.stdout.flush()
        work_off(opened, sys.argv[2], is_killed="kill" in sys.argv[3:])
