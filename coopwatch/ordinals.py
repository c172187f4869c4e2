"""Ordinals in running text: "first", "1st", "inaugural", I, 首届, première, первого, 제1회 are one number.

Words, Roman numerals, digits with endings and counted editions (第十二届) of ten languages, up to the
hundreds where news writes them. An ordinal that belongs to something else ("for the first time", "third
countries", 第一次世界大战) is none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from coopwatch.dates.words import DATE_WORDS
from coopwatch.ordinal_words import TAKERS_BEFORE, TAKERS_BEHIND, fold_word, spell_korean, spell_ordinals
from coopwatch.quantities.unspaced import read_characters

LAST_ORDINAL = 300  # a higher number counts something else

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"  # written without blanks: a word may begin behind them
_WORD_START = rf"(?<![^\W{_UNSPACED}])"
_WORD = re.compile(r"[^\W\d_]+")
_JOINTS = {" ", "-", "‑", "\xa0"}  # between the words of one ordinal
_HAN = "〇零一二三四五六七八九十百"
_SINO_KOREAN = dict(zip("일이삼사오육칠팔구십백", "一二三四五六七八九十百", strict=True))
_ENDINGS = (  # 1st, 1ª, 1.º, 2do
    r"st|nd|rd|th|er|re|ère|ème|eme|e|ᵉ|nde?|[aoºª]|\.[ºªoa]|[drtmvn][oa]"
    r"|°(?=\s[A-ZÁÉÍÓÚ][a-zé]{2})"  # not a temperature
)
_RUSSIAN_ENDINGS = r"й|я|е|х|го|ого|му|ому|м|ым|ю|ую|ый|ой|ая|ое|ые|ья|ий"
_ROMAN = r"(?=[IVXL])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_NATIVE_KOREAN = "|".join(sorted(spell_korean(), key=len, reverse=True))
_WRITTEN = re.compile(
    rf"""
    (?= [\dIVXL第首初첫제{"".join(sorted({word[0] for word in spell_korean()}))}{_HAN}] ) (?:
    {_WORD_START} (?<![.,]) (?P<digits>\d{{1,3}}) (?: (?i:{_ENDINGS}) | -?(?:{_RUSSIAN_ENDINGS}) ) (?!\w)
  | {_WORD_START} (?P<roman>{_ROMAN}) (?: -(?:{_RUSSIAN_ENDINGS}) | [ºª] | e(?:me)? | ème )? (?![\w'’])
  | 第 \s? (?P<counted>[{_HAN}]{{1,5}} | \d{{1,3}}) \s? [届屆次轮輪回]
  | (?P<again>[{_HAN}]{{1,5}} | \d{{1,3}}) 回目
  | (?P<opening> 首[届屆轮輪] | 首次(?=会议|会晤|會議|會晤|对话|對話|峰会|峰會|例会|例會) | 初回 | 初の
      | (?<![\uac00-\ud7a3]) 첫 (?! \s? 번째 | 째) )
  | 제 \s? (?P<sino>[{"".join(_SINO_KOREAN)}]{{1,5}} | \d{{1,3}}) \s? [회차기]
  | (?<!\d) (?P<times>\d{{1,3}}) \s? 번째
  | (?<![\uac00-\ud7a3]) (?P<native>{_NATIVE_KOREAN}) \s? 번째
    )
    """,
    re.VERBOSE,
)
# A number with a full stop is an ordinal in German, behind a word that wants one, where no month follows.
_GERMAN = re.compile(
    r"(?:^|[\n\"„“»«(]|\b(?i:d(?:as|er|ie|e[mns])|zu[mr]|beim|[vi][om]m|i[mn]s?|am|und|bis|ihr\w{0,2}|sein\w{0,2})\s)"
    r"(?P<digits>\d{1,3})\.(?=\s[A-ZÄÖÜ])"
    rf"(?!\s(?i:{'|'.join(DATE_WORDS['de'].months.split())})(?!\w))"
)
_BEFORE_CHARS = 12


class Ordinal(NamedTuple):
    """An ordinal at `start`..`end` of a text."""

    value: int
    start: int
    end: int


def find_ordinals(text: str, language: str = "") -> list[Ordinal]:
    """Return the ordinals of a text, in order.

    Args:
        text: anything.
        language: a language tag, which tells whose words count, and German "12." from the end of a
            sentence. Of a language that is not known, or has no ordinals here, the words of all are read.
    """
    base = language.partition("-")[0]
    if base not in TAKERS_BEHIND:
        base = ""
    found = sorted((*_find_written(text, base), *_find_words(text, base)), key=lambda one: one.start)
    takers = _compile_takers(base)
    return [
        one
        for one in found
        if 0 < one.value <= LAST_ORDINAL
        and not takers.match(text, one.end)
        and not _TAKEN_BEFORE.search(text, max(0, one.start - _BEFORE_CHARS), one.start)
    ]


def _find_written(text: str, base: str) -> Iterator[Ordinal]:
    for match in _WRITTEN.finditer(text):
        yield Ordinal(_read(match), *match.span())
    if base == "de":
        for match in _GERMAN.finditer(text):
            yield Ordinal(int(match["digits"]), match.start("digits"), match.end())


def _read(match: re.Match[str]) -> int:
    if match["opening"]:
        return 1
    if match["roman"]:
        return _read_roman(match["roman"])
    if match["native"]:
        return spell_korean()[match["native"]]
    written = match["digits"] or match["counted"] or match["again"] or match["sino"] or match["times"]
    if written.isdecimal():
        return int(written)
    written = "".join(_SINO_KOREAN.get(character, character) for character in written)
    if any(unit in written for unit in "十百"):
        return int(read_characters(written, "zh"))
    return int("".join(str(int(read_characters(digit, "zh"))) for digit in written))  # 二〇


def _read_roman(roman: str) -> int:
    values = [_ROMAN_VALUES[digit] for digit in roman]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _find_words(text: str, base: str) -> Iterator[Ordinal]:
    index = _index_words(base)
    tokens = [(fold_word(match[0]), *match.span()) for match in _WORD.finditer(text)]
    position = 0
    while position < len(tokens):
        word, start, _ = tokens[position]
        for words, value in index.get(word, ()):
            run = tokens[position : position + len(words)]
            if tuple(token[0] for token in run) == words and _is_joined(text, run):
                yield Ordinal(value, start, run[-1][2])
                position += len(words) - 1
                break
        position += 1


def _is_joined(text: str, run: Sequence[tuple[str, int, int]]) -> bool:
    return all(text[left[2] : right[1]] in _JOINTS for left, right in pairwise(run))


@lru_cache(maxsize=16)
def _index_words(base: str) -> Mapping[str, Sequence[tuple[tuple[str, ...], int]]]:
    """Return the spellings by their first word, the longest first; English names stand in any text."""
    index: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for spelling, value in {**spell_ordinals(base), **spell_ordinals("en")}.items():
        words = tuple(spelling.split())
        index.setdefault(words[0], []).append((words, value))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


_TAKEN_BEFORE = re.compile(rf"(?<!\w)(?:{TAKERS_BEFORE})$")


@lru_cache(maxsize=16)
def _compile_takers(base: str) -> re.Pattern[str]:
    """Compile what takes the ordinal before it; English words may stand in a text of any language."""
    spaced = [words for name, words in TAKERS_BEHIND.items() if name not in {"zh", "ja", "ko"}]
    listed = [TAKERS_BEHIND[base], TAKERS_BEHIND["en"]] if base in TAKERS_BEHIND else spaced
    unspaced = "|".join(TAKERS_BEHIND[name] for name in ("zh", "ja", "ko"))
    return re.compile(rf"(?i:[\s-]{{1,2}}(?:{'|'.join(listed)})(?!\w)|\s?(?:{unspaced}))")
