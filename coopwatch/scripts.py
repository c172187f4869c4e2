"""Chinese in one script: traditional characters as simplified ones, each in its place."""

import re
from functools import lru_cache
from typing import Any

_HAN = re.compile(r"[\u4e00-\u9fff]")


def simplify(text: str) -> str:
    """Return a text in simplified characters, of the same length, so that offsets stay what they were."""
    if not _HAN.search(text):
        return text
    simplified: str = _converter().convert(text)
    return simplified if len(simplified) == len(text) else text


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC  # its dictionaries are read only where Chinese is

    return OpenCC("t2s")
