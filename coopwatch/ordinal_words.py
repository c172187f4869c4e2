"""How ordinals are spelled in the languages that write them as words, from first to ninety-ninth.

Every spelling is a list of words in lower case with single blanks; hyphens count as blanks, and accents
are left out, because headlines leave them out.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product


def _split(words: str) -> list[str]:
    return words.split()


_ENGLISH = _split(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ENGLISH_TENS = _split("twent thirt fort fift sixt sevent eight ninet")
_FRENCH = _split(
    "unième deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième"
    " douzième treizième quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième"
)
_FRENCH_TENS = {
    20: "vingt",
    30: "trente",
    40: "quarante",
    50: "cinquante",
    60: "soixante",
    80: "quatre-vingt",
}
# Iberian ordinals end in -o or -a, those of compounds alike; a few are shortened before a noun.
_SPANISH = _split("primero segundo tercero cuarto quinto sexto séptimo octavo noveno")
_SPANISH_TENS = _split(
    "décimo vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo septuagésimo octogésimo nonagésimo"
)
_PORTUGUESE = _split("primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono")
_PORTUGUESE_TENS = _split(
    "décimo vigésimo trigésimo quadragésimo quinquagésimo sexagésimo septuagésimo octogésimo nonagésimo"
)
_GERMAN = _split(
    "erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt"
    " sechzehnt siebzehnt achtzehnt neunzehnt"
)
_GERMAN_UNITS = _split("ein zwei drei vier fünf sechs sieben acht neun")
_GERMAN_TENS = _split("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_RUSSIAN = _split(
    "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат"
    " пятнадцат шестнадцат семнадцат восемнадцат девятнадцат"
)
_RUSSIAN_TENS = {
    2: ("двадцать", "двадцат"),
    3: ("тридцать", "тридцат"),
    4: ("сорок", "сороков"),
    5: ("пятьдесят", "пятидесят"),
    6: ("шестьдесят", "шестидесят"),
    7: ("семьдесят", "семидесят"),
    8: ("восемьдесят", "восьмидесят"),
    9: ("девяносто", "девяност"),
}
_RUSSIAN_ENDINGS = _split("ый ой ая ое ые ого ому ым ом ую ых ыми")
_RUSSIAN_THIRD = _split("ий ья ье ьи ьего ьему ьим ьем ью ьей ьих ьими")
_ARABIC = _split("ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر")  # from the second on
_ARABIC_TENS = _split("عشر ثلاث أربع خمس ست سبع ثمان تسع")
_KOREAN = _split("한 두 세 네 다섯 여섯 일곱 여덟 아홉")
_KOREAN_TENS = _split("열 스물 서른 마흔 쉰 예순 일흔 여든 아흔")


@lru_cache(maxsize=20_000)
def fold_word(word: str) -> str:
    """Return a word as it is compared: small, without accents, one alef, final alef maqsura as yaa."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ـ", "").replace("ى", "ي")


@lru_cache(maxsize=16)
def spell_ordinals(language: str) -> Mapping[str, int]:
    """Return every spelling of an ordinal with its number.

    Args:
        language: ar, de, en, es, fr, pt or ru; "" is all of them together. Others have no such words.
    """
    if not language:
        return {spelling: value for name in _SPELL for spelling, value in spell_ordinals(name).items()}
    if language not in _SPELL:
        return {}
    return {fold_word(spelling).replace("-", " "): value for spelling, value in _SPELL[language]()}


def spell_korean() -> Mapping[str, int]:
    """Return the native Korean numbers as they stand before 번째, with "first", which needs it not."""
    spelled = {"첫": 1} | {word: value for value, word in enumerate(_KOREAN[1:], 2)}
    for ten, tens in enumerate(_KOREAN_TENS, 1):
        spelled["스무" if tens == "스물" else tens] = 10 * ten
        spelled.update((f"{tens}{word}", 10 * ten + unit) for unit, word in enumerate(_KOREAN, 1))
    return spelled


def _spell_english() -> Iterator[tuple[str, int]]:
    yield from (("inaugural", 1), ("maiden", 1))
    yield from ((word, value) for value, word in enumerate(_ENGLISH, 1))
    for tens, stem in enumerate(_ENGLISH_TENS, 2):
        yield f"{stem}ieth", 10 * tens
        yield from ((f"{stem}y {word}", 10 * tens + unit) for unit, word in enumerate(_ENGLISH[:9], 1))


def _spell_french() -> Iterator[tuple[str, int]]:
    yield from ((word, 1) for word in ("premier", "première", "inaugural", "inaugurale"))
    yield from (("second", 2), ("seconde", 2))
    yield from ((word, value) for value, word in enumerate(_FRENCH[1:], 2))
    for base, word in _FRENCH_TENS.items():
        yield f"{word.removesuffix('e')}ième", base
        for unit, ordinal in enumerate(_FRENCH if base >= 60 else _FRENCH[:9], 1):
            joint = "et " if unit in {1, 11} and base < 80 else ""
            yield f"{word} {joint}{ordinal}", base + unit


def _spell_iberian(units: list[str], tens: list[str]) -> Iterator[tuple[str, int]]:
    for gender in "oa":
        ones = [f"{word[:-1]}{gender}" for word in units]
        yield from ((word, value) for value, word in enumerate(ones, 1))
        for ten, word in enumerate(tens, 1):
            yield f"{word[:-1]}{gender}", 10 * ten
            for value, unit in enumerate(ones, 10 * ten + 1):
                yield f"{word[:-1]}{gender} {unit}", value
                yield from (
                    (f"{word} {unit}", value),
                    (f"{word}{unit}", value),
                )  # décimo quinta, decimoquinta
                yield f"{word[:-1]}{unit}" if unit.startswith("o") else f"{word}{unit}", value  # decimoctavo


def _spell_spanish() -> Iterator[tuple[str, int]]:
    for spelling, value in _spell_iberian(_SPANISH, _SPANISH_TENS):
        yield spelling, value
        if spelling.endswith(("primero", "tercero")):
            yield spelling[:-1], value
    yield from (("inaugural", 1), ("undécimo", 11), ("undécima", 11), ("duodécimo", 12), ("duodécima", 12))


def _spell_portuguese() -> Iterator[tuple[str, int]]:
    for spelling, value in _spell_iberian(_PORTUGUESE, _PORTUGUESE_TENS):
        yield spelling, value
        yield spelling.replace("septuag", "setuag"), value
    yield from (("inaugural", 1), ("undécimo", 11), ("undécima", 11), ("duodécimo", 12), ("duodécima", 12))


def _spell_german() -> Iterator[tuple[str, int]]:
    stems = [*enumerate(_GERMAN, 1), (7, "siebent")]
    for ten, tens in enumerate(_GERMAN_TENS, 2):
        for spelled in {tens, tens.replace("ß", "ss")}:
            stems.append((10 * ten, f"{spelled}st"))
            stems += (
                (10 * ten + unit, f"{word}und{spelled}st") for unit, word in enumerate(_GERMAN_UNITS, 1)
            )
    yield from ((f"{stem}e{ending}", value) for value, stem in stems for ending in ("", "n", "r", "s", "m"))


def _spell_russian() -> Iterator[tuple[str, int]]:
    def inflect(stem: str) -> Iterator[str]:
        endings = _RUSSIAN_THIRD if stem == "трет" else _RUSSIAN_ENDINGS
        yield from (stem + ending for ending in endings)

    yield from ((word, value) for value, stem in enumerate(_RUSSIAN, 1) for word in inflect(stem))
    for ten, (cardinal, stem) in _RUSSIAN_TENS.items():
        yield from ((word, 10 * ten) for word in inflect(stem))
        for unit, ordinal in enumerate(_RUSSIAN[:9], 1):
            yield from ((f"{cardinal} {word}", 10 * ten + unit) for word in inflect(ordinal))


def _spell_arabic() -> Iterator[tuple[str, int]]:
    yield from (("أول", 1), ("أولى", 1), ("الأول", 1), ("الأولى", 1), ("الافتتاحي", 1), ("الافتتاحية", 1))
    pairs = [
        ("حادي", "حادية"),
        *((word, f"{word.removesuffix('ي')}{'ي' * word.endswith('ي')}ة") for word in _ARABIC),
    ]
    for value, (he, she) in enumerate(pairs[1:], 2):
        yield from ((f"{article}{word}", value) for article, word in product(("", "ال"), (he, she)))
    for unit, (he, she) in enumerate(pairs[:9], 1):
        yield from ((f"ال{he} عشر", 10 + unit), (f"ال{she} عشرة", 10 + unit), (f"ال{she} عشر", 10 + unit))
    for ten, stem in enumerate(_ARABIC_TENS, 2):
        for ending in ("ون", "ين"):
            yield f"ال{stem}{ending}", 10 * ten
            for unit, forms in enumerate(pairs[:9], 1):
                yield from ((f"ال{form} وال{stem}{ending}", 10 * ten + unit) for form in forms)


_SPELL = {
    "ar": _spell_arabic,
    "de": _spell_german,
    "en": _spell_english,
    "es": _spell_spanish,
    "fr": _spell_french,
    "pt": _spell_portuguese,
    "ru": _spell_russian,
}

# What takes an ordinal before it for itself: "first time", "third country", "Erster Weltkrieg".
TAKERS_BEHIND: Mapping[str, str] = {
    "en": "times?|days?|nights?|morning|weeks?|months?|years?|century|centuries|decades?|half|quarter|lady"
    "|steps?|place|persons?|hand|(?:vice |deputy )?(?:minister|president)|secretary|name|language|floor"
    "|country|countries|party|parties|class|degree|generation|world war|ever time|anniversary|birthday"
    "|largest|biggest|highest|most|best|of all|to|and foremost|phase|batch|part|vice|deputy|term|grade|wave"
    "|industrial|five-year|plenary|plenum",
    "fr": "fois|jours?|(?:vice-)?ministres?|semestre|trimestre|moitié|dame|pas|place|étape|guerre|siècle|pays"
    "|lieu|anniversaire|ans|année|partie|abord|rang|plan|mandat|vice-président",
    "es": "vez|días?|(?:vice)?ministr[oa]|semestre|trimestre|mitad|dama|pasos?|lugar|puesto|etapa|guerra"
    "|siglo|país|países|aniversario|años?|parte|grado|plano|mandato|vicepresidente|mundo",
    "pt": "vez|dias?|(?:vice-)?ministr[oa]|semestre|trimestre|metade|dama|passos?|lugar|etapa|guerra|século"
    "|país|países|aniversário|anos?|parte|grau|plano|mandato|(?<=-)feira|mundo",
    "de": r"mal|tage?s?|halbjahr|hälfte|quartal|platz|person|dame|schritte?|weltkrieg\w{0,2}|jahrhunderts?"
    r"|jahrestag\w{0,2}|jahre?s?|land|länder|rang|stock|bürgermeister|vorsitzender?|linie",
    "ru": r"раза?|день|дня|дни|половин\w{1,2}|леди|мест\w{1,2}|очеред\w{1,2}|квартал\w{0,2}|стран\w{0,3}"
    r"|лиц\w{0,2}|год\w{0,2}|вице-премьер\w{0,2}|заместител\w{1,2}|секретар\w{1,2}"
    r"|миров\w{2,3} войн\w{1,2}|век\w{0,2}|шаг\w{0,2}|этап\w{0,2}|годовщин\w{1,2}|юбиле\w{1,2}|сторон\w{0,2}",
    "ar": "مرة|يوم|من أمس|أكسيد",
    "ko": "날|걸음|발|눈|해|단추|여성",
    "ja": "女性|世界大戦",
    "zh": "世界大战|世界大戰|全会|全體會議|全体会议",
}
# What keeps an ordinal behind it: an Arabic noun ("for the first time", "the second Kanun"), and "во-первых".
TAKERS_BEFORE = (
    "(?:المرة|للمرة|مرة|اليوم|النصف|السيدة|الدرجة|المركز|الربع|تشرين|كانون|ربيع|جمادى|الدولة|الدول|الفصل|الشهر"
    r"|الأسبوع|الصف|العام|السنة|القرن|الطرف|المرحلة|المستوى)\s|во-|в-"
)
