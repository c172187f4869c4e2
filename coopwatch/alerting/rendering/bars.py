"""Bars in the tables of messages: a cell that says so is drawn, in each format its own way."""

import re
from typing import NamedTuple

_BAR = re.compile(r"bar:(\d{1,9})/(\d{1,9})")
_BLOCK = "█"


class Bar(NamedTuple):
    """A number, and the largest one beside which it is drawn."""

    value: int
    most: int

    def measure(self, whole: int) -> int:
        """Return how long the bar is where `whole` is the longest; what is not nothing shows."""
        length = round(whole * min(self.value, self.most) / self.most) if self.most else 0
        return max(length, 1) if self.value and self.most else length


def make_bar(value: int, most: int) -> str:
    """Return the cell that is drawn as a bar."""
    return f"bar:{value}/{most}"


def read_bar(cell: str) -> Bar | None:
    """Return the bar that a cell says, or None where it is text."""
    found = _BAR.fullmatch(cell)
    return Bar(int(found[1]), int(found[2])) if found else None


def write_bar(bar: Bar, whole: int = 16) -> str:
    """Return a bar as text, its number behind it."""
    return f"{_BLOCK * bar.measure(whole)} {bar.value}".strip()
