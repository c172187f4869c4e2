CREATE VIEW event_timeline AS
SELECT
    event_redirect.stands_as AS event_id,
    coverage.recorded_at AS known_at,
    4 AS step,
    'coverage' AS what,
    coverage.role AS kind,
    coverage.title AS detail,
    coverage.article_id AS article_id,
    coverage.url AS url,
    event_redirect.event_id AS told_of
FROM event_redirect
JOIN coverage ON coverage.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    withdrawn_coverage.recorded_at,
    4,
    'coverage',
    withdrawn_coverage.role,
    withdrawn_coverage.title,
    withdrawn_coverage.article_id,
    withdrawn_coverage.url,
    event_redirect.event_id
FROM event_redirect
JOIN withdrawn_coverage ON withdrawn_coverage.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    claim.recorded_at,
    6,
    'claim',
    claim.field,
    claim.value,
    claim.article_id,
    claim.url,
    event_redirect.event_id
FROM event_redirect
JOIN claim ON claim.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    withdrawn_claim.recorded_at,
    6,
    'claim',
    withdrawn_claim.field,
    withdrawn_claim.value,
    withdrawn_claim.article_id,
    withdrawn_claim.url,
    event_redirect.event_id
FROM event_redirect
JOIN withdrawn_claim ON withdrawn_claim.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    article_version.replaced_at,
    5,
    'correction',
    'corrected',
    article_version.title,
    coverage.article_id,
    coverage.url,
    event_redirect.event_id
FROM event_redirect
JOIN coverage ON coverage.event_id = event_redirect.event_id
JOIN article_version ON article_version.article_id = coverage.article_id
UNION ALL
SELECT
    event_redirect.stands_as,
    withdrawn_claim.withdrawn_at,
    3,
    'claim withdrawn',
    withdrawn_claim.field,
    withdrawn_claim.value,
    withdrawn_claim.article_id,
    withdrawn_claim.url,
    event_redirect.event_id
FROM event_redirect
JOIN withdrawn_claim ON withdrawn_claim.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    withdrawn_coverage.withdrawn_at,
    2,
    'coverage withdrawn',
    withdrawn_coverage.role,
    withdrawn_coverage.reason,
    withdrawn_coverage.article_id,
    withdrawn_coverage.url,
    event_redirect.event_id
FROM event_redirect
JOIN withdrawn_coverage ON withdrawn_coverage.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    identity_change.changed_at,
    1,
    'identity',
    identity_change.kind,
    identity_change.reason,
    NULL,
    NULL,
    event_redirect.event_id
FROM event_redirect
JOIN identity_change ON identity_change.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    identity_change.changed_at,
    1,
    'identity',
    identity_change.kind,
    identity_change.reason,
    NULL,
    NULL,
    event_redirect.event_id
FROM event_redirect
JOIN identity_change ON identity_change.other_event_id = event_redirect.event_id
WHERE identity_change.kind = 'split'
UNION ALL
SELECT
    event_redirect.stands_as,
    event_change.changed_at,
    7,
    'change',
    event_change.kind,
    event_change.detail,
    event_change.article_id,
    NULL,
    event_redirect.event_id
FROM event_redirect
JOIN event_change ON event_change.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    alert.created_at,
    8,
    'alert',
    alert.kind,
    alert.title,
    NULL,
    NULL,
    event_redirect.event_id
FROM event_redirect
JOIN alert ON alert.event_id = event_redirect.event_id
