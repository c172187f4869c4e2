"""How good the decision on relevance is, on real and on written examples, by the rules and with a model.

    python -m benchmarks.relevance [--data FOLDER] [--errors] [--no-model]

Real examples are labelled in benchmarks/labels; their texts lie in a folder beside the checkout. Headlines
whose key begins with 8 to f, and Chinese items of 2024, are held out: only totals are printed of
them, and nothing may be tuned on them. What was drawn later is a set of its own. Pages and catalogue are
small and belong to neither half.

Models are trained by the same code as `coopwatch train`: on the train part of the written examples, and on
that and the real examples of the development half, measured on what each has not seen.

Weighted, an item counts as often as its like in the whole file; without weights the figures describe the
sample. ECE is the expected calibration error of the score in force: what rules give is no probability.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.relevance_items import Item, read_real
from coopwatch.relevance import Model, Topic, decide, judge, load_topic
from coopwatch.relevance.corpus import Example, read_corpus
from coopwatch.relevance.measures import Measures, Scored, measure
from coopwatch.relevance.training import train_model
from coopwatch.settings import CONFIG_DIR
from coopwatch.wording import shorten
from schemas.records import Article, Judgement, Verdict

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_REPEATS = 5
_ROW = "{:<28} {:>6} {:>5} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7}"
_HEADINGS = ("", "items", "rel.", "P", "R", "F1", "PR-AUC", "ECE", "alerts", "review")


class Decided(NamedTuple):
    """An item and its judgement."""

    item: Item
    judgement: Judgement


def decide_all(items: Sequence[Item], topic: Topic, model: Model | None) -> list[Decided]:
    """Decide on every item."""
    return [Decided(item, decide(item.example.article, topic, model)) for item in items]


def report_sets(decided: Sequence[Decided]) -> None:
    """Print the measures of every set: halves, languages, weights, and certain items alone."""
    print(_ROW.format(*_HEADINGS))
    groups: dict[str, list[Decided]] = defaultdict(list)
    for one in decided:
        name, language = one.item.set_name, one.item.example.language.partition("-")[0]
        if _is_halved(name):
            groups[f"{name} {'held out' if one.item.is_held_out else 'dev'}"].append(one)
        else:
            groups[name].append(one)
            if name != "pages":  # one of them is relevant
                groups[f"{name} {language}"].append(one)
    for name, listed in groups.items():
        print(_format_row(name, listed, is_weighted=False))
        if _is_halved(name):
            certain = [one for one in listed if not one.item.example.is_uncertain]
            print(_format_row("  certain ones", certain, is_weighted=False))
            print(_format_row("  weighted", listed, is_weighted=True))
            print(_format_row("  weighted, certain ones", certain, is_weighted=True))


def _is_halved(set_name: str) -> bool:
    return set_name.partition(" ")[0] in ("headlines", "zh")


def _format_row(name: str, listed: Sequence[Decided], *, is_weighted: bool) -> str:
    scored = [
        Scored(
            one.judgement.score,
            one.judgement.verdict,
            one.item.example.is_relevant,
            one.item.weight if is_weighted else 1.0,
        )
        for one in listed
    ]
    found = measure(scored)
    reviewed = sum(one.weight for one in scored if one.verdict == "review")
    right = sum(one.judgement.verdict == "alert" and one.item.example.is_relevant for one in listed)
    shares = (found.precision, found.recall, found.f1, found.pr_auc, found.calibration_error)
    alerts = f"{right}/{found.alerts}"
    return _ROW.format(
        name, found.items, found.relevant, *map(_word_share, shares), alerts, f"{reviewed:.0f}"
    )


def _word_share(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def report_thresholds(decided: Sequence[Decided], name: str) -> None:
    """Print what thresholds of the probability alone would come to, whatever the rules say."""
    for threshold in (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        found = _measure_at(decided, threshold)
        shares = map(_word_share, (found.precision, found.recall, found.f1))
        print("{:<28} P {}  R {}  F1 {}".format(f"{name} from {threshold}", *shares))


def _measure_at(decided: Iterable[Decided], threshold: float) -> Measures:
    def verdict(score: float) -> Verdict:
        return "accept" if score >= threshold else "discard"

    return measure(
        [
            Scored(one.judgement.score, verdict(one.judgement.score), one.item.example.is_relevant)
            for one in decided
        ]
    )


def report_errors(decided: Iterable[Decided]) -> None:
    """Print what was decided wrongly in the development half and among written examples to learn from."""
    for item, judgement in decided:
        is_accepted = judgement.verdict in ("accept", "alert")
        if is_accepted != item.example.is_relevant and not item.is_held_out and not item.example.is_frozen:
            mark = "false" if is_accepted else "missed"
            sure = "?" if item.example.is_uncertain else " "
            print(f"{item.set_name:9} {mark:6}{sure} {judgement.verdict:7} {judgement.score:.2f}", end="  ")
            print(f"{item.example.example_id}  {shorten(item.example.title, 60)}  |  ", end="")
            print(shorten(judgement.reason, 110))


def report_speed(items: Sequence[Item], topic: Topic, model: Model | None) -> None:
    """Print articles a second of `decide`, in turns with `judge` on the same items."""
    articles = [item.example.article for item in items]
    ways: dict[str, Callable[[Article], Judgement]] = {
        "judge": lambda article: judge(article, topic),
        "decide": lambda article: decide(article, topic, model),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_REPEATS):
        for name, way in ways.items():
            began = time.process_time()
            for article in articles:
                way(article)
            seconds[name].append(time.process_time() - began)
    best = {name: min(taken) for name, taken in seconds.items()}
    rates = ", ".join(f"{name} {len(articles) / taken:,.0f} articles/s" for name, taken in best.items())
    print(f"{rates}; decide takes {best['decide'] / best['judge']:.2f} times as long as judge")


def train_on(examples: Sequence[Example], topic: Topic) -> Model:
    """Return a model trained on examples."""
    return train_model(
        examples, topic, incumbent=None, created_by="benchmark", now=datetime(2026, 1, 1, tzinfo=UTC)
    )


def _to_items(examples: Iterable[Example]) -> list[Item]:
    return [Item(example, "synthetic", False, 1.0) for example in examples]


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real texts; %(default)s")
    parser.add_argument("--topic", type=Path, default=CONFIG_DIR / "topics" / "science_cooperation.yaml")
    parser.add_argument(
        "--errors", action="store_true", help="list errors of the rules, held-out items never"
    )
    parser.add_argument("--no-model", action="store_true", help="measure the rules alone")
    options = parser.parse_args()
    topic = load_topic(options.topic)
    real, written = read_real(options.data), read_corpus(CONFIG_DIR / "training")
    frozen = _to_items(example for example in written if example.is_frozen)
    if not real:
        print(f"{options.data}: no real texts are there, so only written examples are measured")

    print(f"\nRULES ALONE, topic {topic.version}: real")
    ruled = decide_all(real, topic, None)
    report_sets(ruled)
    print("\nRULES ALONE: synthetic, test part (says nothing of real articles)")
    report_sets(decide_all(frozen, topic, None))
    if options.errors:
        print("\nERRORS OF THE RULES")
        learnt = _to_items(example for example in written if not example.is_frozen)
        report_errors([*ruled, *decide_all(learnt, topic, None)])
    if options.no_model:
        return

    dev = [item for item in real if _is_halved(item.set_name) and not item.is_held_out]
    unseen = [item for item in real if item not in dev]
    trainings: list[tuple[str, Sequence[Example], Sequence[Item]]] = [("written examples", written, real)]
    if dev:
        trainings.append(
            ("written examples and the development half", [*written, *(item.example for item in dev)], unseen)
        )
    for name, examples, measured in trainings:
        model = train_on(examples, topic)
        print(f"\nRULES AND MODEL {model.model_version}, trained on {name}: real")
        print(f"{model.status}: {model.reason}; " + "; ".join(model.metrics["thresholds"]))
        report_sets(decide_all(measured, topic, model))
        print("\nTHE SAME: synthetic, test part (says nothing of real articles)")
        report_sets(decide_all(frozen, topic, model))
        print("\nTHE SAME: thresholds of the probability alone, on held-out items")
        for set_name in ("headlines", "zh"):
            held = [item for item in measured if item.is_held_out and item.set_name == set_name]
            report_thresholds(decide_all(held, topic, model), set_name)
        print("\nCOST")
        report_speed(real or frozen, topic, model)


if __name__ == "__main__":
    main()
