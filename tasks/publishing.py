"""What Prefect is told of a run: its name, artifacts for its page, events for automations.

Each is one request a run and kind, whatever the number of articles; events go out beside the work.
"""

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from prefect import get_client, runtime
from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.events import emit_event

from coopwatch.summary import word_summary
from coopwatch.wording import format_dates
from schemas.records import Dossier, PollResult, Record, RunSummary

if TYPE_CHECKING:
    from coopwatch.reprocessed import Reprocessed

EVENTS_TOLD = 200  # of one run; what is more is in the counts of coopwatch.run.finished
_PROGRESS_SECONDS = 10.0  # between two updates of a progress bar


async def name_run(name: str) -> None:
    """Name the flow run after what it turned out to be about."""
    if runtime.flow_run.id:
        async with get_client() as client:
            await client.update_flow_run(UUID(runtime.flow_run.id), name=name)


class ProgressBar:
    """How far long work is, as an artifact; work that ends within seconds has none.

    Args:
        key: names the artifact.
        total: how much there is to do.
        description: of what.
    """

    def __init__(self, key: str, total: int, description: str) -> None:
        self._key = key
        self._total = total
        self._description = description
        self._done = 0
        self._artifact: UUID | None = None
        self._shown_at = time.monotonic()

    async def advance(self, done: int, more: int = 0) -> None:
        """Say that some of it is done, and that there is more than was known.

        Args:
            done: since the last call.
            more: what has come up since the last call.
        """
        self._done += done
        self._total += more
        if time.monotonic() - self._shown_at >= _PROGRESS_SECONDS:
            await self._show()

    async def finish(self) -> None:
        """Say that all is done."""
        self._total = self._done
        if self._artifact is not None:
            await self._show()

    async def _show(self) -> None:
        self._shown_at = time.monotonic()
        percent = 100.0 * self._done / max(self._total, self._done, 1)
        if self._artifact is None:
            self._artifact = await acreate_progress_artifact(
                progress=percent, key=self._key, description=self._description
            )
        else:
            await aupdate_progress_artifact(artifact_id=self._artifact, progress=percent)


def tell_events(dossiers: Iterable[Dossier], summary: RunSummary) -> None:
    """Emit coopwatch.event.created or .changed for each event, `EVENTS_TOLD` at most, new ones first.

    Args:
        dossiers: events that the run made or changed, as they are at its end.
        summary: of the run.
    """
    events = sorted(
        (dossier.event for dossier in dossiers), key=lambda event: event.first_seen_at, reverse=True
    )
    for event in events[:EVENTS_TOLD]:
        is_new = event.first_seen_at >= summary.started_at
        emit_event(
            event=f"coopwatch.event.{'created' if is_new else 'changed'}",
            resource={
                "prefect.resource.id": f"coopwatch.event.{event.event_id}",
                "prefect.resource.name": event.name,
                "coopwatch.kind": event.kind,
                "coopwatch.series": event.series or "",
                "coopwatch.country": event.country or "",
            },
            payload=event.model_dump(mode="json"),
        )


def tell_run(kind: str, run_id: str, counts: Record) -> None:
    """Emit coopwatch.run.finished with what the run came to.

    Args:
        kind: what it did, as in the ledger of runs.
        run_id: names it there.
        counts: what it came to.
    """
    emit_event(
        event="coopwatch.run.finished",
        resource={
            "prefect.resource.id": f"coopwatch.run.{run_id}",
            "prefect.resource.name": f"{kind} run",
            "coopwatch.kind": kind,
        },
        payload=counts.model_dump(mode="json"),
    )


async def show_polls(polls: Sequence[PollResult]) -> None:
    """Publish one row a source: what came of its poll, failures first."""
    if not polls:
        return
    rows = [
        {
            "source": poll.source_id,
            "outcome": poll.outcome,
            "entries": len(poll.entries),
            "unreadable": poll.unreadable,
            "seconds": round(poll.seconds, 2),
            "reason": poll.failure.reason if poll.failure else "",
        }
        for poll in sorted(polls, key=lambda poll: (poll.failure is None, poll.source_id))
    ]
    await acreate_table_artifact(key="sources", table=rows, description="Sources polled by this run")


async def show_outcomes(summary: RunSummary) -> None:
    """Publish how many entries ended where, and why."""
    rows = [reason.model_dump() for reason in summary.reasons]
    if summary.entries.loaded:
        rows.insert(
            0, {"outcome": "loaded", "stage": "load", "reason": "", "entries": summary.entries.loaded}
        )
    if rows:
        await acreate_table_artifact(key="outcomes", table=rows, description="Entries by outcome and reason")


async def show_events(dossiers: Iterable[Dossier]) -> None:
    """Publish one row an event that is new or changed."""
    rows = [
        {
            "event": event.event_id,
            "name": event.name,
            "kind": event.kind,
            "when": format_dates(event),
            "where": ", ".join(filter(None, (event.place, event.country))),
            "articles": event.articles,
            "independent sources": event.independent_sources,
        }
        for dossier in dossiers
        for event in (dossier.event,)
    ]
    if rows:
        await acreate_table_artifact(key="events", table=rows, description="Events new or changed")


async def show_summary(summary: RunSummary) -> None:
    """Publish the run in one line; of a run without entries, its state says all there is to say."""
    if summary.carried_over or summary.entries.new:
        await acreate_markdown_artifact(key="summary", markdown=word_summary(summary))


async def show_reprocessed(report: "Reprocessed") -> None:
    """Publish what judging again came to, and one row a verdict that changed."""
    from coopwatch.reprocessed import word_reprocessed  # and what judges again

    await acreate_markdown_artifact(key="reprocessed", markdown=word_reprocessed(report))
    rows = [
        {
            "title": change.title,
            "url": change.url,
            "before": change.old_verdict,
            "now": change.new_verdict,
            "score": f"{change.old_score:.2f} → {change.new_score:.2f}",
            "consequence": change.consequence,
        }
        for change in report.changed
    ]
    if rows:
        await acreate_table_artifact(key="verdicts", table=rows, description="Verdicts that changed")
