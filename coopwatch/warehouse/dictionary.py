"""Writes the data dictionary, docs/warehouse.md, from the models and from the documented questions.

    python -m coopwatch.warehouse.dictionary docs

What stands above the marker is written by hand and stays.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite

from coopwatch.errors import ConfigError
from schemas import tables

MARKER = "<!-- What follows is generated: python -m coopwatch.warehouse.dictionary docs -->"

_PARAMETERS = re.compile(r"([a-z_, ]+): (.+)")  # names, and what they mean
_DIALECTS = (postgresql.dialect(), sqlite.dialect())  # type: ignore[no-untyped-call]


def write_dictionary(folder: Path) -> str:
    """Return what docs/warehouse.md should be: its own head, and below the marker what is generated.

    Args:
        folder: the documentation, with `warehouse.md` and the folder `questions`.

    Raises:
        ConfigError: the file has no marker, or a question does not say what it asks.
    """
    file = folder / "warehouse.md"
    head, marker, _ = file.read_text(encoding="utf-8").partition(MARKER)
    if not marker:
        raise ConfigError(f"{file}: has no line {MARKER!r}")
    parts = [
        head.rstrip(),
        MARKER,
        "## Questions",
        *_word_questions(sorted((folder / "questions").glob("*.sql"))),
        "## Views",
        *map(_word_table, tables.views.tables.values()),
        "## Tables",
        *map(_word_table, sorted(tables.metadata.tables.values(), key=_place)),
    ]
    return "\n\n".join(parts) + "\n"


def read_question(file: Path) -> tuple[str, str, str]:
    """Return what a documented question asks, how to read its answer, and its SQL.

    Raises:
        ConfigError: the file does not begin with a comment that asks a question.
    """
    lines = file.read_text(encoding="utf-8").splitlines()
    comment = [line[2:].strip() for line in lines if line.startswith("--")]
    if not comment or not comment[0].endswith("?"):
        raise ConfigError(f"{file}: the first line is not a comment that asks a question")
    sql = "\n".join(line for line in lines if not line.startswith("--"))
    return comment[0], "\n".join(comment[1:]).strip(), sql.strip()


def _word_questions(files: Sequence[Path]) -> Iterator[str]:
    for number, file in enumerate(files, 1):
        asked, reading, sql = read_question(file)
        yield f"### {number}. {asked}"
        yield f"[{file.name}](questions/{file.name})"
        yield from (_word_paragraph(paragraph) for paragraph in reading.split("\n\n"))
        yield f"```sql\n{sql}\n```"


def _word_paragraph(paragraph: str) -> str:
    """Return a paragraph; one that explains parameters as a list."""
    named = [_PARAMETERS.match(line) for line in paragraph.splitlines()]
    if not all(named):
        return paragraph
    return "\n".join(f"- `{found[1]}`: {found[2]}" for found in named if found)


def _place(table: Table) -> tuple[bool, str]:
    return table.name != "coverage", table.name  # analysts start there


def _word_table(table: Table) -> str:
    keys = _find_keys(table)
    head = ["column", *(["key"] if keys else []), "type", "what it says"]
    rows = [
        [
            f"`{column.name}`",
            *([keys.get(column.name, "")] if keys else []),
            _word_type(column),
            column.comment or "",
        ]
        for column in table.columns
    ]
    lines = [head, ["---"] * len(head), *rows]
    drawn = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
    return f"### `{table.name}`\n\n{table.comment}.\n\n{drawn}"


def _find_keys(table: Table) -> dict[str, str]:
    """Return what columns are keys of, by their names."""
    keys: dict[str, str] = {}
    for column in table.columns:
        said = ["primary"] if column.primary_key else []
        said += [f"→ `{key.target_fullname}`" for key in column.foreign_keys]
        if said:
            keys[column.name] = ", ".join(said)
    return keys


def _word_type(column: Column[Any]) -> str:
    """Return the type in PostgreSQL, and that in SQLite where it is another one."""
    named: Iterable[str] = (column.type.compile(dialect).lower() for dialect in _DIALECTS)
    types = " / ".join(
        dict.fromkeys(name.replace("timestamp with time zone", "timestamptz") for name in named)
    )
    return types if column.nullable else f"{types}, never empty"


def main(folder: Path) -> None:
    """Write the file anew."""
    written = write_dictionary(folder)
    (folder / "warehouse.md").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
