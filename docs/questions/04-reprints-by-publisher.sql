-- How much of what a publisher carries is reprints?
--
-- Of its articles in scope: how many carry a text whose original stands elsewhere. A reprint says nothing
-- that its original does not say, and never counts as a source of its own.
--
-- since: a date; only articles that were published on that day or later
SELECT
    publisher,
    count(*) AS articles,
    sum(1 - is_origin) AS reprints,
    100 * sum(1 - is_origin) / count(*) AS percent
FROM reprint_tree
WHERE published_at >= :since
GROUP BY publisher
ORDER BY articles DESC, publisher
LIMIT 50;
