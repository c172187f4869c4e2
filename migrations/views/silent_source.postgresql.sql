CREATE VIEW silent_source AS
SELECT
    source_id,
    name,
    coalesce(last_new_entry_at, first_polled_at) AS silent_since,
    CAST(extract(epoch FROM as_of - coalesce(last_new_entry_at, first_polled_at)) AS double precision)
        AS silent_seconds,
    silent_after_seconds,
    last_polled_at,
    last_error
FROM source_health
WHERE is_registered
    AND extract(epoch FROM as_of - coalesce(last_new_entry_at, first_polled_at)) > silent_after_seconds
