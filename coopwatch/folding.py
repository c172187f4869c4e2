"""Text made comparable: one case, one kind of blank, and offsets that lead back to what was written.

Folding changes letters one for one wherever it can, so that an offset stays what it was; what it
drops (further blanks of a run, Arabic vowel signs) is noted.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

_BLANKS = (
    "\t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
)
_BLANKS += "\u200a\u2028\u2029\u202f\u205f\u3000-‐‑–"
_APOSTROPHES = "’ʼ"
_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_FULL_WIDTH_LANGUAGES = frozenset({"zh", "ja", "ko"})
_TO_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ARABIC_VARIANTS = (*((alef, "ا") for alef in "أإآٱ"), ("ى", "ي"))
_ARABIC_MARKS = r"\u0640\u064b-\u0652\u0670"  # tatweel and vowel signs
_DROPPED = re.compile(r" (  *)")
_DROPPED_IN_ARABIC = re.compile(rf"((?<= )[ {_ARABIC_MARKS}]+|[{_ARABIC_MARKS}]+)")
_UNSPACED = (  # South East Asian scripts, kana, Han; and Hangul, whose blanks are not reliable
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
)
_UNSPACED_LETTER = re.compile(rf"[{_UNSPACED}]")
_TRADITIONAL = ("s2t", "s2tw", "s2hk", "s2twp")  # scripts of OpenCC; the last also knows words of Taiwan

PROCLITICS = frozenset(  # and, then; with, like, for; the: what Arabic writes before a word without a blank
    f"{first}{second}" for first in ("", "و", "ف") for second in ("", "ال", "ب", "بال", "ك", "كال", "ل", "لل")
)
_LETTERS = re.compile(
    rf"[^\W_{_UNSPACED}]{{0,100}}"
)  # no word is longer, and text without blanks takes no time


class Folded(NamedTuple):
    """A text made comparable.

    Attributes:
        text: the folded text, with one blank before and behind it.
        cased: the same with the capitals that were there.
        cuts: offsets in `text` before which something was dropped, one for each character dropped.
    """

    text: str
    cased: str
    cuts: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of a stretch of `text` that is not empty."""
        if not self.cuts:
            return start - 1, end - 1
        return (
            start - 1 + bisect_right(self.cuts, start),
            end - 1 + bisect_right(self.cuts, end - 1),
        )


@lru_cache(maxsize=2)  # patterns and countries are looked for in the same text
def fold(text: str, language: str) -> Folded:
    """Make a text comparable.

    Case is folded, hyphens and all kinds of white space become blanks, runs of them one blank,
    typographic apostrophes plain ones; in Chinese, Japanese and Korean full-width letters become
    plain ones; in Arabic the forms of alef become one, final alef maqsura yaa, and vowel signs and
    tatweel are dropped.

    Args:
        text: anything.
        language: a language tag such as "zh-Hant".
    """
    base = language.partition("-")[0]
    cased = f" {text} "
    for blank in _BLANKS:
        cased = cased.replace(blank, " ")
    for apostrophe in _APOSTROPHES:
        cased = cased.replace(apostrophe, "'")
    cuts: tuple[int, ...] = ()
    if base in _FULL_WIDTH_LANGUAGES and _FULL_WIDTH.search(cased):
        cased = cased.translate(_TO_HALF_WIDTH)
    elif base == "ar":
        for variant, letter in _ARABIC_VARIANTS:
            cased = cased.replace(variant, letter)
        cased, cuts = _drop(cased, _DROPPED_IN_ARABIC)
    if "  " in cased and not cuts:
        cased, cuts = _drop(cased, _DROPPED)
    return Folded(cased.replace("İ", "i").lower(), cased, cuts)  # no other letter grows in lower case


def is_letter(character: str) -> bool:
    """Tell whether a character is a letter or digit of a script that puts blanks between words."""
    return character.isalnum() and (character < "\u0e00" or not _UNSPACED_LETTER.match(character))


def find_word_end(text: str, offset: int) -> int:
    """Return where the letters end that begin at an offset, a hundred at most; there may be none."""
    match = _LETTERS.match(text, offset)
    return match.end() if match else offset


def derive_traditional(texts: Iterable[str]) -> tuple[Mapping[str, str], ...]:
    """Return each text, by what it is in simplified characters, in each kind of traditional ones."""
    from opencc import OpenCC  # its dictionaries, of 40 MB, are read only where Chinese is

    listed = sorted(set(texts))
    joined = "\n".join(listed)
    return tuple(
        dict(zip(listed, OpenCC(script).convert(joined).split("\n"), strict=True)) for script in _TRADITIONAL
    )


def _drop(text: str, dropped: re.Pattern[str]) -> tuple[str, tuple[int, ...]]:
    pieces: list[str] = []
    cuts: list[int] = []
    begin = length = 0
    for match in dropped.finditer(text):
        start, end = match.span(1)
        pieces.append(text[begin:start])
        length += start - begin
        cuts += [length] * (end - start)
        begin = end
    pieces.append(text[begin:])
    return "".join(pieces), tuple(cuts)
