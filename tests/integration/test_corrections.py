"""Articles that their publisher corrects: a new version, new claims, and the old ones to be seen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coopwatch import gating, joining, stages
from coopwatch.settings import Settings
from coopwatch.workspace import Workspace
from expectations.checking import Findings
from tests.fakes import FakeSite, Story, serve_site
from tests.integration.stories import MATCH
from tests.integration.warehouse_samples import dump

pytestmark = pytest.mark.slow

OUTLET = "voltapost.example"
FIRST = Story(
    "forum.html",
    "Ghana and Sweden hold forum on science and technology cooperation",
    "ACCRA -- Ghana and Sweden held a forum on science and technology cooperation in Accra on May 6, 2025. "
    "The forum was attended by 800 participants, scientists from both countries among them.\n\n"
    "Research ministers of the two countries agreed on joint research on soils, malaria and solar power, "
    "on an exchange of young scientists and on a joint laboratory at the University of Ghana.\n\n"
    "Funding for the first three years comes in equal parts from both sides. Scientists from both "
    "countries will choose the projects, and the results are to be open to everybody.",
    MATCH.published_at,
)
CORRECTED = replace(
    FIRST,
    title="Correction: Ghana and Sweden hold forum on science and technology cooperation",
    body=FIRST.body.replace("800 participants", "300 participants"),
)
RETITLED = replace(FIRST, title="Accra hosts forum on science and technology cooperation with Sweden")


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with serve_site(FakeSite()) as served:
        served.publish(OUTLET, FIRST, MATCH)
        yield served


@pytest.fixture
def run(site: FakeSite, warehouse_url: str, tmp_path: Path) -> Iterator[Workspace]:
    registry = tmp_path / "sources.yaml"
    registry.write_text(site.sources_yaml(), encoding="utf-8")
    settings = Settings(
        sources=registry,
        warehouse_url=warehouse_url,
        captures=str(tmp_path / "captures"),
        allow_private_hosts=frozenset({"127.0.0.1"}),
        extract_workers=1,
    )
    with Workspace(settings, "run-1") as opened:
        opened.warehouse.start_run("run-1", opened.now())
        yield opened


def accept_all(*_: object) -> Findings:
    return Findings()


def monitor(run: Workspace) -> tuple[int, int]:
    """Run once; return how many entries were new, and how many alerts were made."""
    new = stages.fill_inbox(run, stages.poll_sources(run, stages.find_due_sources(run, force=True)))
    alerts = 0
    while work := stages.take_entries(run):
        work = stages.read_pages(run, work)
        with run.warehouse.linking():
            work = gating.check_records(run, joining.link_articles(run, work), accept_all)
            alerts += len(stages.load_batch(run, work))
    return new, alerts


def test_a_corrected_figure_replaces_the_old_one_which_stays_visible(
    run: Workspace, site: FakeSite, warehouse_url: str
) -> None:
    assert monitor(run) == (2, 1)
    [before] = run.warehouse.read_events()
    assert [claim.value for claim in before.claims if claim.field == "attendance"] == ["800"]

    site.stories[OUTLET][0] = CORRECTED
    assert monitor(run) == (1, 1)

    [event] = run.warehouse.read_events()
    assert event.event.event_id == before.event.event_id
    assert (event.event.articles, event.event.independent_sources) == (1, 1)
    assert event.event.revision > before.event.revision
    figures = [(c.value, c.status, c.article_version) for c in event.claims if c.field == "attendance"]
    assert figures == [("300", "only", 2)]
    rows = dump(warehouse_url, ["withdrawn_claim", "article_version", "withdrawn_coverage"])
    assert any("800 participants" in str(row) for row in rows["withdrawn_claim"])
    assert [
        ("800 participants" in str(row), "300 participants" in str(row)) for row in rows["article_version"]
    ] == [(True, False)]
    assert rows["withdrawn_coverage"] == []  # it is still on its event
    counts = run.warehouse.count_entries()
    assert (counts["loaded"], counts["irrelevant"], sum(counts.values())) == (2, 1, 3)

    assert monitor(run) == (0, 0)


def test_a_correction_that_is_out_of_scope_leaves_the_event(run: Workspace, site: FakeSite) -> None:
    assert monitor(run) == (2, 1)

    site.stories[OUTLET][0] = replace(FIRST, title="Withdrawn: forum in Accra", body=MATCH.body)
    assert monitor(run) == (1, 1)

    assert run.warehouse.read_events() == ()
    trace = run.warehouse.read_trace(f"{site.url}/{OUTLET}/{FIRST.path}")
    assert trace
    assert trace.coverage == ()


def test_another_headline_over_the_same_text_is_a_version_without_news(
    run: Workspace, site: FakeSite
) -> None:
    monitor(run)
    [before] = run.warehouse.read_events()

    site.stories[OUTLET][0] = RETITLED
    assert monitor(run) == (1, 0)

    [event] = run.warehouse.read_events()
    assert event.event.event_id == before.event.event_id
    assert {c.value for c in event.claims} == {c.value for c in before.claims}


def test_a_ticker_is_not_read_at_every_new_headline(run: Workspace, site: FakeSite) -> None:
    monitor(run)
    new = []
    for number in range(5):
        site.stories[OUTLET][0] = replace(FIRST, title=f"{FIRST.title} ({number})")
        new.append(monitor(run)[0])
    assert new == [1, 1, 1, 0, 0]


def test_what_was_out_of_scope_is_not_read_again(run: Workspace, site: FakeSite) -> None:
    monitor(run)
    site.stories[OUTLET][1] = replace(MATCH, title="Late, late goal decides the derby")
    assert monitor(run) == (0, 0)
