"""The countries that a text names.

Names come from CLDR (through babel) in English and in the language of the text; the short forms
and adjectives that CLDR lacks are listed here.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

# "-" marks phrases that hold the name of a country without naming it.
_MORE_NAMES = """
US: U.S.A. U.S. USA US America American Americans United_States_of_America
GB: U.K. UK Britain British Great_Britain England Scotland Wales
CN: PRC Chinese Sino People's_Republic_of_China
RU: Russian Russians Russian_Federation
EU: EU E.U. European_Union
KR: ROK Republic_of_Korea South_Korean Korean
KP: DPRK North_Korean
AE: UAE Emirati
CZ: Czech_Republic Czech
TR: Turkey Turkish
MM: Myanmar Burma
CI: Ivory_Coast Ivorian
CD: DR_Congo DRC Democratic_Republic_of_the_Congo
CG: Republic_of_the_Congo
HK: Hong_Kong
MO: Macao Macau
VN: Viet_Nam Vietnamese
BA: Bosnia_and_Herzegovina Bosnian
TT: Trinidad_and_Tobago
PS: Palestine Palestinian
DE: German Germans
FR: French
IT: Italian
ES: Spanish
PT: Portuguese
NL: Dutch The_Netherlands
BE: Belgian
CH: Swiss
AT: Austrian
PL: Polish
HU: Hungarian
RO: Romanian
BG: Bulgarian
RS: Serbian
GR: Greek
SE: Swedish
NO: Norwegian
DK: Danish
FI: Finnish
IS: Icelandic
IE: Irish
UA: Ukrainian
BY: Belarusian
KZ: Kazakh Kazakhstani
UZ: Uzbek
JP: Japanese
IN: Indian
PK: Pakistani
BD: Bangladeshi
LK: Sri_Lankan
NP: Nepali Nepalese
TH: Thai
ID: Indonesian
MY: Malaysian
SG: Singaporean
PH: Filipino Philippine
LA: Lao Laotian
KH: Cambodian
MN: Mongolian
IR: Iranian
IQ: Iraqi
IL: Israeli
SA: Saudi
QA: Qatari
EG: Egyptian
MA: Moroccan
DZ: Algerian
TN: Tunisian
ET: Ethiopian
KE: Kenyan
NG: Nigerian
GH: Ghanaian
RW: Rwandan
TZ: Tanzanian
ZA: South_African
BR: Brazilian
AR: Argentine Argentinian
CL: Chilean
MX: Mexican
CU: Cuban
CO: Colombian
PE: Peruvian
VE: Venezuelan
CA: Canadian
AU: Australian
NZ: New_Zealander
-: South_China_Sea East_China_Sea South_China_Morning_Post China_Daily Latin_America Latin_American
-: North_America North_American South_America South_American Central_America
-: New_Mexico New_England Indian_Ocean
"""
_CHINESE_PAIRS = "美US 俄RU 欧EU 法FR 德DE 英GB 日JP 韩KR 意IT"  # 中美: China and the United States
_NO_TERRITORIES = {"EZ", "UN", "ZZ", "QO", "XA", "XB"}  # groupings and private codes of CLDR
_PERSONAL_NAMES = {"Jordan", "Chad", "Georgia", "Israel"}  # people and an American state are called so too
_BEGIN = re.compile(r"(?<![^\W\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3])[^\W\d_a-z]")
_NOT_AFTER = re.compile(r"[^\W_]|-(?:based|born)\b|\$")
_SURNAME_BEFORE = re.compile(r"[A-Z][a-z]+ $")


class CountryHit(NamedTuple):
    """A country that a text names; `code` is ISO 3166, or EU."""

    code: str
    start: int
    end: int


class _Name(NamedTuple):
    name: str
    codes: tuple[str, ...]


def find_countries(text: str, language: str) -> tuple[CountryHit, ...]:
    """Return the countries that the text names, adjectives included, in the order of the text."""
    names = _load_names(language)
    hits: list[CountryHit] = []
    taken = 0
    for match in _BEGIN.finditer(text):
        start = match.start()
        if start < taken:
            continue
        for name, codes in names.get(text[start : start + 2], ()):
            end = start + len(name)
            if text.startswith(name, start) and not _is_other_name(text, name, start):
                hits += (CountryHit(code, start, end) for code in codes)
                taken = end
                break
    return tuple(hits)


def _is_other_name(text: str, name: str, start: int) -> bool:
    """Tell whether the letters of a country's name are part of something else here."""
    if name.isascii() and _NOT_AFTER.match(text, start + len(name)):
        return True
    return name in _PERSONAL_NAMES and bool(_SURNAME_BEFORE.search(text[max(0, start - 20) : start]))


@lru_cache(maxsize=32)
def _load_names(language: str) -> dict[str, list[_Name]]:
    """Return names with their codes by the first two characters, the longest name first."""
    codes: dict[str, tuple[str, ...]] = {}
    for tag in ("en", language.partition("-")[0]):
        try:
            territories = Locale.parse(tag).territories
        except (UnknownLocaleError, ValueError):
            continue
        for code, name in territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_TERRITORIES:
                codes[name.partition(" (")[0]] = (code,)
    for line in _MORE_NAMES.strip().splitlines():
        code, _, names = line.partition(": ")
        for name in names.split():
            codes[name.replace("_", " ")] = () if code == "-" else (code,)
    for pair in _CHINESE_PAIRS.split():
        codes[f"中{pair[0]}"] = codes[f"{pair[0]}中"] = ("CN", pair[1:])
    index: dict[str, list[_Name]] = {}
    for name in sorted(codes, key=len, reverse=True):
        index.setdefault(name[:2], []).append(_Name(name, codes[name]))
    return index
