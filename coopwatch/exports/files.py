"""Puts what is written in the place of what was there, whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coopwatch.errors import ExportError

MONTHS = "month=*"  # the folders of which an exported table is made


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a file to write, which takes the place of the target when all went well.

    Args:
        target: the file; an older one is there until then.

    Raises:
        ExportError: it cannot be written, or a folder is there.
    """
    if target.is_dir():
        raise ExportError(f"{target}: is a folder, not a file")
    with _scratch(target) as new:
        yield new
        new.replace(target)


@contextmanager
def replacing_months(target: Path) -> Iterator[Path]:
    """Give a folder to fill with one of each month, which takes the place of the target when all went well.

    Args:
        target: the folder; an older one is there until then.

    Raises:
        ExportError: it cannot be written, or something else is there, which nobody wants to lose.
    """
    if target.is_dir() and (others := sorted(set(target.iterdir()) - set(target.glob(MONTHS)))):
        raise ExportError(f"{target}: is not replaced, it holds {others[0].name!r}, which is no export")
    if target.exists() and not target.is_dir():
        raise ExportError(f"{target}: is a file, not a folder")
    with _scratch(target) as new:
        new.mkdir()
        yield new
        if target.is_dir():
            old = new.with_name("old")
            target.rename(old)
            new.rename(target)
            shutil.rmtree(old)
        else:
            new.rename(target)


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """Give a place beside the target; what fails there is told in one line."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            yield Path(folder) / "new"
    except OSError as error:
        raise ExportError(f"{target}: cannot be written: {error.strerror or error}") from error
