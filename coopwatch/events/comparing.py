"""How two claims on one field of an event stand to each other."""

import re
import unicodedata

from coopwatch.events.spans import count_days_apart, read_span
from schemas.records import Claim, ClaimStatus

_NEAR = 1.5  # two figures within this factor may be of one crowd, counted differently
_NEAR_APPROXIMATE = 2.0  # likewise where one of them is only approximate
_OF_NO_DISPUTE = {"kind"}  # a word for the same thing, not a fact about it
_WITH_PARTS = {"attendance", "organisations"}  # whose parts are components of the whole
_MANY = {"outcomes", "organisers"}  # of which an event has any number
_NO_WORD = re.compile(r"[\W_]+")
_EXPECTED = "expected"


def is_figure(claim: Claim) -> bool:
    """Tell whether a claim is a number with bounds."""
    return claim.low is not None or claim.high is not None


def is_component(field: str) -> bool:
    """Tell whether a field is a part of another: `attendance.students`, but not `attendance.expected`."""
    whole, _, part = field.partition(".")
    return whole in _WITH_PARTS and part not in {"", _EXPECTED}


def is_listed(field: str) -> bool:
    """Tell whether an event has any number of a field, so that two of them are no contradiction."""
    return field.partition(".")[0] in _MANY or field.startswith("participants.")


def compare(one: Claim, other: Claim) -> ClaimStatus:
    """Return how two claims on the same field stand to each other: `only` where they cannot be compared.

    They agree when they say the same; they are compatible when both may be true, as of "800" and
    "over 700"; figures that differ little, or of which one is approximate, are in soft conflict.
    """
    if one.field == "participants":
        return _compare_sets(set(one.value.split(",")), set(other.value.split(",")))
    if is_figure(one) and is_figure(other):
        return _compare_figures(one, other) if one.unit == other.unit else "only"
    ours, theirs = _fold(one.value), _fold(other.value)
    return "agrees" if ours == theirs else _compare_words(one, other, ours, theirs)


def _compare_words(one: Claim, other: Claim, ours: str, theirs: str) -> ClaimStatus:
    """Compare two claims that are no figures and do not say the same."""
    if is_listed(one.field):
        return "compatible" if _is_within(ours, theirs) else "only"
    if one.field.endswith(".dates"):
        return (
            "compatible"
            if count_days_apart(read_span(one.value), read_span(other.value)) == 0
            else "conflict"
        )
    if one.field == "theme":
        if name_script(ours) != name_script(theirs):
            return "only"  # a translation, perhaps
        return "compatible" if _is_within(ours, theirs) else "soft_conflict"
    return "soft_conflict" if one.field in _OF_NO_DISPUTE else "conflict"


def _compare_sets(ours: set[str], theirs: set[str]) -> ClaimStatus:
    if ours == theirs:
        return "agrees"
    return "compatible" if ours <= theirs or theirs <= ours else "conflict"


def _compare_figures(one: Claim, other: Claim) -> ClaimStatus:
    if (one.low, one.high) == (other.low, other.high):
        return "agrees"
    lower, upper = sorted((one, other), key=lambda claim: claim.low or 0.0)
    top, bottom = lower.high, upper.low or 0.0
    if top is None or top >= bottom:
        return "compatible"
    is_approximate = (one.qualifier is None) != (other.qualifier is None)
    return "soft_conflict" if bottom <= top * (_NEAR_APPROXIMATE if is_approximate else _NEAR) else "conflict"


def _fold(value: str) -> str:
    return _NO_WORD.sub(" ", value.casefold()).strip()


def _is_within(ours: str, theirs: str) -> bool:
    return f" {ours} " in f" {theirs} " or f" {theirs} " in f" {ours} "


def name_script(value: str) -> str:
    """Return the script of the first letter, such as LATIN."""
    letter = next((character for character in value if character.isalpha()), "a")
    return unicodedata.name(letter, "LATIN").partition(" ")[0]
