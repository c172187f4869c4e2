-- Which sources are silent?
--
-- Sources of the registry that have brought nothing new for longer than is expected of them, the longest
-- silence first. With an error, the source cannot be read; without one, it answers and has nothing new, or
-- its feed has moved.
SELECT
    source_id,
    name,
    silent_since,
    silent_seconds / 86400 AS silent_days,
    last_error
FROM silent_source
ORDER BY silent_since, source_id;
