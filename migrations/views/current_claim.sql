CREATE VIEW current_claim AS
SELECT
    claim.claim_id,
    claim.event_id,
    claim.field,
    claim.value,
    claim.low,
    claim.high,
    claim.unit,
    claim.qualifier,
    claim.scope,
    claim.status,
    claim.asserted_by,
    coverage.publisher,
    coverage.family,
    claim.text_group_id,
    claim.article_id,
    claim.url,
    coverage.published_at,
    claim.quote,
    claim.recorded_at
FROM claim
JOIN event ON event.event_id = claim.event_id
LEFT JOIN coverage ON coverage.article_id = claim.article_id AND coverage.event_id = claim.event_id
WHERE event.merged_into IS NULL
    AND NOT EXISTS (
        SELECT 1
        FROM claim AS newer
        WHERE newer.article_id = claim.article_id
            AND newer.event_id = claim.event_id
            AND newer.article_version > claim.article_version
    )
