"""Everything about one address."""

from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Connection, Select, Table, select

from coopwatch.errors import UrlError
from coopwatch.identity import make_article_id
from coopwatch.urls import compare_url
from coopwatch.warehouse.articles import read_articles
from coopwatch.warehouse.rows import columns_of, read_records
from schemas.records import (
    Article,
    Claim,
    Coverage,
    EntryOutcome,
    Judgement,
    JudgementChange,
    Membership,
    PendingEntry,
    Record,
    Rejection,
    Stage,
    TriageRow,
)
from schemas.tables import (
    article,
    claim,
    coverage,
    entry,
    judgement,
    judgement_change,
    membership,
    rejection,
    triage,
)


class EntryTrace(PendingEntry):
    """An entry with where it stands, and why."""

    outcome: EntryOutcome
    stage: Stage | None
    reason: str | None
    article_id: str | None
    run_id: str | None


class ChangedJudgement(JudgementChange):
    """A verdict that became another, with the time."""

    changed_at: AwareDatetime


class Trace(Record):
    """Everything that is stored about one address.

    `entries` are all that listed it; `matched_url` is the address of the article that `membership`
    was decided against.
    """

    url: str
    entries: tuple[EntryTrace, ...]
    triages: tuple[TriageRow, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    judgement_changes: tuple[ChangedJudgement, ...] = ()
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
    found = next(iter(read_articles(connection, article.c.article_id.in_(sorted(article_ids)))), None)
    if found and found.entry_id not in {row.entry_id for row in entries}:
        entries += _read_entries(connection, entry.c.entry_id == found.entry_id)
    if not entries:
        return None
    entry_ids = [row.entry_id for row in entries]
    judged = _select(Judgement, judgement).where(judgement.c.entry_id.in_(entry_ids))
    dropped = _select(TriageRow, triage).where(triage.c.entry_id.in_(entry_ids))
    changed = _select(ChangedJudgement, judgement_change).where(judgement_change.c.entry_id.in_(entry_ids))
    refused = _select(Rejection, rejection).where(rejection.c.entry_id.in_(entry_ids))
    trace = Trace(
        url=url,
        entries=tuple(entries),
        triages=tuple(read_records(connection, dropped.order_by(triage.c.entry_id), TriageRow)),
        judgement_changes=tuple(
            read_records(connection, changed.order_by(judgement_change.c.changed_at), ChangedJudgement)
        ),
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
