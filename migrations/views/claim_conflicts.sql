CREATE VIEW claim_conflicts AS
SELECT
    current_claim.event_id,
    event.name AS event_name,
    event.kind AS event_kind,
    event.start_date,
    current_claim.field,
    current_claim.status,
    current_claim.value,
    current_claim.low,
    current_claim.high,
    current_claim.unit,
    current_claim.asserted_by,
    current_claim.publisher,
    current_claim.family,
    (
        SELECT count(*)
        FROM coverage
        WHERE coverage.text_group_id = current_claim.text_group_id
            AND coverage.event_id = current_claim.event_id
    ) AS articles,
    current_claim.quote,
    current_claim.url,
    current_claim.article_id,
    current_claim.published_at
FROM current_claim
JOIN event ON event.event_id = current_claim.event_id
WHERE current_claim.status IN ('soft_conflict', 'conflict')
