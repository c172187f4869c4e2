-- Which conferences had conflicting attendance, and who said what?
--
-- One row a claim; the claims of one event contradict each other. "low" and "high" are what the words of
-- the sentence allow ("over 80" has no high), "articles" is how many articles carry the text that says so:
-- reprints of one text are one row. soft_conflict is a difference that rounding could explain.
SELECT
    event_id,
    event_name,
    start_date,
    status,
    low,
    high,
    asserted_by,
    publisher,
    articles,
    quote,
    url
FROM claim_conflicts
WHERE field = 'attendance' AND event_kind = 'conference'
ORDER BY start_date IS NULL, start_date DESC, event_id, low, claim_conflicts.article_id;
