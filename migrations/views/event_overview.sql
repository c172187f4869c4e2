CREATE VIEW event_overview AS
SELECT
    event.event_id,
    event.name,
    event.kind,
    event.series,
    event.edition,
    event.start_date,
    event.end_date,
    event.place,
    event.country,
    event.participants,
    event.articles,
    event.text_groups,
    event.independent_sources,
    (
        SELECT min(coverage.published_at)
        FROM coverage
        WHERE coverage.event_id = event.event_id
    ) AS first_published_at,
    (
        SELECT max(coverage.published_at)
        FROM coverage
        WHERE coverage.event_id = event.event_id
    ) AS last_published_at,
    (
        SELECT min(coalesce(current_claim.low, current_claim.high))
        FROM current_claim
        WHERE current_claim.event_id = event.event_id AND current_claim.field = 'attendance'
    ) AS attendance_low,
    (
        SELECT max(coalesce(current_claim.high, current_claim.low))
        FROM current_claim
        WHERE current_claim.event_id = event.event_id AND current_claim.field = 'attendance'
    ) AS attendance_high,
    (
        SELECT
            CASE max(
                CASE current_claim.status
                    WHEN 'conflict' THEN 5
                    WHEN 'soft_conflict' THEN 4
                    WHEN 'agrees' THEN 3
                    WHEN 'compatible' THEN 2
                    ELSE 1
                END
            )
                WHEN 5 THEN 'conflict'
                WHEN 4 THEN 'soft_conflict'
                WHEN 3 THEN 'agrees'
                WHEN 2 THEN 'compatible'
                WHEN 1 THEN 'only'
            END
        FROM current_claim
        WHERE current_claim.event_id = event.event_id AND current_claim.field = 'attendance'
    ) AS attendance_status,
    (
        SELECT count(DISTINCT current_claim.field)
        FROM current_claim
        WHERE current_claim.event_id = event.event_id AND current_claim.status = 'conflict'
    ) AS conflicts,
    (
        SELECT count(DISTINCT current_claim.field)
        FROM current_claim
        WHERE current_claim.event_id = event.event_id AND current_claim.status = 'soft_conflict'
    ) AS soft_conflicts,
    (
        SELECT coverage.url
        FROM coverage
        LEFT JOIN text_group ON text_group.text_group_id = coverage.text_group_id
        WHERE coverage.event_id = event.event_id
        ORDER BY
            CASE WHEN coverage.role = 'main' THEN 0 ELSE 1 END,
            CASE WHEN text_group.origin_article_id = coverage.article_id THEN 0 ELSE 1 END,
            CASE WHEN coverage.published_at IS NULL THEN 1 ELSE 0 END,
            coverage.published_at,
            coverage.article_id
        LIMIT 1
    ) AS origin_url,
    event.revision,
    event.first_seen_at,
    event.updated_at
FROM event
WHERE event.merged_into IS NULL
