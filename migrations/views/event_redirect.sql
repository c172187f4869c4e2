CREATE VIEW event_redirect AS
WITH RECURSIVE step (event_id, leads_to) AS (
    SELECT event.event_id, event.merged_into
    FROM event
    WHERE event.merged_into > ''
    UNION
    SELECT step.event_id, event.merged_into
    FROM step
    JOIN event ON event.event_id = step.leads_to
    WHERE event.merged_into IS NOT NULL
)
SELECT event.event_id, event.event_id AS stands_as
FROM event
WHERE event.merged_into IS NULL
UNION ALL
SELECT step.event_id, step.leads_to
FROM step
JOIN event ON event.event_id = step.leads_to
WHERE event.merged_into IS NULL
