"""What is found: a place in a sentence."""

from typing import NamedTuple


class PlaceHit(NamedTuple):
    """Where something takes place; `is_sure` when the country stands beside the town."""

    place: str | None
    country: str | None
    start: int
    end: int
    is_sure: bool
