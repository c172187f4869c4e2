"""Text groups: which articles carry one text, whole, cut, edited or wrapped.

Candidates share fingerprints; `overlap` decides whether two texts are the same, derived or
independent. An article joins the group of the text it matches best, and the decision is taken
against that group: where the match is a longer text that also holds what another member says and the
article does not, it is a round-up, and being in it says nothing. Groups are never merged, and texts in
two languages are never in one: a translation is coverage of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from coopwatch.fingerprints import fingerprint
from coopwatch.identity import make_text_group_id
from coopwatch.overlap import FOREIGN, Overlap, compare, compare_texts
from coopwatch.prepared import Prepared
from coopwatch.shingles import grain_of, split_tokens
from schemas.records import Article, Membership, StoredText

__all__ = ["MAX_CANDIDATES", "MIN_SHARED_FINGERPRINTS", "assign_groups", "compare_texts", "fingerprint"]

MIN_SHARED_FINGERPRINTS = 1  # fewer is no candidate
MAX_CANDIDATES = 10  # compared for one article, those that share most first
HELD = 0.8  # of a text's own sentences are in a round-up that holds it
MAX_MEMBERS = 6  # of one group, against which a decision is taken

Boilerplate = Mapping[str, frozenset[int]]


def assign_groups(
    articles: Iterable[Article],
    fingerprints: Mapping[str, Sequence[int]],
    shared: Mapping[str, Sequence[tuple[str, int]]],
    stored: Mapping[str, StoredText],
    boilerplate: Boilerplate = MappingProxyType({}),
) -> tuple[Membership, ...]:
    """Give every article of a batch its text group.

    An article joins a group, be it stored or founded earlier in the batch, or founds one of its own.
    The order of `articles` does not matter: a batch is worked through by the day of release, then of
    publication, then the longer text first, because cuts come from a whole.

    Args:
        articles: the batch.
        fingerprints: of each article of the batch, by article_id.
        shared: stored articles that share fingerprints with an article of the batch, and how many.
        stored: the texts of those stored articles and of members of their groups, by article_id; a
            candidate that is missing is none.
        boilerplate: of the sites of all these texts, as shingle hashes, by article_id.

    Returns:
        One membership an article, in the order in which they were decided.
    """
    grouping = _Grouping(stored, boilerplate)
    memberships = []
    for article in sorted(articles, key=_decision_order):
        own = fingerprints[article.article_id]
        membership = grouping.decide(article, own, dict(shared.get(article.article_id, ())))
        grouping.add(article, own, membership.text_group_id)
        memberships.append(membership)
    return tuple(memberships)


class _Grouping:
    """The texts known so far, each prepared and each pair compared once."""

    def __init__(self, stored: Mapping[str, StoredText], boilerplate: Boilerplate) -> None:
        self._boilerplate = boilerplate
        self._known = dict(stored)
        self._members: dict[str, list[str]] = defaultdict(list)
        self._holders: dict[int, list[str]] = defaultdict(list)
        self._prepared: dict[str, Prepared] = {}
        self._overlaps: dict[tuple[str, str], Overlap] = {}
        for text in sorted(stored.values(), key=_founder_first):
            self._members[text.text_group_id].append(text.article_id)

    def add(self, article: Article, fingerprints: Sequence[int], text_group_id: str) -> None:
        """Make an article that has its group known to those that follow."""
        self._known[article.article_id] = _store(article, text_group_id)
        if article.article_id not in self._members[text_group_id]:
            self._members[text_group_id].append(article.article_id)
        for key in fingerprints:
            self._holders[key].append(article.article_id)

    def decide(self, article: Article, fingerprints: Sequence[int], shared: Mapping[str, int]) -> Membership:
        """Find the group of an article, or let it found one."""
        own = _store(article, make_text_group_id(article.article_id))
        counts = Counter(shared)
        counts.update(holder for key in fingerprints for holder in self._holders.get(key, ()))
        compared = [(self._compare(own, text), text) for text in self._choose_candidates(own, counts)]
        compared.sort(key=lambda pair: _preference(own, *pair))
        matches = [(overlap, text) for overlap, text in compared if overlap.relation]
        if any(text.text_group_id == own.text_group_id for _, text in matches):
            return _found(own, "the group was founded by it")
        for overlap, text in matches:
            if self._find_stranger(own, overlap, text) is None:
                return _join(own, overlap, text, counts[text.article_id])
        if matches:
            _, text = matches[0]
            stranger = self._find_stranger(own, *matches[0])
            return _found(
                own, f"it is in {text.article_id}, which holds other texts as well: {stranger} is one of them"
            )
        return _found(own, self._explain_origin(own, fingerprints, compared))

    def _choose_candidates(self, own: StoredText, counts: Counter[str]) -> list[StoredText]:
        language = own.language.partition("-")[0]
        eligible = [
            self._known[article_id]
            for article_id, count in counts.items()
            if count >= MIN_SHARED_FINGERPRINTS
            and article_id != own.article_id
            and article_id in self._known
            and self._known[article_id].language.partition("-")[0] == language
        ]
        return sorted(eligible, key=lambda text: (-counts[text.article_id], text.article_id))[:MAX_CANDIDATES]

    def _find_stranger(self, own: StoredText, overlap: Overlap, match: StoredText) -> str | None:
        """Return a member that has nothing in common with the article and stands in the match as it does.

        Both are in it nearly whole, as parts of something longer: that is a round-up.
        """
        if overlap.relation == "same" or not self._holds(match, own):
            return None
        for article_id in self._members[match.text_group_id][:MAX_MEMBERS]:
            member = self._known[article_id]
            if (
                article_id not in {match.article_id, own.article_id}
                and self._compare(own, member).repeated < FOREIGN
                and self._holds(match, member)
            ):
                return article_id
        return None

    def _holds(self, whole: StoredText, part: StoredText) -> bool:
        is_longer = len(self._prepare(whole).shingles) > len(self._prepare(part).shingles)
        return is_longer and self._compare(whole, part).repeated >= HELD

    def _prepare(self, text: StoredText) -> Prepared:
        prepared = self._prepared.get(text.article_id)
        if prepared is None:
            learnt = self._boilerplate.get(text.article_id, frozenset())
            prepared = self._prepared[text.article_id] = Prepared(text.text, text.language, learnt)
        return prepared

    def _compare(self, one: StoredText, other: StoredText) -> Overlap:
        pair = min(one.article_id, other.article_id), max(one.article_id, other.article_id)
        if pair not in self._overlaps:
            self._overlaps[pair] = compare(self._prepare(one), self._prepare(other))
        return self._overlaps[pair]

    def _explain_origin(
        self, own: StoredText, fingerprints: Sequence[int], compared: Sequence[tuple[Overlap, StoredText]]
    ) -> str:
        if not fingerprints:
            grain = grain_of(own.language)
            length = len(self._prepare(own).tokens)
            return f"too short to be compared: {length} of {grain.least} {grain.unit}s are its own"
        if not compared:
            return "no other text shares a fingerprint that is rare"
        overlap, nearest = compared[0]
        apart = f"kept apart by {overlap.conflict}" if overlap.conflict else "too little of it"
        return (
            f"nearest is {nearest.article_id}, {overlap.repeated:.0%} of the shorter text's own sentences "
            f"are in the longer: {apart}"
        )


def _decision_order(article: Article) -> tuple[date, date, int, str]:
    published = (article.published_at or article.fetched_at).date()
    return article.dated or published, published, -len(article.text), article.article_id


def _founder_first(text: StoredText) -> tuple[bool, str]:
    return make_text_group_id(text.article_id) != text.text_group_id, text.article_id


def _store(article: Article, text_group_id: str) -> StoredText:
    return StoredText(
        article_id=article.article_id,
        text_group_id=text_group_id,
        title=article.title,
        text=article.text,
        language=article.language,
        dated=article.dated,
    )


def _found(own: StoredText, reason: str) -> Membership:
    return Membership(
        article_id=own.article_id, text_group_id=own.text_group_id, relation="origin", reason=reason
    )


def _join(own: StoredText, overlap: Overlap, match: StoredText, count: int) -> Membership:
    relation = overlap.relation or "derived"
    what = "same text as" if relation == "same" else "shares its text with"
    return Membership(
        article_id=own.article_id,
        text_group_id=match.text_group_id,
        relation=relation,
        matched_article_id=match.article_id,
        containment=round(overlap.containment, 3),
        shared_fingerprints=count,
        reason=(
            f"{what} {match.article_id}: {overlap.repeated:.0%} of the shorter text's own sentences are in "
            f"the longer, {overlap.containment:.0%} of its wording ({overlap.reverse:.0%} the other way); "
            f"fingerprints shared: {count}"
        ),
    )


def _preference(own: StoredText, overlap: Overlap, text: StoredText) -> tuple[float, float, float, date, str]:
    """Order matches: most repeated, most alike, then by title, then the oldest."""
    ours, theirs = set(split_tokens(own.title)), set(split_tokens(text.title))
    title = len(ours & theirs) / max(1, min(len(ours), len(theirs)))
    contained = round(max(overlap.repeated, overlap.containment), 2)
    return -contained, -round(overlap.jaccard, 2), -title, text.dated or date.max, text.article_id
