"""The stages on a real warehouse, where the flow is not needed to show what they do."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from coopwatch import gating, joining, stages
from coopwatch.settings import Settings
from coopwatch.work import Work
from coopwatch.workspace import Workspace
from expectations.checking import Findings
from schemas.records import Article, Dossier, Rejection
from tests.builders import NOW
from tests.fakes import FakeReceiver, FakeSite, Story, serve_receiver, serve_site
from tests.integration.stories import MATCH, PACT
from tests.integration.warehouse_samples import dump

pytestmark = pytest.mark.slow

OTHER = Story(
    "labs.html",
    "Peru and Morocco open joint laboratory for desert research",
    "LIMA -- Peru and Morocco opened a joint laboratory for desert research in Lima on June 2, 2025, the "
    "first that the two countries run together. Scientists from both will share its instruments.\n\n"
    "The laboratory will study how sand moves and how water can be kept in dry soils. Universities of "
    "both countries send ten researchers each, and an agreement on the exchange of data was signed.\n\n"
    "Its director said that international cooperation in science had rarely been so easy to agree on. A "
    "second joint laboratory is planned in Morocco.",
    PACT.published_at,
)


class LaterWorkspace(Workspace):
    """A workspace in which time can be made to pass."""

    later = timedelta()

    def now(self) -> datetime:
        return NOW + self.later


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with serve_site(FakeSite()) as served:
        served.publish("voltapost.example", PACT, MATCH, OTHER)
        yield served


@pytest.fixture
def run(site: FakeSite, warehouse_url: str, tmp_path: Path) -> Iterator[LaterWorkspace]:
    registry = tmp_path / "sources.yaml"
    registry.write_text(site.sources_yaml(), encoding="utf-8")
    settings = Settings(
        sources=registry,
        warehouse_url=warehouse_url,
        captures=str(tmp_path / "captures"),
        allow_private_hosts=frozenset({"127.0.0.1"}),
        extract_workers=1,
    )
    with LaterWorkspace(settings, "run-1") as opened:
        opened.warehouse.start_run("run-1", opened.now())
        yield opened


def accept_all(*_: object) -> Findings:
    return Findings()


def poll(run: Workspace) -> int:
    return stages.fill_inbox(run, stages.poll_sources(run, stages.find_due_sources(run)))


def work_to_the_check(run: Workspace) -> Work:
    return joining.link_articles(run, stages.read_pages(run, stages.take_entries(run)))


def test_a_page_that_is_gone_ends_alone_while_the_others_are_read(
    run: LaterWorkspace, site: FakeSite
) -> None:
    poll(run)
    site.stories["voltapost.example"].remove(OTHER)
    work = stages.read_pages(run, stages.take_entries(run))
    gone, out_of_scope = sorted(work.results, key=lambda result: result.outcome)
    assert (gone.stage, gone.outcome) == ("fetch", "failed")
    assert (out_of_scope.stage in {"triage", "judge"}, out_of_scope.outcome) == (
        True,
        "irrelevant",
    )  # audited
    (article,) = work.articles
    assert [judgement.entry_id for judgement in work.judgements] == [article.entry_id]
    assert len(list(run.warehouse.read_captures(purpose="page"))) == 2


def test_what_is_quarantined_leaves_no_trace_in_an_event(run: LaterWorkspace) -> None:
    assert poll(run) == 3

    def refuse_the_laboratory(
        articles: Sequence[Article], dossiers: Sequence[Dossier], now: datetime
    ) -> Findings:
        assert len(articles) == len(dossiers) == 2
        refused = tuple(
            Rejection(
                entry_id=article.entry_id,
                stage="check",
                rule="article.sample(title)",
                rule_version="1",
                reason="title is too dry",
                record=article.model_dump(mode="json"),
            )
            for article in articles
            if "laboratory for desert" in article.title
        )
        return Findings(rejections=refused)

    work = gating.check_records(run, work_to_the_check(run), refuse_the_laboratory)
    alerts = stages.load_batch(run, work)
    assert [alert.event_id for alert in alerts] == [d.event.event_id for d in run.warehouse.read_events()]
    assert len(alerts) == 1
    counts = run.warehouse.count_entries()
    assert (counts["loaded"], counts["quarantined"], counts["irrelevant"]) == (1, 1, 1)
    trace = run.warehouse.read_trace(f"{run.sources['voltapost.example'].url[:-8]}{OTHER.path}")
    assert trace
    assert trace.article is None
    assert trace.entries[0].reason == "article.sample(title): title is too dry"
    assert [rejection.rule for rejection in trace.rejections] == ["article.sample(title)"]


def test_a_receiver_that_comes_back_gets_everything_once(
    run: LaterWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_receiver(FakeReceiver(is_down=True)) as hook:
        monkeypatch.setenv("COOPWATCH_ALERT_URLS", hook.url)
        poll(run)
        stages.load_batch(run, gating.check_records(run, work_to_the_check(run), accept_all))
        assert stages.send_alerts(run).sent == 2  # the console takes both
        assert run.warehouse.count_alerts()["pending"] == 2
        for minutes in (1, 10, 60, 24 * 60):
            run.later = timedelta(minutes=minutes)
            assert stages.send_alerts(run).sent == 0
        hook.is_down = False
        run.later = timedelta(days=2)
        assert stages.send_alerts(run).sent == 2
        run.later = timedelta(days=3)
        assert stages.send_alerts(run).sent == 0
    titles = [post["title"] for post in hook.received]
    assert len(titles) == len(set(titles)) == 2
    assert run.warehouse.count_alerts()["pending"] == 0


def test_a_run_that_was_killed_loses_nothing(run: LaterWorkspace, site: FakeSite) -> None:
    poll(run)
    work = work_to_the_check(run)  # and here its process is killed: nothing was written
    assert len(work.articles) == 2

    with LaterWorkspace(run.settings, "run-2") as next_run:
        next_run.warehouse.start_run("run-2", next_run.now())
        assert not stages.take_entries(next_run)  # still leased
        next_run.later = stages.LEASE + timedelta(seconds=1)
        stages.load_batch(next_run, gating.check_records(next_run, work_to_the_check(next_run), accept_all))
        counts = next_run.warehouse.count_entries()
    assert (counts["loaded"], counts["irrelevant"], counts["pending"]) == (2, 1, 0)


def test_entries_stay_with_a_run_whose_hosts_are_slow(run: LaterWorkspace) -> None:
    poll(run)
    taken = len(stages.take_entries(run).entries)

    def wait_for_pages() -> Iterator[str]:
        for minutes in (0.5, 1.5, 4, 6, 8):
            run.later = timedelta(minutes=minutes)
            yield "a page"

    assert list(stages._keep_lease(run, wait_for_pages())) == ["a page"] * 5
    with LaterWorkspace(run.settings, "run-2") as other:
        other.warehouse.start_run("run-2", other.now())
        other.later = timedelta(minutes=8) + stages.LEASE - timedelta(seconds=1)
        assert not stages.take_entries(other)
        other.later += timedelta(seconds=2)
        assert len(stages.take_entries(other).entries) == taken
    run.later = timedelta(minutes=20)
    run.warehouse.renew(run.run_id, run.now() + stages.LEASE)  # it has lost them, and takes none back
    with LaterWorkspace(run.settings, "run-3") as third:
        third.later = timedelta(minutes=14) + stages.LEASE
        assert len(stages.take_entries(third).entries) == taken


def test_an_address_known_from_another_source_is_not_fetched_again(
    run: LaterWorkspace, site: FakeSite, tmp_path: Path
) -> None:
    poll(run)
    stages.load_batch(run, gating.check_records(run, work_to_the_check(run), accept_all))
    fetched = len(site.requests)

    mirror = tmp_path / "mirror.yaml"
    mirror.write_text(site.sources_yaml().replace('"id": "voltapost', '"id": "mirror'), encoding="utf-8")
    settings = run.settings.override(sources=mirror)
    with LaterWorkspace(settings, "run-2") as next_run:
        next_run.warehouse.start_run("run-2", next_run.now())
        assert poll(next_run) == 3
        work = stages.take_entries(next_run)
        assert sorted(result.outcome for result in work.results) == ["irrelevant", "loaded", "loaded"]
    assert len(site.requests) == fetched + 1  # the feed alone


def test_the_audit_of_triage_is_stored_with_what_the_full_decision_was(
    run: LaterWorkspace, warehouse_url: str
) -> None:
    run.settings = run.settings.override(triage_audit_share=1.0)
    poll(run)
    stages.load_batch(run, gating.check_records(run, work_to_the_check(run), accept_all))

    assert len(dump(warehouse_url, ["triage"])["triage"]) == 1
    trace = run.warehouse.read_trace(f"{run.sources['voltapost.example'].url[:-8]}{MATCH.path}")
    assert trace
    assert [(triage.is_audited, triage.audit_verdict) for triage in trace.triages] == [(True, "discard")]
    assert trace.judgements[0].verdict == "discard"
    assert (trace.entries[0].outcome, trace.entries[0].stage) == ("irrelevant", "judge")


def test_what_triage_discards_is_stored_and_not_extracted(run: LaterWorkspace) -> None:
    run.settings = run.settings.override(triage_audit_share=0.0)
    poll(run)
    stages.load_batch(run, gating.check_records(run, work_to_the_check(run), accept_all))

    trace = run.warehouse.read_trace(f"{run.sources['voltapost.example'].url[:-8]}{MATCH.path}")
    assert trace
    assert [(triage.is_audited, triage.audit_verdict) for triage in trace.triages] == [(False, None)]
    assert trace.judgements == ()
    assert (trace.entries[0].outcome, trace.entries[0].stage) == ("irrelevant", "triage")
    counts = run.warehouse.count_entries()
    assert (counts["loaded"], counts["irrelevant"], sum(counts.values())) == (2, 1, 3)
