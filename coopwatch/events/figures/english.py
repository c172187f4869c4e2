"""What an English sentence counts."""

import re
from collections.abc import Iterator

from coopwatch.events.figures.counts import Count
from coopwatch.events.figures.english_people import AND, PEOPLE, count_people
from coopwatch.events.figures.english_things import THINGS, count_money, count_thing, count_years
from coopwatch.quantities import Quantity, find_quantities

# Of another event than the one that is reported, or of many of them.
_ELSEWHERE = re.compile(
    r"\b(?:last\s+year|(?:previous|earlier|past|last)\s+(?:editions?|sessions?|conferences?|forums?|summits?|years?"
    r"|meetings?)|(?:in|since)\s+(?:19|20)\d\d\b|since\s+(?:its|the|then)|a\s+year\s+(?:ago|earlier)|years\s+ago"
    r"|(?:in|over|during)\s+the\s+(?:past|last|years)|so\s+far|to\s+date|cumulative(?:ly)?"
    r"|(?:an?|per|each|every)\s+(?:year|day|month|week)|annually|yearly|daily"
    r"|sub-?forums?|side\s+events?|parallel\s+(?:sessions?|forums?)|breakout|sidelines?)\b",
    re.IGNORECASE,
)
_THIS_TIME = re.compile(r"\bthis\s+(?:year|edition|time)\b", re.IGNORECASE)

# A noun phrase behind a number: at most five words that could be its adjectives, then what is counted.
_BREAKS = (
    "of|in|on|at|to|for|by|with|from|as|that|which|who|whose|whom|was|were|is|are|be|been|being|will|would|has"
    "|have|had|or|nor|but|than|the|an?|per|percent|years?|months?|weeks?|days?|hours?|minutes?|times|points?|km"
    r"|kilomet\w+|met(?:er|re)s?|including|attended|participated|took|gathered|joined|while|when|after|before|into"
    "|between|under|over|through|its|their|his|her|our|this|these|those|said|says|such|not|if|because"
)
_PHRASE = re.compile(
    rf"(?:\s+of)?(?P<modifiers>(?:\s+(?!(?:{_BREAKS})\b)[^\W\d_][\w’'-]{{0,30}}){{0,5}}?)\s+(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in (PEOPLE | THINGS).items())
    + r")\b(?![’'-])",
    re.IGNORECASE,
)
_OF_EACH = re.compile(  # "with partners from three countries each": of every one of several things
    r"\s+(?:each\b(?=\s*(?:[.,;:)]|\Z|and\b))|(?:per|in\s+each|in\s+every)\s+[a-z]{3})", re.IGNORECASE
)
_NOT_A_COUNT = re.compile(
    r"\b(?:top|no\.|nos\.|numbers?|group\s+of|fortune|global|article|page|phase|class\s+of|aged?|since|season|episode"
    r"|version|horizon|agenda|vision)\s*\Z",
    re.IGNORECASE,
)


def _is_count(sentence: str, quantity: Quantity) -> bool:
    """Tell whether a number counts something: not a rank, a year, or a piece of a word."""
    if _NOT_A_COUNT.search(sentence[max(0, quantity.start - 20) : quantity.start]):
        return False
    digits = sentence[quantity.start : quantity.end]
    is_year = (
        len(digits) == 4 and digits.isdigit() and 1900 <= quantity.value <= 2099 and quantity.value % 100
    )
    return quantity.value > 0 and not (is_year and quantity.qualifier is None)


def count_english(sentence: str) -> Iterator[Count]:
    """Yield what a sentence counts of the event that is reported, in order."""
    if _ELSEWHERE.search(sentence) and not _THIS_TIME.search(sentence):
        return
    people_end: int | None = None  # where the people end that were counted last
    things_end: int | None = None  # likewise, of things that were counted just before
    for quantity in find_quantities(sentence, "en"):
        if not _is_count(sentence, quantity):
            continue
        if count := count_money(sentence, quantity) or count_years(sentence, quantity):
            yield count
            continue
        phrase = _PHRASE.match(sentence, quantity.end)
        end = phrase.end() if phrase else quantity.end
        if phrase and _OF_EACH.match(sentence, end):
            continue
        if phrase is None or phrase.lastgroup in PEOPLE:
            count = count_people(sentence, quantity, phrase, earlier=people_end)
            people_end = end if count else people_end
            things_end = None
        else:
            is_next = things_end is not None and bool(AND.fullmatch(sentence[things_end : quantity.lead]))
            count = count_thing(sentence, quantity, phrase, is_next=is_next)
            things_end = end if count else None
        if count:
            yield count
