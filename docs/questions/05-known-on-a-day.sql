-- What was known of an event on a day?
--
-- What was reported and claimed by then and not withdrawn yet, also under ids of events that have since become
-- this one. Names of publishers and voices are those of today. PostgreSQL also has the function
-- as_known_at(date), which gives one row for each event that was known at the end of that day (UTC).
--
-- event_id: the event, by the id that stands now; event_redirect leads to it from older ones
-- until: the end of the day, which is the beginning of the next one: '2025-07-02' for what was known on 1 July
SELECT
    known_from,
    'coverage' AS what,
    publisher AS who,
    title AS said,
    url
FROM coverage_history
WHERE stands_as = :event_id
    AND known_from < :until
    AND (known_until IS NULL OR known_until >= :until)
UNION ALL
SELECT
    known_from,
    field,
    asserted_by,
    value,
    url
FROM claim_history
WHERE stands_as = :event_id
    AND known_from < :until
    AND (known_until IS NULL OR known_until >= :until)
ORDER BY 1, 2, 3, 4;
