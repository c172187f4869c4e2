CREATE FUNCTION as_known_at(day date)
RETURNS TABLE (
    event_id text,
    name text,
    kind text,
    articles bigint,
    texts bigint,
    voices bigint,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    attendance_low double precision,
    attendance_high double precision
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        event.event_id,
        event.name,
        event.kind,
        count(DISTINCT held.article_id),
        count(DISTINCT held.text_group_id),
        count(DISTINCT held.family),
        min(held.published_at),
        max(held.published_at),
        (
            SELECT min(coalesce(said.low, said.high))
            FROM claim_history AS said
            WHERE said.event_id = event.event_id
                AND said.field = 'attendance'
                AND said.known_from < (day + 1)::timestamp AT TIME ZONE 'UTC'
                AND (said.known_until IS NULL OR said.known_until >= (day + 1)::timestamp AT TIME ZONE 'UTC')
        ),
        (
            SELECT max(coalesce(said.high, said.low))
            FROM claim_history AS said
            WHERE said.event_id = event.event_id
                AND said.field = 'attendance'
                AND said.known_from < (day + 1)::timestamp AT TIME ZONE 'UTC'
                AND (said.known_until IS NULL OR said.known_until >= (day + 1)::timestamp AT TIME ZONE 'UTC')
        )
    FROM coverage_history AS held
    JOIN event ON event.event_id = held.event_id
    WHERE held.known_from < (day + 1)::timestamp AT TIME ZONE 'UTC'
        AND (held.known_until IS NULL OR held.known_until >= (day + 1)::timestamp AT TIME ZONE 'UTC')
    GROUP BY event.event_id, event.name, event.kind
$$
