"""What keeps a short run short: its steps share what each would otherwise make for itself."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.context import SyncClientContext


@contextmanager
def spare_time() -> Iterator[None]:
    """Run steps with one client for all of them, and without looking for garbage where there is none.

    Without a client around it every task run makes its own, and reads the certificates of all authorities
    for it, even where the server has no TLS: that takes longer than most steps of a run with nothing new.

    What is loaded when a run begins stays until its process ends. The collector, which would look at all of
    it again and again, and once more at the end, leaves it alone from here on.
    """
    gc.freeze()
    with SyncClientContext.get_or_create():
        yield
