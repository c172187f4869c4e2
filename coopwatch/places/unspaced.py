"""Places in Chinese, Japanese and Korean: a known town between what these languages put around it."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from coopwatch.countries import CountryHit, find_countries
from coopwatch.places.gazetteer import Town, find_town, longest_name
from coopwatch.places.hits import PlaceHit

_LONGEST = 8  # characters of a name, in Chinese characters
# "in" and what moves there; 存在, 关于 and their like are other words.
_ZH_IN = re.compile(
    r"(?<![存内潜所实旨自內實])在"
    r"|(?<![对关由至属等终处基源對關屬終處鉴善忠勇敢过低高大小多少限急便利])[于於]|抵达|抵達|来到|來到"
)
_ZH_PROVINCES = (
    "四川 广东 江苏 浙江 山东 河南 河北 湖南 湖北 陕西 山西 福建 安徽 江西 辽宁 吉林 黑龙江 云南 贵州"
    " 广西 海南 甘肃 青海 宁夏"
    " 新疆 西藏 内蒙古 廣東 江蘇 山東 陝西 遼寧 黑龍江 雲南 貴州 廣西 海南 甘肅 青海 寧夏 新疆 西藏"
    " 內蒙古 台湾 臺灣"
)
_ZH_SKIPPED = re.compile(
    rf"(?:{'|'.join(sorted(_ZH_PROVINCES.split(), key=len, reverse=True))})(?:省|壮族自治区|回族自治区"
    rf"|维吾尔自治区|自治区|自治區)?"
    r"|(?:的)?(?:首都|首府|省会|省會|名城|城市|海滨城市|东部|西部|南部|北部|中部|东北部|西北部|东南部"
    r"|西南部|東部)(?:城市|的)?|古都|本市|「|“"
)
_ZH_NO_TOWN = re.compile(  # the name of something else, after a town or a country
    r"合作组织|合作組織|合组织|公报|公報|共识|共識|精神|条约|條約|协定|協定|议定书|宣言|进程|倡议|原则"
    r"|框架|时间|時間|人民(?!大会堂|大會堂)|同胞|籍|话|語|语"
    r"|[国國](?![际際家])|洋|[队隊](?!伍)|奥运|奧運|冬奥|亚运|世博|路(?!演)|街|菜|湾区|条款|规则|议程"
)
_ZH_SHORT = {
    "京": "北京",
    "沪": "上海",
    "滬": "上海",
    "津": "天津",
    "渝": "重庆",
    "蓉": "成都",
    "穗": "广州",
    "汉": "武汉",
    "杭": "杭州",
}
_ZH_LANDMARKS = re.compile(
    "人民大会堂|人民大會堂|钓鱼台国宾馆|中南海|国务院新闻办"
)  # of Beijing, which goes without saying
_ZH_DOES = (
    r"(?:成功|正式|隆重|将|將|再次|首次)?(?:举行|召开|开幕|闭幕|举办|会见|启动|发布|签署|成立|揭牌|出席"
    r"|会谈|同|主持|落幕|揭幕|考察"
    r"|舉行|召開|開幕|閉幕|舉辦|會見|啟動|發布|簽署|會談)"
)
_ZH_AFTER_SHORT = re.compile(_ZH_DOES)
_ZH_HOST = re.compile(r"市?(?:将|將|成功)?(?:举办|承办|主办|迎来|舉辦|承辦|主辦)")
_JA_RUN = re.compile(r"[\u4e00-\u9fff]{2,}|[\u30a1-\u30fa\u30fc・＝]{2,}")
_JA_AFTER = re.compile(
    r"(?:市|都|府)?(?:内|中心部|近郊|郊外)?(?:の[^、。\s]{1,15}?)?(?:で(?![はあすしもきな])|にて|において"
    r"|での|で(?:開|行|始)|を訪)"
)
_JA_COUNTRY_AFTER = re.compile(r"(?:内)?(?:で(?![はあすしもきな])|にて|において|での)")
_KO_TOWN = re.compile(r"(?<![가-힣])(?P<name>[가-힣]{2,8})")
_KO_AFTER = re.compile(
    r"(?:특별시|광역시|시)?(?:에서|서(?= )|에서의)(?![가-힣])|(?:시)?(?: [^\s,.]{1,14}){1,2}?에서(?= )"
)
_KO_SUFFIX = re.compile(r"(?:특별시|광역시|시)?(?:에서의|에서|서)$|(?:특별시|광역시|시)$")
_SURE_WITHIN = 3
LANGUAGES = frozenset({"zh", "ja", "ko"})


def find_unspaced(sentence: str, language: str) -> Iterator[PlaceHit]:
    """Yield the places that a sentence puts something in, the known towns and the countries.

    Args:
        sentence: one sentence.
        language: a base language of `LANGUAGES`.
    """
    countries = {hit.start: hit for hit in find_countries(sentence, language)}
    return {"zh": _find_chinese, "ja": _find_japanese, "ko": _find_korean}[language](sentence, countries)


def _find_chinese(sentence: str, countries: Mapping[int, CountryHit]) -> Iterator[PlaceHit]:
    if (town := _read_han(sentence, 0, None)) and _ZH_HOST.match(sentence, town[1]):
        yield PlaceHit(town[0].name, town[0].country, 0, town[1], is_sure=False)
    taken = 0
    for match in _ZH_IN.finditer(sentence):
        if match.start() < taken:
            continue
        if hit := _read_chinese(sentence, match.start(), match.end(), countries):
            taken = hit.end
            yield hit


def _read_chinese(
    sentence: str, start: int, position: int, countries: Mapping[int, CountryHit]
) -> PlaceHit | None:
    country: CountryHit | None = None
    for _ in range(4):  # "在中国四川省省会成都"
        code = country.code if country else None
        skipped = _ZH_SKIPPED.match(sentence, position)
        found = skipped and _read_han(sentence, skipped.end(), code)  # 吉林 is a province and a town
        if found or (found := _read_han(sentence, position, code)):
            return PlaceHit(found[0].name, found[0].country, start, found[1], is_sure=country is not None)
        if hit := countries.get(position):
            country, position = hit, hit.end
        elif skipped:
            position = skipped.end()
        else:
            break
    if landmark := _ZH_LANDMARKS.match(sentence, position):
        town = find_town("北京", "han")
        return town and PlaceHit(town.name, town.country, start, landmark.end(), is_sure=False)
    short = _ZH_SHORT.get(sentence[position : position + 1])
    if short and country is None and _ZH_AFTER_SHORT.match(sentence, position + 1):
        town = find_town(short, "han")
        return town and PlaceHit(town.name, town.country, start, position + 1, is_sure=False)
    if country is None or country.end != position or _ZH_NO_TOWN.match(sentence, position):
        return None
    return PlaceHit(None, country.code, start, position, is_sure=False)


def _read_han(sentence: str, position: int, country: str | None) -> tuple[Town, int] | None:
    """Return the town whose name in Chinese characters begins at a position, and where it ends."""
    for length in range(min(_LONGEST, _longest()), 1, -1):
        name = sentence[position : position + length]
        if len(name) == length and (town := find_town(name, "han", country)):
            end = position + length
            end += sentence.startswith("市", end)
            return None if _ZH_NO_TOWN.match(sentence, end) else (town, end)
    return None


@lru_cache
def _longest() -> int:
    return longest_name("han")


def _find_japanese(sentence: str, countries: Mapping[int, CountryHit]) -> Iterator[PlaceHit]:
    for run in _JA_RUN.finditer(sentence):
        start, end = run.span()
        hit = countries.get(start)
        begin = hit.end if hit and hit.end < end else start
        beside = hit or next((one for one in countries.values() if 0 < start - one.end <= 1), None)
        code = beside.code if beside else None
        found: tuple[Town, int] | None
        if run.group()[0] >= "\u4e00":
            found = _read_han(sentence, begin, code) or _read_han(sentence, begin, None)
        else:
            town = find_town(sentence[begin:end], "kana", code) or find_town(sentence[begin:end], "kana")
            found = (town, end) if town else None
        if found and _JA_AFTER.match(sentence, found[1]):
            yield PlaceHit(found[0].name, found[0].country, start, found[1], is_sure=code == found[0].country)
        elif hit and hit.end == end and _JA_COUNTRY_AFTER.match(sentence, end):
            yield PlaceHit(None, hit.code, start, end, is_sure=False)


def _find_korean(sentence: str, countries: Mapping[int, CountryHit]) -> Iterator[PlaceHit]:
    for match in _KO_TOWN.finditer(sentence):
        start, end = match.span()
        hit = countries.get(start)
        name = _KO_SUFFIX.sub("", match["name"])
        beside = next((one for one in countries.values() if 0 < start - one.end <= _SURE_WITHIN), None)
        code = beside.code if beside else None
        after = start + len(name)
        if not _KO_AFTER.match(sentence, after):
            continue
        if town := find_town(name, "hangul", code) or find_town(name, "hangul"):
            yield PlaceHit(town.name, town.country, start, after, is_sure=code == town.country)
        elif hit and hit.end == after and sentence.startswith("에서", after):
            yield PlaceHit(None, hit.code, start, end, is_sure=False)
