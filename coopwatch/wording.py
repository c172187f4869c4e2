"""Words for events that alerts and reports share, and for what went wrong with a file."""

from collections.abc import Sequence

from schemas.records import Coverage, Dossier, Event


def name_event(event: Event) -> str:
    """Return the event's name with its edition: "first" and "second" are different events."""
    name = fold(event.name)
    return name if event.edition is None else f"{name} (edition {event.edition})"


def format_dates(event: Event) -> str:
    """Return the event's days as one short text, empty when they are unknown."""
    start, end = event.start_date, event.end_date
    if start is None:
        return ""
    return f"{start}" if end in (None, start) else f"{start} to {end}"


def format_facts(event: Event) -> str:
    """Return what kind of event it is, when and where, as far as known."""
    return " · ".join(
        filter(
            None,
            (event.kind, format_dates(event), fold(", ".join(filter(None, (event.place, event.country))))),
        )
    )


def format_counts(event: Event) -> str:
    """Return how many voices tell of the event, in how many texts and articles."""
    return (
        f"{count(event.independent_sources, 'independent source')}, "
        f"{count(event.text_groups, 'text')}, {count(event.articles, 'article')}"
    )


def group_coverage(dossier: Dossier) -> dict[str, list[Coverage]]:
    """Return coverage by text group, the earliest row of each first, and the earliest group first."""
    groups: dict[str, list[Coverage]] = {}
    for row in sorted(
        dossier.coverage, key=lambda row: (row.published_at is None, row.published_at, row.url)
    ):
        groups.setdefault(row.text_group_id, []).append(row)
    return groups


def name_origin(rows: Sequence[Coverage]) -> str:
    """Return who published the text of a group first, and whose text it is."""
    issuer = next((row.issuer for row in rows if row.issuer), None)
    distributor = next((row.distributor for row in rows if row.distributor), None)
    via = " via ".join(filter(None, (issuer, distributor)))
    return fold(rows[0].publisher + (f" (text of {via})" if via else ""))


def count(number: int, noun: str) -> str:
    """Return "1 noun" or "N nouns"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def fold(text: str) -> str:
    """Return text on one line."""
    return " ".join(text.split())


def shorten(text: str, limit: int) -> str:
    """Return text on one line, cut at a word where it is longer than `limit` characters."""
    folded = fold(text)
    return folded if len(folded) <= limit else folded[:limit].rsplit(" ", 1)[0] + " …"


def word_fault(error: Exception) -> str:
    """Return in a few plain words why a file cannot be read or written, without its name."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else fold(str(error)) or type(error).__name__
