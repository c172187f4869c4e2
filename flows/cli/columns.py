"""Rows of text as columns for a terminal."""

from collections.abc import Sequence

from rich.cells import cell_len


def align(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows as columns; the last one is as wide as it is. Han characters take two cells."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )
