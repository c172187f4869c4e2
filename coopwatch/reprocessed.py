"""What judging again came to: counted batch by batch, worded at its end."""

from coopwatch.rejudging import Again
from coopwatch.wording import count, shorten
from schemas.records import JudgementChange, Record


class ChangedEntry(JudgementChange):
    """A verdict that became another, with what it is about."""

    title: str
    url: str


class ReprocessCounts(Record):
    """A run of judging again in counts, as it is stored with the run."""

    is_dry_run: bool
    judged: int
    discarded: int
    unreadable: int
    changed: int
    linked: int
    withdrawn: int


class Reprocessed(Record):
    """A run of judging again.

    `judged + discarded + unreadable` is what was stale; an entry that cannot be judged again, because
    its page is kept no longer, keeps its verdict.
    """

    is_dry_run: bool = False
    judged: int = 0
    discarded: int = 0  # again by triage, before extraction
    unreadable: int = 0
    changed: tuple[ChangedEntry, ...] = ()

    @property
    def counts(self) -> ReprocessCounts:
        """The run in counts."""
        return ReprocessCounts(
            is_dry_run=self.is_dry_run,
            judged=self.judged,
            discarded=self.discarded,
            unreadable=self.unreadable,
            changed=len(self.changed),
            linked=sum(change.consequence == "linked" for change in self.changed),
            withdrawn=sum(change.consequence == "withdrawn" for change in self.changed),
        )

    def add(self, again: Again) -> "Reprocessed":
        """Return the sum with another batch."""
        entries = {entry.entry_id: entry for entry in again.stale}
        changed = []
        for change in again.changes:
            entry = entries[change.entry_id]
            article = again.articles.get(change.entry_id)
            title = article.title if article else entry.title
            changed.append(ChangedEntry(**change.model_dump(), title=title, url=entry.url))
        return self.model_copy(
            update={
                "judged": self.judged + len(again.judgements),
                "discarded": self.discarded + len(again.triages.keys() - again.judgements.keys()),
                "unreadable": self.unreadable + len(again.unreadable),
                "changed": (*self.changed, *changed),
            }
        )


def word_reprocessed(report: Reprocessed) -> str:
    """Return the run in one line."""
    counts = report.counts
    would = "would change" if counts.is_dry_run else "changed"
    return (
        f"{count(counts.judged, 'article')} judged again, {counts.discarded} discarded by triage again, "
        f"{counts.unreadable} not kept any more; {count(counts.changed, 'verdict')} {would}: "
        f"{counts.linked} into scope, {counts.withdrawn} out of it"
    )


def word_changes(report: Reprocessed) -> str:
    """Return a line for each verdict that changed, what went out of scope first."""
    order = {"withdrawn": 0, "linked": 1, "none": 2}
    lines = [
        f"{change.old_verdict:>7} → {change.new_verdict:<7}  {change.old_score:.2f} → {change.new_score:.2f}"
        f"  {shorten(change.title, 80)}\n{'':19}{change.url}"
        for change in sorted(report.changed, key=lambda change: (order[change.consequence], change.entry_id))
    ]
    return "\n".join(lines)
