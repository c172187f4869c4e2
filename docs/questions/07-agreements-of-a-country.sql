-- Which agreements is a country a party to?
--
-- The latest first, those without a date last. How well one is established: "independent_sources" counts
-- voices, not articles.
--
-- country: its code, ISO 3166, as 'RS'
SELECT
    event_overview.event_id,
    event_overview.name,
    event_overview.start_date,
    event_overview.place,
    event_overview.participants,
    event_overview.independent_sources,
    event_overview.origin_url
FROM event_participant
JOIN event_overview ON event_overview.event_id = event_participant.event_id
WHERE event_participant.kind = 'agreement' AND event_participant.participant = :country
ORDER BY event_overview.start_date IS NULL, event_overview.start_date DESC, event_overview.event_id
LIMIT 100;
