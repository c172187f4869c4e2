"""Where bodies lie: a folder of this machine, or whatever fsspec reaches. Both raise `OSError` only."""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from coopwatch.errors import ConfigError

TEMPORARY_SUFFIX = ".tmp"

_PROTOCOL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)(?:://|::)")


class Place(Protocol):
    """Files by relative names with slashes."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file, over the one that is there; no reader sees a part of it."""
        ...

    def read(self, name: str, max_bytes: int) -> bytes:
        """Return a file's bytes, or `max_bytes` + 1 of them where it has more."""
        ...

    def written_at(self, name: str) -> datetime:
        """Return when the file was last written."""
        ...

    def delete(self, name: str) -> None:
        """Delete a file."""
        ...

    def list(self) -> Iterator[str]:
        """Yield the names of all files that lie two folders deep."""
        ...


def open_place(url: str) -> Place:
    """Return the place behind a path or URL; nothing is created before the first write.

    Args:
        url: a folder, or a URL of fsspec such as `s3://bucket/captures`.

    Raises:
        ConfigError: the folder is a file, or the URL needs a package or a setting that is not there.
    """
    found = _PROTOCOL.match(url)
    protocol = found[1].lower() if found else "file"
    if protocol in ("file", "local"):
        folder = Path(unquote(urlsplit(url).path) if found else url)
        if folder.exists() and not folder.is_dir():
            raise ConfigError(f"captures {url!r}: is not a folder")
        return Folder(folder)
    from fsspec import get_filesystem_class  # type: ignore[import-untyped] # it ships no types
    from fsspec.core import url_to_fs  # type: ignore[import-untyped]

    shown = f"captures {hide_credentials(url)!r}"
    try:
        get_filesystem_class(protocol)
    except (ImportError, ValueError) as error:  # fsspec says which package the protocol needs
        raise ConfigError(f"{shown}: {_one_line(error)}") from None
    try:
        files, root = url_to_fs(url)
    except Exception as error:  # whatever the protocol's own package raises
        # only the system's messages are known to quote no credentials
        said = f": {_one_line(error)}" if isinstance(error, OSError) else ""
        raise ConfigError(f"{shown}: cannot be opened: {type(error).__name__}{said}") from error
    return Remote(files, root)


def hide_credentials(url: str) -> str:
    """Return a URL without the user, password and query in it."""
    protocol, separator, rest = url.partition("://")
    if not separator:
        return url
    return f"{protocol}://{rest.rpartition('@')[2].partition('?')[0]}"  # a secret may have slashes in it


class Folder:
    """A folder of this machine.

    Args:
        root: the folder; made at the first write.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def __str__(self) -> str:
        return str(self._root)

    def write(self, name: str, data: bytes) -> None:
        """Write a file, over the one that is there; no reader sees a part of it."""
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}{TEMPORARY_SUFFIX}")
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # the warehouse will say that it is there, even after a power cut
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise

    def read(self, name: str, max_bytes: int) -> bytes:
        """Return a file's bytes, or `max_bytes` + 1 of them where it has more."""
        with (self._root / name).open("rb") as file:
            return file.read(max_bytes + 1)

    def written_at(self, name: str) -> datetime:
        """Return when the file was last written."""
        return datetime.fromtimestamp((self._root / name).stat().st_mtime, UTC)

    def delete(self, name: str) -> None:
        """Delete a file."""
        (self._root / name).unlink()

    def list(self) -> Iterator[str]:
        """Yield the names of all files that lie two folders deep."""
        for path in self._root.glob("*/*/*"):
            yield path.relative_to(self._root).as_posix()


class Remote:
    """A folder that fsspec reaches.

    A file is there when its upload is complete: so it is in object stores and in memory. A protocol
    that shows an upload while it grows (FTP, SFTP) can leave a part of a file behind when the process is
    killed; whoever reads it notices by its hash.

    Args:
        files: an fsspec file system.
        root: the folder in it.
    """

    def __init__(self, files: Any, root: str) -> None:
        self._files = files
        self._root = str(root).rstrip("/")

    def __str__(self) -> str:
        return hide_credentials(str(self._files.unstrip_protocol(self._root)))

    def write(self, name: str, data: bytes) -> None:
        """Write a file, over the one that is there."""
        path = self._path(name)
        with _only_os_errors():
            try:
                self._files.pipe_file(path, data)
            except FileNotFoundError:  # object stores have no folders; others want them made
                self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
                self._files.pipe_file(path, data)

    def read(self, name: str, max_bytes: int) -> bytes:
        """Return a file's bytes, or `max_bytes` + 1 of them where it has more."""
        with _only_os_errors():
            return bytes(self._files.cat_file(self._path(name), start=0, end=max_bytes + 1))

    def written_at(self, name: str) -> datetime:
        """Return when the file was last written."""
        with _only_os_errors():
            moment: datetime = self._files.modified(self._path(name))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    def delete(self, name: str) -> None:
        """Delete a file; an object store does not say whether it was there."""
        with _only_os_errors():
            self._files.rm_file(self._path(name))

    def list(self) -> Iterator[str]:
        """Yield the names of all files that lie two folders deep, one first-level folder at a time."""
        with _only_os_errors():
            self._files.invalidate_cache()
            try:
                folders = self._files.ls(self._root, detail=False)
            except FileNotFoundError:
                return
            for folder in folders:
                first = str(folder).rstrip("/").rpartition("/")[2]
                for path in self._files.find(self._path(first)):
                    second, _, name = str(path).rpartition("/")
                    yield f"{first}/{second.rpartition('/')[2]}/{name}"

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"


@contextmanager
def _only_os_errors() -> Iterator[None]:
    """Turn what a protocol's own package raises (botocore, aiohttp, paramiko) into `OSError`."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {_one_line(error)}") from error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
