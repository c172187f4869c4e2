"""Same, derived or independent: the rule for reprints beside the labels of real pairs.

    python -m benchmarks.syndication_labels [--articles helsinki_articles.csv.gz] [--pairs PAIRS.tsv]

How the pairs were drawn and labelled is told in benchmarks/labels/syndication.md. Same and derived count
as positive. "Each pair" counts every labelled pair once; "weighted" counts it for the pairs of its stratum
that were not drawn, and so estimates the figures over all pairs of the collection. Texts are compared as
they come, and after bylines, datelines and furniture were taken off as in production ("cleaned"), with the
boilerplate of their sites learnt or not. The texts are dealt into halves that no reprint ties together: rules
are tried on the one, and the other is held out.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.syndication import PARAGRAPH, group_in_batches, read_articles
from benchmarks.syndication_pairs import (
    ARTICLES,
    PAIRS,
    TUNED_HALF,
    Comparison,
    Pair,
    clean,
    compare_pairs,
    key_of,
    read_pairs,
    read_texts,
    split_texts,
)
from coopwatch.publishers import load_publishers
from coopwatch.settings import CONFIG_DIR
from schemas.records import Article, Membership

Says = Callable[[Comparison], bool]

RULE: dict[str, Says] = {
    "rule, among candidates": lambda each: each.is_grouped,
    "rule, every pair compared": lambda each: each.overlap.relation is not None,
}
THRESHOLDS = 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8


def describe(compared: Sequence[Comparison], says: Says) -> str:
    """Return precision and recall, each pair once and weighted, and the wrong and missed pairs."""
    figures = []
    for is_weighted in (False, True):
        counted = [(each, each.pair.count(is_weighted=is_weighted)) for each in compared]
        found = sum(count for each, count in counted if says(each))
        right = sum(count for each, count in counted if says(each) and each.pair.is_reprint)
        wanted = sum(count for each, count in counted if each.pair.is_reprint)
        figures += [right / found if found else 1.0, right / wanted if wanted else 1.0]
    wrong = sum(says(each) and not each.pair.is_reprint for each in compared)
    missed = sum(each.pair.is_reprint and not says(each) for each in compared)
    return "".join(f"{figure:7.3f}" for figure in figures) + f"{wrong:6}{missed:7}"


def threshold(measure: str, least: float) -> Says:
    """Return the rule that a measure alone decides, among candidates without a conflict."""
    return lambda each: (
        each.is_candidate and not each.overlap.conflict and getattr(each.overlap, measure) >= least
    )


def report(
    name: str, compared: Sequence[Comparison], halves: Mapping[str, int], rules: Mapping[str, Says]
) -> None:
    """Print how rules stand on all pairs and on each half, with the uncertain pairs and without."""
    within = [each for each in compared if halves[each.pair.one] == halves[each.pair.other]]
    parts = {
        "all pairs": compared,
        "tuned half": [each for each in within if halves[each.pair.one] == TUNED_HALF],
        "held-out half": [each for each in within if halves[each.pair.one] != TUNED_HALF],
    }
    for part, some in parts.items():
        certain = [each for each in some if not each.pair.is_uncertain]
        pairs = f"{len(some)} pairs", f"{len(certain)} certain pairs"
        print(f"\n{f'{name}, {part}':30}" + "".join(f"{title:>18}{'':25}" for title in pairs).rstrip())
        print(" " * 30 + "    each pair      weighted  wrong missed  " * 2)
        for title, says in rules.items():
            print(f"{title:30}{describe(some, says)}  {describe(certain, says)}")


def report_groups(
    pairs: Sequence[Pair], articles: Sequence[Article], memberships: Sequence[Membership]
) -> None:
    """Print how often the two texts of a pair end in one group, which is what counts as one voice."""
    keys = {row.article_id: key_of(row.text.replace("\n", PARAGRAPH)) for row in articles}
    groups: dict[str, set[str]] = defaultdict(set)
    for membership in memberships:
        groups[keys[membership.article_id]].add(membership.text_group_id)
    print("\nshare in one group                 reprints   independent")
    for title, is_weighted in (("each pair", False), ("weighted", True)):
        shares = []
        for is_reprint in (True, False):
            some = [pair for pair in pairs if pair.is_reprint == is_reprint]
            counted = [(pair, pair.count(is_weighted=is_weighted)) for pair in some]
            together = sum(count for pair, count in counted if groups[pair.one] & groups[pair.other])
            shares.append(together / sum(count for _, count in counted))
        print(f"{title:34}{shares[0]:10.3f}{shares[1]:14.4f}")


def report_errors(compared: Sequence[Comparison]) -> None:
    """Print the wrong and the missed pairs by cause, with the keys of their texts."""
    errors: dict[str, list[Comparison]] = defaultdict(list)
    for each in compared:
        if each.is_grouped != each.pair.is_reprint:
            errors[("missed: " if each.pair.is_reprint else "wrong: ") + each.cause].append(each)
    print("\nerrors by kind (cleaned)                            pairs  weighted  uncertain")
    for kind, some in sorted(errors.items(), key=lambda item: -len(item[1])):
        weight = sum(each.pair.weight for each in some)
        print(f"{kind:49}{len(some):6}{weight:10.0f}{sum(each.pair.is_uncertain for each in some):11}")
    for kind, some in sorted(errors.items()):
        print(f"\n{kind}")
        for each in some:
            pair, overlap = each.pair, each.overlap
            print(
                f"  {pair.one} {pair.other} {pair.label:12}{'?' if pair.is_uncertain else ' '} "
                f"contained {overlap.containment:.2f} lead {overlap.lead:.2f} alike {overlap.jaccard:.2f} "
                f"fingerprints {each.shared_fingerprints}"
            )


def main() -> None:
    """Print the reports."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=Path, default=ARTICLES)
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    options = parser.parse_args()
    pairs, texts = read_pairs(options.pairs), read_texts(options.articles)
    publishers = load_publishers(CONFIG_DIR / "publishers.yaml")
    print(
        f"{len(pairs)} pairs of {len({key for pair in pairs for key in (pair.one, pair.other)})} texts:",
        end=" ",
    )
    print(
        dict(Counter(pair.label for pair in pairs)), f"uncertain {sum(pair.is_uncertain for pair in pairs)}"
    )
    twice = [pair.label == pair.second_reading for pair in pairs if pair.second_reading]
    print(f"read a second time: {len(twice)}, of which the label stands in {sum(twice)}")
    halves = split_texts(pairs)
    rows = read_articles(options.articles)
    memberships, _, boilerplate = group_in_batches(rows)
    learnt = {
        key: boilerplate[publisher] for key, (publisher, _) in texts.items() if publisher in boilerplate
    }
    raw = {key: text.replace(PARAGRAPH, "\n") for key, (_, text) in texts.items()}
    report("as they come", compare_pairs(pairs, raw, learnt), halves, RULE)
    cleaned = {key: clean(publisher, text, publishers) for key, (publisher, text) in texts.items()}
    report("nothing learnt", compare_pairs(pairs, cleaned, {}), halves, RULE)
    compared = compare_pairs(pairs, cleaned, learnt)
    rules = RULE | {"shared fingerprints alone": lambda each: each.is_candidate}
    for measure in ("repeated", "containment"):
        rules |= {f"{measure} ≥ {least:.2f}": threshold(measure, least) for least in THRESHOLDS}
    report("cleaned", compared, halves, rules)
    report_groups(pairs, rows, memberships)
    report_errors(compared)


if __name__ == "__main__":
    main()
