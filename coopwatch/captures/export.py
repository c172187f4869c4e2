"""Captures as a WARC file (ISO 28500:2017, WARC 1.1), which this and every other archive tool can read."""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC
from http import HTTPStatus
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from coopwatch import __version__
from coopwatch.captures.errors import CaptureDamagedError, CaptureError, CaptureMissingError
from coopwatch.captures.replaying import restore_capture
from coopwatch.captures.store import CaptureStore
from coopwatch.fetch.answers import is_moved_permanently, keep_headers
from coopwatch.warehouse.captures import CaptureRow
from schemas.records import Capture, Record

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token (RFC 9110 5.6.2)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class Exported(Record):
    """What an export came to: how many answers, how many bytes their bodies have, how many were left out."""

    captures: int = 0
    body_bytes: int = 0
    left_out: int = 0


Progress = Callable[[CaptureRow, CaptureError | None], None]
"""Is told of each answer, and why it was left out if it was."""


def _say_nothing(row: CaptureRow, error: CaptureError | None) -> None:
    pass


def export_warc(
    rows: Iterable[CaptureRow],
    store: CaptureStore,
    path: Path,
    *,
    progress: Progress = _say_nothing,
) -> Exported:
    """Write captures to a WARC file, gzipped record by record if its name ends in `.gz`.

    Each answer is a response record under its final URL. Where that is not the URL that was asked for, a
    redirect under the latter leads there. Bodies are written as they are kept, without the encodings
    that they had on the wire. One body is in memory at a time, and the file appears when it is complete.

    Args:
        rows: in the order in which they were fetched; replay takes the last answer of a URL.
        store: has the bodies.
        path: the file; one that is there is replaced.
        progress: called after each answer.

    Raises:
        CaptureError: there is nothing to export, the store cannot be read, or the file not be written.
            A body that is missing or damaged is left out instead.
        WarehouseError: the rows cannot be read.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    captures = body_bytes = left_out = 0
    try:
        with temporary.open("xb") as file:
            writer = WARCWriter(file, gzip=path.suffix == ".gz", warc_version="1.1")
            writer.write_record(writer.create_warcinfo_record(path.name, _about()))
            for row in rows:
                try:
                    capture = restore_capture(row, store)
                except (CaptureMissingError, CaptureDamagedError) as error:
                    left_out += 1
                    progress(row, error)
                else:
                    _write_answer(writer, capture)
                    captures += 1
                    body_bytes += row.size_bytes
                    progress(row, None)
        if not captures:
            missing = f" ({left_out} without their bodies)" if left_out else ""
            raise CaptureError(f"{path}: not written, since there is no such capture{missing}")
        temporary.replace(path)
    except OSError as error:
        raise CaptureError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    return Exported(captures=captures, body_bytes=body_bytes, left_out=left_out)


def _about() -> dict[str, str]:
    return {
        "software": f"coopwatch/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }


def _write_answer(writer: WARCWriter, capture: Capture) -> None:
    _write_response(writer, capture)
    if capture.final_url != capture.url:
        redirect = {
            "final_url": capture.url,
            "status": HTTPStatus.MOVED_PERMANENTLY if is_moved_permanently(capture) else HTTPStatus.FOUND,
            "headers": (("Location", capture.final_url),),
            "body": b"",
        }
        _write_response(writer, capture.model_copy(update=redirect))


def _write_response(writer: WARCWriter, answer: Capture) -> None:
    head = _Head(
        f"{answer.status:d} {responses.get(answer.status, '')}".rstrip(),
        [*_clean_headers(answer.headers), ("Content-Length", str(len(answer.body)))],
        protocol="HTTP/1.1",
    )
    record = writer.create_warc_record(
        answer.final_url,
        "response",
        payload=BytesIO(answer.body),
        length=len(answer.body),
        http_headers=head,
        warc_headers_dict={"WARC-Date": f"{answer.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"},
    )
    writer.write_record(record)


def _clean_headers(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the headers that can stand in a message, each on one line."""
    for name, value in keep_headers(headers):
        if _HEADER_NAME.fullmatch(name):
            yield name, _CONTROL.sub(" ", value).strip()


class _Head(StatusAndHeaders):  # type: ignore[misc] # warcio ships no types
    """Status line and headers in the bytes in which they came; warcio would escape those beyond ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        text = f"{self.to_str(filter_func)}\r\n"
        try:
            return text.encode("latin-1")  # how http.client has read them
        except UnicodeEncodeError:
            return text.encode("utf-8", "replace")
