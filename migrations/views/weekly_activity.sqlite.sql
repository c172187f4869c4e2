CREATE VIEW weekly_activity AS
SELECT
    strftime('%Y', week_start, '+3 days')
    || printf('-W%02d', (CAST(strftime('%j', week_start, '+3 days') AS INTEGER) - 1) / 7 + 1) AS week,
    week_start,
    kind,
    sum(new_events) AS new_events,
    sum(articles) AS articles,
    sum(texts) AS texts,
    sum(voices) AS voices
FROM (
    SELECT
        date(event.first_seen_at, '-6 days', 'weekday 1') AS week_start,
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
        date(coalesce(coverage.published_at, coverage.recorded_at), '-6 days', 'weekday 1'),
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
