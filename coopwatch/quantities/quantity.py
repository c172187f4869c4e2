"""A number with the bounds that its words allow."""

from typing import NamedTuple

_ABOUT = 0.1  # "about 800" allows 720 to 880
_NEARLY = 0.9  # "nearly 1,000" allows 900 to 1,000


class Quantity(NamedTuple):
    """A number at `start`..`end` of a text, with its multiplier but without its qualifier.

    `low` and `high` are None where the words set no bound. Qualifiers: over (at least), nearly, about,
    up_to, range, and vague for words such as "hundreds", whose value is the least that they can mean.
    `lead` is where a qualifier in front begins, or else `start`.
    """

    value: float
    low: float | None
    high: float | None
    qualifier: str | None
    lead: int
    start: int
    end: int


def find_bounds(value: float, qualifier: str | None) -> tuple[float | None, float | None]:
    """Return the least and the most that a number means under a qualifier other than range."""
    if qualifier in {"over", "vague"}:
        return value, None
    if qualifier == "nearly":
        return round(_NEARLY * value, 6), value
    if qualifier == "about":
        return round((1 - _ABOUT) * value, 6), round((1 + _ABOUT) * value, 6)
    return (None if qualifier == "up_to" else value), value
