"""The grammar of dates in Chinese, Japanese and Korean, which number their months: 2023年11月6日至7日.

What the three share is here once; what they have of their own is in `_WORDS`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from coopwatch.dates.written import Day, RelativeDay, WrittenDate, find_surroundings, share_year

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_HAN_MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
_HAN_DAY = r"(?:\d{1,2}|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_HAN_YEAR = r"(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3}"
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民国": 1911}  # the year before the first
_ERA_YEAR = rf"(?:{'|'.join(_ERAS)})\s?(?:元|\d{{1,3}}|[一二三四五六七八九十]{{1,3}})"
# A year of another calendar, or one that only the context knows, stands before the month.
_REFUSED_BEFORE = re.compile(
    r"(?:[\d〇零○一二三四五六七八九十元][年년]|[当當同翌次][年년]|同じ年|같은 해|이듬해|(?:农|農|阴|陰|旧"
    r"|舊)[历曆暦]|음력|[佛佛]历)\s?\Z"
)
_CENTURY = 2000
_AROUND = 40  # characters before a month or day, or behind it, that can belong to the date
_LAST_DAY = 2  # the ends 3 and 4 of the pattern are months


class _Words(NamedTuple):
    """What the dates of one language are made of; pieces of regular expressions unless it says otherwise."""

    marks: tuple[str, str, str]  # of year, month, day
    near_years: Mapping[str, int]  # words, not patterns
    short_year: str  # of two figures, where no other calendar has such years now
    through: str
    also: str  # between two days that are a range only when they are neighbours
    after_range: str  # closes a range
    month_alone: str  # asserted before a month without a year
    not_after_month: str  # what a month has that is a number of months
    day_before: str  # asserted before a day whose month is left to the reader
    day_after: str  # and behind it
    weekdays: str  # seven characters, Monday first
    week: str  # with the groups "which" and "weekday"
    weeks: Mapping[str, int]  # what "which" says: the week, counted from that of the publication
    sides: Mapping[str, int]  # or else: the side of the publication
    relative: Mapping[str, int]  # words, not patterns
    relative_after: str


_DONE_ON_IT = (
    r"上午|下午|中午|晚|凌晨|早|在|于|电|讯|，|表示|说|开|闭|举行|举办|发布|宣布|启动|签署"
    r"|致|向|就|从|应|会见|抵达|出席|对|同|与|召开"
)
_WORDS: dict[str, _Words] = {
    "zh": _Words(
        marks=("年", "月", "[日号]"),
        near_years=MappingProxyType({"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1}),
        short_year="(?!)",
        through=r"至|到|—{1,2}|–|-|~|～|－",
        also=r"、|和|及|与",
        after_range="",
        month_alone=r"(?<=[于在从自])",
        not_after_month=r"[\d龄薪均一二三四五六七八九十]",
        day_before=r"(?:(?<=本月)|(?<=截至)"
        r"|(?<![\d月第周年每近共期约续时前后头数满为、至到一二三四五六七八九十.:-]))",
        day_after=r"(?![内间游后前均龄来元本常益程子志历假夜型制]|[以之][内后前上]|左右|时间|平均)",
        weekdays="一二三四五六日",
        week=r"(?<![一二三四五六七八九十两每\d])(?P<which>上|下|本|这)?(?:周|星期"
        r"|礼拜)(?P<weekday>[一二三四五六日天])"
        r"(?![次个岁年期月周])",
        weeks=MappingProxyType({"上": -1, "本": 0, "这": 0, "下": 1}),
        sides=MappingProxyType({}),
        relative=MappingProxyType(
            {"前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2}
        ),
        relative_after=rf"(?={_DONE_ON_IT})",
    ),
    "ja": _Words(
        marks=("年", "月", "日"),
        near_years=MappingProxyType({"一昨年": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1}),
        short_year=r"(?<!\d)2\d",
        through=r"から|より|〜|~|～|-|–|—|－|−",
        also=r"、|・|と|および|及び",
        after_range=r"(?:まで)?",
        month_alone=r"(?:(?<=今年)|(?<=来年)|(?<=昨年))",
        not_after_month=r"[\d一二三四五六七八九十]|間|号",
        day_before=r"(?:(?<=今月)|(?<=本月)|(?<![\d月第週年毎各約丸計全、から〜～一二三四五六七八九十.:-]))",
        day_after=r"(?=、|に(?!わたり|わたって|及)|午前|午後|未明|早朝|夜|夕|昼|朝|から|付|まで|も|は"
        r"|の(?!間|うち|日程)|開|発表|行わ|明らか)",
        weekdays="月火水木金土日",
        week=r"(?<![毎\d])(?<!毎週)(?:(?P<which>先週|今週|来週)の?)?(?P<weekday>[月火水木金土日])曜日?",
        weeks=MappingProxyType({"先週": -1, "今週": 0, "来週": 1}),
        sides=MappingProxyType({}),
        relative=MappingProxyType(
            {"一昨日": -2, "おととい": -2, "昨日": -1, "きのう": -1, "今日": 0, "本日": 0, "きょう": 0,
             "明日": 1, "あす": 1}
        ),
        relative_after=r"(?!では|も|まで|の(?:世界|社会))",
    ),
    "ko": _Words(
        marks=("년", "월", "일"),
        near_years=MappingProxyType(
            {"재작년": -2, "작년": -1, "지난해": -1, "올해": 0, "금년": 0, "내년": 1}
        ),
        short_year=r"(?<!\d)2\d",
        through=r"부터|에서|~|∼|～|〜|-|–|—|－",
        also=r"·|ㆍ|,|과|및|와",
        after_range=r"(?:까지)?",
        month_alone=r"(?:(?<=올해 )|(?<=내년 )|(?<=지난해 )|(?<=작년 )|(?<=지난 )|(?<=오는 ))",
        not_after_month=r"\d|간|호|평균",
        day_before=r"(?<![\d월박제주각만약,~∼·.:-])(?<![월박제주만약매] )(?<!지난달 )(?<!다음 달 )",
        day_after=r"(?=[ ,(]|에|자|부터|까지|오[전후]|밤)(?!에? ?(?:동안|만에|간|째|이상|이내|이하|전|후"
        r"|뒤|앞|안에|차|정도|남|연속|넘))",
        weekdays="월화수목금토일",
        week=r"(?<!매주 )(?:(?P<which>지난주|이번 ?주|다음 ?주|지난|오는)"
        r" )?(?P<weekday>[월화수목금토일])요일",
        weeks=MappingProxyType({"지난주": -1, "이번주": 0, "이번 주": 0, "다음주": 1, "다음 주": 1}),
        sides=MappingProxyType({"지난": -1, "오는": 1}),
        relative=MappingProxyType({"그제": -2, "어제": -1, "오늘": 0, "내일": 1, "모레": 2}),
        relative_after=r"(?!날|도)",
    ),
}  # fmt: skip

LANGUAGES = frozenset(_WORDS)


class _Grammar(NamedTuple):
    words: _Words
    month_mark: re.Pattern[str]  # around which dates are looked for
    day_mark: re.Pattern[str]
    date: re.Pattern[str]
    day_only: re.Pattern[str]
    week: re.Pattern[str]
    relative: re.Pattern[str]


@lru_cache
def _grammar(language: str) -> _Grammar:
    words = _WORDS[language]
    year_mark, month_mark, day_mark = words.marks
    near_years = "|".join(words.near_years)
    named = rf"\s?[(（][{words.weekdays}](?:曜日?|요일)?[)）]"
    behind_day = rf"(?:\s?{day_mark}(?:{named})?)"
    join = rf"{behind_day}?\s?(?:(?P<through>{words.through})|(?P<also>{words.also}))\s?"

    def year(end: int) -> str:
        return (
            rf"(?:(?:(?P<era{end}>{_ERA_YEAR})|(?P<year{end}>{_HAN_YEAR}"
            rf"|{words.short_year}))\s?{year_mark}|(?P<near{end}>{near_years}))"
            r"(?:[(（](?:\d{4}|(?:令和|平成)\d{1,2}年?)[)）])?\s?"
        )

    def month(end: int) -> str:
        return rf"(?P<month{end}>{_HAN_MONTH})\s?{month_mark}\s?"

    date = (
        rf"(?:{year(1)})?(?<![\d.])(?:{month(1)}(?P<day1>{_HAN_DAY})"
        rf"(?:(?P<range>{join}(?:{year(2)})?(?:{month(2)})?(?P<day2>{_HAN_DAY}))\s?{day_mark}(?:{named})?"
        rf"{words.after_range}|{behind_day}))"
        rf"|(?:{year(3)}"
        rf"|{words.month_alone})(?P<month3>{_HAN_MONTH})\s?{month_mark}(?!{words.not_after_month})"
        rf"(?:\s?(?:{words.through})\s?(?:{year(4)})?(?P<month4>{_HAN_MONTH})\s?{month_mark}(?![\d\s]{{0,2}}\d))?"
    )
    day_only = (
        rf"{words.day_before}(?P<day1>\d{{1,2}})(?:{behind_day}?\s?(?:{words.through})(?P<day2>\d{{1,2}}))?{behind_day}"
        rf"{words.after_range}{words.day_after}"
    )
    relative = "|".join(sorted(words.relative, key=len, reverse=True))
    return _Grammar(
        words=words,
        month_mark=re.compile(rf"[\d一二三四五六七八九十]\s?{month_mark}"),
        day_mark=re.compile(rf"\d\s?{day_mark}"),
        date=re.compile(date),
        day_only=re.compile(day_only),
        week=re.compile(words.week),
        relative=re.compile(rf"(?<![가-힣])(?P<relative>{relative}){words.relative_after}"),
    )


def _number(words: str) -> int:
    """Read a number up to 99 in digits or Chinese characters."""
    if words[0].isdigit():
        return int(words)
    if words == "元":  # the first year of an era
        return 1
    tens, ten, ones = words.rpartition("十")
    return (10 * (_DIGITS[tens] if tens else 1) if ten else 0) + (_DIGITS[ones] if ones else 0)


def _read_day(match: re.Match[str], end: int, near_years: Mapping[str, int], month: str | None) -> Day:
    """Return one end, `end` 1 to 4, of what matched."""
    year = None
    if written := match[f"year{end}"]:
        year = int(written if written[0].isdigit() else "".join(str(_DIGITS[digit]) for digit in written))
        year += _CENTURY if len(written) == 2 else 0
    elif era := match[f"era{end}"]:
        year = _ERAS[era[:2]] + _number(era[2:].strip())
    day = match[f"day{end}"] if end <= _LAST_DAY else None
    offset = near_years.get(match[f"near{end}"] or "")
    return Day(_number(month) if month else None, _number(day) if day else None, year, offset)


def _read(match: re.Match[str], near_years: Mapping[str, int]) -> WrittenDate:
    start, end = match.span()
    if match["month3"]:
        first = _read_day(match, 3, near_years, match["month3"])
        last = _read_day(match, 4, near_years, match["month4"]) if match["month4"] else first
        return WrittenDate(start, end, *share_year(first, last))
    first = _read_day(match, 1, near_years, match["month1"])
    if match["range"] is None:
        return WrittenDate(start, end, first, first)
    first, last = share_year(first, _read_day(match, 2, near_years, match["month2"] or match["month1"]))
    if match["also"]:
        is_sound = first.month == last.month and (last.day or 0) - (first.day or 0) == 1
    else:
        is_sound = bool(match["month2"]) or (first.day or 0) < (last.day or 0)
    if not is_sound:
        return WrittenDate(start, match.start("range"), first, first)
    return WrittenDate(start, end, first, last)


def find_written(text: str, language: str) -> Iterator[WrittenDate]:
    """Find the dates that name a month; in languages with another grammar those of the Chinese form."""
    grammar = _grammar(language if language in _WORDS else "zh")
    for start, end in find_surroundings(text, grammar.month_mark, _AROUND, _AROUND):
        for match in grammar.date.finditer(text, start, end):
            if not _REFUSED_BEFORE.search(text, max(0, match.start() - 6), match.start()):
                yield _read(match, grammar.words.near_years)


def find_day_only(text: str, language: str) -> Iterator[WrittenDate]:
    """Find the days whose month is that of the publication, in one of `LANGUAGES`: "6日在重庆开幕"."""
    grammar = _grammar(language)
    for start, end in find_surroundings(text, grammar.day_mark, _AROUND, _AROUND):
        for match in grammar.day_only.finditer(text, start, end):
            first = Day(None, int(match["day1"]))
            last = Day(None, int(match["day2"] or match["day1"]))
            yield WrittenDate(*match.span(), first, last)


def find_relative(text: str, language: str) -> Iterator[RelativeDay]:
    """Find the weekdays and the days such as 昨天 of a text in one of `LANGUAGES`."""
    grammar = _grammar(language)
    words = grammar.words
    for match in grammar.week.finditer(text):
        which = match["which"] or ""
        yield RelativeDay(
            *match.span(),
            weekday=words.weekdays.index(match["weekday"].replace("天", "日")),
            direction=words.sides.get(which, 0),
            weeks_ahead=words.weeks.get(which),
        )
    for match in grammar.relative.finditer(text):
        yield RelativeDay(*match.span(), days_ahead=words.relative[match["relative"]])
