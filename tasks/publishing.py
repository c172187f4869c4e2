"""What a flow run's page shows: sources, outcomes and events as artifacts."""

from collections.abc import Iterable, Sequence

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from coopwatch.reprocessed import Reprocessed, word_reprocessed
from coopwatch.summary import word_summary
from coopwatch.wording import format_dates
from schemas.records import Dossier, PollResult, RunSummary


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
    """Publish the run in one line."""
    await acreate_markdown_artifact(key="summary", markdown=word_summary(summary))


async def show_reprocessed(report: Reprocessed) -> None:
    """Publish what judging again came to, and one row a verdict that changed."""
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
