"""When the address of a source is taken to have moved: permanently, all the way, and for a week.

A redirect is a server's passing mood until it has held: sites redirect to their home page, to a login,
to a "we are back soon", and come back.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from coopwatch.fetch import is_moved_permanently
from schemas.records import Capture, PollState

HOLD = timedelta(days=7)  # that a move has to hold before the source is polled at its new address

_GIVEN_UP_AT_WEIGHT = 3.0  # of failures at a new address; then the registry's is asked again


class Move(NamedTuple):
    """Where a source stands between two addresses; the fields are those of `PollState`."""

    moved_to: str | None = None
    moved_since: datetime | None = None
    current_url: str | None = None


def decide_move(state: PollState, capture: Capture, polled_at: datetime) -> Move:
    """Decide where a source is polled from now on, after a poll whose document could be read.

    The new address is taken when every redirect to it was permanent and it has been the same for a week;
    at once, when all that changed is http to https. A poll that leads elsewhere starts the week anew.

    Args:
        state: before the poll.
        capture: its answer; the URL that was asked for is the one polled now.
        polled_at: the time of the poll.
    """
    stays = Move(current_url=state.current_url)
    target = capture.final_url
    if target == capture.url or not is_moved_permanently(capture):
        return stays
    if _is_upgrade(capture.url, target):
        return Move(current_url=target)
    if target != state.moved_to or state.moved_since is None:
        return Move(target, polled_at, state.current_url)
    if polled_at - state.moved_since < HOLD:
        return Move(target, state.moved_since, state.current_url)
    return Move(current_url=target)


def is_given_up(state: PollState, weight: float) -> bool:
    """Say whether a source goes back to the registry's address, having failed so much at a new one."""
    return state.current_url is not None and weight >= _GIVEN_UP_AT_WEIGHT


def _is_upgrade(url: str, target: str) -> bool:
    """Say whether two URLs differ in nothing but that the second is https."""
    here, there = urlsplit(url), urlsplit(target)
    return (
        (here.scheme, there.scheme) == ("http", "https")
        and _host(here, ":80") == _host(there, ":443")
        and (here.path or "/", here.query) == (there.path or "/", there.query)
    )


def _host(parts: SplitResult, default_port: str) -> str:
    return parts.netloc.lower().removesuffix(default_port)
