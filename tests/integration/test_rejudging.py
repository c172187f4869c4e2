"""Judging again on a real warehouse: what comes into scope is linked, what goes out of it is withdrawn."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coopwatch import gating, joining, rejudging, stages
from coopwatch.reprocessed import Reprocessed, word_changes, word_reprocessed
from coopwatch.settings import Settings
from coopwatch.workspace import Workspace
from expectations.checking import Findings
from tests.fakes import FakeSite, serve_site
from tests.integration.stories import MATCH, PACT
from tests.integration.warehouse_samples import dump

pytestmark = pytest.mark.slow

# what is in scope of it is out of the other's, and the other way round
SPORT = """
id: sport
score: {alert: 0.5, accept: 0.4, review: 0.3}
facet: {alert: 0.3, accept: 0.3, review: 0.2}
patterns:
  en:
    science: [{phrase: goal|corner|defence, weight: 3}, {phrase: game|match|derby, weight: 3}]
    cooperation: [{phrase: win|won|captain|coach|players, weight: 3}, {phrase: home side, weight: 3}]
    international: [{phrase: visitors|hosts, weight: 3}, {phrase: the table, weight: 3}]
"""


@pytest.fixture(scope="module")
def loaded(lasting_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a warehouse into which one monitor run loaded two stories; their site is gone."""
    folder = tmp_path_factory.mktemp("loaded")
    registry = folder / "sources.yaml"
    with serve_site(FakeSite()) as site:
        site.publish("voltapost.example", PACT, MATCH)
        registry.write_text(site.sources_yaml(), encoding="utf-8")
        settings = Settings(
            sources=registry,
            warehouse_url=lasting_url,
            captures=str(folder / "captures"),
            allow_private_hosts=frozenset({"127.0.0.1"}),
            extract_workers=1,
        )
        with Workspace(settings, "run-1") as run:
            run.warehouse.start_run("run-1", run.now())
            stages.fill_inbox(run, stages.poll_sources(run, stages.find_due_sources(run)))
            work = joining.link_articles(run, stages.read_pages(run, stages.take_entries(run)))
            stages.load_batch(run, gating.check_records(run, work, accept_all))
    return settings


@pytest.fixture
def settings(loaded: Settings, copy_warehouse: Callable[[str], str]) -> Settings:
    """The same of a copy of the warehouse; what was captured is only read."""
    return loaded.override(warehouse_url=copy_warehouse(loaded.warehouse_url))


@pytest.fixture
def sport(settings: Settings, tmp_path: Path) -> Settings:
    """The same warehouse with another topic."""
    topic = tmp_path / "sport.yaml"
    topic.write_text(SPORT, encoding="utf-8")
    return settings.override(topic=topic)


def accept_all(*_: object) -> Findings:
    return Findings()


def judge_again(settings: Settings, run_id: str, *, dry_run: bool = False) -> Reprocessed:
    report = Reprocessed(is_dry_run=dry_run)
    with Workspace(settings, run_id) as run:
        run.warehouse.start_run(run_id, run.now())
        after = 0
        while again := rejudging.take_stale(run, after):
            after = again.stale[-1].entry_id
            again = rejudging.judge_again(run, rejudging.read_again(run, again))
            if not dry_run:
                with run.warehouse.linking():
                    rejudging.write_again(run, again, accept_all)
            report = report.add(again)
    return report


@pytest.fixture
def run(settings: Settings) -> Iterator[Workspace]:
    with Workspace(settings, "reader") as opened:
        yield opened


def test_nothing_is_stale_under_the_rules_that_judged(settings: Settings) -> None:
    report = judge_again(settings, "run-2")
    assert (report.judged, report.discarded, report.unreadable, report.changed) == (0, 0, 0, ())


def test_the_topic_changes_and_changes_back(settings: Settings, sport: Settings, run: Workspace) -> None:
    [pact] = run.warehouse.read_events()
    before = dump(settings.warehouse_url, ["alert", "membership", "fingerprint", "text_group"])

    report = judge_again(sport, "run-2")

    assert sorted(change.consequence for change in report.changed) == ["linked", "withdrawn"]
    assert "1 into scope, 1 out of it" in word_reprocessed(report)
    assert PACT.title in word_changes(report).splitlines()[0]
    [match] = run.warehouse.read_events()
    assert match.event.name == MATCH.title
    assert (match.event.articles, match.event.independent_sources) == (1, 1)
    gone = run.warehouse.read_dossier(pact.event.event_id)
    assert gone
    assert (gone.coverage, gone.claims, gone.event.articles) == ((), (), 0)
    assert gone.event.revision == pact.event.revision + 1
    counts = run.warehouse.count_entries()
    assert (counts["loaded"], counts["irrelevant"], sum(counts.values())) == (1, 1, 2)
    assert dump(settings.warehouse_url, ["alert"])["alert"] == before["alert"]  # none is sent again
    ledgers = dump(settings.warehouse_url, ["withdrawn_coverage", "withdrawn_claim", "judgement_change"])
    assert [len(rows) for rows in ledgers.values()] == [1, len(pact.claims), 2]

    assert judge_again(sport, "run-3").judged == 0

    judge_again(settings, "run-4")

    [again] = run.warehouse.read_events()
    assert again.event.event_id == pact.event.event_id
    assert again.claims == pact.claims
    assert [row.article_id for row in again.coverage] == [row.article_id for row in pact.coverage]
    after = dump(settings.warehouse_url, list(before))
    assert after["alert"] == before["alert"]
    assert set(before["fingerprint"]) <= set(after["fingerprint"])


def test_a_dry_run_tells_and_writes_nothing(settings: Settings, sport: Settings) -> None:
    before = {name: rows for name, rows in dump(settings.warehouse_url).items() if name != "run"}
    report = judge_again(sport, "run-2", dry_run=True)
    assert len(report.changed) == 2
    assert "2 verdicts would change" in word_reprocessed(report)
    after = {name: rows for name, rows in dump(settings.warehouse_url).items() if name != "run"}
    assert after == before


def test_a_page_that_is_kept_no_longer_keeps_its_verdict(
    settings: Settings, sport: Settings, run: Workspace
) -> None:
    later = run.now().replace(year=run.now().year + 1)
    assert run.warehouse.expire_captures(later)

    report = judge_again(sport, "run-2")

    assert report.unreadable == 1
    assert [change.consequence for change in report.changed] == ["withdrawn"]  # its article was stored
    assert run.warehouse.read_events() == ()
    counts = run.warehouse.count_entries()
    assert (counts["loaded"], counts["irrelevant"]) == (0, 2)


def test_a_trace_tells_how_a_verdict_changed(sport: Settings, run: Workspace) -> None:
    [pact] = run.warehouse.read_events()
    judge_again(sport, "run-2")
    trace = run.warehouse.read_trace(pact.coverage[0].url)
    assert trace
    assert [change.consequence for change in trace.judgement_changes] == ["withdrawn"]
    assert trace.judgement_changes[0].old_verdict in ("alert", "accept")
    assert (trace.coverage, trace.claims) == ((), ())
