"""Full-text search over the articles in scope: FTS5 in SQLite, text search vectors in PostgreSQL.

Both index the words that `coopwatch.search_words` finds, in the table `article_search`, under the number
of the article. SQLite knows the endings of English only and passes over accents; PostgreSQL knows those of
the text's language, and keeps words with accents also without them. What a person types never reaches
the query language of either: it is made of words alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    case,
    cast,
    column,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY, TSVECTOR

from coopwatch.search_words import Term, cut_snippet, find_accented, fold_accents, parse_search, split_words
from coopwatch.warehouse.rows import chunked, read_pairs
from schemas.columns import clean_text
from schemas.records import Article, Language, Record
from schemas.tables import article, coverage, entry

RANKED_MAX = 2000  # found articles that are ranked, the last loaded ones: a common word has a million
TITLE_WEIGHT = 4.0  # of a word in the title, against one in the text

# text search configurations of PostgreSQL; the words of other languages stay as they are
CONFIGURATIONS: Mapping[str, str] = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "ru": "russian",
}
_PLAIN = "simple"

_INSERT = {
    "sqlite": """
        INSERT OR REPLACE INTO article_search (rowid, title, text)
        VALUES (:article_no, :title, :text)
        """,
    "postgresql": """
        INSERT INTO article_search (article_no, words)
        VALUES (
            :article_no,
            setweight(to_tsvector(CAST(:configuration AS regconfig), :title), 'A')
            || setweight(to_tsvector('simple', :title_accented), 'A')
            || to_tsvector(CAST(:configuration AS regconfig), :text)
            || to_tsvector('simple', :text_accented)
        )
        ON CONFLICT (article_no) DO UPDATE SET words = excluded.words
        """,
}


class Found(Record):
    """An article that a search found.

    Attributes:
        rank: how well it fits; comparable within one search only.
        snippet: the part of the text in which the words are.
        event_ids: the events that it reports.
    """

    article_id: str
    title: str
    url: str
    publisher: str
    language: Language
    published_at: AwareDatetime | None
    rank: float
    snippet: str
    event_ids: tuple[str, ...]


def store_words(connection: Connection, articles: Sequence[Article]) -> None:
    """Index stored articles, in place of what was indexed of them before."""
    for some in chunked(sorted(found.article_id for found in articles)):
        _index(connection, article.c.article_id.in_(some))


def index_all(connection: Connection, at_once: int = 500) -> None:
    """Index every stored article."""
    last = connection.scalar(select(func.max(article.c.article_no))) or 0
    for start in range(0, last, at_once):
        _index(connection, article.c.article_no.between(start + 1, start + at_once))


def search(
    connection: Connection,
    words: str,
    limit: int,
    language: str | None = None,
    since: datetime | None = None,
) -> tuple[Found, ...]:
    """Return the articles in scope that hold all words, the best first.

    Args:
        connection: a reading one.
        words: as a person types them; what stands in quotation marks is looked for in that order.
        limit: how many at most.
        language: only articles in this language; `zh` finds those in zh-Hant, too.
        since: only articles that were published then or later.

    Returns:
        Nothing if nothing in `words` is a word.
    """
    terms = parse_search(clean_text(words))
    if not terms:
        return ()
    conditions = [entry.c.outcome == "loaded"]
    if language is not None:
        is_variant = article.c.language.startswith(f"{language}-", autoescape=True)
        conditions.append((article.c.language == language) | is_variant)
    if since is not None:
        conditions.append(article.c.published_at >= since)
    if connection.dialect.name == "sqlite":
        ranks = _match_sqlite(connection, terms, conditions)
    else:
        ranks = _match_postgres(connection, terms, conditions, language)
    best = sorted(ranks, key=lambda number: (-ranks[number], -number))[:limit]
    return _describe(connection, {number: ranks[number] for number in best}, terms)


def _index(connection: Connection, condition: ColumnElement[bool]) -> None:
    columns = (article.c.article_no, article.c.title, article.c.text, article.c.language)
    rows = (
        connection.execute(select(*columns).where(condition).order_by(article.c.article_no)).mappings().all()
    )
    if rows:
        make = _make_sqlite_row if connection.dialect.name == "sqlite" else _make_postgres_row
        connection.execute(text(_INSERT[connection.dialect.name]), [make(row) for row in rows])


def _make_sqlite_row(row: RowMapping) -> dict[str, object]:
    return {
        "article_no": row["article_no"],
        "title": split_words(row["title"]),
        "text": split_words(row["text"]),
    }


def _make_postgres_row(row: RowMapping) -> dict[str, object]:
    plain = _make_sqlite_row(row)
    return plain | {
        "configuration": _configuration_of(row["language"]),
        "title_accented": find_accented(str(plain["title"])),
        "text_accented": find_accented(str(plain["text"])),
    }


def _configuration_of(language: str) -> str:
    return CONFIGURATIONS.get(language.partition("-")[0], _PLAIN)


def _match_sqlite(
    connection: Connection, terms: Iterable[Term], conditions: Iterable[ColumnElement[bool]]
) -> dict[int, float]:
    """Return the ranks of the last articles that match, by number."""
    index = table("article_search", column("rowid", Integer))
    # words hold letters and digits only, so nothing in the quotation marks can end them
    wanted = " ".join(f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}' for term in terms)
    match = text("article_search MATCH :wanted").bindparams(wanted=wanted)
    query = (
        select(
            index.c.rowid.label("article_no"),
            (-func.bm25(text("article_search"), TITLE_WEIGHT, 1.0)).label("rank"),
        )
        .select_from(index)
        .join(article, article.c.article_no == index.c.rowid)
        .join(entry, entry.c.entry_id == article.c.entry_id)
        .where(match, *conditions)
        .order_by(index.c.rowid.desc())
        .limit(RANKED_MAX)
    )
    return read_pairs(connection, query)


def _match_postgres(
    connection: Connection,
    terms: Iterable[Term],
    conditions: Iterable[ColumnElement[bool]],
    language: str | None,
) -> dict[int, float]:
    """Return the ranks of the last articles that match, by number."""
    index = table("article_search", column("article_no", Integer), column("words", TSVECTOR))
    configurations = sorted(
        {*CONFIGURATIONS.values(), _PLAIN} if language is None else {_configuration_of(language)}
    )
    parts = (_to_tsquery(term, configurations) for term in terms)
    wanted = reduce(lambda one, other: one.op("&&")(other), parts)
    found = (
        select(index.c.article_no, index.c.words)
        .join(article, article.c.article_no == index.c.article_no)
        .join(entry, entry.c.entry_id == article.c.entry_id)
        .where(index.c.words.op("@@")(wanted), *conditions)
        .order_by(index.c.article_no.desc())
        .limit(RANKED_MAX)
        .subquery()
    )
    return read_pairs(connection, select(found.c.article_no, func.ts_rank(found.c.words, wanted)))


def _to_tsquery(term: Term, configurations: Iterable[str]) -> ColumnElement[Any]:
    """Return what matches a term in any of the languages, with or without its accents.

    A word that one of them does not index ("the") is not asked for: texts in it do not have it.
    """
    if term.is_prefix:
        quoted = " <-> ".join(f"'{word}'" for word in term.words)
        return func.to_tsquery(literal(_PLAIN, REGCONFIG), f"{quoted}:*", type_=TSQUERY)
    phrase, plain = " ".join(term.words), " ".join(map(fold_accents, term.words))
    queries: list[ColumnElement[Any]] = [
        func.phraseto_tsquery(literal(configuration, REGCONFIG), wording, type_=TSQUERY)
        for configuration, wording in [(_PLAIN, plain), *((each, phrase) for each in configurations)]
    ]
    fewest = func.least(*(func.numnode(query) for query in queries))
    return case(
        (fewest > 0, reduce(lambda one, other: one.op("||")(other), queries)), else_=cast("", TSQUERY)
    )


def _describe(connection: Connection, ranks: Mapping[int, float], terms: Sequence[Term]) -> tuple[Found, ...]:
    """Return what was found, the best first."""
    shown = ("article_id", "title", "url", "publisher", "language", "published_at")
    columns = [article.c[name] for name in (*shown, "article_no", "text")]
    rows = connection.execute(select(*columns).where(article.c.article_no.in_(ranks))).mappings().all()
    by_number = {row["article_no"]: row for row in rows}
    events: dict[str, list[str]] = defaultdict(list)
    reported = (
        select(coverage.c.article_id, coverage.c.event_id)
        .where(coverage.c.article_id.in_([row["article_id"] for row in rows]))
        .order_by(coverage.c.event_id)
    )
    for article_id, event_id in connection.execute(reported):
        events[article_id].append(event_id)
    return tuple(
        Found.model_validate(
            {name: row[name] for name in shown}
            | {
                "rank": rank,
                "snippet": cut_snippet(row["text"], terms),
                "event_ids": tuple(events[row["article_id"]]),
            }
        )
        for number, rank in ranks.items()
        if (row := by_number.get(number))
    )
