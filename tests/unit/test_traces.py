from datetime import UTC, datetime

from coopwatch.traces import word_trace
from coopwatch.warehouse.tracing import ChangedJudgement, EntryTrace, Trace
from schemas.records import Contribution, FiredPattern, Judgement, TriageRow

AT = datetime(2025, 5, 7, 9, 30, tzinfo=UTC)
URL = "https://courier.example/news/1"
ENTRY = EntryTrace(
    source_id="courier",
    key="1",
    url=URL,
    compare_url=URL,
    entry_id=7,
    first_seen_at=AT,
    outcome="loaded",
    stage="load",
    reason="science 1.00",
    article_id=None,
    run_id="run-1",
)
JUDGEMENT = Judgement(
    entry_id=7,
    verdict="accept",
    score=0.61,
    facets={"science": 0.9, "cooperation": 0.8},
    prominent={"science": 0.7, "cooperation": 0.2},
    fired=(
        FiredPattern(facet="science", pattern="physics", quote="Physics\nlab", start=4, end=15, weight=2.0),
    ),
    reason="science 0.90 (physics)",
    topic="sample",
    version="abc/1",
    rules_score=0.75,
    model_score=0.61,
    model="m-1",
    contributions=(Contribution(feature="title: lab", weight=-0.4),),
    thresholds={"alert": 0.72, "accept": 0.5},
)


def make_trace(**parts: object) -> Trace:
    return Trace.model_validate({"url": URL, "entries": (ENTRY,), **parts})


def test_a_verdict_is_shown_with_all_that_it_rests_on() -> None:
    lines = word_trace(make_trace(judgements=(JUDGEMENT,))).splitlines()
    assert "Judged accept, score 0.61 (alert from 0.72, accept from 0.50)" in lines
    assert "  cooperation   0.80, in title and lead 0.20" in lines
    assert "    science       +2.0  “Physics lab”  (4-15)" in lines
    assert "  topic sample, version abc/1; by patterns 0.75" in lines
    assert "  model m-1: probability 0.61; what weighs most:" in lines
    assert "    -0.40  title: lab" in lines


def test_what_triage_discarded_is_shown_with_what_the_audit_found() -> None:
    row = TriageRow(entry_id=7, reason="hardly a sign of science", version="abc/1")
    assert "Discarded by triage (version abc/1): hardly a sign of science" in word_trace(
        make_trace(triages=(row,))
    )
    audited = row.model_copy(update={"is_audited": True, "audit_verdict": "discard"})
    assert "  worked on all the same, as a sample: discard" in word_trace(make_trace(triages=(audited,)))
    nothing = row.model_copy(update={"is_audited": True})
    assert "no article in it" in word_trace(make_trace(triages=(nothing,)))


def test_a_verdict_that_changed_tells_when_and_to_what() -> None:
    change = ChangedJudgement(
        entry_id=7,
        old_verdict="discard",
        new_verdict="accept",
        old_score=0.2,
        new_score=0.61,
        old_version="abc/1",
        new_version="def/1",
        consequence="linked",
        changed_at=AT,
    )
    assert (
        "  2025-05-07 09:30: discard (0.20) became accept (0.61) when judged again; for events: linked"
        in word_trace(make_trace(judgements=(JUDGEMENT,), judgement_changes=(change,))).splitlines()
    )
