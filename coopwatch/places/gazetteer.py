"""The towns that have a name in many languages, from config/places.tsv.

The table holds some 6,000 towns of at least 100,000 people, the capitals, and the smaller seats of
this field. A name alone proves nothing, because most names are also words: it counts only where a
sentence puts something in a place, which `coopwatch.places` finds.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from coopwatch.errors import ConfigError
from coopwatch.settings import CONFIG_DIR
from coopwatch.wording import word_fault

_TABLE = CONFIG_DIR / "places.tsv"
_COLUMNS = ("name", "country", "thousands", "latin", "cyrillic", "arabic", "han", "kana", "hangul")
SCRIPTS = _COLUMNS[3:]
_OWN_NAME = 100  # times as many people count under the town's own name as under another town's by-name
_DOMINANT = 3  # times as big must a town be for its name to mean it
_PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "-": " ", "‐": " ", "–": " ", "’": "'"}
    | {"ё": "е", "Ё": "Е"}
    | dict(zip("أإآٱ", "اااا", strict=True))
)  # fmt: skip
_KANA = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"), ("・", ""), ("＝", ""))


class Town(NamedTuple):
    """A town under its one name; `country` is None where several countries have such a town."""

    name: str
    country: str | None


class _Row(NamedTuple):
    name: str
    country: str
    thousands: int


def find_town(name: str, script: str, country: str | None = None) -> Town | None:
    """Return the town that a name means.

    Args:
        name: as written, without case endings.
        script: one of `SCRIPTS`.
        country: ISO 3166 code of the country that the text gives; None when it gives none.

    Returns:
        None when the table has no such town, or none in that country.

    Raises:
        ConfigError: config/places.tsv is missing or damaged.
    """
    rows = _load_names(script).get(fold_name(name), ())
    if country is not None:
        rows = tuple(row for row in rows if row.country == country)
    if not rows:
        return None
    first, *others = sorted(rows, key=lambda row: -_weigh(row, name))
    if all(_weigh(first, name) >= _DOMINANT * _weigh(other, name) for other in others):
        return Town(first.name, first.country)
    if len({row.country for row in rows}) == 1:
        return Town(first.name, first.country)
    return Town(first.name, None) if len({row.name for row in rows}) == 1 else None


def longest_name(script: str) -> int:
    """Return the length of the longest name in a script."""
    return max(map(len, _load_names(script)))


def fold_name(name: str) -> str:
    """Return a name without case, accents, hyphens and other ways to write the same."""
    plain = name.translate(_PLAIN)
    if plain.isascii():
        return plain.casefold()
    if "\u30a0" <= plain[0] <= "\u30ff":
        for variant, form in _KANA:
            plain = plain.replace(variant, form)
        return plain
    if plain[0] >= "\u0400":  # decomposing would break Hangul and й
        return plain.casefold()
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter)
    ).casefold()


def _weigh(row: _Row, name: str) -> int:
    return max(1, row.thousands) * (_OWN_NAME if fold_name(row.name) == fold_name(name) else 1)


@lru_cache(maxsize=len(SCRIPTS))
def _load_names(script: str, path: Path = _TABLE) -> Mapping[str, tuple[_Row, ...]]:
    """Return the towns by their folded names in one script; the Latin names are those of all towns."""
    column = _COLUMNS.index(script)
    by_name: dict[str, tuple[_Row, ...]] = {}
    for row, names in read_table(path, column):
        for name in dict.fromkeys(map(fold_name, names)):
            by_name[name] = (*by_name.get(name, ()), row)
    return by_name


def read_table(path: Path, column: int) -> Iterator[tuple[_Row, list[str]]]:
    """Yield the towns of a table that have names in one of its columns, with those names.

    Raises:
        ConfigError: the table is missing or damaged: names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {word_fault(error)}") from None
    for number, line in enumerate(lines, 1):
        if line.startswith("#") or not line:
            continue
        cells = line.split("\t")
        if len(cells) != len(_COLUMNS) or not cells[2].isdigit():
            raise ConfigError(
                f"{path}: line {number}: not {len(_COLUMNS)} columns with a number in the third"
            )
        names = [name for name in cells[column].split("|") if name]
        if _COLUMNS[column] == "latin":
            names.append(cells[0])
        if names:
            yield _Row(cells[0], cells[1], int(cells[2])), names
