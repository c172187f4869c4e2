"""What is forgotten after a time, and the upkeep of the files behind a warehouse.

Forgotten are bodies of texts, their older versions, and what is found by them: fingerprints and the index
of the search. What was learnt from a text stays: its title, address and place among the texts, what it
says of which event with the sentences that say so, and every ledger and label.

An article whose text is empty is one whose text is not kept: the gate lets no other empty text in.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import pairwise

from pydantic import Field
from sqlalchemy import ColumnClause, Connection, Integer, delete, exists, select, table, text, update
from sqlalchemy import column as any_column

from coopwatch.warehouse.database import Database
from schemas.records import Record
from schemas.tables import article, article_version, fingerprint

_AT_ONCE = 500  # articles in one transaction: others want to write, too
_SLICES = 64  # of the fingerprints, in one transaction each
_LEAST_HASH, _HASHES = -(2**63), 2**64
_VACUUM_FREE_SHARE = 0.1  # of an SQLite file: less is not worth writing all of it anew


class Upkeep(Record):
    """What the upkeep of a database came to, in bytes.

    Attributes:
        bytes_before: its size.
        bytes_after: its size now.
        was_vacuumed: whether it gave space back to the system.
        note: why it did not, if that is worth a word.
    """

    bytes_before: int = Field(ge=0)
    bytes_after: int = Field(ge=0)
    was_vacuumed: bool
    note: str = ""


def empty_texts(database: Database, before: datetime) -> int:
    """Forget the texts of articles that were fetched before a time; return how many there were.

    It is done in small transactions; one that is interrupted is completed by the next call.
    """
    emptied = 0
    while numbers := database.write(lambda connection: _empty_some(connection, before)):
        emptied += len(numbers)
    database.write(lambda connection: _empty_versions(connection, before))
    for least, most in _slice_hashes():
        database.write(partial(_forget_fingerprints, least=least, most=most))
    return emptied


def maintain(database: Database, free_bytes: int | None = None) -> Upkeep:
    """Give space back, renew the statistics of the planner, and fold SQLite's log into its file.

    The caller sees to it that nothing else writes for long: SQLite rewrites the whole file.

    Args:
        database: the warehouse.
        free_bytes: what the disk of an SQLite file has left, which may have to hold the file once more.

    Raises:
        WarehouseError: another transaction is in the way for too long.
    """
    with database.autocommit() as connection:
        if database.is_sqlite:
            return _maintain_sqlite(connection, free_bytes)
        return _maintain_postgres(connection)


def _empty_some(connection: Connection, before: datetime) -> list[int]:
    query = (
        select(article.c.article_no)
        .where(article.c.fetched_at < before, article.c.text != "")
        .order_by(article.c.article_no)
        .limit(_AT_ONCE)
    )
    numbers = list(connection.scalars(query))
    if numbers:
        connection.execute(update(article).where(article.c.article_no.in_(numbers)).values(text=""))
        name = "rowid" if connection.dialect.name == "sqlite" else "article_no"
        key: ColumnClause[int] = any_column(name, Integer)
        connection.execute(delete(table("article_search", key)).where(key.in_(numbers)))
    return numbers


def _empty_versions(connection: Connection, before: datetime) -> None:
    old = (article_version.c.fetched_at < before, article_version.c.text != "")
    connection.execute(update(article_version).where(*old).values(text=""))


def _forget_fingerprints(connection: Connection, least: int, most: int) -> None:
    """Delete those of emptied texts within a range of hashes: the table is ordered by them alone."""
    is_emptied = exists().where(article.c.article_no == fingerprint.c.article_no, article.c.text == "")
    connection.execute(delete(fingerprint).where(fingerprint.c.hash.between(least, most), is_emptied))


def _slice_hashes() -> Iterator[tuple[int, int]]:
    """Give the ranges, both ends included, into which all signed 64-bit numbers are cut."""
    starts = [_LEAST_HASH + number * (_HASHES // _SLICES) for number in range(_SLICES + 1)]
    for start, end in pairwise(starts):
        yield start, end - 1


def _maintain_sqlite(connection: Connection, free_bytes: int | None) -> Upkeep:
    def ask(pragma: str) -> int:
        return int(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() or 0)

    page_bytes = ask("page_size")
    pages, free_pages = ask("page_count"), ask("freelist_count")
    needed = (pages - free_pages) * page_bytes
    is_worthwhile = free_pages > _VACUUM_FREE_SHARE * pages
    has_room = free_bytes is None or free_bytes > 2 * needed  # the new file, and the log it goes through
    if is_worthwhile and has_room:
        connection.exec_driver_sql("VACUUM")
    connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
    connection.exec_driver_sql("PRAGMA optimize")
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Upkeep(
        bytes_before=pages * page_bytes,
        bytes_after=ask("page_count") * page_bytes,
        was_vacuumed=is_worthwhile and has_room,
        note="" if has_room or not is_worthwhile else "no room on the disk to give space back",
    )


def _maintain_postgres(connection: Connection) -> Upkeep:
    size = text("SELECT pg_database_size(current_database())")
    before = connection.scalar(size) or 0
    connection.execute(text("VACUUM (ANALYZE)"))
    return Upkeep(bytes_before=before, bytes_after=connection.scalar(size) or 0, was_vacuumed=True)
