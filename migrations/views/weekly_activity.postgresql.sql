CREATE VIEW weekly_activity AS
SELECT
    to_char(week_start, 'IYYY-"W"IW') AS week,
    week_start,
    kind,
    CAST(sum(new_events) AS bigint) AS new_events,
    CAST(sum(articles) AS bigint) AS articles,
    CAST(sum(texts) AS bigint) AS texts,
    CAST(sum(voices) AS bigint) AS voices
FROM (
    SELECT
        CAST(date_trunc('week', event.first_seen_at AT TIME ZONE 'UTC') AS date) AS week_start,
        event.kind,
        count(*) AS new_events,
        0 AS articles,
        0 AS texts,
        0 AS voices
    FROM event
    WHERE event.merged_into IS NULL
    GROUP BY 1, 2
    UNION ALL
    SELECT
        CAST(date_trunc('week', coalesce(coverage.published_at, coverage.recorded_at) AT TIME ZONE 'UTC') AS date),
        event.kind,
        0,
        count(DISTINCT coverage.article_id),
        count(DISTINCT coverage.text_group_id),
        count(DISTINCT coverage.family)
    FROM coverage
    JOIN event ON event.event_id = coverage.event_id
    GROUP BY 1, 2
) AS part
GROUP BY week_start, kind
