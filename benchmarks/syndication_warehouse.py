"""Fills a warehouse with many documents fast, for benchmarks of what looking up reprints costs."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from coopwatch.fingerprints import fingerprint
from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url

INSTALMENTS = 10
TEXTS = 1000  # stored documents that have a text
OWN, COMMON = 21, 3  # fingerprints of a document: its own or its story's, and of boilerplate
BOILERPLATE = 20_000  # shingles of boilerplate there are
HOSTS = 60
STORY = 12  # every so manieth document holds the fingerprints of the one before
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
