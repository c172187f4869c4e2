CREATE VIEW reprint_tree AS
SELECT
    membership.text_group_id,
    text_group.origin_article_id,
    origin.publisher AS origin_publisher,
    origin.url AS origin_url,
    text_group.origin_reason,
    membership.article_id,
    CASE WHEN membership.article_id = text_group.origin_article_id THEN 1 ELSE 0 END AS is_origin,
    membership.relation,
    membership.matched_article_id,
    membership.containment,
    article.title,
    article.url,
    article.publisher,
    article.distributor,
    article.issuer,
    (
        SELECT min(coverage.family)
        FROM coverage
        WHERE coverage.article_id = membership.article_id
    ) AS family,
    article.source_id,
    article.published_at
FROM membership
JOIN text_group ON text_group.text_group_id = membership.text_group_id
JOIN article ON article.article_id = membership.article_id
JOIN article AS origin ON origin.article_id = text_group.origin_article_id
