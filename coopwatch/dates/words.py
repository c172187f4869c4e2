"""The words that dates are made of, per language: what `coopwatch.dates.grammar` compiles.

Every entry is a piece of a regular expression without groups of its own; a language is added by
adding an entry. Chinese needs no names, only numbers, and has its grammar in `coopwatch.dates.chinese`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class DateWords(NamedTuple):
    """The calendar of one language that writes with spaces."""

    months: tuple[str, ...]  # twelve, each with its abbreviations, without full stops
    weekdays: tuple[str, ...]  # seven, Monday first
    ordinal: str  # what may stand behind the number of a day
    of: str  # between day and month, and between month and year
    through: str  # between the two ends of a range
    also: str  # between two days that are a range only when they are neighbours
    near_month: str  # before a month without day or year
    last_year: str  # after a date, and likewise the next two
    this_year: str
    next_year: str
    other_year: str = "(?!)"  # likewise, where only the context knows which year is meant
    names_before: str = "(?!)"  # before a weekday that is part of a name, or of a habit
    names_after: str = "(?!)"
    relative_days: Mapping[str, int] = MappingProxyType({})
    is_month_first: bool = False  # "November 6"
    is_capitalised: bool = False  # names of months are never written small


DATE_WORDS = {
    "en": DateWords(
        months=(
            "january|jan",
            "february|feb",
            "march|mar",
            "april|apr",
            "may",
            "june|jun",
            "july|jul",
            "august|aug",
            "september|sept|sep",
            "october|oct",
            "november|nov",
            "december|dec",
        ),
        weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ordinal="st|nd|rd|th",
        of="of|of the",
        through="to|through|thru|until|till",
        also="and|&",
        near_month="in|since|until|during|early|mid|late|last|next|this",
        last_year="of last year|last year",
        this_year="of this year|this year",
        next_year="of next year|next year",
        other_year="(?:of |in )?(?:that|the same|the following|the previous) year",
        names_before="Black|Good|Cyber|Super|Ash|Palm|Easter|Bloody|Giving|[Ee]very|[Ee]ach",
        names_after="Times|Mail|Telegraph|Mirror|Express|Post|School|Night Live",
        relative_days={"yesterday": -1, "today": 0, "tomorrow": 1},
        is_month_first=True,
        is_capitalised=True,
    ),
    "fr": DateWords(
        months=(
            "janvier|janv",
            "février|fevrier|févr",
            "mars",
            "avril|avr",
            "mai",
            "juin",
            "juillet|juil",
            "août|aout",
            "septembre|sept",
            "octobre|oct",
            "novembre|nov",
            "décembre|decembre|déc",
        ),
        weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ordinal="er|ᵉʳ",
        of="de",
        through="au|à|jusqu'au|jusqu’au",
        also="et",
        near_month="en|depuis|début|mi|fin|courant",
        last_year="dernier|de l'année dernière|de l’année dernière",
        this_year="de cette année",
        next_year="prochain|de l'année prochaine|de l’année prochaine",
    ),
    "es": DateWords(
        months=(
            "enero|ene",
            "febrero|feb",
            "marzo",
            "abril|abr",
            "mayo",
            "junio|jun",
            "julio|jul",
            "agosto|ago",
            "septiembre|setiembre|sept",
            "octubre|oct",
            "noviembre|nov",
            "diciembre|dic",
        ),
        weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        ordinal="º|°",
        of="de|del",
        through="al|a|hasta el",
        also="y",
        near_month="en|desde",
        last_year="pasado|del año pasado",
        this_year="de este año",
        next_year="próximo|del próximo año",
    ),
    "de": DateWords(
        months=(
            "januar|jänner|jan",
            "februar|feb",
            "märz",
            "april|apr",
            "mai",
            "juni",
            "juli",
            "august|aug",
            "september|sept",
            "oktober|okt",
            "november|nov",
            "dezember|dez",
        ),
        weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
        ordinal=r"\.",
        of="des",
        through="bis zum|bis",
        also="und",
        near_month="im|seit|anfang|mitte|ende",
        last_year="vergangenen jahres|letzten jahres",
        this_year="dieses jahres",
        next_year="nächsten jahres|kommenden jahres",
        is_capitalised=True,
    ),
}
