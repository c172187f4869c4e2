"""Publisher families and wires: config/publishers.yaml → Publishers."""

import functools
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from coopwatch.errors import ConfigError
from schemas.records import Identifier, Record

Name = Annotated[str, Field(min_length=1, max_length=100)]

_SUFFIX_WORDS = "ac co com edu gov gouv net org"  # under which owners differ: "gov.cn" owns no "city.gov.cn"
_SUFFIXES = frozenset(_SUFFIX_WORDS.split())


class Family(Record):
    """One owner with all the names and hosts it publishes under."""

    owner: Name
    names: tuple[Name, ...] = Field(min_length=1)


class Wire(Record):
    """An agency, or a release service, whose copy other sites carry."""

    name: Name
    kind: Literal["agency", "release"]
    family: Identifier
    marks: tuple[Name, ...] = Field(min_length=1)
    cited_as: tuple[Name, ...] = ()
    phrases: tuple[Name, ...] = ()
    sites: tuple[Name, ...] = ()


class _File(Record):
    families: dict[Identifier, Family]
    wires: tuple[Wire, ...]


class Publishers:
    """The known families and wires, ready to be looked up.

    Args:
        families: family by id.
        wires: every wire; its family must be one of them.
    """

    def __init__(self, families: Mapping[str, Family], wires: tuple[Wire, ...]) -> None:
        self.wires = wires
        self._family_by_name = {
            fold_name(name): family_id for family_id, family in families.items() for name in family.names
        }
        self._family_by_name |= {fold_name(wire.name): wire.family for wire in wires}
        self._wire_by_mark = {fold_name(mark): wire for wire in wires for mark in (wire.name, *wire.marks)}
        self._wire_by_site = {site: wire for wire in wires for site in wire.sites}
        self._citations = tuple(
            (name, re.compile(_as_word(name)), wire) for wire in wires for name in wire.cited_as
        )
        self._phrases = tuple((phrase.split("…"), wire) for wire in wires for phrase in wire.phrases)
        marks = {mark for wire in wires for mark in (wire.name, *wire.marks)}
        names = {name for family in families.values() for name in family.names}
        self.marks = _match_any(marks)
        """Every mark, as its wire writes it, as a word of its own."""
        self.han_names = frozenset(name for name in marks | names if _has_han(name[0]))
        """The marks and names that can open a dateline in Chinese characters."""

    def find_wire(self, mark: str) -> Wire | None:
        """Return the wire that a mark stands for."""
        return self._wire_by_mark.get(fold_name(mark))

    def find_wire_as_written(self, mark: str) -> Wire | None:
        """Return the wire that a mark stands for, if it is written as the wire does: "aa" is not "AA"."""
        mark = mark.strip()
        return self.find_wire(mark) if self.marks.fullmatch(mark) else None

    def find_wire_in(self, mark: str) -> Wire | None:
        """Return the wire that a mark stands for, whole or by a part.

        Of the parts of "Xinhua-AsiaNet" the first release service counts: an agency may hand on
        releases as well. If there is none, the first agency counts.
        """
        if whole := self.find_wire(mark):
            return whole
        for part in re.split(r"[/,]", mark):  # "Xinhua/Jane Doe" is the credit of a picture
            if len(part.split()) > 1 and not self.marks.search(part):
                return None
        parts = [wire for part in re.split(r"\s+via\s+|[-/,+&]", mark) if (wire := self.find_wire(part))]
        return next((wire for wire in parts if wire.kind == "release"), parts[0] if parts else None)

    def find_wire_of_site(self, host: str) -> Wire | None:
        """Return the release service on whose own site everything is its copy."""
        return next((wire for parent in _climb(host) if (wire := self._wire_by_site.get(parent))), None)

    def find_wire_by_phrase(self, line: str) -> Wire | None:
        """Return the wire of which a line holds a phrase that only its own copy carries."""
        folded = line.casefold()
        return next((wire for parts, wire in self._phrases if _holds_in_order(folded, parts)), None)

    def find_named_wires(self, text: str) -> Iterator[tuple[Wire, int, int]]:
        """Yield each wire that running text names, with the bounds of each time it does."""
        for name, pattern, wire in self._citations:
            if name in text:  # a text names few of them, and this is much faster than a pattern
                for found in pattern.finditer(text):
                    yield wire, found.start(), found.end()

    def is_organization(self, name: str) -> bool:
        """Tell whether the name is that of a known publisher or wire."""
        folded = fold_name(name)
        return folded in self._family_by_name or folded in self._wire_by_mark

    def family_of_name(self, name: str) -> str:
        """Return the family that claims a name or a host; the name itself if none does."""
        if family := self._family_by_name.get(fold_name(name)):
            return family
        spelled = " ".join(name.casefold().split())
        for host in _climb(spelled) if " " not in spelled else ():
            if family := self._family_by_name.get(fold_name(host)):
                return family
        return spelled.removeprefix("www.")


def _climb(host: str) -> Iterator[str]:
    """Yield a host and those it belongs to: news.example.org, example.org."""
    host = host.casefold().removeprefix("www.")
    yield host
    while "." in (parent := host.partition(".")[2]):
        if parent.partition(".")[0] in _SUFFIXES:
            return
        yield parent
        host = parent


def fold_name(name: str) -> str:
    """Return a name without case, width, spaces and punctuation, so that its spellings compare equal."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


@functools.cache
def load_publishers(path: Path) -> Publishers:
    """Read the families and wires from a file; each file is read once.

    Raises:
        ConfigError: the file cannot be read, or says something wrong; the error names the key.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {' '.join(str(error).split())}") from None
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ConfigError(f"{path}: {key}: {first['msg']}") from None
    if problem := _find_contradiction(file):
        raise ConfigError(f"{path}: {problem}")
    return Publishers(file.families, file.wires)


def _find_contradiction(file: _File) -> str | None:
    """Return what the file says twice, or refers to in vain."""
    owners: dict[str, str] = {}
    for family_id, family in file.families.items():
        for name in family.names:
            if owners.setdefault(fold_name(name), family_id) != family_id:
                return f"families.{family_id}.names: {name!r} is also a name of {owners[fold_name(name)]}"
    marks: dict[str, str] = {}
    for index, wire in enumerate(file.wires):
        if wire.family not in file.families:
            return f"wires.{index}.family: there is no family {wire.family!r}"
        if owners.get(fold_name(wire.name), wire.family) != wire.family:
            return f"wires.{index}.name: {wire.name!r} is a name of family {owners[fold_name(wire.name)]}"
        for mark in (wire.name, *wire.marks):
            if marks.setdefault(fold_name(mark), wire.name) != wire.name:
                return f"wires.{index}.marks: {mark!r} is also a mark of {marks[fold_name(mark)]}"
    return None


def _as_word(name: str) -> str:
    """Return a pattern for the name as a word of its own; scripts without spaces have no word bounds."""
    bounded = re.escape(name)
    return bounded if _has_han(name) else rf"(?<!\w){bounded}(?!\w)"


def _match_any(names: Collection[str]) -> re.Pattern[str]:
    """Return a pattern for any of the names, the longest first; for none of them if there are none.

    Where no name can begin, one look at the first character tells.
    """
    if not names:
        return re.compile(r"(?!)")
    ordered = sorted(names, key=lambda name: (-len(name), name))
    spaced = "|".join(re.escape(name) for name in ordered if not _has_han(name)) or r"(?!)"
    unspaced = "|".join(re.escape(name) for name in ordered if _has_han(name)) or r"(?!)"
    first = "".join(sorted({re.escape(name[0]) for name in names}))
    return re.compile(rf"(?=[{first}])(?:(?<!\w)(?:{spaced})(?!\w)|{unspaced})")


def _holds_in_order(text: str, parts: Sequence[str]) -> bool:
    """Tell whether a text holds all the parts, one after the other."""
    start = 0
    for part in parts:
        at = text.find(part.strip(), start)
        if at < 0:
            return False
        start = at + len(part)
    return True


def _has_han(name: str) -> bool:
    """Tell whether a name is in a script that is written without spaces."""
    return any("\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af" for character in name)
