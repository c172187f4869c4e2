"""Starts runs that may be killed at any moment: forked from a server that has imported everything.

A fork is a process like any other, with its own streams and its own group, in which its workers are. It
begins its work at once, so that a kill at a random instant hits work and not imports.
"""

import os
import signal
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path

PLACE_CHARS = 8
_IMPORTED_LATE = (
    "apprise",
    "coopwatch.events.book",
    "coopwatch.events.doubles",
    "coopwatch.fingerprints",
    "coopwatch.relevance",
    "coopwatch.syndication",
    "great_expectations",
)


class Run:
    """One run as a process.

    Args:
        arguments: of `coopwatch`; none for the stages alone, without Prefect, which tell where they are.
        environment: what is different from the environment here.
        log: where its output goes.
    """

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._place = log.with_name("place")
        self._place.write_text("start".ljust(PLACE_CHARS))
        self.is_command = bool(arguments)
        self._process = _make_context().Process(
            target=_begin, args=(list(arguments), dict(environment), str(self._place), str(log))
        )
        self._process.start()

    @property
    def place(self) -> str:
        """The stage that it is in, or the last one that it was in."""
        return "command" if self.is_command else self._place.read_text().strip()

    def wait(self, seconds: float) -> int | None:
        """Return its exit status; None if it is still at work after some time."""
        self._process.join(seconds)
        return self._process.exitcode

    def kill(self) -> None:
        """Kill it with all its workers."""
        pid = self._process.pid
        assert pid
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:  # it has not come to make a group of its own
            os.kill(pid, signal.SIGKILL)
        self._process.join()


def _make_context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.soak.driver", *_IMPORTED_LATE])
    return context


def _begin(arguments: list[str], environment: dict[str, str], place: str, log: str) -> None:
    from tests.soak.driver import be_the_command, be_the_stages

    os.setsid()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    if arguments:
        be_the_command(arguments)
    else:
        be_the_stages(place)
