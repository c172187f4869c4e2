"""Writes a batch: all that led to the outcomes of its entries, and the outcomes."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from coopwatch.identity import hash_text
from coopwatch.warehouse import inbox
from coopwatch.warehouse.boilerplate import find_unlearnt, learn_boilerplate
from coopwatch.warehouse.matching import store_fingerprints
from coopwatch.warehouse.quality import write_warnings
from coopwatch.warehouse.revisions import keep_versions
from coopwatch.warehouse.rows import Row, chunked, insert_missing, upsert
from coopwatch.warehouse.search import store_words
from coopwatch.warehouse.terms import store_terms
from coopwatch.warehouse.withdrawing import withdraw_claims, withdraw_coverage
from schemas import tables
from schemas.columns import clean_json, clean_text
from schemas.records import Article, Batch, Claim, Dossier, EventChange, Rejection

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def write_batch(
    connection: Connection, run_id: str, batch: Batch, changes: Sequence[EventChange], now: datetime
) -> None:
    """Write a batch inside one transaction.

    Every row has a natural key, so the same batch again changes nothing. What was there and is not in
    the batch stays; only the claims of articles that a dossier covers are replaced, and the articles that
    the batch withdraws leave its events: what is gone moves to its ledger. A dossier that does not know
    an article which another run linked meanwhile leaves that article's rows alone.

    Args:
        connection: in a transaction.
        run_id: the run, which holds the batch's entries.
        batch: what to write.
        changes: what the dossiers' changes are, for the ledger.
        now: when it is written.
    """
    upsert(connection, tables.judgement, [judgement.model_dump() for judgement in batch.judgements])
    decided = [row.model_dump() | {"decided_at": now} for row in batch.triages]
    upsert(connection, tables.triage, decided)
    unlearnt = find_unlearnt(connection, batch.articles)
    keep_versions(connection, batch.articles, now)
    articles = [_to_article_row(article, now) for article in batch.articles]
    upsert(connection, tables.article, articles, key=["article_id"], keep=["loaded_at"])
    store_words(connection, batch.articles)
    _write_groups(connection, batch, now)
    learn_boilerplate(connection, unlearnt, batch.memberships, now)
    store_fingerprints(connection, batch.fingerprints)
    claims = _write_dossiers(connection, batch.dossiers, now)
    withdraw_coverage(connection, run_id, batch, claims, now)
    store_terms(connection, batch.event_terms)
    relations = [relation.model_dump() | {"recorded_at": now} for relation in batch.relations]
    insert_missing(connection, tables.event_relation, relations)
    stamp = {"run_id": run_id, "changed_at": now}
    insert_missing(connection, tables.event_change, [change.model_dump() | stamp for change in changes])
    rejections = [_to_rejection_row(rejection, run_id, now) for rejection in batch.rejections]
    upsert(connection, tables.rejection, rejections, keep=["rejected_at"])
    write_warnings(connection, run_id, batch.warnings, now)
    insert_missing(connection, tables.alert, [alert.model_dump() for alert in batch.alerts])
    inbox.settle(connection, run_id, batch.results, now)


def make_claim_id(claim: Claim) -> str:
    """Return the id of a claim: one text says a thing of an event once, in however many reprints."""
    said = (claim.field, claim.value, str(claim.low), str(claim.high), claim.qualifier or "")
    return "c-" + hash_text(claim.event_id, claim.text_group_id, *map(clean_text, said))


def count_words(text: str) -> int:
    """Return the length of a text in words; of scripts without spaces every character is one."""
    return len(_WORD.findall(text))


def _to_article_row(article: Article, now: datetime) -> Row:
    row = article.model_dump(exclude={"attribution"}) | article.attribution.model_dump()
    row["attribution_evidence"] = row.pop("evidence")
    return row | {"dated": article.dated, "words": count_words(article.text), "loaded_at": now}


def _to_rejection_row(rejection: Rejection, run_id: str, now: datetime) -> Row:
    row = rejection.model_dump()
    # the record tells apart two rows of one article that break one rule
    rejection_id = "q-" + hash_text(*(str(clean_json(value)) for value in row.values()))
    return row | {"rejection_id": rejection_id, "run_id": run_id, "rejected_at": now}


def _write_groups(connection: Connection, batch: Batch, now: datetime) -> None:
    """Write texts with the origins that are named, else with the article that founded them."""
    founders = {
        place.text_group_id: (place.article_id, "the first of its text")
        for place in batch.memberships
        if place.relation == "origin"
    }
    named = {origin.text_group_id: (origin.article_id, origin.reason) for origin in batch.origins}
    groups = [
        {
            "text_group_id": group_id,
            "origin_article_id": article_id,
            "origin_reason": reason,
            "created_at": now,
        }
        for group_id, (article_id, reason) in (founders | named).items()
    ]
    upsert(connection, tables.text_group, groups, keep=["created_at"])
    upsert(connection, tables.membership, [membership.model_dump() for membership in batch.memberships])


def _write_dossiers(connection: Connection, dossiers: Sequence[Dossier], now: datetime) -> frozenset[str]:
    """Write events, coverage and claims; return the ids of the claims."""
    events = [dossier.event.model_dump() for dossier in dossiers]
    upsert(connection, tables.event, events, keep=["first_seen_at"])
    coverage = [
        row.model_dump() | {"position": position, "recorded_at": now}
        for dossier in dossiers
        for position, row in enumerate(dossier.coverage)
    ]
    upsert(connection, tables.coverage, coverage, keep=["recorded_at"])
    claims: dict[str, Row] = {}
    for dossier in dossiers:
        for position, claim in enumerate(dossier.claims):
            row = claim.model_dump() | {"claim_id": make_claim_id(claim), "position": position}
            claims.setdefault(row["claim_id"], row | {"recorded_at": now})
    _withdraw_claims(connection, dossiers, claims, now)
    upsert(connection, tables.claim, list(claims.values()), keep=["recorded_at"])
    return frozenset(claims)


def _withdraw_claims(
    connection: Connection, dossiers: Sequence[Dossier], standing: Collection[str], now: datetime
) -> None:
    """Move claims that an article of a dossier made before, and makes no longer, to their ledger."""
    claim = tables.claim
    covered = {(row.event_id, row.article_id) for dossier in dossiers for row in dossier.coverage}
    gone: list[str] = []
    for some in chunked(dossier.event.event_id for dossier in dossiers):
        query = select(claim.c.claim_id, claim.c.event_id, claim.c.article_id)
        for claim_id, event_id, article_id in connection.execute(query.where(claim.c.event_id.in_(some))):
            if claim_id not in standing and (event_id, article_id) in covered:
                gone.append(claim_id)
    withdraw_claims(connection, gone, now)
