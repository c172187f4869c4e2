-- What changed last week?
--
-- The ledger of changes: new events, new independent sources, changed and conflicting figures, outcomes,
-- corrections. Changes of an event that has been merged since are shown under the event that stands for it.
--
-- since, until: dates; from the first day to the one before the last
SELECT
    event_change.changed_at,
    event_change.kind,
    event_redirect.stands_as AS event_id,
    event.name,
    event_change.detail
FROM event_change
JOIN event_redirect ON event_redirect.event_id = event_change.event_id
JOIN event ON event.event_id = event_redirect.stands_as
WHERE event_change.changed_at >= :since AND event_change.changed_at < :until
ORDER BY event_change.changed_at, event_redirect.stands_as, event_change.revision, event_change.kind;
