"""Articles that turn out to tell of another event than the one that they are on."""

from collections.abc import Collection
from datetime import datetime

from coopwatch.events.moving import RULE_VERSION, IdentityError, follow_texts, move_articles
from coopwatch.events.pins import make_pin
from coopwatch.events.resolution import by_publication
from coopwatch.identity import hash_text
from schemas.records import Dossier, Event, IdentityChange, Pin, Record


class Split(Record):
    """What stays of an event, what is an event of its own now, and the pins that keep them apart."""

    dossier: Dossier
    part: Dossier
    change: IdentityChange
    pins: tuple[Pin, ...]


def split_event(
    dossier: Dossier, article_ids: Collection[str], now: datetime, *, reason: str, actor: str
) -> Split:
    """Make articles of an event an event of their own.

    Every copy of their texts goes with them: it tells of the same event. The new id follows from the
    article that was published first, from the event and the time. Pins keep each article off the old
    event and on the new one.

    Args:
        dossier: the event, whole.
        article_ids: articles on it.
        now: the time of the decision.
        reason: why, in one line.
        actor: the analyst.

    Raises:
        IdentityError: an article is not on the event, or nothing would stay on it.
    """
    going = follow_texts(dossier, article_ids)
    event_id = dossier.event.event_id
    if len(going) == len({row.article_id for row in dossier.coverage}):
        raise IdentityError(
            f"nothing would stay on {event_id}; these are all its articles, or copies of them"
        )
    founder = min((row for row in dossier.coverage if row.article_id in going), key=by_publication)
    part_id = "e-" + hash_text(founder.article_id, event_id, now.isoformat())
    opened = dossier.event.model_copy(
        update={"event_id": part_id, "first_seen_at": now, "revision": 0, "merged_into": None}
    )
    moved = move_articles(
        dossier, Dossier(event=_identify(opened, dossier, going)), going, now, reason, actor
    )
    return Split(
        dossier=moved.source,
        part=moved.target,
        change=IdentityChange(
            kind="split",
            event_id=event_id,
            other_event_id=part_id,
            article_ids=moved.article_ids,
            actor=actor,
            rule_version=RULE_VERSION,
            reason=reason,
        ),
        pins=tuple(
            pin
            for article_id in moved.article_ids
            for pin in (
                make_pin("cannot_link", article_id, event_id, now, actor=actor, note=reason),
                make_pin("must_link", article_id, part_id, now, actor=actor, note=reason),
            )
        ),
    )


def _identify(event: Event, dossier: Dossier, going: Collection[str]) -> Event:
    """Return a split-off event as one of the series only if one of its texts names that.

    A text that names no series claims a kind.
    """
    plain = {claim.text_group_id for claim in dossier.claims if claim.field == "kind"}
    texts = {row.text_group_id for row in dossier.coverage if row.article_id in going}
    return event.model_copy(update={"series": None}) if texts <= plain else event
