"""What came out of an event: documents released, programmes launched, agreements signed, centres opened.

The object's name is what stands between the verb and the end of the noun phrase, by the words of
each language; in Chinese, Japanese and Korean verb and object are found in either order.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from coopwatch.events.facts import Fact
from coopwatch.events.outcome_words import OUTCOME_WORDS, OutcomeWords
from coopwatch.events.proper_names import QUOTED, read_quoted
from coopwatch.scripts import simplify

MAX_OUTCOMES = 5  # of one sentence
DONE = {"document": "released", "programme": "launched", "agreement": "signed", "centre": "opened"}
"""What was done to each kind of object, as the qualifier of its claim."""

_NAMED = {"document", "programme"}  # of these only what has a name of its own is kept
_WORD = r"[^\s,.;:!?()“”\"«»]+(?:\s\([A-Z][\w-]{1,12}\))?"
_AND_THE = re.compile(r",?\s+(?:and|as well as)\s+(?:the|a|an)\s+(?=[A-Z])")
_LEADING = re.compile(
    r"(?:the|a|an|its|their|new|le|la|les|un|une|el|los|las|o|os|as|um|uma|l['’])\s+", re.IGNORECASE
)
_TAIL = re.compile(
    r"\s+(?:in|on|at|by|of|for|to|and|the|a|an|with|de|du|des|del|do|da|en|et|y|e|à|au|a|по|о|об|в|на|с|и|من|في|بين|على|مع)$"
)
_OF_WHAT = re.compile(r"\s(?:of|for|to|de|du|des|del|da|do|der|für|для|по)\s")  # behind the object itself
_SUBJECT = re.compile(
    r"[はが]|とする|との|という|举行|祝贺|宣布|听取|正式|(?<=[\uac00-\ud7a3][은는이가])\s"
)  # what stands before the object
_COUNTED = re.compile(r"[\d一二三四五六七八九十百数多][项份个]|多项|等")  # a figure, not a name
_MAX_NAME = 160
_NO_START = re.compile(r"[的后将为并及]")
_MIN_UNSPACED = 4  # characters: less is no name but a kind of object
_MAX_TITLE_WORDS = 14


class _Object(NamedTuple):
    kind: str
    name: str
    start: int


def find_outcomes(sentence: str, language: str) -> tuple[Fact, ...]:
    """Return what a sentence says was released, launched, signed or opened.

    Returns:
        At most five facts, field `outcomes.KIND`, qualifier as in `DONE`; offsets are into the sentence.
    """
    base = language.partition("-")[0]
    if base not in OUTCOME_WORDS:
        return ()
    grammar = _compile(base)
    read = simplify(sentence, base)
    if grammar.passed_over and grammar.passed_over.search(read):
        return ()
    found: dict[str, Fact] = {}
    for one in sorted(_find(read, grammar), key=lambda one: (one.start, -len(one.name))):
        is_within = any(one.name in name for name in found)
        if not is_within and one.start + len(one.name) <= len(sentence):
            name = sentence[one.start : one.start + len(one.name)]
            found[one.name] = Fact(
                field=f"outcomes.{one.kind}",
                value=name,
                qualifier=DONE[one.kind],
                quote=sentence,
                offset=one.start,
            )
    return tuple(found.values())[:MAX_OUTCOMES]


class _Grammar(NamedTuple):
    words: OutcomeWords
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    quoted: tuple[tuple[str, re.Pattern[str]], ...]
    heads: Mapping[str, re.Pattern[str]]
    passed_over: re.Pattern[str] | None


def _find(text: str, grammar: _Grammar) -> Iterator[_Object]:
    for kind, pattern in grammar.quoted:
        for match in pattern.finditer(text):
            name = read_quoted(match)
            if _is_title(name, text[match.end() :][:8], kind, grammar):
                yield _Object(kind, name, text.index(name, match.start()))
    for kind, pattern in grammar.patterns:
        for match in pattern.finditer(text):
            start = match.start("name")
            for name in _AND_THE.split(match["name"]):
                if cleaned := _clean(name, kind, grammar):
                    yield _Object(kind, cleaned, text.index(cleaned, start))


def _is_title(name: str, behind: str, kind: str, grammar: _Grammar) -> bool:
    """Tell whether words in quotation marks are the name of an object, and not what somebody said."""
    head = grammar.heads[kind]
    if not grammar.words.is_spaced:
        return bool(head.search(name) or head.search(behind))
    words = name.split()
    if not 2 <= len(words) <= _MAX_TITLE_WORDS or not name[0].isupper():
        return False
    capitals = sum(word[0].isupper() for word in words)
    return bool(head.search(name)) and (not grammar.words.has_capitals or 2 * capitals > len(words))


def _clean(name: str, kind: str, grammar: _Grammar) -> str:
    """Return the name of an object without what does not belong to it, or "" where it is no name."""
    if not grammar.words.is_spaced:
        name = _SUBJECT.split(name)[-1].strip("《》「」『』 ")
        if name.count("“") != name.count("”"):
            name = name.strip("“”")
        return "" if _COUNTED.search(name) or _NO_START.match(name) or len(name) < _MIN_UNSPACED else name
    name = _LEADING.sub("", name.strip(), count=1) if _LEADING.match(name.strip()) else name.strip()
    while tail := _TAIL.search(name):
        name = name[: tail.start()]
    if kind in _NAMED and grammar.words.has_capitals:
        capital = re.search(r"\b[A-ZÀ-ÞА-ЯЁ][\w-]*(?:\s+\S+)+", name)
        name = capital.group() if capital else ""
    # "training programmes of the laboratory" are no laboratory
    thing = _OF_WHAT.split(name, maxsplit=1)[0] if kind == "centre" else name
    head = grammar.heads[kind].search(thing)
    is_titled = kind != "document" or not grammar.words.has_capitals or (head and head.group()[0].isupper())
    is_whole = head and is_titled and len(name.split()) > 1 and len(name) <= _MAX_NAME
    return name if is_whole else ""


@lru_cache(maxsize=len(OUTCOME_WORDS))
def _compile(language: str) -> _Grammar:
    words = OUTCOME_WORDS[language]
    patterns, quoted = [], []
    for kind, (verbs, nouns) in words.kinds.items():
        write = _write_spaced if words.is_spaced else _write_unspaced
        patterns += [(kind, re.compile(written, re.IGNORECASE)) for written in write(words, verbs, nouns)]
        reach = "[^.;:]{0,60}?" if words.is_spaced else "[^，。；、,.]{0,12}?"
        begin, end = (r"(?<!\w)", r"(?!\w)") if words.is_spaced else ("", "")
        quoted += [(kind, re.compile(rf"{begin}(?:{verbs}){end}{reach}(?:{QUOTED})", re.IGNORECASE))]
    end = r"(?!\w)" if words.is_spaced else ""
    begin = r"(?<!\w)" if words.is_spaced else ""
    return _Grammar(
        words=words,
        patterns=tuple(patterns),
        quoted=tuple(quoted),
        heads={
            kind: re.compile(rf"{begin}(?:{nouns}){end}", re.IGNORECASE)
            for kind, (_, nouns) in words.kinds.items()
        },
        passed_over=re.compile(rf"{begin}(?:{words.passed_over}){end}", re.IGNORECASE)
        if words.passed_over
        else None,
    )


def _write_spaced(words: OutcomeWords, verbs: str, nouns: str) -> tuple[str, ...]:
    stop = rf"(?!(?:{words.stops})(?!\w))"
    word = rf"{stop}{_WORD}"
    noun_phrase = (
        rf"(?P<name>(?:{word}\s){{0,12}}?(?:{nouns})(?!\w)(?:\s\([A-Z][\w-]{{1,12}}\))?(?:\s{word}){{0,8}})"
    )
    verb_first = rf"(?<!\w)(?:{verbs})\s(?:{words.articles})?{noun_phrase}"
    if not words.passive:
        return (verb_first,)
    aside = rf"(?:\s(?:{words.relatives})\s[^.;]{{0,160}}?)?" if words.relatives else ""
    noun_first = (
        rf"(?<!\w)(?:{words.articles}){noun_phrase.replace('{0,8}', '{0,6}?')},?{aside}"
        rf"\s(?:(?:{words.passive})\s(?:\w+ly\s)?)(?:{verbs})(?!\w)"
    )
    return verb_first, noun_first


def _write_unspaced(words: OutcomeWords, verbs: str, nouns: str) -> tuple[str, ...]:
    piece = r"[^，。；：、,.;\n《》「」]" if words.has_blanks else r"[^，。；：、,.;\s《》「」]"
    verb_first = rf"(?:{verbs})了?(?P<name>{piece}{{2,30}}(?:{nouns}))(?![\u4e00-\u9fff]{{0,1}}(?:的|项目))"
    noun_first = rf"(?P<name>{piece}{{2,30}}(?:{nouns}))[」』》’”]?(?:{words.articles})?\s?(?:{verbs})(?!的)"
    return (verb_first, noun_first) if words.passive else (noun_first,)
