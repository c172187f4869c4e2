"""What the sentences of a text count, before it is known which count is the total."""

from typing import Literal, NamedTuple

from coopwatch.quantities import Quantity

CountKind = Literal["total", "group", "side", "subset", "other"]


class Count(NamedTuple):
    """A quantity with what it counts.

    Kinds: `total` counts everybody who took part ("800 attendees"); `group` people of one sort, who
    may be everybody ("300 scientists attended"); `side` a part beside others ("300 international
    guests"); `subset` a part of what was counted before ("including 50 students"); `other` no people.
    """

    quantity: Quantity
    kind: CountKind
    field: str  # the field of kind other, else the name of the part or ""
    unit: str = ""  # the currency, with kind other
    is_expected: bool = False
