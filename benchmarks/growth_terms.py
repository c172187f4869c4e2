"""What stored events hold of the words by which new articles look for them, for the benchmark of growth."""

import random
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, text

from benchmarks.growth_articles import BATCH, write_article
from benchmarks.growth_rows import DAILY_EVENTS
from coopwatch.events.book import candidate_keys
from coopwatch.events.candidates import DAY_BITS
from coopwatch.events.reports import read_articles
from coopwatch.events.series import load_series
from coopwatch.identity import make_text_group_id
from coopwatch.relevance import decide, load_topic
from coopwatch.settings import Settings
from schemas.records import Membership

# What share of all stored events holds a word that a new article is looked up by: means of each tenth of
# these words. Measured with the 505 events of a set of real coverage (allsides), and nearly the same with
# half and with a quarter of them: the events that share a word grow with the warehouse.
HELD = (0.0007, 0.0035, 0.0065, 0.0091, 0.0119, 0.0152, 0.0192, 0.0243, 0.0344, 0.0654)


def add_terms(connection: Connection, held: Iterable[tuple[int, int]]) -> None:
    """Let events hold terms.

    Args:
        connection: to a filled warehouse; committed at the end.
        held: terms with the numbers of events.
    """
    rows = [{"term": term, "event_id": f"e-{number:016}"} for term, number in held]
    connection.execute(text("INSERT INTO event_term (term, event_id) VALUES (:term, :event_id)"), rows)
    connection.commit()


def count_days_since(number: int, events: int) -> int:
    """Return how many days ago an event was reported, by its number of so many."""
    return (events - number) // DAILY_EVENTS


def choose_holders(events: int) -> Iterator[tuple[int, int]]:
    """Yield terms that articles of a batch ask for, as events hold them, with the numbers of these events."""
    chance = random.Random(1)
    today = list_terms()
    for term in today:
        count = HELD[(term >> DAY_BITS) % len(HELD)] * events
        for number in chance.sample(range(1, events + 1), int(count + chance.random())):
            yield term - count_days_since(number, events), number


def list_terms() -> list[int]:
    """Return what the articles of a batch ask the index of events for, each with the day of today."""
    settings = Settings()
    topic, series = load_topic(settings.topic), load_series(settings.series)
    articles = [write_article(number) for number in range(BATCH)]
    judged = {article.entry_id: decide(article, topic) for article in articles}
    places = {
        article.article_id: Membership(
            article_id=article.article_id,
            text_group_id=make_text_group_id(article.article_id),
            relation="origin",
            reason="generated",
        )
        for article in articles
    }
    keys = candidate_keys(read_articles(articles, judged, series), places)
    asked = {term >> DAY_BITS: term for some in keys.terms.values() for term in sorted(some)}
    return list(asked.values())
