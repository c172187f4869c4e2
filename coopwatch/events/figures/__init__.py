"""The quantities that a text states of its event: people, countries, agreements, money, years."""

from coopwatch.events.figures.finding import find_figures

__all__ = ["find_figures"]
