-- When and where did the editions of each series take place?
--
-- One row an edition, as far as its coverage tells. An edition that is missing here was not reported.
SELECT
    series,
    edition,
    event_id,
    name,
    start_date,
    end_date,
    place,
    country,
    independent_sources
FROM event_overview
WHERE series IS NOT NULL
ORDER BY series, edition IS NULL, edition, start_date, event_id;
