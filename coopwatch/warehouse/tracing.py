"""Everything about one address."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from coopwatch.errors import UrlError
from coopwatch.identity import make_article_id
from coopwatch.urls import compare_url
from coopwatch.warehouse.rows import columns_of, read_records
from schemas.records import (
    Article,
    Attribution,
    Claim,
    Coverage,
    EntryOutcome,
    Judgement,
    Membership,
    PendingEntry,
    Record,
    Rejection,
    Stage,
)
from schemas.tables import article, claim, coverage, entry, judgement, membership, rejection


class EntryTrace(PendingEntry):
    """An entry with where it stands, and why."""

    outcome: EntryOutcome
    stage: Stage | None
    reason: str | None
    article_id: str | None
    run_id: str | None


class Trace(Record):
    """Everything that is stored about one address.

    `entries` are all that listed it; `matched_url` is the address of the article that `membership`
    was decided against.
    """

    url: str
    entries: tuple[EntryTrace, ...]
    judgements: tuple[Judgement, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    article: Article | None = None
    membership: Membership | None = None
    matched_url: str | None = None
    coverage: tuple[Coverage, ...] = ()
    claims: tuple[Claim, ...] = ()


def read_trace(connection: Connection, url: str) -> Trace | None:
    """Return everything about an address, in whatever form it is written; None when it was never seen."""
    try:
        compared = compare_url(url)
    except UrlError:
        return None
    # an address that was compared beside its feed's may have lost more; this search reads all entries
    entries = _read_entries(connection, entry.c.compare_url == compared) or _read_entries(
        connection, entry.c.url == url
    )
    article_ids = {make_article_id(compared), *(row.article_id for row in entries if row.article_id)}
    found = _read_article(connection, article_ids)
    if found and found.entry_id not in {row.entry_id for row in entries}:
        entries += _read_entries(connection, entry.c.entry_id == found.entry_id)
    if not entries:
        return None
    entry_ids = [row.entry_id for row in entries]
    judged = _select(Judgement, judgement).where(judgement.c.entry_id.in_(entry_ids))
    refused = _select(Rejection, rejection).where(rejection.c.entry_id.in_(entry_ids))
    trace = Trace(
        url=url,
        entries=tuple(entries),
        judgements=tuple(read_records(connection, judged.order_by(judgement.c.entry_id), Judgement)),
        rejections=tuple(
            read_records(connection, refused.order_by(rejection.c.rejected_at, rejection.c.rule), Rejection)
        ),
    )
    return trace.model_copy(update=_read_consequences(connection, found)) if found else trace


def _read_entries(connection: Connection, condition: ColumnElement[bool]) -> list[EntryTrace]:
    return read_records(
        connection, _select(EntryTrace, entry).where(condition).order_by(entry.c.entry_id), EntryTrace
    )


def _read_article(connection: Connection, article_ids: Collection[str]) -> Article | None:
    nested = [*columns_of(Attribution, article), article.c.attribution_evidence.label("evidence")]
    query = select(*columns_of(Article, article), *nested)
    query = query.where(article.c.article_id.in_(sorted(article_ids))).order_by(article.c.article_no).limit(1)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    attribution = {name: row[name] for name in Attribution.model_fields}
    return Article.model_validate(
        {name: row[name] for name in row if name not in attribution} | {"attribution": attribution}
    )


def _read_consequences(connection: Connection, found: Article) -> dict[str, Any]:
    """Return what an article led to, as fields of a trace."""
    article_id = found.article_id
    place = _select(Membership, membership).where(membership.c.article_id == article_id)
    place_found = next(iter(read_records(connection, place, Membership)), None)
    matched_url = None
    if place_found and place_found.matched_article_id:
        matched = select(article.c.url).where(article.c.article_id == place_found.matched_article_id)
        matched_url = connection.scalar(matched)
    covers = _select(Coverage, coverage).where(coverage.c.article_id == article_id)
    says = _select(Claim, claim).where(claim.c.article_id == article_id)
    return {
        "article": found,
        "membership": place_found,
        "matched_url": matched_url,
        "coverage": tuple(read_records(connection, covers.order_by(coverage.c.event_id), Coverage)),
        "claims": tuple(read_records(connection, says.order_by(claim.c.event_id, claim.c.position), Claim)),
    }


def _select(record: type[Record], table: Table) -> Select[Any]:
    return select(*columns_of(record, table))
