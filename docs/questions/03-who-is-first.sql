-- Who breaks news first?
--
-- Of the events that several voices report, how many a voice reported before all others. A voice is the
-- owner behind the origin of a text: an agency whose text fifty sites carry is one voice, and the sites are
-- none. Articles without a date of publication, and those that name an event only as background, are left out.
--
-- since: a date; only events that were first known on that day or later
WITH reported AS (
    SELECT
        coverage.event_id,
        coverage.family,
        row_number() OVER (
            PARTITION BY coverage.event_id
            ORDER BY coverage.published_at, coverage.article_id
        ) AS place
    FROM event
    JOIN coverage ON coverage.event_id = event.event_id
    WHERE event.first_seen_at >= :since
        AND event.merged_into IS NULL
        AND event.independent_sources > 1
        AND coverage.published_at IS NOT NULL
        AND coverage.role <> 'background'
)
SELECT
    family AS voice,
    count(CASE WHEN place = 1 THEN 1 END) AS first,
    count(DISTINCT event_id) AS events
FROM reported
GROUP BY family
ORDER BY first DESC, events, voice
LIMIT 50;
