CREATE VIEW country_pairs AS
SELECT
    one.month,
    one.participant AS country,
    other.participant AS other_country,
    count(DISTINCT one.event_id) AS events
FROM event_participant AS one
JOIN event_participant AS other ON other.event_id = one.event_id
WHERE one.is_country = 1 AND other.is_country = 1 AND one.participant < other.participant
GROUP BY one.month, one.participant, other.participant
