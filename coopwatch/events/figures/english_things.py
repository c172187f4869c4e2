"""How many countries, organisations, agreements and projects, how much money, how many years, in English."""

import re

from coopwatch.events.figures.counts import Count
from coopwatch.events.figures.currencies import AFTER as _AFTER_MONEY
from coopwatch.events.figures.currencies import BEFORE as _BEFORE_MONEY
from coopwatch.events.figures.english_people import EVENT, PEOPLE, has_gathered, is_ahead
from coopwatch.quantities import Quantity

_FIELDS = {
    "countries": "countries",
    "organisations": "organisations",
    "universities": "organisations.universities",
    "institutes": "organisations.institutes",
    "companies": "organisations.companies",
    "agencies": "organisations.agencies",
    "agreements": "agreements",
    "projects": "projects",
}
THINGS = {
    "countries": "countries|nations|economies",
    "organisations": "organi[sz]ations|institutions",
    "universities": "universities|colleges",
    "institutes": "institutes|laboratories",
    "companies": "companies|enterprises|firms|businesses",
    "agencies": "agencies",
    "agreements": "agreements|memorandums|memoranda|mous|accords|pacts|deals|contracts|documents",
    "projects": "projects",
}
"""Nouns for things by the sort of thing: name → alternatives of a pattern."""

_PERSONS = re.compile(
    rf"\b(?:{'|'.join(PEOPLE.values())}|teams|delegations|(?:they|who)\s+(?:came|come|hail))\b", re.IGNORECASE
)
_ORIGIN = re.compile(r"\b(?:from|representing)\s+(?:a\s+total\s+of\s+)?(?:the\s+)?\Z", re.IGNORECASE)
_CAME = re.compile(
    r"(?:\s+and\s+regions)?\s+(?:(?:have\s+|had\s+)?(?:t(?:ook|ake|aking)\s+part|participat(?:ed|e|ing)"
    r"|attend(?:ed|ing)?|gather(?:ed|ing)?|exhibited)|(?:were|are)\s+represented|sent\b)",
    re.IGNORECASE,
)
_SIGNED = r"(?:sign|ink|conclud|seal|reach|exchang)\w{0,4}"
_STARTED = (
    r"(?:launch|sign|fund|approv|select|announc|support|unveil|releas|start|initiat|implement|kick)\w{0,5}"
)
_DONE = {
    field: (
        re.compile(rf"\b{verb}\b[^.;]{{0,30}}\Z", re.IGNORECASE),
        re.compile(rf"[^.,;]{{0,40}}?\b(?:was|were|been|be|being|are)\s+(?:\w+\s+)?{verb}\b", re.IGNORECASE),
    )
    for field, verb in (("agreements", _SIGNED), ("projects", _STARTED))
}
_PERFECT = re.compile(r"\b(?:has|have)\b", re.IGNORECASE)  # what was done by now, not at the event

_FUNDED_BEFORE = re.compile(
    r"\b(?:fund(?:s|ed|ing)?|invest(?:s|ed|ing|ments?)?|grants?|granted|budget|allocat\w{1,4}|financ(?:e|es|ed|ing)"
    r"|pledg\w{1,3}|commit(?:s|ted|ment)?|contribut\w{1,4}|awarded|provid(?:e|es|ed|ing))(?:\s+\w+){0,4}?\s+\Z",
    re.IGNORECASE,
)
_FUNDED_AFTER = re.compile(
    r"(?:\s+(?:in|of))?(?:\s+\w+){0,3}?\s+(?:funding|grants?|investments?|financing)\b", re.IGNORECASE
)
_NOT_FUNDING = re.compile(
    r"\b(?:market|trade|sales|revenues?|gdp|prices?|priced|fined?|salar(?:y|ies)|profits?|exports?|imports?|valued"
    r"|valuation|turnover|loss(?:es)?|damages?|debt|shares?|deficits?|campaign|tax(?:es)?)\b",
    re.IGNORECASE,
)

_YEARS = re.compile(r"(?:-|\s)years?\b(?!-?\s?(?:old|ago|earlier|later|plan)\b)", re.IGNORECASE)
_LASTING = re.compile(
    r"\b(?:exten(?:d|sion)|renew|prolong|valid|effective|in\s+force|period|term|duration|runs?|last)\w{0,4}\b"
    r"[^;]{0,100}\b(?:for|by|of|last(?:s|ed|ing)?)\s+(?:an?\s+)?(?:\w+\s+){0,2}\Z",
    re.IGNORECASE,
)
_TERM_NOUNS = (
    "agreement|pact|accord|deal|programme|program|project|partnership|extension|memorandum|mou|protocol|treaty|grant"
    "|renewal|cooperation|contract|initiative"
)
_LASTS = re.compile(rf"\b(?:{_TERM_NOUNS})s?\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:an?|another|new|further|joint)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
_TERM = re.compile(rf"(?:\s+[\w-]{{1,30}}){{0,4}}?\s+(?:{_TERM_NOUNS})\b", re.IGNORECASE)


def count_thing(sentence: str, quantity: Quantity, phrase: re.Match[str], *, is_next: bool) -> Count | None:
    """Return what a number says of the things at the event, or None if it says nothing of them.

    Args:
        sentence: the whole sentence.
        quantity: the number in it.
        phrase: the noun phrase behind the number, with its groups `modifiers` and the keys of `THINGS`.
        is_next: whether other things of the event were counted just before ("80 countries and ...").
    """
    field = _FIELDS[phrase.lastgroup or ""]
    before, after = sentence[max(0, quantity.lead - 80) : quantity.lead], sentence[phrase.end() :][:120]
    if field in _DONE:
        was_before, was_after = _DONE[field]
        is_done = was_before.search(before) and (EVENT.search(sentence) or not _PERFECT.search(sentence))
        return Count(quantity, "other", field) if is_done or was_after.match(after) else None
    if any(word[0].isupper() for word in phrase["modifiers"].split()):
        return None  # "30 African countries" are not all
    is_origin = _ORIGIN.search(before) or has_gathered(sentence, before, "")
    if is_next or _CAME.match(after) or (is_origin and _PERSONS.search(sentence)):
        return Count(quantity, "other", field, is_expected=is_ahead(before, after[:60]))
    return None


def count_money(sentence: str, quantity: Quantity) -> Count | None:
    """Return the funding that a number states, or None if it is no money or not given to anything."""
    symbol = _BEFORE_MONEY.search(sentence, max(0, quantity.start - 5), quantity.start)
    word = _AFTER_MONEY.match(sentence, quantity.end)
    currency = symbol or word
    if currency is None or _NOT_FUNDING.search(sentence):
        return None
    start = min(quantity.lead, symbol.start()) if symbol else quantity.lead
    before = sentence[max(0, start - 80) : start]
    after = sentence[word.end() if word else quantity.end :][:80]
    is_funding = _FUNDED_BEFORE.search(before) or _FUNDED_AFTER.match(after)
    return Count(quantity, "other", "funding", unit=currency.lastgroup or "") if is_funding else None


def count_years(sentence: str, quantity: Quantity) -> Count | None:
    """Return the duration that a number states: "extended for five years", "a five-year agreement"."""
    years = _YEARS.match(sentence, quantity.end)
    if years is None:
        return None
    before = sentence[max(0, quantity.lead - 160) : quantity.lead]
    is_term = sentence[quantity.end] == "-" and _ARTICLE.search(before) and _TERM.match(sentence, years.end())
    is_lasting = _LASTING.search(before) and _LASTS.search(sentence)
    return Count(quantity, "other", "duration_years") if is_term or is_lasting else None
