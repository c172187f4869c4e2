"""Undoing content encodings while a body streams, so that no bomb is ever held in memory.

urllib3 has decoders of its own, but archived bodies need the same ones, and zstd needs a package that is
not among the dependencies. Every decoder yields pieces of bounded size, and every layer is counted.
"""

import zlib
from collections.abc import Callable, Iterator
from itertools import chain

import brotli
import zstandard

from coopwatch.errors import FetchError

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
CHUNK_BYTES = 65_536

_PIECE_BYTES = 1 << 18
_MAX_CODINGS = 3  # a page compressed twice by mistake exists; more is an attack on the processor
_ZSTD_WINDOW_BYTES = 8 << 20  # what a decoder must support and an encoder must not exceed (RFC 9659)
_ZSTD_SLICE_BYTES = 256  # zstandard has no limit on output; a block of 128 kB takes 4 bytes at least


def read_body(chunks: Iterator[bytes], content_encoding: str | None, *, url: str, max_bytes: int) -> bytes:
    """Return the body with its content encodings undone.

    An encoding that nobody registered ("UTF-8", "none") is ignored, as browsers do.

    Args:
        chunks: the body as it is on the wire, in pieces of about `CHUNK_BYTES`.
        content_encoding: the value of the Content-Encoding header.
        url: for the errors.
        max_bytes: the most that the body may have, compressed or not.

    Raises:
        FetchError: too_large, or encoding if the body is not what the header says, or is cut short.
    """
    codings = [part.strip().lower() for part in (content_encoding or "").split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if not all(coding in _DECODERS for coding in codings):
        codings = []
    if len(codings) > _MAX_CODINGS:
        raise FetchError(url, "encoding", f"{len(codings)} content encodings on top of each other")
    layer = _count(chunks, url, max_bytes)
    for coding in reversed(codings):
        layer = _count(_DECODERS[coding](layer), url, max_bytes)
    try:
        return b"".join(layer)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
        detail = f"the {', '.join(codings)} encoding cannot be undone: {error}"
        raise FetchError(url, "encoding", detail) from error


def _count(chunks: Iterator[bytes], url: str, max_bytes: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > max_bytes:
            raise FetchError(url, "too_large", f"more than {max_bytes:,} bytes")
        if chunk:  # a decoder that is not fed anything may end at once
            yield chunk


def _inflate(chunks: Iterator[bytes], wbits: int) -> Iterator[bytes]:
    machine = zlib.decompressobj(wbits)
    is_first, has_output, has_input = True, False, False
    for chunk in chunks:
        rest, has_input = chunk, True
        while rest:
            if machine.eof:  # another member, or rubbish behind the last one
                machine = zlib.decompressobj(wbits)
                is_first, has_output = False, False
            try:
                piece = machine.decompress(rest, _PIECE_BYTES)
            except zlib.error:
                if is_first or has_output:
                    raise
                return
            has_output = has_output or bool(piece)
            yield piece
            rest = machine.unconsumed_tail or machine.unused_data
    yield machine.flush()
    if has_input and not machine.eof and (is_first or has_output):
        raise EOFError("it ends too early")


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return _inflate(chunks, 16 + zlib.MAX_WBITS)


def _undeflate(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    # "deflate" means the zlib format (RFC 9110 8.4.1.2), but some servers send the bare stream
    is_zlib = len(first) > 1 and first[0] & 15 == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    return _inflate(chain([first] if first else [], chunks), zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


def _unbrotli(chunks: Iterator[bytes]) -> Iterator[bytes]:
    machine = brotli.Decompressor()
    has_input = False
    for chunk in chunks:
        has_input = True
        yield machine.process(chunk, output_buffer_limit=_PIECE_BYTES)
        while not machine.can_accept_more_data():
            yield machine.process(b"", output_buffer_limit=_PIECE_BYTES)
    if has_input and not machine.is_finished():
        raise EOFError("it ends too early")


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    machine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
    has_input = False
    for chunk in chunks:
        has_input = True
        for start in range(0, len(chunk), _ZSTD_SLICE_BYTES):
            rest = chunk[start : start + _ZSTD_SLICE_BYTES]
            while rest:
                if machine.eof:  # another frame
                    machine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
                yield machine.decompress(rest)
                rest = machine.unused_data if machine.eof else b""
    if has_input and not machine.eof:
        raise EOFError("it ends too early")


_DECODERS: dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,  # the same (RFC 9110 8.4.1.3)
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
