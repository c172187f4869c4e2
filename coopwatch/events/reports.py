"""What a batch of articles reports: for each the events that it speaks of, in words to compare."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from coopwatch.events.mentions import FoundMention, find_beside, find_mentions
from coopwatch.events.sections import find_reported, is_a_digest
from coopwatch.events.series import SeriesRegistry
from coopwatch.events.wordings import Wording, word_article
from schemas.records import Article, Judgement


class Report(NamedTuple):
    """One event that an article, or a part of it, is about.

    Attributes:
        mention: the event as the article speaks of it.
        wording: the words that say so.
        is_part: it is not what the whole text is about, so that a copy of the text is no sign of it.
    """

    mention: FoundMention
    wording: Wording
    is_part: bool = False


class ReadArticle(NamedTuple):
    """An article with what it reports, and with what it only names in passing."""

    article: Article
    reports: tuple[Report, ...]
    background: tuple[FoundMention, ...]

    @property
    def mentions(self) -> tuple[FoundMention, ...]:
        """All events that it speaks of."""
        return (*(report.mention for report in self.reports), *self.background)


def read_articles(
    articles: Iterable[Article], judgements: Mapping[int, Judgement], series: SeriesRegistry
) -> tuple[ReadArticle, ...]:
    """Read articles for events.

    Args:
        articles: the articles in scope.
        judgements: by entry_id.
        series: the recurring events of the field.
    """
    return tuple(_read(article, judgements[article.entry_id], series) for article in articles)


def _read(article: Article, judgement: Judgement, series: SeriesRegistry) -> ReadArticle:
    main, *background = find_mentions(article, judgement, series)
    reports = [Report(main, word_article(article))]
    if main.role == "sub_event" and (beside := find_beside(article, judgement, series)):
        reports.append(Report(beside, word_article(article), is_part=True))
    for mention, section in find_reported(article, judgement, series, main, tuple(background)):
        subject = (mention.series, mention.edition)
        background = [other for other in background if (other.series, other.edition) != subject]
        reports.append(Report(mention, word_article(section), is_part=True))
    if len(reports) > 2 and is_a_digest(article) and main.series is None:
        del reports[0]  # no event is the digest itself
    return ReadArticle(article, tuple(reports), tuple(background))
