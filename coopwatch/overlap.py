"""How much two texts have in common, measured the way a reader would: by sentences found again.

A copy that was cut down resembles its source little and is contained in it wholly; a later version of
a wire story has every sentence turned over and still is that story. So the shorter text's own sentences
are looked for in the longer one, each by the runs of words that survive rewording. Quotations are nobody's
own: two reporters who quote one speech stay independent. Where a text is too short for that, its
wording decides. And similarity does not count where the texts name different editions, years or
countries in the same words: an announcement of the 13th conference written over that of the 12th is a
text of its own.
"""

from typing import NamedTuple

from coopwatch.prepared import Prepared
from coopwatch.variants import find_conflict
from schemas.records import Relation

SAME = 0.9  # of each text's shingles in the other
CONTAINED = 0.6  # of a short text's shingles in the longer
LEAD = 0.3  # of the shorter's lead in the longer
FOREIGN = 0.2  # below this two texts have nothing in common


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
    if shorter.length_said < grain.short:
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
    lead = min(shorter.grain.lead, shorter.length_said // 2)
    total = recognised = lead_total = lead_recognised = 0
    for sentence in shorter.said:
        length = len(sentence.tokens)
        again = length if longer.recognises(sentence) else 0
        if total <= lead:
            lead_total += length
            lead_recognised += again
        total += length
        recognised += again
    return lead_recognised / max(1, lead_total), recognised / max(1, total)
