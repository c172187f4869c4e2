"""The articles of a text group are read back whole, so that its origin can be found among them."""

from coopwatch.warehouse import Warehouse
from schemas.records import Membership
from tests.builders import NOW, make_article
from tests.integration.warehouse_samples import RUN, fill_inbox, make_batch, make_feed_entry


def test_articles_are_read_by_their_text_group(warehouse: Warehouse) -> None:
    articles = [make_article(number) for number in (1, 2, 3)]
    fill_inbox(warehouse, [make_feed_entry(number) for number in (1, 2, 3)])
    memberships = tuple(
        Membership(article_id=article.article_id, text_group_id=group, relation=relation, reason="test")
        for article, group, relation in zip(
            articles, ("t-1", "t-1", "t-3"), ("origin", "same", "origin"), strict=True
        )
    )
    batch = make_batch(*articles).model_copy(update={"memberships": memberships, "results": ()})
    warehouse.write_batch(RUN, batch, (), NOW)

    assert warehouse.read_group_articles([]) == {}
    assert warehouse.read_group_articles(["t-1", "t-none"]) == {"t-1": tuple(articles[:2])}
    assert warehouse.read_group_articles(["t-3", "t-1"])["t-3"] == (articles[2],)
