"""What two warehouses hold that saw the same news, one of them under many more runs.

Left out is what tells of runs and of the time, and nothing else:

- the tables `run` and `poll`, which have a row for each run and poll, and `fence`, which counts batches;
- all times but those that sites tell (`published_at`);
- `run_id` everywhere, and which run had last claimed an entry (`claimed_by`);
- what polling remembers in `source` of how often it polled (`interval_seconds` and the counts of polls);
- the `turn` of an entry, the round in which its host is served: it follows what was still waiting when the
  entry was listed;
- the headers of captures, which hold a date; a page that was fetched again is one row more, and counts once;
- numbers that a database gives on arrival, with gaps where a transaction was lost (`entry_id`,
  `article_no`): in their place stand the source and key of the entry and the id of the article; ids of
  rejections and warnings, which are computed from them. The same goes for the records of rejections.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from coopwatch.warehouse.database import Database
from coopwatch.warehouse.engines import parse_url
from schemas.columns import UtcDateTime
from schemas.tables import article, entry, metadata

Rows = dict[str, list[tuple[str, ...]]]

LEFT_OUT_TABLES = {"run", "poll", "fence"}
LEFT_OUT_COLUMNS = {
    "*": {"run_id", "claimed_by", "article_no", "rejection_id", "warning_id"},
    "capture": {"headers"},
    "entry": {"entry_id", "turn"},
    "source": {"interval_seconds", "steady_polls", "not_modified_polls"},
}
TOLD_TIMES = {"published_at"}
_RECORD_LEFT_OUT = {"entry_id", "fetched_at"}
_ENTRY_COLUMNS = {"entry_id", "revises"}
_SAME_ENTRY = re.compile(r"(?<=same address as entry )\d+")


def read_rows(url: str) -> Rows:
    """Return the rows of all tables, sorted, without what is left out."""
    database = Database(parse_url(url))
    try:
        with database.read() as connection:
            entries = {
                number: f"{source} {key}"
                for number, source, key in connection.execute(
                    select(entry.c.entry_id, entry.c.source_id, entry.c.key)
                )
            }
            articles = dict(
                connection.execute(select(article.c.article_no, article.c.article_id)).tuples().all()
            )

            def word(name: str, value: Any) -> str:
                if name in _ENTRY_COLUMNS:
                    return str(entries.get(value))
                if name == "article of fingerprint":
                    return str(articles[value])
                if name == "record":  # of a rejection: the article as it was
                    value = {key: held for key, held in value.items() if key not in _RECORD_LEFT_OUT}
                if name == "reason" and value:
                    return _SAME_ENTRY.sub(lambda found: entries[int(found[0])], str(value))
                return json.dumps(value, default=str, sort_keys=True, ensure_ascii=False)

            rows: Rows = {}
            for table in metadata.sorted_tables:
                if table.name in LEFT_OUT_TABLES:
                    continue
                left_out = LEFT_OUT_COLUMNS["*"] | LEFT_OUT_COLUMNS.get(table.name, set())
                kept = {
                    "article of fingerprint" if column is table.c.get("article_no") else column.name: column
                    for column in table.columns
                    if (column.name not in left_out or table.name == "fingerprint")
                    and (column.name in TOLD_TIMES or not isinstance(column.type, UtcDateTime))
                }
                found = connection.execute(select(*kept.values()))
                rows[table.name] = sorted(_word_all(list(kept), word, row) for row in found)
            rows["capture"] = sorted(set(rows["capture"]))
            return rows
    finally:
        database.close()


def _word_all(names: list[str], word: Callable[[str, Any], str], row: Any) -> tuple[str, ...]:
    return tuple(f"{name}={word(name, value)}" for name, value in zip(names, row, strict=True))


def list_differences(expected: Rows, found: Rows, most: int = 5) -> list[str]:
    """Return some rows of each table that only one of two warehouses has, one a line."""
    lines = []
    for table, rows in expected.items():
        missing, extra = set(rows) - set(found[table]), set(found[table]) - set(rows)
        if missing or extra or len(rows) != len(found[table]):
            lines.append(f"{table}: {len(rows)} rows expected, {len(found[table])} found")
            lines += [f"  missing {row}" for row in sorted(missing)[:most]]
            lines += [f"  extra   {row}" for row in sorted(extra)[:most]]
    return lines
