"""config/series.yaml → the recurring events of the field, and where a text names them.

A name matches whatever the writer did to its case, quotation marks, hyphens, articles and "&";
another order of its words is an alias of its own. Too many bodies share too few letters: an
acronym counts only in a text that also has a full name, or where it is long and bound to an edition.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import Field, ValidationError

from coopwatch.errors import ConfigError
from coopwatch.events.editions import find_edition
from schemas.records import EventKind, Identifier, Language, Record

_TOKEN = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\.?|[^\W\d_]+|\d+|&")
_GAP = re.compile(r"[ \t\xa0\"'“”‘’«»,&/()\-‐–—]{0,4}")  # what may stand between two words of one name
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_CJK_GAP = r"[\s\"'“”‘’《》〈〉「」『』·・•—–\-]{0,2}"
_GOES_ON = re.compile(
    r"\s(?:on|for)\s+(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[JFMASOND][a-z]+\.?\s+\d)[A-Z]"
)
MAX_HITS = 200  # of one text: more is a list or an attack
_DROPPED = {"the"}
_TELLING_ACRONYM = 4  # letters from which an acronym with an edition is as good as a name


class Series(Record):
    """A recurring event, or an agreement that is renewed."""

    id: Identifier
    name: str = Field(min_length=1)
    kind: EventKind
    aliases: dict[Language, tuple[str, ...]] = Field(default_factory=dict)
    acronyms: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()  # the parties, where they make the series what it is

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all its aliases."""
        return (self.name, *(alias for aliases in self.aliases.values() for alias in aliases))


class SeriesHit(NamedTuple):
    """A place in a text that names a series; `edition` is what the same phrase says of it."""

    series: str
    start: int
    end: int
    edition: int | None


class _Token(NamedTuple):
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class SeriesRegistry:
    """All series by id, and the index that finds their names."""

    by_id: Mapping[str, Series]
    _spaced: Mapping[str, Sequence[tuple[tuple[str, ...], str]]] = field(repr=False)  # first word → names
    _cjk: re.Pattern[str] | None = field(repr=False)
    _cjk_series: Mapping[str, str] = field(repr=False)
    _acronyms: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_series(cls, series: Iterable[Series]) -> "SeriesRegistry":
        """Index the series.

        Raises:
            ValueError: two series share an id or a name.
        """
        by_id: dict[str, Series] = {}
        spaced: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        owners: dict[str, str] = {}
        cjk: dict[str, str] = {}
        acronyms: dict[str, str] = {}
        for one in series:
            if one.id in by_id:
                raise ValueError(f"{one.id}: the id is used twice")
            by_id[one.id] = one
            for name in one.names:
                folded = _fold_cjk(name) if _CJK.search(name) else " ".join(t.word for t in _tokenize(name))
                if not folded:
                    raise ValueError(f"{one.id}: {name!r} has no word to be found by")
                if owners.setdefault(folded, one.id) != one.id:
                    raise ValueError(f"{one.id}: {name!r} is also a name of {owners[folded]}")
                if _CJK.search(name):
                    cjk[folded] = one.id
                else:
                    words = tuple(folded.split())
                    spaced.setdefault(words[0], []).append((words, one.id))
            for acronym in one.acronyms:
                if acronyms.setdefault(acronym, one.id) != one.id:
                    raise ValueError(f"{one.id}: {acronym!r} is also an acronym of {acronyms[acronym]}")
        for names in spaced.values():
            names.sort(key=lambda entry: -len(entry[0]))  # the longest name wins
        longest_first = sorted(cjk, key=len, reverse=True)
        pattern = re.compile("|".join(map(_spread, longest_first)), re.IGNORECASE) if cjk else None
        return cls(by_id, spaced, pattern, cjk, acronyms)

    def find_hits(self, text: str) -> tuple[SeriesHit, ...]:
        """Return the places that name a series, in the order of the text: at most `MAX_HITS` by name.

        Acronyms are looked at as often.
        """
        tokens = _tokenize(text)
        found = chain(self._find_spaced(text, tokens), self._find_cjk(text))
        named = [
            SeriesHit(series, start, end, find_edition(text, start, end))
            for series, start, end in islice(found, MAX_HITS)
        ]
        return tuple(sorted([*named, *self._find_acronyms(text, tokens, named)], key=lambda hit: hit.start))

    def _find_acronyms(
        self, text: str, tokens: Sequence[_Token], named: Sequence[SeriesHit]
    ) -> Iterator[SeriesHit]:
        known = {hit.series for hit in named}
        short = (token for token in tokens if text[token.start : token.end] in self._acronyms)
        for _, start, end in islice(short, MAX_HITS):
            series = self._acronyms[text[start:end]]
            if any(hit.start <= start < hit.end for hit in named):
                continue
            edition = find_edition(text, start, end)
            if series in known or (edition is not None and end - start >= _TELLING_ACRONYM):
                yield SeriesHit(series, start, end, edition)

    def _find_spaced(self, text: str, tokens: Sequence[_Token]) -> Iterator[tuple[str, int, int]]:
        position = 0
        while position < len(tokens):
            for words, series in self._spaced.get(tokens[position].word, ()):
                last = position + len(words) - 1
                if last < len(tokens) and _is_phrase(text, tokens[position : last + 1], words):
                    if not _GOES_ON.match(text, tokens[last].end):
                        yield series, tokens[position].start, tokens[last].end
                    position = last
                    break
            position += 1

    def _find_cjk(self, text: str) -> Iterator[tuple[str, int, int]]:
        if self._cjk is not None and _CJK.search(text):
            for match in self._cjk.finditer(text):
                yield self._cjk_series[_fold_cjk(match.group())], match.start(), match.end()


def load_series(path: Path) -> SeriesRegistry:
    """Read the registry of recurring series.

    Raises:
        ConfigError: the file cannot be read or is wrong; names the file, the key and what is wrong.
    """
    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if (
        not isinstance(document, dict)
        or set(document) != {"series"}
        or not isinstance(document["series"], list)
    ):
        raise ConfigError(f"{path}: series: the file must hold one list under this key, and nothing else")
    series = []
    for number, row in enumerate(document["series"]):
        try:
            series.append(Series.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in (f"series[{number}]", *first["loc"]))
            raise ConfigError(f"{path}: {key}: {first['msg']} (got {first['input']!r:.80})") from None
    try:
        return SeriesRegistry.from_series(series)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None


def _tokenize(text: str) -> list[_Token]:
    """Return the words that carry a name: folded, without articles and genitive endings."""
    tokens = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = "and" if match.group() == "&" else match.group().replace(".", "").casefold()
        if word in _DROPPED or (word == "s" and text[start - 1 : start] in ("'", "’")):
            continue
        tokens.append(_Token(word, start, end))
    return tokens


def _is_phrase(text: str, tokens: Sequence[_Token], words: Sequence[str]) -> bool:
    """Tell whether the tokens are these words with nothing between them but what a name may hold."""
    if any(token.word != word for token, word in zip(tokens, words, strict=True)):
        return False
    return all(
        _GAP.fullmatch(_without_dropped(text[left.end : right.start])) for left, right in pairwise(tokens)
    )


def _without_dropped(gap: str) -> str:
    return re.sub(r"(?i)\bthe\b|(?<=['’])s\b", "", gap)


def _spread(name: str) -> str:
    return _CJK_GAP.join(map(re.escape, name))


def _fold_cjk(name: str) -> str:
    return re.sub(_CJK_GAP.replace("{0,2}", "+"), "", name).casefold()
