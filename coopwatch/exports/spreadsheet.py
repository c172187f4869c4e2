"""CSV for spreadsheets, in which nothing that was fetched is a formula."""

import csv
import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from coopwatch.exports.files import replacing
from coopwatch.warehouse.exporting import ExportColumn

# what a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = frozenset("=+-@＝＋－＠")
_STARTS = ("\t", "\r", "\n")
_UNSEEN = ("Cc", "Cf")


def write_csv(file: Path, columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table in the place of what was there; return how many rows it has.

    The encoding is UTF-8 with a mark, without which Excel takes it for another one.

    Raises:
        ExportError: the file cannot be written.
    """
    count = 0
    with replacing(file) as new, new.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow(map(show_cell, row))
            count += 1
    return count


def show_cell(cell: object) -> object:
    """Return a cell as CSV shows it: text that could be a formula begins with an apostrophe instead."""
    match cell:
        case None | bool() | int() | float():
            return cell
        case datetime():
            return cell.isoformat(timespec="seconds")
        case dict() | list() | tuple():
            return show_cell(json.dumps(cell, ensure_ascii=False))
        case _:
            text = str(cell)
            return f"'{text}" if text.startswith(_STARTS) or _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Tell whether the first character that shows begins a formula; spreadsheets drop what stands before."""
    shown = next((c for c in text if not c.isspace() and unicodedata.category(c) not in _UNSEEN), "")
    return shown in _FORMULA
