"""Dates in running text, by an own grammar: general date parsers invent dates.

Only what names a month, or a day that the publication day pins down, is a date of anything; a bare
year is not.
"""

from coopwatch.dates.mentions import find_dates

__all__ = ["find_dates"]
