"""What backfill remembers: how far it has come in each file, and what it found there."""

from pydantic import AwareDatetime, Field

from schemas.records.base import Record


class BackfillItem(Record):
    """One file, sitemap, list or gap of a backfill.

    Attributes:
        job: what is backfilled into: the kind of input and the source that its entries get.
        item: the path or URL.
        position: where to go on: a byte of a WARC file, a row of a list; 0 where only all counts.
        seen: records that were looked at up to there.
        kept: those that became entries of the inbox.
        counts: what became of all of them, by kind of reason and by outcome.
        done_at: when its end was reached.
        error: why it could not be read to its end, in one line; it is tried again.
    """

    job: str
    item: str
    position: int = Field(default=0, ge=0)
    seen: int = Field(default=0, ge=0)
    kept: int = Field(default=0, ge=0)
    counts: dict[str, int] = Field(default_factory=dict)
    done_at: AwareDatetime | None = None
    error: str | None = None

    def add(self, found: dict[str, int]) -> "BackfillItem":
        """Return the item with more counted, by kind of reason or outcome."""
        counts = dict(self.counts)
        for name, number in found.items():
            counts[name] = counts.get(name, 0) + number
        return self.model_copy(update={"counts": counts})
