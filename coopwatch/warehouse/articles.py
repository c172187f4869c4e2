"""Reads articles back as the records that they were."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, select

from coopwatch.warehouse.matching import read_members
from coopwatch.warehouse.rows import chunked, columns_of, read_records
from schemas.records import Article, Attribution, Membership
from schemas.tables import article, membership

GROUP_ARTICLES_MAX = 200  # of one text group, among which its origin is looked for


def read_articles(connection: Connection, condition: ColumnElement[bool]) -> list[Article]:
    """Return the articles that meet a condition, in the order in which they were loaded."""
    nested = [*columns_of(Attribution, article), article.c.attribution_evidence.label("evidence")]
    query = select(*columns_of(Article, article), *nested).where(condition).order_by(article.c.article_no)
    found = []
    for row in connection.execute(query).mappings():
        attribution = {name: row[name] for name in Attribution.model_fields}
        rest = {name: row[name] for name in row if name not in attribution}
        found.append(Article.model_validate(rest | {"attribution": attribution}))
    return found


def read_articles_by_id(connection: Connection, article_ids: Collection[str]) -> dict[str, Article]:
    """Return the articles with these ids, by id."""
    return {
        found.article_id: found
        for some in chunked(sorted(article_ids))
        for found in read_articles(connection, article.c.article_id.in_(some))
    }


def read_group_articles(
    connection: Connection, text_group_ids: Collection[str]
) -> dict[str, tuple[Article, ...]]:
    """Return the articles of text groups, by group: its origin and others, `GROUP_ARTICLES_MAX` at most."""
    members = read_members(connection, text_group_ids, GROUP_ARTICLES_MAX)
    found = read_articles_by_id(connection, {article_id for ids in members.values() for article_id in ids})
    return {group: tuple(found[article_id] for article_id in ids) for group, ids in members.items()}


def read_memberships(connection: Connection, article_ids: Collection[str]) -> dict[str, Membership]:
    """Return the place of articles among the texts, by article id."""
    query = select(*columns_of(Membership, membership))
    return {
        found.article_id: found
        for some in chunked(sorted(article_ids))
        for found in read_records(connection, query.where(membership.c.article_id.in_(some)), Membership)
    }
