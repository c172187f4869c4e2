"""What follows at once from an analyst's decision on an article and an event."""

from collections.abc import Sequence
from datetime import datetime

from coopwatch.events.merging import Merged, merge_events
from coopwatch.events.moving import RULE_VERSION, IdentityError, Moved, follow_texts, move_articles
from coopwatch.events.pins import StandingPin, make_pin
from coopwatch.events.splitting import Split, split_event
from schemas.records import Dossier, IdentityChange, Pin, PinKind, Record


class Pinned(Record):
    """A pin, its line in the ledger, and what changed with it, if anything did."""

    pin: Pin
    change: IdentityChange
    merged: Merged | None = None
    moved: Moved | None = None
    split: Split | None = None


def pin_article(
    kind: PinKind,
    article_id: str,
    target: Dossier,
    sources: Sequence[Dossier],
    now: datetime,
    *,
    actor: str,
    note: str = "",
) -> Pinned:
    """Pin an article to an event, or off it.

    An article that must be on the event moves there with all copies of its text; an event that would be
    left with nothing is merged. An article that cannot be on the event leaves it for one of its own. An
    article that is on no event waits until it is linked.

    Args:
        kind: must_link or cannot_link.
        article_id: the article.
        target: the event, whole.
        sources: the events that the article is on, or the one of them that it should leave.
        now: the time of the decision.
        actor: the analyst.
        note: why.

    Raises:
        IdentityError: the article is on several events, or is all that the event has.
    """
    pin = make_pin(kind, article_id, target.event.event_id, now, actor=actor, note=note)
    event_id = target.event.event_id
    others = [source for source in sources if source.event.event_id != event_id]
    is_on_it = len(others) < len(sources)
    reason = note or f"{kind.replace('_', ' ')}, by {actor}"
    if kind == "cannot_link":
        split = split_event(target, [article_id], now, reason=reason, actor=actor) if is_on_it else None
        return Pinned(pin=pin, change=_tell(pin, split.change if split else None), split=split)
    if is_on_it or not others:
        return Pinned(pin=pin, change=_tell(pin))
    if len(others) > 1:
        known = ", ".join(source.event.event_id for source in others)
        raise IdentityError(f"{article_id} is on {known}: say which of them it should leave")
    source = others[0]
    if len(follow_texts(source, [article_id])) == len({row.article_id for row in source.coverage}):
        merged = merge_events(target, source, now, reason=reason, actor=actor)
        return Pinned(pin=pin, change=_tell(pin, merged.change), merged=merged)
    moved = move_articles(source, target, [article_id], now, reason, actor)
    change = _tell(pin).model_copy(
        update={"other_event_id": source.event.event_id, "article_ids": moved.article_ids}
    )
    return Pinned(pin=pin, change=change, moved=moved)


def find_obstacles(one: Dossier, other: Dossier, pins: Sequence[StandingPin]) -> tuple[StandingPin, ...]:
    """Return the pins that keep two events apart."""
    ends = {one.event.event_id, other.event.event_id}
    texts = {
        dossier.event.event_id: {row.text_group_id for row in dossier.coverage} for dossier in (one, other)
    }
    return tuple(
        pin
        for pin in pins
        if pin.kind == "cannot_link"
        and pin.event_id in ends
        and any(pin.text_group_id in texts[event_id] for event_id in ends - {pin.event_id})
    )


def _tell(pin: Pin, follows: IdentityChange | None = None) -> IdentityChange:
    return IdentityChange(
        kind="pin",
        event_id=follows.event_id if follows else pin.event_id,
        other_event_id=follows.other_event_id if follows else None,
        article_ids=(pin.article_id,),
        actor=pin.actor,
        rule_version=RULE_VERSION,
        reason=f"{pin.article_id} {pin.kind.replace('_', ' ')} {pin.event_id}"
        + (f": {pin.note}" if pin.note else ""),
    )
