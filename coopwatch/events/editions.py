"""Which edition of a recurring event a text names: "first", "1st", "inaugural", "I" and 首届 are one number.

An edition is an ordinal ("the second …") or, for series that number themselves by year, a year
("… 2025"). Both are integers; `is_year` tells them apart. Only what stands in the same phrase as
the name counts: the tenth anniversary of a conference says nothing about its edition.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from coopwatch.ordinals import Ordinal, find_ordinals

FIRST_YEAR = 1900
_BEFORE_CHARS = 120  # how far before a name its edition may begin
_AFTER_CHARS = 80

_OPENING = r"[\s\"'“”‘’«»《》〈〉「」『』(（-]*"
_YEAR = r"(?:19|20)\d\d"
_OF = r"(?:of|del?|des?|du|d[ao]s?|della|der|des|von)"
_ARTICLE = r"(?:the|las?|les?|los|el|[oa]s?|l['’])"
_SESSIONS = (
    "editions?|sessions?|rounds?|meetings?|éditions?|réunions?|edicion|edición|ediciones|sesión|reunión|ronda|edição"
    r"|sessão|reunião|rodada|ausgabe|auflage|sitzung|tagung|runde|заседани\w{1,3}|сесси\w{1,3}|встреч\w{1,2}"
    r"|раунд\w{0,2}|совещани\w{1,3}"
)
# Words that may stand between the ordinal and the name without taking the ordinal for themselves.
_BETWEEN = re.compile(
    rf"(?i:(?:[\s-]+(?:ever|annual|biennial|triennial|ordinary|regular|plenary))?"
    rf"(?:\s+(?:{_SESSIONS})(?:\s+{_OF})?(?:\s?{_ARTICLE}(?=\s|$|[\"“«]))?)?"
    rf"(?:\s+(?:{_ARTICLE}|من|في|ل))?(?:\s?[(（]?{_YEAR}年?[)）]?)?)?{_OPENING}"
)
_ABBREVIATION = r"(?:[\s\"”’»]*[(（][^()（）]{1,15}[)）])?"
_BEHIND = re.compile(
    rf"{_ABBREVIATION}(?i:(?:,?\s+(?:now\s+)?(?:in\s+)?(?:its|the|sa|su|sua|seine[nr]?|ihre[nr]?|свою|своей)|['’]s)\s+"
    rf"|,\s+|\s+[–—-]\s+)"
)
_SESSION_BEHIND = re.compile(rf"\s+(?i:{_SESSIONS})(?!\w)")
_RIGHT_BEHIND = re.compile(rf"{_ABBREVIATION}[\s\"”’»》」』]{{0,2}}")
_MEETS = re.compile(r"\s?(?:[年例][会會]|[会會][议議晤]|大[会會]|회의|총회)")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_AFTER_DATE = re.compile(
    r"(?:[A-Za-zА-я]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?|\d{1,2}\.?\s+[A-Za-zА-я]{3,12}\.?"
    r"|\b(?:since|until|till|after|before)|[自从至])\s?$"
)
_WORD_START = r"(?<![^\W\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3])"  # CJK writes words without spaces
_YEAR_BEFORE = re.compile(
    rf"(?<![.,-]){_WORD_START}(?P<year>{_YEAR})(?:\s?[年년](?:度|도)?)?"
    rf"(?i:\s+(?:annual|edition of(?: the)?))?{_OPENING}$"
)
_YEAR_EDITION_BEFORE = re.compile(
    rf"(?i:(?:édition|edición|edição|ausgabe)\s+(?P<year>{_YEAR})\s+{_OF}(?:\s?{_ARTICLE})?){_OPENING}$"
)
_YEAR_AFTER = re.compile(
    rf"{_ABBREVIATION}[\s\"”’»]*(?:لعام |لسنة |عام )?(?:\s[–—]\s)?[(（'’-]?(?P<year>{_YEAR})"
    r"(?![\w-]*\d)(?!\s?年\d)"
)
_JOINED_NUMBER = re.compile(r"-?(?P<number>[1-9]\d?)(?![\w%-])")

_MEETINGS = (
    "conference|forum|summit|congress|symposium|workshop|assembly|meeting|dialogue|conférence|sommet|congrès|colloque"
    "|assemblée|réunion|conferencia|foro|cumbre|congreso|simposio|asamblea|reunión|diálogo|encuentro|conferência|fórum"
    r"|cúpula|cimeira|congresso|simpósio|assembleia|reunião|encontro|[\w-]{0,40}(?:konferenz|forum|tagung|kongress"
    r"|gipfel|sitzung|treffen)|конференци\w{1,3}|форум\w{0,3}|саммит\w{0,3}|конгресс\w{0,3}|съезд\w{0,3}"
    r"|симпозиум\w{0,3}|заседани\w{1,3}|совещани\w{1,3}|диалог\w{0,3}|مؤتمر|منتدى|قمة|اجتماع|حوار"
)
_COUNTED_MEETINGS = (
    "(?<!代表)大[会會]|论坛|論壇|峰[会會]|年[会會]|[会會][议議]|[会會]晤|对话|對話|研[讨討][会會]|例[会會]|会議|会合|総会|フォーラム|サミット"
    "|シンポジウム|회의|포럼|총회|콘퍼런스|컨퍼런스|심포지엄|대회"
)
_JOINING_WORDS = (
    "and|of|on|for|the|in|de|del|des|du|la|las|los|le|les|et|y|e|sobre|sur|para|da|do|für|und|zu|по|и"
)
_MEETING_BEHIND = re.compile(
    rf"(?:[\s-]+(?:[A-ZÀ-ÞА-ЯЁ&][\w'’.]*|[а-яё]+|{_JOINING_WORDS})){{0,8}}?[\s-]+(?i:{_MEETINGS})(?!\w)"
    rf"|[^\n，。；！？,.;!?]{{0,40}}?(?:{_COUNTED_MEETINGS})"
)
_MEETING_NOUN = re.compile(rf"(?<!\w)(?i:{_MEETINGS})(?!\w)|{_COUNTED_MEETINGS}")
_ARABIC_MEETING_BEFORE = re.compile(
    r"(?:المؤتمر|المنتدى|القمة|الاجتماع|الحوار|الملتقى|الندوة)(?:\s[\u0621-\u064a]+){0,4}\s$"
)


class Meeting(NamedTuple):
    """A meeting that a text numbers: where ordinal and name stand, and which edition it is."""

    edition: int
    start: int
    end: int


def is_year(edition: int) -> bool:
    """Tell whether an edition is a year and not an ordinal."""
    return edition >= FIRST_YEAR


def find_edition(text: str, start: int, end: int, language: str = "", *, by_year: bool = False) -> int | None:
    """Return the edition that is bound to the name at `text[start:end]`.

    Args:
        text: the text around the name.
        start: where the name begins.
        end: where it ends.
        language: of the text, a tag; see `find_ordinals`.
        by_year: the series numbers itself by year, so that of two a year is its edition.

    Returns:
        An ordinal, else a year, else None.
    """
    ordinal, year = _find_ordinal(text, start, end, language), _find_year(text, start, end)
    return (year or ordinal) if by_year else (ordinal or year)


def find_meetings(text: str, language: str = "") -> list[Meeting]:
    """Return the meetings that a text numbers, of a registered series or not: "the 12th Lakes Congress"."""
    meetings = []
    for ordinal in find_ordinals(text, language):
        if match := _MEETING_BEHIND.match(text, ordinal.end):
            meetings.append(Meeting(ordinal.value, ordinal.start, match.end()))
        elif match := _ARABIC_MEETING_BEFORE.search(
            text, max(0, ordinal.start - _AFTER_CHARS), ordinal.start
        ):
            meetings.append(Meeting(ordinal.value, match.start(), ordinal.end))
    return meetings


def find_meeting_edition(text: str, language: str = "") -> int | None:
    """Return the ordinal of the first meeting that the text names: "the 12th Lakes Congress" is 12."""
    return next((meeting.edition for meeting in find_meetings(text, language)), None)


def names_meeting(name: str) -> bool:
    """Tell whether a name is that of a meeting, by its words."""
    return bool(_MEETING_NOUN.search(name))


def _find_ordinal(text: str, start: int, end: int, language: str) -> int | None:
    begin = max(0, start - _BEFORE_CHARS)
    while 0 < begin < start and text[begin - 1].isalnum():
        begin += 1  # not amid a word
    window = text[begin : end + _AFTER_CHARS]
    shift = (
        one._replace(start=one.start + begin, end=one.end + begin) for one in find_ordinals(window, language)
    )
    ordinals = sorted(shift, key=lambda one: one.start)
    inside = next((one.value for one in ordinals if start <= one.start and one.end <= end), None)
    return inside or _find_before(text, start, ordinals) or _find_behind(text, end, ordinals)


def _find_before(text: str, start: int, ordinals: Sequence[Ordinal]) -> int | None:
    before = [one for one in ordinals if one.end <= start]
    if before and _BETWEEN.fullmatch(text, before[-1].end, start):
        return before[-1].value
    return None


def _find_behind(text: str, end: int, ordinals: Sequence[Ordinal]) -> int | None:
    behind = next((one for one in ordinals if one.start >= end), None)
    if behind is None:
        return None
    if _BEHIND.fullmatch(text, end, behind.start) and _SESSION_BEHIND.match(text, behind.end):
        return behind.value
    if not _RIGHT_BEHIND.fullmatch(text, end, behind.start):
        return None
    is_bound = _MEETS.match(text, behind.end) or _ARABIC.match(text, behind.end - 1)
    return behind.value if is_bound else None


def _find_year(text: str, start: int, end: int) -> int | None:
    after = text[end : end + _AFTER_CHARS]
    if text[start:end].isupper() and (match := _JOINED_NUMBER.match(after)):
        return int(match["number"])
    if match := _YEAR_AFTER.match(after):
        return int(match["year"])
    before = text[max(0, start - _BEFORE_CHARS) : start]
    if match := _YEAR_EDITION_BEFORE.search(before):
        return int(match["year"])
    match = _YEAR_BEFORE.search(before)
    if match and not _AFTER_DATE.search(before[: match.start()]):
        return int(match["year"])
    return None
