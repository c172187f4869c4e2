CREATE VIEW event_participant AS
SELECT
    event.event_id,
    party.value AS participant,
    CASE WHEN party.value GLOB '[A-Z][A-Z]' THEN 1 ELSE 0 END AS is_country,
    event.kind,
    event.start_date,
    strftime('%Y-%m', coalesce(event.start_date, event.first_seen_at)) AS month
FROM event
JOIN json_each(event.participants) AS party
WHERE event.merged_into IS NULL
