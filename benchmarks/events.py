"""Linking on real coverage: articles fed in the order of publication through the stages of a run.

    python -m benchmarks.events [DATA]                the frozen setting beside the baseline, then weights
                                                      learned on all sets but one, tried on that one
    python -m benchmarks.events [DATA] --learn FILE   learn anew, and write the weights

DATA is the folder that holds events/*.jsonl.gz (id, event, url, date, title, text) and, if there is one,
domain/catalogue*.tsv (event, lang, date, url, title). The baseline is TF-IDF with average linkage over
all articles of a set at once, at the threshold that is best for that very set; it has no dates. The frozen
setting is learned from all sets but allsides. Measured are B³ and pairwise precision, recall and F. Weights
hold no text.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.event_scores import try_baseline, try_linking
from benchmarks.event_sets import EventSet, read_catalogue, read_sets
from benchmarks.event_weights import collect_pairs, learn
from coopwatch.events.book import Decide, decide_by
from coopwatch.events.series import load_series
from coopwatch.events.weights import load_weights
from coopwatch.settings import Settings

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
KEPT_OUT = "allsides"  # never learned from: it tries the frozen setting on what is new to it


def show_sets(sets: Sequence[EventSet], decide: Decide) -> None:
    """Print how well the frozen setting does on each set, and what it costs."""
    for some in sets:
        trial = try_linking(some, decide)
        print(f"{some.name}: {len(some.read)} articles, {len(set(some.gold.values()))} events")
        print(f"    coopwatch {trial.scores}")
        print(f"    baseline  {try_baseline(some)}")
        print(
            f"    {some.read_ms:.1f} ms to read an article, {trial.ms:.1f} ms to link it, "
            f"{trial.candidates:.0f} candidates"
        )


def show_across(sets: Sequence[EventSet]) -> None:
    """Print how well weights do on the one set that they were not learned from."""
    pairs = {some.name: collect_pairs(some) for some in sets}
    for some in sets:
        weights = learn({name: found for name, found in pairs.items() if name != some.name}, "across")
        print(f"{some.name}: learned on the others {try_linking(some, decide_by(weights)).scores}")


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


def main() -> None:
    """Measure, or learn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--learn", type=Path, metavar="FILE", help="write weights learned anew")
    parser.add_argument("--version", default="3", help="of the weights that are written")
    given = parser.parse_args()
    series = load_series(Settings().series)
    sets = list(read_sets(given.data, series))
    if given.learn:
        taught = (some for some in sets if some.name != KEPT_OUT)
        weights = learn({some.name: collect_pairs(some) for some in taught}, given.version)
        given.learn.write_text(weights.model_dump_json(indent=2) + "\n", encoding="utf-8")
        return
    decide = decide_by(load_weights())
    show_sets(sets, decide)
    show_across(sets)
    for path in sorted((given.data / "domain").glob("catalogue*.tsv")):
        show_catalogue(read_catalogue(path, series), decide)


if __name__ == "__main__":
    main()
