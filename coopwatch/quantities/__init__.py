"""Numbers in running text, with what the words around them do to their value.

"More than 1,500", "près d'un millier", 近千, 800余, 1천여 명: a quantity has the bounds that its words
allow. What is counted is not decided here. All patterns are linear.
"""

from coopwatch.quantities.quantity import Quantity
from coopwatch.quantities.spaced import find_spaced
from coopwatch.quantities.spaced_words import SPACED
from coopwatch.quantities.unspaced import UNSPACED, find_unspaced

__all__ = ["Quantity", "find_quantities"]


def find_quantities(text: str, language: str) -> list[Quantity]:
    """Return the quantities of a text, in order.

    Args:
        text: in Chinese, simplified characters are read.
        language: a language tag; of ar, de, en, es, fr, ja, ko, pt, ru and zh, else nothing is read.
    """
    base = language.partition("-")[0]
    if base in SPACED:
        return find_spaced(text, base)
    return find_unspaced(text, base) if base in UNSPACED else []
