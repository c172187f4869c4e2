"""Where the sentences of a running text begin and end, as offsets.

Rules instead of a trained splitter: a terminator ends a sentence unless what stands before it is an
abbreviation, an initial or an ordinal, or what follows goes on in lower case. In doubt two
sentences stay one, which makes a quote longer but never cuts one short.
"""

import re
from bisect import bisect_right
from functools import lru_cache

# All breaks begin with one class of characters, which lets the search skip everything else. A run of
# terminators is tried once, at its first character, so that a million full stops take linear time.
_BREAK = re.compile(
    r"""[.!?…。！？؟؛।｡\n](?:"""
    r"""(?<=[.!?…])(?<![.!?…][.!?…])[.!?…]*+"""
    r"""(?:["'”’»)\]]*+(?=\s|\Z)|(?<=[다요]\.)["'”’]*+(?=[(\[“‘가-힣]))"""
    r"""|(?<=[。！？؟؛।｡])(?P<full>)[。！？؟؛।｡]*+["'”’」』）】]*+"""
    r"""|(?<=\n)(?P<line>)\s*+)"""
)
_WORD_BEFORE = re.compile(r"[^\s(\[“\"'‘«]+\Z")
_NUMBER_BEFORE = re.compile(r"\d\s*\Z")
_WORD_AFTER = re.compile(r"""[\s"'“‘«(\[]*+(\w+)""")
_LOOK_BACK = 24  # characters: no abbreviation is longer


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Never at the end of a sentence: a name or a number follows.
_PROCLITICS = _list(
    """
    dr mr mrs ms prof profs st gen col lt sgt capt rep sen gov hon rev pres messrs mme mlle sr sra dra hr fr
    no nos nr núm fig figs eq vol pp art sec cf approx e.g i.e vs
    акад проф доц чл.-корр канд докт тов св им ул пл просп рис табл см стр гл ст د أ
    """
)
_TITLE_OR_UNIT = frozenset("гмم")  # before a name "city", "metro", "engineer"; after a number "year", "metre"
# At the end of a sentence or within it: only what follows tells.
_ABBREVIATIONS = _list(
    """
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    inc ltd co corp plc jr al etc dept univ assn bros est ph.d m.sc b.sc
    janv févr avr juil déc ene abr ago dic okt dez usw bzw
    """
)
_INITIALS = re.compile(r"(?:\w+[-–])?(?:\w\.)+\w")
# Words that begin a sentence and cannot go on a name or a date.
_STARTERS = _list(
    """
    the a an this that these those it its he she they we i you his her their our in on at as by for from with
    but and so if when while after before since although however meanwhile moreover also there here what
    who according during under both some many more most all one two le la les il elle el los las der die das
    """
)
_GERMAN_MONTH = re.compile(r"\s+(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|bis\b|und\b)")


def _continues_line(text: str, start: int, end: int) -> bool:
    """Tell whether a line break is only a wrapped line: one newline inside an unfinished sentence."""
    if text.count("\n", start, end) > 1 or end >= len(text):
        return False
    return text[end].islower() or text[start - 1 : start] == ","


def _is_abbreviated(text: str, start: int, end: int, following: str) -> bool:
    """Tell whether the single full stop at `start` shortens a word, or counts, and ends nothing."""
    before = _WORD_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    word = before.group() if before else ""
    if word.isdigit() and len(word) <= 2:  # "6. November", or the number of a list item
        first = start - len(word)
        return first == 0 or text[first - 1] == "\n" or bool(_GERMAN_MONTH.match(text, end))
    lowered = word.lower().removeprefix("و")  # "and" is written as one with what follows
    if lowered in _TITLE_OR_UNIT:
        return not _NUMBER_BEFORE.search(text, max(0, start - _LOOK_BACK), start - 1)
    if lowered in _PROCLITICS or (len(word) == 1 and word.isalpha() and word.isupper()):
        return True
    if lowered not in _ABBREVIATIONS and not _INITIALS.fullmatch(word):
        return False
    return bool(following) and following.lower() not in _STARTERS


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Tell whether the terminator that matched ends a sentence."""
    start, end = match.span()
    if match.lastgroup == "full":
        return True
    if match.lastgroup == "line":
        return not _continues_line(text, start, end)
    after = _WORD_AFTER.match(text, end)
    following = after[1] if after else ""
    if following[:1].islower():
        return False  # unless a line ends here, which is a cut of its own
    return match.group()[:2].strip("\"'”’»)]") != "." or not _is_abbreviated(text, start, end, following)


@lru_cache(maxsize=8)  # the grammars read the same few texts one after another
def find_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the bounds (start, end) of all sentences, in order, without the space around them.

    A paragraph ends a sentence whether or not it ends in a full stop, so headlines count as one.
    Linear in the length of the text.
    """
    cuts = [match.span() for match in _BREAK.finditer(text) if _ends_sentence(text, match)]
    sentences = []
    begin = 0
    for _, cut in [*cuts, (len(text), len(text))]:
        piece = text[begin:cut]
        body = piece.strip()
        if body:
            start = begin + piece.index(body[0])
            sentences.append((start, start + len(body)))
        begin = cut
    return tuple(sentences)


def sentence_at(text: str, offset: int) -> str:
    """Return the sentence that holds the character at `offset`.

    Between two sentences it is the one before; before the first one it is the first; an empty text
    has the empty sentence.
    """
    sentences = find_sentences(text)
    if not sentences:
        return ""
    start, end = sentences[max(0, bisect_right(sentences, (offset, len(text))) - 1)]
    return text[start:end]
