"""Which edition of a recurring event a text names: "first", "1st", "inaugural", "I" and 首届 are one number.

An edition is an ordinal ("the second …") or, for series that number themselves by year, a year
("… 2025"). Both are integers; `is_year` tells them apart. Only what stands in the same phrase as
the name counts: the tenth anniversary of a conference says nothing about its edition.
"""

import re

FIRST_YEAR = 1900
LAST_ORDINAL = 300  # a higher number counts something else
_BEFORE_CHARS = 60  # how far before a name its edition may begin
_AFTER_CHARS = 60

_ENGLISH_UNITS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth
"""
_ENGLISH_TENS = "twent thirt fort fift sixt sevent eight ninet"
# Forms of 1, 2, 3 … in the languages that write ordinals as words before the name, a number a line.
_OTHER_WORDS = """
inaugural inaugurale inaugurales maiden premier première primer primero primera primeiro primeira primo \
    prima erste ersten erster erstes erstem
deuxième seconde segundo segunda secondo seconda zweite zweiten zweiter zweites zweitem
troisième tercer tercero tercera terceiro terceira terzo terza dritte dritten dritter drittes drittem
quatrième cuarto cuarta quarto quarta vierte vierten vierter viertes viertem
cinquième quinto quinta fünfte fünften fünfter fünftes fünftem
sixième sexto sexta sesto sesta sechste sechsten sechster sechstes sechstem
septième séptimo séptima sétimo sétima settimo settima siebte siebten siebter siebtes siebtem
huitième octavo octava oitavo oitava ottavo ottava achte achten achter achtes achtem
neuvième noveno novena nono nona neunte neunten neunter neuntes neuntem
dixième décimo décima decimo decima zehnte zehnten zehnter zehntes zehntem
"""
_RUSSIAN_STEMS = ("перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят")
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}


def _spell_ordinals() -> dict[str, int]:
    units = _ENGLISH_UNITS.split()
    ordinals = {word: value for value, word in enumerate(units, 1)}
    for tens, stem in enumerate(_ENGLISH_TENS.split(), 2):
        ordinals[f"{stem}ieth"] = 10 * tens
        for unit, word in enumerate(units[:9], 1):
            ordinals[f"{stem}y-{word}"] = ordinals[f"{stem}y {word}"] = 10 * tens + unit
    for value, words in enumerate(_OTHER_WORDS.strip().splitlines(), 1):
        ordinals.update(dict.fromkeys(words.split(), value))
    return ordinals


_ORDINALS = _spell_ordinals()
_SPELLED = "|".join(sorted(map(re.escape, _ORDINALS), key=len, reverse=True))
_RUSSIAN = "|".join(_RUSSIAN_STEMS)
_OPENING = r"[\s\"'“”‘’«»《》〈〉「」『』(（-]*"
_ORDINAL = rf"""
    (?P<spelled>(?i:{_SPELLED})) (?![^\W\d_])
  | (?P<digits>\d{{1,3}}) (?:
        (?i:st|nd|rd|th|er|re|ère|ème|e|nd[eo]|a|o|ª|º|\.ª|\.º|\.[oa]) (?!\w)
      | -?(?:й|я|е|го|ый|ой|ая|ое|ья|ий) (?!\w) )
  | (?P<roman>[IVXL]{{1,7}}) (?!\w)
  | (?P<russian>(?i:{_RUSSIAN})) [а-яё]{{1,4}} (?!\w)
  | 第 \s? (?P<counted>[〇零一二三四五六七八九十两]{{1,3}}|\d{{1,3}}) \s? [届屆次回]
  | (?P<opening>首[届屆次]|初回)
  | 제 \s? (?P<korean>\d{{1,3}}) \s? [회차]
"""
# Words that may stand between the ordinal and the name without taking the ordinal for themselves.
_BETWEEN = r"""
    (?: [\s-]+ (?i:ever|annual|biennial|triennial) )?
    (?: \s+ (?i:edition|session|édition|edición|sesión|edição|edizione|ausgabe)
        \s+ (?i:of|de|del|della|du|da|do|der|des) (?: \s+ (?i:la|las|los) )? )?
    (?: \s+ (?i:the|la|le|el|il|о) )?
"""
_WORD_START = r"(?<![^\W\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3])"  # CJK writes words without spaces
_MEETINGS = (
    "conference|forum|summit|congress|symposium|workshop|assembly|meeting|dialogue|大会|论坛|峰会|年会"
)
_BEFORE = re.compile(rf"{_WORD_START}(?:{_ORDINAL}){_BETWEEN}{_OPENING}$", re.VERBOSE)
_YEAR_BEFORE = re.compile(
    rf"(?<![.,-]){_WORD_START}(?P<year>(?:19|20)\d\d)(?:\s?年度?)?{_OPENING}$", re.VERBOSE
)
_AFTER_DATE = re.compile(
    r"(?:[A-Za-zА-я]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?|\d{1,2}\.?\s+[A-Za-zА-я]{3,12}\.?)\s$"
)
_ABBREVIATION = r"(?:[\s\"”’»]*[(（][^()（）]{1,15}[)）])?"
_YEAR_AFTER = re.compile(rf"{_ABBREVIATION}[\s\"”’»]*[(（'’-]?(?P<year>(?:19|20)\d\d)(?![\w-]*\d)")
_ITS_EDITION = re.compile(
    rf"{_ABBREVIATION}(?:,?\s+(?i:now)?\s*(?i:in)?\s*(?i:its)|['’]s)\s+(?:{_ORDINAL})\s+(?i:edition|session)",
    re.VERBOSE,
)
_JOINED_NUMBER = re.compile(r"-?(?P<number>[1-9]\d?)(?![\w%-])")
_MEETING = re.compile(
    rf"{_WORD_START}(?:{_ORDINAL})(?P<name>(?:\s(?:[A-Z&][\w'’.-]*|and|of|on|for|the|in)){{0,8}}?)\s?(?i:{_MEETINGS})(?!\w)",
    re.VERBOSE,
)


def is_year(edition: int) -> bool:
    """Tell whether an edition is a year and not an ordinal."""
    return edition >= FIRST_YEAR


def find_edition(text: str, start: int, end: int) -> int | None:
    """Return the edition that is bound to the name at `text[start:end]`.

    Args:
        text: the text around the name.
        start: where the name begins.
        end: where it ends.

    Returns:
        An ordinal, else a year, else None.
    """
    before = text[max(0, start - _BEFORE_CHARS) : start]
    if match := _BEFORE.search(before):
        return _read_ordinal(match)
    after = text[end : end + _AFTER_CHARS]
    if match := _ITS_EDITION.match(after):
        return _read_ordinal(match)
    if text[start:end].isupper() and (match := _JOINED_NUMBER.match(after)):
        return int(match["number"])
    if match := _YEAR_AFTER.match(after):
        return int(match["year"])
    match = _YEAR_BEFORE.search(before)
    if match and not _AFTER_DATE.search(before[: match.start()]):
        return int(match["year"])
    return None


def find_meeting_edition(text: str) -> int | None:
    """Return the ordinal of the first meeting that the text names: "the 12th Lakes Congress" is 12."""
    for match in _MEETING.finditer(text):
        if "anniversary" not in match["name"].casefold():
            return _read_ordinal(match)
    return None


def _read_ordinal(match: re.Match[str]) -> int | None:
    if spelled := match["spelled"]:
        return _ORDINALS[spelled.casefold()]
    if match["opening"]:
        return 1
    if roman := match["roman"]:
        return _read_roman(roman)
    if russian := match["russian"]:
        return _RUSSIAN_STEMS.index(russian.casefold()) + 1
    counted = match["digits"] or match["korean"] or match["counted"]
    value = int(counted) if counted.isdecimal() else _read_chinese(counted)
    return value if 0 < value <= LAST_ORDINAL else None


def _read_roman(roman: str) -> int:
    values = [_ROMAN_DIGITS[digit] for digit in roman]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def _read_chinese(numeral: str) -> int:
    """Read 一 to 九十九, and figures written digit by digit (二〇)."""
    if "十" not in numeral:
        return int("".join(str(_CHINESE_DIGITS[digit]) for digit in numeral))
    tens, _, units = numeral.partition("十")
    return 10 * (_CHINESE_DIGITS[tens] if tens else 1) + (_CHINESE_DIGITS[units] if units else 0)
