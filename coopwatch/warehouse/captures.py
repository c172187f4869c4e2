"""The index of captures: which answer came for which address, and when; the bodies lie elsewhere.

An address that gives the same answer again and again is indexed once a day: then what it gave at any time
is the latest row before that time, and what it gives now is never older than the retention.
"""

from bisect import bisect_right
from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection, Select, and_, delete, select

from coopwatch.warehouse.rows import chunked, columns_of, insert_missing, read_records
from schemas.records import Identifier, Record
from schemas.tables import capture

CapturePurpose = Literal["feed", "page"]

SAME_ANSWER_FOR = timedelta(days=1)  # the same answer is not indexed again for this long
_READ_AHEAD = 500  # rows that are held in memory while captures are read one by one


class CaptureRow(Record):
    """One HTTP answer whose body is kept under its hash.

    `headers` are those that were kept, `size_bytes` is the length of the body, and `content_type` the
    header of that name. `run_id` is given by the warehouse when the row is recorded.
    """

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    fetched_at: AwareDatetime
    content_type: str | None = None
    size_bytes: int = Field(ge=0)
    purpose: CapturePurpose
    source_id: Identifier | None = None
    entry_id: int | None = None
    run_id: str | None = None


def record_captures(
    connection: Connection, run_id: str, captures: Sequence[CaptureRow], now: datetime
) -> None:
    """Index captures; again, it changes nothing.

    A capture is left out if the one before it of its address, less than a day ago, gave the same answer:
    the same body from the same address with the same status.

    Args:
        connection: in a transaction.
        run_id: the run that fetched them.
        captures: in any order.
        now: when they are recorded.
    """
    answers = _read_around(connection, captures)
    rows = []
    for item in sorted(captures, key=lambda item: item.fetched_at):
        known = answers[item.url]
        place = bisect_right(known, item.fetched_at, key=lambda answer: answer.fetched_at)
        answer = _Answer(item.fetched_at, item.sha256, item.final_url, item.status)
        if place and _is_same(known[place - 1], answer):
            continue
        known.insert(place, answer)
        rows.append(item.model_dump() | {"url_key": item.url, "run_id": run_id, "recorded_at": now})
    insert_missing(connection, capture, rows)


class _Answer(NamedTuple):
    fetched_at: datetime
    sha256: str
    final_url: str
    status: int


def _is_same(before: _Answer, answer: _Answer) -> bool:
    return before[1:] == answer[1:] and answer.fetched_at - before.fetched_at < SAME_ANSWER_FOR


def _read_around(connection: Connection, captures: Sequence[CaptureRow]) -> dict[str, list[_Answer]]:
    """Return the answers of the same addresses that a capture may repeat, the earliest first."""
    found: dict[str, list[_Answer]] = {item.url: [] for item in captures}
    times = [item.fetched_at for item in captures]
    for urls in chunked(list(found)):
        query = (
            select(capture.c.url, *(capture.c[name] for name in _Answer._fields))
            .where(capture.c.url_key.in_(urls))
            .where(capture.c.fetched_at.between(min(times) - SAME_ANSWER_FOR, max(times)))
            .order_by(capture.c.fetched_at)
        )
        for url, *answer in connection.execute(query):
            found.setdefault(url, []).append(_Answer(*answer))  # cleaned, it may be another text
    return found


def find_capture(connection: Connection, url: str) -> CaptureRow | None:
    """Return the latest capture of an address."""
    return _find(connection, _select(), url)


def read_captures(
    connection: Connection,
    since: datetime | None,
    until: datetime | None,
    url: str | None,
    purpose: CapturePurpose | None,
) -> Generator[CaptureRow, None, None]:
    """Give captures one by one, the oldest first: fetched at `since` or later, and before `until`."""
    query = _select().order_by(capture.c.fetched_at, capture.c.url_key, capture.c.sha256)
    if since is not None:
        query = query.where(capture.c.fetched_at >= since)
    if until is not None:
        query = query.where(capture.c.fetched_at < until)
    if url is not None:
        query = query.where(capture.c.url_key == url)
    if purpose is not None:
        query = query.where(capture.c.purpose == purpose)
    with connection.execute(query, execution_options={"yield_per": _READ_AHEAD}) as found:
        for row in found.mappings():
            yield CaptureRow.model_validate(dict(row))


def expire_captures(connection: Connection, before: datetime) -> tuple[str, ...]:
    """Delete what was recorded before a time; return the hashes of bodies that nothing refers to any more.

    What an archive brings was fetched long before it was recorded, and is kept as long as everything else.
    The bodies are to be deleted after the transaction: a body without a row is waste, a row without its
    body a loss.
    """
    # the first condition follows from the second, and has an index
    is_over = and_(capture.c.fetched_at < before, capture.c.recorded_at < before)
    expired = delete(capture).where(is_over).returning(capture.c.sha256)
    hashes = sorted(set(connection.scalars(expired)))
    kept: set[str] = set()
    for some in chunked(hashes):
        kept.update(connection.scalars(select(capture.c.sha256).where(capture.c.sha256.in_(some))))
    return tuple(sha256 for sha256 in hashes if sha256 not in kept)


def _select() -> Select[tuple[object, ...]]:
    return select(*columns_of(CaptureRow, capture))


def _find(connection: Connection, query: Select[tuple[object, ...]], url: str) -> CaptureRow | None:
    query = query.where(capture.c.url_key == url).order_by(capture.c.fetched_at.desc()).limit(1)
    return next(iter(read_records(connection, query, CaptureRow)), None)
