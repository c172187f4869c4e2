"""How much two texts have in common, measured the way a reader would: by sentences found again.

A copy that was cut down resembles its source little and is contained in it wholly; a later version of
a wire story has every sentence turned over and still is that story. So the shorter text's own sentences
are looked for in the longer one, each by the runs of words that survive rewording. Quotations are nobody's
own: two reporters who quote one speech stay independent. Where a text is too short for that, its
wording decides. And similarity does not count where the texts name different editions, years or
countries in the same words: an announcement of the 13th conference written over that of the 12th is a
text of its own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from coopwatch.boilerplate import find_own_sentences
from coopwatch.scripts import simplify
from coopwatch.sentences import find_sentences
from coopwatch.shingles import Grain, Shingle, cut_shingles, grain_of, split_tokens
from coopwatch.variants import Marks, find_conflict, find_marks
from schemas.records import Relation

SAME = 0.9  # of each text's shingles in the other
CONTAINED = 0.6  # of a short text's shingles in the longer
LEAD = 0.3  # of the shorter's lead in the longer
RECOGNISED = 0.4  # of a sentence's runs in two neighbouring sentences
FOREIGN = 0.2  # below this two texts have nothing in common

_QUOTATION = re.compile(
    r"“[^”\n]*(?:”|$)|«[^»\n]*(?:»|$)|„[^“”\n]*(?:[“”]|$)|「[^」\n]*(?:」|$)|『[^』\n]*(?:』|$)|\"[^\"\n]*(?:\"|$)"
)


class Overlap(NamedTuple):
    """How much two texts have in common, each from 0 to 1.

    Attributes:
        repeated: share of the shorter text's own sentences that are recognised in the longer.
        containment: of the shorter text's shingles in the longer text.
        reverse: of the longer text's shingles in the shorter.
        lead: share of the shorter text's first sentences that are recognised in the longer.
        jaccard: shared shingles of all shingles.
        is_derived: enough of the shorter text is in the longer to be no accident, and more than boilerplate.
        conflict: the edition, year or country that keeps them apart, for a person; None where there is none.
    """

    repeated: float
    containment: float
    reverse: float
    lead: float
    jaccard: float
    is_derived: bool
    conflict: str | None

    @property
    def relation(self) -> Relation | None:
        """Same, derived, or None for texts that stand on their own."""
        if not self.is_derived or self.conflict:
            return None
        return "same" if min(self.containment, self.reverse) >= SAME else "derived"


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

    @property
    def grain(self) -> Grain:
        """The units of its language."""
        return grain_of(self.language)

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """Its own sentences, line by line."""
        return find_own_sentences(self.text, self.language, self.learnt)

    @cached_property
    def sentences(self) -> list[list[str]]:
        """The tokens of its own sentences."""
        return [split_tokens(sentence, self.language) for line in self.lines for sentence in line]

    @cached_property
    def tokens(self) -> list[str]:
        """All tokens of its own."""
        return [token for sentence in self.sentences for token in sentence]

    @cached_property
    def shingles(self) -> frozenset[Shingle]:
        """Its runs of tokens."""
        return frozenset(cut_shingles(self.tokens, self.grain.shingle))

    @cached_property
    def said(self) -> list[list[str]]:
        """Its sentences without quotations, those that say enough to be recognised."""
        said = []
        for line in self.lines:
            own = _QUOTATION.sub(self._drop_quotation, " ".join(line))
            for start, end in find_sentences(own):
                tokens = split_tokens(own[start:end], self.language)
                if len(tokens) >= self.grain.sentence:
                    said.append(tokens)
        return said

    @cached_property
    def places(self) -> Mapping[Shingle, Sequence[int]]:
        """Where the runs of its sentences stand: each sentence with the one that follows is a place."""
        places: dict[Shingle, list[int]] = defaultdict(list)
        for number, sentence in enumerate(self.sentences):
            following = self.sentences[number + 1] if number + 1 < len(self.sentences) else []
            for shingle in set(cut_shingles(sentence + following, self.grain.sentence_shingle)):
                places[shingle].append(number)
        return places

    @cached_property
    def marks(self) -> Marks:
        """The editions, years and countries in its lead."""
        return find_marks(simplify(self.text, self.language), self.language)

    def _drop_quotation(self, match: re.Match[str]) -> str:
        quoted = split_tokens(match[0], self.language)
        return " " if len(quoted) >= self.grain.quotation else match[0]


def compare_texts(one: str, other: str, language: str, learnt: frozenset[int] = frozenset()) -> Overlap:
    """Measure what two texts in one language have in common, apart from learnt boilerplate."""
    return compare(Prepared(one, language, learnt), Prepared(other, language, learnt))


def compare(one: Prepared, other: Prepared) -> Overlap:
    """Measure what two texts in one language have in common."""
    shorter, longer = sorted((one, other), key=lambda text: len(text.shingles))
    grain = shorter.grain
    common = len(shorter.shingles & longer.shingles)
    containment = common / max(1, len(shorter.shingles))
    lead, repeated = _find_repeated(shorter, longer) if common else (0.0, 0.0)
    is_derived = (
        containment >= grain.contained
        and repeated >= grain.repeated
        and (lead >= LEAD or common > grain.boilerplate)
    )
    if sum(map(len, shorter.said)) < grain.short:
        is_derived = containment >= CONTAINED and (is_derived or not shorter.said)
    return Overlap(
        repeated=repeated,
        containment=containment,
        reverse=common / max(1, len(longer.shingles)),
        lead=lead,
        jaccard=common / max(1, len(shorter.shingles) + len(longer.shingles) - common),
        is_derived=is_derived,
        conflict=find_conflict(one.marks, other.marks) if is_derived else None,
    )


def _find_repeated(shorter: Prepared, longer: Prepared) -> tuple[float, float]:
    """Return which share of the shorter's own sentences, by length, the longer has: of the lead, of all."""
    lead = min(shorter.grain.lead, sum(map(len, shorter.said)) // 2)
    total = recognised = lead_total = lead_recognised = 0
    for sentence in shorter.said:
        shingles = set(cut_shingles(sentence, shorter.grain.sentence_shingle))
        found = Counter(place for shingle in shingles for place in longer.places.get(shingle, ()))
        length = len(sentence)
        again = length if found and max(found.values()) >= RECOGNISED * len(shingles) else 0
        if total <= lead:
            lead_total += length
            lead_recognised += again
        total += length
        recognised += again
    return lead_recognised / max(1, lead_total), recognised / max(1, total)
