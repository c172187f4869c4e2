"""What analysts say of articles, and what they could be asked about."""

from collections.abc import Collection, Sequence
from heapq import nlargest
from random import Random
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    exists,
    func,
    literal,
    not_,
    null,
    select,
)

from coopwatch.errors import UrlError, WarehouseError
from coopwatch.identity import make_article_id
from coopwatch.review import Reviewable
from coopwatch.urls import compare_url
from coopwatch.warehouse.rows import Row, chunked, columns_of, insert_missing, read_records
from schemas.records import Judgement, Label, Language, PendingEntry, Record, Source, TriageRow, Verdict
from schemas.tables import article, entry, judgement, label, membership, source, triage

Columns = dict[str, ColumnElement[Any]]

WINDOW = 200  # candidates read on one side of a threshold, beyond those that the author has labelled
_BOUNDS: tuple[tuple[Verdict, str], ...] = (  # where a verdict ends
    ("review", "accept"),
    ("review", "review"),
    ("discard", "review"),
    ("accept", "accept"),
    ("accept", "alert"),
    ("alert", "alert"),
)
_MIDDLE = 0.5  # stands for thresholds until a judgement says which apply
_RECENT = 2_000  # judgements that are searched for disagreement,
_RECENT_ENTRIES = 20_000  # among so many of the latest entries
_DRAWS = 2_000  # entries drawn by lot: enough, if one in ten was decided
_LANGUAGE_WINDOWS = 10  # of one language, so much more is read


class Case(Record):
    """An entry with all that its review needs: what is shown, and what was decided.

    `title`, `text` and `language` are those of the stored article, where there is one.
    """

    entry: PendingEntry
    source: Source
    title: str | None = None
    text: str | None = None
    language: Language | None = None
    judgement: Judgement | None = None
    triage: TriageRow | None = None


def write_labels(connection: Connection, labels: Sequence[Label]) -> None:
    """Add labels; one that is there already, by its id, stays as it is. None is ever changed."""
    insert_missing(connection, label, [item.model_dump() for item in labels])


def read_labels(connection: Connection) -> tuple[Label, ...]:
    """Return all labels, the oldest first."""
    query = select(*columns_of(Label, label)).order_by(label.c.labelled_at, label.c.label_id)
    return tuple(read_records(connection, query, Label))


def read_reviewables(
    connection: Connection, author: str, *, language: str | None, seed: str
) -> tuple[Reviewable, ...]:
    """Return what an author could be asked about, and has not labelled, neither itself nor a reprint.

    That is a bounded part of what was decided, whatever the warehouse holds: what lies nearest to the
    thresholds, the recent articles on which rules and model differ most, and a sample that is drawn
    evenly from all entries that were judged, or dropped at triage.

    Args:
        connection: a reading one.
        author: who is asked.
        language: only this language, whatever its script or region; searched in a larger part.
        seed: of the sample.
    """
    window = WINDOW * (_LANGUAGE_WINDOWS if language else 1)
    ids = _find_close_calls(connection, author, window)
    ids |= _find_disagreeing(connection, author, window)
    drawn = _draw(connection, author, window, seed)
    found = _read_reviewables(connection, ids | drawn, drawn)
    wanted = language.partition("-")[0] if language else None
    known = _find_labelled_groups(connection, author, {one.text_group_id for one in found})
    return tuple(
        one
        for one in found
        if one.text_group_id not in known and wanted in (None, one.language.partition("-")[0])
    )


def find_reviewable(connection: Connection, url: str) -> Reviewable | None:
    """Return what was decided of an address; None if nothing was, or it was never seen."""
    try:
        compared = compare_url(url)
    except UrlError:
        return None
    listed = select(entry.c.entry_id).where(entry.c.compare_url == compared)
    led_to = select(article.c.entry_id).where(article.c.article_id == make_article_id(compared))
    ids = {*connection.scalars(listed), *connection.scalars(led_to)}
    found = _read_reviewables(connection, ids, ())
    return min(found, key=lambda one: (not one.is_stored, one.score is None, one.entry_id), default=None)


def read_case(connection: Connection, entry_id: int) -> Case:
    """Return all that the review of an entry needs.

    Raises:
        WarehouseError: there is no such entry.
    """
    listed = select(*columns_of(PendingEntry, entry)).where(entry.c.entry_id == entry_id)
    of_source = select(*columns_of(Source, source), source.c.source_id.label("id")).where(
        source.c.source_id == select(entry.c.source_id).where(entry.c.entry_id == entry_id).scalar_subquery()
    )
    stored = select(article.c.title, article.c.text, article.c.language).where(
        article.c.article_id
        == select(entry.c.article_id).where(entry.c.entry_id == entry_id).scalar_subquery()
    )
    found = read_records(connection, listed, PendingEntry)
    if not found:
        raise WarehouseError(f"there is no entry {entry_id}")
    judged = select(*columns_of(Judgement, judgement)).where(judgement.c.entry_id == entry_id)
    dropped = select(*columns_of(TriageRow, triage)).where(triage.c.entry_id == entry_id)
    return Case(
        entry=found[0],
        source=read_records(connection, of_source, Source)[0],
        judgement=next(iter(read_records(connection, judged, Judgement)), None),
        triage=next(iter(read_records(connection, dropped, TriageRow)), None),
        **next(iter(connection.execute(stored).mappings()), {}),
    )


def _select_open(decided: Table, author: str) -> Select[tuple[int]]:
    """Select the ids of entries that were decided and that the author has not labelled."""
    is_answered = [  # one condition each: a database can look up what is equal, not what is among several
        exists().where(label.c.compare_url == address, label.c.author == author)
        for address in (entry.c.compare_url, article.c.compare_url)
    ]
    listed = decided.join(entry, entry.c.entry_id == decided.c.entry_id)
    read = listed.outerjoin(article, article.c.article_id == entry.c.article_id)
    return select(decided.c.entry_id).select_from(read).where(*map(not_, is_answered))


def _find_close_calls(connection: Connection, author: str, window: int) -> set[int]:
    """Return the entries next to every threshold, on both sides and by verdict."""
    latest = select(judgement.c.thresholds).order_by(judgement.c.entry_id.desc()).limit(1)
    thresholds = connection.scalar(latest) or {}
    score, number = judgement.c.score, judgement.c.entry_id
    ids: set[int] = set()
    for verdict, name in _BOUNDS:
        least = thresholds.get(name, _MIDDLE)
        inside = _select_open(judgement, author).where(judgement.c.verdict == verdict).limit(window)
        above = inside.where(score >= least).order_by(score, number)
        below = inside.where(score < least).order_by(score.desc(), number.desc())
        ids.update(connection.scalars(above), connection.scalars(below))
    return ids


def _find_disagreeing(connection: Connection, author: str, window: int) -> set[int]:
    """Return the recent entries on which rules and model differ most; without a model, the latest."""
    newest = connection.scalar(select(func.max(judgement.c.entry_id))) or 0
    recent = (
        _select_open(judgement, author)
        .add_columns(judgement.c.rules_score, judgement.c.model_score)
        .where(judgement.c.entry_id > newest - _RECENT_ENTRIES)
        .order_by(judgement.c.entry_id.desc())
        .limit(_RECENT)
    )
    differences = [
        (abs(rules - model) if model is not None else 0.0, entry_id)
        for entry_id, rules, model in connection.execute(recent)
    ]
    return {entry_id for _, entry_id in nlargest(window, differences)}


def _draw(connection: Connection, author: str, window: int, seed: str) -> set[int]:
    """Return entries drawn by lot from all that were decided, every one with the same chance."""
    ends = [
        connection.scalar(select(end(decided.c.entry_id)))
        for end in (func.min, func.max)
        for decided in (judgement, triage)
    ]
    known = [end for end in ends if end is not None]
    if not known:
        return set()
    numbers = range(min(known), max(known) + 1)
    lots = Random(seed).sample(numbers, min(_DRAWS, len(numbers)))  # noqa: S311 - a sample, no secret
    drawn: set[int] = set()
    for some in chunked(lots):
        for decided in (judgement, triage):
            drawn.update(
                connection.scalars(_select_open(decided, author).where(decided.c.entry_id.in_(some)))
            )
        if len(drawn) >= window:
            break
    return drawn


def _find_labelled_groups(connection: Connection, author: str, groups: Collection[str | None]) -> set[str]:
    """Return the text groups of which the author has labelled an article."""
    carried = membership.join(article, article.c.article_id == membership.c.article_id)
    answered = exists().where(label.c.compare_url == article.c.compare_url, label.c.author == author)
    query = select(membership.c.text_group_id).select_from(carried).where(answered).distinct()
    known: set[str] = set()
    for some in chunked(sorted(filter(None, groups))):
        known.update(connection.scalars(query.where(membership.c.text_group_id.in_(some))))
    return known


def _read_reviewables(
    connection: Connection, ids: Collection[int], drawn: Collection[int]
) -> list[Reviewable]:
    """Return what was decided of entries, by entry id; a judgement goes before what triage said."""
    judged: Columns = {column.name: column for column in columns_of(Reviewable, judgement)}
    dropped: Columns = {column.name: column for column in columns_of(Reviewable, triage)}
    dropped |= {"verdict": literal("discard"), "score": null()}
    rows: dict[int, Row] = {}
    for some in chunked(sorted(ids)):
        for decided, columns in ((triage, dropped), (judgement, judged)):
            query = _select_listed(decided, columns).where(decided.c.entry_id.in_(some))
            rows.update({row["entry_id"]: dict(row) for row in connection.execute(query).mappings()})
    return [
        Reviewable.model_validate(rows[entry_id] | {"is_drawn": entry_id in drawn})
        for entry_id in sorted(rows)
    ]


def _select_listed(decided: Table, columns: Columns) -> Select[Any]:
    listed = (
        decided.join(entry, entry.c.entry_id == decided.c.entry_id)
        .join(source, source.c.source_id == entry.c.source_id)
        .outerjoin(article, article.c.article_id == entry.c.article_id)
        .outerjoin(membership, membership.c.article_id == article.c.article_id)
    )
    either: Columns = {
        "url": func.coalesce(article.c.url, entry.c.url),
        "compare_url": func.coalesce(article.c.compare_url, entry.c.compare_url),
        "title": func.coalesce(article.c.title, entry.c.title),
        "language": func.coalesce(article.c.language, entry.c.language, source.c.language, "und"),
        "published_at": func.coalesce(article.c.published_at, entry.c.published_at),
        "source": source.c.name,
        "text_group_id": membership.c.text_group_id,
        "is_stored": article.c.article_id.is_not(None),
    }
    return select(*(column.label(name) for name, column in (columns | either).items())).select_from(listed)
