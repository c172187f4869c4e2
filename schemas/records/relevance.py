"""Whether an article is in scope: what decides it, and what analysts say of it."""

from typing import Literal

from pydantic import AwareDatetime, Field

from schemas.records.base import Language, Record

Verdict = Literal["alert", "accept", "review", "discard"]
Facet = Literal["science", "cooperation", "international"]
LabelQueue = Literal["uncertain", "disagreement", "random", "asked"]  # why an analyst was asked
ModelStatus = Literal["active", "retired", "refused"]
Consequence = Literal["none", "linked", "withdrawn"]  # of a changed judgement, for events


class FiredPattern(Record):
    """A pattern of the topic file that matched; offsets are into title + newline + text."""

    facet: Facet | Literal["negative"]
    pattern: str
    quote: str
    start: int
    end: int
    weight: float


class Contribution(Record):
    """What one feature adds to a model's log-odds."""

    feature: str
    weight: float


class Judgement(Record):
    """Whether an article is in scope, and everything that decided it.

    `score` is what the thresholds were held against: the model's probability where there is a
    model, else what the patterns alone come to. `prominent` are the facets of title and lead alone.
    """

    entry_id: int
    verdict: Verdict
    score: float
    facets: dict[Facet, float]
    prominent: dict[Facet, float] = Field(default_factory=dict)
    fired: tuple[FiredPattern, ...]
    reason: str
    topic: str
    version: str  # of the topic file and the rules
    rules_score: float = 0.0
    model_score: float | None = None
    model: str | None = None  # version of the model, if one decided
    contributions: tuple[Contribution, ...] = ()  # the strongest
    thresholds: dict[str, float] = Field(default_factory=dict)  # least score for alert, accept and review


class Triage(Record):
    """Whether a page may be worth full extraction, decided from cheaply taken text.

    An audited page was discarded and worked on all the same, to see what triage would have missed.
    """

    entry_id: int
    is_kept: bool
    is_audited: bool = False
    facets: dict[Facet, float] = Field(default_factory=dict)
    reason: str
    version: str


class TriageRow(Record):
    """A page that triage discarded, as stored; of an audited one, with what the full decision was."""

    entry_id: int
    is_audited: bool = False
    facets: dict[Facet, float] = Field(default_factory=dict)
    reason: str
    version: str
    audit_verdict: Verdict | None = None  # none: not audited, or no article in it
    audit_score: float | None = None


class Label(Record):
    """What an analyst says of an article. Labels are only ever added; the latest of an author counts.

    What was judged is kept with the label, so that training needs neither the page nor the network.
    """

    label_id: str
    entry_id: int | None = None
    url: str
    compare_url: str
    title: str
    text: str
    language: Language
    is_relevant: bool
    is_uncertain: bool = False
    facets: dict[Facet, bool] = Field(default_factory=dict)
    author: str
    guideline: str
    labelled_at: AwareDatetime
    queue: LabelQueue
    verdict: Verdict | None = None  # what the program had decided
    score: float | None = None
    version: str | None = None
    model: str | None = None
    note: str = ""


class JudgementChange(Record):
    """A verdict that became another when an article was judged again."""

    entry_id: int
    old_verdict: Verdict
    new_verdict: Verdict
    old_score: float
    new_score: float
    old_version: str
    new_version: str
    old_model: str | None = None
    new_model: str | None = None
    consequence: Consequence = "none"
