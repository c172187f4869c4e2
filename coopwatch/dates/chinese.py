"""The grammar of dates in Chinese (and of the same forms in Japanese): 2023年11月6日至7日."""

import re
from collections.abc import Iterator

from coopwatch.dates.written import Day, RelativeDay, WrittenDate

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_WEEKDAYS = {character: at for at, character in enumerate("一二三四五六日")} | {"天": 6}
_YEAR_OFFSETS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1}
_OTHER_YEARS = {"同年", "当年", "次年", "翌年"}  # only the context knows which
_DAYS_AHEAD = {"昨": -1, "今": 0, "明": 1}

_MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:\d{1,2}|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_THROUGH = r"(?:日|号|號)?\s?(?:至|到|—|–|-|~|～|－|、|和|及)\s?"


def _year(end: int) -> str:
    number = r"(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3}"
    return rf"(?:(?P<year{end}>{number})\s?年|(?P<near{end}>[去今本明前同当次翌]年))\s?"


_DATE = re.compile(
    rf"(?:{_year(1)})?(?<!\d)(?P<month1>{_MONTH})\s?月\s?(?P<day1>{_DAY})"
    rf"(?:(?P<range>{_THROUGH}(?:{_year(2)})?(?:(?P<month2>{_MONTH})\s?月\s?)?(?P<day2>{_DAY}))\s?[日号號]|\s?[日号號])"
    rf"|(?:{_year(3)}|(?<=[于於在从自]))(?P<month3>{_MONTH})\s?月(?![\d龄薪均一二三四五六七八九十])"
)
# A day of a month that the text leaves to the reader: only before what somebody did on it.
_DAY_ONLY = re.compile(
    r"(?:(?<=本月)|(?<![\d月第周年每近共期约、至到一二三四五六七八九十.:-]))(?P<day1>\d{1,2})"
    r"(?:日?(?:至|到|—|-|~|～)(?P<day2>\d{1,2}))?日"
    r"(?=上午|下午|中午|晚|凌晨|在|于|电|電|讯|，|表示|说|开幕|闭幕|举行|发布|宣布|启动|签署|致|向|就|从|应|会见|抵达|出席)"
)
_RELATIVE = re.compile(
    r"(?<![一二三四五六七八九十两每\d])(?P<which>上|下|本|这)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![次个岁年期月周])"
    r"|(?P<relative>[昨今明])[天日](?=上午|下午|中午|晚|凌晨|在|于|举行|开幕|闭幕|启动|召开|发布|宣布)"
)


def _number(words: str) -> int:
    """Read a number up to 99 in digits or Chinese characters."""
    if words[0].isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    return (10 * (_DIGITS[tens] if tens else 1) if ten else 0) + (_DIGITS[ones] if ones else 0)


def _year_number(words: str | None) -> int | None:
    if words is None:
        return None
    return int(words if words[0].isdigit() else "".join(str(_DIGITS[character]) for character in words))


def _read(match: re.Match[str]) -> WrittenDate:
    """Read what `_DATE` matched."""
    start, end = match.span()
    if match["month3"]:
        month = Day(
            _number(match["month3"]), None, _year_number(match["year3"]), _YEAR_OFFSETS.get(match["near3"])
        )
        return WrittenDate(start, end, month, month)
    offset = _YEAR_OFFSETS.get(match["near1"])
    first = Day(_number(match["month1"]), _number(match["day1"]), _year_number(match["year1"]), offset)
    if match["range"] is None:
        return WrittenDate(start, end, first, first)
    month2 = _number(match["month2"]) if match["month2"] else first.month
    last = Day(
        month2, _number(match["day2"]), _year_number(match["year2"]), _YEAR_OFFSETS.get(match["near2"])
    )
    passes_new_year = (last.month or 0, last.day or 0) < (first.month or 0, first.day or 0)
    if last.year is None and last.year_offset is None:
        last = last._replace(
            year=first.year + passes_new_year if first.year else None,
            year_offset=offset + passes_new_year if offset is not None else None,
        )
    is_pair = match["range"][:2].strip("日号號 ")[:1] in set("、和及")
    is_sound = (last.day or 0) - (first.day or 0) == 1 if is_pair else match["month2"] or not passes_new_year
    if not is_sound:
        return WrittenDate(start, match.start("range") + 1, first, first)
    return WrittenDate(start, end, first, last)


def find_written(text: str) -> Iterator[WrittenDate]:
    """Find the dates that name a month."""
    if "月" not in text:  # most texts of other languages
        return
    for match in _DATE.finditer(text):
        if _OTHER_YEARS.isdisjoint((match["near1"], match["near2"], match["near3"])):
            yield _read(match)


def find_day_only(text: str) -> Iterator[WrittenDate]:
    """Find the days whose month is that of the publication: "6日在重庆开幕"."""
    for match in _DAY_ONLY.finditer(text):
        first = Day(None, int(match["day1"]))
        last = Day(None, int(match["day2"] or match["day1"]))
        yield WrittenDate(*match.span(), first, last)


def find_relative(text: str) -> Iterator[RelativeDay]:
    """Find the weekdays and the days such as 昨天 of a text."""
    for match in _RELATIVE.finditer(text):
        if match["relative"]:
            yield RelativeDay(*match.span(), days_ahead=_DAYS_AHEAD[match["relative"]])
        else:
            which = {"上": -1, "下": 1}.get(match["which"] or "", 0)
            yield RelativeDay(*match.span(), weekday=_WEEKDAYS[match["weekday"]], direction=which)
