"""What judging again came to: counted batch by batch, worded at its end."""

from coopwatch.rejudging import Again
from coopwatch.wording import count, shorten
from schemas.records import JudgementChange, Record


class ChangedEntry(JudgementChange):
    """A verdict that became another, with what it is about."""

    title: str
    url: str


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
    linked = sum(change.consequence == "linked" for change in report.changed)
    withdrawn = sum(change.consequence == "withdrawn" for change in report.changed)
    would = "would change" if report.is_dry_run else "changed"
    return (
        f"{count(report.judged, 'article')} judged again, {report.discarded} discarded by triage again, "
        f"{report.unreadable} not kept any more; {count(len(report.changed), 'verdict')} {would}: "
        f"{linked} into scope, {withdrawn} out of it"
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
