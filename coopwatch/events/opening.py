"""A new event, with the id that it keeps."""

from collections.abc import Collection, Container
from datetime import datetime
from itertools import count

from coopwatch.events.editions import is_year
from coopwatch.events.mentions import FoundMention
from coopwatch.events.series import SeriesRegistry
from coopwatch.events.spans import read_mention
from coopwatch.identity import hash_text, make_event_id
from schemas.records import Article, Dossier, Event


def open_event(
    mention: FoundMention, article: Article, taken: Container[str], barred: Collection[str], now: datetime
) -> Dossier:
    """Return a new event without coverage.

    Args:
        mention: what the article says of it.
        article: the article that founds it.
        taken: ids of other events.
        barred: ids of events that the article may not be on, as analysts say.
        now: the time of this batch.
    """
    is_numbered = mention.edition is not None and not is_year(mention.edition)
    years = (
        [mention.edition]
        if mention.edition and not is_numbered
        else [read_mention(date_mention)[0].year for date_mention in mention.dates]
    )
    event_id = make_event_id(
        mention.series,
        mention.edition if is_numbered else None,
        next((year for year in years if year), None),
        article.article_id,
    )
    if event_id in taken:  # two events of a series in one year, or of one article
        own = make_event_id(None, None, None, article.article_id)
        numbered = (f"{own}-{number}" for number in count(2))
        event_id = own if own not in taken else next(one for one in numbered if one not in taken)
    if barred:  # the id that it would have may lead to an event that it may not be on
        event_id = "e-" + hash_text(article.article_id, *sorted(barred))
    event = Event(event_id=event_id, name=mention.name, kind=mention.kind, first_seen_at=now, updated_at=now)
    return Dossier(event=event)


def identify_event(event: Event, mention: FoundMention, registry: SeriesRegistry) -> Event:
    """Return the event as one of the series that a report names, if none was known yet."""
    if event.series is not None or mention.series is None:
        return event
    series = registry.by_id[mention.series]
    return event.model_copy(update={"series": series.id, "name": series.name, "kind": series.kind})
