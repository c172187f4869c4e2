"""Answers of one key each: from a terminal as they are pressed, from any other input line by line."""

import os
import re
import select
import sys
import termios
import tty
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_END = "\x04"  # Ctrl-D
_WITHOUT_LETTER = re.compile(r"\x1b(?:\[[0-?]{0,16}[@-~]|O.|.)?")  # what arrows and function keys send
_AT_ONCE = 1024  # bytes
_GLANCE_SECONDS = 0.5


class Keys:
    """Reads one key after the other from standard input; `reading_keys` gives one."""

    def __init__(self) -> None:
        self._ahead: deque[str] = deque()

    def read(self, prompt: str) -> str:
        """Ask, and return the next key in lower case; "q" when the input ends."""
        print(prompt, end="", flush=True)
        try:
            while not self._ahead:
                self._ahead.extend(_read_terminal() if sys.stdin.isatty() else _read_line())
            key = self._ahead.popleft()
        except EOFError:
            key = "q"
        print(key)
        return key


@contextmanager
def reading_keys() -> Iterator[Keys]:
    """Give what reads keys; a terminal hands them over one by one meanwhile, and shows none itself.

    That holds between two questions too: what is pressed ahead of one is not lost.
    """
    if not sys.stdin.isatty():
        yield Keys()
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        yield Keys()
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _read_terminal() -> str:
    # an interrupt that comes right before a read would wait for the next key
    while not select.select([sys.stdin], [], [], _GLANCE_SECONDS)[0]:
        pass
    pressed = os.read(sys.stdin.fileno(), _AT_ONCE).decode(errors="ignore")
    if not pressed or pressed.startswith(_END):
        raise EOFError
    return "".join(filter(str.isprintable, _WITHOUT_LETTER.sub("", pressed))).lower().replace(" ", "")


def _read_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return "".join(filter(str.isprintable, line)).lower().replace(" ", "")
