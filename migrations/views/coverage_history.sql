CREATE VIEW coverage_history AS
SELECT
    event_redirect.stands_as,
    coverage.event_id,
    coverage.article_id,
    coverage.text_group_id,
    coverage.family,
    coverage.publisher,
    coverage.role,
    coverage.title,
    coverage.url,
    coverage.published_at,
    coverage.recorded_at AS known_from,
    NULL AS known_until,
    NULL AS reason
FROM event_redirect
JOIN coverage ON coverage.event_id = event_redirect.event_id
UNION ALL
SELECT
    event_redirect.stands_as,
    withdrawn_coverage.event_id,
    withdrawn_coverage.article_id,
    withdrawn_coverage.text_group_id,
    withdrawn_coverage.family,
    withdrawn_coverage.publisher,
    withdrawn_coverage.role,
    withdrawn_coverage.title,
    withdrawn_coverage.url,
    withdrawn_coverage.published_at,
    withdrawn_coverage.recorded_at,
    withdrawn_coverage.withdrawn_at,
    withdrawn_coverage.reason
FROM event_redirect
JOIN withdrawn_coverage ON withdrawn_coverage.event_id = event_redirect.event_id
