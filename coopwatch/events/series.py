"""config/series.yaml → the recurring events of the field, and where a text names them.

A name matches whatever the writer did to its case, quotation marks, hyphens, articles and "&";
another order of its words is an alias of its own. Too many bodies share too few letters: an
acronym counts only in a text that also has a full name, or where it is long and bound to an edition.
What a text itself introduces as the short name of a series counts in that text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import Field, ValidationError

from coopwatch.errors import ConfigError
from coopwatch.events.acronyms import find_definition, find_places, is_acronym_of
from coopwatch.events.editions import find_edition, is_year
from coopwatch.events.names import NameMatcher, fold_name
from coopwatch.ordinals import find_ordinals
from coopwatch.relevance.phrases import check_phrase
from coopwatch.wording import word_fault
from schemas.records import EventKind, Identifier, Record

SeriesLanguage = Literal["ar", "de", "en", "es", "fr", "ja", "ko", "pt", "ru", "zh"]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml is
_GOES_ON = re.compile(  # behind a name: it was the beginning of another one
    r"\s(?:on|for|sur|pour|sobre|para|für|по)\s+"
    r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[JFMASOND][a-z]+\.?\s+\d)[A-ZÀ-ÞА-ЯЁ]"
    r"|[”\"」』》]?(?:研究院|基金[会會]|永久[会會]址|示范区)"
    r"|\s(?:Foundation|Secretariat|Institute)(?!\w)"
)
_BESIDE_BEFORE = re.compile(  # what follows names the event beside which, or within which, something was held
    r"(?i:\b(?:sidelines of|margins of|part of|(?:side[- ]events?|sub-?forums?|parallel \w+) (?:of|at|to))"
    r"|\b(?:en marge|dans le cadre|al margen|en el marco|à margem|no âmbito) d(?:e la|el|e l['’]|es|[aoue])s?"
    r"|\b(?:am rande|im rahmen) de[sr]|(?:на полях|в рамках|в кулуарах)|على هامش|في إطار|ضمن فعاليات)"
    r"\s*(?:the\s+)?(?:[\w'’.-]+\s+){0,2}[\"“‘«„(]?$"
)
_BESIDE_BEHIND = re.compile(
    r"[”\"」』》]?(?:"
    r"[^\s，。、；！？：暨举舉开開召]{0,12}?(?:平行|分|专题|專題|主题|高级别|高級別|系列)(?:论坛|論壇|[会會][议議]|活动|活動)"
    r"|的?(?:[边邊][会會]|系列活[动動])"
    r"|の?(?:関連イベント|サイドイベント|分科会)|\s?(?:부대행사|분과)"
    r"|(?:['’]s)?\s(?i:side[- ]event|sub-?forum|parallel\s(?:forum|session)|satellite\s(?:event|meeting)))"
)
_MEETING_OF = re.compile(
    r"(?i:\b(?:session|meeting|réunion|sesión|reunión|sessão|reunião|sitzung|tagung|(?:засед|совещ)ани\w{1,2}"
    r"|сесси\w{1,2})(?:\s(?:of|del?|du|d[ao]|der|des))?(?:\s(?:the|la|el))?|اجتماع|دورة)\s$"
)
_MEETS = re.compile(r"\s?(?:(?i:meeting|session|sitzung)(?!\w)|[会會][议議]|例[会會]|[会會]晤|会合|회의)")
_BEFORE_CHARS = 90
MAX_HITS = 200  # of one text: more is a list or an attack
_TELLING_ACRONYM = 4  # letters from which an acronym with an edition is as good as a name


class Series(Record):
    """A recurring event, or an agreement that is renewed.

    Attributes:
        id: names it for ever.
        name: what it is called; a name like any alias.
        kind: of its editions.
        aliases: other names by language; they may use what phrases may use (see `Matcher`).
        acronyms: count only beside a name, or with an edition.
        participants: the parties, where they make the series what it is.
        numbered: how it tells its editions apart, where a text gives both.
        since: the year of the first edition; an earlier year is no edition.
        is_body: it is a council or committee: it counts only where a text tells one of its meetings.
    """

    id: Identifier
    name: str = Field(min_length=1)
    kind: EventKind
    aliases: dict[SeriesLanguage, tuple[str, ...]] = Field(default_factory=dict)
    acronyms: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    numbered: Literal["ordinal", "year"] = "ordinal"
    since: int | None = Field(default=None, ge=1800, le=2100)
    is_body: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all its aliases."""
        return (self.name, *(alias for _, alias in self.names_by_language if alias != self.name))

    @property
    def names_by_language(self) -> tuple[tuple[str, str], ...]:
        """All names, each behind its language."""
        aliases = ((language, alias) for language, listed in self.aliases.items() for alias in listed)
        return (("en", self.name), *aliases)


class SeriesHit(NamedTuple):
    """A place in a text that names a series.

    Attributes:
        series: its id.
        start: where the name begins.
        end: where it ends.
        edition: what the same phrase says of it.
        is_beside: the phrase speaks of something held beside or within what is named: a side event.
    """

    series: str
    start: int
    end: int
    edition: int | None
    is_beside: bool = False


@dataclass(frozen=True)
class SeriesRegistry:
    """All series by id, and the index that finds their names."""

    by_id: Mapping[str, Series]
    _names: NameMatcher = field(repr=False)
    _acronyms: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_series(cls, series: Iterable[Series]) -> "SeriesRegistry":
        """Index the series.

        Raises:
            ValueError: two series share an id or a name, or a name cannot be found.
        """
        by_id: dict[str, Series] = {}
        owners: dict[str, str] = {}
        acronyms: dict[str, str] = {}
        for one in series:
            if one.id in by_id:
                raise ValueError(f"{one.id}: the id is used twice")
            by_id[one.id] = one
            for name in one.names:
                for spelling in spell_names(name):
                    if not (folded := fold_name(spelling)):
                        raise ValueError(f"{one.id}: {name!r} has no word to be found by")
                    if owners.setdefault(folded, one.id) != one.id:
                        raise ValueError(f"{one.id}: {name!r} is also a name of {owners[folded]}")
                try:
                    check_phrase(" ".join(name.split()))
                except ValueError as error:
                    raise ValueError(f"{one.id}: {error}") from None
            for acronym in one.acronyms:
                if acronyms.setdefault(acronym, one.id) != one.id:
                    raise ValueError(f"{one.id}: {acronym!r} is also an acronym of {acronyms[acronym]}")
        listed = [(one.id, *name) for one in by_id.values() for name in one.names_by_language]
        return cls(by_id, NameMatcher(listed), acronyms)

    def find_hits(self, text: str, language: str = "") -> tuple[SeriesHit, ...]:
        """Return the places that name a series, in the order of the text: at most `MAX_HITS` by name.

        Acronyms are looked at as often.

        Args:
            text: title and text.
            language: of the text, a tag, for the editions; names count in any language.
        """
        found = islice(self._names.find(text, find_ordinals(text, language)), MAX_HITS)
        named = [
            self._make_hit(text, name.label, name.start, name.end, language or name.language)
            for name in found
            if not _GOES_ON.match(text, name.end)
        ]
        hits = sorted([*named, *self._find_acronyms(text, language, named)], key=lambda hit: hit.start)
        meeting = {hit.series for hit in hits if self._meets(text, hit)}
        return tuple(hit for hit in hits if hit.series in meeting)

    def _meets(self, text: str, hit: SeriesHit) -> bool:
        """Tell whether an event is named, and not only a body that has meetings."""
        if not self.by_id[hit.series].is_body or hit.edition is not None:
            return True
        before = text[max(0, hit.start - _BEFORE_CHARS) : hit.start]
        return bool(_MEETING_OF.search(before) or _MEETS.match(text, hit.end))

    def _find_acronyms(self, text: str, language: str, named: Sequence[SeriesHit]) -> Iterator[SeriesHit]:
        learnt = self._learn_acronyms(text, named)
        known = {hit.series for hit in named}
        taken = {offset for hit in named for offset in range(hit.start, hit.end)}
        for acronym, series in {**self._acronyms, **learnt}.items():
            if acronym not in text:
                continue
            for start, end in islice(find_places(text, acronym), MAX_HITS):
                hit = self._make_hit(text, series, start, end, language)
                is_telling = hit.edition is not None and len(acronym) >= _TELLING_ACRONYM
                if start not in taken and (series in known or is_telling):
                    yield hit

    def _learn_acronyms(self, text: str, named: Sequence[SeriesHit]) -> dict[str, str]:
        """Return the short names that the text gives to series, unless they belong to another one."""
        learnt: dict[str, str] = {}
        for hit in named:
            definition = find_definition(text, hit.end)
            if definition is None or self._acronyms.get(definition.short, hit.series) != hit.series:
                continue
            if definition.is_introduced or is_acronym_of(definition.short, self.by_id[hit.series].names):
                learnt.setdefault(definition.short, hit.series)
        return learnt

    def _make_hit(self, text: str, series: str, start: int, end: int, language: str) -> SeriesHit:
        one = self.by_id[series]
        edition = find_edition(text, start, end, language, by_year=one.numbered == "year")
        if edition is not None and is_year(edition) and one.since is not None and edition < one.since:
            edition = None
        before = text[max(0, start - _BEFORE_CHARS) : start].rpartition("\n")[2]
        is_beside = bool(_BESIDE_BEFORE.search(before) or _BESIDE_BEHIND.match(text, end))
        return SeriesHit(series, start, end, edition, is_beside)


def spell_names(name: str) -> Iterator[str]:
    """Yield the names that one with alternatives and endings stands for, without the endings."""
    for words in name.replace("*", "").split(" / "):
        yield from (" ".join(chosen) for chosen in product(*(word.split("|") for word in words.split())))


def load_series(path: Path) -> SeriesRegistry:
    """Read the registry of recurring series.

    Raises:
        ConfigError: the file cannot be read or is wrong; names the file, the key and what is wrong.
    """
    try:
        document: Any = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - it is a safe one
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {word_fault(error)}") from None
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
