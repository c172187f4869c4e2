"""What a run came to: counted while it works, worded at its end."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from coopwatch.work import Work
from schemas.records import (
    AlertCounts,
    AlertStatus,
    Dossier,
    EntryCounts,
    EntryOutcome,
    EventCounts,
    PollResult,
    ReasonCount,
    RunSummary,
    SourceCounts,
    Stage,
    TextCounts,
)


class Tally:
    """Counts of a run in progress."""

    def __init__(self, run_id: str, started_at: datetime, carried_over: int) -> None:
        self._run_id = run_id
        self._started_at = started_at
        self._carried_over = carried_over
        self._polls: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._new_entries = 0
        self._dossiers: dict[str, Dossier] = {}
        self._new_events: set[str] = set()
        self._sent = 0
        self._relations: Counter[str] = Counter()
        self._reasons: Counter[tuple[EntryOutcome, Stage, str]] = Counter()

    @property
    def dossiers(self) -> tuple[Dossier, ...]:
        """Events that the run made or changed, as they are now."""
        return tuple(self._dossiers.values())

    def add_polls(self, polls: Sequence[PollResult], new_entries: int) -> None:
        """Count polled sources and what they brought."""
        self._polls.update(poll.outcome for poll in polls)
        self._new_entries += new_entries

    def add_work(self, work: Work) -> None:
        """Count a batch that was loaded."""
        self._outcomes.update(result.outcome for result in work.results)
        # what follows the colon in a reason is about one entry only
        self._reasons.update(
            (result.outcome, result.stage, result.reason.partition(":")[0])
            for result in work.results
            if result.outcome != "loaded"
        )
        self._relations.update(membership.relation for membership in work.memberships)
        for dossier in work.dossiers:
            self._dossiers[dossier.event.event_id] = dossier
            if dossier.event.revision == 1:
                self._new_events.add(dossier.event.event_id)

    def add_sent(self, sent: int) -> None:
        """Count alerts that went out."""
        self._sent += sent

    def summarise(
        self, pending: int, outbox: dict[AlertStatus, int], seconds: dict[str, float]
    ) -> RunSummary:
        """Return the summary.

        Args:
            pending: entries that wait now.
            outbox: alerts by status, over all runs.
            seconds: time per stage.
        """
        return RunSummary(
            run_id=self._run_id,
            started_at=self._started_at,
            carried_over=self._carried_over,
            sources=SourceCounts(
                due=self._polls.total(),
                polled=self._polls["polled"],
                not_modified=self._polls["not_modified"],
                failed=self._polls["failed"],
            ),
            entries=EntryCounts(
                new=self._new_entries,
                loaded=self._outcomes["loaded"],
                irrelevant=self._outcomes["irrelevant"],
                quarantined=self._outcomes["quarantined"],
                failed=self._outcomes["failed"],
                pending=pending,
            ),
            reasons=tuple(
                ReasonCount(outcome=outcome, stage=stage, reason=reason, entries=entries)
                for (outcome, stage, reason), entries in self._reasons.most_common()
            ),
            texts=TextCounts(
                new=self._relations["origin"],
                reprints=self._relations["same"] + self._relations["derived"],
            ),
            events=EventCounts(
                new=len(self._new_events), updated=len(self._dossiers.keys() - self._new_events)
            ),
            alerts=AlertCounts(
                sent=self._sent, pending=outbox.get("pending", 0), failed=outbox.get("failed", 0)
            ),
            seconds={stage: round(value, 3) for stage, value in seconds.items()},
        )


def word_summary(summary: RunSummary) -> str:
    """Return the run in one line."""
    sources, entries, events = summary.sources, summary.entries, summary.events
    return (
        f"{sources.due} sources due, {sources.failed} failed; {entries.new} new entries, "
        f"{entries.loaded} loaded, {entries.irrelevant} irrelevant, {entries.quarantined} quarantined, "
        f"{entries.failed} failed, {entries.pending} pending; {events.new} events new, "
        f"{events.updated} updated; {summary.alerts.sent} alerts sent"
    )


def word_batch(work: Work) -> str:
    """Return a batch in one line of progress."""
    outcomes = Counter(result.outcome for result in work.results)
    counts = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common())
    events = f"; {len(work.dossiers)} events touched" if work.dossiers else ""
    return f"{len(work.entries)} entries: {counts}{events}"
