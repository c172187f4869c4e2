"""What a Japanese or Korean sentence counts."""
# ruff: noqa: E501 - a table of words

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from coopwatch.events.figures.counts import Count, CountKind
from coopwatch.events.figures.currencies import UNSPACED as CURRENCY
from coopwatch.quantities import Quantity, find_quantities

_BEFORE_CHARS = 24
_AFTER_CHARS = 40


class FigureWords(NamedTuple):
    """What is counted, and what is said of it; all are alternatives of patterns.

    Attributes:
        people: right behind a number, with the group `noun` for who they are.
        trades: by the name of the part, in front of a number or in `noun`.
        company: likewise, people who are counted as those who came.
        things: by field, right behind a number or in front of it.
        events, gathered: what people come to, and that they came.
        origins: behind countries and bodies that people come from.
        signed, started, funded, not_funding: what makes agreements, projects and money figures of an event.
        years: a duration, where `lasting` stands in the sentence.
        parts: by the name of the part.
        including, ahead, elsewhere, this_time: as their names say.
    """

    people: str
    trades: Mapping[str, str]
    company: str
    things: Mapping[str, str]
    events: str
    gathered: str
    origins: str
    signed: str
    started: str
    funded: str
    not_funding: str
    years: str
    lasting: str
    parts: Mapping[str, str]
    including: str
    ahead: str
    elsewhere: str
    this_time: str


FIGURE_WORDS: Mapping[str, FigureWords] = {
    "ja": FigureWords(
        people=r"(?:人|名)(?![々口目前間工気類材権文])(?:余り?|以上|超|近く|ほど|前後)?(?:の(?P<noun>[^、。\d]{1,12}?)(?=[がはをもに、。]))?",
        trades={
            "researchers": "研究者",
            "scientists": "科学者",
            "experts": "専門家|有識者",
            "students": "学生|生徒",
            "ministers": "閣僚|大臣",
            "officials": "関係者|政府高官",
            "journalists": "記者",
        },
        company="参加者|来場者|代表|来賓|出席者|参列者",
        things={
            "countries": r"[かカヵヶケ]国(?:・地域|と地域)?|国・地域",
            "organisations": "(?:の)?(?:国際)?(?:機関|団体|組織)",
            "organisations.universities": "(?:の)?(?:大学|校)",
            "organisations.companies": "(?:の)?企業|社(?![会内長員])",
            "agreements": "(?:件|本)?の?(?:覚書|協定|合意文書|契約)",
            "projects": "(?:件|の)?の?(?:共同研究|共同)?(?:プロジェクト|研究課題|事業)",
        },
        events="会議|会合|フォーラム|シンポジウム|サミット|大会|総会|学会|博覧会|式典|セミナー|ワークショップ|展示会|見本市",
        gathered="参加|出席|集ま|集結|集い|来場|招か|一堂に",
        origins="から|の代表|が参加|が加わ",
        signed="署名|締結|調印|交わし",
        started="開始|採択|始動|立ち上げ|発足|選定|支援",
        funded="資金|投資|助成|拠出|出資|支援|予算|補助",
        not_funding="売上|利益|損失|罰金|輸出|輸入|貿易|市場|負債|赤字|給与|価格",
        years="年間",
        lasting="延長|有効期間|更新|協定",
        parts={
            "international": "海外|外国|国外",
            "domestic": "国内",
            "online": "オンライン",
            "onsite": "現地|会場で",
        },
        including="うち|このうち|含む",
        ahead="見込|予定|見通し|予想|参加する予定",
        elsewhere="昨年|前回|前年|これまで|累計|毎年",
        this_time="今年|今回",
    ),
    "ko": FigureWords(
        people=r"\s?(?:여\s?)?명(?:의\s?(?P<noun>[^,.\d]{1,12}?)(?=[이가은는을를과와\s,.]))?",
        trades={
            "researchers": "연구자|연구원|연구진",
            "scientists": "과학자|과학기술인",
            "experts": "전문가",
            "students": "학생|대학생",
            "ministers": "장관",
            "officials": "관계자|공무원",
            "journalists": "기자",
        },
        company="참가자|참석자|대표|대표단|내빈|관람객|참관객",
        things={
            "countries": r"\s?(?:여\s?)?개\s?국(?!립)",
            "organisations": r"\s?(?:여\s?)?개\s?(?:국제)?(?:기구|기관|단체|조직)",
            "organisations.universities": r"\s?(?:여\s?)?개\s?대학",
            "organisations.companies": r"\s?(?:여\s?)?개\s?(?:사|기업|업체)",
            "agreements": r"\s?(?:여\s?)?건의?\s?(?:업무협약|양해각서|협약|협정|계약|MOU)",
            "projects": r"\s?(?:여\s?)?개\s?(?:공동\s?)?(?:연구\s?)?(?:과제|프로젝트|사업)",
        },
        events="회의|포럼|심포지엄|정상회의|총회|학회|박람회|콘퍼런스|컨퍼런스|세미나|워크숍|워크샵|행사|대회|개막식|전시회",
        gathered="참석|참가|참여|모였|모여|모이|모인|방문|함께했|초청",
        origins="에서|의 대표|이 참가|이 참여|이 참석",
        signed="체결|서명|맺",
        started="착수|선정|출범|시작|지원",
        funded="투자|지원|예산|기금|출연|투입",
        not_funding="매출|이익|손실|벌금|수출|수입|무역|시장|부채|적자|급여|가격|과징금",
        years=r"\s?년간?",
        lasting="연장|유효기간|갱신|기간",
        parts={
            "international": "해외|외국|국외",
            "domestic": "국내",
            "online": "온라인",
            "onsite": "현장|대면",
        },
        including="이 중|이 가운데|그중|포함",
        ahead="예정|예상|전망|계획",
        elsewhere="지난해|작년|지난 대회|누적|매년|해마다|지금까지",
        this_time="올해|이번",
    ),
}


class _Grammar(NamedTuple):
    words: FigureWords
    people: re.Pattern[str]
    who: re.Pattern[str]
    things: Mapping[str, re.Pattern[str]]
    others: Mapping[str, re.Pattern[str]]
    parts: Mapping[str, re.Pattern[str]]


def count_unspaced(sentence: str, language: str) -> Iterator[Count]:
    """Yield what a sentence in a language of `FIGURE_WORDS` counts of the event that is reported, in order."""
    grammar = _compile(language)
    if grammar.others["elsewhere"].search(sentence) and not grammar.others["this_time"].search(sentence):
        return
    for quantity in find_quantities(sentence, language):
        if quantity.value <= 0:
            continue
        if count := _count_people(sentence, quantity, grammar) or _count_other(sentence, quantity, grammar):
            yield count


def _count_people(sentence: str, quantity: Quantity, grammar: _Grammar) -> Count | None:
    counted = grammar.people.match(sentence, quantity.end)
    if counted is None:
        return None
    before = sentence[max(0, quantity.lead - _BEFORE_CHARS) : quantity.lead]
    after = sentence[counted.end() : counted.end() + _AFTER_CHARS]
    if not grammar.others["events"].search(sentence) or not grammar.others["gathered"].search(sentence):
        return None
    noun = counted["noun"] or ""
    who = grammar.who.search(noun) or grammar.who.search(before[-12:])
    trade = (who.lastgroup or "") if who else ""
    parts = [name for name, pattern in grammar.parts.items() if pattern.search(f"{before[-10:]} {noun}")]
    is_subset = bool(grammar.others["including"].search(before))
    name = "" if trade == "company" else trade
    kind: CountKind | None = "total" if trade == "company" else "group"
    if len(parts) == 1:
        kind, name = "subset" if is_subset else "side", parts[0]
    elif is_subset:
        kind = "subset" if name else None
    if kind is None:
        return None
    return Count(quantity, kind, name, is_expected=bool(grammar.others["ahead"].search(after)))


def _count_other(sentence: str, quantity: Quantity, grammar: _Grammar) -> Count | None:
    """Count countries, organisations, agreements, projects, money and years."""
    others = grammar.others
    for field, pattern in grammar.things.items():
        counted = pattern.match(sentence, quantity.end)
        if counted is None:
            continue
        after = sentence[counted.end() : counted.end() + _AFTER_CHARS]
        if field == "agreements":
            return Count(quantity, "other", field) if others["signed"].search(sentence) else None
        if field == "projects":
            return Count(quantity, "other", field) if others["started"].search(sentence) else None
        has_come = others["gathered"].search(after) or others["gathered"].search(sentence)
        is_origin = others["origins"].search(after) and has_come and others["events"].search(sentence)
        is_expected = bool(others["ahead"].search(after))
        return Count(quantity, "other", field, is_expected=is_expected) if is_origin else None
    if money := CURRENCY.match(sentence, quantity.end):
        is_funding = others["funded"].search(sentence) and not others["not_funding"].search(sentence)
        return Count(quantity, "other", "funding", unit=money.lastgroup or "") if is_funding else None
    if others["years"].match(sentence, quantity.end) and others["lasting"].search(
        sentence[quantity.end :][:_AFTER_CHARS]
    ):
        return Count(quantity, "other", "duration_years")
    return None


@lru_cache(maxsize=len(FIGURE_WORDS))
def _compile(language: str) -> _Grammar:
    words = FIGURE_WORDS[language]
    who = "|".join(f"(?P<{name}>{listed})" for name, listed in words.trades.items())
    single = (
        "events",
        "gathered",
        "origins",
        "signed",
        "started",
        "funded",
        "not_funding",
        "years",
        "lasting",
        "including",
        "ahead",
        "elsewhere",
        "this_time",
    )
    return _Grammar(
        words=words,
        people=re.compile(words.people),
        who=re.compile(f"(?P<company>{words.company})|{who}"),
        things={field: re.compile(listed) for field, listed in words.things.items()},
        others={name: re.compile(getattr(words, name)) for name in single},
        parts={name: re.compile(listed) for name, listed in words.parts.items()},
    )
