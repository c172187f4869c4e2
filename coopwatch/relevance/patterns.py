"""Weighted phrases, and where they occur in a text.

A phrase is written as words with blanks between them:

    a|b       either word, in this place
    a / b     either phrase, as a whole
    a*  *a    any ending, any beginning ("*forschung*" is also in "Klimaforschungszentrum")
    a-b       hyphen, blank or nothing between

Case does not matter, except in words of capitals only ("WHO" is not "who"). Between two words of a text
may be any white space or a hyphen. Accents count. By language:

    zh ja     matched by character; the parts of a phrase follow each other directly
    zh        written in simplified characters; the traditional ones are derived
    ko        matched by character; between the parts of a phrase may be a blank
    ar        written with plain alef, without article, vowel signs and tatweel; before each word may be
              the article and the proclitics wa, fa, bi, li, ka
    others    whole words

In languages that are matched by character, a star changes nothing, but words in Latin letters are whole.

All phrases of a language are spelt out and found in one pass over the text by an automaton (Aho and
Corasick, "Efficient string matching", CACM 1975); what cannot be spelt out joins what was found.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation
from pydantic import Field, field_validator, model_validator

from coopwatch.folding import PROCLITICS, Folded, find_word_end, fold, is_letter
from coopwatch.relevance.phrases import Beginning, Chain, Segment, check_phrase, is_unspaced, spell_out
from coopwatch.shingles import TOKEN
from schemas.records import Record

_REACH: Mapping[Beginning, int] = {"fixed": 0, "proclitic": max(map(len, PROCLITICS)), "any": 40}  # letters
_LONGEST_WORD = 40  # letters
_NESTED = 8  # phrases that start close by, of which a longer one may hide a shorter one

LabelT = TypeVar("LabelT")
_Candidate = tuple[int, int, int]  # start, minus end, number of the phrase: in the order of preference


class Near(Record):
    """A second phrase that has to stand on either side of the first, within so many words."""

    pattern: str
    within: int = Field(ge=1, le=50)

    _phrase = field_validator("pattern")(check_phrase)


class Pattern(Record):
    """One phrase and its weight; of weight 0, it only keeps shorter phrases from using its words."""

    phrase: str
    weight: float = Field(default=1.0, ge=0, le=5)
    near: Near | None = None
    example: str | None = None

    _phrase = field_validator("phrase")(check_phrase)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        """Let a bare phrase stand for a pattern of weight 1."""
        return {"phrase": value} if isinstance(value, str) else value


class Hit(NamedTuple, Generic[LabelT]):
    """An occurrence of a pattern: what it stands for, and its offsets in the text."""

    label: LabelT
    pattern: Pattern
    start: int
    end: int


class _Way(NamedTuple):
    """One way in which a phrase may be written, under its first literal.

    Attributes:
        phrase: number of the phrase; of two that match alike, the one of the lower number wins.
        head: the first segment.
        tail: the further segments.
        begins_word: no letter may stand before it.
        ends_word: no letter may stand behind the last segment.
    """

    phrase: int
    head: Segment
    tail: Chain
    begins_word: bool
    ends_word: bool


class Matcher(Generic[LabelT]):
    """All patterns of one language in one automaton.

    Args:
        patterns: each with the label under which its hits are reported.
        language: decides whether words are matched, or characters, and how they are folded.
    """

    def __init__(self, patterns: Iterable[tuple[LabelT, Pattern]], language: str) -> None:
        self._language = language
        self._blank = "" if is_unspaced(language) else " "  # what counts the distance of two phrases
        # of two phrases that are as long, a stopper wins, then the heavier one
        self._patterns = sorted(patterns, key=lambda pair: (pair[1].weight > 0, -pair[1].weight))
        phrases = [pattern.phrase for _, pattern in self._patterns]
        near = dict.fromkeys(pattern.near.pattern for _, pattern in self._patterns if pattern.near)
        self._near_numbers = {phrase: number for number, phrase in enumerate(near, len(phrases))}
        numbers: dict[str, int] = {}
        ways: dict[int, list[_Way]] = defaultdict(list)
        for phrase, chains in enumerate(spell_out([*phrases, *near], language)):
            for chain in chains:
                ways[numbers.setdefault(chain[0].text, len(numbers))].append(_make_way(phrase, chain))
        self._ways = [ways[number] for number in range(len(numbers))]
        self._begins_word = [all(way.begins_word for way in listed) for listed in self._ways]
        self._ends_word = [all(way.ends_word and not way.tail for way in listed) for listed in self._ways]
        # a DFA is twice as fast, but takes ten megabytes a language, in every worker
        self._automaton = AhoCorasick(list(numbers), implementation=Implementation.ContiguousNFA)

    def find(self, text: str) -> list[Hit[LabelT]]:
        """Return all hits in the order of the text; those of one label never overlap, the longer wins."""
        folded = fold(text, self._language)
        candidates, near = self._find_candidates(folded)
        hits: list[Hit[LabelT]] = []
        taken: dict[LabelT, int] = {}
        for start, minus_end, phrase in candidates:
            label, pattern = self._patterns[phrase]
            if start < taken.get(label, 0):
                continue
            if pattern.near:
                around = near.get(self._near_numbers[pattern.near.pattern], ())
                if not _is_near(folded.text, (start, -minus_end), around, pattern.near.within, self._blank):
                    continue
            taken[label] = -minus_end
            hits.append(Hit(label, pattern, *folded.span(start, -minus_end)))
        return hits

    def _find_candidates(self, folded: Folded) -> tuple[list[_Candidate], dict[int, list[_Candidate]]]:
        """Return where phrases stand, overlapping ones as well, and apart where those that others need do."""
        text, patterns = folded.text, len(self._patterns)
        all_ways, all_begin_words, all_end_words = self._ways, self._begins_word, self._ends_word
        candidates: list[_Candidate] = []
        near: dict[int, list[_Candidate]] = defaultdict(list)
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            before, after = text[start - 1], text[end]
            is_within = before.isalnum() and is_letter(before)
            if is_within and all_begin_words[number]:
                continue
            goes_on = after.isalnum() and is_letter(after)
            if goes_on and all_end_words[number]:
                continue
            word_end = find_word_end(text, end) if goes_on else end
            for way in all_ways[number]:
                phrase, head, tail, begins_word, ends_word = way
                if is_within and begins_word:
                    continue
                if head.capitals and not _is_in_capitals(folded.cased, start, head.capitals):
                    continue
                last: int | None = word_end if head.is_open else end
                if tail:
                    last = _follow(folded, word_end if head.is_open else end, tail)
                if last is None or (ends_word and is_letter(text[last])):
                    continue
                begin = _find_begin(text, start, head) if is_within else start
                if begin is not None:
                    (candidates if phrase < patterns else near[phrase]).append((begin, -last, phrase))
        candidates.sort()
        for spans in near.values():
            spans.sort()
        return candidates, near


def _make_way(phrase: int, chain: Chain) -> _Way:
    head, *tail = chain
    return _Way(
        phrase,
        head,
        tuple(tail),
        begins_word=head.beginning == "fixed" and is_letter(head.text[:1]),
        ends_word=not chain[-1].is_open and is_letter(chain[-1].text[-1:]),
    )


def _is_in_capitals(cased: str, start: int, capitals: Iterable[tuple[int, str]]) -> bool:
    return all(cased.startswith(word, start + offset) for offset, word in capitals)


def _find_begin(text: str, start: int, head: Segment) -> int | None:
    """Return where the word begins in the middle of which a segment was found; None if it may not."""
    if head.beginning == "fixed":
        return start
    longest = _REACH[head.beginning]
    before = text[max(0, start - longest - 1) : start]
    begin = start - find_word_end(before[::-1], 0)
    if start - begin > longest or (head.beginning == "proclitic" and text[begin:start] not in PROCLITICS):
        return None
    return begin


def _follow(folded: Folded, end: int, tail: Chain) -> int | None:
    """Return where a phrase ends that goes on at `end`, with any ending; None if it breaks off."""
    following, rest = tail[0], tail[1:]
    for gap in following.gaps:
        if not folded.text.startswith(gap, end):
            continue
        for start in _find_starts(folded.text, end + len(gap), following):
            if following.capitals and not _is_in_capitals(folded.cased, start, following.capitals):
                continue
            reached: int | None = start + len(following.text)
            if following.is_open:
                reached = find_word_end(folded.text, start + len(following.text))
            if rest and reached is not None:
                reached = _follow(folded, reached, rest)
            if reached is not None or following.is_open:
                return reached  # after any ending, where it began makes no difference
    return None


def _find_starts(text: str, first: int, segment: Segment) -> Iterator[int]:
    """Yield where a segment stands whose word begins at `first`."""
    if segment.beginning == "any":
        last = min(find_word_end(text, first), first + _REACH["any"])
        start = text.find(segment.text, first, last + len(segment.text))
        while start >= 0:
            yield start
            start = text.find(segment.text, start + 1, last + len(segment.text))
        return
    if text.startswith(segment.text, first):
        yield first
    if segment.beginning == "proclitic":
        for start in range(first + 1, first + _REACH["proclitic"] + 1):
            if text.startswith(segment.text, start) and text[first:start] in PROCLITICS:
                yield start


def _is_near(text: str, span: tuple[int, int], others: Sequence[_Candidate], within: int, blank: str) -> bool:
    """Tell whether one of the other phrases lies within so many words before or after a span.

    Words are counted by their blanks; where there are none, characters, a number or a Latin word as one.
    """

    def is_within(begin: int, last: int) -> bool:
        if not blank:
            return sum(1 for _ in islice(TOKEN.finditer(text, begin, last), within + 1)) <= within
        return last - begin <= within * _LONGEST_WORD and text.count(blank, begin, last) <= within

    start, end = span
    place = bisect_left(others, (start,))
    before = (
        (begin, start)
        for begin, minus_end, _ in reversed(others[max(0, place - _NESTED) : place])
        if -minus_end <= start
    )
    if (nearest := next(before, None)) and is_within(*nearest):
        return True
    place = bisect_left(others, (end,))
    return any(is_within(end, -minus_end) for _, minus_end, _ in others[place : place + _NESTED])
