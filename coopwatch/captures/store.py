"""Bodies kept under their hash, compressed; which answer each belongs to is in the warehouse."""

import hashlib
import re
from collections.abc import Container, Iterable
from contextlib import suppress
from datetime import datetime
from io import BytesIO

import zstandard

from coopwatch.captures.errors import CaptureDamagedError, CaptureError, CaptureMissingError
from coopwatch.captures.places import TEMPORARY_SUFFIX, open_place
from coopwatch.settings import Settings

# 6 times smaller in 1 ms a page of 320 kB; level 6 gains 8 % for 3 times the time, level 12 10 % for 10 times
COMPRESSION_LEVEL = 3

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOB = re.compile(
    rf"([0-9a-f]{{2}})/([0-9a-f]{{2}})/(\1\2[0-9a-f]{{60}})\.zst(\.[0-9a-f]{{32}}{TEMPORARY_SUFFIX})?"
)
_MAX_EXPANSION = 1 << 16  # a body that cannot be compressed grows by 3 bytes in 128 kB, and a frame around it


class CaptureStore:
    """Keeps each body once, as `ab/cd/SHA256.zst` under one place; safe for threads and for runs beside it.

    A store belongs to one warehouse: that one alone knows which bodies are still needed.

    Args:
        url: a folder, or a URL of fsspec such as `s3://bucket/captures`.
        compression_level: of zstd.

    Raises:
        ConfigError: the folder is a file, or the URL needs a package or a setting that is not there.
    """

    def __init__(self, url: str, compression_level: int = COMPRESSION_LEVEL) -> None:
        self._place = open_place(url)
        self._level = compression_level

    def __str__(self) -> str:
        return str(self._place)

    def write(self, body: bytes, sha256: str | None = None) -> str:
        """Keep a body, whether or not it is there already; return its SHA-256 in hexadecimal.

        It is written even where it is there: its time is then new, by which `delete` and `sweep` know
        that somebody has just come to need it.

        Args:
            body: anything.
            sha256: of it, where that is known.

        Raises:
            CaptureError: it cannot be written.
        """
        sha256 = sha256 or hash_body(body)
        try:
            # a compressor of its own: one must not be used by two threads
            self._place.write(_name_of(sha256), zstandard.ZstdCompressor(level=self._level).compress(body))
        except OSError as error:
            raise CaptureError(f"{self}: cannot keep {sha256}: {_say(error)}") from error
        return sha256

    def read(
        self, sha256: str, *, max_bytes: int = Settings.model_fields["fetch_max_bytes"].default
    ) -> bytes:
        """Return the body with this hash.

        Args:
            sha256: as `write` returned it.
            max_bytes: the most that the body may have; no more than that is ever decompressed.

        Raises:
            CaptureMissingError: there is none.
            CaptureDamagedError: what is there is not the body, or more than `max_bytes`.
            CaptureError: it cannot be read now.
        """
        try:
            blob = self._place.read(_name_of(sha256), max_bytes + (max_bytes >> 8) + _MAX_EXPANSION)
        except FileNotFoundError:
            raise CaptureMissingError(f"{self}: has no body {sha256}") from None
        except OSError as error:
            raise CaptureError(f"{self}: cannot read {sha256}: {_say(error)}") from error
        try:
            with zstandard.ZstdDecompressor().stream_reader(BytesIO(blob)) as reader:
                body = reader.read(max_bytes + 1)
        except (zstandard.ZstdError, MemoryError) as error:
            raise CaptureDamagedError(f"{self}: body {sha256} is damaged: {_say(error)}") from error
        if len(body) > max_bytes:
            raise CaptureDamagedError(f"{self}: body {sha256} has more than {max_bytes:,} bytes")
        if hash_body(body) != sha256:
            raise CaptureDamagedError(f"{self}: body {sha256} is damaged: it has another hash")
        return body

    def written_at(self, sha256: str) -> datetime | None:
        """Return when a body was last written; None if it is not there.

        Raises:
            CaptureError: that cannot be found out now.
        """
        try:
            return self._place.written_at(_name_of(sha256))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CaptureError(f"{self}: cannot look for {sha256}: {_say(error)}") from error

    def delete(self, sha256s: Iterable[str], *, written_before: datetime | None = None) -> int:
        """Delete bodies; return how many. One that is not there is passed over.

        Args:
            sha256s: their hashes.
            written_before: spares what was written later.

        Raises:
            CaptureError: one cannot be deleted.
        """
        return self._delete((_name_of(sha256) for sha256 in sha256s), written_before)

    def sweep(self, known: Container[str], *, written_before: datetime) -> int:
        """Delete the bodies that nobody knows, and what killed runs left half-written; return how many.

        Args:
            known: the hashes that are still needed.
            written_before: spares what was written later, and may not have been made known yet.

        Raises:
            CaptureError: the place cannot be listed, or a file not be deleted.
        """
        try:
            return self._delete(
                (
                    name
                    for name in self._place.list()
                    if (blob := _BLOB.fullmatch(name)) and (blob[4] or blob[3] not in known)
                ),
                written_before,
            )
        except OSError as error:
            raise CaptureError(f"{self}: cannot be listed: {_say(error)}") from error

    def _delete(self, names: Iterable[str], written_before: datetime | None) -> int:
        deleted = 0
        for name in names:
            try:
                with suppress(FileNotFoundError):
                    if written_before is None or self._place.written_at(name) < written_before:
                        self._place.delete(name)
                        deleted += 1
            except OSError as error:
                raise CaptureError(f"{self}: cannot delete {name}: {_say(error)}") from error
        return deleted


def hash_body(body: bytes) -> str:
    """Return the SHA-256 of a body in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _name_of(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise CaptureMissingError(f"{sha256!r} is no SHA-256 in hexadecimal")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.zst"


def _say(error: BaseException) -> str:
    """Return one line on what went wrong."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return " ".join(str(error).split()) or type(error).__name__
