"""Names of persons and bodies, and words in quotation marks, as parts of patterns."""
# ruff: noqa: E501 - a pattern

import re

_UPPER = "A-ZÀ-ÖØ-ÞĀŁŚŠŽА-ЯЁ"
_PARTICLES = "de|del|della|da|do|dos|das|di|van|von|der|den|bin|ibn|al|el|la|le|les|des|du|of|for|and|the|on|y|e|et|und|für|zu"
_WORD = rf"[{_UPPER}][\w&’'-]{{0,30}}"
_LINK = r"(?:de|del|da|van|von|der|bin|al|el)"
NAME = rf"{_WORD}(?:\ (?:(?:{_PARTICLES})\ ){{0,2}}{_WORD}){{0,9}}"
"""A name in Latin or Cyrillic letters: of a body, a programme, a person."""
PERSON = rf"(?:{_WORD}|[{_UPPER}]\.)(?:\ (?:{_LINK}\ ){{0,2}}(?:{_WORD}|[{_UPPER}]\.)){{1,3}}"
"""A name of a person: two to four words."""
QUOTED = (
    '“(?P<q1>[^“”]{3,160})”|"(?P<q2>[^"\n]{3,160})"|«\\s?(?P<q3>[^«»]{3,160}?)\\s?»'
    "|„(?P<q4>[^„“”]{3,160})[“”]|《(?P<q5>[^《》]{2,80})》|「(?P<q6>[^「」]{2,80})」|『(?P<q7>[^『』]{2,80})』"
    "|(?<!\\w)‘(?P<q8>[^‘’]{3,120})’|(?<!\\w)'(?P<q9>[^'\n]{3,120})'"
)
"""Words in quotation marks of any kind; the group that is set holds them."""


def read_quoted(match: re.Match[str]) -> str:
    """Return the words between the quotation marks of a match of a pattern with `QUOTED`."""
    return next((words for at in range(1, 10) if (words := match[f"q{at}"])), "").strip(" ,.，。")
