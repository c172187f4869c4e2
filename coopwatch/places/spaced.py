"""Places in the other languages that write with blanks: a known town after "in", with its case ending."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from coopwatch.countries import CountryHit, find_countries
from coopwatch.places.gazetteer import Town, find_town
from coopwatch.places.hits import PlaceHit

_MOST_WORDS = 5  # of a name: "Rio de Janeiro", "San Carlos de Bariloche"
_BESIDE = 4  # characters between a town and its country: ", ", " (", " en "
_NEVER = "(?!)"


class _Words(NamedTuple):
    """How one language says where something is; pieces of regular expressions."""

    script: str
    inside: str  # "in", before a name
    town: str  # "the city of"; an adjective may stand before or behind the noun
    inside_the: str = _NEVER  # "in" with an article, which no town has, before that noun or an adjective
    articles: Mapping[str, str] = MappingProxyType({})  # what "in" swallowed of a name: "au Caire", Le Caire
    is_whole: bool = False  # a capital after a town's name makes it another name: "Vista Alegre"
    beside: str = ""  # between a town and the country behind it
    prefix: str = ""  # "in" written as one with what follows


_LETTER = r"[^\W\d_]"
_ADJECTIVES = rf"(?:{_LETTER}{{3,15}}\s){{0,2}}"
_WORDS = {
    "fr": _Words(
        "latin",
        inside=r"à|au|aux(?=\s(?:[ÉE]tats|Pays|Philippines|[ÉE]mirats|Maldives|Seychelles|Comores|Bahamas))|en",
        inside_the=r"à la|dans la|dans l['’]",
        town=rf"{_ADJECTIVES}(?:ville|capitale|métropole|municipalité|cité)(?:\s{_LETTER}{{4,15}})?(?:\sde|\sd['’]|,)?",
        articles=MappingProxyType({"au": "Le ", "aux": "Les "}),
        beside=r"en |au |aux ",
        is_whole=True,
    ),
    "es": _Words(
        "latin",
        inside="en",
        inside_the="en la|en el",
        town=rf"{_ADJECTIVES}(?:ciudad|capital|localidad|municipio|metrópoli)(?:\s{_LETTER}{{4,15}})?(?:\sde|,)?",
        beside="en |de ",
        is_whole=True,
    ),
    "pt": _Words(
        "latin",
        inside="em|no|na|nos|nas",
        town=rf"{_ADJECTIVES}(?:cidade|capital|município|metrópole)(?:\s{_LETTER}{{4,15}})?(?:\s(?:de|do|da)|,)?",
        beside="em |no |na ",
        is_whole=True,
    ),
    "de": _Words(
        "latin",
        inside="in",
        inside_the="in der|in dem|im|in den",
        town=rf"(?:{_LETTER}{{3,20}}\s){{0,2}}?{_LETTER}{{0,12}}(?:[Ss]tadt|[Mm]etropole|[Hh]auptstadt)",
        beside="in |in der |im ",
    ),
    "ru": _Words(
        "cyrillic",
        inside="во?",
        town=rf"{_ADJECTIVES}(?:г\.|городе|столице)(?:\s{_LETTER}{{4,15}},?)?",
        beside="в ",
    ),
    "ar": _Words(
        "arabic",
        inside="[وف]?في",
        town=rf"(?:مدينة|العاصمة|مدينه)(?:\sال{_LETTER}{{3,12}})?",
        beside="في |ب",
        prefix="ب",
    ),
}
_CASE_ENDINGS = (  # of Russian words in the prepositional case, and what they are in the nominative
    ("ах", ("ы", "и")), ("ях", ("и",)), ("ом", ("ый", "ий", "ой", "ое")), ("ем", ("ий", "ый", "ее")),
    ("ой", ("ая", "ой")),
    ("ии", ("ия",)), ("и", ("ь", "и")), ("е", ("", "а", "я", "й", "е", "ь")), ("у", ("", "у")),
)  # fmt: skip


@lru_cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what stands before a place, the noun that may follow it, and one word of a name."""
    words = _WORDS[language]
    inside, inside_the = map(_with_capital, (words.inside, words.inside_the))
    ends = rf"(?:(?P<the>(?:{inside_the})(?:\s|(?<=['’])))|(?:{inside})\s)"
    before = rf"(?<!\w)(?:{ends}|{words.prefix}(?={_LETTER}{{3}}))" if words.prefix else rf"(?<!\w){ends}"
    first = _LETTER if words.script == "arabic" else r"(?-i:[A-ZÀ-ÖØ-ÞŒŠŽŁА-ЯЁ])"
    return (
        re.compile(before),
        re.compile(rf"{words.town}\s", re.IGNORECASE),
        re.compile(rf"{first}[\w'’-]*(?:\.(?=\s))?|(?:d[aeo]l?s?|la|las|los|am|an|der|на|sur|upon|y)(?=\s)"),
    )


def _with_capital(alternatives: str) -> str:
    """Return words that may begin a sentence; the article of "à La Haye" is part of the name."""
    return "|".join(
        f"[{word[0]}{word[0].upper()}]{word[1:]}" if word[0].islower() else word
        for word in alternatives.split("|")
    )


def find_spaced(sentence: str, language: str) -> Iterator[PlaceHit]:
    """Yield the places that a sentence puts something in, the known towns and the countries.

    Args:
        sentence: one sentence.
        language: a base language of `LANGUAGES`.
    """
    countries = {hit.start: hit for hit in find_countries(sentence, language)}
    before, noun, _ = _patterns(language)
    taken = 0
    for match in before.finditer(sentence):
        if match.start() < taken:
            continue
        hit = _read_place(sentence, match, match.end(), countries, language)
        if hit is None and (named := noun.match(sentence, match.end())):
            hit = _read_place(sentence, match, named.end(), countries, language)
        if hit is not None:
            taken = hit.end
            yield hit


def _read_place(
    sentence: str, match: re.Match[str], position: int, countries: Mapping[int, CountryHit], language: str
) -> PlaceHit | None:
    words = _WORDS[language]
    inside = [hit.code for start, hit in countries.items() if match.end() <= start < position]
    behind = [hit for start, hit in countries.items() if position < start <= position + 60]
    for hit in behind:
        found = _read_town(sentence, position, match.group(), language, hit.code)
        if found and _is_beside(sentence[found[1] : hit.start], words):
            return PlaceHit(found[0].name, hit.code, match.start(), hit.end, is_sure=True)
    is_town = match["the"] is None or position > match.end()
    for code in (*inside[:1], None):
        if is_town and (found := _read_town(sentence, position, match.group(), language, code)):
            return PlaceHit(
                found[0].name, found[0].country, match.start(), found[1], is_sure=code is not None
            )
    country = countries.get(position)
    if country is None:
        return None
    if words.script != "arabic" and sentence[position].islower():  # "im chinesischen Chongqing"
        found = _read_town(sentence, country.end + 1, "", language, country.code)
        return found and PlaceHit(found[0].name, country.code, match.start(), found[1], is_sure=True)
    return PlaceHit(None, country.code, match.start(), country.end, is_sure=False)


def _is_beside(gap: str, words: _Words) -> bool:
    return bool(re.fullmatch(rf"[\s,،(]{{1,3}}(?:{words.beside})?", gap))


def _read_town(
    sentence: str, position: int, before: str, language: str, country: str | None
) -> tuple[Town, int] | None:
    """Return the town whose name begins at a position, and where the name ends; the longest name counts."""
    words = _WORDS[language]
    word = _patterns(language)[2]
    ends: list[int] = []
    start = position
    while len(ends) < _MOST_WORDS and (match := word.match(sentence, start)):
        ends.append(match.end())
        start = match.end() + 1
        if sentence[match.end() : start] not in (" ", "\u00a0"):
            break
    article = words.articles.get(before.strip().casefold(), "")
    for end in reversed(ends):
        if words.is_whole and sentence[end : end + 2].strip().isupper():
            continue
        name = article + sentence[position:end]
        for form in _undo_case(name) if words.script == "cyrillic" else (name,):
            if town := find_town(form, words.script, country):
                return town, end
    return None


def _undo_case(name: str) -> Iterator[str]:
    """Yield a Russian name as it stands, and in the nominatives that its ending allows."""
    yield name
    if re.fullmatch(r".*-на-\w+", name):
        head, _, tail = name.partition("-на-")
        yield from (f"{form}-на-{tail}" for form in _undo_case(head) if form != head)
    words = name.split(" ")
    forms = [
        [word[: -len(end)] + own for end, owns in _CASE_ENDINGS if word.endswith(end) for own in owns]
        for word in words
    ]
    if all(forms) and len(words) == 1:
        yield from forms[0]
    elif all(forms) and len(words) == 2:
        yield from (f"{one} {other}" for one in forms[0] for other in forms[1])


LANGUAGES = frozenset(_WORDS)
