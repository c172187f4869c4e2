"""Judgements, and what they are learnt from."""

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, Table

from schemas import records
from schemas.columns import CleanJson, CleanText, Id, KeyText, UtcDateTime
from schemas.tables.base import key, may, metadata, must, only, values

judgement = Table(
    "judgement",
    metadata,
    key("entry_id", Id, "the entry that was judged", ForeignKey("entry.entry_id")),
    must("verdict", CleanText, f"the decision: {values(records.Verdict)}"),
    must("score", Float, "what the decision rests on"),
    must("facets", CleanJson, f"score by facet: {values(records.Facet)}"),
    must("fired", CleanJson, "patterns that matched, with quotes and offsets into title, newline, text"),
    must("reason", CleanText, "why, in one line"),
    must("topic", CleanText, "the topic file"),
    must("version", CleanText, "the version of the topic file and the rules"),
    must("prominent", CleanJson, "the same facets from title and lead alone", default="'{}'"),
    must("rules_score", Float, "what the patterns alone come to", default="0"),
    may("model_score", Float, "the model's probability, if there was a model"),
    may("model", CleanText, "the version of the model that decided"),
    must("contributions", CleanJson, "the model's strongest features, with their weights", default="'[]'"),
    must("thresholds", CleanJson, "least score for alert, accept and review", default="'{}'"),
    Index(None, "version", "model", "entry_id"),
    Index(None, "verdict", "score"),
    comment="Whether an article is in scope, and everything that decided it",
)

judgement_change = Table(
    "judgement_change",
    metadata,
    key("entry_id", Id, "the entry that was judged again", ForeignKey("entry.entry_id")),
    key("changed_at", UtcDateTime, "when"),
    must("old_verdict", CleanText, f"the verdict before: {values(records.Verdict)}"),
    must("new_verdict", CleanText, "the verdict since"),
    must("old_score", Float, "the score before"),
    must("new_score", Float, "the score since"),
    must("old_version", CleanText, "the topic file and rules before"),
    must("new_version", CleanText, "the topic file and rules since"),
    may("old_model", CleanText, "the model before"),
    may("new_model", CleanText, "the model since"),
    must("consequence", CleanText, f"for events: {values(records.Consequence)}"),
    must("run_id", CleanText, "the run that judged again", ForeignKey("run.run_id")),
    only("consequence", records.Consequence),
    comment="Ledger of verdicts that became others",
)

triage = Table(
    "triage",
    metadata,
    key("entry_id", Id, "the entry whose page was discarded", ForeignKey("entry.entry_id")),
    must("is_audited", Boolean, "whether it was worked on all the same, as a sample"),
    must("facets", CleanJson, f"what the cheap text showed, by facet: {values(records.Facet)}"),
    must("reason", CleanText, "why, in one line"),
    must("version", CleanText, "the version of topic file, rules and triage"),
    may("audit_verdict", CleanText, f"what the full decision was: {values(records.Verdict)}"),
    may("audit_score", Float, "its score"),
    must("decided_at", UtcDateTime, "when"),
    Index(None, "is_audited", "decided_at"),
    Index(None, "version", "entry_id"),
    comment="Pages that were discarded before extraction, and the audit of a sample of them",
)

label = Table(
    "label",
    metadata,
    key("label_id", CleanText, "computed from address, author and time"),
    may("entry_id", Id, "the entry, if it came by one", ForeignKey("entry.entry_id")),
    must("url", CleanText, "where the article can be read"),
    must("compare_url", KeyText, "its address for comparison"),
    must("title", CleanText, "its headline, as it was judged"),
    must("text", CleanText, "its text, as it was judged"),
    must("language", CleanText, "the language of the text"),
    must("is_relevant", Boolean, "whether it is in scope"),
    must("is_uncertain", Boolean, "whether a careful colleague could say otherwise"),
    must("facets", CleanJson, f"which facets hold, if said: {values(records.Facet)}"),
    must("author", CleanText, "who says so"),
    must("guideline", CleanText, "the version of the guideline that was followed"),
    must("labelled_at", UtcDateTime, "when"),
    must("queue", CleanText, f"why it was asked: {values(records.LabelQueue)}"),
    may("verdict", CleanText, f"what the program had decided: {values(records.Verdict)}"),
    may("score", Float, "its score then"),
    may("version", CleanText, "the topic file and rules then"),
    may("model", CleanText, "the model then"),
    must("note", CleanText, "what the analyst adds"),
    only("queue", records.LabelQueue),
    Index(None, "compare_url", "author", "labelled_at"),
    comment="What analysts say of articles: only ever added to",
)

model = Table(
    "model",
    metadata,
    key("model_version", CleanText, "computed from what it was trained on and what came out"),
    must("topic", CleanText, "the topic file"),
    must("topic_version", CleanText, "the version of topic file and rules whose facets it weighs"),
    must("created_at", UtcDateTime, "when it was trained"),
    must("created_by", CleanText, "who trained it"),
    must("data_sha256", CleanText, "hash of the examples and labels"),
    must("examples", Integer, "how many examples it was trained on"),
    must("metrics", CleanJson, "how it does on the frozen set, beside the model before"),
    must("thresholds", CleanJson, "least probability for alert, accept and review"),
    must("weights", CleanJson, "everything needed to apply it"),
    may("embedder", CleanText, "the embedder whose vectors it weighs"),
    must("status", CleanText, f"where it stands: {values(records.ModelStatus)}"),
    must("reason", CleanText, "why it was activated or refused"),
    may("retired_at", UtcDateTime, "when another one replaced it"),
    only("status", records.ModelStatus),
    comment="Models of relevance: the active one decides, the others are history",
)
