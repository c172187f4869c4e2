"""Chinese in one script: traditional characters as simplified ones, each in its place."""

from functools import lru_cache

_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


def simplify(text: str, language: str = "zh") -> str:
    """Return Chinese in simplified characters, one for one, so that offsets stay what they were.

    Args:
        text: any.
        language: a language tag; what is not Chinese is returned as it is.
    """
    if language.partition("-")[0] != "zh" or text.isascii():
        return text
    return text.translate(_load_table())


@lru_cache(maxsize=1)
def _load_table() -> dict[int, str]:
    """Return what each traditional character is in simplified ones, by OpenCC's table of characters."""
    from opencc import OpenCC  # its dictionaries are read only where Chinese is

    characters = [chr(code) for begin, end in _HAN for code in range(begin, end)]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(character): simple
        for character, simple in zip(characters, simplified, strict=True)
        if simple != character
    }
