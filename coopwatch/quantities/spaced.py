"""Numbers in the languages that put blanks between words."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from coopwatch.quantities.quantity import Quantity, find_bounds
from coopwatch.quantities.spaced_words import SPACED, NumberWords

_LOOK_BACK = 60  # characters in front of a number in which its qualifier stands
_SPACE = "[ \u00a0\u202f\u2009]"
_BEFORE = r"(?<![\w.,:/#–-])"
_MONTH_BEFORE = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\Z", re.IGNORECASE
)
_SMALL, _TEN, _HUNDRED = 20, 10, 100


class _Grammar(NamedTuple):
    """The patterns of a language; `values` holds every word with the kind of number that it is."""

    language: NumberWords
    values: Mapping[str, tuple[str, float]]
    scales: Mapping[str, float]
    fixed: Mapping[str, tuple[float, str | None]]
    word: re.Pattern[str]
    digits: re.Pattern[str]
    words: re.Pattern[str]
    phrases: re.Pattern[str]
    lead: re.Pattern[str]
    trail: re.Pattern[str] | None


def find_spaced(text: str, language: str) -> list[Quantity]:
    """Return the quantities of a text in a language of `SPACED`, in order."""
    grammar = _compile(language)
    found = list(_find_digits(text, grammar))
    for match in grammar.words.finditer(text):
        value = _read_words(match.group(), grammar)
        if value is not None:
            found.append(_qualify(text, grammar, value, *match.span()))
    for match in grammar.phrases.finditer(text):
        value, qualifier = grammar.fixed[" ".join(match.group().lower().split())]
        found.append(_qualify(text, grammar, value, *match.span(), qualifier))
    return _drop_overlapping(sorted(found, key=lambda one: (one.start, -one.end)))


def read_words(words: str, language: str) -> float | None:
    """Read a number in words, such as "one hundred and twenty thousand".

    Returns:
        Its value, or None for words that are not one well-formed number ("one two").
    """
    return _read_words(words, _compile(language))


def _read_words(words: str, grammar: _Grammar) -> float | None:
    total = group = 0.0
    largest = None  # the scale that was read last: the next one must be smaller
    may_follow = {"ones", "tens", "hundreds", "groups"}
    for word in grammar.word.findall(words.lower()):
        kind, value = grammar.values[word]
        if kind == "scales":
            if largest is not None and value >= largest:
                return None
            largest = value
            total += (group or 1) * largest
            group, may_follow = 0, {"ones", "tens", "hundreds", "groups"}
        elif kind not in may_follow:
            return None
        elif kind == "ones":
            if "tens" not in may_follow and not _may_follow_tens(value, grammar):  # "twenty eleven"
                return None
            group += value
            may_follow = {"groups"} if group < _HUNDRED else set()
            if grammar.language.is_compound and value < _TEN:
                may_follow |= {"tens"}
        elif kind == "tens":
            may_follow = {"ones", "groups"} if group < _HUNDRED else {"ones"}
            group += value
        elif kind == "hundreds":
            group, may_follow = group + value, {"ones", "tens"}
        else:
            group, may_follow = (group or 1) * value, {"ones", "tens"}
    return total + group


def _may_follow_tens(value: float, grammar: _Grammar) -> bool:
    """Tell whether a number below twenty may stand behind tens: "soixante-dix" is one number."""
    has_seventy = any(number == 70 for _, number in grammar.values.values())
    return 1 <= value < (_TEN if has_seventy else _SMALL)


def _find_digits(text: str, grammar: _Grammar) -> Iterator[Quantity]:
    for match in grammar.digits.finditer(text):
        start, end = match.span()
        if " " in match["digits"] and _MONTH_BEFORE.search(text[max(0, start - 12) : start]):
            continue  # "November 6 800 guests"
        factor = 1.0
        for scale in ("scale", "scale2", "short"):
            factor *= grammar.scales.get((match[scale] or "").lower(), 1)
        value = round(_read_digits(match["digits"], grammar.language) * factor, 3)
        if least := match["low"] or match["between"]:
            low = round(_read_digits(least, grammar.language) * factor, 3)
            if low < value:
                yield Quantity(value, low, value, "range", start, start, end)
            continue
        yield _qualify(text, grammar, value, start, end, "over" if match["plus"] else None)


def _read_digits(written: str, language: NumberWords) -> float:
    """Return the value of digits: a point is followed by three of them, a decimal by any other number."""
    written = re.sub(r"\s", "", written)
    pieces = re.split(r"\D", written)
    is_grouped = all(len(piece) == 3 for piece in pieces[1:]) and all(
        character in language.points for character in written if not character.isdigit()
    )
    return float("".join(pieces) if is_grouped else ".".join(pieces))


def _qualify(  # noqa: PLR0917 - what was read, and where
    text: str, grammar: _Grammar, value: float, start: int, end: int, qualifier: str | None = None
) -> Quantity:
    """Return the quantity with the qualifier that stands before or after it."""
    offset = max(0, start - _LOOK_BACK)
    lead = grammar.lead.search(text[offset:start])
    trail = grammar.trail.match(text, end) if grammar.trail else None
    if lead:
        qualifier = "vague" if qualifier == "vague" else lead.lastgroup
    elif trail and qualifier is None:
        qualifier, end = trail.lastgroup, trail.end()
    low, high = find_bounds(value, qualifier)
    return Quantity(value, low, high, qualifier, offset + lead.start() if lead else start, start, end)


def _drop_overlapping(found: list[Quantity]) -> list[Quantity]:
    """Keep of quantities that overlap the one that begins first, and of those the longest."""
    kept: list[Quantity] = []
    for quantity in found:
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


@lru_cache(maxsize=len(SPACED))
def _compile(language: str) -> _Grammar:
    words = SPACED[language]
    kinds = ("ones", "tens", "hundreds", "groups", "scales")
    values = {word: (kind, value) for kind in kinds for word, value in _read_table(getattr(words, kind))}
    vague, rounded = dict(_read_table(words.vague)), dict(_read_table(words.rounded))
    multipliers = {word: value for word, (kind, value) in values.items() if kind in {"groups", "scales"}}
    word, scale = _join(values), _join(multipliers)
    bare = [one for one, (kind, _) in values.items() if kind not in {"groups", "scales"}]
    if words.articles:
        first = rf"(?:{words.articles}){_SPACE}(?:{scale})|(?:{_join(bare)})"
    else:
        first = _join([*bare, *(one for one in multipliers if one not in vague)])
    joint = rf"(?:{words.joints}){_SPACE}" if words.joints else "(?!)"
    between = rf"(?:-|{_SPACE}(?:{joint})?)"
    if words.is_compound:
        between, stop = rf"(?:{between}|{words.joints})?", ""
    else:
        stop = r"\b"
    digits = _write_digits(words)
    lead_of, lead_amid = words.between
    short = _join(dict(_read_table(words.short))) if words.short else "(?!)"
    trail = "|".join(f"(?P<{name}>{listed})" for name, listed in words.trails.items())
    return _Grammar(
        language=words,
        values=values,
        scales=multipliers | dict(_read_table(words.short)),
        fixed={one: (value, "vague") for one, value in vague.items()}
        | {one: (value, None if "half" in one else "about") for one, value in rounded.items()},
        word=re.compile(word),
        digits=re.compile(
            rf"{_BEFORE}(?:(?P<low>{digits})(?:[-–—]|{_SPACE}(?:{words.through}|-|–){_SPACE})"
            rf"|(?<={lead_of} )(?P<between>{digits}){_SPACE}{lead_amid}{_SPACE}?)?(?P<digits>{digits})"
            rf"(?:(?:{_SPACE}|-)?(?P<scale>{scale})\b(?:{_SPACE}(?P<scale2>{scale})\b)?|(?P<short>{short})\b|(?![^\W\d_]))"
            r"(?P<plus>\+|-plus\b)?",
            re.IGNORECASE,
        ),
        words=re.compile(
            rf"{_BEFORE}(?:{first}){stop}(?:{between}(?:{word}){stop}){{0,9}}(?!\w)", re.IGNORECASE
        ),
        phrases=re.compile(
            rf"{_BEFORE}(?:{_join(vague | rounded)})\b".replace(r"\ ", rf"{_SPACE}"), re.IGNORECASE
        ),
        lead=_compile_lead(words),
        trail=re.compile(rf"(?:{_SPACE}(?:{trail})|-plus)\b", re.IGNORECASE) if trail else None,
    )


def _compile_lead(words: NumberWords) -> re.Pattern[str]:
    leads = "|".join(f"(?P<{name}>{listed})" for name, listed in words.leads.items())
    prefixes = f"(?:{words.prefixes})?" if words.prefixes else ""
    bridge = rf"(?:\s+(?:{words.bridge}))?" if words.bridge else ""
    return re.compile(
        rf"(?<!\w){prefixes}(?:{leads}){bridge}(?:\s+|(?<=['’]))[$€£¥A-Z]{{0,4}}\s?\Z", re.IGNORECASE
    )


def _write_digits(words: NumberWords) -> str:
    """Return the pattern of a number in digits."""
    point = f"[{re.escape(words.points)}]" if words.points else "(?!)"
    return (
        rf"(?:\d{{1,3}}(?:{point}\d{{3}}){{1,5}}|\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,4}}"
        rf"|\d{{1,12}}(?:[{re.escape(words.decimals)}]\d{{1,4}})?)(?![.,:٬٫]?\d)"
    )


def _read_table(table: str) -> Iterator[tuple[str, float]]:
    """Yield the words of a table with their values."""
    for entry in filter(None, table.split(", ")):
        value, _, word = entry.strip().partition(" ")
        yield word, float(value)


def _join(words: "Mapping[str, object] | list[str]") -> str:
    """Return the alternatives of a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
