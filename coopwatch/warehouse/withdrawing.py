"""Moves coverage and claims that stand no longer to their ledgers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, literal, select

from coopwatch.warehouse.rows import chunked
from schemas.columns import UtcDateTime
from schemas.records import Batch
from schemas.tables import claim, coverage, withdrawn_claim, withdrawn_coverage


def withdraw_coverage(
    connection: Connection, run_id: str, batch: Batch, standing: frozenset[str], now: datetime
) -> None:
    """Take articles off the events of a batch that do not hold them any more.

    Args:
        connection: in a transaction.
        run_id: the run that withdraws.
        batch: its `withdrawn` articles leave those of its dossiers in which they are not.
        standing: ids of the claims that the dossiers hold; what another copy repeats stays.
        now: when it is written.
    """
    held = {(row.article_id, row.event_id) for dossier in batch.dossiers for row in dossier.coverage}
    for article_id, reason in sorted(batch.withdrawn.items()):
        left = [
            dossier.event.event_id
            for dossier in batch.dossiers
            if (article_id, dossier.event.event_id) not in held
        ]
        for some in chunked(left):
            gone_rows = (coverage.c.article_id == article_id, coverage.c.event_id.in_(some))
            stamp = {
                "withdrawn_at": literal(now, UtcDateTime),
                "reason": literal(reason),
                "run_id": literal(run_id),
            }
            moved = select(*coverage.c, *stamp.values()).where(*gone_rows)
            ledger = insert(withdrawn_coverage)
            connection.execute(ledger.from_select([*coverage.c.keys(), *stamp], moved))
            connection.execute(delete(coverage).where(*gone_rows))
            said = select(claim.c.claim_id).where(
                claim.c.article_id == article_id, claim.c.event_id.in_(some)
            )
            gone = [claim_id for claim_id in connection.scalars(said) if claim_id not in standing]
            withdraw_claims(connection, gone, now)


def withdraw_claims(connection: Connection, claim_ids: Sequence[str], now: datetime) -> None:
    """Move claims to their ledger."""
    for some in chunked(claim_ids):
        moved = select(*claim.c, literal(now, UtcDateTime)).where(claim.c.claim_id.in_(some))
        names = [*claim.c.keys(), "withdrawn_at"]
        connection.execute(insert(withdrawn_claim).from_select(names, moved))
        connection.execute(delete(claim).where(claim.c.claim_id.in_(some)))
