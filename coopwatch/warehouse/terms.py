"""From what is telling in new articles to the stored events that share it."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import BigInteger, Connection, Executable, Text, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from coopwatch.warehouse.rows import chunked, insert_missing
from schemas.tables import event_term

Terms = Mapping[str, Sequence[int]]

HOLDERS_MAX = 200  # events looked at for one term, those with the greatest ids: a term of more is not rare
CANDIDATES_MAX = 50  # events returned for one article
_TERMS_PER_LOOKUP = 1000


def store_terms(connection: Connection, terms: Terms) -> None:
    """Replace the terms of events.

    Args:
        connection: inside a transaction.
        terms: by event id, whole; see `events.candidates.find_keys`.
    """
    for some in chunked(sorted(terms)):
        connection.execute(delete(event_term).where(event_term.c.event_id.in_(some)))
    rows = [{"term": term, "event_id": event_id} for event_id, some in terms.items() for term in set(some)]
    insert_missing(connection, event_term, sorted(rows, key=lambda row: (row["term"], row["event_id"])))


def find_events_sharing(connection: Connection, terms: Terms) -> dict[str, tuple[str, ...]]:
    """Return, for each article, the events that share its terms.

    Neither depends on how many events there are: for each term at most HOLDERS_MAX events are looked at,
    and of the candidates CANDIDATES_MAX are kept, those with the rarest terms in common.

    Args:
        connection: a reading one.
        terms: by article id.

    Returns:
        Event ids by article id, the best first; articles without any are left out.
    """
    holders: dict[int, list[str]] = defaultdict(list)
    for some in chunked(sorted({term for values in terms.values() for term in values}), _TERMS_PER_LOOKUP):
        for term, event_id in connection.execute(select_holders(connection, some)):
            holders[term].append(event_id)
    ranked = {article_id: _rank(set(values), holders) for article_id, values in terms.items()}
    return {article_id: found for article_id, found in ranked.items() if found}


def select_holders(connection: Connection, terms: Sequence[int]) -> Executable:
    """Select (term, event_id) for each term, at most HOLDERS_MAX of each."""
    if connection.dialect.name == "sqlite":
        asked = func.json_each(bindparam("terms", json.dumps(terms), Text)).table_valued("value")
    else:
        asked = (
            func.unnest(bindparam("terms", terms, ARRAY(BigInteger))).table_valued("value").render_derived()
        )
    counted = event_term.alias("counted")
    first = (
        select(counted.c.event_id)
        .where(counted.c.term == asked.c.value)
        .order_by(counted.c.event_id.desc())
        .offset(HOLDERS_MAX - 1)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(event_term.c.term, event_term.c.event_id)
        .select_from(asked)
        .join(event_term, event_term.c.term == asked.c.value)
        .where(event_term.c.event_id >= func.coalesce(first, ""))
    )


def _rank(values: Collection[int], holders: Mapping[int, Sequence[str]]) -> tuple[str, ...]:
    rarity: dict[str, float] = defaultdict(float)
    for value in sorted(values):
        for event_id in holders.get(value, ()):
            rarity[event_id] += 1 / len(holders[value])
    return tuple(sorted(rarity, key=lambda event_id: (-rarity[event_id], event_id))[:CANDIDATES_MAX])
