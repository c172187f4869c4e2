"""The warehouse as the stages see it; each method is one transaction."""

from types import TracebackType
from typing import Self

from coopwatch.errors import NoWarehouseError
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.facade.events import Events
from coopwatch.warehouse.facade.judgements import Judgements
from coopwatch.warehouse.facade.ledgers import Ledgers
from coopwatch.warehouse.facade.messages import Messages
from coopwatch.warehouse.facade.quality import Quality
from coopwatch.warehouse.facade.sources import Sources
from coopwatch.warehouse.facade.texts import Texts
from coopwatch.warehouse.migrating import has_schema, migrate


class Warehouse(Events, Judgements, Ledgers, Messages, Quality, Sources, Texts):
    """An open warehouse; use it as a context manager, or close it.

    Safe for threads, and beside other processes. Every method may raise `WarehouseError`: the database
    refuses, is gone, or stayed locked by another run.

    Args:
        database: at the schema that this version needs; see `open`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.url_safe = database.url_safe  # without the password

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the warehouse at an address, creating or migrating it as needed.

        Args:
            url: sqlite:///FILE (relative to the working directory; sqlite:////FILE is absolute) or
                postgresql://USER:PASSWORD@HOST/DATABASE.

        Raises:
            WarehouseError: it is no such address, cannot be opened, or belongs to a newer version.
        """
        parsed = parse_url(url)
        migrate(parsed)
        return cls(Database(parsed))

    @classmethod
    def open_existing(cls, url: str) -> Self:
        """Open the warehouse at an address if there is one, migrating it as needed; nothing is created.

        Args:
            url: as `open` takes it.

        Raises:
            NoWarehouseError: there is no file, or no warehouse in the database.
            WarehouseError: it is no such address, cannot be opened, or belongs to a newer version.
        """
        database = Database(parse_url(url))
        try:
            if not has_schema(database):
                raise NoWarehouseError(
                    f"{database.url_safe}: there is no warehouse yet; `coopwatch run` makes one"
                )
        finally:
            database.close()
        return cls.open(url)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
