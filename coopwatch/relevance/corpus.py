"""Examples to learn from: the corpus that is shipped, what analysts said, and files given besides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ValidationError

from coopwatch.errors import ConfigError
from coopwatch.identity import hash_text
from coopwatch.wording import word_fault
from schemas.records import Article, Attribution, Label, Language, Record

Origin = Literal["synthetic", "real"]

_FROZEN_ONE_IN = 10
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Example(Record):
    """A text with its label.

    Attributes:
        example_id: unique among all examples.
        series: what it reports; examples of one series are never on both sides of a split.
        origin: written for training, or found in the world.
        language: of title and text.
        title: headline or sentence.
        text: empty for a headline alone.
        is_relevant: the label.
        is_uncertain: a careful colleague could say otherwise.
        is_frozen: kept to compare models on, never learnt from.
    """

    example_id: str
    series: str
    origin: Origin
    language: Language
    title: str
    text: str
    is_relevant: bool
    is_uncertain: bool = False
    is_frozen: bool = False

    @property
    def article(self) -> Article:
        """The example as an article, of which only title, text and language matter."""
        return Article(
            article_id=self.example_id,
            entry_id=0,
            source_id="example",
            url="",
            compare_url="",
            title=self.title,
            text=self.text,
            language=self.language,
            fetched_at=_NO_TIME,
            attribution=Attribution(publisher=""),
            extractor="none",
        )


class _Line(Record):
    """A line of a corpus file; what training does not need is for people, and checked all the same."""

    id: str
    kind: Literal["article", "sentence"]
    series: str
    split: Literal["train", "test"]
    label: Literal[0, 1]
    uncertain: bool
    science: Literal[0, 1]
    cooperation: Literal[0, 1]
    international: Literal[0, 1]
    hard: bool = False
    case: str = ""
    title: str
    text: str
    language: Language | None = None  # else the file's name
    provenance: Origin
    guideline: str


class Labelled(NamedTuple):
    """Examples from labels, and how many addresses were left out because their authors disagree."""

    examples: tuple[Example, ...]
    conflicts: int


def read_corpus(folder: Path) -> tuple[Example, ...]:
    """Return the examples of all files of a folder, one a language.

    Raises:
        ConfigError: a file cannot be read or says something wrong: names file and line.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise ConfigError(f"{folder}: no examples (LANGUAGE.jsonl) are there")
    return tuple(example for file in files for example in read_examples(file))


def read_examples(file: Path) -> tuple[Example, ...]:
    """Return the examples of one file, a JSON object a line.

    Raises:
        ConfigError: as for `read_corpus`.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {word_fault(error)}") from None
    examples = []
    for number, line in enumerate(lines, 1):
        try:
            examples.append(_to_example(_Line.model_validate_json(line), file.stem))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise ConfigError(f"{file}:{number}: {where + ': ' if where else ''}{first['msg']}") from None
    return tuple(examples)


def read_labelled(labels: Iterable[Label]) -> Labelled:
    """Return what analysts said as examples.

    The latest label of an author on an address counts. Where authors contradict each other, the address
    is left out; where one of them is uncertain, so is the example.
    """
    latest: dict[tuple[str, str], Label] = {}
    for label in sorted(labels, key=lambda label: (label.labelled_at, label.label_id)):
        latest[label.compare_url, label.author] = label
    by_address: dict[str, list[Label]] = defaultdict(list)
    for (address, _), label in sorted(latest.items()):
        by_address[address].append(label)
    agreed = {
        address: said for address, said in by_address.items() if len({one.is_relevant for one in said}) == 1
    }
    examples = tuple(_merge(address, said) for address, said in agreed.items())
    return Labelled(examples, conflicts=len(by_address) - len(agreed))


def hash_examples(examples: Iterable[Example]) -> str:
    """Return a hash of examples and their labels, whatever order they are in."""
    digest = sha256()
    for line in sorted(example.model_dump_json() for example in examples):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _to_example(line: _Line, language: str) -> Example:
    return Example(
        example_id=line.id,
        series=line.series,
        origin=line.provenance,
        language=line.language or language,
        title=line.title,
        text=line.text,
        is_relevant=line.label == 1,
        is_uncertain=line.uncertain,
        is_frozen=line.split == "test",
    )


def _merge(address: str, said: Sequence[Label]) -> Example:
    """Return labels of one address that agree as one example; the latest has the text."""
    last = max(said, key=lambda label: (label.labelled_at, label.label_id))
    return Example(
        example_id=hash_text(address),
        series=hash_text(last.title.casefold()),  # reprints are one series
        origin="real",
        language=last.language,
        title=last.title,
        text=last.text,
        is_relevant=last.is_relevant,
        is_uncertain=any(label.is_uncertain for label in said),
        is_frozen=int(hash_text(address), 16) % _FROZEN_ONE_IN == 0,
    )
