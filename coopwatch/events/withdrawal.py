"""Takes articles off an event again: their coverage, and what only they claim."""

from collections.abc import Collection, Iterable
from datetime import datetime

from coopwatch.events.resolution import resolve
from schemas.records import Claim, Dossier


def withdraw_articles(
    dossier: Dossier, article_ids: Collection[str], claims_of_copies: Iterable[Claim], now: datetime
) -> Dossier:
    """Return the event without these articles, with its next revision.

    An event that nobody covers any more stays, with what was known of it: its id may be in alerts, and
    coverage that comes later finds it again.

    Args:
        dossier: the event, whole.
        article_ids: articles that turned out not to report it.
        claims_of_copies: what other copies of the withdrawn texts claim; a text's claims are kept once,
            so those of a copy may not be in the dossier.
        now: the time of this change.
    """
    coverage = tuple(row for row in dossier.coverage if row.article_id not in article_ids)
    claims = tuple(claim for claim in dossier.claims if claim.article_id not in article_ids)
    revision = dossier.event.revision + 1
    if not coverage:
        nobody = {"articles": 0, "text_groups": 0, "independent_sources": 0}
        event = dossier.event.model_copy(update={**nobody, "revision": revision, "updated_at": now})
        return Dossier(event=event)
    rest = dossier.model_copy(update={"coverage": coverage, "claims": (*claims, *claims_of_copies)})
    resolved = resolve(rest, now)
    return resolved.model_copy(update={"event": resolved.event.model_copy(update={"revision": revision})})


def find_copies(dossier: Dossier, article_ids: Collection[str]) -> frozenset[str]:
    """Return the other articles of the event that carry a text of one of these."""
    texts = {row.text_group_id for row in dossier.coverage if row.article_id in article_ids}
    return frozenset(
        row.article_id
        for row in dossier.coverage
        if row.text_group_id in texts and row.article_id not in article_ids
    )
