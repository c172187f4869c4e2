"""The events that an article speaks of: the one it is about, and others in the background."""

import re

from pydantic import Field

from coopwatch.events.circumstances import Where, Who, find_when, find_where, find_who
from coopwatch.events.editions import find_meeting_edition
from coopwatch.events.facts import Fact
from coopwatch.events.kinds import find_kind
from coopwatch.events.reading import Reading, Subject
from coopwatch.events.references import is_within
from coopwatch.events.series import SeriesHit, SeriesRegistry
from coopwatch.events.spans import is_stated, read_mention
from coopwatch.events.statements import find_facts
from schemas.records import Article, DateMention, EventKind, Judgement, Mention, MentionRole

_VERBS = (
    "be held|open|host|hold|take place|convene|kick off|sign|launch|draw|attract|gather|bring|begin|start|run"
)
_AHEAD = re.compile(
    rf"\b(?:(?:will|to|set to|due to|scheduled to) (?:{_VERBS})|upcoming|scheduled for)\b|将于|即将|将在",
    re.IGNORECASE,
)


class FoundMention(Mention):
    """A mention with the sentence that each of its details rests on.

    `offset` is into title + newline + text, and every quote is a piece of that.
    """

    quotes: dict[str, str] = Field(default_factory=dict)
    date_quotes: tuple[str, ...] = ()  # the sentences of `dates`
    figures: tuple[Fact, ...] = ()  # all that it states of this event, figures or not


def find_mentions(article: Article, judgement: Judgement, series: SeriesRegistry) -> tuple[FoundMention, ...]:
    """Return the events that an article speaks of.

    Args:
        article: the article, its text free of site furniture.
        judgement: why it is in scope; tells the kind of an event that nothing else tells.
        series: the recurring events of the field.

    Returns:
        First the event that the article is about, always one, with role main, preview or sub_event;
        then, with role background, every other edition of a series that it names.
    """
    reading = Reading.of(article, series)
    meant = reading.main
    if meant is None or meant.series in reading.own_names:
        main = _describe(reading, judgement, meant)
    else:
        main = _describe_series(reading, series, meant)
    background = (
        _mention_background(reading, series, subject, hits)
        for subject, hits in reading.subjects.items()
        if subject != meant and subject.series not in reading.own_names
    )
    return (main, *sorted(background, key=lambda mention: mention.offset))


def find_beside(article: Article, judgement: Judgement, series: SeriesRegistry) -> FoundMention | None:
    """Return what an article tells of that is held within, or beside, an event of a series.

    Args:
        article: an article on such an event, with role sub_event.
        judgement: why it is in scope.
        series: the recurring events of the field.

    Returns:
        An event of no series; None where the headline does not say what it is: an agreement, a forum.
    """
    reading = Reading.of(article, series)
    named = (hit for hit in reading.hits if hit.end <= len(article.title))
    headline = article.title
    for hit in sorted(named, key=lambda hit: -hit.start):
        headline = f"{headline[: hit.start]} {headline[hit.end :]}"
    return _describe(reading, judgement, reading.main) if find_kind(headline) else None


def _describe_series(reading: Reading, registry: SeriesRegistry, subject: Subject) -> FoundMention:
    """Describe the edition of a series that an article is about."""
    series = registry.by_id[subject.series]
    hits = reading.subjects[subject]
    shown = _choose_shown(reading, hits)
    numbered = [hit for hit in hits if hit.edition == subject.edition]
    dates = find_when(reading, subject)
    where = find_where(reading, subject)
    parties = Who(series.participants, shown.start)
    language = reading.article.language
    is_beside = all(
        hit.is_beside or is_within(reading.full, hit.start, language)
        for hit in hits
        if hit.start < reading.lead[-1][1]
    )
    role: MentionRole = "sub_event" if is_beside else _decide_role(reading, dates)
    return FoundMention(
        article_id=reading.article.article_id,
        role=role,
        kind=series.kind,
        name=series.name,
        series=series.id,
        edition=subject.edition,
        dates=dates,
        place=where.place,
        country=where.country,
        participants=parties.participants,
        quote=reading.quote_at(shown.start),
        offset=shown.start,
        quotes=_quote(reading, where, parties)
        | {"edition": reading.quote_at(_choose_shown(reading, numbered).start)},
        date_quotes=tuple(reading.quote_at(mention.offset) for mention in dates),
        figures=find_facts(reading, subject, role),
    )


def _describe(reading: Reading, judgement: Judgement, subject: Subject | None) -> FoundMention:
    """Describe an event of no series.

    Args:
        reading: the article.
        judgement: why it is in scope.
        subject: a meeting for which the text has a name of its own, which is then that of the event;
            or else what the event is held within, at the same place on the same days.
    """
    kind, offset = _find_kind(reading, judgement)
    dates = find_when(reading, subject)
    where = find_where(reading, subject)
    parties = find_who(reading)
    role = _decide_role(reading, dates)
    own = reading.own_names.get(subject.series) if subject and kind == "conference" else None
    edition = own.edition if own else None
    if subject is None and kind == "conference":
        lead = reading.full[: reading.lead[-1][1]]
        edition = find_meeting_edition(lead, reading.article.language)
    named = {"name": reading.quote_at(own.start)} if own else {}
    return FoundMention(
        article_id=reading.article.article_id,
        role=role,
        kind=kind,
        name=own.full if own else reading.article.title,
        edition=edition,
        dates=dates,
        place=where.place,
        country=where.country,
        participants=parties.participants,
        quote=reading.quote_at(offset),
        offset=offset,
        quotes=_quote(reading, where, parties) | {"kind": reading.quote_at(offset)} | named,
        date_quotes=tuple(reading.quote_at(mention.offset) for mention in dates),
        figures=find_facts(reading, subject if own else None, role),
    )


def _mention_background(
    reading: Reading, registry: SeriesRegistry, subject: Subject, hits: tuple[SeriesHit, ...]
) -> FoundMention:
    series = registry.by_id[subject.series]
    return FoundMention(
        article_id=reading.article.article_id,
        role="background",
        kind=series.kind,
        name=series.name,
        series=series.id,
        edition=subject.edition,
        quote=reading.quote_at(hits[0].start),
        offset=hits[0].start,
    )


def _choose_shown(reading: Reading, hits: "tuple[SeriesHit, ...] | list[SeriesHit]") -> SeriesHit:
    """Return the name to quote: the first in the text, else in the title."""
    return next((hit for hit in hits if hit.start >= reading.text_start), hits[0])


def _find_kind(reading: Reading, judgement: Judgement) -> tuple[EventKind, int]:
    """Return the kind of an event and where the text says so: title, lead, or what put it in scope."""
    for start, end in reading.lead:
        if hit := find_kind(reading.full[start:end]):
            return hit.kind, start + hit.start
    for fired in judgement.fired:
        if fired.facet == "cooperation" and (hit := find_kind(fired.quote)):
            return hit.kind, fired.start
    return "exchange", 0


def _decide_role(reading: Reading, dates: tuple[DateMention, ...]) -> MentionRole:
    """Tell a preview from a report: by dates whose year the text gives, else by the words of the lead."""
    dated = reading.article.dated
    spans = [span for span, qualifier in map(read_mention, dates) if is_stated(qualifier)]
    first = [days[0] for span in spans if (days := span.days())]
    if dated and first:
        return "preview" if dated < min(first) else "main"
    title_and_opening = reading.full[: reading.lead[min(1, len(reading.lead) - 1)][1]]
    return "preview" if _AHEAD.search(title_and_opening) else "main"


def _quote(reading: Reading, where: Where, parties: Who) -> dict[str, str]:
    """Return the sentence behind place, country and participants, as far as they are known."""
    quotes = {}
    if where.place:
        quotes["place"] = reading.quote_at(where.offset)
    if where.country:
        quotes["country"] = reading.quote_at(where.offset)
    if parties.participants:
        quotes["participants"] = reading.quote_at(parties.offset)
    return quotes
