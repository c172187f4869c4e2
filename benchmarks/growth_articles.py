"""Generated articles that come to a warehouse of generated rows, for the benchmark of its growth."""

import random
from datetime import UTC, datetime, timedelta

from benchmarks.growth_rows import LETTERS, SOURCES, WORDS
from coopwatch.identity import make_article_id
from schemas.records import Article, Attribution, Source, SourceExpectation

BATCH = 100
NOW = datetime.now(UTC)
REGISTRY = tuple(
    Source(
        id=f"s-{number}",
        name=f"Source {number}",
        kind="feed",
        url=f"https://host{number}.example/feed",
        publisher=f"Publisher {number}",
        expect=SourceExpectation(silent_after=timedelta(days=7)),
    )
    for number in range(SOURCES)
)
SOURCE = REGISTRY[1]
_SPELLING = str.maketrans("0123456789", LETTERS)
_NAMES = ("Kenya", "Norway", "Brazil", "Japan", "Egypt", "Poland", "Chile", "Vietnam", "Canada", "Ghana")
_FIELDS = ("ocean science", "nuclear fusion", "plant genetics", "seismology", "satellite research")


def write_article(number: int, entry_id: int = 0) -> Article:
    """Return an article about an agreement, some 300 words long; of two, the second is a reprint.

    Every hundredth text has the same rare words in another order, for which the index of events is asked.
    """
    told = number - number % 2
    chance = random.Random(told % BATCH)
    one, other = chance.sample(_NAMES, 2)
    field = chance.choice(_FIELDS)
    words = [spell(chance.randrange(WORDS)) for _ in range(14 * 18)]
    random.Random(told).shuffle(words)
    filler = [" ".join(words[place : place + 14]).capitalize() + "." for place in range(0, len(words), 14)]
    url = f"https://host{number % 40}.example/new/{number}"
    body = (
        f"{one} and {other} signed an agreement on cooperation in science and technology in {field}, "
        f"number {told}. "
        f"A joint laboratory with {told % 90 + 10} scientists from both countries will open. "
    )
    return Article(
        article_id=make_article_id(url),
        entry_id=entry_id or number + 1,
        source_id=SOURCE.id,
        url=url,
        compare_url=url,
        title=f"{one} and {other} sign science agreement on {field}",
        text=body + "\n\n".join(" ".join(filler[place : place + 3]) for place in range(0, 18, 3)),
        language="en",
        published_at=NOW - timedelta(hours=number % 48),
        published_from="feed",
        published_precision="second",
        fetched_at=NOW,
        attribution=Attribution(publisher=f"Publisher {number % 40}"),
        extractor="generated",
    )


def spell(number: int) -> str:
    """Return a number as a word of letters."""
    return str(number).translate(_SPELLING)
