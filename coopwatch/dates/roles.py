"""What a date in a text is the date of, told from the words around it.

The cue nearest to the date in its sentence decides. A range of days that nothing marks is an event,
because only events last for days; any other date that nothing marks is background, because a date
taken for an event's is worse than one that is missed.
"""

import re

from coopwatch.dates.cues import Cues, load_cues
from schemas.records import DateRole

REACH = 30.0  # a cue further away than this (words, with what `_distance` adds) says nothing
_NOUN_REACH = 3.0
_RIGHT_BEFORE = 24
_WINDOW = 300  # characters of a sentence that are looked at on either side of the date


_SEMICOLON = re.compile(r"[;；]")
_CONTENT = re.compile(r"[:：，]|\b(?:that|dass|que|что|ان)\b", re.IGNORECASE)
# A line that is a label and a date, and a dateline that opens a paragraph; both in single spaces.
_LABEL = re.compile(
    r"(?:(?:first )?published|posted|updated|last (?:updated|modified)|publication date|date of publication"
    r"|release date|press release|publié|publicado|publicado em|publicada|veröffentlicht|stand"
    r"|опубликовано|дата публикации"
    r"|تاريخ النشر|نشر في|发布时间|发布日期|时间|日期|公開|更新|掲載|입력|수정|등록|기사입력"
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


def points_forward(text: str, start: int, end: int, sentence: tuple[int, int], language: str) -> bool:
    """Tell whether a day named without its date lies ahead: "will open on Monday"."""
    cues = load_cues(language)
    if cues is None:
        return False
    before = text[max(sentence[0], start - 60) : start]
    after = text[end : min(sentence[1], end + 40)]
    speech = [match.end() for match in cues.nearest.finditer(before) if match["speech"]]
    is_first = cues.is_verb_last or len(before.split()) <= 1  # "On Monday, the forum will open"
    return bool(cues.ahead.search(before, max(speech, default=0)) or (is_first and cues.ahead.search(after)))


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
    text: str, date_bounds: tuple[int, int], bounds: tuple[int, int], cues: Cues, reach: float
) -> DateRole | None:
    start, end = date_bounds
    nearest = reach
    role: DateRole | None = None
    for match in cues.nearest.finditer(text, *bounds):
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
    cues = load_cues(language)
    if cues is None:
        return "event" if is_range_of_days else "background"
    before = text[max(bounds[0], start - _RIGHT_BEFORE) : start]
    if cues.since.search(before) or cues.since_after.match(text, end, bounds[1]):
        return "background"
    if (cues.until.search(before) or cues.until_after.match(text, end)) and cues.apply.search(text, *bounds):
        return "deadline"
    role = _nearest_cue(text, (start, end), bounds, cues, reach)
    return role or ("event" if is_range_of_days else "background")
