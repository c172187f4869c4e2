"""A text prepared for comparison with others: its own sentences, and the runs of tokens in them.

A text meets many others, so each part is made once, when it is first asked for. Runs are kept as numbers,
which are compared fast and which the garbage collector need not follow. Before the places of a sentence
are counted, cheap bounds say whether it can be there at all.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from coopwatch.boilerplate import Lines, find_own_sentences
from coopwatch.scripts import simplify
from coopwatch.sentences import find_sentences
from coopwatch.shingles import Grain, grain_of, key_shingles, split_tokens
from coopwatch.variants import Marks, find_marks

RECOGNISED = 0.4  # of a sentence's runs in two neighbouring sentences

_QUOTATION = re.compile(
    r"“[^”\n]*(?:”|$)|«[^»\n]*(?:»|$)|„[^“”\n]*(?:[“”]|$)|「[^」\n]*(?:」|$)|『[^』\n]*(?:』|$)|\"[^\"\n]*(?:\"|$)"
)

Tokens = tuple[str, ...]


class Said(NamedTuple):
    """A sentence without quotations: its tokens, and the runs of them by which it is recognised."""

    tokens: Tokens
    runs: frozenset[int]


@dataclass(frozen=True)
class Prepared:
    """A text prepared for comparison; each part is made when it is first asked for.

    Attributes:
        text: paragraphs, one a line.
        language: a language tag.
        learnt: the boilerplate of its site; see `boilerplate`.
    """

    text: str
    language: str
    learnt: frozenset[int] = frozenset()
    _places: dict[int, frozenset[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def grain(self) -> Grain:
        """The units of its language."""
        return grain_of(self.language)

    @cached_property
    def lines(self) -> Lines:
        """Its own sentences, line by line."""
        return find_own_sentences(self.text, self.language, self.learnt)

    @cached_property
    def sentences(self) -> list[Tokens]:
        """The tokens of its own sentences."""
        return [sentence.tokens for line in self.lines for sentence in line]

    @cached_property
    def tokens(self) -> list[str]:
        """All tokens of its own."""
        return [token for sentence in self.sentences for token in sentence]

    @cached_property
    def shingles(self) -> frozenset[int]:
        """Its runs of tokens."""
        return frozenset(key_shingles(self.tokens, self.grain.shingle))

    @cached_property
    def said(self) -> list[Said]:
        """Its sentences without quotations, those that say enough to be recognised.

        Of sentences that begin alike it is the longest: a gallery has its captions cut off and in full.
        """
        said: list[Tokens] = []
        for line in self.lines:
            whole = " ".join(sentence.text for sentence in line)
            own = _QUOTATION.sub(self._drop_quotation, whole)
            if own == whole:
                sentences = [sentence.tokens for sentence in line]
            else:
                bounds = find_sentences(own)
                sentences = [tuple(split_tokens(own[start:end], self.language)) for start, end in bounds]
            said += [tokens for tokens in sentences if len(tokens) >= self.grain.sentence]
        once: dict[Tokens, Tokens] = {}
        for tokens in said:
            beginning = tokens[: self.grain.sentence]
            once[beginning] = max(once.get(beginning, tokens), tokens, key=len)
        length = self.grain.sentence_shingle
        return [Said(tokens, frozenset(key_shingles(tokens, length))) for tokens in once.values()]

    @cached_property
    def length_said(self) -> int:
        """How many tokens its sentences without quotations have."""
        return sum(len(sentence.tokens) for sentence in self.said)

    @cached_property
    def runs(self) -> list[int]:
        """The runs, in order, by which its sentences are recognised."""
        return key_shingles(self.tokens, self.grain.sentence_shingle)

    @cached_property
    def distinct_runs(self) -> frozenset[int]:
        """Each of its runs once."""
        return frozenset(self.runs)

    @cached_property
    def numbers(self) -> list[int]:
        """In which sentence each of its tokens stands."""
        return [number for number, sentence in enumerate(self.sentences) for _ in sentence]

    @cached_property
    def wholes(self) -> frozenset[Tokens]:
        """Its sentences, by which one that was left as it is is found at once."""
        return frozenset(self.sentences)

    @cached_property
    def marks(self) -> Marks:
        """The editions, years and countries in its lead."""
        return find_marks(simplify(self.text, self.language), self.language)

    def recognises(self, sentence: Said) -> bool:
        """Tell whether it has enough of a sentence of another text in one place."""
        if sentence.tokens in self.wholes:
            return True
        least = RECOGNISED * len(sentence.runs)
        if len(sentence.runs & self.distinct_runs) < least:  # nowhere are more of them than everywhere
            return False
        found = self._count_starts(sentence.runs)
        return any(
            found[place] + found[place + 1] >= least  # no others begin there
            and len(self._read_place(place) & sentence.runs) >= least
            for place in {*found, *(place - 1 for place in found if place)}
        )

    def _count_starts(self, runs: Collection[int]) -> Counter[int]:
        """Return how many of the runs begin in each sentence, repeated ones each time."""
        last, before = self._positions
        found: Counter[int] = Counter()
        for run in runs:
            position = last.get(run, -1)
            while position >= 0:
                found[self.numbers[position]] += 1
                position = before[position]
        return found

    @cached_property
    def _positions(self) -> tuple[dict[int, int], list[int]]:
        """Where each run stands last, and for each position where its run stood before, or -1.

        Numbers alone: a list for each run would keep the garbage collector busy.
        """
        last: dict[int, int] = {}
        before = []
        for position, run in enumerate(self.runs):
            before.append(last.get(run, -1))
            last[run] = position
        return last, before

    def _read_place(self, number: int) -> frozenset[int]:
        """Return the runs of a sentence and the one that follows, which is a place."""
        if number not in self._places:
            place = tuple(chain.from_iterable(self.sentences[number : number + 2]))
            self._places[number] = frozenset(key_shingles(place, self.grain.sentence_shingle))
        return self._places[number]

    def _drop_quotation(self, match: re.Match[str]) -> str:
        quoted = split_tokens(match[0], self.language)
        return " " if len(quoted) >= self.grain.quotation else match[0]
