"""From the fingerprints of new texts to the stored texts that share them."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import BigInteger, Connection, Executable, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from coopwatch.urls import host_of
from coopwatch.warehouse.rows import chunked, columns_of, insert_missing, read_pairs, read_records
from schemas.records import StoredText
from schemas.tables import article, fingerprint, membership, text_group

Fingerprints = Mapping[str, Sequence[int]]

HOLDERS_MAX = 50  # articles looked at for one shingle, the oldest first
RARE_HOLDERS_MAX = 10  # a shingle that more hold is no sign on its own
CANDIDATES_MAX = 20  # texts returned for one text
MEMBERS_MAX = 6  # texts returned of one text group
_HASHES_PER_LOOKUP = 1000
_LAST_NUMBER = 2**31 - 1
_LAST_ID = "zzzz"  # after every article id, in any collation


def store_fingerprints(connection: Connection, fingerprints: Fingerprints) -> None:
    """Add the fingerprints of articles that are stored.

    Those of a text that was replaced stay: they only propose a text for an exact comparison.
    """
    numbers = _numbers_of(connection, fingerprints)
    rows = [
        {"hash": value, "article_no": numbers[article_id]}
        for article_id, values in fingerprints.items()
        for value in values
    ]
    insert_missing(connection, fingerprint, sorted(rows, key=lambda row: (row["hash"], row["article_no"])))


def find_texts_sharing(
    connection: Connection, fingerprints: Fingerprints, min_shared: int
) -> dict[str, list[tuple[str, int]]]:
    """Return, for each text, the stored articles that share fingerprints with it, and how many.

    What a boilerplate shingle costs is bounded: for each one only its oldest holders are looked at, alone
    it makes no candidate, and of the candidates those with the rarest shared shingles are kept. The
    copies of one text hold the same shingles, so their oldest, the origin, is always among them.

    Args:
        connection: a reading one.
        fingerprints: by article id; an article does not match itself.
        min_shared: fewer shared fingerprints do not count.

    Returns:
        By article id, the best candidates first; texts without any are left out.
    """
    wanted = sorted({value for values in fingerprints.values() for value in values})
    holders: dict[int, list[int]] = defaultdict(list)
    for some in chunked(wanted, _HASHES_PER_LOOKUP):
        for value, number in connection.execute(select_holders(connection, some)):
            holders[value].append(number)
    own = _numbers_of(connection, fingerprints)
    ranked = {
        article_id: _rank(set(values), holders, own.get(article_id), min_shared)
        for article_id, values in fingerprints.items()
    }
    ids = _ids_of(connection, {number for matches in ranked.values() for number, _ in matches})
    return {
        article_id: [(ids[number], shared) for number, shared in matches]
        for article_id, matches in ranked.items()
        if matches
    }


def read_texts(connection: Connection, article_ids: Collection[str]) -> dict[str, StoredText]:
    """Return the texts of articles that have a text group, by article id."""
    grouped = article.join(membership, membership.c.article_id == article.c.article_id)
    query = select(*columns_of(StoredText, article), membership.c.text_group_id).select_from(grouped)
    return {
        text.article_id: text
        for some in chunked(article_ids)
        for text in read_records(connection, query.where(article.c.article_id.in_(some)), StoredText)
    }


def read_group_texts(connection: Connection, text_group_ids: Collection[str]) -> dict[str, StoredText]:
    """Return the texts of members of text groups, `MEMBERS_MAX` of each, by article id."""
    members = read_members(connection, text_group_ids, MEMBERS_MAX)
    return read_texts(connection, [article_id for ids in members.values() for article_id in ids])


def read_members(connection: Connection, text_group_ids: Collection[str], limit: int) -> dict[str, list[str]]:
    """Return members of text groups, `limit` of each at most, by group: the origin, then others by id."""
    members: dict[str, list[str]] = {}
    for some in chunked(text_group_ids):
        query = select(text_group.c.text_group_id, text_group.c.origin_article_id)
        origins = read_pairs(connection, query.where(text_group.c.text_group_id.in_(some)))
        members |= {group: [origin] for group, origin in origins.items()}
        for group, article_id in connection.execute(select_members(connection, some, limit)):
            if article_id != origins.get(group):
                members.setdefault(group, []).append(article_id)
    return {group: ids[:limit] for group, ids in members.items()}


def read_hosts(connection: Connection, article_ids: Collection[str]) -> dict[str, str]:
    """Return the sites of articles, by article id."""
    urls: dict[str, str] = {}
    for some in chunked(article_ids):
        query = select(article.c.article_id, article.c.url).where(article.c.article_id.in_(some))
        urls.update(read_pairs(connection, query))
    return {article_id: host_of(url) for article_id, url in urls.items()}


def select_members(connection: Connection, text_group_ids: Sequence[str], limit: int) -> Executable:
    """Select (text_group_id, article_id) for each group, up to its member number `limit` by id."""
    if connection.dialect.name == "sqlite":
        asked = func.json_each(bindparam("groups", json.dumps(text_group_ids), Text)).table_valued("value")
    else:
        array = bindparam("groups", text_group_ids, ARRAY(Text))
        asked = func.unnest(array).table_valued("value").render_derived()
    counted = membership.alias("counted")
    last = (
        select(counted.c.article_id)
        .where(counted.c.text_group_id == asked.c.value)
        .order_by(counted.c.article_id)
        .offset(limit - 1)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(membership.c.text_group_id, membership.c.article_id)
        .select_from(asked)
        .join(membership, membership.c.text_group_id == asked.c.value)
        .where(membership.c.article_id <= func.coalesce(last, _LAST_ID))
        .order_by(membership.c.text_group_id, membership.c.article_id)
    )


def select_holders(connection: Connection, hashes: Sequence[int]) -> Executable:
    """Select (hash, article_no) for each hash, up to its holder number HOLDERS_MAX."""
    if connection.dialect.name == "sqlite":
        asked = func.json_each(bindparam("hashes", json.dumps(hashes), Text)).table_valued("value")
    else:
        array = bindparam("hashes", hashes, ARRAY(BigInteger))
        asked = func.unnest(array).table_valued("value").render_derived()
    counted = fingerprint.alias("counted")
    last = (
        select(counted.c.article_no)
        .where(counted.c.hash == asked.c.value)
        .order_by(counted.c.article_no)
        .offset(HOLDERS_MAX - 1)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(fingerprint.c.hash, fingerprint.c.article_no)
        .select_from(asked)
        .join(fingerprint, fingerprint.c.hash == asked.c.value)
        .where(fingerprint.c.article_no <= func.coalesce(last, _LAST_NUMBER))
    )


def _rank(
    values: Collection[int], holders: Mapping[int, Sequence[int]], own: int | None, min_shared: int
) -> list[tuple[int, int]]:
    """Return (article_no, shared) of the best candidates, those with the rarest shingles first."""
    shared: Counter[int] = Counter()
    rarity: dict[int, float] = defaultdict(float)
    for value in values:
        for number in holders.get(value, ()):
            shared[number] += 1
            rarity[number] += 1 / len(holders[value])
    enough = [
        number
        for number, count in shared.items()
        if count >= min_shared and number != own and (count > 1 or rarity[number] >= 1 / RARE_HOLDERS_MAX)
    ]
    enough.sort(key=lambda number: (-rarity[number], number))
    return [(number, shared[number]) for number in enough[:CANDIDATES_MAX]]


def _numbers_of(connection: Connection, article_ids: Collection[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for some in chunked(article_ids):
        query = select(article.c.article_id, article.c.article_no).where(article.c.article_id.in_(some))
        numbers.update(read_pairs(connection, query))
    return numbers


def _ids_of(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    ids: dict[int, str] = {}
    for some in chunked(numbers):
        query = select(article.c.article_no, article.c.article_id).where(article.c.article_no.in_(some))
        ids.update(read_pairs(connection, query))
    return ids
