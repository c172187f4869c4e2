"""How well articles are grouped into events: linking as runs do it, and a baseline, each measured."""

import time
from bisect import bisect, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.event_sets import NOW, EventSet
from coopwatch.events.book import Decide, candidate_keys, link_articles
from coopwatch.events.candidates import DAY_BITS
from coopwatch.warehouse.terms import HOLDERS_MAX, rank_events
from schemas.records import Dossier

BATCH = 100
_THRESHOLDS = np.arange(0.3, 1.0, 0.02)  # of the baseline


class Scores(NamedTuple):
    """How well a grouping agrees with the true one."""

    precision: float
    recall: float
    f: float
    pairwise_f: float

    def __str__(self) -> str:
        return f"B³ {self.precision:.3f} {self.recall:.3f} F {self.f:.3f}, pairwise F {self.pairwise_f:.3f}"


class Trial(NamedTuple):
    """What linking a set came to."""

    scores: Scores
    events: dict[str, str]  # of each article
    dossiers: Mapping[str, Dossier]
    ms: float  # an article
    candidates: float  # on average, for an article


class Shelves:
    """What the warehouse keeps between batches, found by the same rules."""

    def __init__(self) -> None:
        self.dossiers: dict[str, Dossier] = {}
        self._terms: dict[str, tuple[int, ...]] = {}
        self._holders: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)  # by key, in order of days
        self.found: list[int] = []

    def read(self, series: Iterable[str], terms: Mapping[str, Iterable[int]]) -> list[Dossier]:
        """Return the events that a batch could be about."""
        series = set(series)
        wanted = {key for key, one in self.dossiers.items() if one.event.series in series}
        for some in terms.values():
            best = rank_events(map(self._find_nearest, some))
            self.found.append(len(best))
            wanted.update(best)
        return [self.dossiers[event_id] for event_id in sorted(wanted)]

    def write(self, dossiers: Iterable[Dossier], terms: Mapping[str, Iterable[int]]) -> None:
        """Keep the events that changed."""
        self.dossiers |= {dossier.event.event_id: dossier for dossier in dossiers}
        for event_id, some in terms.items():
            for term in self._terms.get(event_id, ()):
                self._holders[term >> DAY_BITS].remove((term, event_id))
            self._terms[event_id] = tuple(some)
            for term in some:
                insort(self._holders[term >> DAY_BITS], (term, event_id))

    def _find_nearest(self, term: int) -> list[str]:
        holders = self._holders.get(term >> DAY_BITS, [])
        at = bisect(holders, term, key=lambda holder: holder[0])
        return [event_id for _, event_id in holders[max(0, at - HOLDERS_MAX) : at + HOLDERS_MAX]]


def try_linking(some: EventSet, decide: Decide, batch: int = BATCH) -> Trial:
    """Link a set as runs would, and compare."""
    shelves = Shelves()
    voices = {place.text_group_id: place.text_group_id for place in some.memberships.values()}
    seconds = 0.0
    for start in range(0, len(some.read), batch):
        read = some.read[start : start + batch]
        began = time.perf_counter()
        keys = candidate_keys(read, some.memberships)
        dossiers = shelves.read(keys.series, keys.terms)
        linked = link_articles(
            read, some.judgements, some.memberships, dossiers, some.series, voices, NOW, decide
        )
        seconds += time.perf_counter() - began
        shelves.write(linked.dossiers, linked.terms)
    events: dict[str, str] = {}
    for event_id, dossier in sorted(shelves.dossiers.items()):
        for row in dossier.coverage:
            events.setdefault(row.article_id, event_id)
    ids = [one.article.article_id for one in some.read]
    return Trial(
        measure([some.gold[key] for key in ids], [events[key] for key in ids]),
        events,
        shelves.dossiers,
        1000 * seconds / len(ids),
        float(np.mean(shelves.found)),
    )


def try_baseline(some: EventSet) -> Scores:
    """Return what TF-IDF with average linkage comes to, at its best threshold for this set."""
    texts = [f"{one.article.title}\n{one.article.text}" for one in some.read]
    vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2).fit_transform(texts)
    distances = np.clip(1 - (vectors @ vectors.T).toarray(), 0, None)
    truth = [some.gold[one.article.article_id] for one in some.read]
    tried = []
    for threshold in _THRESHOLDS:
        model = AgglomerativeClustering(
            n_clusters=None, distance_threshold=threshold, metric="precomputed", linkage="average"
        )
        tried.append(measure(truth, [str(label) for label in model.fit_predict(distances)]))
    return max(tried, key=lambda scores: scores.f)


def measure(truth: Sequence[str], found: Sequence[str]) -> Scores:
    """Return B³ (Bagga and Baldwin 1998) and pairwise F of a grouping."""
    true, ours = Counter(truth), Counter(found)
    both = Counter(zip(truth, found, strict=True))
    precision = sum(n * n / ours[ours_] for (_, ours_), n in both.items()) / len(truth)
    recall = sum(n * n / true[true_] for (true_, _), n in both.items()) / len(truth)
    pairs = [sum(n * (n - 1) / 2 for n in some.values()) for some in (both, true, ours)]
    pairwise = 2 * pairs[0] / (pairs[1] + pairs[2]) if pairs[1] + pairs[2] else 0.0
    return Scores(precision, recall, 2 * precision * recall / (precision + recall), pairwise)
