"""Text groups on real articles, and how fingerprints and rule stand up to edits made on purpose.

    python benchmarks/syndication.py ARTICLES.csv.gz [TEXTS.jsonl.gz ...]

ARTICLES has the columns id, publisher, scrape_time and text: coverage of one event, grouped as it
would arrive, in batches. TEXTS have a key "text": each long one is edited in several ways and looked
for again, and pairs that share only boilerplate or background are tried as false matches.
"""

import csv
import gzip
import itertools
import json
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from coopwatch.boilerplate import MIN_SHARE, MIN_TEXTS, sample_shingles
from coopwatch.fingerprints import fingerprint
from coopwatch.syndication import MIN_SHARED_FINGERPRINTS, assign_groups, compare_texts
from schemas.records import Article, Attribution, Membership, StoredText

BATCH = 100
PARAGRAPH = " ### "  # between two paragraphs of the collection


def read_articles(path: Path) -> list[Article]:
    """Read the articles in the order in which they were collected."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Article(
            article_id=f"a-{number:04d}",
            entry_id=number,
            source_id="benchmark",
            url=row["id"],
            compare_url=row["id"],
            title="",
            text=row["text"].replace(PARAGRAPH, "\n"),
            language="en",
            published_at=datetime.fromisoformat(row["scrape_time"]).astimezone(UTC),
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            attribution=Attribution(publisher=row["publisher"]),
            extractor="none",
        )
        for number, row in enumerate(sorted(rows, key=lambda row: row["scrape_time"]))
    ]


def group_in_batches(
    articles: Sequence[Article],
) -> tuple[list[Membership], float, dict[str, frozenset[int]]]:
    """Group as a run would, with an index in memory and boilerplate learnt from batch to batch.

    Returns:
        The memberships, the seconds that grouping took, and the boilerplate of each publisher in the end.
    """
    index: dict[int, list[str]] = {}
    stored: dict[str, StoredText] = {}
    memberships: list[Membership] = []
    seconds = 0.0
    publishers = {article.article_id: article.attribution.publisher for article in articles}
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    texts: dict[str, set[str]] = defaultdict(set)
    learnt: dict[str, frozenset[int]] = {}
    for start in range(0, len(articles), BATCH):
        batch = {article.article_id: article for article in articles[start : start + BATCH]}
        began = time.perf_counter()
        boilerplate = {key: learnt[name] for key, name in publishers.items() if name in learnt}
        prints = {
            key: fingerprint(article.text, article.language, boilerplate.get(key, frozenset()))
            for key, article in batch.items()
        }
        shared = {
            key: [
                (other, count)
                for other, count in Counter(o for k in keys for o in index.get(k, ())).items()
                if count >= MIN_SHARED_FINGERPRINTS
            ]
            for key, keys in prints.items()
        }
        decided = assign_groups(batch.values(), prints, shared, stored, boilerplate)
        seconds += time.perf_counter() - began
        memberships += decided
        for membership in decided:
            article = batch[membership.article_id]
            stored[article.article_id] = StoredText(
                article_id=article.article_id,
                text_group_id=membership.text_group_id,
                title=article.title,
                text=article.text,
                language=article.language,
                dated=article.dated,
            )
            for key in prints[article.article_id]:
                index.setdefault(key, []).append(article.article_id)
            name = publishers[article.article_id]
            if membership.text_group_id not in texts[name]:
                texts[name].add(membership.text_group_id)
                counts[name].update(sample_shingles(article.text, article.language))
        learnt = {
            name: frozenset(
                value
                for value, count in found.items()
                if count >= MIN_TEXTS and count >= MIN_SHARE * len(texts[name])
            )
            for name, found in counts.items()
        }
    return memberships, seconds, learnt


def report_groups(articles: Sequence[Article]) -> None:
    """Print how many groups there are, how large, and what an article costs."""
    memberships, seconds, _ = group_in_batches(articles)
    sizes = Counter(membership.text_group_id for membership in memberships)
    relations = Counter(membership.relation for membership in memberships)
    shared = sum(size for size in sizes.values() if size > 1)
    print(f"articles {len(articles)}  groups {len(sizes)}  in groups of two or more {shared}")
    print("relations", dict(relations), " largest groups", [size for _, size in sizes.most_common(12)])
    print(f"fingerprints and groups: {seconds / len(articles) * 1000:.2f} ms an article\n")


def report_pairs(articles: Sequence[Article]) -> None:
    """Compare every pair that shares one fingerprint at all, and show what each threshold keeps."""
    prints = {article.article_id: set(fingerprint(article.text, "en")) for article in articles}
    texts = {article.article_id: article.text for article in articles if prints[article.article_id]}
    rows = [
        (len(prints[one] & prints[other]), compare_texts(texts[one], texts[other], "en"))
        for one, other in itertools.combinations(texts, 2)
        if prints[one] & prints[other]
    ]
    keys = [len(keys) for keys in prints.values()]
    print(f"fingerprints an article: mean {statistics.mean(keys):.1f}, most {max(keys)}")
    print("repeated ≥      pairs   candidates         grouped   same   kept apart by a mark")
    for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        at = [(count, overlap) for count, overlap in rows if overlap.repeated >= least]
        candidates = [overlap for count, overlap in at if count >= MIN_SHARED_FINGERPRINTS]
        grouped = [overlap for overlap in candidates if overlap.relation]
        same = sum(overlap.relation == "same" for overlap in grouped)
        vetoed = sum(overlap.conflict is not None for overlap in candidates)
        print(f"{least:11.1f} {len(at):9} {len(candidates):18} {len(grouped):9} {same:6} {vetoed:14}")
    print()


def report_edits(texts: Sequence[list[str]], seed: int = 5) -> None:
    """Edit every text, and count how often the result is found as a candidate and grouped."""
    chance = random.Random(seed)
    vocabulary = [word for words in texts for word in words]

    def noise(count: int) -> list[str]:
        return [chance.choice(vocabulary) for _ in range(count)]

    def edit(words: list[str], share: float) -> list[str]:
        return [chance.choice(vocabulary) if chance.random() < share else word for word in words]

    def other() -> list[str]:
        return chance.choice(texts)

    boilerplate = noise(120)
    edits: dict[str, Callable[[list[str]], tuple[list[str], list[str]]]] = {
        "dateline, footer": lambda t: (t, noise(8) + t + noise(40)),
        "10 % of words edited": lambda t: (t, edit(t, 0.1)),
        "cut to 60 words": lambda t: (t, t[:60]),
        "cut to 90 words": lambda t: (t, t[:90]),
        "dateline, cut to 60, 5 % edited": lambda t: (t, noise(8) + edit(t[:60], 0.05)),
        "dateline, cut to 40 %, footer, 5 %": lambda t: (
            t,
            noise(8) + edit(t[: len(t) * 2 // 5], 0.05) + noise(40),
        ),
        "90 words from the middle": lambda t: (t, t[len(t) // 2 : len(t) // 2 + 90]),
        "150 words inside 600 others": lambda t: (t[:150], other()[:300] + t[:150] + other()[-300:]),
        "FALSE: same 120 words of boilerplate": lambda t: (t + boilerplate, other() + boilerplate),
        "FALSE: the same, short texts": lambda t: (t[:90] + boilerplate, other()[:90] + boilerplate),
        "FALSE: follow-up, 30 % background": lambda t: (
            t,
            other()[: len(t) * 7 // 10] + t[len(t) * 7 // 10 :],
        ),
    }
    print(f"{len(texts)} texts edited on purpose: found by a fingerprint, then grouped, in %")
    for name, make in edits.items():
        found = grouped = 0
        for words in texts:
            one, two = (" ".join(part) for part in make(words))
            candidate = len({*fingerprint(one, "en")} & {*fingerprint(two, "en")}) >= MIN_SHARED_FINGERPRINTS
            found += candidate
            grouped += candidate and compare_texts(one, two, "en").relation is not None
        print(f"  {name:38} {100 * found / len(texts):6.1f} {100 * grouped / len(texts):6.1f}")


def main() -> None:
    """Print the three reports."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    articles = read_articles(Path(sys.argv[1]))
    report_groups(articles)
    report_pairs(articles)
    texts = []
    for path in sys.argv[2:]:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["text"].split() for line in lines]
    if texts:
        report_edits([words for words in texts if len(words) >= 250])


if __name__ == "__main__":
    main()
