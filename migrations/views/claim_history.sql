CREATE VIEW claim_history AS
SELECT
    event_redirect.stands_as,
    claim.event_id,
    claim.claim_id,
    claim.article_id,
    claim.text_group_id,
    claim.field,
    claim.value,
    claim.low,
    claim.high,
    claim.unit,
    claim.asserted_by,
    claim.quote,
    claim.url,
    claim.recorded_at AS known_from,
    NULL AS known_until
FROM event_redirect
JOIN claim ON claim.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    withdrawn_claim.event_id,
    withdrawn_claim.claim_id,
    withdrawn_claim.article_id,
    withdrawn_claim.text_group_id,
    withdrawn_claim.field,
    withdrawn_claim.value,
    withdrawn_claim.low,
    withdrawn_claim.high,
    withdrawn_claim.unit,
    withdrawn_claim.asserted_by,
    withdrawn_claim.quote,
    withdrawn_claim.url,
    withdrawn_claim.recorded_at,
    withdrawn_claim.withdrawn_at
FROM event_redirect
JOIN withdrawn_claim ON withdrawn_claim.event_id = event_redirect.event_id
