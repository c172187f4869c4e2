"""The tables at rest; their comments are the data dictionary.

Columns are named like the fields of `schemas.records`. Where a record nests another, its fields
become columns (`Attribution` in `article`, `PollBounds` in `source`) or JSON. Nothing that was once
visible disappears without a row in a ledger: `run`, `poll`, `event_change`, `withdrawn_claim`,
`rejection`. Views, whose SQL is in the migrations, have a `metadata` of their own.
"""

from schemas.tables.backfill import backfill
from schemas.tables.base import metadata, views
from schemas.tables.events import (
    alert,
    claim,
    coverage,
    event,
    event_change,
    event_relation,
    event_term,
    identity_change,
    pin,
    withdrawn_claim,
    withdrawn_coverage,
)
from schemas.tables.inbox import capture, entry, fence, gap, poll, rejection, run, source
from schemas.tables.quality import quality_check, quality_warning
from schemas.tables.relevance import judgement, judgement_change, label, model, triage
from schemas.tables.reports import source_health
from schemas.tables.texts import (
    article,
    article_version,
    boilerplate,
    boilerplate_host,
    fingerprint,
    membership,
    text_group,
)

__all__ = [
    "alert",
    "article",
    "article_version",
    "backfill",
    "boilerplate",
    "boilerplate_host",
    "capture",
    "claim",
    "coverage",
    "entry",
    "event",
    "event_change",
    "event_relation",
    "event_term",
    "fence",
    "fingerprint",
    "gap",
    "identity_change",
    "judgement",
    "judgement_change",
    "label",
    "membership",
    "metadata",
    "model",
    "pin",
    "poll",
    "quality_check",
    "quality_warning",
    "rejection",
    "run",
    "source",
    "source_health",
    "text_group",
    "triage",
    "views",
    "withdrawn_claim",
    "withdrawn_coverage",
]
