"""Who says what a sentence says: the person or body that it names as its source."""
# ruff: noqa: E501 - a table of patterns

import re
from collections.abc import Mapping
from functools import lru_cache

from coopwatch.events.proper_names import NAME, PERSON
from coopwatch.scripts import simplify

_THE = r"(?:the |le |la |les |l['’]|el |los |las |o |a |os |as |der |die |das |dem |den )?"
_OFFICE = r"(?:,\s[^,.;]{3,120},)?"
_SPOKE = (
    "said|says|noted|added|told|stated|announced|explained|stressed|pointed out|reported|revealed|confirmed"
)
_HAN = r"[^，。；：:,\s“”《》（）()\d]"

_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "en": (
        rf"\b[Aa]ccording to {_THE}(?P<name>{NAME})",
        rf"(?P<name>{PERSON}){_OFFICE}\s(?:also\s)?(?:{_SPOKE})\b",
        rf"\b(?:{_SPOKE})\s(?P<name>{PERSON})(?=[,.])",
        rf"(?:^|[Tt]he |, )(?P<name>{NAME})\s(?:{_SPOKE})\b",
    ),
    "zh": (
        rf"据(?P<name>{_HAN}{{2,16}}?)(?:报道|介绍|消息|统计|透露|通报)",
        rf"(?:^|[，。；])(?P<name>{_HAN}{{2,30}}?)(?:表示|指出|介绍说?|认为|强调|宣布|说|称)(?:[，：:])",
    ),
    "fr": (rf"\b(?:[Ss]elon|[Dd]['’]après) {_THE}(?P<name>{NAME})", rf"\ba (?:déclaré|indiqué|annoncé|précisé|expliqué|souligné) {_THE}(?P<name>{NAME})",
           rf"(?P<name>{PERSON}){_OFFICE}\sa (?:déclaré|indiqué|annoncé|précisé|expliqué|souligné)\b"),
    "es": (rf"\b[Ss]egún {_THE}(?P<name>{NAME})", rf"\b(?:dijo|afirmó|señaló|explicó|anunció|informó|indicó|destacó) {_THE}(?P<name>{NAME})",
           rf"(?P<name>{PERSON}){_OFFICE}\s(?:dijo|afirmó|señaló|explicó|anunció|indicó|destacó)\b"),
    "pt": (rf"\b(?:[Ss]egundo|[Dd]e acordo com) {_THE}(?P<name>{NAME})", rf"\b(?:disse|afirmou|explicou|anunciou|informou|destacou) {_THE}(?P<name>{NAME})",
           rf"(?P<name>{PERSON}){_OFFICE}\s(?:disse|afirmou|explicou|anunciou|destacou)\b"),
    "de": (rf"\b[Ll]aut {_THE}(?P<name>{NAME})", rf"\b(?:sagte|erklärte|betonte|teilte) {_THE}(?P<name>{NAME})", rf"(?P<name>{PERSON}){_OFFICE}\s(?:sagte|erklärte|betonte)\b"),
    "ru": (rf"\b(?:[Пп]о словам|[Пп]о данным|[Кк]ак сообщ\w{{2,8}}(?: в)?|сообщил\w?|отметил\w?|заявил\w?|сказал\w?) (?:[а-яё-]+ ){{0,4}}(?P<name>{NAME})",
           rf"(?P<name>{PERSON}) (?:сообщил\w?|отметил\w?|заявил\w?|сказал\w?)\b"),
    "ar": (r"(?:وفقا ل|وفقاً ل|بحسب |حسب |وفق )(?P<name>\w+(?: \w+){0,3}?)(?=[،,.])", r"(?:وقال|قال|وأكد|أكد|صرح|أعلن|وأوضح|وأشار) (?P<name>(?:ال)?\w+(?: \w+){1,5}?)(?=[،,.:]| إن | أن )"),
    "ja": (r"(?P<name>[^、。「」\s]{2,20})によると", r"(?P<name>[^、。「」\s]{2,20})は、?[^。]{0,200}(?:と述べ|と話し|と語っ|を明らかにし)"),
    "ko": (r"(?P<name>[가-힣A-Z]{2,15}(?: [가-힣]{2,10}){0,2})에 따르면", r"(?P<name>[가-힣]{2,4} [가-힣]{2,15})(?:은|는)\s[^.]{0,200}(?:말했다|밝혔다|강조했다|전했다)"),
}  # fmt: skip
_NO_NAME = frozenset(["He", "She", "It", "They", "We", "This", "That", "The", "I"])
_SHORT = 60  # characters


def find_speaker(sentence: str, language: str) -> str | None:
    """Return the person or body that a sentence names as saying what it says; None when it names none."""
    base = language.partition("-")[0]
    read = simplify(sentence, base)
    for pattern in _compile(base):
        if (match := pattern.search(read)) and match["name"] not in _NO_NAME:
            start, end = match.span("name")
            return sentence[start:end][:_SHORT].strip(" ,")
    return None


@lru_cache(maxsize=len(_PATTERNS))
def _compile(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(written) for written in _PATTERNS.get(language, ()))
