"""Which sources have been silent for too long: silence is an alarm, not a quiet day."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from schemas.records import PollState, Record, Source

_UNSET_FACTOR = 3  # longest intervals without any success, where the operator expects nothing in particular
_UNSET_WEIGHT = 3.0  # of failures, for a source that has never been polled with success


class Silence(Record):
    """A source that has been silent for too long.

    Attributes:
        source_id: of the source.
        since: when it was last heard; None if never.
        line: what is wrong, for a person.
        last_new_entry_at: when it last brought something new, which names the silence; None if never.
    """

    source_id: str
    since: datetime | None
    line: str
    last_new_entry_at: datetime | None = None


def find_silent(
    sources: Iterable[Source], states: Mapping[str, PollState], now: datetime
) -> tuple[Silence, ...]:
    """Return the sources that are silent, in the order given.

    A source is silent when it could not be polled, or brought nothing new, for longer than its
    `expect.silent_after`. Where that is not set, only polls count, and for three of its longest
    intervals. A source that was not polled yet is not silent.

    Args:
        sources: the registry.
        states: by source id.
        now: the time of the question.
    """
    found: list[Silence] = []
    for source in sources:
        if state := states.get(source.id):
            silence = _miss_success(source, state, now) or _miss_entries(source, state, now)
            if silence:
                found.append(silence.model_copy(update={"last_new_entry_at": state.last_new_entry_at}))
    return tuple(found)


def _miss_success(source: Source, state: PollState, now: datetime) -> Silence | None:
    limit = source.expect.silent_after or source.poll.max * _UNSET_FACTOR
    since = state.last_success_at
    if since is None:
        is_silent, span = state.failure_weight >= _UNSET_WEIGHT, "so far"
    else:
        is_silent, span = now - since > limit, f"for {_say(now - since)}"
    because = f" ({state.last_error})" if state.last_error else ""
    line = f"{source.id}: no poll has succeeded {span}{because}"
    return Silence(source_id=source.id, since=since, line=line) if is_silent else None


def _miss_entries(source: Source, state: PollState, now: datetime) -> Silence | None:
    limit, since = source.expect.silent_after, state.last_new_entry_at
    if limit is None or state.last_success_at is None:
        return None
    if since is None:
        return Silence(source_id=source.id, since=None, line=f"{source.id}: has never brought an entry")
    line = f"{source.id}: nothing new for {_say(now - since)}, expected within {_say(limit)}"
    return Silence(source_id=source.id, since=since, line=line) if now - since > limit else None


def _say(span: timedelta) -> str:
    """Return a span in the largest unit of which it has two."""
    minutes = round(span.total_seconds() / 60)
    for unit, size in (("days", 1440), ("hours", 60)):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}"
    return f"{minutes} minutes"
