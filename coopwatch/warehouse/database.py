"""Connections and transactions: the one place that opens them.

SQLite writers begin IMMEDIATE, so that a transaction that reads and then writes waits for its turn
instead of failing half way; PostgreSQL readers see one snapshot. A transaction whose connection is lost
is done once more on a new one, unless it may have been committed. Whatever the database refuses leaves
here as a `WarehouseError` of one line, without the password.
"""

import fcntl
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from coopwatch.errors import WarehouseError
from coopwatch.warehouse.engines import hide_password, is_disconnect, is_lock_conflict, make_engine

T = TypeVar("T")

WRITE_ATTEMPTS = 6
EXCLUSIVE_TIMEOUT_SECONDS = 600.0
DATABASE_PATIENCE_SECONDS = 60.0  # how long a server that was there may be gone: it restarts, or fails over


class Database:
    """One database behind reads, writes and locks.

    Args:
        url: an address from `parse_url`.
        checks_references: see `make_engine`.
        patience_seconds: how long to wait for a server that was there and does not answer.
    """

    def __init__(
        self,
        url: URL,
        *,
        checks_references: bool = True,
        patience_seconds: float = DATABASE_PATIENCE_SECONDS,
    ) -> None:
        self.url = url
        self.patience_seconds = patience_seconds
        self.url_safe = hide_password(url)
        self._engine = make_engine(url, checks_references=checks_references)
        self._writing = self._engine.execution_options(coopwatch_writes=True)
        self._reading = self._engine
        self._was_there = False
        self._guards: list[Callable[[Connection], None]] = []
        if not self.is_sqlite:
            self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def is_sqlite(self) -> bool:
        """Whether this is an SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def file(self) -> Path:
        """The file of an SQLite warehouse."""
        return Path(self.url.database or "")

    def free_bytes(self) -> int | None:
        """Return how much room the disk of an SQLite warehouse has; None where a server keeps it."""
        return shutil.disk_usage(self.file.parent).free if self.is_sqlite else None

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one snapshot and writes nothing.

        Raises:
            WarehouseError: the database refuses.
        """
        try:
            with self._connect(self._reading) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self._explain(error) from error

    def ask(self, work: Callable[[Connection], T]) -> T:
        """Do work that only reads, on one snapshot; once more if the connection is lost.

        Args:
            work: gets the connection; must have no effect outside it, since it may run twice.

        Returns:
            What the work returns.

        Raises:
            WarehouseError: the database refuses, or does not come back.
        """
        try:
            with self._connect(self._reading) as connection:
                return work(connection)
        except SQLAlchemyError as error:
            if not is_disconnect(error):
                raise self._explain(error) from error
        with self.read() as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do work in one transaction; start it again when another transaction is in its way.

        A transaction whose connection is lost is started again once, and not if the loss came with its
        commit: then nobody knows whether it holds, and the caller has to write on keys that make a
        repetition harmless.

        Args:
            work: gets the connection; must have no effect outside it, since it may run several times.

        Returns:
            What the work returns.

        Raises:
            WarehouseError: the database refuses, is still locked after all attempts, does not come back,
                or was lost for a second time.
        """
        attempt = 1
        was_lost = False
        while True:
            is_committing = False
            try:
                with self._connect(self._writing) as connection, connection.begin():
                    for guard in self._guards:
                        guard(connection)
                    result = work(connection)
                    is_committing = True
            except SQLAlchemyError as error:
                is_lost = is_disconnect(error) and not is_committing and not was_lost
                if not is_lost and (attempt >= WRITE_ATTEMPTS or not is_lock_conflict(error)):
                    raise self._explain(error) from error
                was_lost |= is_lost
            else:
                return result
            time.sleep(random.uniform(0.5, 1) * 0.05 * 2**attempt)  # noqa: S311 - spread, not secrecy
            attempt += 1

    @contextmanager
    def guard(self, check: Callable[[Connection], None]) -> Iterator[None]:
        """Let every transaction that writes begin with a check, which raises what forbids it."""
        self._guards.append(check)
        try:
            yield
        finally:
            self._guards.remove(check)

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """Give a connection on which every statement is a transaction of its own, as VACUUM has to be.

        Raises:
            WarehouseError: the database refuses.
        """
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        try:
            with self._connect(engine) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self._explain(error) from error

    @contextmanager
    def hold(self, name: str, timeout_seconds: float = EXCLUSIVE_TIMEOUT_SECONDS) -> Iterator[None]:
        """Hold a named lock on the warehouse; it ends with the process that holds it, even a killed one.

        Raises:
            WarehouseError: another process held it for too long.
        """
        with self._locking(name) as try_lock:
            deadline = time.monotonic() + timeout_seconds
            while not try_lock():
                if time.monotonic() >= deadline:
                    raise WarehouseError(
                        f"{self.url_safe}: another run has held the {name} lock for {timeout_seconds:.0f} s"
                    )
                time.sleep(0.05)
            yield

    @contextmanager
    def _locking(self, name: str) -> Iterator[Callable[[], bool]]:
        """Give a function that tries once to take the lock; leaving gives the lock back."""
        if self.is_sqlite:
            try:
                lock_file = self.file.with_name(f"{self.file.name}.{name}.lock").open("w")
            except OSError as error:
                raise WarehouseError(f"{self.url_safe}: {error.strerror}: {error.filename}") from error
            with lock_file:
                try:
                    yield lambda: _try_file_lock(lock_file.fileno())
                finally:  # closing is not enough where a forked worker has inherited the file
                    fcntl.flock(lock_file, fcntl.LOCK_UN)
            return
        attempt = select(func.pg_try_advisory_lock(crc32(f"coopwatch {name}".encode())))
        try:
            with self._connect(self._engine).execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.detach()  # so that leaving ends the session, and with it the lock
                yield lambda: bool(connection.scalar(attempt))
        except SQLAlchemyError as error:
            raise self._explain(error) from error

    def _connect(self, engine: Engine) -> Connection:
        """Open a connection; wait for a server that was there before and is not now."""
        is_expected = self._was_there and not self.is_sqlite
        deadline = time.monotonic() + (self.patience_seconds if is_expected else 0.0)
        pause = 0.1
        while True:
            try:
                connection = engine.connect()
            except SQLAlchemyError:
                if time.monotonic() + pause > deadline:
                    raise
            else:
                self._was_there = True
                return connection
            time.sleep(pause)
            pause = min(2 * pause, 5.0)

    def _explain(self, error: SQLAlchemyError) -> WarehouseError:
        cause: Any = getattr(error, "orig", None) or error
        return WarehouseError(f"{self.url_safe}: {' '.join(str(cause).split())}")


def _try_file_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
