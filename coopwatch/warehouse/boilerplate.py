"""What is learnt of the boilerplate of sites, and forgotten."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from coopwatch.boilerplate import MIN_SHARE, MIN_TEXTS, WINDOW, sample_shingles
from coopwatch.urls import host_of
from coopwatch.warehouse.matching import read_hosts, read_members
from coopwatch.warehouse.rows import chunked, insert_into, read_pairs
from schemas.records import Article, Membership
from schemas.tables import article, boilerplate, boilerplate_host

MEMBERS_LOOKED_AT = 200  # of a text group, for an earlier one of the same site


def read_boilerplate(connection: Connection, hosts: Mapping[str, str]) -> dict[str, frozenset[int]]:
    """Return what recurs on the sites of articles, as shingle hashes.

    Args:
        connection: a reading one.
        hosts: the site of each article, by article_id.

    Returns:
        By article_id; articles of sites of which nothing is known are left out.
    """
    learnt: dict[str, set[int]] = defaultdict(set)
    for some in chunked(sorted(set(hosts.values()))):
        query = (
            select(boilerplate.c.host, boilerplate.c.hash)
            .join(boilerplate_host, boilerplate_host.c.host == boilerplate.c.host)
            .where(
                boilerplate.c.host.in_(some),
                boilerplate.c.articles >= MIN_TEXTS,
                boilerplate.c.articles >= MIN_SHARE * boilerplate_host.c.articles,
            )
        )
        for host, value in connection.execute(query):
            learnt[host].add(value)
    frozen = {host: frozenset(values) for host, values in learnt.items()}
    return {article_id: frozen[host] for article_id, host in hosts.items() if host in frozen}


def find_unlearnt(connection: Connection, articles: Iterable[Article]) -> list[Article]:
    """Return the articles that are not stored yet: what is stored has been learnt from."""
    wanted = {article.article_id: article for article in articles}
    for some in chunked(wanted):
        for (stored,) in connection.execute(
            select(article.c.article_id).where(article.c.article_id.in_(some))
        ):
            wanted.pop(stored)
    return list(wanted.values())


def learn_boilerplate(
    connection: Connection, articles: Sequence[Article], memberships: Iterable[Membership], now: datetime
) -> None:
    """Learn from articles that were stored just now, in this transaction.

    A text counts once on a site: of three versions of one story on it nothing is boilerplate. Every
    article counts once, because the caller asks `find_unlearnt` before it stores them.

    Args:
        connection: in a transaction.
        articles: those that were not stored before.
        memberships: of these and possibly of others, stored as well.
        now: when they were found.
    """
    groups = {row.article_id: row.text_group_id for row in memberships}
    members = read_members(connection, set(groups.values()), MEMBERS_LOOKED_AT)
    own = {article.article_id for article in articles}
    others = {member: group for group, ids in members.items() for member in ids if member not in own}
    hosts = read_hosts(connection, others)
    seen = {(others[member], host) for member, host in hosts.items()}
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    texts: Counter[str] = Counter()
    for one in articles:
        host = host_of(one.url)
        text = groups.get(one.article_id, one.article_id), host
        if host and text not in seen:
            seen.add(text)
            texts[host] += 1
            counts[host].update(sample_shingles(one.text, one.language))
    _add(connection, counts, texts, now)
    _age(connection, texts)


def _add(
    connection: Connection, counts: Mapping[str, Counter[int]], texts: Mapping[str, int], now: datetime
) -> None:
    known = insert_into(connection, boilerplate_host)
    known = known.on_conflict_do_update(
        index_elements=["host"], set_={"articles": boilerplate_host.c.articles + known.excluded.articles}
    )
    if texts:
        connection.execute(
            known, [{"host": host, "articles": count} for host, count in sorted(texts.items())]
        )
    found = insert_into(connection, boilerplate)
    found = found.on_conflict_do_update(
        index_elements=["host", "hash"],
        set_={
            "articles": boilerplate.c.articles + found.excluded.articles,
            "last_seen_at": found.excluded.last_seen_at,
        },
    )
    rows = [
        {"host": host, "hash": value, "articles": count, "last_seen_at": now}
        for host, values in sorted(counts.items())
        for value, count in sorted(values.items())
    ]
    if rows:
        connection.execute(found, rows)


def _age(connection: Connection, hosts: Collection[str]) -> None:
    """Halve what is known of sites that have reached their window; what was seen once goes."""
    for some in chunked(sorted(hosts)):
        query = select(boilerplate_host.c.host, boilerplate_host.c.articles)
        sizes = read_pairs(connection, query.where(boilerplate_host.c.host.in_(some)))
        for host in (host for host, count in sizes.items() if count >= WINDOW):
            of_host = boilerplate.c.host == host
            connection.execute(
                update(boilerplate_host)
                .where(boilerplate_host.c.host == host)
                .values(articles=boilerplate_host.c.articles // 2)
            )
            connection.execute(delete(boilerplate).where(of_host, boilerplate.c.articles < 2))
            connection.execute(
                update(boilerplate).where(of_host).values(articles=boilerplate.c.articles // 2)
            )
