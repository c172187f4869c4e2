"""What a Chinese sentence counts."""

import re
from collections.abc import Iterator

from coopwatch.events.figures.counts import Count, CountKind
from coopwatch.events.figures.currencies import UNSPACED as _MONEY
from coopwatch.quantities import Quantity, find_quantities
from coopwatch.scripts import simplify

_TRADES = {
    "experts": "专家学者|专家",
    "scholars": "学者",
    "scientists": "科学家|科技工作者",
    "academicians": "院士",
    "students": "师生|学生|青少年",
    "speakers": "发言嘉宾|演讲嘉宾|主讲嘉宾",
    "officials": "官员",
    "entrepreneurs": "企业家",
    "exhibitors": "参展商",
    "journalists": "记者",
}
_GUESTS = "嘉宾(?!国)|代表(?!团)|参会者|与会者|参会人员|参会人士|与会人员|与会人士|来宾|宾客|外宾"
_NOUNS = "|".join(f"(?P<{name}>{words})" for name, words in (_TRADES | {"company": _GUESTS}).items())
_BEHIND = re.compile(  # 800名外国嘉宾
    rf"[名位人](?![次民口均才工类文])(?P<modifiers>[^，。；、\d]{{0,16}}?)(?:{_NOUNS}|(?P<persons>人士|人员|观众))"
)
_BARE = re.compile(  # 800人参加, and the end of 外国嘉宾800余名
    r"(?:人(?![次民口均才工类文])|[名位])(?:左右|以[上下]|上下)?"
    r"(?:(?=参加|出席|参会|与会|到会|齐聚|相聚|共聚)|(?P<stop>(?=[，。；、]|\Z)))"
)
_IN_FRONT = re.compile(rf"(?P<modifiers>[^，。；、\d]{{0,12}})(?:{_NOUNS})(?:人数)?(?:共|达|约|有|等|为)?\Z")
_PARTS = {
    "international": re.compile(r"外国|外籍|境外|国际|海外|国外|外方|外宾"),
    "domestic": re.compile(r"国内|境内|本地|中方"),
    "online": re.compile(r"线上"),
    "onsite": re.compile(r"线下|现场"),
}
_MIXED = re.compile(r"(?<!其)中外|国内外|海内外|境内外|[和与及]")
_NATION = re.compile(r"(?:中国|[美俄日韩英法德泰越印巴]国?|来自[^，。；]{1,8}国)的?\Z")
_ATTENDED = re.compile(r"参加|出席|参会|与会|到会|莅临|参与")
_GATHERED = re.compile(r"齐聚|汇聚|汇集|吸引|共聚|云集|相聚|会聚|邀请")  # of an event only where one is named
_EVENT = re.compile(r"大会|论坛|会议|峰会|研讨会|博览会|年会|交流会|开幕|闭幕|仪式|展会|活动")
_DELEGATION = re.compile(
    r"代表团(?:共|由|有|总计)?\Z|应(?:出席|到)(?:代表)?\Z|选举产生了?\Z|(?:招聘|招募|录取|培训|就业)\Z"
)  # who was sent, or expected
_SENT = re.compile(r"(?:组成)?的[^，。；]{0,6}代表团")
_SUBSET = re.compile(r"其中|包括|含")
_AHEAD = re.compile(r"预计|预期|将(?:有|吸引|汇聚|邀请|迎来|齐聚)|拟邀")
_ELSEWHERE = re.compile(
    r"往届|上届|上一届|前[一二两三四五六七八九\d]届|去年|往年|此前|累计|历届|每年|年均|近年来|多年来|以来|[一二三四五六七八九十\d]年来|先后"
    r"|分论坛|平行论坛|边会|专场|截至"
    r"|(?:19|20)\d\d年(?:[，,]|举办的|举行的|首届)"
)

_COUNTRIES = re.compile(r"个?(?:国家|成员国|(?<=[\d多余])国)(?:和地区|及地区|、地区|地区)?")
_ORGANISATIONS = re.compile(
    r"[个家](?P<modifiers>[^，。；、\d]{0,8}?)(?:(?P<organisations>国际组织|组织|机构)|(?P<universities>高校|大学)"
    r"|(?P<institutes>科研院所|研究所|研究院)|(?P<companies>企业|公司))"
)
_ORIGIN = re.compile(
    r"来自(?:全球|世界|海内外|国内外|全世界)?(?:各地)?的?\Z|(?:吸引|汇聚|邀请)了?(?:来自)?(?:全球)?\Z"
)
_OF_WHOM = re.compile(
    r"[^，。；]{0,16}(?:代表|嘉宾|专家|学者|科学家|院士|来宾|人士|青年|官员|参加|出席|参会|与会|参展)"
)
_JOINED = re.compile(r"[^，。；]{0,10}加入")  # members of something, not people at an event
_NOT_PRESENT = re.compile(r"(?:同|与|和|跟|向|在|对|达|盖|及|惠及|为|给|往|到|全球|世界上?|已有)\Z")
_AND = re.compile(r"(?:和|、|及|以及|与)\Z")

_AGREEMENTS = re.compile(
    r"[项份个](?:(?![国签达]|项目)[^，。；\d]){0,12}?(?:协议|协定|备忘录|合同|合作文件|文件)"
)
_PROJECTS = re.compile(r"[个项][^，。；\d]{0,12}?项目")
_MEASURE = re.compile(r"[项份个](?=[，。；、]|\Z)")
_AGREEMENTS_IN_FRONT = re.compile(r"(?:协议|协定|备忘录|合同|合作文件)(?:共|达|约)?\Z")  # 协议12项
_PROJECTS_IN_FRONT = re.compile(r"项目(?:共|达|约)?\Z")
_SIGNED = re.compile(r"签署|签订|签约|达成|交换")
_OVER_TIME = re.compile(r"[与和同](?:全球)?\d+多?个“?(?:国家|一带一路)|各项原则|目前|已经?[与和同]")
_PLANNED = re.compile(r"将|累计|审批|力争|计划(?:实施|推进)|已开工|正加紧")
_STARTED = re.compile(r"签约|启动|立项|资助|揭牌|签署")
_FUNDED_BEFORE = re.compile(r"(?:资助|投入|投资|经费|拨款|出资|捐赠|基金)[^，。；\d]{0,8}\Z")
_FUNDED_AFTER = re.compile(r"[^，。；\d]{0,6}(?:资助|资金|经费|基金)")
_NOT_FUNDING = re.compile(
    r"产值|国债|固定资产|完成投资|研发投入|总投入|注册资本|市场|销售|贸易|营收|收入|利润|出口|进口|成交|价格|罚款|贷款|融资|增加值|同比"
)
_YEARS = re.compile(r"个?年(?!代|前|后|来|度|级|间)")
_LASTS = re.compile(r"协议|协定|备忘录|合作|条约|伙伴|联合|项目|议定书")  # what is between parties
_LASTING = re.compile(r"(?:为期|延长|延期|续签|续期|有效期(?:为)?|再延长)\Z")


def _count_people(sentence: str, quantity: Quantity) -> Count | None:
    """Return what a number says of the people at the event; the noun stands behind it or in front."""
    before = sentence[max(0, quantity.lead - 30) : quantity.lead]
    phrase = _BEHIND.match(sentence, quantity.end)
    bare = _BARE.match(sentence, quantity.end)
    counted = phrase or bare
    if counted is None:
        return None
    if _DELEGATION.search(before) or _SENT.match(sentence, counted.end()):
        return None
    noun = phrase or _IN_FRONT.search(before)
    if noun is None and counted["stop"] is not None and "人" not in counted.group():
        return None  # 800名 of what?
    around = before + sentence[quantity.start : counted.end() + 30]
    is_at_event = bool(_EVENT.search(sentence))
    has_gathered = bool(_ATTENDED.search(around) or (is_at_event and _GATHERED.search(around)))
    if not has_gathered and not is_at_event:
        return None
    kind, name = _sort_people(before, noun, has_gathered=has_gathered)
    return Count(quantity, kind, name, is_expected=bool(_AHEAD.search(before))) if kind else None


def _sort_people(
    before: str, noun: re.Match[str] | None, *, has_gathered: bool
) -> tuple[CountKind | None, str]:
    """Return which people of the event are counted, and the name of the part."""
    words, modifiers, sort = (noun.group(), noun["modifiers"], noun.lastgroup) if noun else ("", "", None)
    is_subset = bool(_SUBSET.search(before))
    is_mixed = bool(_MIXED.search(words))
    parts = [part for part, pattern in _PARTS.items() if pattern.search(words)]
    name = sort if sort in _TRADES else ""
    kind: CountKind | None = None
    if len(parts) == 1 and not is_mixed:
        kind, name = "subset" if is_subset else "side", parts[0]
    elif not is_mixed and (_NATION.search(modifiers) or _NATION.search(before)):
        kind = None  # of one nation
    elif is_subset:
        kind = "subset" if name else None
    elif sort == "company":
        kind = "total"
    elif has_gathered:
        kind = "group"
    return kind, name or ""


def _count_origin(sentence: str, quantity: Quantity, end: int, field: str, *, is_next: bool) -> Count | None:
    """Count countries or organisations where people are said to come from them."""
    before, after = sentence[max(0, quantity.lead - 20) : quantity.lead], sentence[end:]
    is_origin = _ORIGIN.search(before) and not _JOINED.match(after)
    if is_origin or is_next or (_OF_WHOM.match(after) and not _NOT_PRESENT.search(before)):
        return Count(quantity, "other", field, is_expected=bool(_AHEAD.search(before)))
    return None


def _count_other(sentence: str, quantity: Quantity) -> Count | None:
    """Count agreements, projects, money and years."""
    end = quantity.end
    before = sentence[max(0, quantity.lead - 16) : quantity.lead]
    is_behind = bool(_MEASURE.match(sentence, end))
    if _AGREEMENTS.match(sentence, end) or (is_behind and _AGREEMENTS_IN_FRONT.search(before)):
        is_signed = _SIGNED.search(sentence) and not _OVER_TIME.search(sentence)
        return Count(quantity, "other", "agreements") if is_signed else None
    if _PROJECTS.match(sentence, end) or (is_behind and _PROJECTS_IN_FRONT.search(before)):
        near = sentence[max(0, quantity.lead - 24) : end + 24]
        return (
            Count(quantity, "other", "projects")
            if _STARTED.search(near) and not _PLANNED.search(near)
            else None
        )
    if money := _MONEY.match(sentence, end):
        is_funded = _FUNDED_BEFORE.search(before) or _FUNDED_AFTER.match(sentence, money.end())
        is_funding = is_funded and not _NOT_FUNDING.search(sentence)
        return Count(quantity, "other", "funding", unit=money.lastgroup or "") if is_funding else None
    if _YEARS.match(sentence, end) and _LASTING.search(before) and _LASTS.search(sentence):
        return Count(quantity, "other", "duration_years")
    return None


def count_chinese(sentence: str) -> Iterator[Count]:
    """Yield what a sentence counts of the event that is reported, in order; both scripts are read."""
    sentence = simplify(sentence)
    if _ELSEWHERE.search(sentence):
        return
    origin_end = None  # where the countries or organisations end that people were said to be from
    for quantity in find_quantities(sentence, "zh"):
        if quantity.value <= 0:
            continue
        is_next = origin_end is not None and bool(_AND.fullmatch(sentence[origin_end : quantity.lead]))
        phrase = None
        if count := _count_people(sentence, quantity):
            pass
        elif phrase := _COUNTRIES.match(sentence, quantity.end):
            count = _count_origin(sentence, quantity, phrase.end(), "countries", is_next=is_next)
        elif phrase := _ORGANISATIONS.match(sentence, quantity.end):
            sort = phrase.lastgroup or ""
            field = sort if sort == "organisations" else f"organisations.{sort}"
            count = _count_origin(sentence, quantity, phrase.end(), field, is_next=is_next)
        else:
            count = _count_other(sentence, quantity)
        origin_end = phrase.end() if phrase and count and count.kind == "other" else None
        if count:
            yield count
