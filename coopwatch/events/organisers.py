"""Who holds an event, and who takes part in it in a role of their own."""
# ruff: noqa: E501, ISC004 - a table of patterns

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from coopwatch.events.facts import Fact
from coopwatch.events.figures.spaced_words import FIGURE_WORDS
from coopwatch.events.proper_names import NAME, PERSON
from coopwatch.scripts import simplify

MAX_NAMES = 8  # of one sentence
_NAMES = rf"(?:the |le |la |les |l['’]|el |los |o |a |os |as |der |die |das |dem )?(?P<names>{NAME}(?:(?:,? (?:and|et|y|e|und|и) |, )(?:the |le |la |l['’]|el |o |a |der |die |das )?{NAME}){{0,5}})"
_HAN = r"[^，。；：:,、\s“”《》（）()\d]"  # without the mark of enumeration: one way to read a list
_HAN_NAMES = rf"(?P<names>{_HAN}{{2,30}}(?:、{_HAN}{{2,30}}){{0,7}})"
_HAN_NAME = "(?:(?![等在于将并也同与和出参主签发致作讲])[\u4e00-\u9fff])"
_OFFICES = "总书记|国家主席|主席|总理|总统|部长|院长|校长|书记|主任|大使|教授|院士|秘书长|总干事|会长|所长|省长|市长|首席科学家|局长|司长"
_HAN_PERSON = rf"(?P<office>[^，。；、和与“”\d]{{0,20}}(?:{_OFFICES}))(?P<names>{_HAN_NAME}{{1,8}}·{_HAN_NAME}{{1,8}}|{_HAN_NAME}{{2,6}}?)(?:等人?|一行)?"
_AGREEMENT = r"(?=[^.;]{0,80}\b(?:agreement|memorand|accord|pact|treaty|protocol|letter of intent|mou)\w*)"
_OFFICE = r"(?:,\s(?P<office>[^,.;]{3,120}),)?"

# By language: field, role, pattern with the group `names`.
_PATTERNS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "en": (
        ("organisers", "host", rf"\b(?<!co-)hosted(?: jointly)? by {_NAMES}"),
        ("organisers", "organiser", rf"\b(?<!co-)(?:jointly )?organi[sz]ed(?: jointly)? by {_NAMES}"),
        ("organisers", "co-organiser", rf"\b(?:co-(?:hosted|organi[sz]ed|sponsored)) by {_NAMES}"),
        ("organisers", "sponsor", rf"\b(?<!co-)(?:sponsored|supported) by {_NAMES}"),
        (
            "participants",
            "speaker",
            rf"(?P<names>{PERSON}){_OFFICE}\s(?:also )?(?:delivered|gave|made) (?:an?|the|his|her) (?:[\w-]+ ){{0,2}}"
            r"(?:keynote|speech|address|lecture|remarks|presentation)",
        ),
        ("participants", "speaker", rf"\b(?:keynote (?:speech|address|lecture)s? (?:was |were )?(?:given |delivered )?by) {_NAMES}"),
        (
            "participants",
            "guest",
            rf"(?P<names>{PERSON}){_OFFICE}\s(?:was invited to|attended|took part in|participated in|was present at)\b",
        ),
        ("participants", "host", rf"(?P<names>{PERSON}){_OFFICE}\s(?:presided over|chaired|hosted)\b"),
        ("participants", "signatory", rf"\b(?:agreement|memorandum|accord|pact|treaty|protocol)s?\b[^.;]{{0,60}}\bsigned (?:\w+ ){{0,3}}by {_NAMES}"),
        ("participants", "signatory", rf"(?P<names>{PERSON}){_OFFICE}\s(?:signed|inked)\b{_AGREEMENT}"),
    ),
    "zh": (
        ("organisers", "host", rf"由{_HAN_NAMES}(?:共同|联合)?(?:举办|召开)"),
        ("organisers", "organiser", rf"由{_HAN_NAMES}(?:共同|联合)?主办"),
        ("organisers", "co-organiser", rf"(?:，|由|、){_HAN_NAMES}(?:共同|联合)?(?:承办|协办)"),
        ("participants", "speaker", rf"{_HAN_PERSON}(?:在会上)?(?:出席[^，。；]{{0,20}}并)?(?:致辞|作?主旨报告|发表[^，。；]{{0,8}}(?:演讲|讲话|致辞))"),
        ("participants", "guest", rf"{_HAN_PERSON}(?:出席|参加|应邀(?!访问))"),
        ("participants", "host", rf"{_HAN_PERSON}(?:主持|会见)"),
        ("participants", "signatory", rf"{_HAN_PERSON}(?:签署|代表[^，。；]{{0,15}}签署)"),
    ),
    "fr": (
        ("organisers", "organiser", rf"\borganisée?s? (?:conjointement |cette année )?par {_NAMES}"),
        ("organisers", "host", rf"\b(?:accueillie?s?) par {_NAMES}"),
        ("participants", "speaker", rf"(?P<names>{PERSON}){_OFFICE}\sa prononcé\b"),
        ("participants", "signatory", rf"\bsignée?s? (?:\w+ ){{0,3}}par {_NAMES}"),
    ),
    "es": (
        ("organisers", "organiser", rf"\borganizad[oa]s? (?:conjuntamente )?por {_NAMES}"),
        ("participants", "speaker", rf"(?P<names>{PERSON}){_OFFICE}\s(?:pronunció|impartió|ofreció)\b"),
        ("participants", "signatory", rf"\b(?:firmad|suscrit)[oa]s? (?:\w+ ){{0,3}}por {_NAMES}"),
    ),
    "pt": (
        ("organisers", "organiser", rf"\borganizad[oa]s? (?:conjuntamente )?(?:por|pel[oa]s?) {_NAMES}"),
        ("participants", "speaker", rf"(?P<names>{PERSON}){_OFFICE}\s(?:proferiu|discursou)\b"),
        ("participants", "signatory", rf"\bassinad[oa]s? (?:\w+ ){{0,3}}(?:por|pel[oa]s?) {_NAMES}"),
    ),
    "de": (
        ("organisers", "organiser", rf"\b(?:veranstaltet|organisiert|ausgerichtet)(?: wird| wurde| gemeinsam)? (?:von|vom) {_NAMES}"),
        ("organisers", "organiser", rf"\b(?:von|vom) {_NAMES} (?:veranstaltet|organisiert|ausgerichtet)\w{{0,2}}\b"),
        ("participants", "speaker", rf"(?P<names>{PERSON}){_OFFICE}\shielt (?:die|eine) (?:\w+)?rede\b"),
        ("participants", "signatory", rf"(?P<names>{PERSON}){_OFFICE}\sunterzeichnete\w?\b"),
    ),
    "ru": (
        ("organisers", "organiser", rf"\b[Оо]рганизатор\w{{0,3}}(?: [\w ]{{2,30}})? (?:выступ\w{{2,5}}|явля\w{{2,4}}|стал\w?) {_NAMES}"),
        ("participants", "speaker", rf"(?P<names>{PERSON}) выступил\w?\b"),
        ("participants", "signatory", rf"(?P<names>{PERSON}) подписал\w?\b"),
    ),
    "ar": (("organisers", "organiser", r"(?:تنظمه|نظمته|ينظمه|نظمها|تنظمها|بتنظيم من) (?P<names>(?:\w+ ){1,5}?\w+)(?=[،,.]| في | خلال | بال| ب)"),),
    "ja": (
        ("organisers", "organiser", r"(?P<names>[^、。「」（）はがをにで\s]{3,25})(?:が|の)主催"),
        ("participants", "speaker", r"(?P<names>[一-鿿ァ-ヴー・]{2,14})(?P<office>教授|所長|大臣|首相|理事長|会長|学長)?(?:氏)?が(?:基調)?講演"),
    ),
    "ko": (
        ("organisers", "organiser", r"(?P<names>[가-힣A-Z]{3,20}(?:[·,와과]\s?[가-힣A-Z]{3,20}){0,3})(?:이|가|에서)?\s(?:공동\s)?주최"),
        ("participants", "speaker", r"(?P<names>[가-힣]{2,4}) (?P<office>[가-힣]{2,12}(?:장관|원장|총장|회장|교수|위원장|소장))(?:이|가|은|는)?\s?(?:[가-힣]{0,6}\s)?(?:기조연설|기조강연|축사|개회사)"),
    ),
}  # fmt: skip
_EVENT = re.compile(
    r"\b(?:conference|congress|forum|summit|symposium|workshop|seminar|event|exhibition|expo|ceremony|meeting|gathering"
    r"|assembly|convention|agreement|memorandum|accord|treaty|protocol|dialogue|keynote|festival)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r",? (?:and|et|y|und|и) (?:the |le |la |el |o |a |die |das )?|, (?:the )?|[、]|(?<=[部局会院府台社处署委所学织团司心盟国省市区])[和及与以](?=[\u4e00-\u9fff]{4})及?"
)
_HAN_TAIL = re.compile(r"(?:共同|联合|所|等)+\Z")
_HAN_BODY = re.compile(r"[部局会院府台社处署委所学织团司心盟网馆协校]\Z")
_NO_NAME = re.compile(
    r"(?:The|A|An|He|She|It|They|This|That|In|On|At|We|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February"
    r"|March|April|May|June|July|August|September|October|November|December)\b.{0,12}",
)
_HONORIFICS = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Madame?|M|Mme|Sr|Sra|Herr|Frau)\.?,?\s+")


def find_organisers(sentence: str, language: str) -> tuple[Fact, ...]:
    """Return who holds an event, and who takes part in which role.

    Returns:
        Facts of field `organisers`, qualifier host, organiser, co-organiser or sponsor, and
        `participants.ROLE` (host, signatory, guest, speaker), scope the person's office where it is given.
    """
    base = language.partition("-")[0]
    if base in FIGURE_WORDS and not _compile_events(base).search(sentence):
        return ()
    if base == "en" and not _EVENT.search(sentence):
        return ()
    read = simplify(sentence, base)
    found: dict[tuple[str, str], Fact] = {}
    for field, role, pattern in _compile(base):
        for match in pattern.finditer(read):
            office = match.groupdict().get("office")
            for name, start in _split(match):
                if base == "zh" and field == "organisers":
                    name = _HAN_TAIL.sub("", name)  # noqa: PLW2901 - without the adverb behind it
                    if not _HAN_BODY.search(name):
                        continue
                whole = sentence[start : start + len(name)]
                if field == "organisers":
                    fact = Fact(field=field, value=whole, qualifier=role, quote=sentence, offset=start)
                else:
                    fact = Fact(
                        field=f"{field}.{role}",
                        value=whole,
                        scope=(office or "").strip() or None,
                        quote=sentence,
                        offset=start,
                    )
                found.setdefault((fact.field.partition(".")[0], whole), fact)
    return tuple(found.values())[:MAX_NAMES]


def _split(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """Yield the names of a list, each with where it begins."""
    begin = match.start("names")
    listed = match["names"]
    for name in _SPLIT.split(listed):
        start = begin + listed.index(name)
        if title := _HONORIFICS.match(name):
            start, name = start + title.end(), name[title.end() :]  # noqa: PLW2901 - without its title
        name = name.strip()  # noqa: PLW2901
        if len(name) > 1 and not _NO_NAME.fullmatch(name) and not name.endswith(("’s", "'s")):
            yield name, start


@lru_cache(maxsize=len(FIGURE_WORDS))
def _compile_events(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{FIGURE_WORDS[language].events})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=len(_PATTERNS))
def _compile(language: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple((field, role, re.compile(written)) for field, role, written in _PATTERNS.get(language, ()))
