"""Sections of an article that report an event of their own, as in a round-up or a digest.

A section begins with a heading, or is a paragraph of several sentences. It stands by itself if,
read alone, it is about another event than the article, and does not only recall it: it takes place
about when the article appeared. A digest, by its title, is about its sections.
"""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from coopwatch.events.facts import Fact
from coopwatch.events.mentions import FoundMention, find_mentions
from coopwatch.events.series import SeriesRegistry
from coopwatch.events.spans import read_mention
from coopwatch.sentences import find_sentences
from schemas.records import Article, Figure, Judgement

_SECTIONS_AT_MOST = 30
_LEAST_CHARS, _LEAST_CHARS_CJK = 160, 50  # of a section; what is shorter is a remark
_HEADING_CHARS = 120
_NEWS_DAYS = 60  # an event further from its article is recalled, not reported
_ENDS = tuple(".!?。！？…:：;；,，”\"'’»")
_CJK = frozenset(("zh", "ja", "ko"))
_DIGEST = re.compile(
    r"\b(?:round-?up|digest|(?:news|science|weekly|daily)\s+briefs?|in\s+brief|(?:the\s+)?week\s+in"
    r"|newsletter|tour d'horizon|en bref|resumen (?:semanal|de noticias)|breves|дайджест|обзор недели|موجز"
    r"|resumo da semana|wochenr[üu]ckblick|kurz notiert)\b"
    r"|要闻|要聞|简报|簡報|一周|汇总|まとめ|ダイジェスト|브리핑|단신",
    re.IGNORECASE,
)


class Section(NamedTuple):
    """A part of an article's text; the heading, if there is one, is its beginning."""

    start: int
    heading_end: int  # where its text begins; equal to `start` without a heading
    end: int


def find_reported(
    article: Article,
    judgement: Judgement,
    series: SeriesRegistry,
    main: FoundMention,
    background: Collection[FoundMention],
) -> Iterator[tuple[FoundMention, Article]]:
    """Yield the events that sections report by themselves, with the section as an article.

    Args:
        article: the article.
        judgement: why it is in scope.
        series: the recurring events of the field.
        main: what the article as a whole is about.
        background: what it names besides; only sections that name some of it are read, and those of digests.

    Yields:
        Mentions whose offsets are into title + newline + text of the whole article.
    """
    is_digest = is_a_digest(article)
    for section in find_sections(article) if is_digest or background else ():
        title = article.text[section.start : max(section.start, section.heading_end - 1)]
        text = article.text[section.heading_end : section.end]
        if not (is_digest and title) and not _names_another(series, f"{title}\n{text}", main):
            continue
        alone = article.model_copy(update={"title": title, "text": text})
        mention, *others = find_mentions(alone, judgement, series)
        if any(_names(other, main) for other in (mention, *others)) or not _is_news(mention, article):
            continue
        is_other_series = mention.series is not None and mention.series != main.series
        if is_other_series or (is_digest and title):
            # title + newline + text of the section is a piece of the text, or else begins with a newline
            shift = len(article.title) + 1 + section.start - (0 if title else 1)
            yield _shift(mention, shift), alone


def is_a_digest(article: Article) -> bool:
    """Tell whether an article, by its title, is about several events."""
    return bool(_DIGEST.search(article.title))


def find_sections(article: Article) -> tuple[Section, ...]:
    """Return the sections of an article: those under headings, or else its longer paragraphs."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", article.text)]
    least = _LEAST_CHARS_CJK if article.language.partition("-")[0] in _CJK else _LEAST_CHARS
    headings = [
        (start, end)
        for (start, end), (after, after_end) in pairwise(lines)
        if end - start <= _HEADING_CHARS < after_end - after + _HEADING_CHARS - least
        and not article.text[start:end].rstrip().endswith(_ENDS)
    ]
    if len(headings) > 1:
        ends = [start - 1 for start, _ in headings[1:]] + [len(article.text)]
        found = [Section(start, end + 1, last) for (start, end), last in zip(headings, ends, strict=True)]
    else:
        found = [
            Section(start, start, end)
            for start, end in lines[1:]
            if end - start >= least and len(find_sentences(article.text[start:end])) > 1
        ]
    return tuple(found[:_SECTIONS_AT_MOST])


def _names_another(series: SeriesRegistry, text: str, main: FoundMention) -> bool:
    return any(hit.series != main.series for hit in series.find_hits(text))


def _names(mention: FoundMention, main: FoundMention) -> bool:
    return main.series is not None and (mention.series, mention.edition) == (main.series, main.edition)


def _is_news(mention: FoundMention, article: Article) -> bool:
    """Tell whether a section reports a dated event of about the day of the article."""
    if mention.role not in ("main", "preview"):
        return False
    days = [days for found in mention.dates if (days := read_mention(found)[0].days())]
    if article.dated is None:
        return bool(days) and is_a_digest(article)
    return any(
        abs((article.dated - day).days) <= _NEWS_DAYS for first_and_last in days for day in first_and_last
    )


def _shift(mention: FoundMention, by: int) -> FoundMention:
    dates = tuple(found.model_copy(update={"offset": found.offset + by}) for found in mention.dates)
    moved = {"offset": max(0, mention.offset + by), "dates": dates}
    figures = tuple(_shift_fact(figure, by) for figure in mention.figures)
    return mention.model_copy(update={**moved, "figures": figures})


def _shift_fact(figure: Figure, by: int) -> Figure:
    moved = {"offset": figure.offset + by}
    if isinstance(figure, Fact):
        moved["quote_start"] = figure.quote_start + by
    return figure.model_copy(update=moved)
