"""What a text says of its event, before it is known which event that is."""

from schemas.records import Figure


class Fact(Figure):
    """A figure, or anything else that a text states, with the sentence that it rests on.

    `offset` and `quote_start` are into the text that was read, and `quote` stands at `quote_start`.
    """

    unit: str | None = None  # the currency of money
    scope: str | None = None  # what part of the event it is about, or the office of a person
    quote_start: int = 0
