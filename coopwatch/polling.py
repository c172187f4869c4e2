"""When a source is polled next, and what is remembered of a poll. Pure decisions, no network.

The interval is the longest of what the operator, the feed and the server ask for, and of the rhythm in
which the source brings something new, within the operator's bounds. Failures are weighed, so that a name
that does not resolve for a minute counts less than a page that is no feed, and each makes the next wait
longer; no source is given up for good, and a server's Retry-After is never shortened.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from coopwatch.conditions import read_validator, settle_suspicion
from coopwatch.fairness import host_key
from coopwatch.intervals import (
    back_off,
    count_steady_polls,
    decide_factor,
    decide_interval,
    failure_weight,
    freshness,
    spread,
)
from coopwatch.moves import decide_move, is_given_up
from schemas.records import Capture, Failure, PollBounds, PollState, Source

_EARLY_SHARE, _EARLY_MAX = 0.05, timedelta(seconds=60)
_SPREAD = 0.1  # of the wait, so that sources that failed together do not come back together
_NEVER = datetime.min.replace(tzinfo=UTC)


# --- which sources, in which order


def select_due(
    sources: Iterable[Source], states: Mapping[str, PollState], now: datetime
) -> tuple[Source, ...]:
    """Return the sources whose time has come, the longest overdue first, hosts taking turns.

    A source that is well may be up to 5 % of its interval (at most 60 s) early; else a schedule as long
    as the interval would meet it a second too soon, and poll it only every other time.

    Args:
        sources: the registry.
        states: by source id; a source without a state was never polled and is due.
        now: the time of the run.
    """
    due = [source for source in sources if _is_due(states.get(source.id), now)]
    due.sort(key=lambda source: (_due_at(states.get(source.id)), source.id))
    queues: dict[str, deque[Source]] = {}
    for source in due:
        queues.setdefault(host_key(address_of(source, states.get(source.id))), deque()).append(source)
    turns: list[Source] = []
    while queues:
        turns += [queue.popleft() for queue in queues.values()]
        queues = {host: queue for host, queue in queues.items() if queue}
    return tuple(turns)


def _due_at(state: PollState | None) -> datetime:
    return state.next_poll_at if state and state.next_poll_at else _NEVER


def _is_due(state: PollState | None, now: datetime) -> bool:
    if state is None or state.next_poll_at is None:
        return True
    early = timedelta(0)
    if not state.last_error:  # what failed may have been told when to come back
        early = min(timedelta(seconds=(state.interval_seconds or 0.0) * _EARLY_SHARE), _EARLY_MAX)
    return state.next_poll_at <= now + early


# --- what is asked


def address_of(source: Source, state: PollState | None) -> str:
    """Return the URL at which a source is polled: the registry's, unless a permanent move has held."""
    return (state and state.current_url) or source.url


# --- what is remembered


def after_success(
    source: Source,
    state: PollState | None,
    capture: Capture,
    *,
    body_sha256: str,
    ttl: timedelta | None,
    now: datetime,
    polled_at: datetime,
) -> PollState:
    """Return what to remember of a poll whose body was read; see also `adapt_interval`.

    Args:
        source: the source.
        state: before the poll.
        capture: what came.
        body_sha256: of the body; the same body is not read again.
        ttl: what the feed asks for.
        now: the time of the run, from which the interval counts: a schedule must not drift by the
            time that a run takes.
        polled_at: the time of this poll.
    """
    state = state or PollState(source_id=source.id)
    asked = max(ttl or timedelta(0), freshness(capture, polled_at))
    interval = decide_interval(source.poll, asked, _rhythm(source, state))
    return _succeed(state, capture, interval, now=now, polled_at=polled_at).model_copy(
        update={
            "ttl_seconds": asked.total_seconds(),
            "etag": read_validator(capture, "etag"),
            "last_modified": read_validator(capture, "last-modified"),
            "body_sha256": body_sha256,
            "not_modified_polls": 0,
        }
    )


def after_not_modified(
    source: Source, state: PollState, capture: Capture, *, now: datetime, polled_at: datetime
) -> PollState:
    """Return what to remember of a poll that found what was known: a 304, or the same body once more.

    What the feed asked for when it was last read still holds. That all of it was known tells of its
    rhythm as much as a document does that was read.
    """
    asked = max(timedelta(seconds=state.ttl_seconds or 0.0), freshness(capture, polled_at))
    interval = decide_interval(source.poll, asked, _rhythm(source, state))
    factor = decide_factor(count_steady_polls(state, polled_at), entries=1, new_entries=0)
    interval = decide_interval(source.poll, interval * factor)
    is_304 = capture.status == HTTPStatus.NOT_MODIFIED
    return _succeed(state, capture, interval, now=now, polled_at=polled_at).model_copy(
        update={
            "ttl_seconds": asked.total_seconds(),
            # an answer without validators does not take back the ones that are known (RFC 9111 3.2)
            "etag": read_validator(capture, "etag") or state.etag,
            "last_modified": read_validator(capture, "last-modified") or state.last_modified,
            "not_modified_polls": state.not_modified_polls + 1 if is_304 else 0,
        }
    )


def after_failure(
    source: Source, state: PollState | None, failure: Failure, polled_at: datetime
) -> PollState:
    """Return what to remember of a poll that failed.

    The wait doubles with every full weight, up to the source's longest interval; a Retry-After that is
    longer holds. Both get a spread of up to 10 %, which is computed, so that a replay decides the same.
    """
    state = state or PollState(source_id=source.id)
    weight = state.failure_weight + failure_weight(failure)
    factor = spread(_SPREAD, source.id, polled_at.isoformat())
    wait = min(back_off(source.poll, weight) * factor, source.poll.max)
    failed = state.model_copy(
        update={
            "next_poll_at": polled_at + max(wait, _asked_wait(failure) * factor),
            "last_polled_at": polled_at,
            "failure_weight": weight,
            "last_error": failure.reason,
            "steady_polls": 0,
        }
    )
    if is_given_up(state, weight):
        # what the new address said of its document would be false of the old one's
        forgotten = ("current_url", "moved_to", "moved_since", "etag", "last_modified", "body_sha256")
        failed = failed.model_copy(update=dict.fromkeys(forgotten))
    return failed


def after_parking(source: Source, state: PollState | None, failure: Failure, now: datetime) -> PollState:
    """Return what to remember of a source that was not asked, because its host wants to be left alone.

    It counts for nothing against the source, which comes back when the host allows it.
    """
    state = state or PollState(source_id=source.id)
    factor = spread(_SPREAD, source.id, now.isoformat())
    wait = max(back_off(source.poll, 0.0), _asked_wait(failure)) * factor
    return state.model_copy(
        update={"next_poll_at": now + wait, "last_error": failure.reason, "steady_polls": 0}
    )


# --- what is known once the entries were compared with the inbox


def adapt_interval(
    state: PollState,
    *,
    entries: int,
    new_entries: int,
    minimum: timedelta,
    maximum: timedelta,
    polled_at: datetime,
) -> PollState:
    """Return a state adapted to how much of a document was new, which only the inbox can tell.

    After two successive polls close to schedule, few new entries make the interval longer and many make
    it shorter, within the bounds and never below what the publisher asks for. New entries also settle
    whether "not modified" has hidden them; see `coopwatch.conditions`.

    Args:
        state: after the poll, by `after_success`; any other comes back as it is.
        entries: how many entries the document listed.
        new_entries: how many of them were not known.
        minimum: the source's least interval.
        maximum: its longest.
        polled_at: the time of the poll.
    """
    state = settle_suspicion(state, new_entries)
    changes: dict[str, object] = {"last_new_entry_at": polled_at} if new_entries else {}
    if state.next_poll_at and state.interval_seconds:
        known = timedelta(seconds=state.interval_seconds)
        ttl = timedelta(seconds=state.ttl_seconds or 0.0)
        factor = decide_factor(state.steady_polls, entries, new_entries)
        interval = decide_interval(PollBounds(min=minimum, max=maximum), ttl, known * factor)
        if factor != 1.0 and interval != known:
            changes |= {
                "interval_seconds": interval.total_seconds(),
                "next_poll_at": state.next_poll_at + (interval - known),
            }
    return state.model_copy(update=changes)


# --- parts


def _succeed(
    state: PollState, capture: Capture, interval: timedelta, *, now: datetime, polled_at: datetime
) -> PollState:
    return state.model_copy(
        update={
            "next_poll_at": now + interval,
            "last_polled_at": polled_at,
            "last_success_at": polled_at,
            "interval_seconds": interval.total_seconds(),
            "failure_weight": 0.0,
            "last_error": None,
            "steady_polls": count_steady_polls(state, polled_at),
            **decide_move(state, capture, polled_at)._asdict(),
        }
    )


def _rhythm(source: Source, state: PollState) -> timedelta | None:
    """Return the interval that was adapted to the source, if it is longer than what was asked for."""
    asked = max(source.poll.min.total_seconds(), state.ttl_seconds or 0.0)
    known = state.interval_seconds or 0.0
    return timedelta(seconds=known) if known > asked else None


def _asked_wait(failure: Failure) -> timedelta:
    return timedelta(seconds=failure.retry_after_seconds or 0.0)
