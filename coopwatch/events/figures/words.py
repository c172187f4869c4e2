"""The words by which figures are told apart in a language that puts blanks between words."""

from collections.abc import Mapping
from typing import NamedTuple


class FigureWords(NamedTuple):
    """What is counted, and what is said of it; all are alternatives of patterns.

    Attributes:
        attendees: counted as taking part, wherever an event is spoken of or people came.
        company: likewise, where an event is spoken of.
        persons: people in general: counted where they came to an event.
        trades: likewise, by the name of the part.
        things: by field: countries, organisations and their parts, agreements, projects.
        linkers: between a number and what it counts.
        breaks: words that no adjective in front of what is counted is.
        events: nouns for what people come to.
        gathered: verbs of coming and bringing together.
        origins: right before countries or bodies that people come from.
        signed, started, funded: what makes agreements, projects and money figures of an event.
        not_funding: money that is not given to anything.
        years, lasting: a duration, and what says in front that something lasts.
        parts: by the name of the part, adjectives before or behind the noun.
        of_some: behind a noun: only some of all.
        including: in front of a part of what was counted before.
        ahead: what is counted is only expected.
        elsewhere, this_time: of another event; unless this one is named beside it.
        not_people: in sentences on studies and the like.
    """

    attendees: str
    company: str
    persons: str
    trades: Mapping[str, str]
    things: Mapping[str, str]
    linkers: str
    breaks: str
    events: str
    gathered: str
    origins: str
    signed: str
    started: str
    funded: str
    not_funding: str
    years: str
    lasting: str
    parts: Mapping[str, str]
    of_some: str
    including: str
    ahead: str
    elsewhere: str
    this_time: str
    not_people: str
