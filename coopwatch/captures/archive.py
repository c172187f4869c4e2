"""Archived answers in the place of the network: what was captured can be replayed without it."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from coopwatch.errors import FetchError, ReplayError
from coopwatch.fetch.answers import follow_redirects, has_body_to_keep, keep_headers
from coopwatch.fetch.client import NO_HEADERS
from coopwatch.fetch.decoding import CHUNK_BYTES, read_body
from coopwatch.settings import Settings
from schemas.records import Capture

_READ_ERRORS = (
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    AttributeError,  # so warcio meets a record that lacks a mandatory header
)


class ArchiveFetcher:
    """Answers every request from WARC files (ISO 28500), plain or gzipped record by record.

    Only where each response lies is kept in memory. Where a URL was captured several times, the last
    response in the order of the files counts; a 304 and a revisit record only repeat an earlier response
    and are passed over. Conditional headers are ignored: the answer is the archived one. Safe to share
    among threads.

    Args:
        paths: the files.
        max_bytes: the most that a body may have after decompression.

    Raises:
        ReplayError: a file cannot be read, is no WARC file, is damaged, or holds no response.
    """

    def __init__(
        self, paths: Sequence[Path], *, max_bytes: int = Settings.model_fields["fetch_max_bytes"].default
    ) -> None:
        self._paths = tuple(paths)
        self._max_bytes = max_bytes
        self._places: dict[str, tuple[Path, int]] = {}
        for path in self._paths:
            places = {url: (path, offset) for url, offset in _find_responses(path)}
            if not places:
                raise ReplayError(f"{path}: holds no HTTP responses")
            self._places |= places

    def get(self, url: str, *, headers: Mapping[str, str] = NO_HEADERS) -> Capture:  # noqa: ARG002
        """Return the archived answer, redirects followed inside the archive.

        Args:
            url: looked up as it is, then without its fragment.
            headers: ignored.

        Raises:
            FetchError: not_in_archive, or what the archived answer amounts to, as if it came now.
            ReplayError: the file has changed since it was opened.
        """
        return follow_redirects(url, self._exchange, is_conditional=False)

    def _exchange(self, url: str) -> Capture:
        place = self._places.get(url) or self._places.get(url.partition("#")[0])
        if place is None:
            raise FetchError(url, "not_in_archive", f"not in {self._name_archives()}")
        path, offset = place
        try:
            with path.open("rb") as file:
                file.seek(offset)
                return self._read_capture(url, next(WARCIterator(file)))
        except (*_READ_ERRORS, StopIteration) as error:
            raise ReplayError(f"{path}: cannot be read at byte {offset}: {_say(error)}") from error

    def _read_capture(self, url: str, record: Any) -> Capture:
        answer = record.http_headers
        status = _status_of(record)
        body = b""
        if has_body_to_keep(status):
            if record.payload_length > self._max_bytes:
                raise FetchError(url, "too_large", f"{record.payload_length:,} bytes")
            stream = record.raw_stream
            if "chunked" in (answer.get_header("Transfer-Encoding") or "").lower():
                stream = ChunkedDataReader(stream)
            body = read_body(
                iter(lambda: stream.read(CHUNK_BYTES), b""),
                answer.get_header("Content-Encoding"),
                url=url,
                max_bytes=self._max_bytes,
            )
        return Capture(
            url=url,
            final_url=url,
            status=status,
            headers=keep_headers(answer.headers),
            body=body,
            fetched_at=_parse_warc_date(record.rec_headers.get_header("WARC-Date")),
        )

    def _name_archives(self) -> str:
        names = [path.name for path in self._paths]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _find_responses(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the URL and the byte offset of each response in a file, once it is known to be whole."""
    offset = 0
    try:
        with path.open("rb") as file:
            records = WARCIterator(file)
            for record in records:
                is_answer = record.rec_type == "response" and _status_of(record) not in (0, 304)
                url = record.rec_headers.get_header("WARC-Target-URI")
                offset = records.get_record_offset()  # reads to the end of the record
                if record.raw_stream.limit > 0 or records.err_count:
                    raise ReplayError(f"{path}: cut short or damaged at byte {offset}")
                if is_answer and url:
                    yield url, offset
    except _READ_ERRORS as error:
        raise ReplayError(f"{path}: cannot be read after byte {offset}: {_say(error)}") from error


def _say(error: BaseException) -> str:
    """Return one line on what is wrong with a file."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "not a WARC file, or not gzipped record by record"


def _status_of(record: Any) -> int:
    """Return the HTTP status of a record, 0 if it has none."""
    code = record.http_headers.get_statuscode() if record.http_headers else ""
    return int(code) if code.isascii() and code.isdigit() else 0


def _parse_warc_date(value: str | None) -> datetime:
    """Return the time of capture; the standard demands one, but a response without it is still one."""
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        return datetime.now(UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
