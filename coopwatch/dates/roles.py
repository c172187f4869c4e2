"""What a date in a text is the date of, told from the words around it.

The cue nearest to the date in its sentence decides. A range of days that nothing marks is an event,
because only events last for days; any other date that nothing marks is background, because a date
taken for an event's is worse than one that is missed.
"""

import re
from typing import NamedTuple

from schemas.records import DateRole

REACH = 30.0  # a cue further away than this (words, with what `_distance` adds) says nothing
_NOUN_REACH = 3.0
_WINDOW = 300  # characters of a sentence that are looked at on either side of the date


class _Cues(NamedTuple):
    """The cue words of one language; the first alternative that matches at a place counts."""

    pattern: re.Pattern[str]  # with one group a role: background, speech, deadline, event, noun
    is_verb_last: bool  # the verb stands behind its date


def _cues(*, is_verb_last: bool = False, **roles: str) -> _Cues:
    """Compile cue words; those of languages with spaces are whole words."""
    edge = "" if is_verb_last else r"\b"
    groups = "|".join(f"(?P<{role}>{words})" for role, words in roles.items())
    return _Cues(re.compile(f"{edge}(?:{groups}){edge}", re.IGNORECASE), is_verb_last)


_CUES = {
    "en": _cues(
        background=r"(?:press|news|media) (?:conference|briefing)s?(?: (?:held|hosted|given|organi[sz]ed))?"
        r"|founded|born|died|expired?|expires|lapsed?|dates? back|dating back|dated|as of"
        r"|anniversary|previous|previously|photo|taken|proposed|published|first held",
        speech=r"said|says|saying|told|tells|stated|noted|added|wrote|tweeted|reported|reports|announced?"
        r"|announces|announcing|announcement|confirmed|commented|remarked|revealed|disclosed|pointed out"
        r"|emphasi[sz]ed|stressed|according to|interview|interviewed|statement|quoted|warned|alleged|claimed"
        r"|explained",
        deadline=r"deadlines?|closing date|cut-?off|due date|no later than",
        event=r"hold|holds|held|holding|t(?:ake|akes|ook|aking) place|open|opens|opened|opening"
        r"|kick(?:s|ed|ing)? off|conclud(?:e|es|ed|ing)|clos(?:es|ed|ing)|runs?|ran|running"
        r"|begins?|began|beginning"
        r"|start(?:s|ed|ing)?|conven(?:e|es|ed|ing)|host(?:s|ed|ing)?|gather(?:s|ed|ing)?|attend(?:s|ed|ing)?"
        r"|participat(?:e|es|ed|ing)|inaugurat(?:e|es|ed|ing)|launch(?:es|ed|ing)?|sign(?:s|ed|ing)?|inks?|inked"
        r"|met|meets?|scheduled|slated|set for|visit(?:s|ed|ing)?|unveil(?:s|ed|ing)?|join(?:s|ed|ing)?"
        r"|extend(?:s|ed|ing)?|renew(?:s|ed|ing)?|adopt(?:s|ed|ing)?|approv(?:es|ed)|releas(?:es|ed)|establish(?:es|ed)"
        r"|set up|wrap(?:s|ped|ping)? up|ends?|ended|last(?:s|ed)|celebrat(?:es|ed)",
        noun=r"conference|congress|forum|summit|symposium|workshop|seminar|meeting|exhibition|expo|fair|ceremony|talks",
    ),
    "fr": _cues(
        background=r"conférence de presse|fondée?|créée? en|anniversaire|depuis|datée?|né",
        speech=r"a (?:déclaré|annoncé|indiqué|affirmé|précisé|ajouté|souligné)|selon|communiqué",
        deadline=r"date limite|au plus tard|clôture des",
        event=r"lieu|tenue?|tient|tiendra|tiendront|ouvre|ouvert|ouverte|ouvrira|inaugurée?|signée?s?|lancée?|réuni|réunis"
        r"|accueille|accueillera|organisée?|débute|débutera|clos|achevée?|participé",
        noun=r"conférence|forum|sommet|colloque|congrès|atelier|réunion|salon",
    ),
    "es": _cues(
        background=r"rueda de prensa|conferencia de prensa|fundad[ao]|aniversario|desde|nacid[ao]",
        speech=r"dijo|declaró|afirmó|anunció|señaló|indicó|según|comunicado|explicó",
        deadline=r"fecha límite|plazo|a más tardar",
        event=r"celebr\w{1,8}|lugar|inaugur\w{1,8}|firm(?:ó|aron|ado|ada)|abrió|abrirá|comenzó|comenzará|clausur\w{1,8}"
        r"|concluyó|reunió|reunieron|lanzó|lanzado|organiz\w{1,8}|participó",
        noun=r"conferencia|foro|cumbre|simposio|congreso|taller|reunión|feria",
    ),
    "de": _cues(
        background=r"pressekonferenz|gegründet|jahrestag|seit|geboren",
        speech=r"sagte|erklärte|teilte|mitgeteilt|betonte|laut|ankündigte|kündigte|berichtete",
        deadline=r"einsendeschluss|anmeldeschluss|bewerbungsfrist|frist|spätestens",
        event=r"statt|stattfinden|stattfand|stattgefunden|findet|fand|eröffnet|eröffnete|beginnt|begann|endet|endete"
        r"|unterzeichnet|unterzeichneten|unterzeichnete|getroffen|trafen|veranstaltet|lädt|startet|startete",
        noun=r"konferenz|forum|gipfel|tagung|symposium|kongress|workshop|treffen|messe",
    ),
    "zh": _cues(
        is_verb_last=True,
        background=r"(?:举行|召开|举办)[^，。；\n]{0,25}(?:发布会|记者会|吹风会)|发布会|记者会|吹风会|发布[^，。；\n]{0,6}(?:消息|数据|通报|公告|声明|通知|预警)|周年|成立于|创立|建交|出生"
        r"|此前|拍摄",
        speech=r"表示|指出|介绍|宣布|透露|强调|认为|获悉|报道|消息|说|称",
        deadline=r"截止|为止|之前报名",
        event=r"举行|召开|举办|开幕|闭幕|启动|签署|签订|揭牌|成立|启用|拉开帷幕|落幕|揭幕|开馆|开始|启程|抵达|访问|会见|会谈"
        r"|开启|结束|亮相|发布|出席|参加",
        noun=r"大会|论坛|峰会|会议|研讨会|年会|博览会",
    ),
}  # fmt: skip

_SINCE = re.compile(
    r"(?:\b(?:since|as of|effective(?: from| on)?|back (?:in|on)|depuis le|desde el|seit dem)\s+"
    r"|(?:自从?|截[至止]到?|早在))\Z",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:by|before|until|till|no later than|avant le|antes del|bis zum)\s+\Z", re.IGNORECASE
)
_APPLY = re.compile(
    r"\b(?:submit|submitted|submissions?|appl(?:y|ied|ications?)|regist(?:er|ered|ration)|nominat(?:e|ed|ions?)"
    r"|proposals?|abstracts?|papers due|candidatures?|solicitudes?|bewerb\w{1,8}|anmeld\w{1,8})\b",
    re.IGNORECASE,
)
_SEMICOLON = re.compile(r"[;；]")
_CONTENT = re.compile(r"[:：，]|\b(?:that|dass|que)\b", re.IGNORECASE)
_FORWARD = re.compile(
    r"\b(?:will|shall|upcoming|scheduled|slated|due to|plans? to|planned|(?:is|are|be|set|expected) to"
    r"|opens|begins|starts|kicks off|takes place|convenes|launches"
    r"|tiendra|tendrá|wird|werden)\b|将",
    re.IGNORECASE,
)

# A line that is a label and a date, and a dateline that opens a paragraph; both in single spaces.
_LABEL = re.compile(
    r"(?:(?:first )?published|posted|updated|last (?:updated|modified)|publication date|date of publication"
    r"|release date|press release|publié|publicado|veröffentlicht|stand|发布时间|发布日期|时间|日期"
    r"|来源.{0,30}|by .{2,60})?(?: ?(?:on|at|le|el|am))?",
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(
    r"(?:(?:[ap] ?m|gmt|utc|[a-z]{2,4}t)(?: |\Z)){0,4}(?:来源.{0,30}|by .{2,40})?", re.IGNORECASE
)
_PLACE = re.compile(r"(?:[A-ZÀ-Ý][^!?;:]{0,78},|[A-ZÀ-Ý]{3,}[^.!?;:]{0,60})?")
_AFTER_DATELINE = re.compile(
    r" ?[.,]? ?(?:/[^/]{2,40}/|(?:[\[(（][^()（）\[\]]{2,60}[\])）])? ?\.? ?(?:--|—|–|-(?!\d)))"
)  # "Nov. 7, 2023 /Wire/", "Nov 6 (Agency) --", "Nov 6 -"
_AFTER_CJK_DATELINE = re.compile(r" ?(?:[电電](?![话話视視力子影商站器网])|[讯訊])")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def points_forward(text: str, start: int, end: int, sentence: tuple[int, int]) -> bool:
    """Tell whether a day named without its date lies ahead: "will open on Monday"."""
    before = text[max(sentence[0], start - 60) : start]
    after = text[end : min(sentence[1], end + 40)]
    cue = _CUES["en"].pattern
    speech = [match.end() for match in cue.finditer(before) if match["speech"]]
    is_first = len(before.split()) <= 1  # "On Monday, the forum will open"
    return bool(_FORWARD.search(before, max(speech, default=0)) or (is_first and _FORWARD.search(after)))


def is_publication_date(text: str, start: int, end: int) -> bool:
    """Tell whether a date is that of the text itself: in a dateline, or on a line of its own."""
    line_start = text.rfind("\n", max(0, start - 120), start) + 1
    if line_start == 0 and start > 120:
        return False
    before = " ".join(text[line_start:start].split())
    after = " ".join(text[end : end + 120].split("\n", 1)[0].split())
    if _AFTER_CJK_DATELINE.match(after) or (_AFTER_DATELINE.match(after) and _PLACE.fullmatch(before)):
        return True
    words_before, words_after = (_NOT_LETTERS.sub(" ", words).strip() for words in (before, after))
    return len(after) < 60 and bool(_LABEL.fullmatch(words_before) and _AFTER_LABEL.fullmatch(words_after))


def _distance(gap: str, *, is_before: bool, is_verb_last: bool) -> float:
    """Return how far a cue is from a date, in words; commas separate, and so does the wrong side."""
    length = len(gap.strip()) / 2 if is_verb_last else len(gap.split())
    wrong_side = is_before == is_verb_last
    return length + 2 * len(re.findall(r"[,，:：]", gap)) + (8 if wrong_side else 0)


def _nearest_cue(
    text: str, date_bounds: tuple[int, int], bounds: tuple[int, int], cues: _Cues, reach: float
) -> DateRole | None:
    start, end = date_bounds
    nearest = reach
    role: DateRole | None = None
    for match in cues.pattern.finditer(text, *bounds):
        is_before = match.end() <= start
        if not is_before and match.start() < end:
            continue
        gap = text[match.end() : start] if is_before else text[end : match.start()]
        kind = match.lastgroup
        if _SEMICOLON.search(gap) or (kind == "speech" and is_before and _CONTENT.search(gap)):
            continue  # another clause, or what was said and not when
        distance = _distance(gap, is_before=is_before, is_verb_last=cues.is_verb_last)
        if kind == "noun":
            if distance > _NOUN_REACH:
                continue
            distance += 6  # a verb knows better
        if distance < nearest:
            nearest = distance
            role = (
                "deadline" if kind == "deadline" else "event" if kind in {"event", "noun"} else "background"
            )
    return role


def decide_role(
    text: str,
    start: int,
    end: int,
    sentence: tuple[int, int],
    language: str,
    *,
    is_range_of_days: bool = False,
    reach: float = REACH,
) -> DateRole:
    """Return what the date at `start`..`end` is the date of.

    Args:
        text: the whole text.
        start: where the words of the date begin.
        end: where they end.
        sentence: the bounds of the sentence that holds them.
        language: the base language, such as "en".
        is_range_of_days: the date has two ends, at most a month apart.
        reach: how far, in words, the cue may be away.
    """
    if not is_range_of_days and is_publication_date(text, start, end):
        return "publication"
    bounds = max(sentence[0], start - _WINDOW), min(sentence[1], end + _WINDOW)
    before = text[bounds[0] : start]
    if _SINCE.search(before[-24:]):
        return "background"
    if _UNTIL.search(before[-24:]) and _APPLY.search(text, *bounds):
        return "deadline"
    cues = _CUES.get(language)
    role = _nearest_cue(text, (start, end), bounds, cues, reach) if cues else None
    return role or ("event" if is_range_of_days else "background")
