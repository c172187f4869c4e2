"""What analysts decided of articles and events: such a decision overrules every rule.

A pin speaks for a text: what is pinned of one copy holds for the others, unless they have a pin of
their own. The latest pin on a text and an event holds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from coopwatch.identity import hash_text
from schemas.records import Coverage, Dossier, Evidence, Pin, PinKind, Record

RULES = "rules"
"""The actor of what no analyst decided."""


class StandingPin(Pin):
    """A pin in force, on the event that holds now what it was given for, with its article's text."""

    text_group_id: str | None = None


class Ruling(Record):
    """What pins say of one article: the events that it is on in any case, and those it may not be on."""

    forced: tuple[StandingPin, ...] = ()
    barred: frozenset[str] = frozenset()

    def allow(self, event_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the events that the article may be on."""
        return tuple(event_id for event_id in event_ids if event_id not in self.barred)


class Pins:
    """Pins in force, to be asked by article and text.

    Args:
        standing: in any order; see `Warehouse.read_pins`.
    """

    def __init__(self, standing: Iterable[StandingPin] = ()) -> None:
        self._by_article: dict[str, list[StandingPin]] = defaultdict(list)
        self._by_text: dict[str, list[StandingPin]] = defaultdict(list)
        for pin in sorted(standing, key=lambda pin: (pin.created_at, pin.pin_id)):
            self._by_article[pin.article_id].append(pin)
            if pin.text_group_id is not None:
                self._by_text[pin.text_group_id].append(pin)

    @property
    def forced_ids(self) -> frozenset[str]:
        """The events that some article must be on."""
        pins = (pin for some in self._by_article.values() for pin in some)
        return frozenset(pin.event_id for pin in pins if pin.kind == "must_link")

    def rule(self, article_id: str, text_group_id: str) -> Ruling:
        """Return what the pins say of an article that carries a text."""
        latest = {pin.event_id: pin for pin in self._by_text.get(text_group_id, ())}
        latest |= {pin.event_id: pin for pin in self._by_article.get(article_id, ())}
        return Ruling(
            forced=tuple(pin for _, pin in sorted(latest.items()) if pin.kind == "must_link"),
            barred=frozenset(pin.event_id for pin in latest.values() if pin.kind == "cannot_link"),
        )

    def rule_on(self, row: Coverage) -> Ruling:
        """Return what the pins say of an article on an event."""
        return self.rule(row.article_id, row.text_group_id)


def find_barred(dossiers: Iterable[Dossier], pins: Pins) -> Iterator[tuple[str, str]]:
    """Yield the pairs of events that may not become one: a text on the one may not be on the other."""
    for dossier in dossiers:
        for row in dossier.coverage:
            yield from ((dossier.event.event_id, event_id) for event_id in pins.rule_on(row).barred)


def make_pin(
    kind: PinKind, article_id: str, event_id: str, now: datetime, *, actor: str, note: str = ""
) -> Pin:
    """Return the pin by which an analyst decides of an article and an event."""
    return Pin(
        pin_id="p-" + hash_text(article_id, event_id, kind, now.isoformat()),
        kind=kind,
        article_id=article_id,
        event_id=event_id,
        actor=actor,
        note=note,
        created_at=now,
    )


def explain_pin(pin: Pin) -> Evidence:
    """Return a pin as the evidence for a link."""
    told = f"{pin.event_id}, {pin.kind.replace('_', ' ')}, by {pin.actor} on {pin.created_at:%Y-%m-%d}"
    return Evidence(label="pin", value=told, quote=pin.note or None)
