"""Publisher families and wires: config/publishers.yaml → Publishers."""

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from coopwatch.errors import ConfigError
from schemas.records import Attribution, Identifier, Record

Name = Annotated[str, Field(min_length=1, max_length=100)]


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
        self._citations = tuple(
            (name, re.compile(_as_word(name)), wire) for wire in wires for name in wire.cited_as
        )

    def find_wire(self, mark: str) -> Wire | None:
        """Return the wire that a mark stands for."""
        return self._wire_by_mark.get(fold_name(mark))

    def find_wire_in(self, mark: str) -> Wire | None:
        """Return the wire that a mark stands for, whole or by its first known part."""
        parts = (mark, *re.split(r"\s+via\s+|[-/,+&]", mark))
        return next((wire for part in parts if (wire := self.find_wire(part))), None)

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

    def family_of(self, attribution: Attribution) -> str:
        """Return whose voice a text is.

        That is the family of its issuer; without an issuer, of the wire that distributed it; without
        a wire, of its publisher. A name that no family claims stands for itself.
        """
        return self._family_of_name(attribution.issuer or attribution.distributor or attribution.publisher)

    def _family_of_name(self, name: str) -> str:
        if family := self._family_by_name.get(fold_name(name)):
            return family
        spelled = " ".join(name.casefold().split())
        host = spelled.removeprefix("www.")
        while "." in host and " " not in host:  # news.example.org belongs to example.org
            if family := self._family_by_name.get(fold_name(host)):
                return family
            host = host.partition(".")[2]
        return spelled.removeprefix("www.")


def fold_name(name: str) -> str:
    """Return a name without case, spaces and punctuation, so that its spellings compare equal."""
    return "".join(character for character in name.casefold() if character.isalnum())


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
    return rf"\b{bounded}\b" if name.isascii() or not _has_han(name) else bounded


def _has_han(name: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in name)
