"""Claims as people read them: what is said of a field, and how that changed."""

from collections.abc import Iterable, Sequence

from coopwatch.events.comparing import is_figure
from coopwatch.wording import shorten
from schemas.records import Claim, ClaimStatus

VALUE_CHARS = 80
_VALUES_SHOWN = 6
_OUTCOMES = "outcomes"
_STANDINGS: dict[ClaimStatus, str] = {"conflict": "contradictory", "soft_conflict": "near each other"}


def name_field(field: str) -> str:
    """Return a field as words: "attendance expected"."""
    return field.replace(".", " ").replace("_", " ")


def word_value(claim: Claim) -> str:
    """Return what a claim says, as in "over 800" or "2 million CHF", on one line."""
    words: tuple[str | None, ...] = (claim.value,)
    if is_figure(claim):
        words = (claim.qualifier, claim.value, claim.unit)
    elif is_of_days(claim):
        words = (" to ".join(dict.fromkeys(claim.value.split("/"))),)
    return shorten(" ".join(filter(None, words)), VALUE_CHARS)


def word_values(claims: Iterable[Claim]) -> str:
    """Return what claims on one field say, each once: "800 / nearly 1000"."""
    said = list(dict.fromkeys(map(word_value, claims)))
    more = f" / {len(said) - _VALUES_SHOWN} more" if len(said) > _VALUES_SHOWN else ""
    return " / ".join(said[:_VALUES_SHOWN]) + more


def word_status(status: ClaimStatus) -> str:
    """Return how claims stand to each other, for who has read no manual."""
    return _STANDINGS.get(status, status)


def word_outcome(claim: Claim) -> str:
    """Return an outcome as words: "document released: Harbour Declaration"."""
    kind = claim.field.partition(".")[2]
    return f"{' '.join(filter(None, (name_field(kind), claim.qualifier)))}: {word_value(claim)}"


def is_outcome(field: str) -> bool:
    """Tell whether a field is of what came out of an event."""
    return field.partition(".")[0] == _OUTCOMES


def is_of_days(claim: Claim) -> bool:
    """Tell whether a claim is of days."""
    return claim.field.rpartition(".")[2] == "dates"


def word_from_to(before: Sequence[Claim], after: Sequence[Claim]) -> str:
    """Return "800 → 800 / 1000"; between names a word, which stays in its place beside right-to-left ones."""
    if not before:
        return word_values(after)
    if not after:
        return f"{word_values(before)}, no longer said"
    is_of_numbers = is_figure(after[0]) or is_of_days(after[0])
    return f"{word_values(before)}{' → ' if is_of_numbers else ', now '}{word_values(after)}"
