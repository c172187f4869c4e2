CREATE VIEW event_participant AS
SELECT
    event.event_id,
    party.value AS participant,
    CASE WHEN party.value ~ '^[A-Z][A-Z]$' THEN 1 ELSE 0 END AS is_country,
    event.kind,
    event.start_date,
    to_char(coalesce(event.start_date, CAST(event.first_seen_at AT TIME ZONE 'UTC' AS date)), 'YYYY-MM') AS month
FROM event
CROSS JOIN LATERAL jsonb_array_elements_text(event.participants) AS party (value)
WHERE event.merged_into IS NULL
