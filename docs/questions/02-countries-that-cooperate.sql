-- Which countries cooperate most in a year?
--
-- Pairs of countries that take part in the same event, with the number of such events. An event of five
-- countries counts for each of their ten pairs. An event without a date counts in the month in which it
-- was first known.
--
-- year: four digits, as '2025'
SELECT
    country,
    other_country,
    sum(events) AS events
FROM country_pairs
WHERE month >= :year || '-01' AND month <= :year || '-12'
GROUP BY country, other_country
ORDER BY sum(events) DESC, country, other_country
LIMIT 20;
