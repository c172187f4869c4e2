"""Text groups: which articles carry one text, whole, cut, edited or wrapped.

Candidates share fingerprints; what decides is how much of the shorter text is in the longer, because
a copy that was cut down resembles its source little by Jaccard and is contained in it wholly. That
alone would also tie together texts with the same boilerplate and a follow-up that repeats the
background; so either the lead has to recur as well, or the texts have to be alike as a whole and in
more than boilerplate comes to. And similarity does not count where the texts name different editions,
years or countries in the same words: an announcement of the 13th conference written over that of the
12th is a text of its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from coopwatch.fingerprints import fingerprint, grain_of, split_tokens
from coopwatch.identity import make_text_group_id
from coopwatch.variants import Marks, find_conflict, find_marks
from schemas.records import Article, Membership, Relation, StoredText

__all__ = ["MAX_CANDIDATES", "MIN_SHARED_FINGERPRINTS", "assign_groups", "compare_texts", "fingerprint"]

MIN_SHARED_FINGERPRINTS = 2  # fewer is no candidate
MAX_CANDIDATES = 20  # compared for one article, those that share most first

_SAME = 0.9  # of each text in the other
_LEAD = 0.3  # of the shorter's lead in the longer, or else
_ALIKE = 0.35  # Jaccard
_LEAST_LEAD = 20  # tokens; the lead of a short text is its first half


class Overlap(NamedTuple):
    """How much two texts have in common, each from 0 to 1.

    Attributes:
        containment: of the shorter text's shingles in the longer text.
        reverse: of the longer text's shingles in the shorter.
        lead: of the shorter text's lead, in shorter shingles, anywhere in the longer text.
        jaccard: shared shingles of all shingles.
        is_contained: enough of the shorter text is in the longer to be no accident (`Grain.contained`).
        beyond_boilerplate: they share more than boilerplate alone comes to (`Grain.boilerplate`).
        conflict: the edition, year or country that keeps them apart, for a person; None where there is none.
    """

    containment: float
    reverse: float
    lead: float
    jaccard: float
    is_contained: bool
    beyond_boilerplate: bool
    conflict: str | None

    @property
    def relation(self) -> Relation | None:
        """Same, derived, or None for texts that stand on their own."""
        alike = self.jaccard >= _ALIKE and self.beyond_boilerplate
        if self.conflict or not self.is_contained or not (self.lead >= _LEAD or alike):
            return None
        return "same" if min(self.containment, self.reverse) >= _SAME else "derived"


@dataclass(frozen=True)
class _Shingled:
    """A text prepared for comparison; each part is made when it is first asked for."""

    text: str
    language: str

    @cached_property
    def tokens(self) -> list[str]:
        return split_tokens(self.text)

    @cached_property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        return _cut(self.tokens, grain_of(self.language).shingle)

    @cached_property
    def short_shingles(self) -> frozenset[tuple[str, ...]]:
        return _cut(self.tokens, grain_of(self.language).lead_shingle)

    @cached_property
    def lead_shingles(self) -> frozenset[tuple[str, ...]]:
        grain = grain_of(self.language)
        length = min(grain.lead, max(_LEAST_LEAD, len(self.tokens) // 2))
        return _cut(self.tokens[:length], grain.lead_shingle)

    @cached_property
    def marks(self) -> Marks:
        return find_marks(self.text, self.language)


def compare_texts(one: str, other: str, language: str) -> Overlap:
    """Measure what two texts in one language have in common."""
    return _compare(_Shingled(one, language), _Shingled(other, language))


def assign_groups(
    articles: Iterable[Article],
    fingerprints: Mapping[str, Sequence[int]],
    shared: Mapping[str, Sequence[tuple[str, int]]],
    stored: Mapping[str, StoredText],
) -> tuple[Membership, ...]:
    """Give every article of a batch its text group.

    An article joins the group of the text it matches best, be it stored or earlier in the batch, or
    founds a group of its own. Groups are never merged, so that a round-up that matches two joins one
    and ties nothing together. The order of `articles` does not matter: a batch is worked through by
    the day of release, then of publication, then the longer text first, because cuts come from a whole.

    Args:
        articles: the batch.
        fingerprints: of each article of the batch, by article_id.
        shared: stored articles that share fingerprints with an article of the batch, and how many.
        stored: the texts of those stored articles, by article_id; one that is missing is no candidate.

    Returns:
        One membership an article, in the order in which they were decided.
    """
    known = dict(stored)
    prepared: dict[str, _Shingled] = {}
    holders: dict[int, list[str]] = {}
    memberships = []
    for article in sorted(articles, key=_decision_order):
        counts = Counter(dict(shared.get(article.article_id, ())))
        counts.update(holder for key in fingerprints[article.article_id] for holder in holders.get(key, ()))
        candidates = _choose_candidates(article, counts, known)
        membership = _decide(article, candidates, counts, prepared)
        memberships.append(membership)
        known[article.article_id] = StoredText(
            article_id=article.article_id,
            text_group_id=membership.text_group_id,
            title=article.title,
            text=article.text,
            language=article.language,
            dated=article.dated,
        )
        for key in fingerprints[article.article_id]:
            holders.setdefault(key, []).append(article.article_id)
    return tuple(memberships)


def _decision_order(article: Article) -> tuple[date, date, int, str]:
    published = (article.published_at or article.fetched_at).date()
    return article.dated or published, published, -len(article.text), article.article_id


def _choose_candidates(
    article: Article, counts: Counter[str], known: Mapping[str, StoredText]
) -> list[StoredText]:
    language = article.language.partition("-")[0]
    eligible = [
        known[article_id]
        for article_id, count in counts.items()
        if count >= MIN_SHARED_FINGERPRINTS
        and article_id != article.article_id
        and article_id in known
        and known[article_id].language.partition("-")[0] == language
    ]
    return sorted(eligible, key=lambda text: (-counts[text.article_id], text.article_id))[:MAX_CANDIDATES]


def _decide(
    article: Article,
    candidates: Sequence[StoredText],
    counts: Counter[str],
    prepared: dict[str, _Shingled],
) -> Membership:
    own = prepared.setdefault(article.article_id, _Shingled(article.text, article.language))
    compared = []
    for candidate in candidates:
        text = prepared.setdefault(candidate.article_id, _Shingled(candidate.text, candidate.language))
        compared.append((_compare(own, text), candidate))
    compared.sort(key=lambda pair: _preference(article, *pair))
    own_group = make_text_group_id(article.article_id)
    best, match = next((pair for pair in compared if pair[0].relation), (None, None))
    if best is None or match is None or match.text_group_id == own_group:
        return Membership(
            article_id=article.article_id,
            text_group_id=own_group,
            relation="origin",
            reason="the group was founded by it" if match else _explain_origin(own, compared),
        )
    return Membership(
        article_id=article.article_id,
        text_group_id=match.text_group_id,
        relation=best.relation or "derived",
        matched_article_id=match.article_id,
        containment=round(best.containment, 3),
        shared_fingerprints=counts[match.article_id],
        reason=_explain_match(own, best, match, counts[match.article_id]),
    )


def _preference(
    article: Article, overlap: Overlap, text: StoredText
) -> tuple[float, float, float, date, str]:
    """Order matches: most contained, most alike, then by title, then the oldest."""
    ours, theirs = set(split_tokens(article.title)), set(split_tokens(text.title))
    title = len(ours & theirs) / max(1, min(len(ours), len(theirs)))
    alike = round(overlap.containment, 2), round(overlap.jaccard, 2)
    return -alike[0], -alike[1], -title, text.dated or date.max, text.article_id


def _explain_origin(own: _Shingled, compared: Sequence[tuple[Overlap, StoredText]]) -> str:
    least = grain_of(own.language).least
    if len(own.tokens) < least:
        return f"too short to be compared: {len(own.tokens)} of {least} {grain_of(own.language).unit}s"
    if not compared:
        return f"no other text shares {MIN_SHARED_FINGERPRINTS} fingerprints"
    overlap, nearest = compared[0]
    apart = f"kept apart by {overlap.conflict}" if overlap.conflict else "too little of it"
    return f"nearest is {nearest.article_id}, {overlap.containment:.0%} of the shorter in the longer: {apart}"


def _explain_match(own: _Shingled, overlap: Overlap, match: StoredText, count: int) -> str:
    grain = grain_of(own.language)
    what = "same text as" if overlap.relation == "same" else "shares its text with"
    return (
        f"{what} {match.article_id}: {overlap.containment:.0%} of the shorter text's "
        f"{grain.shingle}-{grain.unit} runs are in the longer ({overlap.reverse:.0%} the other way), "
        f"{overlap.lead:.0%} of its lead; {count} fingerprints shared"
    )


def _compare(one: _Shingled, other: _Shingled) -> Overlap:
    shorter, longer = sorted((one, other), key=lambda text: len(text.shingles))
    grain = grain_of(one.language)
    common = len(shorter.shingles & longer.shingles)
    containment = common / max(1, len(shorter.shingles))
    is_contained = containment >= grain.contained
    lead = shorter.lead_shingles
    return Overlap(
        containment=containment,
        reverse=common / max(1, len(longer.shingles)),
        lead=len(lead & longer.short_shingles) / max(1, len(lead)),
        jaccard=common / max(1, len(shorter.shingles) + len(longer.shingles) - common),
        is_contained=is_contained,
        beyond_boilerplate=common > grain.boilerplate,
        conflict=find_conflict(one.marks, other.marks) if is_contained else None,
    )


def _cut(tokens: Sequence[str], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(tokens[start:] for start in range(length)), strict=False))
