"""The theme that a text gives an event: what stands in quotation marks beside the word for it."""
# ruff: noqa: E501 - a table of patterns

import re
from collections.abc import Mapping
from functools import lru_cache

from coopwatch.events.facts import Fact
from coopwatch.events.proper_names import QUOTED, read_quoted
from coopwatch.scripts import simplify

# By language, what stands in front of the quotation marks, and what behind them.
_WORDS: Mapping[str, tuple[str, str]] = {
    "en": (
        r"\b(?<!national )(?<!U\.S\. )(?:themed?|motto)(?:\s[^.,;“\"‘«]{0,90}\b(?:is|was|be|of|as|reads))?[:,]?\s?",
        r"[^.;“\"]{0,15}\b(?:as (?:its|the)|is the|was the) (?:\w+ )?(?:theme|motto)\b",
    ),
    "zh": (r"主题(?:为|是|：|:|确定为|定为)?\s?", r"[^，。；]{0,4}(?:为|的)(?:年度|大会|会议|论坛)?主题"),
    "fr": (r"\b(?:thème|thématique)s?\b[^.;“\"«]{0,60}", r"[^.;«]{0,15}\b(?:pour|comme) thème"),
    "es": (r"\b(?:lema|tema)\b[^.;“\"«]{0,60}", r"[^.;“«]{0,15}\bcomo (?:lema|tema)"),
    "pt": (r"\b(?:lema|tema)\b[^.;“\"«]{0,60}", r"[^.;“«]{0,15}\bcomo (?:lema|tema)"),
    "de": (r"\b(?:Motto|Thema|Leitthema)\b[^.;„“\"«]{0,50}", r"[^.;„]{0,15}\bals (?:Motto|Thema)"),
    "ru": (
        r"\b(?:тем[аеоуы]й?|девиз\w{0,2}|лозунг\w{0,2})\b[^.;«“\"]{0,50}",
        r"[^.;«]{0,10}\b(?:стал\w? темой|— тема)",
    ),
    "ar": (
        r"(?:شعار|عنوان|موضوع)\w{0,2}[^.;«“\"]{0,40}",
        r"[^.;«]{0,5}(?:شعار|موضوع)ا",
    ),
    "ja": (
        r"(?:テーマ|主題)(?:は|に|を|：)?[^、。「]{0,10}",
        r"(?:を|が|と)?(?:[^、。「]{0,4})(?:メイン)?テーマ",
    ),
    "ko": (r"(?:주제|슬로건|테마)(?:는|은|로|인|:)?\s?", r"(?:을|를|이라는|라는|란)?\s?(?:주제|슬로건|테마)"),
}


def find_theme(sentence: str, language: str) -> Fact | None:
    """Return the theme that a sentence gives an event; its offsets are into the sentence."""
    patterns = _compile(language.partition("-")[0])
    read = simplify(sentence, language)
    for pattern in patterns:
        match = pattern.search(read)
        theme = read_quoted(match) if match else ""
        if match and theme and not theme[0].islower():
            start = read.index(theme, match.start())
            return Fact(
                field="theme", value=sentence[start : start + len(theme)], quote=sentence, offset=start
            )
    return None


@lru_cache(maxsize=len(_WORDS))
def _compile(language: str) -> tuple[re.Pattern[str], ...]:
    if language not in _WORDS:
        return ()
    before, behind = _WORDS[language]
    return re.compile(f"(?:{before})(?:{QUOTED})", re.IGNORECASE), re.compile(
        f"(?:{QUOTED})(?:{behind})", re.IGNORECASE
    )
