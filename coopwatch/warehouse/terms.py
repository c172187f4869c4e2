"""From what is telling in new articles to the stored events that share it.

The events that share a word grow with the warehouse: one in fifty holds a telling word of a new article, so
that a thousand of fifty thousand do. So each word is followed to the events nearest in time only, the rarer
the word the farther; few events share many words with an article, and those are the candidates.
"""

import heapq
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Executable,
    ScalarSelect,
    Text,
    and_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from coopwatch.warehouse.rows import chunked, insert_missing
from schemas.tables import event_term

Terms = Mapping[str, Sequence[int]]

HOLDERS_MAX = 10  # events looked at for one term before its day, and after; and others of the day of the last
CANDIDATES_MAX = 16  # events returned for one article
_DAYS = 0xFFFF  # the bits of a term that hold its day; see `events.candidates`
_RARITY = 0.001  # of a term in common, that the rarity of it counts: less than one of any number of terms
_TERMS_PER_LOOKUP = 1000


def store_terms(connection: Connection, terms: Terms) -> None:
    """Replace the terms of events.

    Args:
        connection: inside a transaction.
        terms: by event id, whole; see `events.candidates.find_terms`.
    """
    for some in chunked(sorted(terms)):
        connection.execute(delete(event_term).where(event_term.c.event_id.in_(some)))
    rows = [{"term": term, "event_id": event_id} for event_id, some in terms.items() for term in set(some)]
    insert_missing(connection, event_term, sorted(rows, key=lambda row: (row["term"], row["event_id"])))


def find_events_sharing(connection: Connection, terms: Terms) -> dict[str, tuple[str, ...]]:
    """Return, for each article, the events that share its terms, whatever their days.

    Neither depends on how many events there are: for each term at most HOLDERS_MAX events are looked at
    before its day and as many after it, the nearest, and of the candidates CANDIDATES_MAX are kept, those
    with most terms in common.

    Args:
        connection: a reading one.
        terms: by article id; see `events.candidates.ask_terms`.

    Returns:
        Event ids by article id, the best first; articles without any are left out.
    """
    holders: dict[int, list[str]] = defaultdict(list)
    for some in chunked(sorted({term for values in terms.values() for term in values}), _TERMS_PER_LOOKUP):
        for term, event_id in connection.execute(select_holders(connection, some)):
            holders[term].append(event_id)
    ranked = {
        article_id: rank_events(holders[value] for value in sorted(set(values)) if value in holders)
        for article_id, values in terms.items()
    }
    return {article_id: found for article_id, found in ranked.items() if found}


def select_holders(connection: Connection, terms: Sequence[int]) -> Executable:
    """Select (term, event_id) for each term, of any day, those nearest to its own day."""
    if connection.dialect.name == "sqlite":
        asked = func.json_each(bindparam("terms", json.dumps(terms), Text)).table_valued("value")
    else:
        asked = (
            func.unnest(bindparam("terms", terms, ARRAY(BigInteger))).table_valued("value").render_derived()
        )
    first, last = asked.c.value.bitwise_and(~_DAYS), asked.c.value.bitwise_or(_DAYS)
    counted = event_term.alias("counted")

    def find_farthest(side: ColumnElement[bool], order: ColumnElement[int]) -> ScalarSelect[int]:
        query = select(counted.c.term).where(side).order_by(order).offset(HOLDERS_MAX - 1).limit(1)
        return query.correlate(asked).scalar_subquery()

    before = find_farthest(counted.c.term.between(first, asked.c.value), counted.c.term.desc())
    after = find_farthest(and_(counted.c.term > asked.c.value, counted.c.term <= last), counted.c.term.asc())
    nearest = event_term.c.term.between(func.coalesce(before, first), func.coalesce(after, last))
    return select(asked.c.value, event_term.c.event_id).select_from(asked).join(event_term, nearest)


def rank_events(holders: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the events that hold most of some terms, those with the rarer ones first among equals.

    Args:
        holders: for each term the events that hold it.
    """
    shared: dict[str, float] = defaultdict(float)
    for event_ids in holders:
        once = set(event_ids)  # what was merged may hold a term of two days
        for event_id in once:
            shared[event_id] += 1 + _RARITY / len(once)
    best = heapq.nsmallest(CANDIDATES_MAX, ((-count, event_id) for event_id, count in shared.items()))
    return tuple(event_id for _, event_id in best)
