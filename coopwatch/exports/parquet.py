"""Parquet, one folder a month: TABLE/month=YYYY-MM/part.parquet, as DuckDB, Spark and pandas read it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopwatch.errors import ExportError
from coopwatch.exports.files import replacing_months
from coopwatch.warehouse.exporting import ROWS_AT_ONCE, ExportColumn

if TYPE_CHECKING:
    import pyarrow as pa

Row = tuple[Any, ...]


def write_parquet(
    folder: Path, name: str, columns: Sequence[ExportColumn], rows: Iterable[tuple[str, Row]]
) -> int:
    """Write a table in the place of what was there; return how many rows it has.

    Args:
        folder: where the folder of the table is.
        name: the table.
        columns: the columns; their comments become the descriptions in the files.
        rows: month and row, sorted by month.

    Raises:
        ExportError: pyarrow is not installed, or the files cannot be written.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ExportError("Parquet needs pyarrow: install coopwatch[parquet]") from None
    schema = _make_schema(columns)
    count = 0
    with replacing_months(folder / name) as new:
        for month, dated in groupby(rows, key=itemgetter(0)):
            file = new / f"month={month}" / "part.parquet"
            file.parent.mkdir()
            with pq.ParquetWriter(file, schema, compression="zstd") as writer:
                for some in _batch(row for _, row in dated):
                    cells = zip(*some, strict=True)
                    arrays = [
                        pa.array([_plain(column, cell) for cell in values], type=field.type)
                        for column, field, values in zip(columns, schema, cells, strict=True)
                    ]
                    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                    count += len(some)
    return count


def _make_schema(columns: Sequence[ExportColumn]) -> "pa.Schema":
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "json": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "instant": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema(
        [
            pa.field(column.name, types[column.kind], metadata={"description": column.comment})
            for column in columns
        ]
    )


def _plain(column: ExportColumn, cell: Any) -> Any:
    return json.dumps(cell, ensure_ascii=False) if column.kind == "json" and cell is not None else cell


def _batch(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield some
