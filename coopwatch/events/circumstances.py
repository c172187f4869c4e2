"""When, where, between whom and with how many: the circumstances of the event that an article is about.

They are looked for in the lead and in the sentences that name the event. A detail that stands
nearer to the name of another event belongs to that one.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from coopwatch.countries import find_countries
from coopwatch.dates import find_dates
from coopwatch.dates.cues import load_cues
from coopwatch.events.reading import Reading, Subject
from coopwatch.places import PlaceHit, find_places
from coopwatch.places.gazetteer import SCRIPTS, find_town
from schemas.records import DateMention

_HAPPENS = re.compile(
    r"\b(?:open(?:s|ed|ing)?|held|holds?|kick(?:s|ed)\s+off|t(?:akes?|ook|aken|aking)\s+place|host(?:s|ed|ing)?|conven(?:es?|ed)"
    r"|conclud(?:es?|ed)|clos(?:es?|ed)|wrap(?:s|ped)\s+up|sign(?:s|ed|ing)?|ink(?:s|ed)?|launch(?:es|ed)?"
    r"|inaugurat(?:es?|ed)|unveil(?:s|ed)?|met|meets?|gather(?:s|ed)?|renew(?:s|ed)?|extend(?:s|ed)?|began|begins?"
    r"|start(?:s|ed)?|establish(?:es|ed)|will\s+host|welcomed)\b",
    re.IGNORECASE,
)
_OTHER_ONE = re.compile(  # "larger than the first one in Chongqing": the place of another event
    r"\b(?:(?:first|second|third|fourth|last|next|previous|earlier|other)\s+one"
    r"|(?:last|previous|earlier)\s+(?:edition|meeting|conference|forum|summit|round))"
    r"(?:,?\s+(?:was\s+)?held)?,?\s+\Z",
    re.IGNORECASE,
)
_BODIES = re.compile(  # Chinese writes them without blanks
    r"(?<![A-Za-z])(?:CERN|ESA|UNESCO|ASEAN|ITER|IAEA|SKAO|EMBL|African Union)(?![A-Za-z])"
)
_APPOSITION_CHARS = 60  # "in Chengdu, the capital of Sichuan Province in southwest China"
_EARLIEST_YEAR = 1990  # an undated article that recalls older days is not news of them
_PARTIES_AT_MOST = 6  # more countries than that are an enumeration, not the parties


class Where(NamedTuple):
    """A town and a country, each with the offset at which the text gives it."""

    place: str | None = None
    country: str | None = None
    offset: int = 0


class Who(NamedTuple):
    """The parties, sorted, with the offset of the sentence that names them."""

    participants: tuple[str, ...] = ()
    offset: int = 0


def find_when(reading: Reading, subject: Subject | None) -> tuple[DateMention, ...]:
    """Return the dates of the event: those in the lead, else those in sentences that name it.

    Their offsets are into title + newline + text.
    """
    article = reading.article
    found = [
        (mention, start + mention.offset)
        for start, text in ((0, article.title), (reading.text_start, article.text))
        for mention in find_dates(text, article.language, article.dated)
        if mention.role == "event" and (mention.start.year or _EARLIEST_YEAR) >= _EARLIEST_YEAR
    ]
    lead_end = reading.lead[-1][1]
    named = [(mention, offset, reading.subject_at(offset)) for mention, offset in found]
    ours = [
        (mention, offset)
        for mention, offset, owner in named
        if offset < lead_end and owner in (None, subject)
    ]
    if not ours and subject is not None:
        ours = [(mention, offset) for mention, offset, owner in named if owner == subject]
    is_dateline = article.attribution.release_date is not None
    return tuple(
        mention.model_copy(
            update={
                "offset": offset,
                "year_from": "dateline"
                if is_dateline and mention.year_from == "publication"
                else mention.year_from,
            }
        )
        for mention, offset in ours
    )


def find_where(reading: Reading, subject: Subject | None) -> Where:
    """Return where the event takes place.

    A town with its country beside it comes before a town alone; among the latter the one that the
    dateline names comes first, because reporters write from there. A dateline alone says nothing:
    a letter to a conference is reported from the capital.
    """
    hits = list(_find_places(reading, subject))
    dateline = _name_town((reading.article.attribution.dateline_place or "").partition(",")[0].strip())
    towns = [hit for hit in hits if hit.place]
    towns.sort(key=lambda hit: (not hit.is_sure, (hit.place or "").casefold() != dateline))
    best = next(iter(towns), None) or next((hit for hit in hits if hit.country), None)
    if best is None:
        return Where()
    near = (hit.country for hit in hits if 0 <= hit.start - best.end <= _APPOSITION_CHARS and not hit.place)
    return Where(best.place, best.country or next(near, None), best.start)


def find_who(reading: Reading) -> Who:
    """Return the countries and bodies that an event without a series is between.

    The first of title, and sentences of the lead, that names at least two of them tells; failing that,
    whatever the lead names.
    """
    named: set[str] = set()
    for start, end in reading.lead:
        sentence = reading.full[start:end]
        parties = {hit.code for hit in find_countries(sentence, reading.article.language)}
        parties |= {match.group() for match in _BODIES.finditer(sentence)}
        if 2 <= len(parties) <= _PARTIES_AT_MOST:
            return Who(tuple(sorted(parties)), start)
        named |= parties
    return Who(tuple(sorted(named)), 0) if 0 < len(named) <= _PARTIES_AT_MOST else Who()


def _find_places(reading: Reading, subject: Subject | None) -> Iterator[PlaceHit]:
    """Yield the places that the event is said to be in; the text first, the title last."""
    language = reading.article.language
    anchors_of, is_verb_last = _find_anchors(language)
    lead_end = reading.lead[-1][1]
    names = reading.subjects.get(subject, ()) if subject else ()
    title, *body = reading.sentences
    for start, end in (*body, title):
        mine = [hit.start - start for hit in names if start <= hit.start < end]
        if start >= lead_end and not mine:
            continue
        sentence = reading.full[start:end]
        anchors = [*mine, *anchors_of(sentence)]
        for hit in find_places(sentence, language):
            if (start, end) == title and not _ends_name(sentence, hit.end):
                continue
            if _OTHER_ONE.search(sentence[max(0, hit.start - 80) : hit.start]):
                continue
            is_event = any(is_verb_last or anchor < hit.end for anchor in anchors)
            if is_event and reading.subject_at(start + hit.start) in (None, subject):
                yield hit._replace(start=start + hit.start, end=start + hit.end)


def _find_anchors(language: str) -> tuple[Callable[[str], Iterator[int]], bool]:
    """Return what tells where a sentence says that something takes place, and whether verbs come last."""
    base = language.partition("-")[0]
    cues = None if base == "en" else load_cues(base)
    if cues is None:
        return (lambda sentence: (match.start() for match in _HAPPENS.finditer(sentence))), False
    return (
        lambda sentence: (
            match.start() for match in cues.nearest.finditer(sentence) if match["event"] or match["noun"]
        )
    ), cues.is_verb_last


def _name_town(written: str) -> str:
    """Return the name by which a town is known, in whatever script it is written."""
    return next((town.name for script in SCRIPTS if (town := find_town(written, script))), written).casefold()


def _ends_name(title: str, end: int) -> bool:
    """Tell whether a name in a headline ends here, and not only the four words that are looked at."""
    return not re.match(r"\s[A-Z]", title[end : end + 2])
