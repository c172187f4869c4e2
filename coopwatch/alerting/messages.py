"""What an alert says of an event: what, where, when, who, how many sources, what is new, where it stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from babel import Locale

from coopwatch.alerting.rendering.safety import tidy
from coopwatch.events.claim_wording import is_outcome, name_field, word_outcome, word_status, word_values
from coopwatch.events.comparing import is_component, is_figure
from coopwatch.events.fields import resolve_fields
from coopwatch.events.news import is_disputed
from coopwatch.events.resolution import keep_current
from coopwatch.wording import (
    count,
    fold,
    format_counts,
    format_dates,
    group_coverage,
    name_event,
    name_origin,
    shorten,
)
from schemas.records import ChangeKind, Claim, Coverage, Dossier, Event, EventChange, Message, MessageLink

MAX_LINKS = 4
_TITLE_CHARS = 160
_NEWS_CHARS = 280
_VALUE_CHARS = 120
_FACTS_CHARS = 520  # all together, so that a message stays one
_HEADLINE_CHARS = 100
_PUBLISHER_CHARS = 60
_NAMES_SHOWN = 4
_TITLES: dict[ChangeKind, str] = {  # the most important first
    "new_event": "New",
    "correction": "Corrected",
    "conflict": "Sources differ",
    "changed_figure": "Another figure",
    "new_outcome": "New outcome",
    "new_source": "Another source",
}


def rank_change(change: EventChange) -> int:
    """Return how important a change is: of several, the least one gives the alert its kind and title."""
    return list(_TITLES).index(change.kind)


def make_message(changes: Sequence[EventChange], dossier: Dossier) -> Message:
    """Return what is said of an event for all that one batch changed about it.

    Args:
        changes: at least one, of this event.
        dossier: the event as it is now.
    """
    told = sorted(changes, key=rank_change)
    event = dossier.event
    groups = _order_groups(told, dossier)
    shown = groups[:MAX_LINKS]
    return Message(
        title=_shorten(f"{_TITLES[told[0].kind]}: {name_event(event)}", _TITLE_CHARS),
        news=_shorten("; ".join(_word_change(change, dossier) for change in told), _NEWS_CHARS),
        facts=list_facts(dossier),
        links=tuple(_make_link(rows) for rows in shown),
        more_links=len(groups) - len(shown),
        evidence=f"coopwatch show {event.event_id}",
    )


def _word_change(change: EventChange, dossier: Dossier) -> str:
    if change.detail:
        return fold(change.detail)
    is_new = change.kind == "new_event"
    told = "reported" if is_new else "also reported"
    brought = (row for row in dossier.coverage if row.article_id == change.article_id)
    teller = find_first(dossier) if is_new else next(brought, None)
    if teller is None:
        return f"{told} by an article"
    copies = group_coverage(dossier)[teller.text_group_id]
    who = name_origin(sorted(copies, key=lambda row: row.article_id != teller.article_id))
    day = f" on {teller.published_at:%Y-%m-%d}" if teller.published_at else ""
    return f"{told} by {who}{day}"


def find_first(dossier: Dossier) -> Coverage | None:
    """Return the coverage that was published first; None if there is none.

    What has no time counts from when the event was first seen; of two at the same time, what was linked
    first. The article that an event was founded on is only the one that happened to be read first.
    """
    seen_at = dossier.event.first_seen_at
    return min(dossier.coverage, key=lambda row: row.published_at or seen_at, default=None)


def _order_groups(changes: Sequence[EventChange], dossier: Dossier) -> list[list[Coverage]]:
    """Return the coverage by text, that which brought the changes first, and each text by its bringer."""
    groups = list(group_coverage(dossier).values())
    if any(change.kind == "new_event" for change in changes):
        return groups
    brought = {change.article_id for change in changes}
    ordered = [sorted(rows, key=lambda row: row.article_id not in brought) for rows in groups]
    return sorted(ordered, key=lambda rows: rows[0].article_id not in brought)


def _make_link(rows: Sequence[Coverage]) -> MessageLink:
    return MessageLink(
        publisher=_name_publisher(rows),
        title=_shorten(rows[0].title, _HEADLINE_CHARS),
        url=rows[0].url,
        note=f"and {count(len(rows) - 1, 'reprint')}" if len(rows) > 1 else "",
    )


def _name_publisher(rows: Sequence[Coverage]) -> str:
    """Return the publisher with as much of the origin of its text as there is room for."""
    text_of = [row.model_copy(update={"distributor": None}) for row in rows]
    named = (name_origin(rows), name_origin(text_of), rows[0].publisher)
    return _shorten(
        next((one for one in named if len(one) <= _PUBLISHER_CHARS), rows[0].publisher), _PUBLISHER_CHARS
    )


def list_facts(dossier: Dossier) -> tuple[tuple[str, str], ...]:
    """Return what is known of an event, the most important first, as far as a message has room."""
    return tuple(_limit(_list_facts(dossier)))


def _list_facts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    event = dossier.event
    claims = keep_current(dossier.claims)
    yield "What", event.kind
    yield "Where", word_place(event)
    yield "When", format_dates(event)
    yield "Who", _word_list([name_country(code) for code in event.participants])
    yield "Sources", format_counts(event)
    yield from _list_figures_and_disputes(dossier, claims)
    yield "Outcomes", "; ".join(dict.fromkeys(word_outcome(c) for c in claims if is_outcome(c.field)))
    yield "Organisers", _word_names(c for c in claims if c.field == "organisers")
    yield "Taking part", _word_names(c for c in claims if c.field.startswith("participants."))


def _limit(facts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield what is known as long as there is room."""
    room = _FACTS_CHARS
    for label, value in facts:
        short = _shorten(value, _VALUE_CHARS)
        if short and len(label) + len(short) <= room:
            room -= len(label) + len(short)
            yield label, short


def word_place(event: Event) -> str:
    """Return where an event is, with the English name of the country; empty if nobody knows."""
    country = name_country(event.country) if event.country else None
    return ", ".join(filter(None, (event.place, country)))


def _list_figures_and_disputes(dossier: Dossier, claims: Iterable[Claim]) -> Iterator[tuple[str, str]]:
    """Yield what is said of each field that is a figure, or about which texts differ; disputes first."""
    by_key: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if (is_figure(claim) and not is_component(claim.field)) or is_disputed(claim):
            by_key[claim.field, claim.unit or ""].append(claim)
    resolved = {(field.field, field.unit or ""): field for field in resolve_fields(dossier)}
    for key in sorted(by_key, key=lambda key: not any(map(is_disputed, by_key[key]))):
        field = resolved[key]
        standing = word_status(field.status)
        voices = count(field.voices, "source")
        if field.status in ("agrees", "compatible"):
            standing = f"{voices} agree" if field.status == "agrees" else f"{voices}, compatible"
        elif field.status == "only":
            standing = voices
        elif field.low is not None and field.high is not None:
            standing += f", {field.low:g} to {field.high:g}"
        yield name_field(key[0]).capitalize(), f"{word_values(by_key[key])} ({standing})"


def _word_names(claims: Iterable[Claim]) -> str:
    """Return names with what they do there, each once."""
    roles = {fold(claim.value): claim.field.partition(".")[2] or claim.qualifier or "" for claim in claims}
    return _word_list([f"{name} ({role})" if role else name for name, role in roles.items()])


def _word_list(names: Sequence[str]) -> str:
    if len(names) <= _NAMES_SHOWN + 1:  # "1 more" takes the room of a name
        return ", ".join(names)
    return ", ".join([*names[:_NAMES_SHOWN], f"{len(names) - _NAMES_SHOWN} more"])


@lru_cache(maxsize=1)
def _load_country_names() -> dict[str, str]:
    return dict(Locale("en").territories)


def is_country(code: str) -> bool:
    """Tell whether a participant is a country, or the European Union, rather than an organisation."""
    return code in _load_country_names()


def name_country(code: str) -> str:
    """Return the English name of a country; what is no country keeps its own."""
    return _load_country_names().get(code, code)


def _shorten(text: str, limit: int) -> str:
    return shorten(tidy(text), limit)
