"""Raw records of WARC files (ISO 28500), from any byte on, without looking into them twice.

FastWARC reads them, from any byte of a file on. warcio stays for replays, which need its random access by
URL, and for writing: its bytes are the same in every run.
"""

import glob
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from coopwatch.errors import ConfigError, ReplayError
from coopwatch.fetch.answers import keep_headers
from coopwatch.fetch.decoding import CHUNK_BYTES, read_body
from schemas.records import Capture

_MAX_HEADER_BYTES = 64 << 10


class RawRecord(NamedTuple):
    """One HTTP answer of an archive, its body still as it was on the wire.

    Attributes:
        offset: of the record in its file.
        url: that was asked for.
        status: of the answer, 0 if it has none.
        headers: of the answer.
        size_bytes: of the body on the wire.
        fetched_at: when.
        wire: the body on the wire; empty when it is larger than what was asked for.
    """

    offset: int
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    size_bytes: int
    fetched_at: datetime
    wire: bytes

    def header(self, name: str) -> str:
        """Return the first header of that name, empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def find_archives(patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the archives that paths, globs and URLs of fsspec name, each once, in their order.

    Raises:
        ConfigError: a pattern names no file.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        if "://" in pattern:
            names = _expand_url(pattern)
        else:
            names = [str(Path(name).resolve()) for name in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 - absolute patterns, too
        if not names:
            raise ConfigError(f"{pattern}: no such file")
        found |= dict.fromkeys(names)
    return tuple(found)


def measure_archives(archives: Sequence[str]) -> dict[str, int]:
    """Return the sizes in bytes of those archives that are files of this machine."""
    return {name: Path(name).stat().st_size for name in archives if Path(name).is_file()}


def read_records(item: str, offset: int, max_bytes: int) -> Iterator[RawRecord]:
    """Yield the responses of an archive that begin at a byte or behind it.

    Args:
        item: a path, or a URL of fsspec.
        offset: where a record begins.
        max_bytes: bodies that are larger on the wire are not read.

    Raises:
        ReplayError: it cannot be opened, is no WARC file, or is damaged from some byte on. A file that ends
            within the first compressed bytes of a record looks whole.
    """
    last = offset
    try:
        with _open(item) as file:
            file.seek(offset)
            records = ArchiveIterator(
                cast("Any", file),
                record_types=WarcRecordType.any_type,  # what is cut short may be a request
                parse_http=False,
                max_header_len=_MAX_HEADER_BYTES,
            )
            for record in records:
                last = record.stream_pos
                if record.record_type == WarcRecordType.response:
                    yield _read(record, max_bytes)
                else:
                    _check_whole(record, len(record.reader.read()))
    except (OSError, ValueError, EOFError) as error:  # what FastWARC and the file systems raise
        raise ReplayError(
            f"{item}: cannot be read after byte {last}: {' '.join(str(error).split())}"
        ) from error


def to_capture(record: RawRecord, max_bytes: int) -> Capture:
    """Return the answer with its encodings undone.

    Raises:
        FetchError: too_large, or encoding.
    """
    body, encoding = record.wire, record.header("content-encoding")
    if encoding:
        chunks = (body[at : at + CHUNK_BYTES] for at in range(0, len(body), CHUNK_BYTES))
        body = read_body(chunks, encoding, url=record.url, max_bytes=max_bytes)
    return Capture(
        url=record.url,
        final_url=record.url,
        status=record.status,
        headers=keep_headers(record.headers),
        body=body,
        fetched_at=record.fetched_at,
    )


def _read(record: WarcRecord, max_bytes: int) -> RawRecord:
    if record.is_http:
        record.parse_http()
    size = record.content_length
    answer = cast("HeaderMap | None", record.http_headers)  # of an answer that is none of HTTP
    moment = cast("datetime | None", record.record_date)
    headers = tuple(answer.to_tuples()) if answer is not None else ()
    wire = record.reader.read() if size <= max_bytes else b""
    _check_whole(record, len(wire) if size <= max_bytes else size)
    if wire and any(
        name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers
    ):
        wire = unchunk(wire)
    return RawRecord(
        offset=record.stream_pos,
        url=record.headers.get("WARC-Target-URI") or "",
        status=(answer.status_code or 0) if answer is not None else 0,
        headers=headers,
        size_bytes=size,
        fetched_at=(moment or datetime.now(UTC)).astimezone(UTC),
        wire=wire,
    )


def _check_whole(record: WarcRecord, size: int) -> None:
    if record.headers.get("Content-Length") is None or size < record.content_length:
        raise EOFError("a record is cut short")


def unchunk(wire: bytes) -> bytes:
    """Return a body without the frames of chunked transfer; as it is where it has none (RFC 9112 7.1).

    Crawlers often keep the header of a body that they have put together.
    """
    pieces: list[bytes] = []
    at = 0
    while True:
        end = wire.find(b"\r\n", at, at + 100)
        digits = wire[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
            return b"".join(pieces) if pieces and at >= len(wire) else wire
        length = int(digits, 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(wire[end + 2 : end + 2 + length])
        at = end + 2 + length + 2


def _open(item: str) -> IO[bytes]:
    if "://" not in item:
        return Path(item).open("rb")
    import fsspec  # type: ignore[import-untyped] # it ships no types

    return cast("IO[bytes]", fsspec.open(item, "rb", compression=None).open())


def _expand_url(pattern: str) -> list[str]:
    """Return the URLs that a pattern of fsspec names; without a wildcard it is not asked for yet."""
    if not any(sign in pattern for sign in "*["):
        return [pattern]
    from fsspec.core import url_to_fs  # type: ignore[import-untyped] # it ships no types

    try:
        files, path = url_to_fs(pattern)
        return [files.unstrip_protocol(name) for name in sorted(files.glob(path))]
    except (OSError, ValueError, ImportError) as error:
        raise ConfigError(f"{pattern}: cannot be listed: {' '.join(str(error).split())}") from error
