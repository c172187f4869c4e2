"""What a French, Spanish, Portuguese, German, Russian or Arabic sentence counts."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from coopwatch.events.figures.counts import Count, CountKind
from coopwatch.events.figures.currencies import AFTER, BEFORE
from coopwatch.events.figures.spaced_words import FIGURE_WORDS
from coopwatch.quantities import Quantity, find_quantities

_BEFORE_CHARS = 80
_AFTER_CHARS = 60
_YEARS = (1900, 2099)


class _Grammar(NamedTuple):
    """The patterns of a language."""

    phrase: re.Pattern[str]
    people: Mapping[str, str]  # group of `phrase` → sort of people, or the name of a trade
    things: Mapping[str, str]  # group of `phrase` → field
    persons: re.Pattern[str]
    events: re.Pattern[str]
    gathered: re.Pattern[str]
    origins: re.Pattern[str]
    signed: re.Pattern[str]
    started: re.Pattern[str]
    funded: re.Pattern[str]
    not_funding: re.Pattern[str]
    years: re.Pattern[str]
    lasting: re.Pattern[str]
    parts: Mapping[str, re.Pattern[str]]
    of_some: re.Pattern[str]
    including: re.Pattern[str]
    ahead: re.Pattern[str]
    elsewhere: re.Pattern[str]
    this_time: re.Pattern[str]
    not_people: re.Pattern[str]


class _Place(NamedTuple):
    """A quantity with the words around what it counts."""

    quantity: Quantity
    before: str
    after: str


def count_spaced(sentence: str, language: str) -> Iterator[Count]:
    """Yield what a sentence in a language of `FIGURE_WORDS` counts of the event it reports, in order."""
    grammar = _compile(language)
    if grammar.elsewhere.search(sentence) and not grammar.this_time.search(sentence):
        return
    for quantity in find_quantities(sentence, language):
        if quantity.value <= 0 or _is_year(sentence, quantity):
            continue
        phrase = grammar.phrase.match(sentence, quantity.end)
        end = phrase.end() if phrase else quantity.end
        place = _Place(
            quantity,
            sentence[max(0, quantity.lead - _BEFORE_CHARS) : quantity.lead],
            sentence[end : end + _AFTER_CHARS],
        )
        if count := _count_money(sentence, place, grammar) or _count_years(sentence, place, grammar):
            yield count
        elif phrase and (phrase.lastgroup or "") in grammar.people:
            if count := _count_people(sentence, place, phrase, grammar):
                yield count
        elif phrase and (count := _count_things(sentence, place, phrase, grammar)):
            yield count


def _is_year(sentence: str, quantity: Quantity) -> bool:
    written = sentence[quantity.start : quantity.end]
    first, last = _YEARS
    return (
        len(written) == 4 and written.isdigit() and first <= quantity.value <= last and not quantity.qualifier
    )


def _count_people(sentence: str, place: _Place, phrase: re.Match[str], grammar: _Grammar) -> Count | None:
    if grammar.not_people.search(sentence):
        return None
    sort = grammar.people[phrase.lastgroup or ""]
    has_event, has_gathered = grammar.events.search(sentence), grammar.gathered.search(sentence)
    part = _name_part(phrase["modifiers"], place.after, grammar)
    is_subset = bool(grammar.including.search(place.before))
    name = "" if sort in {"attendees", "company", "persons"} else sort
    kind: CountKind | None = None
    if part and (has_event or has_gathered):
        kind = "subset" if is_subset else "side"
    elif is_subset:
        kind = "subset" if name else None
    elif sort == "attendees":
        kind = "total" if has_event or has_gathered else None
    elif sort == "company":
        kind = "total" if has_event else None
    elif has_event and has_gathered:
        kind = "group"
    is_expected = bool(grammar.ahead.search(place.before) or grammar.ahead.search(place.after))
    return Count(place.quantity, kind, part or name, is_expected=is_expected) if kind else None


def _name_part(modifiers: str, after: str, grammar: _Grammar) -> str:
    """Return the part that people are said to be; "" for none, or for several."""
    parts = [
        name
        for name, pattern in grammar.parts.items()
        if pattern.search(modifiers) or pattern.match(after.strip())
    ]
    return parts[0] if len(parts) == 1 else ""


def _count_things(sentence: str, place: _Place, phrase: re.Match[str], grammar: _Grammar) -> Count | None:
    field = grammar.things[phrase.lastgroup or ""]
    near = f"{place.before} {place.after}"
    if field in {"agreements", "projects"}:
        verb = grammar.signed if field == "agreements" else grammar.started
        return Count(place.quantity, "other", field) if verb.search(near) else None
    if grammar.of_some.match(place.after.strip()) or grammar.of_some.search(phrase["modifiers"]):
        return None
    is_at_event = grammar.events.search(sentence) and grammar.gathered.search(sentence)
    is_origin = grammar.origins.search(place.before) and (
        grammar.persons.search(sentence) or grammar.gathered.search(sentence)
    )
    if not (is_origin and grammar.events.search(sentence)) and not (
        is_at_event and grammar.gathered.search(near)
    ):
        return None
    is_expected = bool(grammar.ahead.search(place.before) or grammar.ahead.search(place.after))
    return Count(place.quantity, "other", field, is_expected=is_expected)


def _count_money(sentence: str, place: _Place, grammar: _Grammar) -> Count | None:
    quantity = place.quantity
    symbol = BEFORE.search(sentence, max(0, quantity.start - 5), quantity.start)
    word = AFTER.match(sentence, quantity.end)
    currency = symbol or word
    if currency is None or grammar.not_funding.search(sentence):
        return None
    near = f"{place.before} {sentence[quantity.end :][:_AFTER_CHARS]}"
    if not grammar.funded.search(near):
        return None
    return Count(quantity, "other", "funding", unit=currency.lastgroup or "")


def _count_years(sentence: str, place: _Place, grammar: _Grammar) -> Count | None:
    is_lasting = grammar.years.match(sentence, place.quantity.end) and grammar.lasting.search(place.before)
    return Count(place.quantity, "other", "duration_years") if is_lasting else None


@lru_cache(maxsize=len(FIGURE_WORDS))
def _compile(language: str) -> _Grammar:
    words = FIGURE_WORDS[language]
    people = {
        "attendees": words.attendees,
        "company": words.company,
        "persons": words.persons,
        **words.trades,
    }
    nouns = [*people.values(), *words.things.values()]
    groups = "|".join(f"(?P<n{at}>{listed})" for at, listed in enumerate(nouns))
    persons = "|".join(people.values())
    step = r"(?:\s+|(?<=['’]))"
    return _Grammar(
        phrase=re.compile(
            rf"(?:\s+(?:{words.linkers}))?(?P<modifiers>(?:\s+(?!(?:{words.breaks})\b)[^\W\d_][\w’'-]{{0,30}}){{0,3}}?)"
            rf"{step}(?:{groups})(?!\w)",
            re.IGNORECASE,
        ),
        people={f"n{at}": sort for at, sort in enumerate(people)},
        things={f"n{at}": field for at, field in enumerate(words.things, len(people))},
        persons=_words(persons),
        events=_words(words.events),
        gathered=_words(words.gathered),
        origins=re.compile(rf"(?<!\w){words.origins}\s*\Z", re.IGNORECASE),
        signed=_words(words.signed),
        started=_words(words.started),
        funded=_words(words.funded),
        not_funding=_words(words.not_funding),
        years=re.compile(rf"\s+(?:{words.years})(?!\w)", re.IGNORECASE),
        lasting=re.compile(rf"(?<!\w){words.lasting}", re.IGNORECASE),
        parts={name: _words(listed) for name, listed in words.parts.items()},
        of_some=_words(words.of_some),
        including=re.compile(rf"(?<!\w)(?:{words.including})[^.;]{{0,30}}\Z", re.IGNORECASE),
        ahead=_words(words.ahead),
        elsewhere=_words(words.elsewhere),
        this_time=_words(words.this_time),
        not_people=_words(words.not_people),
    )


def _words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
