"""What all parts of the warehouse stand on."""

from contextlib import AbstractContextManager

from coopwatch.warehouse.database import Database
from coopwatch.warehouse.fences import hold_fenced


class Part:
    """Some of the methods of `Warehouse`."""

    _database: Database

    def linking(self) -> AbstractContextManager[None]:
        """Hold, while texts are grouped, linked and written, what only one run may do at a time.

        Two runs that look up texts and events at the same time would each found the same ones. Another
        run waits here; the lock ends with the process, even a killed one; see `fences`.
        """
        return hold_fenced(self._database, "linking")
