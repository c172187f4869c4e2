"""Places in English: a capitalised name after "in", or the one that hosts.

"in Geneva", "in China's Chongqing", "in the Brazilian city of Belém".
"""

import re

from coopwatch.countries import CountryHit, find_countries
from coopwatch.places.gazetteer import find_town
from coopwatch.places.hits import PlaceHit

_WORD = r"[A-ZÀ-ÖØ-ÞĀŁŚŠŽ][\w-]*(?:\.(?=\w))?(?:['’]\w{2,})?"
_NAME = rf"(?:{_WORD})(?:\ (?:(?:de|del|da|do|la|las|al|upon|am|sur)\ )?(?:{_WORD})){{0,3}}"
_DIRECTION = r"(?:(?i:north|south|east|west|central)[a-z-]{0,12}\ )?"
_IN = re.compile(rf"\bin\s(?:the\s)?(?:(?i:city|town|capital|municipality)\sof\s)?{_DIRECTION}(?=[A-ZÀ-Þ])")
_IN_CITY_OF = re.compile(
    rf"\bin\s[^.;,]{{0,50}}?\b(?:city|capital|town|municipality)\s(?:of\s)?(?P<name>{_NAME})"
)
_THEN_NAME = re.compile(
    rf"(?:['’]s\s(?:[a-z]{{2,12}}\s){{0,2}}?|\s)(?:(?:city|town|capital)\s)?(?:of\s)?(?P<name>{_NAME})"
)
_NAMED = re.compile(rf"(?P<name>{_NAME})")
_NEXT_PART = re.compile(r",\s(?:the\s)?(?=[A-ZÀ-Þ])")
_HOSTS = re.compile(rf"^(?P<name>{_NAME}),?\s(?:hosts|hosted|is\shosting|will\shost|is\sto\shost|welcomed)\b")
_SUFFIXES = {"Municipality", "City", "Town"}
_CALENDAR = """
Monday Tuesday Wednesday Thursday Friday Saturday Sunday Spring Summer Autumn January February March April May
June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
"""
_NO_TOWN = """
Africa Asia Europe America Americas Oceania Eurasia Antarctica Arctic Pacific Atlantic Mediterranean Caribbean
Science Sciences Technology Technologies Innovation Physics Chemistry Biology Medicine Mathematics Engineering
Research Development Education Economics Literature Artificial Intelligence Quantum Space Energy Health
Climate Agriculture European African Asian American Midwestern Alpine English Global International National
Western Eastern Northern Southern Latin Middle
"""
_NO_TOWN_ANYWHERE = """
Province Region Prefecture Autonomous County District State Area Zone University College School Institute
Academy Centre Center Hall Hotel Museum Park Laboratory House Sea Ocean River Lake Mountains Alps Peninsula
Island Islands Valley Bay Gulf Strait Ministry Department Council Conference Forum Summit Journal Academies
"""
_AFTER_TOWN = frozenset(_CALENDAR.split())
_NOT_FIRST = frozenset((_CALENDAR + _NO_TOWN).split())
_NOWHERE = frozenset(_NO_TOWN_ANYWHERE.split())


def find_english(sentence: str) -> tuple[PlaceHit, ...]:
    """Return the places that an English sentence puts something in, in the order of the sentence.

    A region, a continent or a building is no place; a country alone is a hit without a town. A
    town that the gazetteer does not know must have its country beside it, or be called a town.
    """
    countries = {hit.start: hit for hit in find_countries(sentence, "en")}
    hits = [hit for match in _IN.finditer(sentence) if (hit := _read_place(sentence, match, countries))]
    starts = {hit.start for hit in hits if hit.place}
    for match in _IN_CITY_OF.finditer(sentence):
        if match.start() in starts:
            continue
        named = [hit.code for hit in countries.values() if match.start() < hit.start < match.start("name")]
        if town := _clean_town(match["name"]):
            hits.append(_identify(town, named[0] if named else None, *match.span()))
    host = _HOSTS.match(sentence)
    if host and host.start() not in countries and (known := find_town(host["name"], "latin")):
        hits.append(PlaceHit(known.name, known.country, *host.span(), is_sure=False))
    return tuple(sorted(hits, key=lambda hit: (hit.start, not hit.is_sure)))


def _read_place(sentence: str, match: re.Match[str], countries: dict[int, CountryHit]) -> PlaceHit | None:
    start, position = match.span()
    if country := countries.get(position):
        named = _THEN_NAME.match(sentence, country.end)
        if named and named.start("name") not in countries and (town := _clean_town(named["name"])):
            return _identify(town, country.code, start, named.end())
        return PlaceHit(None, country.code, start, country.end, is_sure=False)
    named = _NAMED.match(sentence, position)
    town = _clean_town(named["name"]) if named else None
    if named is None or town is None:
        return None
    end = named.end()
    for _ in range(2):  # "Chengdu, Sichuan Province, China"
        part = _NEXT_PART.match(sentence, end)
        if part is None:
            break
        if country := countries.get(part.end()):
            return _identify(town, country.code, start, country.end)
        following = _NAMED.match(sentence, part.end())
        end = following.end() if following else part.end()
    if match.group().endswith("the "):
        town = f"The {town}"
    known = find_town(town, "latin")
    return PlaceHit(known.name, known.country, start, named.end(), is_sure=False) if known else None


def _identify(town: str, country: str | None, start: int, end: int) -> PlaceHit:
    """Return a place under the name that it has in every language, if it is known there."""
    known = find_town(town, "latin", country)
    if known is None:
        return PlaceHit(town, country, start, end, is_sure=country is not None)
    return PlaceHit(known.name, country or known.country, start, end, is_sure=country is not None)


def _clean_town(name: str) -> str | None:
    """Return the town without what follows it by chance, or None when the name is no town."""
    words: list[str] = []
    for word in name.split():
        if word in _AFTER_TOWN:
            break
        words.append(word)
    while words and words[-1] in _SUFFIXES:
        words.pop()
    if not words or words[0] in _NOT_FIRST or not _NOWHERE.isdisjoint(words):
        return None
    return None if len(words[0]) > 1 and words[0].isupper() else " ".join(words)
