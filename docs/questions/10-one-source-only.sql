-- Which figures rest on one independent source only?
--
-- Figures that no other voice gives for the same event. "articles" is how many articles carry the text that
-- says so: many reprints of one text are still one source. With status conflict, somebody says otherwise.
--
-- since: a date; only events that were first known on that day or later
SELECT
    event.event_id,
    event.name,
    said.field,
    said.value,
    said.status,
    said.family AS voice,
    said.asserted_by,
    (
        SELECT count(*)
        FROM coverage
        WHERE coverage.text_group_id = said.text_group_id AND coverage.event_id = said.event_id
    ) AS articles,
    said.quote,
    said.url
FROM event
JOIN current_claim AS said ON said.event_id = event.event_id
WHERE event.first_seen_at >= :since
    AND said.low IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM current_claim AS other
        WHERE other.event_id = said.event_id
            AND other.field = said.field
            AND other.value = said.value
            AND other.family <> said.family
    )
ORDER BY event.first_seen_at DESC, event.event_id, said.field, said.value
LIMIT 200;
