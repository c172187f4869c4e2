"""The ledger of backfills."""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Table

from schemas.columns import CleanJson, CleanText, UtcDateTime
from schemas.tables.base import key, may, metadata, must

backfill = Table(
    "backfill",
    metadata,
    key("job", CleanText, "what is backfilled into: the kind of input and the source of its entries"),
    key("item", CleanText, "the file, sitemap, list or gap"),
    must("position", BigInteger, "where to go on: a byte of a WARC file, a row of a list"),
    must("seen", Integer, "records looked at up to there"),
    must("kept", Integer, "those that became entries of the inbox; the others are counted only"),
    must("counts", CleanJson, "what became of all of them, by kind of reason and by outcome"),
    may("done_at", UtcDateTime, "when its end was reached"),
    may("error", CleanText, "why it could not be read to its end"),
    must("run_id", CleanText, "the run that last worked on it", ForeignKey("run.run_id")),
    must("changed_at", UtcDateTime, "when this row last changed"),
    Index(None, "run_id"),
    comment="Ledger of backfills, one row a file: how far it was read, and what was found",
)
