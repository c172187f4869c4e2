"""Linking on real coverage: articles fed in the order of publication through the stages of a run.

    python -m benchmarks.events DATA                  the frozen setting beside the baseline
    python -m benchmarks.events DATA --across         learned on all sets but one, tried on that one
    python -m benchmarks.events DATA --learn FILE     learn anew from all sets, and write the weights

DATA is the folder that holds events/*.jsonl.gz (id, event, url, date, title, text) and, if there is one,
domain/catalogue*.tsv (event, lang, date, url, title). The baseline is TF-IDF with average linkage over
all articles of a set at once, at the threshold that is best for that very set; it has no dates.
Measured are B³ and pairwise precision, recall and F. Weights hold no text.
"""

import argparse
import csv
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from coopwatch.events.book import Decide, candidate_keys, decide_by, link_articles
from coopwatch.events.likeness import FEATURES, measure_likeness
from coopwatch.events.linking import LINK, LinkDecision, is_open_to_likeness
from coopwatch.events.profiles import Profile
from coopwatch.events.reports import ReadArticle, read_articles
from coopwatch.events.series import SeriesRegistry, load_series
from coopwatch.events.weights import Weights, load_weights
from coopwatch.identity import make_article_id, make_event_id, make_text_group_id
from coopwatch.publishers import Publishers
from coopwatch.settings import Settings
from coopwatch.warehouse.terms import CANDIDATES_MAX, HOLDERS_MAX
from schemas.records import Article, Attribution, Dossier, Judgement, Membership

BATCH = 100
NOW = datetime(2026, 1, 1, tzinfo=UTC)
_THRESHOLDS = np.arange(0.3, 1.0, 0.02)  # of the baseline
_MOVES = (-0.5, -0.375, -0.25, -0.125, 0.0)  # of the score from which linking links, in log-odds
# What a weight may be: signs are known, dates may not outweigh words, one text that is near may not
# chain events together, and whether places or parties differ is told too seldom here to be trusted far.
_BOUNDS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(("text", "lead", "title", "known_title", "names", "figures"), (0.0, 40.0)),
    "nearest": (0.0, 2.0),
    "days": (0.0, 2.5),
    "weeks": (0.0, 1.0),
    "undated": (0.0, 3.0),
    "same_day": (0.0, 1.5),
    "other_day": (-2.5, 0.0),
    "same_place": (0.0, 1.5),
    "other_place": (-0.5, 0.0),
    "same_parties": (0.0, 2.0),
    "other_parties": (-0.5, 0.0),
    "same_kind": (0.0, 0.5),
    "same_pact": (3.0, 3.0),  # not learned: general news has no pacts
}
_NEGATIVES = 10.0  # what the pairs that do not belong together weigh, to 1 for those that do
_RIDGE = 2e-4

Pair = tuple[list[float], bool]


class EventSet(NamedTuple):
    """A set of articles, read, in the order of their publication."""

    name: str
    read: tuple[ReadArticle, ...]
    gold: Mapping[str, str]  # event by article_id
    judgements: Mapping[int, Judgement]
    memberships: Mapping[str, Membership]
    series: SeriesRegistry
    read_ms: float  # an article


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
        self._holders: defaultdict[int, set[str]] = defaultdict(set)
        self.found: list[int] = []

    def read(self, series: Iterable[str], terms: Mapping[str, Iterable[int]]) -> list[Dossier]:
        """Return the events that a batch could be about."""
        series = set(series)
        wanted = {key for key, one in self.dossiers.items() if one.event.series in series}
        for some in terms.values():
            rarity: defaultdict[str, float] = defaultdict(float)
            for term in some:
                holders = sorted(self._holders.get(term, ()))[-HOLDERS_MAX:]
                for event_id in holders:
                    rarity[event_id] += 1 / len(holders)
            best = sorted(rarity, key=lambda key: (-rarity[key], key))[:CANDIDATES_MAX]
            self.found.append(len(best))
            wanted.update(best)
        return [self.dossiers[event_id] for event_id in sorted(wanted)]

    def write(self, dossiers: Iterable[Dossier], terms: Mapping[str, Iterable[int]]) -> None:
        """Keep the events that changed."""
        self.dossiers |= {dossier.event.event_id: dossier for dossier in dossiers}
        for event_id, some in terms.items():
            for term in some:
                self._holders[term].add(event_id)


def make_set(name: str, rows: Sequence[Mapping[str, Any]], series: SeriesRegistry) -> EventSet:
    """Read a set of articles; rows have id, event, url, date, title, text and perhaps lang."""
    articles = []
    gold = {}
    for number, row in enumerate(rows):
        article = Article(
            article_id=make_article_id(f"{row['id']} {number}"),  # not every set gives each its own
            entry_id=number,
            source_id="benchmark",
            url=row["url"],
            compare_url=row["url"],
            title=row["title"],
            text=row["text"],
            language=row.get("lang", "en"),
            published_at=_read_day(row["date"]),
            fetched_at=NOW,
            attribution=Attribution(publisher="benchmark"),
            extractor="none",
        )
        articles.append(article)
        gold[article.article_id] = row["event"]
    articles.sort(key=lambda one: (one.published_at is None, one.published_at or NOW, one.article_id))
    judgements = {
        article.entry_id: Judgement(
            entry_id=article.entry_id,
            verdict="alert",
            score=1.0,
            facets={},
            fired=(),
            reason="",
            topic="",
            version="",
        )
        for article in articles
    }
    memberships = {
        article.article_id: Membership(
            article_id=article.article_id,
            text_group_id=make_text_group_id(article.article_id),
            relation="origin",
            reason="",
        )
        for article in articles
    }
    began = time.perf_counter()
    read = read_articles(articles, judgements, series)
    read_ms = 1000 * (time.perf_counter() - began) / len(read)
    return EventSet(name, read, gold, judgements, memberships, series, read_ms)


def try_linking(some: EventSet, decide: Decide, batch: int = BATCH) -> Trial:
    """Link a set as runs would, and compare."""
    shelves = Shelves()
    publishers = Publishers({}, ())
    seconds = 0.0
    for start in range(0, len(some.read), batch):
        read = some.read[start : start + batch]
        began = time.perf_counter()
        keys = candidate_keys(read, some.memberships)
        dossiers = shelves.read(keys.series, keys.terms)
        linked = link_articles(
            read, some.judgements, some.memberships, dossiers, some.series, publishers, NOW, decide
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


def collect_pairs(some: EventSet) -> list[Pair]:
    """Return (features, belongs together) of each article and each event that it was compared with.

    The events are the true ones, as they stood when the article came.
    """
    founders: dict[str, str] = {}
    pairs: list[Pair] = []

    def decide(wanted: Profile, candidates: Sequence[Profile]) -> LinkDecision:
        true = some.gold[wanted.event_id]
        event_id = founders.get(true)
        for candidate in candidates:
            if is_open_to_likeness(wanted, candidate):
                features = measure_likeness(wanted, candidate)
                row = [features.get(name, 0.0) for name in FEATURES]
                pairs.append((row, candidate.event_id == event_id))
        if event_id is None:
            founders[true] = make_event_id(None, None, None, wanted.event_id)
        return LinkDecision(
            event_id=event_id,
            band="link" if event_id else "new",
            score=LINK if event_id else 0.0,
            evidence=(),
        )

    try_linking(some._replace(series=SeriesRegistry.from_series(())), decide)
    return pairs


def learn(pairs: Mapping[str, Sequence[Pair]], version: str) -> Weights:
    """Fit a logistic regression within `_BOUNDS`; every set weighs the same."""
    rows = np.array([row for some in pairs.values() for row, _ in some])
    truth = np.array([float(is_one) for some in pairs.values() for _, is_one in some])
    weight = np.concatenate([_weigh_pairs(some) for some in pairs.values()]) / len(pairs)

    def lose(values: np.ndarray) -> tuple[float, np.ndarray]:
        odds = rows @ values[1:] + values[0]
        wrong = weight * (1 / (1 + np.exp(-odds)) - truth)
        loss = (weight * (np.logaddexp(0, odds) - truth * odds)).sum() + _RIDGE * (values[1:] ** 2).sum()
        return float(loss), np.concatenate([[wrong.sum()], rows.T @ wrong + 2 * _RIDGE * values[1:]])

    bounds = [(None, None), *(_BOUNDS[name] for name in FEATURES)]
    start = np.array([0.0, *(_BOUNDS[name][0] for name in FEATURES)])
    found = minimize(lose, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000}).x
    return Weights(
        version=version,
        learned_from={name: len(some) for name, some in pairs.items()},
        intercept=round(float(found[0]) + float(np.log(LINK / (1 - LINK))), 3),
        features={name: round(float(value), 3) for name, value in zip(FEATURES, found[1:], strict=True)},
    )


def move(weights: Weights, sets: Sequence[EventSet]) -> Weights:
    """Return the weights with the intercept that serves the worst served set best.

    Pairs come in other proportions than linking meets them, so even odds are not the best threshold. Of
    the gains over the baseline, in B³ and pairwise F, each as a share of what it left to gain, the least
    is made greatest.
    """
    baselines = {some.name: try_baseline(some) for some in sets}

    def find_least_gain(moved: Weights) -> float:
        decide = decide_by(moved)
        gains = []
        for some in sets:
            reached, base = try_linking(some, decide).scores, baselines[some.name]
            gains.append((reached.f - base.f) / (1 - base.f))
            gains.append((reached.pairwise_f - base.pairwise_f) / (1 - base.pairwise_f))
        return min(gains)

    tried = (weights.model_copy(update={"intercept": round(weights.intercept - step, 3)}) for step in _MOVES)
    return max(tried, key=find_least_gain)


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


def read_sets(data: Path, series: SeriesRegistry) -> Iterator[EventSet]:
    """Yield the sets of general news."""
    for path in sorted((data / "events").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        yield make_set(path.name.partition(".")[0], rows, series)


def read_catalogue(path: Path, series: SeriesRegistry) -> EventSet:
    """Read the articles of this field: titles alone, without those that are of no event."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    kept = [
        {**row, "id": row["url"], "text": ""}
        for row in rows
        if row["event"] != "NEG" and not row["title"].startswith("(")
    ]
    return make_set(path.stem, kept, series)


def show_catalogue(some: EventSet, decide: Decide) -> None:
    """Print how the catalogue is grouped, and which events hold articles of two."""
    trial = try_linking(some, decide)
    true_of: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for article_id, event_id in trial.events.items():
        true_of[event_id][some.gold[article_id]] += 1
    mixed = {event_id: dict(held) for event_id, held in true_of.items() if len(held) > 1}
    languages = Counter(one.article.language for one in some.read)
    print(f"{some.name}: {len(some.read)} titles in {dict(languages)}: {trial.scores}")
    for true in sorted(set(some.gold.values())):
        parts = sorted((held[true] for held in true_of.values() if held[true]), reverse=True)
        print(f"    {true}: {parts}")
    print(f"    events that mix: {mixed or 'none'}")


def _weigh_pairs(pairs: Sequence[Pair]) -> np.ndarray:
    truth = np.array([is_one for _, is_one in pairs])
    weights: np.ndarray = np.where(truth, 1 / truth.sum(), _NEGATIVES / (~truth).sum())
    return weights


def _read_day(written: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((written or "")[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None


def main() -> None:
    """Measure, or learn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--across", action="store_true", help="leave one set out, each in its turn")
    parser.add_argument("--learn", type=Path, metavar="FILE", help="write weights learned from all sets")
    parser.add_argument("--version", default="1", help="of the weights that are written")
    given = parser.parse_args()
    series = load_series(Settings().series)
    sets = list(read_sets(given.data, series))
    if given.across or given.learn:
        pairs = {some.name: collect_pairs(some) for some in sets}
    if given.across:
        for some in sets:
            others = [other for other in sets if other.name != some.name]
            weights = move(learn({other.name: pairs[other.name] for other in others}, "across"), others)
            print(f"{some.name}: learned on the others {try_linking(some, decide_by(weights)).scores}")
        return
    if given.learn:
        weights = move(learn(pairs, given.version), sets)
        given.learn.write_text(weights.model_dump_json(indent=2) + "\n", encoding="utf-8")
        return
    decide = decide_by(load_weights())
    for some in sets:
        trial = try_linking(some, decide)
        print(f"{some.name}: {len(some.read)} articles, {len(set(some.gold.values()))} events")
        print(f"    coopwatch {trial.scores}")
        print(f"    baseline  {try_baseline(some)}")
        print(
            f"    {some.read_ms:.1f} ms to read an article, {trial.ms:.1f} ms to link it, "
            f"{trial.candidates:.0f} candidates"
        )
    for path in sorted((given.data / "domain").glob("catalogue*.tsv")):
        show_catalogue(read_catalogue(path, series), decide)


if __name__ == "__main__":
    main()
