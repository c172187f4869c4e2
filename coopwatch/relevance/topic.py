"""A topic: the facets that an article must show, as weighted patterns per language, read from a file.

A second topic is a second file, and a language is data. The patterns under the language "any" count in
every language that has patterns of its own.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import yaml
from pydantic import Field, StringConstraints, ValidationError, model_validator

from coopwatch.errors import ConfigError
from coopwatch.identity import hash_text
from coopwatch.relevance.patterns import Matcher, Pattern
from coopwatch.wording import word_fault
from schemas.records import Facet, Identifier, Record

Label = Facet | Literal["negative"]
BaseLanguage = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]  # "zh", never "zh-Hant"; or "any"
_ANY = "any"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml is


class Thresholds(Record):
    """What the score must reach, and every facet, for each verdict; below review is discard."""

    alert: float = Field(gt=0, le=1)
    accept: float = Field(gt=0, le=1)
    review: float = Field(gt=0, le=1)

    @model_validator(mode="after")
    def _descending(self) -> Self:
        if not self.alert >= self.accept >= self.review:
            raise ValueError("alert must not be below accept, nor accept below review")
        return self


class TopicFile(Record):
    """A topic file as written.

    Attributes:
        id: the name under which judgements are stored.
        score: thresholds for the score.
        facet: thresholds for the weakest facet.
        patterns: by language, then by what they speak for.
    """

    id: Identifier
    score: Thresholds
    facet: Thresholds
    patterns: dict[BaseLanguage, dict[Label, list[Pattern]]]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        facets: tuple[Facet, ...] = get_args(Facet)
        for facet in facets:
            for language in self.languages or (_ANY,):
                if not self.patterns.get(language, {}).get(facet):
                    raise ValueError(f"patterns.{language}: nothing for {facet!r}")
        for language, labels in self.patterns.items():
            for label, patterns in labels.items():
                listed = Counter((pattern.phrase, pattern.near) for pattern in patterns)
                if twice := next((phrase for (phrase, _), count in listed.items() if count > 1), None):
                    raise ValueError(f"patterns.{language}.{label}: {twice!r} is there twice")
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages with patterns of their own."""
        return tuple(sorted(self.patterns.keys() - {_ANY}))

    def patterns_for(self, language: str) -> list[tuple[Label, Pattern]]:
        """Return the patterns that count in a language, with what they speak for."""
        return [
            (label, pattern)
            for name in (language, _ANY)
            for label, patterns in self.patterns.get(name, {}).items()
            for pattern in patterns
        ]


@dataclass(frozen=True)
class Topic:
    """A topic ready to judge with.

    Attributes:
        file: what the topic file says.
        version: changes with every change of the file.
    """

    file: TopicFile
    version: str
    _matchers: dict[str, Matcher[Label]] = field(default_factory=dict, repr=False, compare=False)

    def matcher_for(self, language: str) -> Matcher[Label] | None:
        """Return the patterns for a language tag, None if the topic has none for it.

        They are compiled when a language is first asked for.
        """
        base = language.partition("-")[0]
        if base not in self._matchers and base in self.file.languages:
            self._matchers[base] = Matcher(self.file.patterns_for(base), base)
        return self._matchers.get(base)


def load_topic(path: Path) -> Topic:
    """Read and check a topic file.

    Raises:
        ConfigError: the file cannot be read or says something wrong: names file and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        file = TopicFile.model_validate(yaml.load(text, _LOADER))  # noqa: S506 - it is a safe one
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {word_fault(error)}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {where + ': ' if where else ''}{first['msg']}") from None
    return Topic(file=file, version=hash_text(text, length=12))
