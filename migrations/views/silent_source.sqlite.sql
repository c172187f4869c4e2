CREATE VIEW silent_source AS
SELECT
    source_id,
    name,
    coalesce(last_new_entry_at, first_polled_at) AS silent_since,
    (julianday(as_of) - julianday(coalesce(last_new_entry_at, first_polled_at))) * 86400 AS silent_seconds,
    silent_after_seconds,
    last_polled_at,
    last_error
FROM source_health
WHERE is_registered
    AND (julianday(as_of) - julianday(coalesce(last_new_entry_at, first_polled_at))) * 86400
        > silent_after_seconds
