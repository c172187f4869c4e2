"""What a page of an archive comes to: triage, extraction and judging, and the body kept."""

import logging

from coopwatch.captures import CaptureStore
from coopwatch.captures.errors import CaptureError
from coopwatch.captures.keeping import Owner, make_row
from coopwatch.jobs import ExtractJob
from coopwatch.relevance.triage import NO_PATTERNS
from coopwatch.settings import Settings
from coopwatch.warehouse.captures import CaptureRow
from coopwatch.workers import work_on
from schemas.records import Article, Failure, FeedEntry, Judgement, Record, Triage

_log = logging.getLogger(__name__)


class Survivor(Record):
    """A page that triage kept: its entry, where its body is kept, and what it came to.

    The numbers of article and judgement are where the record begins, until the entry is in the inbox.
    """

    entry: FeedEntry
    capture: CaptureRow
    outcome: Article | Failure
    judgement: Judgement | None = None


def sift_page(job: ExtractJob, settings: Settings) -> Survivor | str:
    """Triage, extract and judge a page in a prepared worker, and keep its body.

    Args:
        job: the page.
        settings: the store of captures; no share of what triage discards is audited.

    Returns:
        What is kept of it, or the kind of reason for which it is not.
    """
    match work_on(job):
        case (Triage() as triage,):
            return name_reason(triage.reason)
        case (Article() as article, Judgement() as judgement):
            return keep(job, article, settings, judgement)
        case (Failure() as failure,):
            return keep(job, failure, settings)
        case others:
            raise TypeError(f"a page of an archive came to {others!r}")


def keep(
    job: ExtractJob, outcome: Article | Failure, settings: Settings, judgement: Judgement | None = None
) -> Survivor | str:
    """Keep the body of a page; return the reason if it cannot be kept."""
    try:
        digest = CaptureStore(settings.captures_url).write(job.capture.body)
    except CaptureError as error:
        _log.warning("%s is not kept: %s", job.entry.url, error)
        return "not stored"
    return Survivor(
        entry=FeedEntry.model_validate({name: getattr(job.entry, name) for name in FeedEntry.model_fields}),
        capture=make_row(job.capture, digest, "page", Owner(job.entry.source_id)),
        outcome=outcome,
        judgement=judgement,
    )


def name_reason(reason: str) -> str:
    """Return the kind of a reason of triage: without what is of one page only."""
    return NO_PATTERNS if reason.startswith(NO_PATTERNS) else reason
