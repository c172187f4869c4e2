"""The version of the gate, told without importing Great Expectations."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

# what decides whether a row of a batch is rejected: the rules, and what they are shown
_DECISIVE = ("checking.py", "frames.py", "library.py", "rules.py", "suites.py")


@cache
def gate_version() -> str:
    """Return what changes whenever the gate may decide otherwise: its rules or its library changed."""
    folder = Path(__file__).parent
    digest = hashlib.sha256(version("great-expectations").encode())
    for name in _DECISIVE:
        digest.update((folder / name).read_bytes())
    return "gate-" + digest.hexdigest()[:12]
