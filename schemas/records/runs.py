"""What one transaction writes, and what a run came to."""

from pydantic import AwareDatetime, Field

from schemas.records.alerts import Alert
from schemas.records.articles import Article, GroupOrigin, Membership
from schemas.records.base import EntryOutcome, Record, Stage
from schemas.records.entries import EntryResult, Rejection
from schemas.records.events import Dossier, EventRelation
from schemas.records.quality import QualityWarning
from schemas.records.relevance import Judgement, TriageRow


class Batch(Record):
    """All that one transaction writes."""

    results: tuple[EntryResult, ...]
    triages: tuple[TriageRow, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    articles: tuple[Article, ...] = ()
    withdrawn: dict[str, str] = Field(default_factory=dict)  # article_id → why it leaves events it was on
    memberships: tuple[Membership, ...] = ()
    origins: tuple[GroupOrigin, ...] = ()
    fingerprints: dict[str, tuple[int, ...]] = Field(
        default_factory=dict
    )  # article_id → sampled shingle hashes, signed 64 bit
    dossiers: tuple[Dossier, ...] = ()  # events that are new or changed, whole
    event_terms: dict[str, tuple[int, ...]] = Field(default_factory=dict)  # event_id → hashes
    relations: tuple[EventRelation, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    warnings: tuple[QualityWarning, ...] = ()
    alerts: tuple[Alert, ...] = ()


class SourceCounts(Record):
    """Sources of one run."""

    due: int = 0
    polled: int = 0
    not_modified: int = 0
    failed: int = 0


class EntryCounts(Record):
    """Entries of one run; `pending` is what waits now."""

    new: int = 0
    loaded: int = 0
    irrelevant: int = 0
    quarantined: int = 0
    failed: int = 0
    pending: int = 0


class TextCounts(Record):
    """Texts of one run: new ones, and reprints that were collapsed into the text they repeat."""

    new: int = 0
    reprints: int = 0


class EventCounts(Record):
    """Events of one run."""

    new: int = 0
    updated: int = 0


class AlertCounts(Record):
    """Alerts of one run; `pending` and `failed` are what the outbox holds now."""

    sent: int = 0
    pending: int = 0
    failed: int = 0


class ReasonCount(Record):
    """How many entries of a run ended for one kind of reason."""

    outcome: EntryOutcome
    stage: Stage
    reason: str
    entries: int


class RunSummary(Record):
    """What one monitor run came to.

    `carried_over + entries.new` equals the sum of the other entry counts.
    """

    run_id: str
    started_at: AwareDatetime
    carried_over: int = 0
    sources: SourceCounts = SourceCounts()
    entries: EntryCounts = EntryCounts()
    reasons: tuple[ReasonCount, ...] = ()  # of the entries that were not loaded
    texts: TextCounts = TextCounts()
    events: EventCounts = EventCounts()
    alerts: AlertCounts = AlertCounts()
    seconds: dict[str, float] = Field(default_factory=dict)
