-- How much of what a publisher carries is reprints?
--
-- Of its articles in scope: how many carry a text whose original stands elsewhere. A reprint says nothing
-- that its original does not say, and never counts as a source of its own.
--
-- since: a date; only articles that were published on that day or later
SELECT
    article.publisher,
    count(*) AS articles,
    count(*) - count(text_group.origin_article_id) AS reprints,
    100 * (count(*) - count(text_group.origin_article_id)) / count(*) AS percent
FROM article
LEFT JOIN text_group ON text_group.origin_article_id = article.article_id
WHERE article.published_at >= :since
GROUP BY article.publisher
ORDER BY articles DESC, article.publisher
LIMIT 50;
